"""Compacts snapshots: the files of each partition into few, one snapshot after the other; readers notice nothing."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from derived_tables.errors import FailedError, RefusedError
from derived_tables.relation import Relation, quoted
from derived_tables.snapshots.cleaning import clean
from derived_tables.snapshots.contents import read_snapshots
from derived_tables.snapshots.locks import COMPACT, Lock, note_folder
from derived_tables.snapshots.maintain import optimize
from derived_tables.snapshots.partitions import NULL, Leaf, read_leaves, run_folders
from derived_tables.snapshots.tables import SnapshotTable
from derived_tables.snapshots.values import SnapshotDate
from derived_tables.warehouse.interface import Warehouse
from derived_tables.warehouse.lake import Lake

#: What Athena recommends as the size of a file.
_FILE = 128 * 1024 * 1024
#: Types of columns that CREATE TABLE AS can put into buckets.
_BUCKETED = re.compile("tinyint|smallint|int|bigint|string|date|(?:var)?char[(].*")


@dataclass(frozen=True)
class Packed:
    """A partition whose files are, or would be, fewer.

    Attributes:
        name: `column=value/column=value`.
        date: of its snapshot.
        bytes: of its files.
        files: how many it has.
        files_after: how many it will have; None if the engine decides.
    """

    name: str
    date: SnapshotDate
    bytes: int
    files: int
    files_after: int | None


@dataclass(frozen=True)
class Compaction:
    """What is compacted of a table.

    Attributes:
        table: the table.
        partitions: what has too many files, by date and name.
        missing: dates that were asked for and are not there.
        skipped: why snapshots, or the whole table, are left alone.
        refused: why it cannot be done; empty if it can.
    """

    table: SnapshotTable
    partitions: tuple[Packed, ...] = ()
    missing: tuple[date, ...] = ()
    skipped: tuple[str, ...] = ()
    refused: str = ""

    @property
    def dates(self) -> list[SnapshotDate]:
        """The snapshots that are compacted."""
        return sorted({each.date for each in self.partitions})


def plan_compaction(warehouse: Warehouse, table: SnapshotTable, days: Collection[date] | None) -> Compaction:
    """Looks at a table and finds the partitions that have too many files.

    Args:
        warehouse: where the table is.
        table: any kind.
        days: the snapshots that are meant; None for all.

    Raises:
        RefusedError: the snapshot column holds something else than dates.
        WarehouseError: the database does not answer.
    """
    if table.table.kind == "duckdb":
        return Compaction(table, skipped=(f"{table.label}: a DuckDB database is one file",))
    assert isinstance(warehouse, Lake), "all other tables are on Athena"
    if table.table.kind == "iceberg":
        held = read_snapshots(warehouse, table)
        crowded = [
            Packed(f"{table.column}={each.date.text}", each.date, each.bytes or 0, each.files or 0, None)
            for each in held
            if (days is None or each.date.day in days) and (each.files or 0) > 1
        ]
        return Compaction(table, tuple(crowded), _missing(days, (each.date for each in held)))
    refused = _refusal(table)
    if refused:
        return Compaction(table, refused=refused)
    leaves = read_leaves(warehouse, table)
    chosen = [leaf for leaf in leaves if days is None or leaf.date.day in days]
    partitions, skipped = _crowded(warehouse, table, chosen)
    return Compaction(table, partitions, _missing(days, (leaf.date for leaf in leaves)), skipped)


def files_needed(size: int) -> int:
    """How many files of at most 128 MiB hold so many bytes."""
    return max(1, math.ceil(size / _FILE))


def _missing(days: Collection[date] | None, held: Iterable[SnapshotDate]) -> tuple[date, ...]:
    return tuple(sorted(set(days or ()) - {each.day for each in held}))


def _refusal(table: SnapshotTable) -> str:
    """Why a Hive table is not compacted."""
    storage = table.table.entry["StorageDescriptor"]
    if not table.is_own:
        return (
            f"{table.label} must be the table of a model with `materialized: snapshot_append`, "
            f"got `{table.node.materialized}`.\n"
            "What else writes it would write beside the files that were compacted, which stay for running queries."
        )
    if table.table.is_projected:
        return (
            f"{table.label} must be a table whose partitions are in Glue, got one with partition projection.\n"
            "Run the model again for dates that have too many files."
        )
    if storage.get("NumberOfBuckets", 0) > 0:
        return (
            f"{table.label} must be a table without buckets, "
            f"got `bucketed by {', '.join(storage.get('BucketColumns', []))}`.\n"
            "Its files are one for each bucket: run the model again for dates that have more."
        )
    if _format(table) is None:
        return (
            f"{table.label} must be stored as Parquet or ORC, got `{storage['SerdeInfo']['SerializationLibrary']}`.\n"
            "Other formats cannot be written back unchanged."
        )
    return ""


def _crowded(lake: Lake, table: SnapshotTable, leaves: Sequence[Leaf]) -> tuple[tuple[Packed, ...], tuple[str, ...]]:
    """The partitions that have too many files, and why others are left alone.

    All partitions of a snapshot are compacted together, because they may share a folder; one that an interrupted
    compaction has locked is compacted again.
    """
    partitions: list[Packed] = []
    skipped: list[str] = []
    for each in sorted({leaf.date for leaf in leaves}):
        own = [leaf for leaf in leaves if leaf.date == each]
        holder = Lock(lake, table.table.relation, each, "").holder()
        interrupted = holder is not None and f"/{COMPACT}" in holder
        if holder is not None and not interrupted:
            skipped.append(
                f"{table.label}, {each.day}: a run writes it, or was interrupted; run the model for it, then compact"
            )
        elif interrupted or any(len(leaf.files) > files_needed(leaf.size) for leaf in own):
            partitions += [
                Packed(leaf.name, each, leaf.size, len(leaf.files), files_needed(leaf.size))
                for leaf in own
                if leaf.files
            ]
    return tuple(partitions), tuple(skipped)


def compact(
    warehouse: Warehouse, plan: Compaction, *, grace: timedelta, say: Callable[[str], None]
) -> tuple[Packed, ...]:
    """Carries a plan out; what was interrupted is done again by the next one. Returns what was compacted.

    Args:
        warehouse: where the table is.
        plan: what to do.
        grace: how long the old files of a Hive table stay, for queries that are running.
        say: gets a line for each partition, and for what stays although it was to go.

    Raises:
        RefusedError: the plan cannot be carried out.
        FailedError: a run took a snapshot over, or another tool wrote it; nothing of that snapshot was changed.
        WarehouseError: the database did not do as asked.
    """
    if plan.refused:
        raise RefusedError(plan.refused)
    if not isinstance(warehouse, Lake):
        return ()
    if plan.table.table.kind == "iceberg":
        return _compact_iceberg(warehouse, plan, say)
    packed: list[Packed] = []
    for each in plan.dates:
        packed += _compact_snapshot(warehouse, plan.table, each, say)
    clean(warehouse, plan.table, {leaf.date for leaf in read_leaves(warehouse, plan.table)}, grace, say)
    return tuple(packed)


def _compact_iceberg(lake: Lake, plan: Compaction, say: Callable[[str], None]) -> tuple[Packed, ...]:
    """OPTIMIZE leaves alone what is not worth it."""
    for each in plan.dates:
        optimize(lake, plan.table.table.relation, f"{quoted(plan.table.column)} = {each.literal}")
    after = {each.date: each.files for each in read_snapshots(lake, plan.table)}
    packed = []
    for partition in plan.partitions:
        files = after.get(partition.date) or 0
        say(f"{partition.name}: {partition.files} files, now {files}")
        if files != partition.files:
            packed.append(replace(partition, files_after=files))
    return tuple(packed)


def _compact_snapshot(
    lake: Lake, table: SnapshotTable, snapshot: SnapshotDate, say: Callable[[str], None]
) -> list[Packed]:
    """Writes a snapshot anew and publishes it.

    Rows go by a CREATE TABLE AS for each partition into a fresh folder; then the partitions are pointed there, as a
    run of the model does.
    """
    relation, root = table.table.relation, table.table.location
    folder = f"{root}/{COMPACT}{uuid.uuid4()}"
    lock = Lock(lake, relation, snapshot, folder)
    before = lock.take()
    if before is not None:
        note_folder(lake, lock.relation, snapshot.text, before, "interrupted")
    leaves = [leaf for leaf in read_leaves(lake, table) if leaf.date == snapshot]
    rows_of = _rows_by_partition(lake, table, snapshot)
    places: list[tuple[Leaf, str]] = []
    for leaf in (leaf for leaf in leaves if leaf.files):
        written = lock.run_table()
        lake.execute(_create(lake, table, leaf, written, f"{folder}/{leaf.name}"))
        [(count,)] = lake.query(f"select count(*) from {written}")
        if count != rows_of.get(leaf.partition.values, 0):
            raise FailedError(
                f"{leaf.name} of {table.label} had {rows_of.get(leaf.partition.values, 0)} rows, but {count} were "
                "written. Another tool writes it: nothing was changed, run this again."
            )
        found = lake.glue.table(written)
        assert found is not None, "it was read a moment ago"
        places.append((leaf, found.location))
        lake.glue.delete_table(written)
    if [leaf for leaf in read_leaves(lake, table) if leaf.date == snapshot] != leaves:
        raise FailedError(
            f"The files of {snapshot.day} of {table.label} have changed. "
            "Another tool writes it: nothing was changed, run this again."
        )
    kept = [leaf.location for leaf in read_leaves(lake, table) if leaf.date != snapshot]
    for noted in run_folders([leaf.location for leaf, _ in places], root, kept):
        note_folder(lake, lock.relation, snapshot.text, noted, "replaced")
    for leaf, location in places:
        _require(lock, table, snapshot, lake)
        lake.glue.move_partition(relation, leaf.partition, location)
    _require(lock, table, snapshot, lake)
    lock.release()
    packed = [Packed(leaf.name, snapshot, leaf.size, len(leaf.files), files_needed(leaf.size)) for leaf, _ in places]
    for each in packed:
        say(f"{each.name}: {each.files} {'file' if each.files == 1 else 'files'}, now {each.files_after}")
    return packed


def _require(lock: Lock, table: SnapshotTable, snapshot: SnapshotDate, lake: Lake) -> None:
    if not lock.is_held():
        note_folder(lake, lock.relation, snapshot.text, lock.folder, "interrupted")
        raise FailedError(
            f"Another run writes the same snapshot of {table.label} and has taken over: {snapshot.day} stays as that "
            "run leaves it.\nLet one at a time write a snapshot; compact it again later."
        )


def _rows_by_partition(lake: Lake, table: SnapshotTable, snapshot: SnapshotDate) -> dict[tuple[str, ...], int]:
    """Rows by the values that Glue has of a partition, which are texts."""
    keys = ", ".join(quoted(key) for key in table.table.keys)
    texts = ", ".join(f"cast({quoted(key)} as varchar)" for key in table.table.keys)
    found = lake.query(
        f"select {texts}, count(*) from {table.table.relation} "
        f"where {quoted(table.column)} = {snapshot.literal} group by {keys}"
    )
    return {tuple(NULL if each is None else each for each in values): int(count) for *values, count in found}


def _create(lake: Lake, table: SnapshotTable, leaf: Leaf, written: Relation, folder: str) -> str:
    """The CREATE TABLE AS that writes the rows of one partition into few files: as many buckets as files."""
    storage = table.table.entry["StorageDescriptor"]
    properties = ["table_type = 'hive'", f"format = '{_format(table)}'"]
    compression = table.node.config.get("write_compression")
    if compression:
        properties.append(f"write_compression = '{compression}'")
    bucketed = [column["Name"] for column in storage["Columns"] if _BUCKETED.fullmatch(column["Type"])]
    if bucketed:
        properties += [f"bucketed_by = array['{bucketed[0]}']", f"bucket_count = {files_needed(leaf.size)}"]
    if not lake.output_is_enforced():
        escaped = folder.replace("'", "''")
        properties.append(f"external_location = '{escaped}/'")
    columns = ",\n    ".join(quoted(column["Name"]) for column in storage["Columns"])
    listed = ",\n    ".join(properties)
    return (
        f"create table {written}\nwith (\n    {listed}\n)\nas select\n    {columns}\n"
        f"from {table.table.relation}\nwhere {_condition(table, leaf)}"
    )


def _condition(table: SnapshotTable, leaf: Leaf) -> str:
    """Chooses one partition, from the texts that Glue has of its values."""
    return " and ".join(
        f"{quoted(key)} is null" if value == NULL else f"{quoted(key)} = {_literal(value, table.table.columns[key])}"
        for key, value in zip(table.table.keys, leaf.partition.values, strict=True)
    )


def _literal(value: str, type_: str) -> str:
    base = type_.lower().split("(")[0]
    if "int" in base or base == "boolean":
        return value
    escaped = value.replace("'", "''")
    return f"date '{escaped}'" if base == "date" else f"'{escaped}'"


def _format(table: SnapshotTable) -> str | None:
    library = table.table.entry["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"].lower()
    return next((form for form in ("parquet", "orc") if form in library), None)
