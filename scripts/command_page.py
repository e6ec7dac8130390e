"""The page of the command in docs/reference, from its own help."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from typing import Any
from unittest.mock import patch

from typer.main import get_command

from derived_tables.cli.documents import DOCUMENTS, HEAD, WITHOUT_PROJECT
from derived_tables.cli.main import app, main

_BEFORE = """\
<!-- Written by `make docs` from src/derived_tables/cli. -->

# The command `derived-tables`

`derived-tables <group> <verb>` operates a project from outside a run of dbt. Most verbs take dbt's selection syntax
(`--select`, `--exclude`) and dbt's options `--project-dir`, `--profiles-dir`, `--target` and `--vars`. What deletes,
rewrites or runs something shows its plan, and does it only with `--apply`.

The first line of a text tells where the command works: project, target and environment. `--format json` prints one
document and nothing else to stdout; its keys are listed below and stay as they are. Errors and progress go to stderr.

| exit code | |
| ---: | --- |
| 0 | done |
| 1 | found something, or failed on the way |
| 2 | refused, or wrong usage: nothing was done |
| 130 | stopped by Ctrl-C; 143 by SIGTERM. Queries that were running are cancelled. |

`DERIVED_TABLES_DEBUG=1` prints the traceback of an unexpected error.
"""


def command_page() -> str:
    """The page, in Markdown."""
    parts = [_BEFORE]
    for group in _commands(get_command(app)):
        parts += [f"## {group.name}\n", *([f"{group.help}\n"] if hasattr(group, "commands") else [])]
        for name, verb in _verbs(group):
            parts += _verb(name, verb)
    return "\n".join(parts).rstrip() + "\n"


def _commands(group: Any) -> Iterator[Any]:
    for name, command in group.commands.items():
        command.name = name
        yield command


def _verbs(group: Any) -> Iterator[tuple[str, Any]]:
    """The verbs of a group; a group without verbs is one itself."""
    if hasattr(group, "commands"):
        yield from ((f"{group.name} {verb.name}", verb) for verb in _commands(group))
    else:
        yield group.name, group


def _verb(name: str, verb: Any) -> list[str]:
    parts = [f"### derived-tables {name}\n", _help(verb.help), "| option | |\n| --- | --- |"]
    parts += [f"| `{_cell(option)}` | {_cell(text)} |" for option, text in _options(name)]
    keys = {**({} if name in WITHOUT_PROJECT else HEAD), **DOCUMENTS[name]}
    parts += ["", "| key in JSON | |\n| --- | --- |", *(f"| `{key}` | {_cell(text)} |" for key, text in keys.items())]
    return [*parts, ""]


def _options(name: str) -> Iterator[tuple[str, str]]:
    """The arguments and options of a verb, and what its help says of each."""
    with redirect_stdout(StringIO()) as printed, patch.dict(os.environ, COLUMNS="100"):
        main([*name.split(), "--help"])
    entries: list[str] = []
    for line in re.split(r"^(?:Arguments|Options):\n", printed.getvalue(), flags=re.MULTILINE)[1:]:
        for text in line.strip("\n").splitlines():
            if re.match(r" {2}\S", text):
                entries.append(text.strip())
            elif text.strip():
                entries[-1] += "  " + text.strip() if "  " not in entries[-1] else " " + text.strip()
    for entry in entries:
        option, _, explanation = entry.partition("  ")
        if "--help" not in option:
            yield option, explanation


def _help(text: str) -> str:
    """Paragraphs of a help text; what is indented is an example."""
    paragraphs = []
    for paragraph in textwrap.dedent(text).strip().split("\n\n"):
        example = re.fullmatch(r" *(derived-tables .*)", paragraph)
        paragraphs.append(f"```console\n$ {example[1]}\n```" if example else paragraph)
    return "\n\n".join(paragraphs) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
