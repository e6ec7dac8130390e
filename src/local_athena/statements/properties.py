"""Lists of properties: Hive's of strings, Trino's of expressions."""

from __future__ import annotations

from local_athena.errors import AthenaError
from local_athena.statements.reader import HiveReader, Reader
from local_athena.statements.tokens import NUMBER, SINGLE
from local_athena.table_format import PropertyValue


def hive_properties(reader: HiveReader) -> dict[str, str]:
    """`('key' = 'value', …)`; keys as written."""
    properties: dict[str, str] = {}
    reader.expect("(")
    while True:
        key = reader.string()
        reader.expect("=")
        properties[key] = reader.string()
        if not reader.accept(","):
            break
    reader.expect(")")
    return properties


def trino_properties(reader: Reader) -> dict[str, PropertyValue]:
    """`(name = expression, …)`; names in lower case, values strings, integers, booleans or arrays of strings."""
    properties: dict[str, PropertyValue] = {}
    reader.expect("(")
    while True:
        start = reader.token
        name = reader.identifier()
        if name in properties:
            raise AthenaError("DUPLICATE_PROPERTY", f"{reader.where(start)}Duplicate property: {name}")
        reader.expect("=")
        properties[name] = _value(reader)
        if not reader.accept(","):
            break
    reader.expect(")")
    return properties


def _value(reader: Reader) -> PropertyValue:
    if reader.token.kind == SINGLE:
        return reader.string()
    if reader.token.kind == NUMBER:
        return reader.integer()
    if reader.token.word in ("true", "false"):
        return reader.take().word == "true"
    if reader.accept("array", "["):
        values: list[str] = []
        while not reader.accept("]"):
            if values:
                reader.expect(",")
            values.append(reader.string())
        return tuple(values)
    raise reader.failure("<expression>")
