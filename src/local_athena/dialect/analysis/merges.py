"""MERGE."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from local_athena.catalogue.model import Column
from local_athena.dialect import casts
from local_athena.dialect.analysis.changes import Target, assigned_values, null_of, numbered, type_list
from local_athena.dialect.analysis.scope import Scope
from local_athena.dialect.analysis.statement import Statement, error_at, require_boolean
from local_athena.dialect.plan import ChangePlan
from local_athena.dialect.syntax import tree
from local_athena.errors import raise_sql
from local_athena.types.model import BOOLEAN

_TOO_MANY = raise_sql(
    "MERGE_TARGET_ROW_MULTIPLE_MATCHES", "'One MERGE target table row matched more than one source row'"
)


@dataclass(frozen=True)
class _Case:
    """A WHEN clause.

    Attributes:
        action: `update`, `delete` or `insert`.
        condition: DuckDB SQL: whether the clause is for a row, if none before it was.
        values: DuckDB SQL of the new values, by column.
    """

    action: str
    condition: str
    values: dict[str, str]


def plan_merge(node: tree.Merge, statement: Statement) -> ChangePlan:
    """Plans MERGE.

    Raises:
        AthenaError: COLUMN_NOT_FOUND, TYPE_MISMATCH, ….
    """
    target = Target(node, statement)
    fields = target.source.fields
    if node.alias is not None:
        fields = tuple(replace(field, qualifier=(node.alias.name,)) for field in fields)
    source = target.queries.relations.source(node.source, target.environment, None)
    scope = Scope(fields + source.fields)
    analyser = target.analyser(scope, "JOIN clause")
    condition = require_boolean(analyser.analyse(node.condition), node.condition, "MERGE ON clause")
    cases = [_case(number, case, target, scope) for number, case in enumerate(node.cases)]
    on = casts.coerce(condition, BOOLEAN).sql
    source_sql = source.sql if source.alias is not None else f"({source.sql})"
    joined = f"{source_sql} LEFT JOIN {target.source.sql} ON {on}"
    return target.plan(_sql(joined, cases, target), source.uses.union(analyser.uses))


def _sql(joined: str, cases: Sequence[_Case], target: Target) -> str:
    operation = _choice([(case.condition, f"'{case.action}'") for case in cases])
    clause = _choice([(case.condition, str(number)) for number, case in enumerate(cases)])
    columns = [
        _choice([(case.condition, case.values.get(column.name, null_of(column))) for case in cases])
        for column in target.columns
    ]
    given = f'{operation} AS "$operation", {clause} AS "$clause", {target.ids()}, {numbered(columns)}'
    # Trino tells matches apart by the clause that is for them; those without one are alike.
    matches = 'count(*) OVER (PARTITION BY "$file", "$position", "$clause") AS "$matches"'
    counted = f"SELECT *, {matches} FROM (SELECT {given} FROM {joined})"
    listed = ", ".join(f"c{number}" for number in range(len(columns)))
    # It refuses a second one even where no clause is for it.
    several = '"$position" IS NOT NULL AND "$matches" > 1'
    kept = f'CASE WHEN {several} THEN {_TOO_MANY} ELSE "$operation" IS NOT NULL END'
    return f'SELECT "$operation", "$file", "$position", {listed} FROM ({counted}) WHERE {kept}'


def _choice(whens: Sequence[tuple[str, str]]) -> str:
    return f"CASE {' '.join(f'WHEN {condition} THEN {value}' for condition, value in whens)} END"


def _case(number: int, case: tree.MergeCase, target: Target, scope: Scope) -> _Case:
    conditions = [f'{target.alias}."$position" IS {"" if case.action == "insert" else "NOT "}NULL']
    if case.condition is not None:
        analyser = target.analyser(scope, "MERGE WHEN clause")
        value = require_boolean(analyser.analyse(case.condition), case.condition, "MERGE WHEN clause")
        target.uses |= analyser.uses
        conditions.append(casts.coerce(value, BOOLEAN).sql)
    return _Case(case.action, " AND ".join(conditions), _values(number, case, target, scope))


def _values(number: int, case: tree.MergeCase, target: Target, scope: Scope) -> dict[str, str]:
    if case.action == "delete":
        return {}
    columns = _columns(case, target)
    if len(columns) != len(case.values):
        message = f"Number of merge columns ({len(columns)}) isn't equal to number of expressions ({len(case.values)})"
        raise error_at(case, "GENERIC_INTERNAL_ERROR", message)
    analyser = target.analyser(scope, "MERGE clause")
    values = [analyser.analyse(value) for value in case.values]
    target.uses |= analyser.uses
    assigned = assigned_values(values, columns)
    if assigned is None:
        message = (
            f"MERGE table column types don't match for MERGE case {number}, SET expressions:"
            f" Table: [{type_list(columns)}], Expressions: [{', '.join(str(value.type) for value in values)}]"
        )
        raise error_at(case, "TYPE_MISMATCH", message)
    new = {column.name: value.sql for column, value in zip(columns, assigned, strict=True)}
    if case.action == "update":
        new |= {column.name: target.old(column) for column in target.columns if column.name not in new}
    return new


def _columns(case: tree.MergeCase, target: Target) -> Sequence[Column]:
    if case.action == "insert" and not case.columns:
        return target.columns
    known = {column.name: column for column in target.columns}
    columns: list[Column] = []
    for name in case.columns:
        if name.name not in known:
            message = f"line 1:1: Merge column name does not exist in target table: {name.name}"
            raise error_at(case, "COLUMN_NOT_FOUND", message)
        if known[name.name] in columns:
            message = f"line 1:1: Merge column name is specified more than once: {name.name}"
            raise error_at(case, "DUPLICATE_COLUMN_NAME", message)
        columns.append(known[name.name])
    return columns
