"""SELECT, and prepared statements."""

from __future__ import annotations

from local_athena.dialect.analyse import plan_query
from local_athena.errors import AthenaError
from local_athena.execution.context import Context
from local_athena.execution.kinds import DML
from local_athena.execution.results import columns_of, done, query_rows
from local_athena.outcome import Outcome
from local_athena.statements.model import Deallocate, Query


def select(statement: Query, context: Context) -> Outcome:
    """Runs a query."""
    plan = plan_query(statement.sql, context.session)
    scanned = context.make_views(plan.scans)
    rows = query_rows(plan, context)
    return Outcome(DML, "SELECT", columns_of(plan.outputs), rows, header=True, scanned_bytes=scanned)


def deallocate(statement: Deallocate, context: Context) -> Outcome:
    """DEALLOCATE PREPARE."""
    if not context.stores.prepared.delete(context.request.work_group, statement.name):
        raise not_prepared(statement.name)
    return done("DEALLOCATE")


def not_prepared(name: str) -> AthenaError:
    """There is no such prepared statement."""
    return AthenaError("NOT_FOUND", f"Prepared statement not found: {name}")
