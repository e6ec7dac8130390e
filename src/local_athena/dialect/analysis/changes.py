"""INSERT, DELETE, UPDATE and MERGE."""

from __future__ import annotations

from collections.abc import Sequence

from local_athena.catalogue.model import Column, Table, View
from local_athena.dialect import casts
from local_athena.dialect.analysis.calls import CallAnalyser
from local_athena.dialect.analysis.pruning import push_down
from local_athena.dialect.analysis.queries import QueryAnalyser
from local_athena.dialect.analysis.scope import Scope, Uses
from local_athena.dialect.analysis.statement import Column as Given
from local_athena.dialect.analysis.statement import (
    Environment,
    Relation,
    Statement,
    error_at,
    located,
    require_boolean,
)
from local_athena.dialect.analysis.tables import CATALOG, scan_source, table_name
from local_athena.dialect.plan import ChangePlan
from local_athena.dialect.representation import duckdb_type
from local_athena.dialect.syntax import tree
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError
from local_athena.types.model import BOOLEAN


def visible_columns(table: Table) -> tuple[Column, ...]:
    """The columns that a statement can write."""
    return tuple(column for column in table.columns if not column.hidden)


def target_of(node: tree.Insert | tree.Delete | tree.Update | tree.Merge, statement: Statement) -> Table:
    """The table that a statement changes.

    Raises:
        AthenaError: TABLE_NOT_FOUND, NOT_SUPPORTED for what cannot be changed.
    """
    verb = {tree.Insert: "Inserting into", tree.Delete: "Deleting from", tree.Update: "Updating"}
    try:
        found = statement.session.catalogue.find(table_name(node.table, statement.session.database))
    except AthenaError as error:
        raise located(error, node.at) from None
    if isinstance(found, View):
        raise error_at(node, "NOT_SUPPORTED", f"{verb.get(type(node), 'Merging into')} views is not supported")
    if isinstance(node, tree.Insert):
        if found.kind not in ("hive", "iceberg"):
            raise AthenaError("NOT_SUPPORTED", "This connector does not support inserts")
    elif found.kind == "hive":
        message = "Modifying Hive table rows is only supported for transactional tables"
        raise AthenaError("NOT_SUPPORTED", message)
    elif found.kind != "iceberg":
        raise AthenaError("NOT_SUPPORTED", "This connector does not support modifying table rows")
    return found


# --- INSERT


def inserted(node: tree.Insert, table: Table, statement: Statement) -> Relation:
    """The rows to insert: all columns of the table, in its order.

    Raises:
        AthenaError: DUPLICATE_COLUMN_NAME, COLUMN_NOT_FOUND, TYPE_MISMATCH.
    """
    columns = visible_columns(table)
    named = _insert_columns(node, columns)
    environment = Environment(statement.session.database)
    relation = QueryAnalyser(statement).query(node.query, environment, None)
    alias = statement.alias()
    values = [Typed(f"{alias}.c{number}", column.type) for number, column in enumerate(relation.columns)]
    assigned = assigned_values(values, named)
    if assigned is None:
        message = (
            f"Insert query has mismatched column types: Table: [{type_list(named)}],"
            f" Query: [{', '.join(str(value.type) for value in values)}]"
        )
        raise error_at(node, "TYPE_MISMATCH", message)
    by_name = {column.name: value.sql for column, value in zip(named, assigned, strict=True)}
    sqls = [by_name.get(column.name, null_of(column)) for column in columns]
    sql = f"SELECT {numbered(sqls)} FROM ({relation.sql}) AS {alias}"
    given = tuple(Given(column.name, column.type) for column in columns)
    return Relation(sql, given, relation.all_uses, ordered=relation.ordered)


def _insert_columns(node: tree.Insert, columns: Sequence[Column]) -> Sequence[Column]:
    if not node.columns:
        return columns
    known = {column.name: column for column in columns}
    named: dict[str, Column] = {}
    for column in node.columns:
        if column.name not in known:
            message = f"Insert column name does not exist in target table: {column.name}"
            raise error_at(node, "COLUMN_NOT_FOUND", message)
        if column.name in named:
            message = f"Insert column name is specified more than once: {column.name}"
            raise error_at(node, "DUPLICATE_COLUMN_NAME", message)
        named[column.name] = known[column.name]
    return list(named.values())


def assigned_values(values: Sequence[Typed], columns: Sequence[Column]) -> list[Typed] | None:
    """The values converted for their columns; None if one does not fit."""
    if len(values) != len(columns):
        return None
    pairs = list(zip(values, (column.type for column in columns), strict=True))
    if not all(casts.can_assign(value.type, type_) for value, type_ in pairs):
        return None
    return [casts.assign(value, type_) for value, type_ in pairs]


def type_list(columns: Sequence[Column]) -> str:
    """The types of columns, as messages list them."""
    return ", ".join(str(column.type) for column in columns)


def null_of(column: Column) -> str:
    """Null, of a column's type."""
    return f"NULL::{duckdb_type(column.type)}"


def numbered(sqls: Sequence[str]) -> str:
    """The select list of values `c0`, `c1`, …."""
    return ", ".join(f"{sql} AS c{number}" for number, sql in enumerate(sqls))


# --- DELETE and UPDATE


class Target:
    """The table that a statement changes, while it is analysed."""

    def __init__(self, node: tree.Delete | tree.Update | tree.Merge, statement: Statement) -> None:
        self.statement = statement
        self.table = target_of(node, statement)
        self.columns = visible_columns(self.table)
        name = self.table.name
        self.source = scan_source(self.table, statement, (CATALOG, name.database, name.table))
        self.alias = str(self.source.alias)
        self.environment = Environment(statement.session.database)
        self.queries = QueryAnalyser(statement)
        self.uses: set[tuple[int, str]] = set()
        statement.scans[0].row_ids = True

    def analyser(self, scope: Scope, clause: str) -> CallAnalyser:
        """An analyser of a part of the statement."""
        return CallAnalyser(self.statement, self.queries, self.environment, scope, clause=clause)

    def where(self, node: tree.Expression | None, scope: Scope) -> str:
        """The WHERE clause."""
        if node is None:
            return ""
        analyser = self.analyser(scope, "WHERE clause")
        condition = require_boolean(analyser.analyse(node), node, "WHERE clause")
        push_down(node, analyser, scope)
        self.uses |= analyser.uses
        return f" WHERE {casts.coerce(condition, BOOLEAN).sql}"

    def old(self, column: Column) -> str:
        """The value that a column has."""
        field = self.source.fields[self.table.columns.index(column)]
        self.statement.scans.mention(field.uses)
        self.uses |= field.uses
        return field.value.sql

    def ids(self) -> str:
        """The ids of the row."""
        return f'{self.alias}."$file", {self.alias}."$position"'

    def plan(self, sql: str, uses: Uses, *, whole_table: bool = False) -> ChangePlan:
        """The finished plan."""
        read = uses | self.uses
        finished = self.statement.scans.finished_sql(sql, read)
        return ChangePlan(self.table, finished, self.statement.scans.finished(read), whole_table)


def plan_delete(node: tree.Delete, statement: Statement) -> ChangePlan:
    """Plans DELETE."""
    target = Target(node, statement)
    where = target.where(node.where, Scope(target.source.fields))
    nulls = numbered([null_of(column) for column in target.columns])
    sql = f"SELECT 'delete' AS \"$operation\", {target.ids()}, {nulls} FROM {target.source.sql}{where}"
    return target.plan(sql, frozenset(), whole_table=node.where is None)


def plan_update(node: tree.Update, statement: Statement) -> ChangePlan:
    """Plans UPDATE.

    Raises:
        AthenaError: COLUMN_NOT_FOUND, DUPLICATE_COLUMN_NAME, TYPE_MISMATCH.
    """
    target = Target(node, statement)
    scope = Scope(target.source.fields)
    known = {column.name: column for column in target.columns}
    columns: list[Column] = []
    for assignment in node.assignments:
        column = known.get(assignment.column.name)
        if column is None:
            message = f"The UPDATE SET target column {assignment.column.value} doesn't exist"
            raise error_at(assignment.column, "COLUMN_NOT_FOUND", message)
        if column in columns:
            message = f"The UPDATE SET target column {column.name} is specified more than once"
            raise error_at(assignment.column, "DUPLICATE_COLUMN_NAME", message)
        columns.append(column)
    analyser = target.analyser(scope, "UPDATE SET clause")
    values = [analyser.analyse(assignment.value) for assignment in node.assignments]
    assigned = assigned_values(values, columns)
    if assigned is None:
        message = (
            f"UPDATE table column types don't match SET expressions: Table: [{type_list(columns)}],"
            f" Expressions: [{', '.join(str(value.type) for value in values)}]"
        )
        raise error_at(node, "TYPE_MISMATCH", message)
    new = {column.name: value.sql for column, value in zip(columns, assigned, strict=True)}
    sqls = [new[column.name] if column.name in new else target.old(column) for column in target.columns]
    where = target.where(node.where, scope)
    sql = f"SELECT 'update' AS \"$operation\", {target.ids()}, {numbered(sqls)} FROM {target.source.sql}{where}"
    return target.plan(sql, frozenset(analyser.uses))
