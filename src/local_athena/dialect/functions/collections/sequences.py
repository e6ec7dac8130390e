"""`sequence`: arrays of numbers, dates and timestamps at even distances.

Source: https://trino.io/docs/current/functions/array.html
"""

from __future__ import annotations

from local_athena.dialect.functions.registry import Table
from local_athena.dialect.functions.sqls import invalid_text

_MOST = 10_000
_DAY = 86_400_000
_ZERO = invalid_text("step must not be zero")
_DIRECTION = invalid_text(
    "sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop"
    " should be less than or equal to start"
)
_TOO_LONG = invalid_text(f"result of sequence function must not have more than {_MOST} entries")
_NO_DAYS = invalid_text("sequence step must be a day interval if start and end values are dates")


def _sequence(step: str, distance: str, value: str, *, more: str = "") -> str:
    """A template.

    Args:
        step: how far it is from one value to the next, a whole number.
        distance: from start to stop, in the same unit.
        value: the value at place `i` of the array, from 0.
        more: further conditions, as parts of CASE.
    """
    return (
        f"CASE WHEN {{0}} IS NULL OR {{1}} IS NULL OR {step} IS NULL THEN NULL {more} "
        f"WHEN {step} = 0 THEN {_ZERO} "
        f"WHEN ({distance} < 0) = ({step} > 0) AND {distance} <> 0 THEN {_DIRECTION} "
        f"WHEN {distance} // {step} >= {_MOST} THEN {_TOO_LONG} "
        f"ELSE list_transform(range(({distance} // {step})::BIGINT + 1), lambda i: {value}) END"
    )


def _months(value: str) -> str:
    """Months have no even length: as many as may fit are made, and those beyond the end are left out."""
    months = "date_diff('month', {0}, {1})"
    made = _sequence("{2}", months, "{0} + to_months((i * {2})::INTEGER)")
    inside = "CASE WHEN {2} > 0 THEN e <= {1} ELSE e >= {1} END"
    return f"list_filter(list_transform({made}, lambda e: {value}), lambda e: {inside})"


_WHOLE = "({1}::HUGEINT - {0}::HUGEINT)"
_DAYS = "date_diff('day', {0}, {1})"
_MICROSECONDS = "date_diff('microsecond', {0}, {1})"
_TIMESTAMP = "{0} + to_microseconds(i * {2} * 1000)"

SCALARS: Table = {
    "sequence(bigint, bigint) -> array(bigint)": _sequence(
        "(CASE WHEN {0} <= {1} THEN 1 ELSE -1 END)",
        _WHOLE,
        "({0} + i * CASE WHEN {0} <= {1} THEN 1 ELSE -1 END)::BIGINT",
    ),
    "sequence(bigint, bigint, bigint) -> array(bigint)": _sequence("{2}", _WHOLE, "({0} + i * {2})::BIGINT"),
    "sequence(date, date) -> array(date)": _sequence(
        "(CASE WHEN {0} <= {1} THEN 1 ELSE -1 END)",
        _DAYS,
        "({0} + (i * CASE WHEN {0} <= {1} THEN 1 ELSE -1 END)::INTEGER)",
    ),
    "sequence(date, date, interval day to second) -> array(date)": _sequence(
        f"({{2}} // {_DAY})",
        _DAYS,
        f"({{0}} + (i * ({{2}} // {_DAY}))::INTEGER)",
        more=f"WHEN {{2}} % {_DAY} <> 0 THEN {_NO_DAYS}",
    ),
    "sequence(date, date, interval year to month) -> array(date)": _months("e::DATE"),
    "sequence(timestamp(p), timestamp(p), interval day to second) -> array(timestamp(p))": _sequence(
        "({2} * 1000)", _MICROSECONDS, _TIMESTAMP
    ),
    "sequence(timestamp(p), timestamp(p), interval year to month) -> array(timestamp(p))": _months("e"),
}
