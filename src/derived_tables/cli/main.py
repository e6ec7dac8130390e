"""Runs the command `derived-tables`."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

from derived_tables import __version__
from derived_tables.cli.conventions import app as conventions
from derived_tables.cli.snapshots import app as snapshots
from derived_tables.errors import FailedError, RefusedError

#: Exit codes.
DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    name="derived-tables",
    help="Operates the derived tables of a dbt project.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(snapshots, name="snapshots")
app.add_typer(conventions, name="conventions")


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        print(f"derived-tables {__version__}")  # noqa: T201
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    given = spread(sys.argv[1:] if arguments is None else arguments)
    verb = " ".join(["derived-tables", *itertools.takewhile(lambda word: not word.startswith("-"), given[:2])])
    try:
        code = get_command(app).main(given, prog_name="derived-tables", standalone_mode=False)
    except RefusedError as error:
        return _ended(f"{verb}: {error}", REFUSED)
    except FailedError as error:
        return _ended(f"{verb}: {error}", FAILED)
    except (typer.Abort, KeyboardInterrupt):
        return _ended("Stopped. To go on, repeat the command.", INTERRUPTED)
    except BrokenPipeError:  # e.g. `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        # Typer has a Click of its own, whose errors it does not publish: an option that does not exist, and the like.
        if not hasattr(error, "format_message"):
            raise
        context = getattr(error, "ctx", None)
        where = context.command_path if context else "derived-tables"
        return _ended(f"{where}: {error.format_message()}\nTo see what there is: {where} --help", REFUSED)
    return code if isinstance(code, int) else DONE


def spread(arguments: Sequence[str]) -> list[str]:
    """Lets `--select a b` mean `--select a --select b`, as dbt does."""
    found: list[str] = []
    option = None
    for argument in arguments:
        if argument.startswith("-"):
            option = argument if argument in ("--select", "-s", "--exclude") else None
            is_first = True
        elif option is not None and not is_first:
            found.append(option)
        else:
            is_first = False
        found.append(argument)
    return found


def _ended(message: str, code: int) -> int:
    print(message, file=sys.stderr)  # noqa: T201
    return code


def run() -> None:
    """The script `derived-tables`."""
    raise SystemExit(main())
