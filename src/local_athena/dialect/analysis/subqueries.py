"""Queries as values: what a scalar subquery, IN and the quantifiers read."""

from __future__ import annotations

from local_athena.dialect import casts, operators
from local_athena.dialect.analysis.scope import Uses
from local_athena.dialect.analysis.statement import Relation
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError, raise_sql
from local_athena.types.model import Field, Row, Type

_TOO_MANY = raise_sql("SUBQUERY_MULTIPLE_ROWS", "'Scalar sub-query has returned multiple rows'")


def as_value(relation: Relation, *, rows: bool = False) -> tuple[str, Type]:
    """A SELECT of one column `c0`, and its type: a row if the query gives several columns, or if `rows`."""
    if len(relation.columns) == 1 and not rows:
        return relation.sql, relation.columns[0].type
    fields = [Typed(f"q.c{number}", column.type) for number, column in enumerate(relation.columns)]
    names = tuple(Field(column.name, column.type) for column in relation.columns)
    row = casts.coerce(operators.row(fields), Row(names))
    return f"SELECT {row.sql} AS c0 FROM ({relation.sql}) AS q", row.type


def scalar_sql(relation: Relation) -> tuple[str, Type, Uses]:
    """The value of a scalar subquery; more than one row is an error when it runs."""
    sql, type_ = as_value(relation)
    if not relation.single:
        sql = f"SELECT CASE WHEN count(*) > 1 THEN {_TOO_MANY} ELSE first(q.c0) END FROM ({sql}) AS q"
    return f"({sql})", type_, relation.all_uses


def in_query(value: Typed, relation: Relation) -> Typed:
    """`value IN (query)`.

    Raises:
        AthenaError: TYPE_MISMATCH if the query gives another number of columns, or types that do not compare.
    """
    return quantified("=", "any", value, relation)


def quantified(operator: str, quantifier: str, value: Typed, relation: Relation) -> Typed:
    """`value <operator> ANY|SOME|ALL (query)`: a row is compared with the columns of the query.

    Raises:
        AthenaError: as `in_query`.
    """
    sql, type_ = as_value(relation, rows=isinstance(value.type, Row))
    if len(relation.columns) > 1 and not isinstance(value.type, Row):
        message = "Value expression and result of subquery must be of the same type"
        raise AthenaError("TYPE_MISMATCH", f"{message}: row({value.type}) vs {type_}")
    return operators.quantified(operator, quantifier, value, sql, type_)
