"""CAST, TRY_CAST, and the conversions Trino makes by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from local_athena.dialect.casts import addresses, numbers, texts, times
from local_athena.dialect.casts.conversion import WHOLE, Conversion, Rule, kind_of
from local_athena.dialect.casts.json_from import comes_from_json, from_json
from local_athena.dialect.casts.json_to import becomes_json, to_json
from local_athena.dialect.casts.nested import convert_nested
from local_athena.dialect.snippets import null_of, once
from local_athena.dialect.typed import NOT_CONSTANT, Typed
from local_athena.errors import AthenaError
from local_athena.types.coercion import can_coerce
from local_athena.types.model import (
    DOUBLE,
    IPADDRESS,
    JSON,
    UNKNOWN,
    UUID,
    VARCHAR,
    Array,
    Decimal,
    Map,
    Row,
    Type,
    Varchar,
)

_RULES: dict[tuple[str, str], Rule] = {**numbers.RULES, **texts.RULES, **times.RULES, **addresses.RULES}
_EXACT_IN_DOUBLE = 2**53
_CONTAINERS = ("array", "map", "row")
# What is cast to varchar, but not to varchar(n).
_UNBOUNDED = (UUID, IPADDRESS)


def coerce(value: Typed, target: Type) -> Typed:
    """Converts as Trino does by itself; `can_coerce` has already said that it does."""
    return _converted(value, target, safe=False)


def cast(value: Typed, target: Type, *, safe: bool = False) -> Typed:
    """CAST, or TRY_CAST when `safe`.

    Raises:
        AthenaError: TYPE_MISMATCH `Cannot cast … to …`, for types between which there is no cast.
    """
    if not _castable(value.type, target):
        raise AthenaError("TYPE_MISMATCH", f"Cannot cast {value.type} to {target}")
    return _converted(value, target, safe=safe)


def _converted(value: Typed, target: Type, *, safe: bool) -> Typed:
    if value.type == target:
        return value
    sql = _sql(value.sql, value.type, target, safe=safe)
    return replace(value, sql=sql, type=target, constant=_constant(value, target))


def _constant(value: Typed, target: Type) -> Any:
    """Of a literal that is converted, where it surely stays the same value."""
    constant = value.constant
    if constant is None:
        return None
    if can_coerce(value.type, target):
        if value.type in WHOLE and isinstance(constant, int):
            if target == DOUBLE and abs(constant) <= _EXACT_IN_DOUBLE:
                return float(constant)
            if target in WHOLE or isinstance(target, Decimal):
                return constant
        if isinstance(target, Varchar) and isinstance(constant, str):
            return constant
    return NOT_CONSTANT


def _sql(sql: str, source: Type, target: Type, *, safe: bool) -> str:
    if source == target:
        return sql
    if source == UNKNOWN:
        return null_of(target)
    if safe and (kind_of(target) in _CONTAINERS or source == JSON):
        # A null inside would be a value that was not there: Trino gives up the whole container.
        return once(sql, lambda bound: f"TRY({_sql(bound, source, target, safe=False)})")
    return once(sql, lambda bound: _applied(Conversion(bound, source, target, safe)))


def _applied(conversion: Conversion) -> str:
    source, target = conversion.source, conversion.target
    if target == JSON:
        return to_json(conversion.value, source)
    if source == JSON:
        return from_json(conversion.value, target)
    if kind_of(source) == kind_of(target) and kind_of(source) in _CONTAINERS:
        return convert_nested(conversion, lambda sql, have, want: _sql(sql, have, want, safe=False))
    return _RULES[kind_of(source), kind_of(target)](conversion)


def _castable(source: Type, target: Type) -> bool:
    if JSON in (source, target):
        return becomes_json(source) if target == JSON else comes_from_json(target)
    match source, target:
        case Array(have), Array(want):
            return _castable(have, want)
        case Map(have_key, have_value), Map(want_key, want_value):
            return _castable(have_key, want_key) and _castable(have_value, want_value)
        case Row(have), Row(want):
            return len(have) == len(want) and all(
                _castable(mine.type, theirs.type) for mine, theirs in zip(have, want, strict=True)
            )
    if source in _UNBOUNDED and target != VARCHAR and isinstance(target, Varchar):
        return False
    return source in (target, UNKNOWN) or (kind_of(source), kind_of(target)) in _RULES
