"""UNION, INTERSECT, EXCEPT and VALUES: rows of several sources in common types."""

from __future__ import annotations

from collections.abc import Sequence

from local_athena.dialect import casts, operators
from local_athena.dialect.analysis.calls import CallAnalyser
from local_athena.dialect.analysis.correlation import BLOCKED, marks_of
from local_athena.dialect.analysis.ordering import distinct_sql
from local_athena.dialect.analysis.scope import NO_USES, Origin
from local_athena.dialect.analysis.statement import Column, Relation, Statement, error_at
from local_athena.dialect.operators.keys import is_plain
from local_athena.dialect.syntax import tree
from local_athena.dialect.typed import Typed
from local_athena.errors import not_supported
from local_athena.types.coercion import common_type, is_comparable
from local_athena.types.model import INTEGER, Field, Row, Type


def combined(operation: tree.SetOperation, left: Relation, right: Relation, statement: Statement) -> Relation:
    """The rows of two queries.

    Raises:
        AthenaError: TYPE_MISMATCH if their columns do not fit.
    """
    word = operation.operator.upper()
    if len(left.columns) != len(right.columns):
        message = f"{word} query has different number of fields: {len(left.columns)}, {len(right.columns)}"
        raise error_at(operation, "TYPE_MISMATCH", message)
    types = [
        _common(operation, number, one.type, other.type)
        for number, (one, other) in enumerate(zip(left.columns, right.columns, strict=True), 1)
    ]
    plain_union = operation.operator == "union" and not operation.distinct
    if not plain_union:
        _require_comparable(operation, types)
    sides = [converted(relation, types, statement) for relation in (left, right)]
    combination = f"({sides[0]}) {word if operation.distinct else f'{word} ALL'} ({sides[1]})"
    if not all(map(is_plain, types)) and not plain_union:
        if operation.operator != "union":
            raise not_supported(f"{word} of columns of type {', '.join(map(str, types))} is not supported")
        values = [Typed(f"q.c{number}", type_) for number, type_ in enumerate(types)]
        combination = f"SELECT {distinct_sql(values)} * FROM (({sides[0]}) UNION ALL ({sides[1]})) AS q"
    uses = left.uses | right.uses
    if not plain_union:
        uses = left.all_uses | right.all_uses
    columns = []
    for one, other, type_ in zip(left.columns, right.columns, types, strict=True):
        origins: tuple[Origin, ...] = ()
        if operation.operator == "union" and one.type == other.type and one.origins and other.origins:
            origins = one.origins + other.origins
        columns.append(Column(one.name, type_, one.uses | other.uses, origins))
    correlated = left.correlated | right.correlated
    correlated = correlated | {BLOCKED} if correlated else correlated
    return Relation(combination, tuple(columns), uses, correlated=correlated)


def _common(operation: tree.SetOperation, number: int, left: Type, right: Type) -> Type:
    found = common_type(left, right)
    if found is None:
        message = f"column {number} in {operation.operator.upper()} query has incompatible types: {left}, {right}"
        raise error_at(operation, "TYPE_MISMATCH", message)
    return found


def _require_comparable(operation: tree.SetOperation, types: Sequence[Type]) -> None:
    for type_ in types:
        if not is_comparable(type_):
            message = f"Type {type_} is not comparable and therefore cannot be used in {operation.operator.upper()}"
            raise error_at(operation, "TYPE_MISMATCH", message)


def converted(relation: Relation, types: Sequence[Type], statement: Statement) -> str:
    """A SELECT of the relation's columns `c0`, `c1`, …, coerced to the types."""
    if [column.type for column in relation.columns] == list(types):
        return relation.sql
    alias = statement.alias()
    values = [
        casts.coerce(Typed(f"{alias}.c{number}", column.type), type_).sql
        for number, (column, type_) in enumerate(zip(relation.columns, types, strict=True))
    ]
    columns = ", ".join(f"{sql} AS c{number}" for number, sql in enumerate(values))
    return f"SELECT {columns} FROM ({relation.sql}) AS {alias}"


def values_relation(node: tree.Values, analyser: CallAnalyser) -> Relation:
    """The rows of VALUES.

    Raises:
        AthenaError: TYPE_MISMATCH if the rows do not fit to each other.
    """
    rows = [_row(row, analyser) for row in node.rows]
    types = [value.type for value in rows[0]]
    for row in rows[1:]:
        if len(row) != len(types):
            message = f"Values rows have mismatched sizes: {len(types)} vs {len(row)}"
            raise error_at(node, "TYPE_MISMATCH", message)
        common = [common_type(type_, value.type) for type_, value in zip(types, row, strict=True)]
        if None in common:
            message = f"Values rows have mismatched types: {_row_type(types)} vs {_row_type([v.type for v in row])}"
            raise error_at(node, "TYPE_MISMATCH", message)
        types = [type_ for type_ in common if type_ is not None]
    tuples = [
        "(" + ", ".join(casts.coerce(value, type_).sql for value, type_ in zip(row, types, strict=True)) + ")"
        for row in rows
    ]
    names = ", ".join(f"c{number}" for number in range(len(types)))
    sql = f"SELECT * FROM (VALUES {', '.join(tuples)}) AS {analyser.statement.alias()}({names})"
    columns = tuple(Column(None, type_) for type_ in types)
    correlated = marks_of(analyser, BLOCKED)
    return Relation(sql, columns, NO_USES.union(analyser.uses), single=len(rows) == 1, correlated=correlated)


def _row(node: tree.Expression, analyser: CallAnalyser) -> list[Typed]:
    if isinstance(node, tree.RowOf):
        return [analyser.analyse(field) for field in node.fields]
    value = analyser.analyse(node)
    if isinstance(value.type, Row):
        return [
            operators.subscript(value, Typed(str(number), INTEGER, number))
            for number in range(1, len(value.type.fields) + 1)
        ]
    return [value]


def _row_type(types: Sequence[Type]) -> Row:
    return Row(tuple(Field(None, type_) for type_ in types))
