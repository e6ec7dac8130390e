"""Faults and two runs on DuckDB, where a snapshot is one transaction and the file has one process at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from derived_tables.harness.projects import Project

from .support import Dbt, day, forking, generation, model, project_of, rows_of_duckdb

pytestmark = pytest.mark.xdist_group("faults")

TODAY, TOMORROW = day(0), day(1)

# In the transaction, after the rows are written: waits until somebody opens the pipe.
_HOOK = (
    """, post_hook="{% if var('pipe', none) %}from read_csv('{{ var('pipe') }}', columns={'a': 'varchar'},"""
    """ header=false, auto_detect=false){% else %}select 1{% endif %}\""""
)
_FAILING = model().replace(
    "as amount", "+ cast(case when id = 3 then '{{ var('digits', 0) }}' else '0' end as int) as amount"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A project whose models can be stopped in the middle."""
    models = {"one": model(more=_HOOK), "failing": _FAILING}
    return project_of(tmp_path_factory.mktemp("duckdb") / "project", repository, models)


@pytest.fixture(scope="module")
def dbt(project: Project) -> Iterator[Dbt]:
    """dbt processes that write to the file."""
    with forking(project, "duckdb", {}) as started:
        yield started


@pytest.fixture
def pipe(tmp_path: Path) -> str:
    """A pipe at which a run waits."""
    os.mkfifo(tmp_path / "pipe")
    return str(tmp_path / "pipe")


def test_a_run_that_fails_after_it_has_deleted_changes_nothing(project: Project, dbt: Dbt) -> None:
    dbt.run("failing", 1, TODAY).passed()
    assert not dbt.run("failing", 2, TODAY, digits="none").success
    assert rows_of_duckdb(project, "failing") == generation(1, TODAY)
    dbt.run("failing", 2, TODAY).passed()
    assert rows_of_duckdb(project, "failing") == generation(2, TODAY)


def test_a_run_that_is_killed_before_it_commits_changes_nothing(project: Project, dbt: Dbt, pipe: str) -> None:
    dbt.run("one", 1, TODAY).passed()
    dbt.run("one", 2, TOMORROW).passed()
    process = dbt.start("one", 3, TODAY, pipe=pipe)
    with open(pipe, "w"):  # noqa: PTH123 # it opens when the run waits at the other end
        os.kill(process.pid, 9)
        assert process.wait().killed
    assert rows_of_duckdb(project, "one") == generation(1, TODAY) + generation(2, TOMORROW)
    dbt.run("one", 3, TODAY).passed()
    assert rows_of_duckdb(project, "one") == generation(3, TODAY) + generation(2, TOMORROW)


def test_a_second_process_is_told_that_it_cannot_open_the_file(project: Project, dbt: Dbt, pipe: str) -> None:
    dbt.run("one", 1, TODAY).passed()
    first = dbt.start("one", 4, TODAY, pipe=pipe)
    with open(pipe, "w"):  # noqa: PTH123
        refused = dbt.run("one", 5, TODAY)
    assert not refused.success
    assert "Could not set lock on file" in refused.output
    first.wait().passed()
    assert generation(4, TODAY) == [row for row in rows_of_duckdb(project, "one") if row[3] == TODAY.isoformat()]
