"""Looks tables and views up in Glue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from local_athena.catalogue.model import Table, TableName, View
from local_athena.catalogue.views import is_view, view_of
from local_athena.errors import AthenaError, not_supported
from local_athena.execution import information_schema
from local_athena.store import Entry, Glue
from local_athena.table_format import TableFormat

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


class GlueCatalogue:
    """Implements `Catalogue`.

    Args:
        glue: where entries are.
        formats: the first one that recognises an entry has it.
    """

    def __init__(self, glue: Glue, formats: Sequence[TableFormat]) -> None:
        self._glue = glue
        self._formats = formats

    def find(self, name: TableName) -> Table | View:
        """See `Catalogue.find`."""
        if name.database == information_schema.DATABASE:
            found = information_schema.table(name.table)
            if found is None:
                raise missing_table(name)
            return found
        entry = self._glue.table(name.database, name.table)
        if entry is not None:
            return self.of_entry(name, entry)
        metadata = self._metadata_table(name) if "$" in name.table else None
        if metadata is not None:
            return metadata
        if self._glue.database(name.database) is None:
            raise AthenaError("SCHEMA_NOT_FOUND", f"Schema '{name.database}' does not exist")
        raise missing_table(name)

    def at_version(self, table: Table, *, snapshot_id: int | None, timestamp: Any) -> Table:
        """See `Catalogue.at_version`."""
        return self.format_of(table).at_version(table, snapshot_id=snapshot_id, timestamp=timestamp)

    def of_entry(self, name: TableName, entry: Entry) -> Table | View:
        """The table or view of a Glue entry."""
        return view_of(name, entry) if is_view(entry) else self._recognising(entry).table(name, entry)

    def format_of(self, table: Table) -> TableFormat:
        """The format of a table, or of the table whose metadata it is."""
        name = table.name
        if table.kind == "metadata":
            name = TableName(name.database, name.table.rpartition("$")[0])
        entry = self._glue.table(name.database, name.table)
        if entry is None:
            raise missing_table(name)
        return self._recognising(entry)

    def creating(self, properties: Any) -> TableFormat:
        """The format that CREATE TABLE with these properties asks for.

        Raises:
            AthenaError: INVALID_TABLE_PROPERTY.
        """
        for format_ in self._formats:
            if format_.creates(properties):
                return format_
        message = f"Invalid value for table property 'table_type': {properties.get('table_type')}"
        raise AthenaError("INVALID_TABLE_PROPERTY", message)

    def _recognising(self, entry: Entry) -> TableFormat:
        for format_ in self._formats:
            if format_.recognises(entry):
                return format_
        raise not_supported(f"The local Athena does not read tables like {entry.get('Name')}")

    def _metadata_table(self, name: TableName) -> Table | None:
        base, _, suffix = name.table.rpartition("$")
        entry = self._glue.table(name.database, base)
        if entry is None or is_view(entry):
            return None
        format_ = self._recognising(entry)
        return format_.metadata_table(format_.table(TableName(name.database, base), entry), suffix)


def missing_table(name: TableName) -> AthenaError:
    """TABLE_NOT_FOUND."""
    table = name.table if _PLAIN.fullmatch(name.table) else f'"{name.table}"'
    return AthenaError("TABLE_NOT_FOUND", f"Table 'awsdatacatalog.{name.database}.{table}' does not exist")
