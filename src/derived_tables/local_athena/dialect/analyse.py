"""From SQL to plans: the dialect's front door."""

from __future__ import annotations

from derived_tables.local_athena.catalogue.model import Session
from derived_tables.local_athena.dialect.plan import ChangePlan, InsertPlan, QueryPlan


def plan_query(sql: str, session: Session) -> QueryPlan:
    """Plans a query: SELECT, WITH, VALUES, TABLE, and set operations of them.

    Raises:
        AthenaError: whatever Trino answers: SYNTAX_ERROR, COLUMN_NOT_FOUND, TYPE_MISMATCH, ….
    """
    raise NotImplementedError


def plan_insert(sql: str, session: Session) -> InsertPlan:
    """Plans `INSERT INTO table [(columns)] query`. Raises as `plan_query`."""
    raise NotImplementedError


def plan_change(sql: str, session: Session) -> ChangePlan:
    """Plans DELETE, UPDATE or MERGE. Raises as `plan_query`."""
    raise NotImplementedError
