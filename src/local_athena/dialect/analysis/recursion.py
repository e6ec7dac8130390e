"""WITH RECURSIVE, to the depth that Trino allows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from local_athena.dialect.analysis.scope import NO_USES
from local_athena.dialect.analysis.set_operations import converted
from local_athena.dialect.analysis.statement import (
    Column,
    Named,
    Queries,
    Recursive,
    Relation,
    Statement,
    error_at,
)
from local_athena.dialect.representation import literal
from local_athena.dialect.syntax import tree
from local_athena.errors import not_supported, raise_sql
from local_athena.types.coercion import can_coerce

_MOST_STEPS = 10
_TOO_DEEP = raise_sql(
    "NOT_SUPPORTED",
    literal(
        f"Recursion depth limit exceeded ({_MOST_STEPS})."
        " Use 'max_recursion_depth' session property to modify the limit."
    ),
)


def refers_to_itself(query: tree.WithQuery) -> bool:
    """Whether the query reads from its own name."""
    return _reads(query.query, query.name.name)


def _reads(node: Any, name: str) -> bool:
    if isinstance(node, tree.TableRef):
        return len(node.name.parts) == 1 and node.name.parts[0].name == name
    if isinstance(node, tuple):
        return any(_reads(item, name) for item in node)
    return isinstance(node, tree.Node) and any(_reads(value, name) for value in vars(node).values())


def recursive_relation(entry: Named, queries: Queries, statement: Statement) -> Relation:
    """A query of WITH RECURSIVE that reads itself: a base, UNION ALL, and a step.

    Raises:
        AthenaError: MISSING_COLUMN_ALIASES, TYPE_MISMATCH, NOT_SUPPORTED.
    """
    query = entry.query
    union = query.query.body
    if not query.columns:
        raise error_at(query, "MISSING_COLUMN_ALIASES", "missing column aliases in recursive WITH query")
    if not isinstance(union, tree.SetOperation) or union.operator != "union" or union.distinct:
        raise not_supported("WITH RECURSIVE is supported as base UNION ALL step only")
    if query.query.order_by or query.query.limit or query.query.offset or query.query.with_queries:
        raise error_at(
            query,
            "NOT_SUPPORTED",
            "immediate WITH, ORDER BY, LIMIT or OFFSET clause in recursive query is not supported",
        )
    if _reads(union.left, query.name.name):
        message = "WITH table name is referenced in the base relation of recursion"
        raise error_at(union.left, "INVALID_RECURSIVE_REFERENCE", message)
    base = queries.body(union.left, entry.environment, None)
    if len(base.columns) != len(query.columns):
        message = f"Column alias list has {len(query.columns)} entries but relation has {len(base.columns)} columns"
        raise error_at(query.columns[0], "MISMATCHED_COLUMN_ALIASES", message)
    name = statement.alias()
    columns = tuple(Column(alias.value, column.type) for alias, column in zip(query.columns, base.columns, strict=True))
    so_far = Relation(f"SELECT * FROM {name}", columns)
    inside = {**entry.environment.named, query.name.name: Recursive(so_far)}
    step = queries.body(union.right, replace(entry.environment, named=inside), None)
    _check(query, base, step)
    types = [column.type for column in base.columns]
    listed = ", ".join(f"q.c{number}" for number in range(len(types)))
    depth = f'(SELECT max("$depth") FROM {name})'
    sql = (
        f'WITH RECURSIVE {name} AS (SELECT {listed}, 0 AS "$depth" FROM ({base.sql}) AS q UNION ALL '
        f"SELECT {listed}, CASE WHEN {depth} >= {_MOST_STEPS} THEN {_TOO_DEEP} ELSE {depth} + 1 END "
        f"FROM ({converted(step, types, statement)}) AS q) "
        f"SELECT {', '.join(f'c{number}' for number in range(len(types)))} FROM {name}"
    )
    return Relation(sql, columns, NO_USES.union(base.all_uses, step.all_uses))


def _check(query: tree.WithQuery, base: Relation, step: Relation) -> None:
    if len(base.columns) != len(step.columns):
        counts = f"{len(base.columns)}, {len(step.columns)}"
        message = f"base and step relations of recursion have different number of fields: {counts}"
        raise error_at(query, "TYPE_MISMATCH", message)
    for number, (one, other) in enumerate(zip(base.columns, step.columns, strict=True), 1):
        if not can_coerce(other.type, one.type):
            message = (
                f"recursion step relation output type ({other.type}) is not coercible to recursion base relation"
                f" output type ({one.type}) at column {number}"
            )
            raise error_at(query, "TYPE_MISMATCH", message)
