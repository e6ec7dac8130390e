"""CREATE [EXTERNAL] TABLE with columns, DROP TABLE and MSCK REPAIR TABLE."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local_athena.statements import hive_types
from local_athena.statements.model import CreateTable, DropTable, Repair
from local_athena.statements.properties import hive_properties
from local_athena.statements.reader import HiveReader
from local_athena.statements.tokens import NUMBER
from local_athena.table_format import Definition, Transform


def drop_table(reader: HiveReader) -> DropTable:
    """`DROP TABLE [IF EXISTS] name`."""
    reader.expect("drop", "table")
    if_exists = reader.accept("if", "exists")
    name = reader.table_name(catalog=False)
    reader.finish()
    return DropTable(name, if_exists)


def repair(reader: HiveReader) -> Repair:
    """`MSCK REPAIR TABLE name`."""
    reader.expect("msck", "repair", "table")
    name = reader.table_name(catalog=False)
    reader.finish()
    return Repair(name)


@dataclass
class _Clauses:
    """What the clauses after the columns have said so far."""

    said: dict[str, Any] = field(default_factory=dict)
    serde_properties: dict[str, str] = field(default_factory=dict)


def create_table(reader: HiveReader) -> CreateTable:
    """`CREATE [EXTERNAL] TABLE [IF NOT EXISTS] name (…)` with clauses in Hive's order."""
    reader.expect("create")
    external = reader.accept("external")
    reader.expect("table")
    if_not_exists = reader.accept("if", "not", "exists")
    name = reader.table_name(catalog=False)
    columns = hive_types.columns(reader)
    clauses = _Clauses()
    for words, read in _CLAUSES:
        if reader.accept(*words):
            read(reader, clauses)
    reader.finish()
    definition = Definition(name, columns, external=external, serde_properties=clauses.serde_properties, **clauses.said)
    return CreateTable(definition, if_not_exists)


def _comment(reader: HiveReader, clauses: _Clauses) -> None:
    clauses.said["comment"] = reader.string()


def _partitioned_by(reader: HiveReader, clauses: _Clauses) -> None:
    """Typed columns of a Hive table, or transforms of an Iceberg table."""
    ahead = [token.text for token in reader.rest[1:4]]
    if len(ahead) > 1 and ahead[1] in (",", ")", "("):
        clauses.said["transforms"] = _transforms(reader)
    else:
        clauses.said["partitions"] = hive_types.columns(reader)


def _transforms(reader: HiveReader) -> tuple[Transform, ...]:
    reader.expect("(")
    found = [_transform(reader)]
    while reader.accept(","):
        found.append(_transform(reader))
    reader.expect(")")
    return tuple(found)


def _transform(reader: HiveReader) -> Transform:
    name = reader.identifier()
    if not reader.accept("("):
        return Transform("identity", name)
    parameter = None
    if reader.token.kind == NUMBER:
        parameter = reader.integer()
        reader.expect(",")
    column = reader.identifier()
    reader.expect(")")
    return Transform(name, column, parameter)


def _clustered_by(reader: HiveReader, clauses: _Clauses) -> None:
    reader.expect("(")
    columns = [reader.identifier()]
    while reader.accept(","):
        columns.append(reader.identifier())
    reader.expect(")", "into")
    clauses.said["bucketed_by"] = tuple(columns)
    clauses.said["bucket_count"] = reader.integer()
    reader.expect("buckets")


_DELIMITERS = (
    (("fields", "terminated", "by"), "field.delim"),
    (("escaped", "by"), "escape.delim"),
    (("collection", "items", "terminated", "by"), "collection.delim"),
    (("map", "keys", "terminated", "by"), "mapkey.delim"),
    (("lines", "terminated", "by"), "line.delim"),
    (("null", "defined", "as"), "serialization.null.format"),
)


def _row_format(reader: HiveReader, clauses: _Clauses) -> None:
    if reader.accept("serde"):
        clauses.said["serde"] = reader.string()
        if reader.accept("with", "serdeproperties"):
            clauses.serde_properties.update(hive_properties(reader))
        return
    if not reader.accept("delimited"):
        raise reader.failure("'DELIMITED'", "'SERDE'")
    for words, name in _DELIMITERS:
        if reader.accept(*words):
            clauses.serde_properties[name] = reader.string()
            if name == "field.delim":
                clauses.serde_properties["serialization.format"] = clauses.serde_properties[name]


def _serde_properties(reader: HiveReader, clauses: _Clauses) -> None:
    clauses.serde_properties.update(hive_properties(reader))


def _stored_as(reader: HiveReader, clauses: _Clauses) -> None:
    if reader.accept("inputformat"):
        clauses.said["input_format"] = reader.string()
        reader.expect("outputformat")
        clauses.said["output_format"] = reader.string()
    else:
        clauses.said["stored_as"] = reader.identifier().upper()


def _location(reader: HiveReader, clauses: _Clauses) -> None:
    clauses.said["location"] = reader.string()


def _properties(reader: HiveReader, clauses: _Clauses) -> None:
    clauses.said["properties"] = hive_properties(reader)


_CLAUSES: tuple[tuple[tuple[str, ...], Callable[[HiveReader, _Clauses], None]], ...] = (
    (("comment",), _comment),
    (("partitioned", "by"), _partitioned_by),
    (("clustered", "by"), _clustered_by),
    (("row", "format"), _row_format),
    (("stored", "as"), _stored_as),
    (("with", "serdeproperties"), _serde_properties),
    (("location",), _location),
    (("tblproperties",), _properties),
)
