"""The options that verbs share."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer


class Format(str, Enum):
    """How a verb prints what it found or did."""

    text = "text"
    json = "json"


ProjectDir = Annotated[
    Path | None,
    typer.Option(
        "--project-dir",
        metavar="DIR",
        help="Folder of dbt_project.yml; by default this one or the closest above.",
    ),
]
ProfilesDir = Annotated[
    Path | None,
    typer.Option(
        "--profiles-dir",
        metavar="DIR",
        help="Folder of profiles.yml; by default this one, the project's or ~/.dbt.",
    ),
]
Target = Annotated[
    str | None,
    typer.Option(
        "--target",
        "-t",
        metavar="NAME",
        help="Target in profiles.yml; by default the one named there.",
    ),
]
Variables = Annotated[
    str,
    typer.Option(
        "--vars",
        metavar="YAML",
        help="Variables, e.g. 'environment: dev'.",
        show_default=False,
    ),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        "-s",
        metavar="MODELS",
        help="Models, in dbt's selection syntax; by default all.",
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="MODELS",
        help="Models to leave out, in the same syntax.",
    ),
]
RequiredSelect = Annotated[
    list[str],
    typer.Option("--select", "-s", metavar="MODELS", help="Models, in dbt's selection syntax."),
]
TargetPath = Annotated[
    Path | None,
    typer.Option("--target-path", metavar="DIR", help="Folder of run_results.json; by default dbt's."),
]
LogPath = Annotated[
    Path | None,
    typer.Option("--log-path", metavar="DIR", help="Folder of dbt.log; by default dbt's."),
]
OutputFormat = Annotated[Format, typer.Option("--format", help="Text for people, or one JSON document for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print results only: no first line, no progress.")]
Apply = Annotated[bool, typer.Option("--apply", help="Carry the plan out. Without it, nothing is changed.")]
