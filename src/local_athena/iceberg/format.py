"""Iceberg tables as the engine sees them.

pyiceberg takes half a second to import, so it is imported when a statement first touches an Iceberg table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from local_athena.catalogue.model import Table, TableName
from local_athena.dialect.plan import ChangePlan, Predicate, Scan
from local_athena.errors import not_supported
from local_athena.store import Entry, Glue, Objects
from local_athena.table_format import (
    Alteration,
    Creation,
    Definition,
    PropertyValue,
    Reading,
    Rows,
    Work,
    Written,
)

if TYPE_CHECKING:
    from local_athena.iceberg.loaded import LoadedFormat


class IcebergFormat:
    """The Iceberg tables of a Glue catalogue; implements `table_format.TableFormat`, which documents the methods.

    Args:
        objects: where the files of tables are.
        glue: where tables are listed.
    """

    def __init__(self, objects: Objects, glue: Glue) -> None:
        self._objects = objects
        self._glue = glue

    @cached_property
    def _loaded(self) -> LoadedFormat:
        from local_athena.iceberg.loaded import LoadedFormat  # noqa: PLC0415

        return LoadedFormat(self._objects, self._glue)

    def recognises(self, entry: Entry) -> bool:
        """Whether a Glue entry is an Iceberg table."""
        return str(entry.get("Parameters", {}).get("table_type", "")).upper() == "ICEBERG"

    def creates(self, properties: Mapping[str, PropertyValue]) -> bool:
        """Whether properties say `table_type = 'ICEBERG'`."""
        return str(properties.get("table_type", "")).upper() == "ICEBERG"

    def table(self, name: TableName, entry: Entry) -> Table:
        """The table of a Glue entry, as it is now: its handle does not change with the table."""
        return self._loaded.table(name, entry)

    def metadata_table(self, table: Table, suffix: str) -> Table | None:
        """`t$<suffix>`, e.g. `snapshots`; None if there is no such thing."""
        return self._loaded.metadata_table(table, suffix)

    def at_version(self, table: Table, *, snapshot_id: int | None, timestamp: datetime | None) -> Table:
        """The table as it was, with the columns it had. Raises INVALID_ARGUMENTS if it had no such version."""
        return self._loaded.at_version(table, snapshot_id=snapshot_id, timestamp=timestamp)

    def read(self, scan: Scan, work: Work) -> Reading:
        """How to read a table or metadata table."""
        return self._loaded.read(scan, work)

    def create(self, definition: Definition) -> None:
        """CREATE TABLE."""
        self._loaded.create(definition)

    def create_from_query(self, creation: Creation, rows: Rows, work: Work) -> Written:
        """CREATE TABLE AS. Raises ICEBERG_TOO_MANY_OPEN_PARTITIONS, among others; leaves nothing if it fails."""
        return self._loaded.create_from_query(creation, rows, work)

    def insert(self, target: Table, rows: Rows, work: Work) -> Written:
        """INSERT; holds whatever others have done to the table meanwhile."""
        return self._loaded.insert(target, rows, work)

    def change(self, plan: ChangePlan, work: Work) -> Written:
        """DELETE, UPDATE or MERGE. Raises ICEBERG_COMMIT_ERROR if the table is not as the plan found it."""
        return self._loaded.change(plan, work)

    def optimize(self, table: Table, predicates: Sequence[Predicate], work: Work) -> None:
        """OPTIMIZE; `predicates` are the whole condition."""
        self._loaded.optimize(table, predicates, work)

    def vacuum(self, table: Table, work: Work) -> None:
        """VACUUM. Raises ICEBERG_VACUUM_MORE_RUNS_NEEDED if another run is needed."""
        self._loaded.vacuum(table, work)

    def alter(self, table: Table, alteration: Alteration) -> None:
        """ALTER TABLE."""
        self._loaded.alter(table, alteration)

    def drop(self, table: Table) -> None:
        """DROP TABLE: the entry, and everything below the table's location."""
        self._loaded.drop(table)

    def properties(self, table: Table) -> Mapping[str, str]:
        """What SHOW TBLPROPERTIES prints."""
        return self._loaded.properties(table)

    def show_create(self, table: Table) -> Sequence[str]:
        """The lines of SHOW CREATE TABLE."""
        return self._loaded.show_create(table)

    def describe(
        self, table: Table, *, formatted: bool, extended: bool, partition: Mapping[str, str | None] | None = None
    ) -> Sequence[str]:
        """The lines of DESCRIBE.

        Raises:
            AthenaError: NOT_SUPPORTED for a partition: Iceberg's have no entries of their own.
        """
        if partition is not None:
            raise not_supported("DESCRIBE of a partition is for Hive tables")
        return self._loaded.describe(table, formatted=formatted, extended=extended)
