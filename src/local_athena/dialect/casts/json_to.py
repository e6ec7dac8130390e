"""Casts to JSON.

Source: https://trino.io/docs/current/functions/json.html#cast-to-json
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from local_athena.dialect.casts.texts import decimal_text
from local_athena.dialect.representation import field_names, literal, quoted
from local_athena.dialect.snippets import depth, once
from local_athena.types.model import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    JSON,
    REAL,
    SMALLINT,
    TINYINT,
    UNKNOWN,
    Array,
    Decimal,
    Map,
    Row,
    Timestamp,
    Type,
    Varchar,
)

_PLAIN = (BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT)
_FLOATING = (REAL, DOUBLE)


def becomes_json(type_: Type) -> bool:
    """Whether values of the type can be cast to JSON."""
    match type_:
        case Array(element):
            return becomes_json(element)
        case Map(key, value):
            return _is_key(key) and becomes_json(value)
        case Row(fields):
            return all(becomes_json(field.type) for field in fields)
        case Timestamp(_, zoned):
            return not zoned
    return type_ in (JSON, DATE, UNKNOWN) or _is_key(type_)


def _is_key(type_: Type) -> bool:
    return type_ in (*_PLAIN, *_FLOATING) or isinstance(type_, (Varchar, Decimal))


def to_json(value: str, type_: Type) -> str:
    """The canonical text of a value; null stays null."""
    match type_:
        case Varchar():
            return _quoted(value)
        case Array(element):
            return f"('[' || array_to_string({_each(value, element, _inside)}, ',') || ']')"
        case Map():
            return _object(value, type_)
        case Row():
            return _row(value, type_)
        case Timestamp(precision, False):
            return f"('\"' || trino_timestamp_text({value}, {precision}) || '\"')"
    if type_ == DATE:
        return f"('\"' || trino_date_text({value}) || '\"')"
    if type_ in _FLOATING:
        text = _key_text(value, type_)
        return f"(CASE WHEN isfinite({value}) THEN {text} ELSE '\"' || {text} || '\"' END)"
    return value if type_ == JSON else _key_text(value, type_)


def _key_text(value: str, type_: Type) -> str:
    if isinstance(type_, Decimal):
        return decimal_text(value, type_)
    if type_ in _FLOATING:
        return f"{'trino_java_real_text' if type_ == REAL else 'trino_java_floating_text'}({value})"
    return f"CAST({value} AS VARCHAR)"


def _quoted(text: str) -> str:
    return f"trino_json_of_text({text})"


def _inside(value: str, type_: Type) -> str:
    return f"coalesce({to_json(value, type_)}, 'null')"


def _each(values: str, type_: Type, text: Callable[[str, Type], str]) -> str:
    name = f"j{depth(type_)}"
    return f"list_transform({values}, lambda {name}: {text(name, type_)})"


def _object(value: str, type_: Map) -> str:
    keys = _each(f"map_keys({value})", type_.key, _key_text)
    values = _each(f"map_values({value})", type_.value, _inside)
    entries = f"list_transform(list_sort(list_zip({keys}, {values})), lambda e: {_quoted('e[1]')} || ':' || e[2])"
    # DuckDB zips nulls to an empty list.
    return f"(CASE WHEN {value} IS NOT NULL THEN '{{' || array_to_string({entries}, ',') || '}}' END)"


def _row(value: str, type_: Row) -> str:
    parts = []
    for name, field in zip(field_names(type_), type_.fields, strict=True):
        member = once(f"{value}.{quoted(name)}", partial(_inside, type_=field.type))
        parts.append(f"{_quoted(literal(field.name or ''))} || ':' || {member}")
    text = " || ',' || ".join(parts)
    return f"(CASE WHEN {value} IS NOT NULL THEN '{{' || {text} || '}}' END)"
