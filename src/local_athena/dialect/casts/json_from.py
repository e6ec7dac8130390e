"""Casts from JSON.

Source: https://trino.io/docs/current/functions/json.html#cast-from-json
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from local_athena.dialect.casts import numbers, texts
from local_athena.dialect.casts.conversion import Conversion, Rule, kind_of
from local_athena.dialect.representation import duckdb_type, field_names, literal, quoted
from local_athena.dialect.snippets import depth, once, once_each, or_else
from local_athena.errors import raise_sql
from local_athena.types.model import (
    BOOLEAN,
    DOUBLE,
    JSON,
    VARCHAR,
    Array,
    Decimal,
    Map,
    Row,
    Type,
    Varchar,
)

_RULES: dict[tuple[str, str], Rule] = {**numbers.RULES, **texts.RULES}
_SCALARS = ("boolean", "whole", "real", "double", "decimal", "varchar")
_NUMBER_WITH_FRACTION = "[.eE]"

JSON_MACROS = (
    # DuckDB quotes a text like Trino, but for characters outside of the basic plane.
    r"trino_json_of_text(x) AS (CASE WHEN regexp_matches(x, '[\x{10000}-\x{10ffff}]') THEN trino_json_quoted(x)"
    " ELSE CAST(to_json(x) AS VARCHAR) END)",
    # The values of a canonical array or object, as canonical texts.
    "trino_json_values(j, path) AS list_transform(CAST(json_extract(j, path) AS VARCHAR[]),"
    " lambda x: CASE WHEN contains(x, '.') THEN trino_canonical_json(x) ELSE x END)",
)


def comes_from_json(type_: Type) -> bool:
    """Whether JSON can be cast to the type."""
    match type_:
        case Array(element):
            return comes_from_json(element)
        case Map(key, value):
            return kind_of(key) in _SCALARS and comes_from_json(value)
        case Row(fields):
            return all(comes_from_json(field.type) for field in fields)
    return type_ == JSON or kind_of(type_) in _SCALARS


def from_json(json: str, type_: Type) -> str:
    """A value of a canonical text, which is cheap; what does not fit is an error."""
    return _value(json, type_, _Whole(json, type_))


class _Whole:
    """The cast of which a part is done, for its messages."""

    def __init__(self, json: str, type_: Type) -> None:
        self.json = json
        self.type = type_

    def fails(self, message_sql: str) -> str:
        """Raises the error."""
        if not isinstance(self.type, (Array, Map, Row)):
            name = "varchar" if isinstance(self.type, Varchar) else str(self.type)
            name = name.upper() if isinstance(self.type, Decimal) else name
            return raise_sql("INVALID_CAST_ARGUMENT", f"'Cannot cast ''' || {self.json} || ''' to {name}'")
        message = f"'Cannot cast to {self.type}. ' || {message_sql} || chr(10) || {self.json}"
        return raise_sql("INVALID_CAST_ARGUMENT", message)


def _value(json: str, type_: Type, whole: _Whole) -> str:
    match type_:
        case Array(element):
            return _array(json, element, whole)
        case Map():
            return _map(json, type_, whole)
        case Row():
            return _row(json, type_, whole)
    if type_ == JSON:
        return json
    unexpected = whole.fails(f"'Unexpected token when cast to {type_}: ' || left({json}, 1)")
    return (
        f"(CASE left({json}, 1) WHEN 'n' THEN NULL WHEN '[' THEN {unexpected} WHEN '{{' THEN {unexpected}"
        f" WHEN '\"' THEN {_of_text(json, type_)} WHEN 't' THEN {_of_boolean(json, type_)}"
        f" WHEN 'f' THEN {_of_boolean(json, type_)} ELSE CASE WHEN {json} IS NOT NULL"
        f" THEN {_of_number(json, type_)} END END)"
    )


def _of_text(json: str, type_: Type) -> str:
    text = f"json_extract_string({json}, '$')"
    if isinstance(type_, Varchar):
        return once(text, lambda value: texts.as_text(str)(Conversion(value, VARCHAR, type_, safe=False)))
    return _converted(text, VARCHAR, type_)


def _of_boolean(json: str, type_: Type) -> str:
    return _converted(f"({json} = 'true')", BOOLEAN, type_)


def _of_number(json: str, type_: Type) -> str:
    if kind_of(type_) == "decimal":
        shown = str(type_).upper()
        failure = raise_sql("INVALID_CAST_ARGUMENT", literal(f"Cannot cast input json to {shown}"))
        return or_else(f"TRY_CAST({json} AS {duckdb_type(type_)})", failure)
    floating = _converted(f"CAST({json} AS DOUBLE)", DOUBLE, type_)
    if kind_of(type_) in ("real", "double", "boolean"):
        return floating
    if isinstance(type_, Varchar):
        whole = json
    else:
        failure = raise_sql("INVALID_CAST_ARGUMENT", f"'Cannot cast ''' || {json} || ''' to {type_}'")
        whole = or_else(f"TRY_CAST({json} AS {duckdb_type(type_)})", failure)
    return f"CASE WHEN regexp_matches({json}, '{_NUMBER_WITH_FRACTION}') THEN {floating} ELSE {whole} END"


def _converted(sql: str, source: Type, target: Type) -> str:
    if source == target:
        return sql
    rule = _RULES[kind_of(source), kind_of(target)]
    return once(sql, lambda value: rule(Conversion(value, source, target, safe=False)))


def _shaped(json: str, expected: str, shapes: dict[str, str], whole: _Whole) -> str:
    """By the first character; `null` is null."""
    branches = " ".join(f"WHEN '{mark}' THEN {result}" for mark, result in shapes.items())
    token = f"CASE WHEN left({json}, 1) IN ('[', '{{') THEN left({json}, 1) ELSE json_extract_string({json}, '$') END"
    wrong = whole.fails(f"'Expected a json {expected}, but got ' || {token}")
    return (
        f"(CASE left({json}, 1) {branches} WHEN 'n' THEN NULL ELSE CASE WHEN {json} IS NOT NULL THEN {wrong} END END)"
    )


def _array(json: str, element: Type, whole: _Whole) -> str:
    name = f"j{depth(element)}"
    values = f"trino_json_values({json}, '$[*]')"
    made = f"list_transform({values}, lambda {name}: {_value(name, element, whole)})"
    return _shaped(json, "array", {"[": made}, whole)


def _map(json: str, type_: Map, whole: _Whole) -> str:
    name = f"j{depth(type_)}"
    keys = f"list_transform(json_keys({json}), lambda {name}: {_converted(name, VARCHAR, type_.key)})"
    values = f"list_transform(trino_json_values({json}, '$.*'), lambda {name}: {_value(name, type_.value, whole)})"
    made = f"map({keys}, {values})"
    if not isinstance(type_.key, Varchar):
        twice = whole.fails("'Duplicate map keys are not allowed'")
        made = f"CASE WHEN length(list_distinct({keys})) < length({keys}) THEN {twice} ELSE {made} END"
    return _shaped(json, "object", {"{": made}, whole)


def _row(json: str, type_: Row, whole: _Whole) -> str:
    keys = f"list_transform(json_keys({json}), lambda k: lower(k))"
    of_object = once_each(
        (keys, f"trino_json_values({json}, '$.*')"), lambda names, values: _of_object(names, values, type_, whole)
    )
    if any(field.name is None for field in type_.fields):
        of_object = whole.fails("'Cannot cast a JSON object to anonymous row type. Input must be a JSON array.'")
    of_array = once_each((f"trino_json_values({json}, '$[*]')",), lambda values: _of_array(values, type_, whole))
    return _shaped(json, "array or object", {"[": of_array, "{": of_object}, whole)


def _of_object(keys: str, values: str, type_: Row, whole: _Whole) -> str:
    names = [literal((field.name or "").lower()) for field in type_.fields]
    packed = _packed(type_, (f"{values}[list_position({keys}, {name})]" for name in names), whole)
    for name, field in zip(names, type_.fields, strict=True):
        twice = whole.fails(literal(f"Duplicate field: {(field.name or '').lower()}"))
        packed = f"CASE WHEN len(list_filter({keys}, lambda k: k = {name})) > 1 THEN {twice} ELSE {packed} END"
    return packed


def _of_array(values: str, type_: Row, whole: _Whole) -> str:
    count = len(type_.fields)
    packed = _packed(type_, (f"{values}[{position}]" for position in range(1, count + 1)), whole)
    more = whole.fails(f"'Expected json array ending, but got ' || {values}[{count + 1}]")
    fewer = whole.fails("'Unexpected token when cast to a field: ]'")
    return (
        f"CASE WHEN length({values}) > {count} THEN {more} WHEN length({values}) < {count} THEN {fewer}"
        f" ELSE {packed} END"
    )


def _packed(type_: Row, values: Iterable[str], whole: _Whole) -> str:
    members = zip(field_names(type_), type_.fields, values, strict=True)
    packed = (
        f"{quoted(name)} := {once(value, partial(_value, type_=field.type, whole=whole))}"
        for name, field, value in members
    )
    return f"struct_pack({', '.join(packed)})"
