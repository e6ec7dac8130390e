"""From SQL to plans: the dialect's front door."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from local_athena.catalogue.model import Session
from local_athena.dialect.analysis.changes import inserted, plan_delete, plan_update, target_of
from local_athena.dialect.analysis.merges import plan_merge
from local_athena.dialect.analysis.queries import QueryAnalyser
from local_athena.dialect.analysis.statement import Environment, Relation, Statement
from local_athena.dialect.plan import ChangePlan, InsertPlan, Output, QueryPlan
from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.parser import parse_statement
from local_athena.errors import AthenaError

P = ParamSpec("P")
T = TypeVar("T")


def _of_bounded_depth(plan: Callable[P, T]) -> Callable[P, T]:
    """Refuses what is nested too deep, as Trino does."""

    @functools.wraps(plan)
    def bounded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return plan(*args, **kwargs)
        except RecursionError:
            message = "statement is too large (stack overflow during analysis)"
            raise AthenaError("STACK_OVERFLOW", message) from None

    return bounded


@_of_bounded_depth
def plan_query(sql: str, session: Session) -> QueryPlan:
    """Plans a query: SELECT, WITH, VALUES, TABLE, and set operations of them.

    Raises:
        AthenaError: whatever Trino answers: SYNTAX_ERROR, COLUMN_NOT_FOUND, TYPE_MISMATCH, ….
    """
    query, parameters = parse_statement(sql)
    if not isinstance(query, tree.Query):
        raise AthenaError("SYNTAX_ERROR", "line 1:1: a query is expected here")
    statement = Statement(session, parameters)
    relation = QueryAnalyser(statement).query(query, Environment(session.database), None)
    return query_plan(relation, statement)


def query_plan(relation: Relation, statement: Statement) -> QueryPlan:
    """The plan of an analysed query."""
    outputs = tuple(
        Output(f"_col{number}" if column.name is None else column.name, column.type)
        for number, column in enumerate(relation.columns)
    )
    uses = relation.all_uses
    sql = statement.scans.finished_sql(relation.sql, uses)
    return QueryPlan(sql, outputs, statement.scans.finished(uses), relation.ordered)


@_of_bounded_depth
def plan_insert(sql: str, session: Session) -> InsertPlan:
    """Plans `INSERT INTO table [(columns)] query`. Raises as `plan_query`."""
    node, parameters = parse_statement(sql)
    if not isinstance(node, tree.Insert):
        raise AthenaError("SYNTAX_ERROR", "line 1:1: an INSERT is expected here")
    statement = Statement(session, parameters)
    table = target_of(node, statement)
    return InsertPlan(table, query_plan(inserted(node, table, statement), statement))


@_of_bounded_depth
def plan_change(sql: str, session: Session) -> ChangePlan:
    """Plans DELETE, UPDATE or MERGE. Raises as `plan_query`."""
    node, parameters = parse_statement(sql)
    statement = Statement(session, parameters)
    match node:
        case tree.Delete():
            return plan_delete(node, statement)
        case tree.Update():
            return plan_update(node, statement)
        case tree.Merge():
            return plan_merge(node, statement)
    raise AthenaError("SYNTAX_ERROR", "line 1:1: a DELETE, UPDATE or MERGE is expected here")
