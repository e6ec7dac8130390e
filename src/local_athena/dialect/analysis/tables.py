"""Tables and views in FROM."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone
from typing import Any

from local_athena.catalogue.model import Table, TableName, View
from local_athena.dialect.analysis.calls import CallAnalyser
from local_athena.dialect.analysis.constants import evaluate
from local_athena.dialect.analysis.correlation import NOT_CORRELATED
from local_athena.dialect.analysis.scope import Field, Origin, Scope
from local_athena.dialect.analysis.set_operations import converted
from local_athena.dialect.analysis.statement import (
    Environment,
    Named,
    Queries,
    Recursive,
    Relation,
    Source,
    Statement,
    error_at,
    located,
)
from local_athena.dialect.representation import quoted
from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.parser import parse_statement
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError, not_supported
from local_athena.types.coercion import can_coerce
from local_athena.types.model import BIGINT, DATE, Timestamp

CATALOG = "awsdatacatalog"


def table_name(name: tree.Name, database: str) -> TableName:
    """The table that a name means.

    Raises:
        AthenaError: CATALOG_NOT_FOUND, or SYNTAX_ERROR for too many parts.
    """
    parts = [part.name for part in name.parts]
    if len(parts) > 3:
        raise error_at(name, "SYNTAX_ERROR", f"Too many dots in table name: {name}")
    if len(parts) == 3 and parts[0] != CATALOG:
        raise error_at(name, "CATALOG_NOT_FOUND", f"Catalog '{parts[0]}' does not exist")
    return TableName(parts[-2] if len(parts) > 1 else database, parts[-1])


def table_source(node: tree.TableRef, environment: Environment, statement: Statement, queries: Queries) -> Source:
    """What a name in FROM stands for: a query of WITH, a table, or a view."""
    if len(node.name.parts) == 1:
        named = environment.named.get(node.name.parts[0].name)
        if named is not None:
            return _named(node, named, statement, queries)
    name = table_name(node.name, environment.database)
    found = _find(name, node, statement)
    qualifier = (CATALOG, name.database, name.table)
    if isinstance(found, View):
        if node.version_kind is not None:
            raise error_at(node, "NOT_SUPPORTED", "Views with versions are not supported")
        return _view(node, found, environment, statement, queries, qualifier)
    if node.version is not None:
        found = _versioned(node, found, environment, statement, queries)
    return scan_source(found, statement, qualifier)


def scan_source(table: Table, statement: Statement, qualifier: tuple[str, ...]) -> Source:
    """A new scan of a table."""
    alias = statement.alias()
    number, sql = statement.scans.add(table, alias)
    fields = tuple(
        Field(
            column.name,
            Typed(f"{alias}.{quoted(column.name)}", column.type),
            qualifier,
            frozenset({(number, column.name)}),
            (Origin(number, column.name),),
            column.hidden,
        )
        for column in table.columns
    )
    return Source(sql, fields, aliases=(alias,))


def _find(name: TableName, node: tree.Node, statement: Statement) -> Table | View:
    try:
        return statement.session.catalogue.find(name)
    except AthenaError as error:
        raise located(error, node.at) from None


def relation_source(
    relation: Relation, statement: Statement, qualifier: tuple[str, ...] = (), *, lateral: bool = False
) -> Source:
    """A query as a relation of FROM; a lateral one reads what stands before it."""
    alias = statement.alias()
    fields = tuple(
        Field(column.name, Typed(f"{alias}.c{number}", column.type), qualifier, column.uses, column.origins)
        for number, column in enumerate(relation.columns)
    )
    sql = f"{'LATERAL ' if lateral else ''}({relation.sql}) AS {alias}"
    correlated = NOT_CORRELATED if lateral else relation.correlated
    return Source(sql, fields, relation.uses, (alias,), correlated=correlated)


def _named(node: tree.TableRef, named: Named | Recursive, statement: Statement, queries: Queries) -> Source:
    if node.version_kind is not None:
        raise error_at(node, "NOT_SUPPORTED", "Versions of queries of WITH are not supported")
    relation = named.relation if isinstance(named, Recursive) else queries.named(named)
    return relation_source(relation, statement, (node.name.parts[0].name,))


# --- views


def _view(
    node: tree.TableRef,
    view: View,
    environment: Environment,
    statement: Statement,
    queries: Queries,
    qualifier: tuple[str, ...],
) -> Source:
    if view.name in environment.views:
        raise error_at(node, "VIEW_IS_RECURSIVE", "View is recursive")
    inside = Environment(view.database, views=(*environment.views, view.name))
    relation = statement.once(view.name, lambda: _view_relation(node, view, inside, statement, queries))
    return relation_source(relation, statement, qualifier)


def _view_relation(
    node: tree.TableRef, view: View, inside: Environment, statement: Statement, queries: Queries
) -> Relation:
    try:
        query, parameters = parse_statement(view.sql)
        if not isinstance(query, tree.Query) or parameters:
            raise AthenaError("INVALID_VIEW", "its text is no query")
        relation = queries.query(query, inside, None)
    except AthenaError as error:
        if error.name == "NOT_SUPPORTED":
            raise
        message = f"Failed analyzing stored view '{view.name}': {error.message}"
        raise error_at(node, "INVALID_VIEW", message) from None
    stale = _staleness(view, relation)
    if stale is not None:
        raise error_at(node, "VIEW_IS_STALE", f"View '{view.name}' is stale or in invalid state: {stale}")
    types = [column.type for column in view.columns]
    columns = tuple(
        replace(
            column, name=stored.name, type=stored.type, origins=column.origins if column.type == stored.type else ()
        )
        for column, stored in zip(relation.columns, view.columns, strict=True)
    )
    return replace(relation, sql=converted(relation, types, statement), columns=columns)


def _staleness(view: View, relation: Relation) -> str | None:
    """Why the view's query no longer gives what the view promises; None if it does."""
    if len(view.columns) != len(relation.columns):
        return (
            f"stored view column count ({len(view.columns)}) does not match column count derived from the view query"
            f" analysis ({len(relation.columns)})"
        )
    for position, (stored, column) in enumerate(zip(view.columns, relation.columns, strict=True)):
        if not can_coerce(column.type, stored.type):
            return (
                f"column [{column.name}] of type {column.type} projected from query view at position {position}"
                f" cannot be coerced to column [{stored.name}] of type {stored.type} stored in view definition"
            )
    return None


# --- versions


def _versioned(
    node: tree.TableRef, table: Table, environment: Environment, statement: Statement, queries: Queries
) -> Table:
    assert node.version is not None
    if table.kind != "iceberg":
        raise AthenaError("NOT_SUPPORTED", "This connector does not support versioned tables")
    analyser = CallAnalyser(statement, queries, environment, Scope(()), clause="FOR clause")
    value = analyser.analyse(node.version)
    if node.version_kind == "version":
        if value.type != BIGINT:
            raise not_supported(f"Unsupported type for table version: {value.type}")
        return statement.session.catalogue.at_version(table, snapshot_id=evaluate(value), timestamp=None)
    if value.type != DATE and not isinstance(value.type, Timestamp):
        message = f"Unsupported type for temporal table version: {value.type}"
        raise error_at(node.version, "NOT_SUPPORTED", message)
    instant = _aware(evaluate(value))
    if instant.timestamp() * 1_000_000 >= statement.session.now:
        message = f"Pointer value '{instant.isoformat(sep=' ')}' is not in the past"
        raise error_at(node.version, "INVALID_ARGUMENTS", message)
    return statement.session.catalogue.at_version(table, snapshot_id=None, timestamp=instant)


def _aware(value: dict[str, Any] | date) -> datetime:
    """The instant that DuckDB's value of a date or timestamp means."""
    moment = value["instant"] if isinstance(value, dict) else value
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=timezone.utc)
    return datetime(moment.year, moment.month, moment.day, tzinfo=timezone.utc)
