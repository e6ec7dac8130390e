"""Runs statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event, Lock
from typing import Any

from local_athena.dialect import runtime
from local_athena.dialect.syntax.parser import parse_statement
from local_athena.errors import AthenaError, not_supported
from local_athena.execution import definitions, explain, queries, shows, views, writes
from local_athena.execution.catalogue import GlueCatalogue
from local_athena.execution.context import Context, Stores
from local_athena.execution.locks import Locks
from local_athena.execution.results import Streamed, done
from local_athena.hive.format import HiveFormat
from local_athena.iceberg.format import IcebergFormat
from local_athena.outcome import Outcome, Request
from local_athena.statements import model
from local_athena.statements.parse import parse
from local_athena.store import AlreadyExistsError, ConflictError, Glue, MissingError, Objects, Prepared

_HANDLERS: dict[type, Callable[[Any, Context], Outcome]] = {
    model.Query: queries.select,
    model.Insert: writes.insert,
    model.Change: writes.change,
    model.CreateTableAs: writes.create_table_as,
    model.Unload: writes.unload,
    model.Optimize: writes.optimize,
    model.Vacuum: writes.vacuum,
    model.CreateTable: definitions.create_table,
    model.DropTable: definitions.drop_table,
    model.AlterTable: definitions.alter_table,
    model.Repair: definitions.repair,
    model.CreateDatabase: definitions.create_database,
    model.DropDatabase: definitions.drop_database,
    model.CreateView: views.create_view,
    model.DropView: views.drop_view,
    model.Deallocate: queries.deallocate,
    model.Explain: explain.explain,
    model.ShowDatabases: shows.show_databases,
    model.ShowTables: shows.show_tables,
    model.ShowColumns: shows.show_columns,
    model.ShowPartitions: shows.show_partitions,
    model.ShowCreateTable: shows.show_create_table,
    model.ShowCreateView: shows.show_create_view,
    model.ShowProperties: shows.show_properties,
    model.Describe: shows.describe,
}
_WITH_PARAMETERS = (model.Query, model.Insert, model.Change, model.CreateTableAs, model.Unload, model.Explain)


class LocalEngine:
    """Implements `outcome.Engine`.

    Args:
        objects: S3.
        glue: Glue.
        prepared: prepared statements.
    """

    def __init__(self, objects: Objects, glue: Glue, prepared: Prepared) -> None:
        hive = HiveFormat(objects, glue)
        catalogue = GlueCatalogue(glue, (IcebergFormat(objects, glue), hive))
        self._ending = Event()
        duckdb = runtime.connect(objects.scratch / "spill", self._ending)
        self._stores = Stores(objects, glue, prepared, hive, catalogue, duckdb, Locks())
        self._running = 0
        self._lock = Lock()

    def run(self, request: Request) -> Outcome:
        """See `Engine.run`. The rows of a long result come while they are consumed, and may fail then, too."""
        request = replace(request, database=request.database.lower())
        self._count(1)
        context = Context(self._stores, request, on_close=lambda: self._count(-1))
        try:
            outcome = _run(parse(request.sql, request.database), context)
        except (MissingError, AlreadyExistsError, ConflictError) as error:
            context.close()
            # Somebody else changed Glue while the statement ran.
            raise AthenaError("HIVE_METASTORE_ERROR", str(error)) from error
        except BaseException:
            context.close()
            raise
        if not isinstance(outcome.rows, Streamed):
            context.close()
        return outcome

    def abandon(self) -> None:
        """Lets what runs fail soon; `close` comes next."""
        self._ending.set()

    def close(self) -> None:
        """Ends the engine's DuckDB, unless a statement still runs.

        It would wait for the statement, which may wait for Python, while others wait for DuckDB: for ever.
        """
        with self._lock:
            if not self._running:
                self._stores.duckdb.close()

    def _count(self, by: int) -> None:
        with self._lock:
            self._running += by


def _run(statement: model.Statement, context: Context) -> Outcome:
    if isinstance(statement, model.Prepare):
        return _prepare(statement, context)
    if isinstance(statement, model.Execute):
        return _execute(statement, context)
    if context.parameters and not isinstance(statement, _WITH_PARAMETERS):
        raise AthenaError("INVALID_PARAMETER_USAGE", "line 1:1: Incorrect number of parameters: expected 0")
    return _HANDLERS[type(statement)](statement, context)


def _prepare(statement: model.Prepare, context: Context) -> Outcome:
    """PREPARE: the statement must be one, but what it names need not exist yet."""
    inner = parse(statement.sql, context.request.database)
    match inner:
        case model.Query() | model.Insert() | model.Change():
            parse_statement(inner.sql)
        case model.CreateTableAs() | model.Unload():
            parse_statement(inner.query)
        case model.Prepare() | model.Execute() | model.Deallocate():
            raise not_supported("Prepared statements of this kind are not supported")
    context.stores.prepared.put(context.request.work_group, statement.name, statement.sql.strip())
    return done("PREPARE")


def _execute(statement: model.Execute, context: Context) -> Outcome:
    """EXECUTE: values come with the statement or with the request."""
    sql = context.stores.prepared.find(context.request.work_group, statement.name)
    if sql is None:
        raise queries.not_prepared(statement.name)
    if statement.parameters and context.parameters:
        raise AthenaError("INVALID_PARAMETER_USAGE", "Parameters are given twice: by USING and by ExecutionParameters")
    context.parameters = statement.parameters or context.parameters
    context.request = replace(context.request, sql=sql)
    inner = parse(sql, context.request.database)
    if isinstance(inner, (model.Prepare, model.Execute)):
        raise not_supported("Prepared statements of this kind are not supported")
    return _run(inner, context)
