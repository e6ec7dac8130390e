"""Table functions: `TABLE(sequence(…))`, `TABLE(exclude_columns(…))`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from local_athena.dialect import casts
from local_athena.dialect.analysis.calls import CallAnalyser
from local_athena.dialect.analysis.scope import NO_USES
from local_athena.dialect.analysis.statement import Column, Relation, error_at
from local_athena.dialect.syntax import tree
from local_athena.errors import raise_sql
from local_athena.types.coercion import can_coerce
from local_athena.types.model import BIGINT

RelationOf = Callable[[tree.Derived | tree.TableRef], Relation]

_PARAMETERS = {"sequence": ("START", "STOP", "STEP"), "exclude_columns": ("INPUT", "COLUMNS")}


def table_function(node: tree.TableCall, analyser: CallAnalyser, relation_of: RelationOf) -> Relation:
    """The rows of a table function.

    Raises:
        AthenaError: FUNCTION_NOT_FOUND, INVALID_FUNCTION_ARGUMENT, ….
    """
    name = str(node.name)
    if name not in _PARAMETERS:
        raise error_at(node.name, "FUNCTION_NOT_FOUND", f"Table function '{name}' not registered")
    arguments = _bound(node, _PARAMETERS[name])
    if name == "sequence":
        return _sequence(node, arguments, analyser)
    return _exclude_columns(node, arguments, relation_of)


def _bound(node: tree.TableCall, parameters: Sequence[str]) -> Mapping[str, tree.TableArgument]:
    """The arguments by the names of their parameters."""
    if len(node.arguments) > len(parameters):
        raise error_at(node, "INVALID_ARGUMENTS", f"Too many arguments. Expected at most {len(parameters)} arguments")
    bound: dict[str, tree.TableArgument] = {}
    for number, argument in enumerate(node.arguments):
        name = parameters[number] if argument.name is None else argument.name.value.upper()
        if name not in parameters:
            raise error_at(argument, "INVALID_FUNCTION_ARGUMENT", f"Unexpected argument name: {name}")
        if name in bound:
            raise error_at(argument, "INVALID_FUNCTION_ARGUMENT", f"Duplicate argument name: {name}")
        bound[name] = argument
    return bound


def _sequence(node: tree.TableCall, arguments: Mapping[str, tree.TableArgument], analyser: CallAnalyser) -> Relation:
    if "STOP" not in arguments:
        raise error_at(node, "MISSING_ARGUMENT", "Missing argument: STOP")
    start, stop, step = (
        _number(arguments[name], analyser) if name in arguments else default
        for name, default in (("START", "0::BIGINT"), ("STOP", ""), ("STEP", "1::BIGINT"))
    )
    interval = f"'[' || {start} || ', ' || {stop} || ']'"
    sign = f"CASE WHEN {start} <= {stop} THEN 'positive' ELSE 'negative' END"
    wrong = raise_sql("INVALID_FUNCTION_ARGUMENT", f"'Step must be ' || {sign} || ' for sequence ' || {interval}")
    checked = f"CASE WHEN {start} <> {stop} AND sign({step}) <> sign({stop} - {start}) THEN {wrong} ELSE {step} END"
    sql = f"SELECT unnest(generate_series({start}, {stop}, {checked})) AS c0"
    return Relation(sql, (Column("sequential_number", BIGINT),), NO_USES)


def _number(argument: tree.TableArgument, analyser: CallAnalyser) -> str:
    if isinstance(argument.value, (tuple, tree.Derived, tree.TableRef)):
        raise error_at(argument, "INVALID_FUNCTION_ARGUMENT", "Invalid argument: expected a scalar")
    value = analyser.analyse(argument.value)
    if not can_coerce(value.type, BIGINT):
        raise error_at(argument, "TYPE_MISMATCH", f"Cannot cast type {value.type} to bigint")
    return f"({casts.coerce(value, BIGINT).sql})::BIGINT"


def _exclude_columns(
    node: tree.TableCall, arguments: Mapping[str, tree.TableArgument], relation_of: RelationOf
) -> Relation:
    for name in _PARAMETERS["exclude_columns"]:
        if name not in arguments:
            raise error_at(node, "MISSING_ARGUMENT", f"Missing argument: {name}")
    table, columns = arguments["INPUT"].value, arguments["COLUMNS"].value
    if not isinstance(table, (tree.Derived, tree.TableRef)) or not isinstance(columns, tuple):
        raise error_at(node, "INVALID_FUNCTION_ARGUMENT", "Invalid argument: expected a table and a descriptor")
    relation = relation_of(table)
    excluded = {column.name for column in columns}
    known = {column.name.lower() for column in relation.columns if column.name is not None}
    if not excluded <= known:
        message = f"Excluded columns: [{', '.join(sorted(excluded - known))}] not present in the table"
        raise error_at(node, "INVALID_FUNCTION_ARGUMENT", message)
    kept = [
        (number, column)
        for number, column in enumerate(relation.columns)
        if column.name is None or column.name.lower() not in excluded
    ]
    if not kept:
        raise error_at(node, "INVALID_FUNCTION_ARGUMENT", "All columns are excluded")
    selected = ", ".join(f"q.c{number} AS c{position}" for position, (number, _) in enumerate(kept))
    sql = f"SELECT {selected} FROM ({relation.sql}) AS q"
    return Relation(sql, tuple(column for _, column in kept), relation.uses)
