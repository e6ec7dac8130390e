"""BETWEEN, IN and the quantified comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from local_athena.dialect.casts import coerce
from local_athena.dialect.operators.combine import combined, meeting
from local_athena.dialect.operators.comparison import compare
from local_athena.dialect.operators.keys import is_plain, key_sql
from local_athena.dialect.operators.logical import logical
from local_athena.dialect.typed import NOT_CONSTANT, Typed
from local_athena.errors import AthenaError
from local_athena.types.coercion import common_type, is_comparable, is_orderable
from local_athena.types.model import BOOLEAN, DOUBLE, REAL, UNKNOWN, Array, Map, Row, Type

_NOT_NATIVE = (REAL, DOUBLE, UNKNOWN)


def between(value: Typed, low: Typed, high: Typed) -> Typed:
    """`BETWEEN low AND high`."""
    first = common_type(value.type, low.type)
    common = None if first is None else common_type(first, high.type)
    if common is None or not is_orderable(common):
        raise AthenaError("TYPE_MISMATCH", f"Cannot check if {value.type} is BETWEEN {low.type} and {high.type}")
    tested, least, most = (coerce(part, common) for part in (value, low, high))
    if _is_native(common):
        return combined(f"({tested.sql} BETWEEN {least.sql} AND {most.sql})", BOOLEAN, value, low, high)
    return logical("and", [compare(">=", tested, least), compare("<=", tested, most)])


def in_list(value: Typed, options: Sequence[Typed]) -> Typed:
    """`IN (…)` of expressions."""
    common = meeting("IN value and list items", [value, *options])
    if not is_comparable(common):
        raise AthenaError("TYPE_MISMATCH", f"Cannot apply operator: {common} = {common}")
    tested, listed = coerce(value, common), [coerce(option, common) for option in options]
    if _is_native(common):
        return combined(f"({tested.sql} IN ({', '.join(each.sql for each in listed)}))", BOOLEAN, value, *options)
    return combined(logical("or", [compare("=", tested, each) for each in listed]).sql, BOOLEAN, value, *options)


def _is_native(type_: Type) -> bool:
    """Whether DuckDB compares values of the type as Trino does."""
    return type_ not in _NOT_NATIVE and is_plain(type_) and not isinstance(type_, (Array, Map, Row))


def quantified(operator: str, quantifier: str, value: Typed, subquery_sql: str, subquery_type: Type) -> Typed:
    """`value <operator> ANY|SOME|ALL (subquery)`, and `IN (subquery)` as `= ANY`."""
    common = common_type(value.type, subquery_type)
    comparable = is_comparable if operator in ("=", "<>") else is_orderable
    if common is None or not comparable(common):
        message = "Value expression and result of subquery must be of the same type"
        types = (type_ if isinstance(value.type, Row) else f"row({type_})" for type_ in (value.type, subquery_type))
        raise AthenaError("TYPE_MISMATCH", f"{message}: {' vs '.join(map(str, types))}")
    tested = coerce(value, common)
    answer = coerce(Typed("q.c0", subquery_type), common)
    every = quantifier.lower() == "all"
    # Inside of containers Trino's IN takes a null for a value like others, as DuckDB's does.
    containers_in = operator == "=" and not every
    if common != UNKNOWN and (containers_in or not isinstance(common, (Array, Map, Row))):
        query = f"SELECT {key_sql(answer.sql, common)} AS c0 FROM ({subquery_sql}) AS q"
        word = "ALL" if every else "ANY"
        return combined(f"({key_sql(tested.sql, common)} {operator} {word} ({query}))", BOOLEAN, value)
    return _counted(operator, tested, answer, subquery_sql, every=every)


def _counted(operator: str, value: Typed, answer: Typed, subquery_sql: str, *, every: bool) -> Typed:
    """Compares with each row: right for all types, and slow."""
    holds = compare(operator, replace(value, constant=NOT_CONSTANT), answer).sql
    decided, verdict = ("NOT holds", "FALSE") if every else ("holds", "TRUE")
    answers = f"SELECT {holds} AS holds FROM ({subquery_sql}) AS q"
    counted = (
        f"SELECT CASE WHEN count(*) FILTER (WHERE {decided}) > 0 THEN {verdict}"
        f" WHEN count(*) > count(holds) THEN NULL ELSE NOT {verdict} END FROM ({answers})"
    )
    return combined(f"({counted})", BOOLEAN, value)
