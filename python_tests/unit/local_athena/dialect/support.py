"""Runs plans of the dialect without S3 and Glue: tables are what a test says they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from local_athena.catalogue.model import Column, Session, Table, TableName, View
from local_athena.dialect import casts
from local_athena.dialect.analyse import plan_query
from local_athena.dialect.plan import QueryPlan, Scan
from local_athena.dialect.representation import duckdb_type, quoted
from local_athena.errors import AthenaError, raised
from local_athena.types.model import Type

NOW = 1_600_000_000_000_000  # 2020-09-13 12:26:40 UTC
DATABASES = ("default", "other")


class TinyCatalogue:
    """Tables and views in memory.

    Attributes:
        rows: DuckDB texts of the rows of a table, in the order of its columns.
    """

    def __init__(self, entries: Iterable[Table | View] = (), rows: Mapping[str, Sequence[str]] | None = None) -> None:
        self.entries = {entry.name: entry for entry in entries}
        self.rows = rows or {}

    def find(self, name: TableName) -> Table | View:
        if name.database not in DATABASES:
            raise AthenaError("SCHEMA_NOT_FOUND", f"Schema '{name.database}' does not exist")
        if name not in self.entries:
            raise AthenaError("TABLE_NOT_FOUND", f"Table '{name}' does not exist")
        return self.entries[name]

    def at_version(self, table: Table, *, snapshot_id: int | None, timestamp: Any) -> Table:
        return replace(table, version=snapshot_id or int(timestamp.timestamp()))


def session(catalogue: TinyCatalogue | None = None, *parameters: str) -> Session:
    """A session at a fixed time."""
    return Session(catalogue or TinyCatalogue(), parameters=parameters, now=NOW)


def table(name: str, columns: Mapping[str, Type], *, kind: str = "iceberg", partitions: Sequence[str] = ()) -> Table:
    """A table of the database `default`."""
    listed = tuple(Column(column, type_, partition=column in partitions) for column, type_ in columns.items())
    return Table(TableName("default", name), listed, kind)


@dataclass(frozen=True)
class Answer:
    """What a query gives: names and types of its columns, and its rows as GetQueryResults prints them."""

    columns: tuple[tuple[str, str], ...]
    rows: list[tuple[str | None, ...]]
    ordered: bool


def run(connection: duckdb.DuckDBPyConnection, plan: QueryPlan, catalogue: TinyCatalogue | None = None) -> Answer:
    """Runs a plan as the engine does.

    Raises:
        AthenaError: what the generated SQL raises.
    """
    texts = [
        f"{casts.result_text(f'q.c{number}', output.type)} AS t{number}" for number, output in enumerate(plan.outputs)
    ]
    rows = execute(connection, f"SELECT {', '.join(texts)} FROM ({plan.sql}) AS q", plan.scans, catalogue)
    return Answer(tuple((output.name, str(output.type)) for output in plan.outputs), rows, plan.ordered)


def execute(
    connection: duckdb.DuckDBPyConnection, sql: str, scans: Sequence[Scan], catalogue: TinyCatalogue | None
) -> list[tuple[Any, ...]]:
    """Runs generated SQL over the rows of a catalogue."""
    with connection.cursor() as cursor:
        for scan in scans:
            cursor.execute(f"CREATE OR REPLACE TEMP VIEW {scan.view} AS {_rows_of(scan, catalogue)}")
        try:
            return cursor.execute(sql).fetchall()
        except duckdb.Error as error:
            raise raised(error) or error from None


def _rows_of(scan: Scan, catalogue: TinyCatalogue | None) -> str:
    """A SELECT of a scan's columns from the rows of its table."""
    assert catalogue is not None
    given = ", ".join(f"({row}, {number})" for number, row in enumerate(catalogue.rows[scan.table.name.table]))
    names = ", ".join(quoted(column.name) for column in scan.table.columns)
    types = {column.name: duckdb_type(column.type) for column in scan.table.columns}
    columns = [f"{quoted(name)}::{types[name]} AS {quoted(name)}" for name in scan.columns]
    if scan.row_ids:
        columns += ["'file' AS \"$file\"", '"$row"::BIGINT AS "$position"']
    return f'SELECT {", ".join(columns) or "1 AS nothing"} FROM (VALUES {given}) AS t({names}, "$row")'


def answer(connection: duckdb.DuckDBPyConnection, sql: str, catalogue: TinyCatalogue | None = None) -> Answer:
    """Plans and runs a query."""
    return run(connection, plan_query(sql, session(catalogue)), catalogue)
