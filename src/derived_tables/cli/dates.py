"""Dates that people type."""

from __future__ import annotations

from datetime import date

from derived_tables.errors import must_be


def one_date(option: str, text: str | None) -> date | None:
    """A date; None if the option was not given.

    Raises:
        RefusedError: it is no date in ISO form.
    """
    return None if text is None else _date(option, text)


def several_dates(option: str, text: str | None) -> list[date] | None:
    """Dates apart by commas, without repetition; None if the option was not given.

    Raises:
        RefusedError: one is no date in ISO form.
    """
    return None if text is None else sorted({_date(option, part.strip()) for part in text.split(",")})


def _date(option: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise must_be(f"`{option}`", "a date like `2024-01-31`", text, f"Write e.g. `{option} 2024-01-31`.")
    return day
