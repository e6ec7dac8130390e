"""Drops snapshots: metadata first and then data; never the newest one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from derived_tables.errors import FailedError, RefusedError
from derived_tables.relation import quoted
from derived_tables.snapshots.contents import Snapshot, has_leaves, last_commit, read_snapshots, without_rows
from derived_tables.snapshots.locks import DROP, Lock, name_is_short_enough
from derived_tables.snapshots.partitions import Dated, dictated_by, need_of, read_leaves, read_partitions, run_folders
from derived_tables.snapshots.tables import SnapshotTable, require_unmoved
from derived_tables.snapshots.values import SnapshotDate
from derived_tables.warehouse.glue import PARTITIONS_AT_ONCE, batches
from derived_tables.warehouse.interface import Warehouse
from derived_tables.warehouse.lake import Lake
from derived_tables.warehouse.live import Occupied, Overlaps


@dataclass(frozen=True)
class Wanted:
    """Which snapshots are to go; one of the three is set.

    Attributes:
        before: all before a date.
        keep_last: all but so many, counted from the newest.
        dates: these.
    """

    before: date | None = None
    keep_last: int | None = None
    dates: frozenset[date] | None = None


@dataclass(frozen=True)
class Drop:
    """What is dropped of a table.

    Attributes:
        table: the table.
        snapshots: what goes, oldest first.
        kept: what stays, oldest first.
        newest_wanted: the date of the newest snapshot, if it was wanted too: it stays.
        missing: dates that were asked for and are not there.
        changed: when what goes was last written; on Iceberg, when the table was.
        staying: why files stay although their snapshots go.
        refused: why it cannot be done; empty if it can.
    """

    table: SnapshotTable
    snapshots: tuple[Snapshot, ...] = ()
    kept: tuple[Snapshot, ...] = ()
    newest_wanted: date | None = None
    missing: tuple[date, ...] = ()
    changed: datetime | None = None
    staying: tuple[str, ...] = ()
    refused: str = ""


def plan_drop(warehouse: Warehouse, table: SnapshotTable, wanted: Wanted, occupied: Occupied | None) -> Drop:
    """Looks at a table and chooses what goes.

    Args:
        warehouse: where the table is.
        table: any kind.
        wanted: what to choose.
        occupied: the folders that are needed in the table's data catalog; None on DuckDB.

    Raises:
        RefusedError: the snapshot column holds something else than dates.
        WarehouseError: the database does not answer.
    """
    partitions: list[Dated] = []
    if has_leaves(table):
        assert isinstance(warehouse, Lake), "only Athena has Hive tables"
        partitions = read_partitions(warehouse, table)
        # No query: what cannot be read should go all the same.
        held = without_rows(read_leaves(warehouse, table, partitions))
    else:
        held = read_snapshots(warehouse, table)
    chosen, newest_wanted, missing = choose(held, wanted)
    kept = tuple(each for each in held if each not in chosen)
    dates = frozenset(each.date for each in chosen)
    refused = refusal(table, dates, partitions)
    changed: datetime | None = None
    staying: tuple[str, ...] = ()
    if chosen and table.table.kind == "iceberg":
        changed = last_commit(warehouse, table)
    elif partitions and chosen and not refused:
        assert occupied is not None, "Athena's tables lie in folders"
        assert isinstance(warehouse, Lake), "only Athena has Hive tables"
        changed = max((each.changed for each in chosen if each.changed), default=None)
        locations = (each.partition.location for each in partitions if each.date in dates)
        needed = need_of(table, partitions, lambda each: each.date in dates, occupied)
        staying = run_folders(locations, table.table.location, needed, dictated_by(warehouse)).staying
    return Drop(table, chosen, kept, newest_wanted, missing, changed, staying, refused)


def choose(held: Sequence[Snapshot], wanted: Wanted) -> tuple[tuple[Snapshot, ...], date | None, tuple[date, ...]]:
    """Which of a table's snapshots go, whether the newest one was wanted, and which dates are missing.

    Args:
        held: oldest first.
        wanted: what to choose.
    """
    days = sorted({each.date.day for each in held})
    if wanted.dates is not None:
        goes: set[date] = set(wanted.dates)
    elif wanted.before is not None:
        goes = {day for day in days if day < wanted.before}
    else:
        goes = set(days[: -wanted.keep_last] if wanted.keep_last else days)
    newest = days[-1] if days else None
    chosen = tuple(each for each in held if each.date.day in goes and each.date.day != newest)
    missing = tuple(sorted((wanted.dates or frozenset()) - set(days)))
    return chosen, newest if newest in goes else None, missing


def refusal(table: SnapshotTable, going: Collection[SnapshotDate], partitions: Sequence[Dated]) -> str:
    """Why snapshots cannot be dropped; empty if they can.

    Args:
        table: that holds them.
        going: the snapshots.
        partitions: all of the table, if it is Hive's.
    """
    if not going or table.table.kind != "hive":
        return ""
    if table.table.is_projected:
        return (
            f"{table.label} must be a table whose partitions are in Glue, got one with partition projection.\n"
            "Athena works its partitions out from objects in S3: delete those."
        )
    if not all(name_is_short_enough(table.table.relation, each, DROP) for each in going):
        return (
            f"The name of {table.label} must be shorter, got {len(table.table.relation.identifier)} characters.\n"
            "Glue takes names of 255, and notes beside the table are named after it."
        )
    return next(iter(_sharing(table, going, partitions).values()), "")


def _sharing(
    table: SnapshotTable, going: Collection[SnapshotDate], partitions: Sequence[Dated]
) -> Mapping[SnapshotDate, str]:
    """The snapshots that cannot go because they share a folder with one that stays, and what to say of each."""
    lying = Overlaps((each.partition.location, each) for each in partitions if each.partition.location)
    found: dict[SnapshotDate, str] = {}
    for each in partitions:
        if each.date is not None and each.date in going and each.date not in found:
            for other in lying.of(each.partition.location):
                if other.date not in going:
                    found[each.date] = _said_of(table, each, other)
                    break
    return found


def _said_of(table: SnapshotTable, going: Dated, other: Dated) -> str:
    assert going.date is not None, "what has no date is never dropped"
    places = f"got `{going.partition.location}` and `{other.partition.location}`"
    if other.date is None:
        return (
            f"The snapshot {going.date.day} of {table.label} must lie in a folder without rows of no date, {places}.\n"
            "Deleting it would delete those rows too. Remove the partition without a date from Glue first."
        )
    return (
        f"The snapshots {going.date.day} and {other.date.day} of {table.label} must lie in folders of their own, "
        f"{places}.\nDeleting one would delete rows of the other. Run the model again for {other.date.day}, or drop "
        "both."
    )


def drop(
    warehouse: Warehouse, plan: Drop, *, occupied: Occupied | None, say: Callable[[str], None]
) -> Iterator[SnapshotDate]:
    """Carries a plan out; running it again ends in the same state.

    What lay in S3 is noted; `clean` deletes it.

    Args:
        warehouse: where the table is.
        plan: what goes.
        occupied: the folders that are needed in the table's data catalog; None on DuckDB.
        say: gets a line for what stays although it was to go.

    Yields:
        Each snapshot, when it is gone.

    Raises:
        RefusedError: the plan cannot be carried out.
        FailedError: the table is not what it was when the plan was made, or a run took a snapshot over.
        WarehouseError: the database did not do as asked; what was not yielded may be done in part.
    """
    if plan.refused:
        raise RefusedError(plan.refused)
    dates = tuple(each.date for each in plan.snapshots)
    if not dates:
        return
    if plan.table.table.kind == "hive":
        assert isinstance(warehouse, Lake), "only Athena has Hive tables"
        assert occupied is not None, "Athena's tables lie in folders"
        yield from _drop_partitions(warehouse, plan.table, dates, occupied, say)
        return
    literals = ", ".join(each.literal for each in dates)
    warehouse.execute(f"delete from {plan.table.table.relation} where {quoted(plan.table.column)} in ({literals})")
    yield from dates


def _drop_partitions(
    lake: Lake,
    table: SnapshotTable,
    dates: Sequence[SnapshotDate],
    occupied: Occupied,
    say: Callable[[str], None],
) -> Iterator[SnapshotDate]:
    """Removes snapshots from a Hive table.

    Each is locked as a run locks it. Then, one after the other, its folders are noted and its partitions go. What has
    come to share a folder with another snapshot, has become the newest one, or is written by a run, stays.
    """
    require_unmoved(lake, table)
    folder = f"{table.table.location}/{DROP}{uuid.uuid4()}"
    locks = {each: Lock(lake, table.table.relation, each, folder) for each in dates}
    for lock in locks.values():
        lock.take()
    partitions = read_partitions(lake, table)
    for each, reason in _kept_after_all(table, dates, partitions).items():
        locks.pop(each).release()
        say(f"{table.label}: keeps {each.day}: {reason}")
    gone: set[SnapshotDate] = set()
    needed = need_of(table, partitions, lambda each: each.date in gone, occupied)
    for each, lock in locks.items():
        own = [found.partition for found in partitions if found.date == each]
        gone.add(each)  # its own partitions do not count
        locations = (partition.location for partition in own)
        for noted in run_folders(locations, table.table.location, needed, dictated_by(lake)).going:
            lock.note(noted, "replaced")
        if not lock.is_held():
            gone.discard(each)
            say(f"{table.label}: keeps {each.day}: a run writes it")
            continue
        for batch in batches(own, PARTITIONS_AT_ONCE):
            lake.glue.delete_partitions(table.table.relation, batch)
            if not lock.is_held():
                _give_back(locks, after=each)
                raise FailedError(
                    f"A run took the snapshot {each.day} of {table.label} over while it was dropped, so that it may be "
                    f"incomplete.\nRun the model again for {each.day}, or drop it again."
                )
        lock.release()
        yield each


def _give_back(locks: Mapping[SnapshotDate, Lock], *, after: SnapshotDate) -> None:
    """Releases the locks of the snapshots that were not begun."""
    dates = list(locks)
    for each in dates[dates.index(after) + 1 :]:
        locks[each].release()


def _kept_after_all(
    table: SnapshotTable, dates: Sequence[SnapshotDate], partitions: Sequence[Dated]
) -> Mapping[SnapshotDate, str]:
    """What has come to share a folder with another snapshot since the plan was made, or has become the newest one."""
    newest = max((each.date.day for each in partitions if each.date), default=None)
    kept = {each: "it is the newest snapshot now" for each in dates if each.day == newest}
    while sharing := _sharing(table, set(dates) - set(kept), partitions):
        kept.update(sharing)
    return kept
