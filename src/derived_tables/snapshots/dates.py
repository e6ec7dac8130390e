"""The dates of a backfill."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

#: How far apart the dates of a backfill, or of a model's snapshots, can be.
GRAINS = ("day", "week", "month")


def between(start: date, end: date, every: str) -> list[date]:
    """The dates from `start` to `end`, both included, a day, a week or a month apart.

    A month after the 31st is the last day of a shorter month, and the 31st again in a longer one.

    Raises:
        ValueError: `every` is none of GRAINS.
    """
    return list(_series(start, end, every))


def snapshot_of(day: date, grain: str) -> date:
    """The date of the snapshot that a run for `day` writes: as `derived_tables.snapshot_date()` has it.

    Raises:
        ValueError: `grain` is none of GRAINS.
    """
    if grain == "day":
        return day
    if grain == "week":
        return day - timedelta(days=day.weekday())
    if grain == "month":
        return day.replace(day=1)
    raise ValueError(f"{grain!r} is none of {', '.join(GRAINS)}")


def _series(start: date, end: date, every: str) -> Iterator[date]:
    if every not in GRAINS:
        raise ValueError(f"{every!r} is none of {', '.join(GRAINS)}")
    number, day = 0, start
    while day <= end:
        yield day
        number += 1
        days = number * (7 if every == "week" else 1)
        try:
            day = _months_after(start, number) if every == "month" else start + timedelta(days)
        except (OverflowError, ValueError):  # there is no year 10000
            return


def _months_after(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
