"""Statements that write rows: CREATE TABLE AS, INSERT, DELETE, UPDATE, MERGE, UNLOAD, OPTIMIZE, VACUUM."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from local_athena.catalogue.model import Column, TableName
from local_athena.dialect.analyse import plan_change, plan_insert, plan_query
from local_athena.dialect.analysis.walk import conjuncts
from local_athena.dialect.plan import QueryPlan
from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.parser import parse_expression
from local_athena.errors import AthenaError, not_supported
from local_athena.execution import lookup
from local_athena.execution.context import Context
from local_athena.execution.duckdb_errors import named
from local_athena.execution.results import written
from local_athena.execution.submission import refusal_of
from local_athena.outcome import Outcome
from local_athena.statements.model import (
    Change,
    CreateTableAs,
    Insert,
    Optimize,
    Unload,
    Vacuum,
)
from local_athena.statements.reader import Reader
from local_athena.table_format import Creation, Rows
from local_athena.types.model import UNKNOWN

_BEFORE_TARGET = (("insert", "into"), ("delete", "from"), ("merge", "into"), ("update",))


def create_table_as(statement: CreateTableAs, context: Context) -> Outcome:
    """CREATE TABLE AS."""
    if refused := refusal_of(statement, context.request):
        raise AthenaError("INVALID_TABLE_PROPERTY", refused)
    name = statement.name
    with context.stores.locks.hold(name):
        if context.glue.database(name.database) is None:
            raise AthenaError("NOT_FOUND", f"Schema {name.database} not found")
        if context.glue.table(name.database, name.table) is not None:
            if statement.if_not_exists:
                return written("CREATE_TABLE_AS_SELECT", 0, 0, ())
            raise AthenaError("TABLE_ALREADY_EXISTS", f"line 1:1: Destination table '{name}' already exists")
        plan = plan_query(statement.query, context.session)
        columns = named_columns(plan)
        format_ = context.catalogue.creating(statement.properties)
        scanned = context.make_views(plan.scans)
        sql = plan.sql if statement.with_data else f"select * from ({plan.sql}) where false"
        creation = Creation(name, columns, statement.properties, statement.with_data)
        with named():
            made = format_.create_from_query(creation, Rows(sql, plan.outputs), context.work)
    return written("CREATE_TABLE_AS_SELECT", made.count, scanned, made.files)


def insert(statement: Insert, context: Context) -> Outcome:
    """INSERT."""
    with _target_held(statement.sql, context):
        plan = plan_insert(statement.sql, context.session)
        format_ = context.catalogue.format_of(plan.target)
        scanned = context.make_views(plan.query.scans)
        with named():
            made = format_.insert(plan.target, Rows(plan.query.sql, plan.query.outputs), context.work)
    return written("INSERT", made.count, scanned, made.files)


def change(statement: Change, context: Context) -> Outcome:
    """DELETE, UPDATE and MERGE."""
    with _target_held(statement.sql, context):
        plan = plan_change(statement.sql, context.session)
        format_ = context.catalogue.format_of(plan.target)
        scanned = context.make_views(plan.scans)
        with named():
            made = format_.change(plan, context.work)
    return written(statement.verb, made.count, scanned, None)


def unload(statement: Unload, context: Context) -> Outcome:
    """UNLOAD."""
    plan = plan_query(statement.query, context.session)
    columns = named_columns(plan)
    scanned = context.make_views(plan.scans)
    with named():
        made = context.stores.hive.writer.unload(statement, columns, Rows(plan.sql, plan.outputs), context.work)
    return written("UNLOAD", made.count, scanned, made.files)


def optimize(statement: Optimize, context: Context) -> Outcome:
    """OPTIMIZE."""
    with context.stores.locks.hold(statement.name):
        table, format_ = lookup.table(statement.name, context)
        plan = plan_query(statement.query, context.session)
        _check_simple(statement.condition, plan)
        with named():
            format_.optimize(table, plan.scans[0].predicates, context.work)
    return written("OPTIMIZE", None, 0, None)


def vacuum(statement: Vacuum, context: Context) -> Outcome:
    """VACUUM."""
    with context.stores.locks.hold(statement.name):
        table, format_ = lookup.table(statement.name, context)
        with named():
            format_.vacuum(table, context.work)
    return written("VACUUM_TABLE", None, 0, None)


def _check_simple(condition: str | None, plan: QueryPlan) -> None:
    """Refuses a condition of OPTIMIZE that is more than comparisons of columns with constants.

    Raises:
        AthenaError: NOT_SUPPORTED.
    """
    terms = [] if condition is None else list(conjuncts(parse_expression(condition)))
    expected = sum(2 if isinstance(term, tree.Between) else 1 for term in terms)
    if len(plan.scans) != 1 or len(plan.scans[0].predicates) != expected:
        raise not_supported("OPTIMIZE takes only comparisons of partition columns with constants")


def named_columns(plan: QueryPlan) -> tuple[Column, ...]:
    """The columns of a table or view that a query makes.

    Raises:
        AthenaError: MISSING_COLUMN_NAME, DUPLICATE_COLUMN_NAME or COLUMN_TYPE_UNKNOWN.
    """
    columns: dict[str, Column] = {}
    for index, output in enumerate(plan.outputs):
        name = output.name.lower()
        if name == f"_col{index}":
            message = f"line 1:1: Column name not specified at position {index + 1}"
            raise AthenaError("MISSING_COLUMN_NAME", message)
        if name in columns:
            message = f"line 1:1: Column name '{name}' specified more than once"
            raise AthenaError("DUPLICATE_COLUMN_NAME", message)
        if output.type == UNKNOWN:
            raise AthenaError("COLUMN_TYPE_UNKNOWN", f"line 1:1: Column type is unknown: {name}")
        columns[name] = Column(name, output.type)
    return tuple(columns.values())


@contextmanager
def _target_held(sql: str, context: Context) -> Iterator[None]:
    """Holds the lock of the table that a statement names; whether the statement is right is for the dialect to say."""
    reader = Reader(sql, context.request.database)
    name = _target(reader)
    with context.stores.locks.hold(name):
        yield


def _target(reader: Reader) -> TableName | None:
    if not any(reader.accept(*words) for words in _BEFORE_TARGET):
        return None
    try:
        return reader.table_name()
    except AthenaError:
        return None
