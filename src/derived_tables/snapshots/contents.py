"""Which snapshots a table holds, and how many rows, bytes and files they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from derived_tables.relation import quoted
from derived_tables.snapshots.partitions import read_leaves
from derived_tables.snapshots.tables import SnapshotTable
from derived_tables.snapshots.values import SnapshotDate
from derived_tables.warehouse.interface import Warehouse
from derived_tables.warehouse.lake import Lake

#: Bytes and files.
_Size = tuple[int, int]


@dataclass(frozen=True)
class Snapshot:
    """A snapshot in a table.

    Attributes:
        date: its date.
        rows: how many it holds.
        bytes: of its files; None on DuckDB, whose database is one file.
        files: how many; None on DuckDB.
    """

    date: SnapshotDate
    rows: int
    bytes: int | None
    files: int | None


def read_snapshots(warehouse: Warehouse, table: SnapshotTable) -> list[Snapshot]:
    """The snapshots that a table holds, oldest first; those of Hive without rows as well.

    On Athena dates, bytes and files are metadata; rows are counted by one query, which scans nothing of Parquet, ORC
    and Iceberg and reads all of other formats.

    Raises:
        RefusedError: the snapshot column holds something else than dates.
        WarehouseError: the database does not answer.
    """
    rows = _rows(warehouse, table)
    sizes = _sizes(warehouse, table)
    if sizes is None:
        return [Snapshot(date, rows[date], None, None) for date in sorted(rows)]
    dates = sorted({*rows, *sizes} if table.table.kind == "hive" else rows)
    return [Snapshot(date, rows.get(date, 0), *sizes.get(date, (0, 0))) for date in dates]


def _rows(warehouse: Warehouse, table: SnapshotTable) -> Mapping[SnapshotDate, int]:
    column = quoted(table.column)
    sql = f"select {column}, count(*) from {table.table.relation} where {column} is not null group by {column}"
    found: dict[SnapshotDate, int] = defaultdict(int)
    for value, count in warehouse.query(sql):
        found[table.read(value)] += int(count)
    return found


def _sizes(warehouse: Warehouse, table: SnapshotTable) -> Mapping[SnapshotDate, _Size] | None:
    if table.table.kind == "duckdb":
        return None
    if table.table.kind == "hive" and not table.table.is_projected:
        return _sizes_of_leaves(warehouse, table)
    column = quoted(table.column)
    if table.table.kind == "iceberg":
        listed = table.table.relation.beside(f"{table.table.relation.identifier}$partitions")
        sql = f"select partition.{column}, sum(total_size), sum(file_count) from {listed} group by partition.{column}"
    else:
        files = f'select {column}, max("$file_size") as size from {table.table.relation} group by {column}, "$path"'
        sql = f"select {column}, sum(size), count(*) from ({files}) as files group by {column}"
    found: dict[SnapshotDate, _Size] = {}
    for value, size, files_count in warehouse.query(sql):
        if value is not None:
            date = table.read(value)
            before = found.get(date, (0, 0))
            found[date] = (before[0] + int(size), before[1] + int(files_count))
    return found


def _sizes_of_leaves(warehouse: Warehouse, table: SnapshotTable) -> Mapping[SnapshotDate, _Size]:
    assert isinstance(warehouse, Lake), "only Athena has Hive tables"
    found: dict[SnapshotDate, _Size] = {}
    for leaf in read_leaves(warehouse, table):
        size, files = found.get(leaf.date, (0, 0))
        found[leaf.date] = (size + leaf.size, files + len(leaf.files))
    return found
