"""What the last runs say together; expected values are worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

import pytest
from unit.history.support import DAYS, record

from derived_tables.history.summary import Summary, summarized


def told(*statuses: str, **changes: Any) -> Summary:
    """The summary of a node with one status a day, newest last, given in another order."""
    records = [record(status=status, ended=DAYS[day], **changes) for day, status in enumerate(statuses)]
    [found] = summarized(records[::-1])
    return found


@pytest.mark.parametrize(
    ("statuses", "since", "flips", "runs"),
    [
        (["success"], None, 0, 1),
        (["error"], 0, 0, 1),
        (["pass", "fail", "fail"], 1, 1, 3),
        (["fail", "pass", "fail", "pass", "fail"], 4, 4, 5),
        (["fail", "skipped", "fail"], 0, 0, 2),
        (["pass", "skipped"], None, 0, 1),
        (["fail", "skipped", "pass", "no-op"], None, 1, 2),
        (["pass", "warn", "fail"], 1, 1, 3),
        (["success", "runtime error"], 1, 1, 2),
        (["success", "partial success"], 1, 1, 2),
        (["skipped"], None, 0, 0),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_since_when_and_how_often(statuses: Sequence[str], since: int | None, flips: int, runs: int) -> None:
    found = told(*statuses)
    assert found.last.status == statuses[-1]
    assert (found.failing_since, found.flips, found.runs) == (None if since is None else DAYS[since], flips, runs)


def test_assertions_stand_for_themselves() -> None:
    found = summarized(
        [
            record(status="pass", ended=DAYS[0]),
            record(status="fail", ended=DAYS[1]),
            record(assertion="one", status="fail", ended=DAYS[0]),
            record(assertion="one", status="fail", ended=DAYS[1]),
            record(assertion="two", status="pass", ended=DAYS[1]),
        ]
    )
    # The oldest failure first, then what does not fail.
    assert [(each.last.assertion, each.failing_since) for each in found] == [
        ("one", DAYS[0]),
        ("", DAYS[1]),
        ("two", None),
    ]


def test_prices_of_all_runs() -> None:
    assert told("pass", "skipped", "pass", price=0.25).price == 0.75
    assert told("pass", price=None).price is None


def test_what_belongs_to_no_node_has_no_summary() -> None:
    assert summarized([record(node="", status="")]) == []


def test_two_runs_that_end_in_other_zones() -> None:
    early = datetime(2024, 1, 1, 1, tzinfo=timezone.utc)
    late = early.replace(hour=2)
    [found] = summarized([record(status="pass", ended=late), record(status="fail", ended=early)])
    assert (found.last.ended, found.failing_since, found.flips) == (late, None, 1)
