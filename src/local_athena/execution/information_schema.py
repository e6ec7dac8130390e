"""`information_schema`: what there is, as tables.

Sources: https://docs.aws.amazon.com/athena/latest/ug/querying-glue-catalog.html and
https://trino.io/docs/current/sql/show-columns.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from local_athena.catalogue.model import Column, Table, TableName, View
from local_athena.catalogue.views import is_view
from local_athena.dialect.plan import Predicate, Scan
from local_athena.dialect.representation import duckdb_type, literal, quoted
from local_athena.errors import AthenaError
from local_athena.store import Entry, Glue, MissingError
from local_athena.types.model import BIGINT, VARCHAR

DATABASE = "information_schema"
_CATALOG = "awsdatacatalog"

_COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "schemata": (Column("catalog_name", VARCHAR), Column("schema_name", VARCHAR)),
    "tables": (
        Column("table_catalog", VARCHAR),
        Column("table_schema", VARCHAR),
        Column("table_name", VARCHAR),
        Column("table_type", VARCHAR),
    ),
    "columns": (
        Column("table_catalog", VARCHAR),
        Column("table_schema", VARCHAR),
        Column("table_name", VARCHAR),
        Column("column_name", VARCHAR),
        Column("ordinal_position", BIGINT),
        Column("column_default", VARCHAR),
        Column("is_nullable", VARCHAR),
        Column("data_type", VARCHAR),
    ),
    "views": (
        Column("table_catalog", VARCHAR),
        Column("table_schema", VARCHAR),
        Column("table_name", VARCHAR),
        Column("view_definition", VARCHAR),
    ),
}

Find = Callable[[TableName, Entry], Table | View]
Row = tuple[Any, ...]


def table(name: str) -> Table | None:
    """The table of this name; None if `information_schema` has no such table."""
    columns = _COLUMNS.get(name)
    return None if columns is None else Table(TableName(DATABASE, name), columns, DATABASE)


def scan_sql(scan: Scan, glue: Glue, find: Find) -> str:
    """DuckDB SQL that reads one of the tables.

    Args:
        scan: of the table.
        glue: what is listed.
        find: the table or view of an entry.
    """
    columns = _COLUMNS[scan.table.name.table]
    wanted = [index for index, column in enumerate(columns) if column.name in scan.columns]
    rows = _ROWS[scan.table.name.table](_Listed(glue, find, scan.predicates))
    texts = [", ".join(_literal(row[index]) for index in wanted) or "1" for row in rows]
    names = [quoted(columns[index].name) for index in wanted] or ["none"]
    types = [duckdb_type(columns[index].type) for index in wanted] or ["integer"]
    if not texts:
        nulls = ", ".join(f"cast(null as {type_}) as {name}" for name, type_ in zip(names, types, strict=True))
        return f"select {nulls} where false"
    casts = ", ".join(f"cast({name} as {type_}) as {name}" for name, type_ in zip(names, types, strict=True))
    values = ", ".join(f"({text})" for text in texts)
    return f"select {casts} from (values {values}) as v({', '.join(names)})"


class _Listed:
    """Entries of Glue, of the databases and tables only that the condition of the query names."""

    def __init__(self, glue: Glue, find: Find, predicates: Sequence[Predicate]) -> None:
        self._glue = glue
        self._find = find
        self._named = {
            predicate.column: set(predicate.values) for predicate in predicates if predicate.operator in ("=", "in")
        }

    def databases(self) -> Iterator[str]:
        """Names of databases, in order."""
        names = {entry["Name"] for entry in self._glue.databases()} | {DATABASE}
        yield from sorted(name for name in names if self._wants("table_schema", name))

    def entries(self) -> Iterator[tuple[TableName, Entry]]:
        """The entries of tables and views, in order; those of `information_schema` itself are empty."""
        for database in self.databases():
            found = self._entries(database) if database != DATABASE else [{"Name": name} for name in sorted(_COLUMNS)]
            for entry in found:
                name = TableName(database, entry["Name"])
                if self._wants("table_name", name.table):
                    yield name, entry if database != DATABASE else {}

    def tables(self) -> Iterator[tuple[TableName, Table | View]]:
        """Tables and views, in order; those that Athena cannot read are left out."""
        for name, entry in self.entries():
            found = self._read(name, entry)
            if found is not None:
                yield name, found

    def _read(self, name: TableName, entry: Entry) -> Table | View | None:
        if not entry:
            return table(name.table)
        try:
            return self._find(name, entry)
        except AthenaError:
            return None

    def _entries(self, database: str) -> Sequence[Entry]:
        try:
            return self._glue.tables(database)
        except MissingError:
            return ()

    def _wants(self, column: str, name: str) -> bool:
        return column not in self._named or name in self._named[column]


def _schemata(listed: _Listed) -> Iterator[Row]:
    return ((_CATALOG, name) for name in listed.databases())


def _tables(listed: _Listed) -> Iterator[Row]:
    for name, entry in listed.entries():
        yield _CATALOG, name.database, name.table, "VIEW" if is_view(entry) else "BASE TABLE"


def _columns(listed: _Listed) -> Iterator[Row]:
    for name, found in listed.tables():
        visible = [column for column in found.columns if not column.hidden]
        for position, column in enumerate(visible, 1):
            yield _CATALOG, name.database, name.table, column.name, position, None, "YES", str(column.type)


def _views(listed: _Listed) -> Iterator[Row]:
    for name, found in listed.tables():
        if isinstance(found, View):
            yield _CATALOG, name.database, name.table, found.sql


_ROWS: Mapping[str, Callable[[_Listed], Iterator[Row]]] = {
    "schemata": _schemata,
    "tables": _tables,
    "columns": _columns,
    "views": _views,
}


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    return str(value) if isinstance(value, int) else literal(value)
