"""Arithmetic of dates, times, timestamps and intervals.

Source: https://trino.io/docs/current/functions/datetime.html#date-and-time-operators
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from local_athena.dialect.casts import coerce
from local_athena.dialect.casts.conversion import kind_of
from local_athena.dialect.operators.combine import combined
from local_athena.dialect.snippets import fail, once_each
from local_athena.dialect.typed import Typed
from local_athena.types.coercion import can_coerce, common_type
from local_athena.types.model import (
    BIGINT,
    DOUBLE,
    INTERVAL_DAY_TO_SECOND,
    INTERVAL_YEAR_TO_MONTH,
    UNKNOWN,
    Time,
    Timestamp,
    Type,
)

_DAYS = str(INTERVAL_DAY_TO_SECOND)
_MONTHS = str(INTERVAL_YEAR_TO_MONTH)
_INTERVALS = (INTERVAL_DAY_TO_SECOND, INTERVAL_YEAR_TO_MONTH)
_INTERVAL_DIGITS = 3
_ZONED = "timestamp with time zone"
_ZONED_TIME = "time with time zone"

MACROS = (
    "trino_ms(ms) AS to_microseconds(ms * 1000)",
    "trino_add_months(d, months) AS (d + to_months(CAST(months AS INTEGER)))",
    # Microseconds as milliseconds, rounded half up.
    "trino_as_ms(us) AS (trino_floor(us + 500, 1000) // 1000)",
)


@dataclass(frozen=True)
class _Operation:
    """What an operator does with two kinds of operands.

    Attributes:
        sql: with `{0}` and `{1}`, the operands.
        result: type of the result, from the types of the operands.
    """

    sql: str
    result: Callable[[Type, Type], Type]


def _as_first(left: Type, _right: Type) -> Type:
    return left


def _fine(left: Type, _right: Type) -> Type:
    """As fine as an interval, which has milliseconds."""
    assert isinstance(left, (Time, Timestamp)), "a time"
    return type(left)(max(left.precision, _INTERVAL_DIGITS), left.zoned)


def _always(type_: Type) -> Callable[[Type, Type], Type]:
    return lambda _left, _right: type_


def _date_and_days(sign: str, words: str) -> str:
    failure = fail("INVALID_FUNCTION_ARGUMENT", f"Cannot {words} a date")
    return f"(CASE WHEN {{1}} % 86400000 <> 0 THEN {failure} ELSE {{0}} {sign} CAST({{1}} // 86400000 AS INTEGER) END)"


_NO_ZERO = fail("INVALID_FUNCTION_ARGUMENT", "Cannot divide by double 0.0")
_NOT_BY_NAN = fail("INVALID_FUNCTION_ARGUMENT", "Cannot multiply by double NaN")
_NOT_THROUGH_NAN = fail("INVALID_FUNCTION_ARGUMENT", "Cannot divide by double NaN")
_SCALED = f"(CASE WHEN isnan({{1}}) THEN {_NOT_BY_NAN} ELSE CAST(trunc({{0}} * {{1}}) AS BIGINT) END)"
_DIVIDED = (
    f"(CASE WHEN {{1}} = 0 THEN {_NO_ZERO} WHEN isnan({{1}}) THEN {_NOT_THROUGH_NAN}"
    " ELSE CAST(trunc({0} / {1}) AS BIGINT) END)"
)
_STRUCT = "(CASE WHEN {{0}} IS NOT NULL AND {{1}} IS NOT NULL THEN {} END)"


def _moved(sign: str) -> dict[tuple[str, str, str], _Operation]:
    """A date or time and an interval."""
    words = "add hour, minutes or seconds to" if sign == "+" else "subtract hour, minutes or seconds from"
    months = "{1}" if sign == "+" else "-{1}"
    zoned_days = f"struct_pack(instant := trino_instant_of({{0}}) {sign} trino_ms({{1}}), zone := {{0}}.zone)"
    zoned_months = f"trino_zoned(trino_add_months(trino_local({{0}}.instant, {{0}}.zone), {months}), {{0}}.zone)"
    zoned_time = (
        f"struct_pack(local := trino_clock_of({{0}}) {sign} trino_ms({{1}}), minutes := trino_offset_of({{0}}))"
    )
    return {
        (sign, "date", _DAYS): _Operation(_date_and_days(sign, words), _as_first),
        (sign, "date", _MONTHS): _Operation(f"CAST(trino_add_months({{0}}, {months}) AS DATE)", _as_first),
        (sign, "time", _DAYS): _Operation(f"({{0}} {sign} trino_ms({{1}}))", _fine),
        (sign, _ZONED_TIME, _DAYS): _Operation(_STRUCT.format(zoned_time), _fine),
        (sign, "timestamp", _DAYS): _Operation(f"({{0}} {sign} trino_ms({{1}}))", _fine),
        (sign, "timestamp", _MONTHS): _Operation(f"trino_add_months({{0}}, {months})", _as_first),
        (sign, _ZONED, _DAYS): _Operation(_STRUCT.format(zoned_days), _fine),
        (sign, _ZONED, _MONTHS): _Operation(_STRUCT.format(zoned_months), _as_first),
        (sign, _DAYS, _DAYS): _Operation(f"({{0}} {sign} {{1}})", _as_first),
        (sign, _MONTHS, _MONTHS): _Operation(f"({{0}} {sign} {{1}})", _as_first),
    }


_DIFFERENCE = _always(INTERVAL_DAY_TO_SECOND)
_OPERATIONS: dict[tuple[str, str, str], _Operation] = {
    **_moved("+"),
    **_moved("-"),
    ("-", "date", "date"): _Operation("(({0} - {1}) * 86400000)", _DIFFERENCE),
    ("-", "time", "time"): _Operation("trino_as_ms(epoch_us({0}) - epoch_us({1}))", _DIFFERENCE),
    ("-", "timestamp", "timestamp"): _Operation("trino_as_ms(epoch_us({0}) - epoch_us({1}))", _DIFFERENCE),
    ("-", _ZONED, _ZONED): _Operation(
        "trino_as_ms(epoch_us(trino_instant_of({0})) - epoch_us(trino_instant_of({1})))", _DIFFERENCE
    ),
    ("-", _ZONED_TIME, _ZONED_TIME): _Operation("trino_as_ms(trino_utc_us({0}) - trino_utc_us({1}))", _DIFFERENCE),
    **{("*", kind, "whole"): _Operation("({0} * {1})", _as_first) for kind in (_DAYS, _MONTHS)},
    **{("*", kind, "double"): _Operation(_SCALED, _as_first) for kind in (_DAYS, _MONTHS)},
    **{("/", kind, "double"): _Operation(_DIVIDED, _as_first) for kind in (_DAYS, _MONTHS)},
}
_COMMUTATIVE = ("+", "*")


def time_arithmetic(operator: str, left: Typed, right: Typed) -> Typed | None:
    """An operation with a date, time, timestamp or interval; None if there is no such operation."""
    left, right = _met(operator, left, right)
    found = _applied(operator, left, right)
    if found is None and operator in _COMMUTATIVE:
        found = _applied(operator, right, left)
    return found


def _applied(operator: str, left: Typed, right: Typed) -> Typed | None:
    if left.type in _INTERVALS and operator in ("*", "/"):
        right = _factor(operator, right)
    operation = _OPERATIONS.get((operator, kind_of(left.type), kind_of(right.type)))
    if operation is None:
        return None
    sql = once_each((left.sql, right.sql), operation.sql.format)
    return combined(sql, operation.result(left.type, right.type), left, right)


def _met(operator: str, left: Typed, right: Typed) -> tuple[Typed, Typed]:
    """For a difference, both as the type they meet in: a date less a timestamp is one of timestamps."""
    common = common_type(left.type, right.type)
    if operator == "-" and common is not None and left.type != UNKNOWN != right.type:
        return coerce(left, common), coerce(right, common)
    return left, right


def _factor(operator: str, value: Typed) -> Typed:
    target = BIGINT if operator == "*" and can_coerce(value.type, BIGINT) else DOUBLE
    return coerce(value, target) if can_coerce(value.type, target) else value
