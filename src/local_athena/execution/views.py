"""CREATE VIEW and DROP VIEW."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from local_athena.catalogue.model import Catalogue, Table, TableName, View
from local_athena.catalogue.views import is_view, view_input
from local_athena.dialect.analyse import plan_query
from local_athena.errors import AthenaError
from local_athena.execution.context import Context
from local_athena.execution.results import done
from local_athena.execution.writes import named_columns
from local_athena.outcome import Outcome
from local_athena.statements.model import CreateView, DropView


@dataclass(frozen=True)
class _WithoutItself:
    """A catalogue in which a view may not be read, because its query is being analysed."""

    catalogue: Catalogue
    name: TableName

    def find(self, name: TableName) -> Table | View:
        """See `Catalogue.find`."""
        if name == self.name:
            raise AthenaError("VIEW_IS_RECURSIVE", "Statement would create a recursive view")
        return self.catalogue.find(name)

    def at_version(self, table: Table, *, snapshot_id: int | None, timestamp: Any) -> Table:
        """See `Catalogue.at_version`."""
        return self.catalogue.at_version(table, snapshot_id=snapshot_id, timestamp=timestamp)


def create_view(statement: CreateView, context: Context) -> Outcome:
    """CREATE [OR REPLACE] VIEW."""
    name = statement.name
    with context.stores.locks.hold(name):
        if context.glue.database(name.database) is None:
            raise AthenaError("SCHEMA_NOT_FOUND", f"line 1:1: Schema '{name.database}' does not exist")
        old = context.glue.table(name.database, name.table)
        if old is not None and not is_view(old):
            raise AthenaError("TABLE_ALREADY_EXISTS", f"line 1:1: Table already exists: '{name}'")
        if old is not None and not statement.or_replace:
            raise AthenaError("TABLE_ALREADY_EXISTS", f"line 1:1: View already exists: '{name}'")
        catalogue = context.catalogue if old is None else _WithoutItself(context.catalogue, name)
        plan = plan_query(statement.query, replace(context.session, catalogue=catalogue))
        view = View(name, named_columns(plan), statement.query.strip(), context.request.database)
        if old is None:
            context.glue.create_table(name.database, view_input(view))
        else:
            context.glue.update_table(name.database, view_input(view), skip_archive=False)
    return done("CREATE_VIEW")


def drop_view(statement: DropView, context: Context) -> Outcome:
    """DROP VIEW."""
    name = statement.name
    with context.stores.locks.hold(name):
        entry = context.glue.table(name.database, name.table)
        if entry is not None and not is_view(entry):
            hint = f"but a table with that name exists. Did you mean DROP TABLE {name}?"
            raise AthenaError("GENERIC_USER_ERROR", f"line 1:1: View '{name}' does not exist, {hint}")
        if entry is not None:
            context.glue.delete_table(name.database, name.table)
        elif not statement.if_exists:
            raise AthenaError("GENERIC_USER_ERROR", f"line 1:1: View '{name}' does not exist")
    return done("DROP_VIEW")
