"""Which correlated subqueries Trino can plan; DuckDB can plan more of them.

A subquery may read the query around it in WHERE, in HAVING and in the conditions of inner joins, or give UNNEST an
array of it. How a query reads what stands around it is kept as marks, from the place to the query as a whole.
"""

from __future__ import annotations

from typing import Protocol

from local_athena.dialect.analysis.scope import Scope
from local_athena.dialect.analysis.statement import error_at
from local_athena.dialect.analysis.walk import columns_of, conjuncts
from local_athena.dialect.syntax import tree

Marks = frozenset[str]

NOT_CORRELATED: Marks = frozenset()
FILTER = "filter"
INEQUALITY = "inequality"
VALUE = "value"
UNNEST = "unnest"
BLOCKED = "blocked"


class Analysed(Protocol):
    """What has analysed expressions, and knows how far out their outermost column is."""

    @property
    def outermost(self) -> int:
        """0 in the query itself, 1 in the query around it, …."""
        ...


def marks_of(analyser: Analysed, kind: str) -> Marks:
    """What the expressions that an analyser has seen read of the queries around theirs."""
    marks = {kind} if analyser.outermost else set()
    return frozenset(marks | {BLOCKED} if analyser.outermost > 1 else marks)


def filter_marks(analyser: Analysed, condition: tree.Expression, scope: Scope) -> Marks:
    """The marks of a condition: whether it is about equality only, as LIMIT needs it."""
    marks = marks_of(analyser, FILTER)
    if FILTER in marks and not all(_is_plain(term, scope) for term in conjuncts(condition)):
        marks |= {INEQUALITY}
    return marks


def _is_plain(node: tree.Expression, scope: Scope) -> bool:
    """Whether a term is local, or says that something local is equal to something around."""
    if not any(_levels(node, scope)):
        return True
    if not isinstance(node, tree.Compare) or node.operator != "=":
        return False
    return sorted(map(tuple, map(sorted, (_levels(node.left, scope), _levels(node.right, scope))))) == [(0,), (1,)]


def _levels(node: tree.Expression, scope: Scope) -> set[int]:
    """How far out the columns of an expression are."""
    found = (scope.resolve(name) for name in columns_of(node))
    return {scope.distance(each[0]) for each in found if each is not None}


def select_marks(
    select: tree.Select, marks: Marks, values: Marks, *, grouped_globally: bool, windows: bool, bounded: bool
) -> Marks:
    """The marks of a SELECT.

    Args:
        select: the SELECT.
        marks: those of its relations and conditions.
        values: those of everything else.
        grouped_globally: whether it aggregates without keys.
        windows: whether it has window functions.
        bounded: whether it has LIMIT or OFFSET.
    """
    if select.relation is None and select.where is None:
        return values & {BLOCKED}
    blocked = FILTER in marks and (
        select.relation is None
        or windows
        or (bounded and INEQUALITY in marks)
        or (grouped_globally and select.having is not None)
    )
    blocked = blocked or (UNNEST in marks and (select.where is not None or select.group_by is not None))
    if UNNEST not in marks:
        marks |= values
    return marks | {BLOCKED} if blocked else marks


def require_plannable(marks: Marks, place: tree.Node, *, exists: bool = False, scalar: bool = False) -> None:
    """Refuses a subquery that Trino cannot plan.

    Args:
        marks: of the subquery.
        place: the subquery.
        exists: whether only its existence counts.
        scalar: whether it is a scalar subquery or LATERAL.

    Raises:
        AthenaError: NOT_SUPPORTED.
    """
    refused = {BLOCKED} if exists else {BLOCKED, VALUE}
    if not scalar:
        refused = refused | {UNNEST}
    if marks & refused:
        raise error_at(place, "NOT_SUPPORTED", "Given correlated subquery is not supported")
