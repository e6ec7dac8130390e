"""Runs the command `derived-tables` on a project: in this process, which is quick, or in one of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from derived_tables.cli.main import main
from derived_tables.harness.dbt_run import QUIET, environment
from derived_tables.harness.projects import Project

SCRIPT = str(Path(sys.executable).with_name("derived-tables"))


@dataclass(frozen=True)
class Ran:
    """What a command did.

    Attributes:
        code: its exit code.
        out: what it printed to stdout.
        err: what it printed to stderr.
    """

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines on stdout after the first one, without how long something took."""
        return [re.sub(r"in \d+\.\d s", "in N s", line) for line in self.out.splitlines()[1:]]

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


def arguments(project: Project, *args: str) -> list[str]:
    """The command line, with where the project is."""
    return [*args, "--project-dir", str(project.path), "--profiles-dir", str(project.path)]


def run(project: Project, *args: str, env: Mapping[str, str | None] | None = None) -> Ran:
    """Runs the command in this process."""
    with environment({**QUIET, **(env or {})}), redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        code = main(arguments(project, *args))
    return Ran(code, out.getvalue(), err.getvalue())


@contextmanager
def started(project: Project, *args: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, whatever the test does with it; killed when the block ends."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    env = {**os.environ, **QUIET, **options.pop("env", {})}
    process = subprocess.Popen([SCRIPT, *arguments(project, *args)], text=True, env=env, **options)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def run_apart(project: Project, *args: str, **options: Any) -> Ran:
    """Runs the command in a process of its own."""
    with started(project, *args, **options) as process:
        out, err = process.communicate(timeout=120)
        return Ran(process.returncode, out, err)


def keys_of(value: Any, path: str = "") -> set[str]:
    """The keys of a document by their paths; `[]` stands for each element of a list."""
    if isinstance(value, dict):
        return {found for key, each in value.items() for found in keys_of(each, f"{path}.{key}" if path else key)}
    if isinstance(value, list):
        return {found for each in value for found in keys_of(each, f"{path}[]")}
    return {path}
