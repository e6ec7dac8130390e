"""SHOW and DESCRIBE."""

from __future__ import annotations

from local_athena.catalogue.model import TableName
from local_athena.errors import AthenaError, not_supported
from local_athena.statements.alterations import partition_values
from local_athena.statements.model import (
    Describe,
    ShowColumns,
    ShowCreateTable,
    ShowCreateView,
    ShowDatabases,
    ShowPartitions,
    ShowProperties,
    ShowTables,
    Statement,
)
from local_athena.statements.reader import HiveReader, Reader
from local_athena.statements.tokens import END

_KINDS = ("databases", "schemas", "tables", "views", "columns", "partitions", "create", "tblproperties")
_OF_TRINO_ONLY = ("catalogs", "functions", "grants", "role", "roles", "session", "stats", "branches")


def show(reader: HiveReader) -> Statement:
    """`SHOW …`."""
    reader.expect("show")
    if reader.token.word in _OF_TRINO_ONLY:
        raise not_supported(f"SHOW {reader.token.text.upper()}: queries of this type are not supported")
    kind = reader.one_of(*_KINDS)
    statement = _shown(reader, kind)
    reader.finish()
    return statement


def _shown(reader: HiveReader, kind: str) -> Statement:
    match kind:
        case "databases" | "schemas":
            return ShowDatabases(reader.string() if reader.accept("like") else None)
        case "tables" | "views":
            database = reader.identifier() if _accept_in(reader) else reader.database
            like = reader.accept("like")
            pattern = reader.string() if like or not reader.at_end else None
            return ShowTables(database, pattern, views=kind == "views")
        case "columns":
            return ShowColumns(_name_of_columns(reader))
        case "partitions":
            return ShowPartitions(reader.table_name(catalog=False))
        case "tblproperties":
            name = reader.table_name(catalog=False)
            key = None
            if reader.accept("("):
                key = reader.string()
                reader.expect(")")
            return ShowProperties(name, key)
        case _:
            if reader.one_of("table", "view") == "table":
                return ShowCreateTable(reader.table_name(catalog=False))
            return ShowCreateView(_view_name(reader))


def _accept_in(reader: HiveReader) -> bool:
    return reader.accept("in") or reader.accept("from")


def _name_of_columns(reader: HiveReader) -> TableName:
    """`FROM|IN [database.]table`, or `FROM|IN table FROM|IN database`."""
    if not _accept_in(reader):
        raise reader.failure("'FROM'", "'IN'")
    name = reader.table_name(catalog=False)
    if _accept_in(reader):
        return TableName(reader.identifier(), name.table)
    return name


def _view_name(reader: HiveReader) -> TableName:
    """SHOW CREATE VIEW belongs to Trino's language: it takes double quotes and a catalog."""
    trino = Reader(reader.sql, reader.database)
    trino.expect("show", "create", "view")
    name = trino.table_name()
    trino.finish()
    while reader.token.kind != END:
        reader.take()
    return name


def describe(reader: HiveReader) -> Describe:
    """`DESCRIBE [FORMATTED|EXTENDED] [database.]table [PARTITION (column = value, …)]`."""
    reader.one_of("describe", "desc")
    if reader.at("input") or reader.at("output"):
        raise not_supported(f"DESCRIBE {reader.token.text.upper()} is not supported")
    formatted = reader.accept("formatted")
    extended = not formatted and reader.accept("extended")
    if reader.at("table"):
        raise AthenaError("FAILED", "SemanticException [Error 10001]: Table not found table")
    name = reader.table_name(catalog=False)
    partition = partition_values(reader) if reader.accept("partition") else None
    if not reader.at_end:
        raise not_supported("DESCRIBE of a column is not emulated")
    reader.finish()
    return Describe(name, formatted, extended, partition)
