"""DDL of tables and databases."""

from __future__ import annotations

from typing import Any

from local_athena.catalogue.model import TableName, View
from local_athena.errors import AthenaError
from local_athena.execution import lookup
from local_athena.execution.context import Context
from local_athena.execution.hive_errors import (
    database_not_found,
    failed,
    semantic,
    table_not_found,
)
from local_athena.execution.results import done, lines
from local_athena.hive.format import HiveFormat
from local_athena.locations import folder
from local_athena.outcome import Outcome
from local_athena.statements.model import (
    AlterTable,
    CreateDatabase,
    CreateTable,
    DropDatabase,
    DropTable,
    Repair,
)
from local_athena.store import AlreadyExistsError, ConflictError
from local_athena.table_format import RenameTable


def create_table(statement: CreateTable, context: Context) -> Outcome:
    """CREATE EXTERNAL TABLE, and CREATE TABLE of Iceberg tables."""
    definition = statement.definition
    name = definition.name
    with context.stores.locks.hold(name):
        if context.glue.database(name.database) is None:
            raise database_not_found(name.database)
        if context.glue.table(name.database, name.table) is not None:
            if statement.if_not_exists:
                return done("CREATE_TABLE")
            raise failed(f"AlreadyExistsException(message:Table {name.table} already exists)")
        properties = {key.lower(): value for key, value in definition.properties.items()}
        context.catalogue.creating(properties).create(definition)
    return done("CREATE_TABLE")


def drop_table(statement: DropTable, context: Context) -> Outcome:
    """DROP TABLE."""
    name = statement.name
    with context.stores.locks.hold(name):
        entry = context.glue.table(name.database, name.table)
        if entry is None:
            if statement.if_exists:
                return done("DROP_TABLE")
            raise table_not_found(name)
        _drop(name, context)
    return done("DROP_TABLE")


def alter_table(statement: AlterTable, context: Context) -> Outcome:
    """ALTER TABLE."""
    with context.stores.locks.hold(statement.name):
        table, format_ = lookup.table(statement.name, context)
        if isinstance(statement.alteration, RenameTable):
            _check_new_name(statement.alteration.name, context)
        try:
            format_.alter(table, statement.alteration)
        except ConflictError as error:
            raise failed(f"ConcurrentModificationException(message:{error})") from error
    return done("ALTER_TABLE")


def repair(statement: Repair, context: Context) -> Outcome:
    """MSCK REPAIR TABLE."""
    with context.stores.locks.hold(statement.name):
        table, format_ = lookup.table(statement.name, context)
        if not isinstance(format_, HiveFormat):
            raise semantic("MSCK REPAIR TABLE is not supported for Iceberg tables")
        texts = format_.alterer.repair(table)
    return lines("MSCK_REPAIR_TABLE", texts)


def create_database(statement: CreateDatabase, context: Context) -> Outcome:
    """CREATE DATABASE."""
    made: dict[str, Any] = {"Name": statement.name, "Parameters": dict(statement.properties)}
    if statement.comment is not None:
        made["Description"] = statement.comment
    if statement.location is not None:
        folder(statement.location)
        made["LocationUri"] = statement.location
    with context.stores.locks.hold(statement.name):
        try:
            context.glue.create_database(made)
        except AlreadyExistsError as error:
            if not statement.if_not_exists:
                raise failed(f"Database {statement.name} already exists") from error
    return done("CREATE_DATABASE")


def drop_database(statement: DropDatabase, context: Context) -> Outcome:
    """DROP DATABASE."""
    name = statement.name
    with context.stores.locks.hold(name):
        if context.glue.database(name) is None:
            if statement.if_exists:
                return done("DROP_DATABASE")
            raise database_not_found(name)
        entries = context.glue.tables(name)
        if entries and not statement.cascade:
            message = f"Database {name} is not empty. One or more tables exist."
            raise failed(f"InvalidOperationException(message:{message})")
        for entry in entries:
            table = TableName(name, entry["Name"])
            with context.stores.locks.hold(table):
                if context.glue.table(name, table.table) is not None:
                    _drop(table, context, views=True)
        context.glue.delete_database(name)
    return done("DROP_DATABASE")


def _drop(name: TableName, context: Context, *, views: bool = False) -> None:
    """Drops a table; one that the local Athena cannot read loses its entry only."""
    try:
        found = lookup.found(name, context)
    except AthenaError:
        context.glue.delete_table(name.database, name.table)
        return
    if not isinstance(found, View):
        context.catalogue.format_of(found).drop(found)
    elif views:
        context.glue.delete_table(name.database, name.table)
    else:
        raise semantic("Cannot drop a view with DROP TABLE", 10132)


def _check_new_name(name: TableName, context: Context) -> None:
    if context.glue.database(name.database) is None:
        raise database_not_found(name.database)
    if context.glue.table(name.database, name.table) is not None:
        raise failed(f"AlreadyExistsException(message:Table {name.table} already exists)")
