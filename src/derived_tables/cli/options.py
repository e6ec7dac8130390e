"""The options that verbs share."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

_DBT = "dbt"


class Format(str, Enum):
    """How a verb prints what it found or did."""

    text = "text"
    json = "json"


ProjectDir = Annotated[
    Path | None,
    typer.Option("--project-dir", metavar="DIR", help="Folder of dbt_project.yml.", rich_help_panel=_DBT),
]
ProfilesDir = Annotated[
    Path | None,
    typer.Option("--profiles-dir", metavar="DIR", help="Folder of profiles.yml.", rich_help_panel=_DBT),
]
Target = Annotated[
    str | None,
    typer.Option("--target", "-t", metavar="NAME", help="Target of profiles.yml.", rich_help_panel=_DBT),
]
Variables = Annotated[
    str,
    typer.Option("--vars", metavar="YAML", help="Variables, as for dbt.", rich_help_panel=_DBT),
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", "-s", metavar="MODELS", help="Models, in dbt's selection syntax.", rich_help_panel=_DBT),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="MODELS", help="Models to leave out, likewise.", rich_help_panel=_DBT),
]
OutputFormat = Annotated[Format, typer.Option("--format", help="For people, or for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print results only.")]
Apply = Annotated[bool, typer.Option("--apply", help="Carry the plan out; without it, nothing is changed.")]
