"""Hive tables as the engine sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NoReturn

from local_athena.catalogue.model import Table, TableName
from local_athena.dialect.plan import ChangePlan, Predicate, Scan
from local_athena.errors import not_supported
from local_athena.hive import shown, tables
from local_athena.hive.alteration import HiveAlterer
from local_athena.hive.creation import HiveWriter
from local_athena.hive.reading import HiveReader
from local_athena.hive.specifications import need_partition
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

# Properties that say what kind of table it is, and what they say of Hive tables.
_KINDS = ("table_type", "spark.sql.sources.provider")
_OF_HIVE = {"hive", "parquet", "orc", "csv", "json", "avro", "text"}


class HiveFormat:
    """Implements `TableFormat`."""

    def __init__(self, objects: Objects, glue: Glue) -> None:
        self._glue = glue
        self.reader = HiveReader(objects, glue)
        self.writer = HiveWriter(objects, glue)
        self.alterer = HiveAlterer(objects, glue)

    def recognises(self, entry: Entry) -> bool:
        """A table is Hive's unless its properties say otherwise: Delta Lake and Hudi have files that are no rows."""
        parameters = entry.get("Parameters") or {}
        kinds = {str(parameters.get(name, "hive")).lower() for name in _KINDS}
        return bool(entry.get("StorageDescriptor")) and kinds <= _OF_HIVE

    def creates(self, properties: Mapping[str, PropertyValue]) -> bool:
        """Tables without `table_type`, or with `hive`."""
        return str(properties.get("table_type", "hive")).lower() == "hive"

    def table(self, name: TableName, entry: Entry) -> Table:
        """See `TableFormat.table`."""
        return tables.table_of(name, entry)

    def metadata_table(self, table: Table, suffix: str) -> Table | None:
        """`t$partitions`."""
        return tables.partitions_table(table) if suffix == tables.PARTITIONS else None

    def at_version(self, table: Table, *, snapshot_id: int | None, timestamp: datetime | None) -> NoReturn:  # noqa: ARG002
        """Hive tables have no versions.

        Raises:
            AthenaError: NOT_SUPPORTED.
        """
        raise not_supported("This connector does not support versioned tables")

    def read(self, scan: Scan, work: Work) -> Reading:
        """See `TableFormat.read`."""
        return self.reader.read(scan, work)

    def create(self, definition: Definition) -> None:
        """See `TableFormat.create`."""
        self.writer.create(definition)

    def create_from_query(self, creation: Creation, rows: Rows, work: Work) -> Written:
        """See `TableFormat.create_from_query`."""
        return self.writer.create_from_query(creation, rows, work)

    def insert(self, target: Table, rows: Rows, work: Work) -> Written:
        """See `TableFormat.insert`."""
        return self.writer.insert(target, rows, work)

    def change(self, plan: ChangePlan, work: Work) -> NoReturn:  # noqa: ARG002
        """Rows of Hive tables do not change.

        Raises:
            AthenaError: NOT_SUPPORTED.
        """
        raise not_supported("Modifying Hive table rows is only supported for transactional tables")

    def optimize(self, table: Table, predicates: Sequence[Predicate], work: Work) -> NoReturn:  # noqa: ARG002
        """OPTIMIZE is for Iceberg tables.

        Raises:
            AthenaError: NOT_SUPPORTED.
        """
        raise not_supported(f"OPTIMIZE is only supported for Iceberg tables, and '{table.name}' is none")

    def vacuum(self, table: Table, work: Work) -> NoReturn:  # noqa: ARG002
        """VACUUM is for Iceberg tables.

        Raises:
            AthenaError: NOT_SUPPORTED.
        """
        raise not_supported(f"VACUUM is only supported for Iceberg tables, and '{table.name}' is none")

    def alter(self, table: Table, alteration: Alteration) -> None:
        """See `TableFormat.alter`."""
        self.alterer.alter(table, alteration)

    def drop(self, table: Table) -> None:
        """Removes the entry; the files stay."""
        self._glue.delete_table(table.name.database, table.name.table)

    def properties(self, table: Table) -> Mapping[str, str]:
        """See `TableFormat.properties`."""
        return dict(sorted(tables.parameters_of(table).items()))

    def show_create(self, table: Table) -> Sequence[str]:
        """See `TableFormat.show_create`."""
        return shown.create_table(table)

    def describe(
        self, table: Table, *, formatted: bool, extended: bool, partition: Mapping[str, str | None] | None = None
    ) -> Sequence[str]:
        """See `TableFormat.describe`."""
        entry = None if partition is None else need_partition(self._glue, table, partition)
        return shown.describe(table, formatted=formatted, extended=extended, partition=entry)
