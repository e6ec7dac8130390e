"""Casts between arrays, maps and rows: element by element."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.dialect.casts.conversion import Conversion
from local_athena.dialect.representation import field_names, quoted
from local_athena.dialect.snippets import checked, depth
from local_athena.types.model import Array, Map, Row, Type

Convert = Callable[[str, Type, Type], str]


def convert_nested(cast: Conversion, convert: Convert) -> str:
    """A cast of a container.

    Args:
        cast: what is cast; its source and target are the same kind of container.
        convert: casts an element: its SQL, its type, the type it becomes.
    """
    match cast.source, cast.target:
        case Array(element), Array(wanted):
            return _elements(cast.value, element, wanted, convert)
        case Map(key, value), Map(wanted_key, wanted_value):
            return _entries(cast, (key, value), (wanted_key, wanted_value), convert)
        case Row() as row, Row() as wanted:
            return _fields(cast.value, row, wanted, convert)
    raise AssertionError(f"no container: {cast.source}")


def _elements(array: str, element: Type, wanted: Type, convert: Convert) -> str:
    parameter = f"e{depth(wanted)}"
    converted = convert(parameter, element, wanted)
    return array if converted == parameter else f"list_transform({array}, lambda {parameter}: {converted})"


def _entries(cast: Conversion, have: tuple[Type, Type], want: tuple[Type, Type], convert: Convert) -> str:
    value = cast.value
    keys = _elements(f"map_keys({value})", have[0], want[0], convert)
    values = _elements(f"map_values({value})", have[1], want[1], convert)
    if keys == f"map_keys({value})" and values == f"map_values({value})":
        return value
    made = f"map({keys}, {values})"
    if have[0] == want[0]:
        return made
    return checked(value, f"length(list_distinct({keys})) = cardinality({value})", made, cast.fails("'duplicate keys'"))


def _fields(value: str, row: Row, wanted: Row, convert: Convert) -> str:
    names, wanted_names = field_names(row), field_names(wanted)
    members = [f"{value}.{quoted(name)}" for name in names]
    converted = [
        convert(member, field.type, target.type)
        for member, field, target in zip(members, row.fields, wanted.fields, strict=True)
    ]
    if converted == members and names == wanted_names:
        return value
    packed = ", ".join(f"{quoted(name)} := {each}" for name, each in zip(wanted_names, converted, strict=True))
    return f"(CASE WHEN {value} IS NOT NULL THEN struct_pack({packed}) END)"
