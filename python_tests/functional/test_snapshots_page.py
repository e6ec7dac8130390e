"""docs/snapshots.md: its files are a project, its commands run in their order and print what the page shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from derived_tables.operations import cli

from derived_tables.harness.projects import Project, athena_target, create_project, duckdb_target
from local_athena import LocalAthena

pytestmark = pytest.mark.long

BUCKET = "snapshots-page"


@pytest.fixture
def page(repository: Path) -> str:
    """The page."""
    return (repository / "docs/snapshots.md").read_text(encoding="utf-8")


@pytest.fixture
def project(page: str, tmp_path: Path, repository: Path, local_athena: LocalAthena) -> Project:
    """The files of the page, on DuckDB and the local Athena."""
    files = dict(re.findall(r"^`(\S+)`:\n\n```\w+\n(.*?)```", page, flags=re.DOTALL | re.MULTILINE))
    assert len(files) == 6
    local_athena.create_bucket(BUCKET)
    targets = {
        "duckdb": duckdb_target(tmp_path / "shop.duckdb"),
        "athena": athena_target(bucket=BUCKET, poll_interval=0.01),
    }
    project = create_project(tmp_path, package=repository, name="shop", files=files, targets=targets)
    project.dbt("deps").passed()
    return project


def steps(page: str) -> list[tuple[list[str], list[str]]]:
    """The commands of the page, each with the lines that it shows."""
    found: list[tuple[list[str], list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", page, flags=re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((shlex.split(line.removeprefix("$ ")), []))
            elif line not in ("", "…"):
                found[-1][1].append(line)
    return found


def timeless(text: str) -> str:
    """A line without how long something took."""
    return re.sub(r"in \d+\.\d s", "in N s", text).strip()


@pytest.fixture
def run(project: Project, capsys: pytest.CaptureFixture[str]) -> Callable[[list[str]], str]:
    """Runs a command of the page and returns what it prints."""

    def call(command: list[str]) -> str:
        program, *arguments = command
        if program == "dbt":
            return project.dbt(*arguments).output
        assert program == "derived-tables"
        capsys.readouterr()
        assert cli.main([*arguments, "--project-dir", str(project.path), "--profiles-dir", str(project.path)]) == 0
        return capsys.readouterr().out

    return call


def test_the_page(page: str, project: Project, run: Callable[[list[str]], str], local_athena: LocalAthena) -> None:
    # The page takes it for granted that there is a table on Athena, with three small files more than a run writes.
    project.dbt("run", target="athena", variables={"snapshot_date": "2024-01-30"}).passed()
    for number in range(3):
        local_athena.query(f"insert into accounts_dev_dbt.daily select {number}, 0, date '2024-01-30'")
    commands = steps(page)
    assert len(commands) == 13
    for command, expected in commands:
        printed = [timeless(line) for line in run(command).splitlines()]
        failed = any("Completed with" in line for line in printed)
        assert failed == ("--full-refresh" in command), "\n".join(printed)
        position = 0
        for line in expected:
            assert timeless(line) in printed[position:], (command, line, printed)
            position = printed.index(timeless(line), position) + 1
