"""Two runs of one model at once: their rows are never mixed; one of them wins, and the other one says why it stops."""

from __future__ import annotations

import pytest

from .gates import gate
from .support import DATABASE, Dbt, Lake, day, generation

pytestmark = pytest.mark.xdist_group("faults")

TODAY, TOMORROW = day(0), day(1)
MARK = "{name}__dbt_snapshot_2024_01_01"
LOST = "another run writes the same snapshot of"
LONG = pytest.mark.long
ROWS = r"create table \S+__dbt_snapshot_"


def _assert_tidy_after_the_next_run(lake: Lake, dbt: Dbt, name: str) -> None:
    """Two runs at once leave nothing that the next run does not clean up."""
    dbt.run(name, 9, TOMORROW, snapshot_grace_minutes=0).passed()
    assert lake.tables() == [name]
    assert lake.stray(name) == []
    assert [row for row in lake.rows(name) if row[3] == TOMORROW.isoformat()] == generation(
        9, TOMORROW, leaves=name == "two"
    )


@pytest.mark.parametrize(
    ("name", "calls", "statement", "which"),
    [
        pytest.param("one", "engine.Run", ROWS, 1, id="before the rows are written", marks=LONG),
        pytest.param("one", "engine.Run", r"\$partitions", 1, id="after the rows are written", marks=LONG),
        pytest.param("two", "engine.Run", ROWS, 1, id="leaves, before the rows are written", marks=LONG),
        pytest.param("two", "glue.GetTable", "", 3, id="leaves, one is added", marks=LONG),
        pytest.param("two", "glue.GetTable", "", 4, id="leaves, one is added, one is switched"),
    ],
)
def test_the_later_run_takes_over(name: str, calls: str, statement: str, which: int, lake: Lake, dbt: Dbt) -> None:
    dbt.run(name, 1, TODAY).passed()
    mark = f"{DATABASE}.{MARK.format(name=name)}" if calls == "glue.GetTable" else None
    with gate(lake.athena, calls, mark, statement=statement, which=which) as held:
        first = dbt.start(name, 2, TODAY)
        held.wait()
        dbt.run(name, 3, TODAY).passed()
    stopped = first.wait()
    assert not stopped.success
    assert LOST in stopped.output
    assert lake.rows(name) == generation(3, TODAY, leaves=name == "two")
    _assert_tidy_after_the_next_run(lake, dbt, name)


def test_of_two_runs_that_begin_at_once_one_stops(lake: Lake, dbt: Dbt) -> None:
    dbt.run("one", 1, TODAY).passed()
    with (
        gate(lake.athena, "engine.Run", statement="create external table .*__dbt_snapshot_") as before_mark,
        gate(lake.athena, "engine.Run", statement=ROWS) as before_rows,
    ):
        slow = dbt.start("one", 2, TODAY)
        before_mark.wait()
        quick = dbt.start("one", 3, TODAY)
        before_rows.wait()
        before_mark.opened.set()
        slow.wait().passed()
        before_rows.opened.set()
        stopped = quick.wait()
    assert not stopped.success
    assert LOST in stopped.output
    assert lake.rows("one") == generation(2, TODAY)
    _assert_tidy_after_the_next_run(lake, dbt, "one")


@pytest.mark.long
def test_a_statement_that_athena_holds_back_still_counts_but_mixes_and_loses_nothing(lake: Lake, dbt: Dbt) -> None:
    dbt.run("one", 1, TODAY).passed()
    with gate(lake.athena, "engine.Run", statement="set location .*/snapshot_date=") as held:
        first = dbt.start("one", 2, TODAY)
        held.wait()
        dbt.run("one", 3, TODAY, snapshot_grace_minutes=60).passed()
        later = lake.partitions("one")[TODAY.isoformat(),]
    assert not first.wait().success
    assert lake.rows("one") == generation(2, TODAY)

    dbt.run("one", 9, TOMORROW, snapshot_grace_minutes=0).passed()
    assert lake.rows("one") == generation(2, TODAY) + generation(9, TOMORROW)
    assert lake.tables() == ["one"]
    assert [file for file in lake.stray("one") if not file.startswith(later)] == []


@pytest.mark.long
@pytest.mark.parametrize("name", ["one", "two", "ice"])
def test_of_two_runs_that_make_the_table_one_stops(name: str, lake: Lake, dbt: Dbt) -> None:
    with gate(lake.athena, "engine.Run", statement=rf'create table \S+"{name}"') as held:
        first = dbt.start(name, 2, TODAY)
        held.wait()
        dbt.run(name, 3, TODAY).passed()
    stopped = first.wait()
    assert not stopped.success
    assert "already exists" in stopped.output
    assert lake.rows(name) == generation(3, TODAY, leaves=name == "two")


@pytest.mark.long
@pytest.mark.parametrize("name", ["one", "ice"])
def test_two_days_can_be_written_at_once(name: str, lake: Lake, dbt: Dbt) -> None:
    dbt.run(name, 1, TODAY).passed()
    with gate(lake.athena, "engine.Run", statement="merge into" if name == "ice" else ROWS) as held:
        first = dbt.start(name, 2, TODAY)
        held.wait()
        dbt.run(name, 3, TOMORROW).passed()
    first.wait().passed()
    assert lake.rows(name) == generation(2, TODAY) + generation(3, TOMORROW)


@pytest.mark.parametrize("is_new", [pytest.param(False, marks=LONG), True])
def test_two_commits_to_iceberg_at_once_are_never_mixed(is_new: bool, lake: Lake, dbt: Dbt) -> None:
    dbt.run("ice", 1, TOMORROW if is_new else TODAY).passed()
    with (
        gate(lake.athena, "engine.Run", statement="merge into") as one,
        gate(lake.athena, "engine.Run", statement="merge into") as other,
    ):
        first = dbt.start("ice", 2, TODAY)
        one.wait()
        second = dbt.start("ice", 3, TODAY)
        other.wait()
        one.opened.set()
        other.opened.set()
        ended = {2: first.wait(), 3: second.wait()}
    held = [number for number in ended if lake.rows("ice", TODAY) == generation(number, TODAY)]
    assert len(held) == 1
    assert ended[held[0]].success
    for outcome in ended.values():
        assert outcome.success or "ICEBERG_COMMIT_ERROR" in outcome.output
