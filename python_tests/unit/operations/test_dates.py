"""The dates of a backfill."""

from __future__ import annotations

from datetime import date

import pytest
from derived_tables.operations.dates import between, snapshot_of


@pytest.mark.parametrize(
    ("start", "end", "every", "expected"),
    [
        ("2024-02-28", "2024-03-01", "day", ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("2024-02-28", "2024-02-28", "day", ["2024-02-28"]),
        ("2023-12-27", "2024-01-10", "week", ["2023-12-27", "2024-01-03", "2024-01-10"]),
        ("2023-12-27", "2024-01-09", "week", ["2023-12-27", "2024-01-03"]),
        ("2023-11-15", "2024-01-15", "month", ["2023-11-15", "2023-12-15", "2024-01-15"]),
        ("2023-12-31", "2024-03-31", "month", ["2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31"]),
        ("2024-01-02", "2024-01-01", "day", []),
    ],
)
def test_between(start: str, end: str, every: str, expected: list[str]) -> None:
    found = between(date.fromisoformat(start), date.fromisoformat(end), every)
    assert [day.isoformat() for day in found] == expected


@pytest.mark.parametrize(
    ("day", "grain", "expected"),
    [
        ("2024-02-29", "day", "2024-02-29"),
        ("2024-02-29", "week", "2024-02-26"),
        ("2024-02-26", "week", "2024-02-26"),
        ("2024-03-03", "week", "2024-02-26"),
        ("2024-02-29", "month", "2024-02-01"),
    ],
)
def test_snapshot_of(day: str, grain: str, expected: str) -> None:
    assert snapshot_of(date.fromisoformat(day), grain).isoformat() == expected


def test_other_grains_are_refused() -> None:
    with pytest.raises(ValueError, match="'year' is none of day, week, month"):
        between(date(2024, 1, 1), date(2024, 1, 2), "year")
    with pytest.raises(ValueError, match="'year' is none of day, week, month"):
        snapshot_of(date(2024, 1, 1), "year")
