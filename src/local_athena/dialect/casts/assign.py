"""What a column of a table takes: the conversions of INSERT, UPDATE and MERGE."""

from __future__ import annotations

from dataclasses import replace

from local_athena.dialect.casts.convert import cast, coerce
from local_athena.dialect.snippets import checked, fail, once
from local_athena.dialect.typed import NOT_CONSTANT, Typed
from local_athena.errors import AthenaError
from local_athena.types.coercion import can_coerce, common_type
from local_athena.types.model import Array, Char, Map, Row, Type, Varchar

_TEXTS = (Varchar, Char)


def can_assign(source: Type, target: Type) -> bool:
    """Whether a column takes a type: if the two meet in one, even where the column's is the narrower."""
    if can_coerce(source, target) or (isinstance(source, _TEXTS) and isinstance(target, _TEXTS)):
        return True
    if _holds_bounded_text(target):
        return _widens(source, target)
    return common_type(source, target) is not None


def assign(value: Typed, target: Type) -> Typed:
    """Converts for a column: narrower, and with checks.

    Raises:
        AthenaError: TYPE_MISMATCH if the column cannot take the type.
    """
    source = value.type
    if can_coerce(source, target):
        return coerce(value, target)
    if not can_assign(source, target):
        raise AthenaError("TYPE_MISMATCH", f"Cannot cast {source} to {target}")
    if not isinstance(target, _TEXTS):
        return cast(value, target)
    message = f"Cannot truncate non-space characters when casting from {source} to {target} on INSERT"
    sql = once(
        value.sql,
        lambda text: checked(
            text,
            f"length(rtrim({text}, ' ')) <= {target.length}",
            cast(replace(value, sql=text), target).sql,
            fail("INVALID_CAST_ARGUMENT", message),
        ),
    )
    return replace(value, sql=sql, type=target, constant=NOT_CONSTANT)


def _widens(source: Type, target: Type) -> bool:
    """Whether each part of a type is coerced to the one of another, whatever the fields of rows are called."""
    match source, target:
        case Array(one), Array(other):
            return _widens(one, other)
        case Map(key, value), Map(other_key, other_value):
            return _widens(key, other_key) and _widens(value, other_value)
        case Row(ones), Row(others):
            same = len(ones) == len(others)
            return same and all(_widens(one.type, other.type) for one, other in zip(ones, others, strict=True))
    return can_coerce(source, target)


def _holds_bounded_text(type_: Type) -> bool:
    """Whether texts of a most length are inside of an array, a map or a row: Trino does not narrow these."""
    match type_:
        case Array(element):
            return _is_bounded(element) or _holds_bounded_text(element)
        case Map(key, value):
            return any(_is_bounded(part) or _holds_bounded_text(part) for part in (key, value))
        case Row(fields):
            return any(_is_bounded(field.type) or _holds_bounded_text(field.type) for field in fields)
    return False


def _is_bounded(type_: Type) -> bool:
    return isinstance(type_, Char) or (isinstance(type_, Varchar) and type_.length is not None)
