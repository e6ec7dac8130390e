"""Conditions on columns of tables: what need not be read because of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from local_athena.dialect.analysis.calls import CallAnalyser
from local_athena.dialect.analysis.constants import evaluate
from local_athena.dialect.analysis.names import chain_of
from local_athena.dialect.analysis.scope import Field, Origin, Scope
from local_athena.dialect.analysis.walk import columns_of, conjuncts, nodes_of
from local_athena.dialect.plan import Predicate
from local_athena.dialect.representation import quoted
from local_athena.dialect.syntax import tree
from local_athena.dialect.typed import NOT_CONSTANT, Typed
from local_athena.errors import AthenaError
from local_athena.types.coercion import common_type
from local_athena.types.model import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    REAL,
    SMALLINT,
    TINYINT,
    VARBINARY,
    Decimal,
    Timestamp,
    Type,
    Varchar,
)

_MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_EXACT = (TINYINT, SMALLINT, INTEGER, BIGINT)
_CHANGING = frozenset({"random", "rand", "uuid"})
_OTHER = (-1, "")


def push_down(condition: tree.Expression, analyser: CallAnalyser, scope: Scope) -> None:
    """Notes on the scans what a condition that has already been analysed says about their columns.

    Args:
        condition: it must be true for every row that counts.
        analyser: of the place where it stands.
        scope: the fields that it may restrict.
    """
    for conjunct in conjuncts(condition):
        for origin, predicate in _predicates(conjunct, analyser, scope):
            analyser.statement.scans[origin.scan].predicates.append(predicate)
        for scan, sql in _partition_filters(conjunct, analyser, scope):
            analyser.statement.scans[scan].filters.append(sql)


def _predicates(node: tree.Expression, analyser: CallAnalyser, scope: Scope) -> Iterator[tuple[Origin, Predicate]]:
    match node:
        case tree.Compare(operator, left, right) if operator in _MIRRORED:
            yield from _comparison(operator, left, (right,), analyser, scope)
            yield from _comparison(_MIRRORED[operator], right, (left,), analyser, scope)
        case tree.Between(value, low, high):
            yield from _comparison(">=", value, (low,), analyser, scope)
            yield from _comparison("<=", value, (high,), analyser, scope)
        case tree.InList(value, options):
            yield from _comparison("in", value, options, analyser, scope)
        case tree.IsNull(value):
            yield from _null_test("is null", value, scope)
        case tree.Not(tree.IsNull(value)):
            yield from _null_test("is not null", value, scope)


def _comparison(
    operator: str,
    column: tree.Expression,
    constants: tuple[tree.Expression, ...],
    analyser: CallAnalyser,
    scope: Scope,
) -> Iterator[tuple[Origin, Predicate]]:
    field = _field(column, scope)
    if field is None or not field.origins or not _is_prunable(field.value.type) or any(columns_of(constants)):
        return
    if any(isinstance(found, tree.Query) or _changes(found) for found in nodes_of(constants)):
        return
    alone = analyser.inside(Scope(()), analyser.clause)
    values = [_constant(constant, field.value.type, alone) for constant in constants]
    if NOT_CONSTANT not in values and None not in values:
        for origin in field.origins:
            yield origin, Predicate(origin.column, operator, tuple(values))


def _constant(node: tree.Expression, type_: Type, analyser: CallAnalyser) -> object:
    """The value of a constant that compares with a column as it stands; else `NOT_CONSTANT`."""
    value = analyser.analyse(node)
    if not _alike(type_, value.type) and common_type(type_, value.type) != type_:
        return NOT_CONSTANT
    found = value.constant
    if found is NOT_CONSTANT:
        try:
            found = evaluate(value)
        except AthenaError:
            return NOT_CONSTANT  # it fails when the query runs
    if isinstance(type_, Timestamp) and isinstance(found, date) and not isinstance(found, datetime):
        return datetime.combine(found, time())
    return found


def _is_prunable(type_: Type) -> bool:
    """Whether files hold values of the type in an order that Python's values have, too."""
    simple = type_ in (*_EXACT, REAL, DOUBLE, BOOLEAN, DATE, VARBINARY)
    return simple or isinstance(type_, (Decimal, Varchar)) or (isinstance(type_, Timestamp) and not type_.zoned)


def _alike(left: Type, right: Type) -> bool:
    exact = [type_ in _EXACT or isinstance(type_, Decimal) for type_ in (left, right)]
    return all(exact) or (isinstance(left, Varchar) and isinstance(right, Varchar))


def _null_test(operator: str, column: tree.Expression, scope: Scope) -> Iterator[tuple[Origin, Predicate]]:
    field = _field(column, scope)
    if field is not None:
        for origin in field.origins:
            yield origin, Predicate(origin.column, operator)


def _field(node: tree.Expression, scope: Scope) -> Field | None:
    """The field of this very scope that an expression is."""
    chain = chain_of(node)
    found = None if chain is None else scope.resolve(chain)
    return found[1] if found is not None and found[0] is scope else None


def _partition_filters(node: tree.Expression, analyser: CallAnalyser, scope: Scope) -> Iterator[tuple[int, str]]:
    """The scans of which the conjunct reads partition columns only, with its SQL over these."""
    if any(isinstance(found, tree.Query) or _changes(found) for found in nodes_of(node)):
        return
    scans = analyser.statement.scans
    for number in sorted({origin.scan for field in scope.fields for origin in field.origins}):
        columns = {column.name for column in scans[number].table.columns if column.partition}
        if columns:
            over_columns = Scope([_as_partition_column(field, number, columns) for field in scope.fields])
            alone = analyser.inside(over_columns, analyser.clause)
            try:
                sql = alone.analyse(node).sql
            except AthenaError:
                continue  # it reads something around the query
            if alone.uses and _OTHER not in alone.uses:
                yield number, sql


def _as_partition_column(field: Field, scan: int, columns: set[str]) -> Field:
    """The field as the filter of a scan reads it; reading another one leaves a trace."""
    for origin in field.origins:
        if origin.scan == scan and origin.column in columns:
            value = Typed(quoted(origin.column), field.value.type)
            return Field(field.name, value, field.qualifier, frozenset({(scan, origin.column)}))
    return Field(field.name, field.value, field.qualifier, frozenset({_OTHER}))


def _changes(node: tree.Node) -> bool:
    return isinstance(node, tree.Call) and str(node.name) in _CHANGING
