"""DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from derived_tables.errors import must_be
from derived_tables.project.target import Target
from derived_tables.relation import Relation, quoted
from derived_tables.warehouse.interface import Row, Table, WarehouseError

_DESCRIBED = """\
select c.column_name, c.data_type, t.table_type
from information_schema.columns as c
join information_schema.tables as t using (table_catalog, table_schema, table_name)
where (lower(table_catalog) = lower($database) or $database = '')
    and lower(table_schema) = lower($schema) and lower(table_name) = lower($identifier)
order by c.ordinal_position
"""


class DuckDB:
    """Implements `Warehouse`.

    Args:
        target: of the type duckdb, with a file.
        writes: whether it is to be changed. Otherwise others may read it at the same time, and a file that is missing
            is not made: there are no tables then.

    Raises:
        RefusedError: its database is in memory, so there is nothing to look at.
        WarehouseError: the file cannot be opened, e.g. because another process holds it.
    """

    def __init__(self, target: Target, *, writes: bool) -> None:
        path = str(target.settings.get("path", ":memory:"))
        if path == ":memory:":
            remedy = "A database in memory is gone when dbt ends. Name a file in profiles.yml."
            raise must_be(f"`path` of the target `{target.name}`", "a file", path, remedy)
        try:
            # A relative path starts in the working directory, wherever the project lies: so dbt has it.
            is_there = ":" in path or Path(path).exists()
            config = dict(target.settings.get("config_options") or {})
            self._connection = duckdb.connect(path if is_there else ":memory:", is_there and not writes, config)
            self._prepare(target)
        except duckdb.Error as error:
            raise WarehouseError(f"DuckDB cannot open {path}: {error}") from error

    def find(self, relation: Relation) -> Table | None:
        """As information_schema describes it."""
        parameters = {"database": relation.database, "schema": relation.schema, "identifier": relation.identifier}
        rows = self._run(_DESCRIBED, parameters)
        if not rows:
            return None
        kind = "view" if rows[0][2] == "VIEW" else "duckdb"
        return Table(relation, kind, {name: type_ for name, type_, _ in rows})

    def query(self, sql: str) -> Sequence[Row]:
        """Rows, in Python's types."""
        return self._run(sql)

    def execute(self, sql: str) -> None:
        """Runs a statement, which commits itself."""
        self._run(sql)

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()

    def _run(self, sql: str, parameters: Mapping[str, str] | None = None) -> list[Row]:
        try:
            return self._connection.execute(sql, *([parameters] if parameters else [])).fetchall()
        except duckdb.Error as error:
            raise WarehouseError(f"DuckDB: {error}\n{sql}") from error
        except RuntimeError as error:
            # What DuckDB makes of Ctrl-C. Without this, its threads would go on with the query.
            self._connection.interrupt()
            raise KeyboardInterrupt from error

    def _prepare(self, target: Target) -> None:
        """Sets what profiles.yml sets, and attaches what it attaches."""
        for extension in target.settings.get("extensions") or []:
            if isinstance(extension, str):
                self._connection.load_extension(extension)
        for name, value in (target.settings.get("settings") or {}).items():
            self._connection.execute(f"set {quoted(name)} = {_literal(value)}")
        for attached in target.settings.get("attach") or []:
            self._connection.execute(_attachment(attached))


def _attachment(attached: Any) -> str:
    options = [f"type {attached.type}"] if attached.type else []
    options += ["read_only"] if attached.read_only else []
    named = f" as {quoted(attached.alias)}" if attached.alias else ""
    return f"attach if not exists {_literal(str(attached.path))}{named}" + (
        f" ({', '.join(options)})" if options else ""
    )


def _literal(value: object) -> str:
    if isinstance(value, bool | int | float):
        return str(value).lower()
    escaped = str(value).replace("'", "''")
    return f"'{escaped}'"
