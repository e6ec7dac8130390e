"""ALTER TABLE."""

from __future__ import annotations

from collections.abc import Mapping

from local_athena.errors import AthenaError
from local_athena.statements import hive_types
from local_athena.statements.model import AlterTable
from local_athena.statements.properties import hive_properties
from local_athena.statements.reader import HiveReader
from local_athena.statements.tokens import DOUBLE, NUMBER, SINGLE
from local_athena.table_format import (
    AddColumns,
    AddPartitions,
    Alteration,
    ChangeColumn,
    ColumnDefinition,
    DropColumn,
    DropPartitions,
    RenamePartition,
    RenameTable,
    ReplaceColumns,
    SetLocation,
    SetProperties,
    UnsetProperties,
)

_OPERATORS = ("=", "<", ">", "!")


def alter(reader: HiveReader) -> AlterTable:
    """`ALTER TABLE name …`."""
    reader.expect("alter", "table")
    name = reader.table_name()
    alteration = _alteration(reader)
    reader.finish()
    return AlterTable(name, alteration)


def _alteration(reader: HiveReader) -> Alteration:
    match reader.one_of("add", "drop", "replace", "change", "rename", "set", "unset", "partition"):
        case "add":
            return AddColumns(hive_types.columns(reader)) if reader.accept("columns") else _add_partitions(reader)
        case "drop":
            return DropColumn(reader.identifier()) if reader.accept("column") else _drop_partitions(reader)
        case "replace":
            reader.expect("columns")
            return ReplaceColumns(hive_types.columns(reader))
        case "change":
            return _change_column(reader)
        case "rename":
            reader.expect("to")
            return RenameTable(reader.table_name(catalog=False))
        case "set":
            if reader.accept("tblproperties"):
                return SetProperties(hive_properties(reader))
            reader.expect("location")
            return SetLocation(reader.string())
        case "unset":
            reader.expect("tblproperties")
            return _unset_properties(reader)
        case _:
            return _of_partition(reader)


def _change_column(reader: HiveReader) -> ChangeColumn:
    reader.accept("column")
    old = reader.identifier()
    name = reader.identifier()
    type_ = hive_types.type_name(reader)
    given = reader.accept("comment")
    comment = reader.string() if given else ""
    first = reader.accept("first")
    after = reader.identifier() if not first and reader.accept("after") else None
    return ChangeColumn(old, ColumnDefinition(name, type_, comment), given, first, after)


def _unset_properties(reader: HiveReader) -> UnsetProperties:
    if_exists = reader.accept("if", "exists")
    reader.expect("(")
    names = [reader.string()]
    while reader.accept(","):
        names.append(reader.string())
    reader.expect(")")
    return UnsetProperties(tuple(names), if_exists)


def _add_partitions(reader: HiveReader) -> AddPartitions:
    if_not_exists = reader.accept("if", "not", "exists")
    found: list[tuple[Mapping[str, str | None], str | None]] = []
    reader.expect("partition")
    while True:
        values = partition_values(reader)
        found.append((values, reader.string() if reader.accept("location") else None))
        if not reader.accept("partition"):
            return AddPartitions(tuple(found), if_not_exists)


def _drop_partitions(reader: HiveReader) -> DropPartitions:
    if_exists = reader.accept("if", "exists")
    reader.expect("partition")
    found = [_condition(reader)]
    while reader.accept(","):
        reader.expect("partition")
        found.append(_condition(reader))
    return DropPartitions(tuple(found), if_exists)


def _of_partition(reader: HiveReader) -> RenamePartition | SetLocation:
    old = partition_values(reader)
    if reader.accept("rename", "to", "partition"):
        return RenamePartition(old, partition_values(reader))
    reader.expect("set", "location")
    return SetLocation(reader.string(), old)


def partition_values(reader: HiveReader) -> dict[str, str | None]:
    """`(column = value, …)`."""
    values: dict[str, str | None] = {}
    for column, operator, value in _condition(reader):
        if operator != "=":
            raise AthenaError("FAILED", f"ParseException mismatched input '{operator}' expecting '='")
        values[column] = value
    return values


def _condition(reader: HiveReader) -> tuple[tuple[str, str, str | None], ...]:
    """`(column operator value, …)`."""
    reader.expect("(")
    found = []
    while True:
        column = reader.identifier()
        operator = reader.one_of(*_OPERATORS)
        if (operator != "=" and reader.at("=")) or (operator == "<" and reader.at(">")):
            operator += reader.take().text
        found.append((column, operator, _constant(reader)))
        if not reader.accept(","):
            break
    reader.expect(")")
    return tuple(found)


def _constant(reader: HiveReader) -> str | None:
    """A string, a number, `date '…'`, `timestamp '…'`, TRUE, FALSE or NULL; as text."""
    if reader.accept("null"):
        return None
    if reader.token.word in ("true", "false"):
        return reader.take().word
    if reader.token.word in ("date", "timestamp"):
        reader.take()
    if reader.token.kind in (SINGLE, DOUBLE):
        return reader.string()
    sign = "-" if reader.accept("-") else ""
    if reader.token.kind != NUMBER:
        raise reader.failure("a constant")
    return sign + reader.take().text
