"""Columns and their types in DDL."""

from __future__ import annotations

from local_athena.statements.reader import HiveReader
from local_athena.statements.tokens import WORD
from local_athena.table_format import ColumnDefinition
from local_athena.types.parse import hive_type

_NESTED = {"array": 1, "map": 2}


def columns(reader: HiveReader) -> tuple[ColumnDefinition, ...]:
    """`(name type [COMMENT '…'], …)`."""
    reader.expect("(")
    found = [column(reader)]
    while reader.accept(","):
        found.append(column(reader))
    reader.expect(")")
    return tuple(found)


def column(reader: HiveReader) -> ColumnDefinition:
    """`name type [COMMENT '…']`."""
    name = reader.identifier()
    type_ = type_name(reader)
    comment = reader.string() if reader.accept("comment") else ""
    return ColumnDefinition(name, type_, comment)


def type_name(reader: HiveReader) -> str:
    """A type, written as Glue holds it: lower case, no blanks.

    Raises:
        AthenaError: it is no type of DDL.
    """
    text = _type(reader)
    hive_type(text)
    return text


def _type(reader: HiveReader) -> str:
    if reader.token.kind != WORD:
        raise reader.failure("type")
    name = reader.take().word
    if name in _NESTED:
        reader.expect("<")
        parts = [_type(reader)]
        for _ in range(_NESTED[name] - 1):
            reader.expect(",")
            parts.append(_type(reader))
        reader.expect(">")
        return f"{name}<{','.join(parts)}>"
    if name == "struct":
        reader.expect("<")
        fields = [_field(reader)]
        while reader.accept(","):
            fields.append(_field(reader))
        reader.expect(">")
        return f"struct<{','.join(fields)}>"
    if name == "double":
        reader.accept("precision")
    numbers = []
    if reader.accept("("):
        numbers.append(str(reader.integer()))
        while reader.accept(","):
            numbers.append(str(reader.integer()))
        reader.expect(")")
    return f"{name}({','.join(numbers)})" if numbers else name


def _field(reader: HiveReader) -> str:
    name = reader.identifier()
    reader.expect(":")
    type_ = _type(reader)
    if reader.accept("comment"):
        reader.string()
    return f"{name}:{type_}"
