"""Compacts snapshots: the files of each partition into few, one snapshot after the other; readers notice nothing."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from derived_tables.errors import FailedError, RefusedError
from derived_tables.relation import Relation, quoted
from derived_tables.snapshots.contents import Size, last_commit, read_snapshots, sizes_by_query
from derived_tables.snapshots.locks import COMPACT, DROP, Lock, belongs_to, lock_relation, name_is_short_enough
from derived_tables.snapshots.maintain import optimize
from derived_tables.snapshots.partitions import (
    NULL,
    Dated,
    Leaf,
    dictated_by,
    need_of,
    read_leaves,
    read_partitions,
    run_folders,
)
from derived_tables.snapshots.tables import SnapshotTable, require_unmoved
from derived_tables.snapshots.values import SnapshotDate
from derived_tables.warehouse.interface import Table, Warehouse
from derived_tables.warehouse.lake import Lake
from derived_tables.warehouse.live import Occupied, Overlaps

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
        changed: when the newest file was written, on Hive.
    """

    name: str
    date: SnapshotDate
    bytes: int
    files: int
    files_after: int | None
    changed: datetime | None = None


@dataclass(frozen=True)
class Compaction:
    """What is compacted of a table.

    Attributes:
        table: the table.
        partitions: what has too many files, by date and name.
        missing: dates that were asked for and are not there.
        changed: when what is compacted was last written; on Iceberg, when the table was.
        skipped: why snapshots, or the whole table, are left alone.
        refused: why it cannot be done; empty if it can.
    """

    table: SnapshotTable
    partitions: tuple[Packed, ...] = ()
    missing: tuple[date, ...] = ()
    changed: datetime | None = None
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
        changed = last_commit(warehouse, table) if crowded else None
        return Compaction(table, tuple(crowded), _missing(days, (each.date for each in held)), changed)
    refused = _refusal(table)
    if refused:
        return Compaction(table, refused=refused)
    found = read_partitions(warehouse, table)
    wanted = [each for each in found if days is None or (each.date and each.date.day in days)]
    beside = warehouse.glue.tables(table.table.relation.database, table.table.relation.schema)
    locks = {each.relation: each.location for each in beside}
    partitions, skipped = choose(table, read_leaves(warehouse, table, wanted), locks)
    missing = _missing(days, (each.date for each in found if each.date))
    changed = max((each.changed for each in partitions if each.changed), default=None)
    return Compaction(table, partitions, missing, changed, skipped)


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


def choose(
    table: SnapshotTable, leaves: Iterable[Leaf], locks: Mapping[Relation, str]
) -> tuple[tuple[Packed, ...], tuple[str, ...]]:
    """The partitions that have too many files, and why others are left alone.

    All partitions of a snapshot are compacted together if some of them share a folder, or if an interrupted compaction
    has locked it: its files should not stay beside those of the next one.

    Args:
        table: a Hive table.
        leaves: its partitions, by date.
        locks: the folders of the owners of locks, by the Glue table.
    """
    partitions: list[Packed] = []
    skipped: list[str] = []
    relation = table.table.relation
    for each, found in groupby(leaves, key=lambda leaf: leaf.date):
        own = list(found)
        holder = locks.get(lock_relation(relation, each))
        if holder is not None and not belongs_to(COMPACT, holder):
            skipped.append(_busy(table, each, holder))
            continue
        full = [leaf for leaf in own if leaf.files]
        crowded = [leaf for leaf in full if len(leaf.files) > files_needed(leaf.size)]
        chosen = full if holder is not None or (crowded and _share_folders(own)) else crowded
        if not chosen:
            continue
        if any(leaf.has_archived for leaf in chosen):
            skipped.append(
                f"{table.label}, {each.day}: S3 has archived files of it, which queries pass over; restore them first"
            )
        elif not name_is_short_enough(relation, each, COMPACT):
            skipped.append(
                f"{table.label}, {each.day}: the name of the table is too long, {len(relation.identifier)} characters; "
                "Glue takes names of 255, and what is written beside the table is named after it"
            )
        else:
            partitions += [
                Packed(leaf.name, each, leaf.size, len(leaf.files), files_needed(leaf.size), leaf.changed)
                for leaf in chosen
            ]
    return tuple(partitions), tuple(skipped)


def _share_folders(leaves: Sequence[Leaf]) -> bool:
    """Whether one lies where another one lies, or inside it."""
    lying = Overlaps((leaf.location, leaf) for leaf in leaves)
    return any(other is not leaf for leaf in leaves for other in lying.of(leaf.location))


def _busy(table: SnapshotTable, snapshot: SnapshotDate, holder: str) -> str:
    if belongs_to(DROP, holder):
        return f"{table.label}, {snapshot.day}: it is being dropped, or that was interrupted; drop it, then compact"
    return f"{table.label}, {snapshot.day}: a run writes it, or was interrupted; run the model for it, then compact"


def compact(
    warehouse: Warehouse, plan: Compaction, *, occupied: Occupied | None, say: Callable[[str], None]
) -> Iterator[Packed]:
    """Carries a plan out; what was interrupted is done again by the next one.

    What lay in S3 is noted; `clean` deletes it.

    Args:
        warehouse: where the table is.
        plan: what to do.
        occupied: the folders that are needed in the table's data catalog; None on DuckDB.
        say: gets a line for what is left alone after all.

    Yields:
        Each partition that was compacted, when it is.

    Raises:
        RefusedError: the plan cannot be carried out.
        FailedError: a run took a snapshot over, or another tool wrote it; nothing of that snapshot was changed.
        WarehouseError: the database did not do as asked.
    """
    if plan.refused:
        raise RefusedError(plan.refused)
    if not plan.partitions:
        return
    assert isinstance(warehouse, Lake), "there is nothing to compact elsewhere"
    assert occupied is not None, "Athena's tables lie in folders"
    require_unmoved(warehouse, plan.table)
    for each in plan.dates:
        if plan.table.table.kind == "iceberg":
            yield from _compact_iceberg(warehouse, plan, each)
        else:
            names = {partition.name for partition in plan.partitions if partition.date == each}
            yield from _compact_snapshot(warehouse, plan.table, each, names, occupied, say)


def _compact_iceberg(lake: Lake, plan: Compaction, snapshot: SnapshotDate) -> Iterator[Packed]:
    """OPTIMIZE leaves alone what is not worth it."""
    optimize(lake, plan.table.table.relation, f"{quoted(plan.table.column)} = {snapshot.literal}")
    files = sizes_by_query(lake, plan.table, snapshot).get(snapshot, Size()).files
    for partition in plan.partitions:
        if partition.date == snapshot and partition.files != files:
            yield replace(partition, files_after=files)


def _compact_snapshot(
    lake: Lake,
    table: SnapshotTable,
    snapshot: SnapshotDate,
    names: Collection[str],
    occupied: Occupied,
    say: Callable[[str], None],
) -> Iterator[Packed]:
    """Writes partitions of a snapshot anew and publishes them.

    Rows go by a CREATE TABLE AS for each partition into a fresh folder; then the partitions are pointed there, as a
    run of the model does.
    """
    lock = Lock(lake, table.table.relation, snapshot, f"{table.table.location}/{COMPACT}{uuid.uuid4()}")
    if not lock.take(lambda folder: belongs_to(COMPACT, folder)):
        say(_busy(table, snapshot, ""))
        return
    leaves = _leaves(lake, table, snapshot, names)
    rows_of = _rows_by_partition(lake, table, snapshot)
    outside: list[Relation] = []
    places: list[tuple[Leaf, Table]] = []
    files: list[int] = []
    for leaf in leaves:
        written = _write(lake, table, lock, leaf, rows_of.get(leaf.partition.values, 0))
        if not written.location.startswith(f"{lock.folder}/"):
            outside.append(lock.note(written.location, "interrupted"))
        places.append((leaf, written))
        files.append(sum(each.is_data_of(written.location) for each in lake.objects.below(written.location)))
        lake.glue.delete_table(written.relation)
    found = read_partitions(lake, table, with_columns=True)
    if _leaves(lake, table, snapshot, names, found) != leaves:
        raise FailedError(
            f"The files of {snapshot.day} of {table.label} have changed. "
            "Another tool writes it: nothing was changed, run this again."
        )
    current = {each.partition.values: each.partition for each in found}
    moved = {leaf.partition.values for leaf in leaves}
    needed = need_of(table, found, lambda each: each.partition.values in moved, occupied)
    folders = run_folders((leaf.location for leaf in leaves), table.table.location, needed, dictated_by(lake))
    for reason in folders.staying:
        say(f"{table.label}: {reason}")
    for noted in folders.going:
        lock.note(noted, "replaced")
    for position, (leaf, written) in enumerate(places):
        _require(lock, table, snapshot, begun=position > 0)
        lake.glue.move_partition(table.table.relation, current[leaf.partition.values], written)
    _require(lock, table, snapshot, begun=bool(places))
    for note in outside:
        lake.glue.delete_table(note)
    lock.release()
    for leaf, number in zip(leaves, files, strict=True):
        yield Packed(leaf.name, snapshot, leaf.size, len(leaf.files), number, leaf.changed)


def _leaves(
    lake: Lake,
    table: SnapshotTable,
    snapshot: SnapshotDate,
    names: Collection[str],
    partitions: Sequence[Dated] | None = None,
) -> list[Leaf]:
    """Those of a snapshot that have these names, and files."""
    found = read_partitions(lake, table) if partitions is None else partitions
    leaves = read_leaves(lake, table, [each for each in found if each.date == snapshot])
    return [leaf for leaf in leaves if leaf.files and leaf.name in names]


def _write(lake: Lake, table: SnapshotTable, lock: Lock, leaf: Leaf, rows: int) -> Table:
    """Writes the rows of a partition into a table of their own."""
    relation = lock.run_table()
    lake.execute(_create(lake, table, leaf, relation, f"{lock.folder}/{leaf.name}"))
    [(count,)] = lake.query(f"select count(*) from {relation}")
    if count != rows:
        raise FailedError(
            f"{leaf.name} of {table.label} had {rows} rows, but {count} were written. "
            "Another tool writes it: nothing was changed, run this again."
        )
    found = lake.find(relation)
    if found is None:  # another compaction has taken over and tidied up
        raise FailedError(f"{leaf.name} of {table.label} is compacted by somebody else as well: nothing was changed.")
    return found


def _require(lock: Lock, table: SnapshotTable, snapshot: SnapshotDate, *, begun: bool) -> None:
    """Stops if the lock is lost; what has begun may have put rows from before over those of the other run."""
    if lock.is_held():
        return
    lock.note(lock.folder, "interrupted")
    taken = f"Another run writes the same snapshot of {table.label} and has taken over: {snapshot.day} "
    if begun:
        raise FailedError(f"{taken}may hold rows from before that run.\nRun the model again for {snapshot.day}.")
    raise FailedError(
        f"{taken}stays as that run leaves it.\nLet one at a time write a snapshot; compact it again later."
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
    if lake.dictated_folder() is None:
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
