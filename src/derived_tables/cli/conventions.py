"""`derived-tables conventions`."""

from __future__ import annotations

import typer

app = typer.Typer(help="Conventions of the project: check them.", no_args_is_help=True)


@app.command()
def check() -> None:
    """Checks the project."""
