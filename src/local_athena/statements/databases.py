"""CREATE and DROP DATABASE."""

from __future__ import annotations

from local_athena.statements.model import CreateDatabase, DropDatabase
from local_athena.statements.properties import hive_properties
from local_athena.statements.reader import HiveReader


def create(reader: HiveReader) -> CreateDatabase:
    """`CREATE DATABASE|SCHEMA [IF NOT EXISTS] name [COMMENT …] [LOCATION …] [WITH DBPROPERTIES (…)]`."""
    reader.expect("create")
    reader.one_of("database", "schema")
    if_not_exists = reader.accept("if", "not", "exists")
    name = reader.identifier()
    comment = reader.string() if reader.accept("comment") else None
    location = reader.string() if reader.accept("location") else None
    properties = hive_properties(reader) if reader.accept("with", "dbproperties") else {}
    reader.finish()
    return CreateDatabase(name, if_not_exists, comment, location, properties)


def drop(reader: HiveReader) -> DropDatabase:
    """`DROP DATABASE|SCHEMA [IF EXISTS] name [RESTRICT|CASCADE]`."""
    reader.expect("drop")
    reader.one_of("database", "schema")
    if_exists = reader.accept("if", "exists")
    name = reader.identifier()
    cascade = reader.accept("cascade")
    if not cascade:
        reader.accept("restrict")
    reader.finish()
    return DropDatabase(name, if_exists, cascade)
