"""Finds the tables that DDL names."""

from __future__ import annotations

from local_athena.catalogue.model import Table, TableName, View
from local_athena.execution.context import Context
from local_athena.execution.hive_errors import semantic, table_not_found
from local_athena.table_format import TableFormat


def found(name: TableName, context: Context) -> Table | View:
    """The table or view.

    Raises:
        AthenaError: there is none.
    """
    entry = context.glue.table(name.database, name.table)
    if entry is None:
        raise table_not_found(name)
    return context.catalogue.of_entry(name, entry)


def table(name: TableName, context: Context) -> tuple[Table, TableFormat]:
    """The table and its format.

    Raises:
        AthenaError: there is none, or it is a view.
    """
    its = found(name, context)
    if isinstance(its, View):
        raise semantic(f"{name.database}.{name.table} is a view, not a table", 10131)
    return its, context.catalogue.format_of(its)
