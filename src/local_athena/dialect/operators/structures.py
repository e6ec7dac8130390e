"""Arrays, maps and rows: making them, and taking parts of them."""

from __future__ import annotations

from collections.abc import Sequence

from local_athena.dialect.casts import coerce, result_text
from local_athena.dialect.operators.combine import combined, meeting
from local_athena.dialect.operators.keys import is_plain, key_sql
from local_athena.dialect.representation import duckdb_type, field_names, literal, quoted
from local_athena.dialect.snippets import fail, once_each
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError, raise_sql
from local_athena.types.coercion import can_coerce, common_type
from local_athena.types.model import BIGINT, UNKNOWN, Array, Field, Map, Row

_INVALID = "INVALID_FUNCTION_ARGUMENT"
_ZERO = fail(_INVALID, "SQL array indices start at 1")


def array(elements: Sequence[Typed]) -> Typed:
    """`ARRAY[…]`."""
    element = meeting("All ARRAY elements", elements) if elements else UNKNOWN
    type_ = Array(element)
    listed = ", ".join(coerce(each, element).sql for each in elements)
    return combined(f"CAST([{listed}] AS {duckdb_type(type_)})", type_, *elements)


def row(fields: Sequence[Typed]) -> Typed:
    """`ROW(…)` or `(a, b)`: anonymous fields."""
    type_ = Row(tuple(Field(None, field.type) for field in fields))
    packed = (f"{quoted(name)} := {field.sql}" for name, field in zip(field_names(type_), fields, strict=True))
    return combined(f"CAST(struct_pack({', '.join(packed)}) AS {duckdb_type(type_)})", type_, *fields)


def dereference(value: Typed, field: str) -> Typed:
    """`value.field` of a row."""
    if not isinstance(value.type, Row):
        raise AthenaError("TYPE_MISMATCH", f"Expression {value.sql} is not of type ROW")
    for name, member in zip(field_names(value.type), value.type.fields, strict=True):
        if member.name is not None and member.name.lower() == field.lower():
            return combined(f"struct_extract({value.sql}, {literal(name)})", member.type, value)
    raise AthenaError("COLUMN_NOT_FOUND", f"Column '{field}' cannot be resolved")


def subscript(value: Typed, index: Typed) -> Typed:
    """`value[index]` of an array, a map or a row."""
    match value.type:
        case Array() if can_coerce(index.type, BIGINT):
            return _element(value, coerce(index, BIGINT), value.type)
        case Map(key, _) if common_type(key, index.type) is not None:
            return _entry(value, index, value.type)
        case Row():
            return _field(value, index, value.type)
    raise AthenaError("TYPE_MISMATCH", f"Cannot use {index.type} for subscript of {value.type}")


def _element(value: Typed, index: Typed, type_: Array) -> Typed:
    def sql(values: str, position: str) -> str:
        negative = raise_sql(_INVALID, f"'Array subscript is negative: ' || {position}")
        message = (
            f"'Array subscript must be less than or equal to array length: ' || {position} || ' > ' || length({values})"
        )
        return (
            f"(CASE WHEN {position} BETWEEN 1 AND length({values}) THEN {values}[{position}]"
            f" WHEN {values} IS NULL THEN NULL WHEN {position} = 0 THEN {_ZERO} WHEN {position} < 0 THEN {negative}"
            f" WHEN {position} IS NOT NULL THEN {raise_sql(_INVALID, message)} END)"
        )

    return combined(once_each((value.sql, index.sql), sql), type_.element, value, index)


def _entry(value: Typed, index: Typed, type_: Map) -> Typed:
    key = common_type(type_.key, index.type)
    assert key is not None, "the caller looked"
    mapped = coerce(value, Map(key, type_.value))
    wanted = coerce(index, key)

    def sql(entries: str, position: str) -> str:
        missing = fail(_INVALID, "Key not present in map")
        if not isinstance(key, (Array, Map, Row)):
            missing = raise_sql(_INVALID, f"'Key not present in map: ' || {result_text(position, key)}")
        keys, sought = f"map_keys({entries})", position
        if not is_plain(key):
            keys = f"list_transform({keys}, lambda k: {key_sql('k', key)})"
            sought = key_sql(position, key)
        return (
            f"(CASE WHEN list_contains({keys}, {sought}) THEN map_values({entries})[list_position({keys}, {sought})]"
            f" WHEN {entries} IS NOT NULL AND {position} IS NOT NULL THEN {missing} END)"
        )

    return combined(once_each((mapped.sql, wanted.sql), sql), type_.value, value, index)


def _field(value: Typed, index: Typed, type_: Row) -> Typed:
    position = index.constant
    if not isinstance(position, int) or isinstance(position, bool):
        raise AthenaError("EXPRESSION_NOT_CONSTANT", "Subscript expression on ROW requires a constant index")
    if position < 1:
        raise AthenaError(_INVALID, f"Invalid subscript index: {position}. ROW indices start at 1")
    if position > len(type_.fields):
        count = len(type_.fields)
        raise AthenaError(_INVALID, f"Subscript index out of bounds: {position}, max value is {count}")
    name = field_names(type_)[position - 1]
    return combined(f"struct_extract({value.sql}, {literal(name)})", type_.fields[position - 1].type, value)
