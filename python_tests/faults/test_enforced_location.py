"""A work group that dictates where CREATE TABLE AS writes: snapshots lie outside of their table's folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .commands import DICTATED, dictate
from .support import BUCKET, Dbt, Lake, Row, day, forking, generation, model, project_of

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.long]

TODAY, TOMORROW = day(0), day(1)
GROUP = "dictates"


@pytest.fixture(scope="module")
def dbt(lake: Lake, tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[Dbt]:
    """dbt processes in such a work group."""
    dictate(lake, GROUP)
    models = {"one": model(), "two": model(leaves=True)}
    project = project_of(tmp_path_factory.mktemp("dictated") / "project", repository, models, work_group=GROUP)
    with forking(project, "athena", lake.athena.environment()) as started:
        started.variables["snapshot_grace_minutes"] = 0
        yield started


@pytest.fixture(autouse=True)
def _no_data(lake: Lake) -> None:
    """Each test begins without data."""
    objects = lake.athena.stores.objects
    objects.delete(BUCKET, [each.key for each in objects.under(BUCKET, DICTATED)])


def _unused(lake: Lake, name: str) -> list[str]:
    """Data that no partition of the table points to; beside it lie results of statements."""
    keys = [each.key for each in lake.athena.stores.objects.under(BUCKET, DICTATED)]
    files = [f"s3://{BUCKET}/{key}" for key in keys if "/" in key.removeprefix(DICTATED)]
    return [file for file in files if not file.startswith(tuple(lake.partitions(name).values()))]


def _rows(*generations: tuple[int, int], leaves: bool) -> list[Row]:
    return [row for number, today in generations for row in generation(number, day(today), leaves=leaves)]


@pytest.mark.parametrize("name", ["one", "two"])
def test_what_is_replaced_is_deleted(name: str, lake: Lake, dbt: Dbt) -> None:
    for number, today in ((1, TODAY), (2, TOMORROW), (3, TODAY)):
        dbt.run(name, number, today).passed()
    assert lake.rows(name) == _rows((3, 0), (2, 1), leaves=name == "two")
    assert all(f"/{DICTATED}" in folder for folder in lake.partitions(name).values())
    assert _unused(lake, name) == []


@pytest.mark.parametrize("name", ["one", "two"])
@pytest.mark.parametrize(
    ("fault", "is_published"),
    [
        pytest.param("after:kill({pid}):engine.Run", False, id="once its rows were written"),
        pytest.param("after:kill({pid}):glue.DeleteTable", True, id="once it had published them"),
    ],
)
def test_what_an_interrupted_run_wrote_is_deleted(
    fault: str, is_published: bool, name: str, lake: Lake, dbt: Dbt
) -> None:
    dbt.run(name, 1, TODAY).passed()
    process = dbt.process()
    rule = f"{fault.format(pid=process.pid)}@*.{name}__dbt_snapshot_2024_01_02_*#1"
    with lake.athena.faults.during(rule):
        assert process.go(name, 2, TOMORROW, dbt.variables).wait().killed
    lake.wait_until_idle(GROUP)
    assert bool(_unused(lake, name)) != is_published

    dbt.run(name, 3, TOMORROW).passed()
    assert lake.rows(name) == _rows((1, 0), (3, 1), leaves=name == "two")
    dbt.run(name, 4, TODAY).passed()
    assert lake.rows(name) == _rows((4, 0), (3, 1), leaves=name == "two")
    assert lake.tables() == [name]
    assert _unused(lake, name) == []
