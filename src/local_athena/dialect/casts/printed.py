"""Values as GetQueryResults prints them.

Source: https://docs.aws.amazon.com/athena/latest/ug/rows-and-structs.html; and Java's `toString` of numbers and maps.
"""

from __future__ import annotations

from local_athena.dialect.casts.texts import decimal_text
from local_athena.dialect.representation import field_names, literal, quoted
from local_athena.dialect.snippets import depth, once
from local_athena.types.model import (
    DATE,
    DOUBLE,
    INTERVAL_DAY_TO_SECOND,
    INTERVAL_YEAR_TO_MONTH,
    REAL,
    VARBINARY,
    Array,
    Char,
    Decimal,
    Map,
    Row,
    Time,
    Timestamp,
    Type,
)

_LEAST_DIGITS = 3
_MACROS: dict[Type, str] = {
    REAL: "trino_java_real_text",
    DOUBLE: "trino_java_floating_text",
    DATE: "trino_printed_date",
    VARBINARY: "trino_printed_bytes",
    INTERVAL_DAY_TO_SECOND: "trino_interval_text",
    INTERVAL_YEAR_TO_MONTH: "trino_months_text",
}
_OF_TIMES = {
    (Time, False): "trino_clock_text",
    (Time, True): "trino_printed_zoned_clock",
    (Timestamp, False): "trino_printed_timestamp",
    (Timestamp, True): "trino_printed_zoned",
}

PRINT_MACROS = (
    "trino_plus(t) AS (CASE WHEN year(t) > 9999 THEN '+' ELSE '' END)",
    "trino_printed_date(d) AS (trino_plus(d) || trino_date_text(d))",
    "trino_printed_timestamp(t, digits) AS (trino_plus(t) || trino_timestamp_text(t, digits))",
    "trino_printed_zoned(z, digits) AS (trino_plus(z.instant) || trino_zoned_text(z, digits))",
    "trino_printed_zoned_clock(z, digits) AS trino_zoned_clock_text(z, digits)",
    "trino_printed_bytes(b) AS rtrim(regexp_replace(lower(hex(b)), '(..)', '\\1 ', 'g'))",
)


def result_text(sql: str, type_: Type) -> str:
    """A DuckDB expression of type VARCHAR: the value as GetQueryResults prints it; null stays null."""
    return once(sql, lambda value: _text(value, type_))


def _text(value: str, type_: Type) -> str:
    match type_:
        case Char(length):
            return f"rpad({value}, {length}, ' ')"
        case Time(precision, zoned) | Timestamp(precision, zoned):
            return f"{_OF_TIMES[type(type_), zoned]}({value}, {max(precision, _LEAST_DIGITS)})"
        case Decimal():
            return decimal_text(value, type_)
        case Array(element):
            return f"('[' || array_to_string({_each(value, element)}, ', ') || ']')"
        case Map():
            return _map(value, type_)
        case Row():
            return _row(value, type_)
    macro = _MACROS.get(type_)
    return f"CAST({value} AS VARCHAR)" if macro is None else f"{macro}({value})"


def _inside(value: str, type_: Type) -> str:
    """Text of a value inside of another one: null is a word there."""
    return f"coalesce({result_text(value, type_)}, 'null')"


def _each(values: str, type_: Type) -> str:
    parameter = f"t{depth(type_)}"
    return f"list_transform({values}, lambda {parameter}: {_inside(parameter, type_)})"


def _map(value: str, type_: Map) -> str:
    keys = _each(f"map_keys({value})", type_.key)
    values = _each(f"map_values({value})", type_.value)
    hashed = f"list_transform(map_keys({value}), lambda k: CAST(k AS VARCHAR))"
    order = f"trino_hash_order({hashed}, {literal(str(type_.key))})"
    entries = f"list_transform({order}, lambda i: ({keys})[i] || '=' || ({values})[i])"
    return f"('{{' || array_to_string({entries}, ', ') || '}}')"


def _row(value: str, type_: Row) -> str:
    shown = (field.name or f"field{number}" for number, field in enumerate(type_.fields))
    members = zip(shown, field_names(type_), type_.fields, strict=True)
    parts = (
        f"{literal(f'{name}=')} || {_inside(f'{value}.{quoted(member)}', field.type)}"
        for name, member, field in members
    )
    text = " || ', ' || ".join(parts)
    return f"(CASE WHEN {value} IS NOT NULL THEN '{{' || {text} || '}}' END)"
