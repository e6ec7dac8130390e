"""Comparisons."""

from __future__ import annotations

import math

from local_athena.dialect.casts import coerce
from local_athena.dialect.operators.combine import combined
from local_athena.dialect.operators.keys import key_sql
from local_athena.dialect.operators.nested import nested_equal, nested_less
from local_athena.dialect.snippets import null_of, once_each
from local_athena.dialect.typed import NOT_CONSTANT, Typed
from local_athena.errors import AthenaError
from local_athena.types.coercion import common_type, is_comparable, is_orderable
from local_athena.types.model import BOOLEAN, DOUBLE, REAL, UNKNOWN, Array, Map, Row, Type

_EQUALITY = ("=", "<>")
_DISTINCT = ("is distinct from", "is not distinct from")
_SWAPPED = {">": "<", ">=": "<="}
# As the messages of Trino, which knows `=`, `<` and `<=` only, name the operator.
_SHOWN = {"<>": "=", **_SWAPPED}
_FLOATING = (REAL, DOUBLE)
_CONTAINERS = (Array, Map, Row)


def compare(operator: str, left: Typed, right: Typed) -> Typed:
    """`=`, `<>`, `<`, `<=`, `>`, `>=`, `is distinct from`, `is not distinct from`."""
    common = common_type(left.type, right.type)
    if common is None or not _takes(operator, common):
        raise AthenaError("TYPE_MISMATCH", _mismatch(operator, left.type, right.type))
    first, second = coerce(left, common), coerce(right, common)
    if operator in _DISTINCT:
        sql = f"({key_sql(first.sql, common)} {operator.upper()} {key_sql(second.sql, common)})"
    elif common == UNKNOWN:
        sql = null_of(BOOLEAN)
    elif isinstance(common, _CONTAINERS):
        sql = once_each((first.sql, second.sql), lambda one, other: _of_containers(operator, one, other, common))
    elif common in _FLOATING:
        sql = _of_floating(operator, first, second)
    else:
        sql = compared(operator, first.sql, second.sql, common)
    return combined(sql, BOOLEAN, left, right)


def compared(operator: str, left: str, right: str, type_: Type) -> str:
    """A comparison of two expressions of the same type, cheap enough to mention more than once."""
    if isinstance(type_, _CONTAINERS):
        return _of_containers(operator, left, right, type_)
    if type_ in _FLOATING:
        return _with_nan(operator, left, right)
    return f"({key_sql(left, type_)} {operator} {key_sql(right, type_)})"


def _takes(operator: str, type_: Type) -> bool:
    return is_comparable(type_) if operator in (*_EQUALITY, *_DISTINCT) else is_orderable(type_)


def _mismatch(operator: str, left: Type, right: Type) -> str:
    if operator in _DISTINCT:
        return f"Cannot check if {left} is distinct from {right}"
    return f"Cannot apply operator: {left} {_SHOWN.get(operator, operator)} {right}"


def _of_containers(operator: str, left: str, right: str, type_: Type) -> str:
    if operator in _SWAPPED:
        return _of_containers(_SWAPPED[operator], right, left, type_)
    if operator in _EQUALITY:
        equal = nested_equal(left, right, type_, compared)
        return equal if operator == "=" else f"(NOT {equal})"
    return nested_less(operator, left, right, type_, compared)


def _of_floating(operator: str, left: Typed, right: Typed) -> str:
    """For Trino NaN is not equal, less or greater than any number; for DuckDB it equals itself and is the greatest."""
    if _is_number(right) and _is_number(left):
        return f"({left.sql} {operator} {right.sql})"
    if _is_number(right):
        greater = operator in (">", ">=")
        return f"({left.sql} {operator} {right.sql}" + (f" AND NOT isnan({left.sql}))" if greater else ")")
    if _is_number(left):
        less = operator in ("<", "<=")
        return f"({left.sql} {operator} {right.sql}" + (f" AND NOT isnan({right.sql}))" if less else ")")
    return once_each((left.sql, right.sql), lambda one, other: _with_nan(operator, one, other))


def _is_number(value: Typed) -> bool:
    constant = value.constant
    return constant is not NOT_CONSTANT and constant is not None and not math.isnan(constant)


def _with_nan(operator: str, left: str, right: str) -> str:
    if operator in _SWAPPED:
        return _with_nan(_SWAPPED[operator], right, left)
    if operator == "=":
        return f"({left} = {right} AND NOT (isnan({left}) AND isnan({right})))"
    if operator == "<>":
        return f"({left} <> {right} OR (isnan({left}) AND isnan({right})))"
    return f"({left} {operator} {right} AND NOT (isnan({right}) AND {left} IS NOT NULL))"
