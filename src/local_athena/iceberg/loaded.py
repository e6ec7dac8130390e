"""What statements do to Iceberg tables: `table_format.TableFormat`, with pyiceberg."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone

from local_athena.catalogue.model import Table, TableName
from local_athena.dialect.plan import ChangePlan, Predicate, Scan
from local_athena.errors import AthenaError, not_supported
from local_athena.iceberg import (
    changes,
    creation,
    evolution,
    maintenance,
    metadata_tables,
    reading,
    shown,
)
from local_athena.iceberg.tables import State, Tables
from local_athena.store import Entry, Glue, Objects
from local_athena.table_format import (
    Alteration,
    Creation,
    Definition,
    Reading,
    Rows,
    Work,
    Written,
)


class LoadedFormat:
    """Iceberg tables over a store; `format.IcebergFormat` documents the methods."""

    def __init__(self, objects: Objects, glue: Glue) -> None:
        self._tables = Tables(objects, glue)

    def table(self, name: TableName, entry: Entry) -> Table:
        """The table of a Glue entry."""
        state = self._tables.state(name, entry)
        return Table(name, reading.columns_of(state.metadata, None), "iceberg", handle=state)

    def metadata_table(self, table: Table, suffix: str) -> Table | None:
        """`t$<suffix>`."""
        columns = metadata_tables.columns_of(table.handle, suffix)
        if columns is None:
            return None
        name = TableName(table.name.database, f"{table.name.table}${suffix}")
        return Table(name, columns, "metadata", handle=table.handle)

    def at_version(self, table: Table, *, snapshot_id: int | None, timestamp: datetime | None) -> Table:
        """The table as it was."""
        state: State = table.handle
        if snapshot_id is None:
            snapshot_id = _snapshot_at(state, timestamp)
        elif state.metadata.snapshot_by_id(snapshot_id) is None:
            raise AthenaError("INVALID_ARGUMENTS", f"Iceberg snapshot ID does not exists: {snapshot_id}")
        return Table(table.name, reading.columns_of(state.metadata, snapshot_id), "iceberg", snapshot_id, state)

    def read(self, scan: Scan, work: Work) -> Reading:
        """How to read a table or metadata table."""
        if scan.table.kind == "metadata":
            suffix = scan.table.name.table.rpartition("$")[2]
            return Reading(metadata_tables.select(self._tables, scan.table.handle, suffix))
        return reading.read(self._tables, scan, work.folder)

    def create(self, definition: Definition) -> None:
        """CREATE TABLE."""
        creation.create(self._tables, definition)

    def create_from_query(self, made: Creation, rows: Rows, work: Work) -> Written:
        """CREATE TABLE AS."""
        return creation.create_from_query(self._tables, made, rows, work)

    def insert(self, target: Table, rows: Rows, work: Work) -> Written:
        """INSERT."""
        return changes.insert(self._tables, target.handle, rows, work)

    def change(self, plan: ChangePlan, work: Work) -> Written:
        """DELETE, UPDATE or MERGE."""
        return changes.change_rows(self._tables, plan, work)

    def optimize(self, table: Table, predicates: Sequence[Predicate], work: Work) -> None:
        """OPTIMIZE."""
        maintenance.optimize(self._tables, table.handle, predicates, work)

    def vacuum(self, table: Table, work: Work) -> None:
        """VACUUM."""
        maintenance.vacuum(self._tables, table.handle, work)

    def alter(self, table: Table, alteration: Alteration) -> None:
        """ALTER TABLE."""
        evolution.alter(self._tables, table.handle, alteration)

    def drop(self, table: Table) -> None:
        """DROP TABLE."""
        maintenance.drop(self._tables, table.handle)

    def properties(self, table: Table) -> Mapping[str, str]:
        """What SHOW TBLPROPERTIES prints."""
        return shown.table_properties(table.handle)

    def show_create(self, table: Table) -> Sequence[str]:
        """The lines of SHOW CREATE TABLE."""
        return shown.create_statement(table.handle)

    def describe(self, table: Table, *, formatted: bool, extended: bool) -> Sequence[str]:
        """The lines of DESCRIBE."""
        if formatted or extended:
            raise not_supported("The local Athena has DESCRIBE without FORMATTED and EXTENDED for Iceberg tables")
        return shown.description(table.handle)


def _snapshot_at(state: State, timestamp: datetime | None) -> int:
    """The snapshot that was current at a time."""
    assert timestamp is not None
    asked = timestamp.astimezone(timezone.utc)
    found = None
    for entry in state.metadata.snapshot_log:
        if datetime.fromtimestamp(entry.timestamp_ms / 1000, timezone.utc) <= asked:
            found = entry.snapshot_id
    if found is None or state.metadata.snapshot_by_id(found) is None:
        name = ".".join(_quoted_if_odd(part) for part in (state.name.database, state.name.table))
        raise AthenaError("INVALID_ARGUMENTS", f"No version history table {name} at or before {_instant(asked)}")
    return found


def _instant(moment: datetime) -> str:
    """A moment as Java prints it: without, with three or with six digits of a second."""
    precision = "microseconds" if moment.microsecond % 1000 else "milliseconds" if moment.microsecond else "seconds"
    return moment.replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def _quoted_if_odd(name: str) -> str:
    return name if re.fullmatch("[a-z_][a-z0-9_]*", name) else f'"{name}"'
