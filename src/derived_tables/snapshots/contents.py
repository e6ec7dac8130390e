"""Which snapshots a table holds, and how many rows, bytes and files they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from derived_tables.relation import quoted
from derived_tables.snapshots.locks import lock_relation, read_locks
from derived_tables.snapshots.partitions import Leaf, read_leaves, read_partitions
from derived_tables.snapshots.tables import SnapshotTable
from derived_tables.snapshots.values import SnapshotDate
from derived_tables.warehouse.interface import Warehouse
from derived_tables.warehouse.lake import Lake


@dataclass(frozen=True)
class Size:
    """What lies in S3.

    Attributes:
        bytes: of all files.
        files: how many.
        changed: when the newest one was written, with a time zone; None where only its table's last change is known.
    """

    bytes: int = 0
    files: int = 0
    changed: datetime | None = None

    def with_leaf(self, leaf: Leaf) -> Size:
        """Counts a partition in."""
        changed = max(filter(None, (self.changed, leaf.changed)), default=None)
        return Size(self.bytes + leaf.size, self.files + len(leaf.files), changed)


@dataclass(frozen=True)
class Snapshot:
    """A snapshot in a table.

    Attributes:
        date: its date.
        rows: how many it holds; None where nobody has counted.
        bytes: of its files; None on DuckDB, whose database is one file.
        files: how many; None on DuckDB.
        changed: when the newest file was written, on Hive.
    """

    date: SnapshotDate
    rows: int | None
    bytes: int | None
    files: int | None
    changed: datetime | None = None


def read_snapshots(warehouse: Warehouse, table: SnapshotTable) -> list[Snapshot]:
    """The snapshots that a table holds, oldest first; those of Hive without rows as well.

    On Athena dates, bytes and files are metadata; rows are counted by one query, which scans nothing of Parquet, ORC
    and Iceberg and reads all of other formats.

    Raises:
        RefusedError: the snapshot column holds something else than dates.
        WarehouseError: the database does not answer.
    """
    if has_leaves(table):
        assert isinstance(warehouse, Lake), "only Athena has Hive tables"
        return count_rows(warehouse, table, read_leaves(warehouse, table, read_partitions(warehouse, table)))
    rows = _rows(warehouse, table)
    if table.table.kind == "duckdb":
        return [Snapshot(date, rows[date], None, None) for date in sorted(rows)]
    sizes = sizes_by_query(warehouse, table)
    found = [(date, sizes.get(date, Size())) for date in sorted(rows)]
    return [Snapshot(date, rows[date], size.bytes, size.files) for date, size in found]


def has_leaves(table: SnapshotTable) -> bool:
    """Whether Glue knows where each snapshot of a table lies."""
    return table.table.kind == "hive" and not table.table.is_projected


def count_rows(warehouse: Warehouse, table: SnapshotTable, leaves: Iterable[Leaf]) -> list[Snapshot]:
    """The snapshots of a table whose partitions are known, oldest first."""
    rows = _rows(warehouse, table)
    return [replace(each, rows=rows.get(each.date, 0)) for each in without_rows(leaves, rows)]


def read_interrupted(warehouse: Warehouse, table: SnapshotTable, dates: Collection[SnapshotDate]) -> set[SnapshotDate]:
    """Those of some snapshots that may lack partitions: a run or a command writes them, or was interrupted.

    Only a Hive table has them; they are locked.
    """
    if not dates or table.table.kind != "hive":
        return set()
    assert isinstance(warehouse, Lake), "only Athena has Hive tables"
    relation = table.table.relation
    names = [each.relation.identifier for each in warehouse.glue.tables(relation.database, relation.schema)]
    locks = set(read_locks(names, relation))
    return {each for each in dates if lock_relation(relation, each) in locks}


def without_rows(leaves: Iterable[Leaf], others: Iterable[SnapshotDate] = ()) -> list[Snapshot]:
    """The snapshots of a table whose partitions are known, oldest first, and no query reads them.

    Args:
        leaves: the partitions.
        others: dates that count as well.
    """
    sizes: dict[SnapshotDate, Size] = defaultdict(Size)
    for leaf in leaves:
        sizes[leaf.date] = sizes[leaf.date].with_leaf(leaf)
    found = [(date, sizes[date]) for date in sorted({*others, *sizes})]
    return [Snapshot(date, None, size.bytes, size.files, size.changed) for date, size in found]


def sizes_by_query(
    warehouse: Warehouse, table: SnapshotTable, only: SnapshotDate | None = None
) -> Mapping[SnapshotDate, Size]:
    """Bytes and files of the snapshots of a table, or of one, where Glue does not know them; scans nothing."""
    column = quoted(table.column)
    if table.table.kind == "iceberg":
        column = f"partition.{column}"
        listed = table.table.relation.beside(f"{table.table.relation.identifier}$partitions")
        sql = f"select {column}, sum(total_size), sum(file_count) from {listed} group by {column}"
    else:
        files = f'select {column}, max("$file_size") as size from {table.table.relation} group by {column}, "$path"'
        sql = f"select {column}, sum(size), count(*) from ({files}) as files group by {column}"
    found: dict[SnapshotDate, Size] = defaultdict(Size)
    for value, size, files_count in warehouse.query(sql):
        date = None if value is None else table.read(value)
        if date is not None and only in (None, date):
            found[date] = replace(
                found[date], bytes=found[date].bytes + int(size), files=found[date].files + int(files_count)
            )
    return found


def last_commit(warehouse: Warehouse, table: SnapshotTable) -> datetime | None:
    """When an Iceberg table was last written; scans nothing."""
    listed = table.table.relation.beside(f"{table.table.relation.identifier}$snapshots")
    [(committed,)] = warehouse.query(f"select cast(max(committed_at) as timestamp) from {listed}")
    return None if committed is None else committed.replace(tzinfo=timezone.utc)


def _rows(warehouse: Warehouse, table: SnapshotTable) -> Mapping[SnapshotDate, int]:
    column = quoted(table.column)
    sql = f"select {column}, count(*) from {table.table.relation} where {column} is not null group by {column}"
    found: dict[SnapshotDate, int] = defaultdict(int)
    for value, count in warehouse.query(sql):
        found[table.read(value)] += int(count)
    return found
