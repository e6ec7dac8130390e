"""Commands and runs of the model at once: neither loses what the other one wrote, and each tidies up after both."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from meanwhile import Meanwhile
from snapshot_commands import Commands

from derived_tables.errors import FailedError
from derived_tables.harness.projects import Project

from .commands import commands_of, unused
from .gates import gate
from .support import DATABASE, Dbt, Lake, day, generation

pytestmark = pytest.mark.xdist_group("faults")

TODAY, TOMORROW = day(0), day(1)
LOST = "another run writes the same snapshot of"
LONG = pytest.mark.long
ROWS = r"create table \S+__dbt_snapshot_"


@pytest.fixture
def commands(project: Project, lake: Lake) -> Iterator[Commands]:
    """The commands."""
    with commands_of(project, lake) as found:
        yield found


def write_both(lake: Lake, dbt: Dbt, name: str, *, more: bool = False) -> None:
    """Generation 1 of two days; with more, a second file for the first one."""
    for today in (TODAY, TOMORROW):
        dbt.run(name, 1, today).passed()
    if more:
        leaf = ", 'always'" if name == "two" else ""
        lake.athena.query(f"insert into {name} select 9, 'more', 9, date '{TODAY}'{leaf}", DATABASE)


def assert_tidy_after_the_next_run(lake: Lake, dbt: Dbt, name: str) -> None:
    dbt.run(name, 8, TOMORROW, snapshot_grace_minutes=0).passed()
    assert lake.tables() == [name]
    assert unused(lake, name) == []
    assert lake.rows(name, TOMORROW) == generation(8, TOMORROW, leaves=name == "two")


@pytest.mark.parametrize("name", ["one", pytest.param("two", marks=LONG)])
@pytest.mark.parametrize(
    ("calls", "table"),
    [
        pytest.param("glue.GetPartitions", "*.{name}", id="before it looks again"),
        pytest.param("glue.CreateTable", "*.{name}__dbt_replaced*", id="before it notes folders"),
    ],
)
def test_a_run_that_comes_between_a_drop_keeps_its_rows(
    calls: str, table: str, name: str, lake: Lake, dbt: Dbt, commands: Commands
) -> None:
    write_both(lake, dbt, name)
    commands.plan_drop(name, keep_last=1)  # connects

    def run() -> None:
        dbt.run(name, 2, TODAY).passed()

    with ThreadPoolExecutor(1) as pool:
        with gate(lake.athena, calls, table.format(name=f"{name}"), which=1 if "Create" in calls else 3) as held:
            dropped = pool.submit(commands.drop, name, keep_last=1)
            held.wait()
            run()
        assert dropped.result() == []
    assert lake.rows(name, TODAY) == generation(2, TODAY, leaves=name == "two")
    assert any(line.endswith(f"keeps {TODAY}: a run writes it") for line in commands.said)
    assert_tidy_after_the_next_run(lake, dbt, name)


@pytest.mark.parametrize("name", ["one", pytest.param("two", marks=LONG)])
def test_a_run_during_which_its_snapshot_is_dropped_stops(name: str, lake: Lake, dbt: Dbt, commands: Commands) -> None:
    write_both(lake, dbt, name)
    with gate(lake.athena, "engine.Run", statement=ROWS) as held:
        running = dbt.start(name, 2, TODAY)
        held.wait()
        assert commands.drop(name, keep_last=1) == [TODAY.isoformat()]
    stopped = running.wait()
    assert not stopped.success
    assert LOST in stopped.output
    assert lake.rows(name) == generation(1, TOMORROW, leaves=name == "two")
    assert_tidy_after_the_next_run(lake, dbt, name)


@pytest.mark.parametrize("name", ["one", pytest.param("two", marks=LONG)])
def test_a_run_that_comes_between_a_compaction_wins(name: str, lake: Lake, dbt: Dbt, commands: Commands) -> None:
    write_both(lake, dbt, name, more=True)
    rule = Meanwhile("delay", "engine.Run", statement=r"create table \S+_compact_", do=lambda: dbt.run(name, 2, TODAY))
    stopped = pytest.raises(FailedError, match=f"Another (run writes the same snapshot of {DATABASE}.{name}|tool)")
    with lake.athena.faults.during(rule), stopped:
        commands.compact(name)
    assert rule.done
    assert lake.rows(name, TODAY) == generation(2, TODAY, leaves=name == "two")
    commands.compact(name)
    assert_tidy_after_the_next_run(lake, dbt, name)


def test_a_compaction_that_comes_between_a_run_waits_for_another_day(lake: Lake, dbt: Dbt, commands: Commands) -> None:
    write_both(lake, dbt, "one", more=True)
    with gate(lake.athena, "engine.Run", statement=ROWS) as held:
        running = dbt.start("one", 2, TODAY)
        held.wait()
        assert commands.compact("one") == []
    running.wait().passed()
    assert lake.rows("one", TODAY) == generation(2, TODAY)
    assert_tidy_after_the_next_run(lake, dbt, "one")


def test_a_command_leaves_the_notes_of_a_run_that_has_not_published_yet(
    lake: Lake, dbt: Dbt, commands: Commands
) -> None:
    write_both(lake, dbt, "one")
    with gate(lake.athena, "engine.Run", statement="set location .*/snapshot_date=") as held:
        running = dbt.start("one", 2, TODAY)
        held.wait()
        commands.clean("one")
        assert lake.rows("one", TODAY) == generation(1, TODAY)
    running.wait().passed()
    assert lake.rows("one", TODAY) == generation(2, TODAY)
    assert_tidy_after_the_next_run(lake, dbt, "one")


@pytest.mark.parametrize("other", ["drop", "run"])
def test_other_days_do_not_matter(other: str, lake: Lake, dbt: Dbt, commands: Commands) -> None:
    write_both(lake, dbt, "one", more=True)
    dbt.run("one", 1, day(2)).passed()
    rows = lake.rows("one", TODAY)

    def meanwhile() -> None:
        if other == "run":
            dbt.run("one", 5, day(3)).passed()
        else:
            assert commands.drop("one", dates=frozenset({TOMORROW})) == [TOMORROW.isoformat()]

    rule = Meanwhile("delay", "engine.Run", statement=r"create table \S+_compact_", do=meanwhile)
    with lake.athena.faults.during(rule):
        assert len(commands.compact("one", TODAY.isoformat())) == 1
    assert lake.rows("one", TODAY) == rows
    kept = generation(1, TOMORROW) + generation(1, day(2)) + generation(5, day(3)) if other == "run" else None
    assert [row for row in lake.rows("one") if row[3] != TODAY.isoformat()] == (kept or generation(1, day(2)))
    assert lake.tables() == ["one"]
    assert unused(lake, "one") == []


def test_of_two_drops_at_once_one_wins(lake: Lake, dbt: Dbt, commands: Commands) -> None:
    write_both(lake, dbt, "one")
    first = TODAY.isoformat()
    other: list[str] = []
    rule = Meanwhile(
        "delay",
        "glue.CreateTable",
        "*.one__dbt_replaced*",
        do=lambda: other.extend(commands.drop("one", keep_last=1)),
    )
    with lake.athena.faults.during(rule):
        assert commands.drop("one", keep_last=1) == []
    assert other == [first]
    assert lake.rows("one") == generation(1, TOMORROW)
    assert_tidy_after_the_next_run(lake, dbt, "one")


@pytest.mark.parametrize(
    ("calls", "table"),
    [
        pytest.param("glue.CreateTable", "*.one__dbt_replaced*", id="before it publishes"),
        # It looks at the lock, then it publishes: one call comes late, and what the other one wrote is not used.
        pytest.param("glue.UpdatePartition", None, id="while it publishes"),
    ],
)
def test_of_two_compactions_at_once_one_wins(
    calls: str, table: str | None, lake: Lake, dbt: Dbt, commands: Commands
) -> None:
    write_both(lake, dbt, "one", more=True)
    rows = lake.rows("one")
    rule = Meanwhile("delay", calls, table, do=lambda: commands.compact("one", grace=60))
    told = f"has taken over: {TODAY} " + (
        "stays as that run leaves it" if table else "may hold rows from before that run"
    )
    with lake.athena.faults.during(rule), pytest.raises(FailedError, match=told):
        commands.compact("one")
    assert rule.done
    assert lake.rows("one") == rows
    commands.compact("one")
    assert lake.rows("one") == rows
    if table is not None:
        assert_tidy_after_the_next_run(lake, dbt, "one")
        assert lake.rows("one", TODAY) == [row for row in rows if row[3] == TODAY.isoformat()]


@pytest.mark.parametrize("name", ["one", "two"])
def test_the_next_run_deletes_what_a_command_has_left(name: str, lake: Lake, dbt: Dbt, commands: Commands) -> None:
    write_both(lake, dbt, name, more=True)
    dbt.run(name, 1, day(2)).passed()
    assert commands.compact(name, TODAY.isoformat(), grace=60)
    assert commands.drop(name, grace=60, dates=frozenset({TOMORROW})) == [TOMORROW.isoformat()]
    rows = lake.rows(name, TODAY)
    assert unused(lake, name)
    dbt.run(name, 2, day(2), snapshot_grace_minutes=0).passed()
    assert lake.tables() == [name]
    assert unused(lake, name) == []
    assert lake.rows(name, TODAY) == rows


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param("after:kill({pid}):engine.Run", id="once its rows were written"),
        pytest.param("after:kill({pid}):glue.DeleteTable", id="once it had published them"),
    ],
)
def test_a_command_deletes_what_an_interrupted_run_has_left(
    fault: str, lake: Lake, dbt: Dbt, commands: Commands
) -> None:
    write_both(lake, dbt, "two")
    process = dbt.process()
    rule = f"{fault.format(pid=process.pid)}@*.two__dbt_snapshot_2024_01_01_*#1"
    with lake.athena.faults.during(rule):
        assert process.go("two", 2, TODAY, {"snapshot_grace_minutes": 60}).wait().killed
    lake.wait_until_idle()
    assert commands.plan_drop("two", keep_last=1).staying == (), "what stands beside the table is its own"
    assert commands.drop("two", keep_last=1) == [TODAY.isoformat()]
    assert lake.rows("two") == generation(1, TOMORROW, leaves=True)
    assert lake.tables() == ["two"]
    assert unused(lake, "two") == []
