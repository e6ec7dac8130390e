"""A fault at every call to AWS that `drop` and `compact` make, which the next command repairs.

Meanwhile readers see what was there or what should be, never half; at the end no file is left behind. An error after a
call has had its effect is what a process finds that was killed there: neither does anything more.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from snapshot_commands import Commands

from derived_tables.errors import FailedError
from local_athena.faults import AFTER, BEFORE, Point

from .commands import DICTATED, commands_of, dictate, unused
from .saved import Saved
from .support import BUCKET, DATABASE, Dbt, Lake, Row, day, forking, generation, model, project_of

pytestmark = pytest.mark.xdist_group("faults")

FIRST, SECOND, THIRD = day(0), day(1), day(2)
#: Calls that change something. After one and before the next, every fault finds the same state.
_CHANGING = ("engine.Run", "glue.Create", "glue.Update", "glue.Delete", "glue.Batch", "s3.Delete")
GROUP = "dictates_to_commands"


def every_call(_point: Point, _when: str) -> bool:
    return True


def changes(point: Point, when: str) -> bool:
    return when == AFTER and point.call.startswith(_CHANGING)


@pytest.fixture(scope="module", params=["", pytest.param(GROUP, marks=pytest.mark.long)], ids=["anywhere", "dictated"])
def at_work(
    request: pytest.FixtureRequest, lake: Lake, dbt: Dbt, tmp_path_factory: pytest.TempPathFactory, repository: Path
) -> Iterator[tuple[Commands, Dbt]]:
    """Commands and dbt processes, in a work group that dictates where they write and in one that does not."""
    if not request.param:
        with commands_of(request.getfixturevalue("project"), lake) as commands:
            yield commands, dbt
        return
    dictate(lake, GROUP)
    models = {"one": model(), "two": model(leaves=True)}
    project = project_of(tmp_path_factory.mktemp("dictated") / "project", repository, models, work_group=GROUP)
    with forking(project, "athena", lake.athena.environment()) as started, commands_of(project, lake) as commands:
        yield commands, started


@pytest.fixture(autouse=True)
def _no_data(lake: Lake) -> None:
    """Each test begins without data of other tables."""
    objects = lake.athena.stores.objects
    objects.delete(BUCKET, [each.key for each in objects.under(BUCKET, DICTATED)])


def sweep(
    lake: Lake,
    name: str,
    act: Callable[[], object],
    may_be_seen: Callable[[list[Row]], bool],
    expected: list[Row],
    wanted: Callable[[Point, str], bool],
    repeats: int = 1,
) -> int:
    """Goes through the points that are wanted; returns how many there were."""
    saved = Saved.of(lake.athena, "tables/", DICTATED)
    act()  # connects
    saved.restore()
    with lake.athena.faults.trace() as trace:
        act()
    assert lake.rows(name) == expected
    assert unused(lake, name) == []
    points = [(point, when) for point in trace for when in (BEFORE, AFTER) if wanted(point, when)]
    for point, when in points:
        saved.restore()
        at = f"{when} {point}"
        error = {"s3": "fail(AccessDenied,403)", "engine": "fail"}.get(
            point.call.split(".")[0], "fail(AccessDeniedException,400)"
        )
        with lake.athena.faults.during(point.rule(error, when=when)) as [fault], contextlib.suppress(FailedError):
            act()
        assert fault.struck == 1, at
        assert may_be_seen(lake.rows(name)), at
        for _ in range(repeats):
            act()
        assert lake.rows(name) == expected, at
        assert lake.tables() == [name], at
        assert unused(lake, name) == [], at
    return len(points)


def write(dbt: Dbt, name: str, *days: date) -> None:
    for number, today in enumerate(days, 1):
        dbt.run(name, number, today, snapshot_grace_minutes=0).passed()


def content(name: str, *held: tuple[int, date]) -> list[Row]:
    return [row for number, today in held for row in generation(number, today, leaves=name == "two")]


@pytest.mark.parametrize(
    ("name", "wanted", "least"),
    [
        pytest.param("one", changes, 10, id="changes"),
        pytest.param("one", every_call, 50, id="one", marks=pytest.mark.long),
        pytest.param("two", every_call, 50, id="two", marks=pytest.mark.long),
    ],
)
def test_a_drop_is_finished_by_the_next_one(
    name: str, wanted: Callable[[Point, str], bool], least: int, lake: Lake, at_work: tuple[Commands, Dbt]
) -> None:
    commands, dbt = at_work
    write(dbt, name, FIRST, SECOND, THIRD)
    left = content(name, (3, THIRD))
    possible = [
        [*content(name, (1, FIRST)), *content(name, (2, SECOND)), *left],
        [*content(name, (2, SECOND)), *left],
        left,
    ]
    count = sweep(lake, name, lambda: commands.drop(name, keep_last=1), lambda rows: rows in possible, left, wanted)
    assert count >= least


@pytest.mark.parametrize(
    ("name", "wanted", "least"),
    [
        pytest.param("one", changes, 10, id="changes"),
        pytest.param("one", every_call, 80, id="one", marks=pytest.mark.long),
        pytest.param("two", every_call, 100, id="two", marks=pytest.mark.long),
    ],
)
def test_a_compaction_is_finished_by_the_next_one(
    name: str, wanted: Callable[[Point, str], bool], least: int, lake: Lake, at_work: tuple[Commands, Dbt]
) -> None:
    commands, dbt = at_work
    write(dbt, name, FIRST, SECOND)
    leaf = ", leaf" if name == "two" else ""
    for number in (4, 5):
        more = ", 'always'" if leaf else ""
        lake.athena.query(f"insert into {name} select {number}, 'more', {number}, date '{FIRST}'{more}", DATABASE)
    rows = lake.rows(name)
    assert len(rows) == 8
    # Where the work group dictates a place, what an interrupted statement wrote is noted by one command and deleted by
    # the next.
    repeats = 1 if not commands.project.target.settings.get("work_group") else 2
    count = sweep(lake, name, lambda: commands.compact(name), lambda seen: seen == rows, rows, wanted, repeats)
    assert count >= least


@pytest.mark.long
@pytest.mark.parametrize(
    ("verb", "call"),
    [
        ("drop", "glue.BatchDeletePartition"),
        ("drop", "s3.DeleteObjects"),
        ("compact", "engine.Run"),
        ("compact", "glue.UpdatePartition"),
    ],
)
def test_a_command_that_is_killed_is_finished_by_the_next(
    verb: str, call: str, lake: Lake, at_work: tuple[Commands, Dbt]
) -> None:
    commands, dbt = at_work
    write(dbt, "one", FIRST, SECOND)
    lake.athena.query(f"insert into one select 4, 'more', 4, date '{FIRST}'", DATABASE)
    rows = lake.rows("one")
    path = str(commands.path)
    arguments = ["snapshots", verb, *(("--keep-last", "1") if verb == "drop" else ()), "--apply", "-s", "orders__one"]
    arguments += ["--target", "athena", "--project-dir", path, "--profiles-dir", path]
    arguments += ["--vars", "snapshot_grace_minutes: 0"]
    code = f"from derived_tables.cli.main import main; raise SystemExit(main({arguments!r}))"
    with subprocess.Popen([sys.executable, "-c", f"input(); {code}"], stdin=subprocess.PIPE, text=True) as process:
        which = 2 if call == "engine.Run" else 1
        with lake.athena.faults.during(f"after:kill({process.pid}):{call}#{which}") as [fault]:
            process.communicate("go\n")
        assert fault.struck == 1
        assert process.returncode == -9
    lake.wait_until_idle(commands.project.target.settings.get("work_group") or "primary")
    if verb == "compact":
        assert lake.rows("one") == rows
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert lake.rows("one") == ([row for row in rows if row[3] == SECOND.isoformat()] if verb == "drop" else rows)
    assert lake.tables() == ["one"]
    assert unused(lake, "one") == []
