"""A fault at every call to AWS that a run makes: readers see the old snapshot or the new one, the next run repairs all.

A run is a dbt process. At each call, one after the other, it meets an error before the call has its effect, an error
after it, and is killed. Then the tables are looked at, past all faults; then the run is repeated without one. A fault
that strikes at call n shows what a reader finds at that moment, so the sweep is also a reader at every moment.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pytest

from local_athena.faults import AFTER, BEFORE, Point

from .support import Dbt, Lake, Outcome, Row, day, generation

#: Calls that change something. After one and before the next, every fault finds the same state.
_CHANGING = ("engine.Run", "glue.Create", "glue.Update", "glue.Delete", "glue.Batch", "s3.Delete", "s3.Put")
_KILL = "kill"
_FAULTS = ((BEFORE, "fail"), (AFTER, "fail"), (AFTER, _KILL))


@dataclass
class Case:
    """Runs of one model that all do the same: make the table, add a day, or write a day again.

    Attributes:
        name: the model.
        kind: `first`, `new` or `again`.
        grace: for how long replaced data stays, in minutes.
        held: generations of the days that the table holds.
    """

    lake: Lake
    dbt: Dbt
    name: str
    kind: str
    grace: int = 0
    held: dict[date, int] = field(default_factory=dict)

    def sweep(self, points: Callable[[Point, str, str], bool]) -> int:
        """Goes through the points that are wanted; returns their number."""
        if self.kind != "first":
            self._write(day(0), 1).passed()
            self.held = {day(0): 1}
        with self.lake.athena.faults.trace() as trace:
            today, number = self._next(1)
            self._write(today, number).passed()
        self.held[today] = number
        wanted = [(point, *fault) for point in trace for fault in _FAULTS if points(point, *fault)]
        for count, (point, when, action) in enumerate(wanted):
            self._try(point, when, action, *self._next(count + 2))
        return len(wanted)

    def _next(self, count: int) -> tuple[date, int]:
        """The day and the generation of the next run."""
        if self.kind == "first":
            self.lake.drop(self.name)
            self.held = {}
        return day(count if self.kind == "new" else 0), count + 1

    def _try(self, point: Point, when: str, action: str, today: date, number: int) -> None:
        """Strikes one run at a point, looks, repeats the run, and looks again."""
        at = f"{when} {action} {point}"
        process = self.dbt.process()
        rule = point.rule(f"kill({process.pid})" if action == _KILL else _error(point), when=when)
        with self.lake.athena.faults.during(rule) as [active]:
            outcome = process.go(self.name, number, today, {"snapshot_grace_minutes": self.grace}).wait()
        if not outcome.success:
            self.lake.wait_until_idle()
        assert active.struck == 1, at
        assert outcome.killed == (action == _KILL), f"{at}\n{outcome.output}"

        new = {**self.held, today: number}
        if outcome.success:
            assert self.lake.rows(self.name) == self._content(new), at
        else:
            self._assert_old_or_new(today, new, at)

        repeated = self._write(today, number)
        assert repeated.success, f"{at}\n{repeated.output}"
        self.held = new
        assert self.lake.rows(self.name) == self._content(new), at
        self._assert_tidy(at)

    def _assert_old_or_new(self, today: date, new: dict[date, int], at: str) -> None:
        """The table is as before or as after the run; with leaves, each leaf of the day is."""
        seen, old_rows, new_rows = self.lake.rows(self.name), self._content(self.held), self._content(new)
        if self.name == "two" and self.kind == "again":
            for leaf in {row[-1] for row in seen + old_rows + new_rows}:
                of_leaf = [[row for row in rows if row[-1] == leaf] for rows in (seen, old_rows, new_rows)]
                assert of_leaf[0] in of_leaf[1:], f"{at}: {leaf} of {today}"
        else:
            assert seen in (old_rows, new_rows), at

    def _assert_tidy(self, at: str) -> None:
        """All is as after runs without a fault: tables, partitions, files."""
        leaves = self.name == "two"
        if self.grace:
            folders = self.lake.noted(self.name)
            assert not [table for table in self.lake.tables() if "__dbt_snapshot" in table], at
            assert not [file for file in self.lake.stray(self.name) if not file.startswith(tuple(folders))], at
        else:
            assert self.lake.tables() == [self.name], at
        if self.name == "ice":
            return
        expected = {row[3:] for today, number in self.held.items() for row in generation(number, today, leaves=leaves)}
        assert set(self.lake.partitions(self.name)) == expected, at
        if not self.grace:
            assert self.lake.stray(self.name) == [], at

    def _content(self, held: dict[date, int]) -> list[Row]:
        leaves = self.name == "two"
        return [row for today in sorted(held) for row in generation(held[today], today, leaves=leaves)]

    def _write(self, today: date, number: int) -> Outcome:
        return self.dbt.run(self.name, number, today, snapshot_grace_minutes=self.grace)


def _error(point: Point) -> str:
    """An error after which dbt does not try again."""
    if point.call.startswith("engine."):
        return "fail"
    return "fail(AccessDenied,403)" if point.call.startswith("s3.") else "fail(AccessDeniedException,400)"


def _report(capsys: pytest.CaptureFixture[str], case: Case, count: int) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{count} fault points tried: model {case.name}, {case.kind}, grace {case.grace}\n")


@pytest.mark.xdist_group("faults")
def test_a_fault_after_every_change_of_a_snapshot_that_is_written_again(
    lake: Lake, dbt: Dbt, capsys: pytest.CaptureFixture[str]
) -> None:
    case = Case(lake, dbt, "one", "again")
    killed = {("engine.Run", 4), ("engine.Run", 8), ("glue.DeleteTable", 1)}  # after the rows, the switch, the clean-up
    # Columns, types, partitions, files, and these again.
    queries = {("engine.Run", number) for number in (1, 2, 5, 6, 9, 10)}

    def changes(point: Point, when: str, action: str) -> bool:
        place = point.call, point.count
        is_change = point.call.startswith(_CHANGING) and place not in queries
        return is_change and when == AFTER and (place in killed) == (action == _KILL)

    count = case.sweep(changes)
    _report(capsys, case, count)
    assert count == 8  # lock, rows, note, switch, and four times the clean-up


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "kind", "grace"),
    [
        pytest.param(name, kind, grace, marks=pytest.mark.xdist_group(f"faults_{name}_{kind}_{grace}"))
        for name, kind, grace in (
            ("one", "first", 0),
            ("one", "new", 0),
            ("one", "again", 0),
            ("one", "again", 60),
            ("two", "new", 0),
            ("two", "again", 0),
            ("ice", "first", 0),
            ("ice", "new", 0),
            ("ice", "again", 0),
        )
    ],
)
def test_a_fault_at_every_call(
    name: str, kind: str, grace: int, lake: Lake, dbt: Dbt, capsys: pytest.CaptureFixture[str]
) -> None:
    case = Case(lake, dbt, name, kind, grace)
    count = case.sweep(lambda *_: True)
    _report(capsys, case, count)
    assert count > 3 * 12
