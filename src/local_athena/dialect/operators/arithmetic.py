"""`+`, `-`, `*`, `/`, `%` and the signs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as PythonDecimal

from local_athena.dialect.casts import coerce
from local_athena.dialect.casts.conversion import WHOLE
from local_athena.dialect.operators.combine import combined
from local_athena.dialect.operators.decimals import DIVIDED_BY_ZERO, decimal_arithmetic
from local_athena.dialect.operators.nulls import ambiguous, type_with_null
from local_athena.dialect.operators.times import time_arithmetic
from local_athena.dialect.snippets import fail, null_of, once, once_each
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError
from local_athena.types.coercion import as_decimal, common_type
from local_athena.types.model import (
    BOOLEAN,
    DOUBLE,
    INTERVAL_DAY_TO_SECOND,
    INTERVAL_YEAR_TO_MONTH,
    REAL,
    TINYINT,
    UNKNOWN,
    Decimal,
    Type,
)

_WHOLE = tuple(WHOLE)
_FLOATING = (REAL, DOUBLE)
_SIGNED = (*_FLOATING, INTERVAL_DAY_TO_SECOND, INTERVAL_YEAR_TO_MONTH)
# What divides, in DuckDB's words.
_WHOLE_DIVISIONS = {"/": "//", "%": "%"}
_OF_NULL = Decimal(1, 0)


def arithmetic(operator: str, left: Typed, right: Typed) -> Typed:
    """`+`, `-`, `*`, `/`, `%` of numbers, dates, times, timestamps and intervals."""
    if left.type == UNKNOWN and right.type == UNKNOWN:
        if operator != "%":
            raise ambiguous()
        return combined(null_of(TINYINT), TINYINT, left, right)
    if UNKNOWN in (left.type, right.type):
        null_first = left.type == UNKNOWN
        type_ = type_with_null(operator, right.type if null_first else left.type, null_first=null_first)
        if type_ is not None:
            return combined(null_of(type_), type_, left, right)
    found = _of_numbers(operator, left, right) or time_arithmetic(operator, left, right)
    if found is None:
        raise AthenaError("TYPE_MISMATCH", f"Cannot apply operator: {left.type} {operator} {right.type}")
    return found


def unary(operator: str, value: Typed) -> Typed:
    """`-`, `+` or `not`."""
    if operator == "not":
        return combined(f"(NOT {coerce(value, BOOLEAN).sql})", BOOLEAN, value)
    if operator == "+":
        if value.type in (*_WHOLE, *_FLOATING):
            return value
        raise AthenaError("TYPE_MISMATCH", f"Unary '+' operator cannot by applied to {value.type} type")
    return _negated(value)


def _negated(value: Typed) -> Typed:
    type_ = value.type
    if type_ == UNKNOWN:
        raise ambiguous()
    if type_ not in (*_WHOLE, *_SIGNED) and not isinstance(type_, Decimal):
        raise AthenaError("TYPE_MISMATCH", f"Cannot negate {type_}")
    negated = combined(f"(-{value.sql})", type_, value)
    if type_ in _WHOLE and (not isinstance(value.constant, int) or value.constant == _least(type_)):
        negated = replace(negated, sql=once(value.sql, lambda number: _checked_negative(number, type_)))
    if isinstance(value.constant, (int, float, PythonDecimal)):
        negated = replace(negated, constant=-value.constant)
    return negated


def _checked_negative(number: str, type_: Type) -> str:
    """DuckDB does not say in its message which number it could not negate."""
    least = _least(type_)
    failure = fail("NUMERIC_VALUE_OUT_OF_RANGE", f"{type_} negation overflow: {least}")
    return f"(CASE WHEN {number} = {least} THEN {failure} ELSE -{number} END)"


def _least(type_: Type) -> int:
    return -(1 << (WHOLE[type_] - 1))


def _of_numbers(operator: str, left: Typed, right: Typed) -> Typed | None:
    common = common_type(left.type, right.type)
    if isinstance(common, Decimal):
        return decimal_arithmetic(operator, _as_decimal(left), _as_decimal(right))
    if common in _FLOATING:
        first, second = coerce(left, common), coerce(right, common)
        return combined(f"({first.sql} {operator} {second.sql})", common, left, right)
    if common in _WHOLE:
        return _of_whole(operator, coerce(left, common), coerce(right, common))
    return None


def _as_decimal(value: Typed) -> Typed:
    return coerce(value, as_decimal(value.type) or _OF_NULL)


def _of_whole(operator: str, left: Typed, right: Typed) -> Typed:
    if operator not in _WHOLE_DIVISIONS:
        return combined(f"({left.sql} {operator} {right.sql})", left.type, left, right)
    division = _WHOLE_DIVISIONS[operator]
    if isinstance(right.constant, int) and right.constant != 0:
        return combined(f"({left.sql} {division} {right.sql})", left.type, left, right)
    sql = once_each(
        (left.sql, right.sql),
        lambda first, second: (
            f"(CASE WHEN {second} = 0 AND {first} IS NOT NULL THEN {DIVIDED_BY_ZERO} "
            f"ELSE {first} {division} {second} END)"
        ),
    )
    return combined(sql, left.type, left, right)
