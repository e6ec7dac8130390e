"""SHOW and DESCRIBE."""

from __future__ import annotations

import re
from collections.abc import Iterable

from local_athena.catalogue.model import View
from local_athena.catalogue.views import is_view
from local_athena.errors import AthenaError
from local_athena.execution import lookup
from local_athena.execution.context import Context
from local_athena.execution.hive_errors import database_not_found, semantic
from local_athena.execution.results import lines
from local_athena.hive import projection, tables
from local_athena.hive.format import HiveFormat
from local_athena.outcome import Outcome
from local_athena.statements.model import (
    Describe,
    ShowColumns,
    ShowCreateTable,
    ShowCreateView,
    ShowDatabases,
    ShowPartitions,
    ShowProperties,
    ShowTables,
)
from local_athena.table_format import visible
from local_athena.types.model import VARCHAR


def show_databases(statement: ShowDatabases, context: Context) -> Outcome:
    """SHOW DATABASES."""
    names = (entry["Name"] for entry in context.glue.databases())
    return lines("SHOW_DATABASES", _matching(names, statement.pattern), "database_name")


def show_tables(statement: ShowTables, context: Context) -> Outcome:
    """SHOW TABLES and SHOW VIEWS."""
    if context.glue.database(statement.database) is None:
        raise database_not_found(statement.database)
    entries = context.glue.tables(statement.database)
    names = (entry["Name"] for entry in entries if not statement.views or is_view(entry))
    found = _matching(names, statement.pattern)
    return lines("SHOW_VIEWS", found, "views") if statement.views else lines("SHOW_TABLES", found, "tab_name")


def show_columns(statement: ShowColumns, context: Context) -> Outcome:
    """SHOW COLUMNS."""
    found = lookup.found(statement.name, context)
    return lines("SHOW_COLUMNS", (column.name for column in visible(found.columns)), "field")


def show_partitions(statement: ShowPartitions, context: Context) -> Outcome:
    """SHOW PARTITIONS."""
    table, format_ = lookup.table(statement.name, context)
    shown = f"{statement.name.database}.{statement.name.table}"
    if not isinstance(format_, HiveFormat) or not tables.partition_columns(table):
        raise semantic(f"Table {shown} is not a partitioned table", 10241)
    if projection.is_enabled(tables.parameters_of(table)):
        return lines("SHOW_PARTITIONS", (), "partition")
    found = tables.partitions_of(context.glue, table, {})
    return lines("SHOW_PARTITIONS", (partition.name for partition in found), "partition")


def show_create_table(statement: ShowCreateTable, context: Context) -> Outcome:
    """SHOW CREATE TABLE."""
    table, format_ = lookup.table(statement.name, context)
    return lines("SHOW_CREATE_TABLE", format_.show_create(table), "createtab_stmt")


def show_create_view(statement: ShowCreateView, context: Context) -> Outcome:
    """SHOW CREATE VIEW."""
    found = context.catalogue.find(statement.name)
    if not isinstance(found, View):
        raise AthenaError("NOT_SUPPORTED", f"line 1:1: Relation '{statement.name}' is a table, not a view")
    text = f"CREATE VIEW {statement.name} AS\n{found.sql}"
    return lines("SHOW_CREATE_VIEW", (text,), "Create View", type_=VARCHAR)


def show_properties(statement: ShowProperties, context: Context) -> Outcome:
    """SHOW TBLPROPERTIES."""
    table, format_ = lookup.table(statement.name, context)
    properties = format_.properties(table)
    if statement.key is None:
        texts = (f"{key}\t{value}" for key, value in properties.items())
        return lines("SHOW_TBLPROPERTIES", texts, "prpt_name", "prpt_value")
    shown = f"{statement.name.database}.{statement.name.table}"
    value = properties.get(statement.key, f"Table {shown} does not have property: {statement.key}")
    return lines("SHOW_TBLPROPERTIES", (value,), "prpt_name")


def describe(statement: Describe, context: Context) -> Outcome:
    """DESCRIBE."""
    found = lookup.found(statement.name, context)
    if isinstance(found, View):
        texts: Iterable[str] = (f"{column.name:<20}\t{column.type!s:<20}\t{'':<20}" for column in found.columns)
    else:
        format_ = context.catalogue.format_of(found)
        texts = format_.describe(
            found, formatted=statement.formatted, extended=statement.extended, partition=statement.partition
        )
    return lines("DESCRIBE_TABLE", texts, "col_name", "data_type", "comment")


def _matching(names: Iterable[str], pattern: str | None) -> list[str]:
    """The names that a pattern of Hive fits: `*` is any text, `|` separates choices."""
    if pattern is None:
        return list(names)
    try:
        expression = re.compile(re.sub(r"(?<!\.)\*", ".*", pattern), re.IGNORECASE)
    except re.error as error:
        raise semantic(f"Invalid pattern {pattern}: {error}") from error
    return [name for name in names if expression.fullmatch(name)]
