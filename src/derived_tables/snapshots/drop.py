"""Drops snapshots: metadata first and then data; never the newest one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from derived_tables.errors import RefusedError
from derived_tables.relation import quoted
from derived_tables.snapshots.cleaning import clean
from derived_tables.snapshots.contents import Snapshot, read_snapshots
from derived_tables.snapshots.locks import DROP, Lock, note_folder
from derived_tables.snapshots.partitions import Leaf, read_leaves, run_folders
from derived_tables.snapshots.tables import SnapshotTable
from derived_tables.snapshots.values import SnapshotDate
from derived_tables.warehouse.interface import Warehouse
from derived_tables.warehouse.lake import Lake
from derived_tables.warehouse.live import overlap


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
        refused: why it cannot be done; empty if it can.
    """

    table: SnapshotTable
    snapshots: tuple[Snapshot, ...]
    kept: tuple[Snapshot, ...]
    newest_wanted: date | None
    missing: tuple[date, ...]
    refused: str


def plan_drop(warehouse: Warehouse, table: SnapshotTable, wanted: Wanted) -> Drop:
    """Looks at a table and chooses what goes.

    Raises:
        RefusedError: the snapshot column holds something else than dates.
        WarehouseError: the database does not answer.
    """
    held = read_snapshots(warehouse, table)
    chosen, newest_wanted, missing = choose(held, wanted)
    refused = _refusal(warehouse, table, chosen) if chosen else ""
    kept = tuple(each for each in held if each not in chosen)
    return Drop(table, chosen, kept, newest_wanted, missing, refused)


def choose(held: Sequence[Snapshot], wanted: Wanted) -> tuple[tuple[Snapshot, ...], date | None, tuple[date, ...]]:
    """Which of a table's snapshots go, whether the newest one was wanted, and which dates are missing.

    Args:
        held: oldest first.
        wanted: what to choose.
    """
    days = [each.date.day for each in held]
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


def _refusal(warehouse: Warehouse, table: SnapshotTable, chosen: Iterable[Snapshot]) -> str:
    if table.table.kind != "hive":
        return ""
    if table.table.is_projected:
        return (
            f"{table.label} must be a table whose partitions are in Glue, got one with partition projection.\n"
            "Athena works its partitions out from objects in S3: delete those."
        )
    assert isinstance(warehouse, Lake), "only Athena has Hive tables"
    dates = {each.date for each in chosen}
    leaves = read_leaves(warehouse, table)
    for leaf in leaves:
        for other in leaves:
            if leaf.date in dates and other.date not in dates and overlap(leaf.location, other.location):
                return (
                    f"The snapshots {leaf.date.day} and {other.date.day} of {table.label} must lie in folders of their "
                    f"own, got `{leaf.location}` and `{other.location}`.\n"
                    f"Deleting one would delete rows of the other. Run the model again for {other.date.day}, or drop "
                    "both."
                )
    return ""


def drop(warehouse: Warehouse, plan: Drop, *, grace: timedelta, say: Callable[[str], None]) -> tuple[SnapshotDate, ...]:
    """Carries a plan out; running it again ends in the same state. Returns what was dropped.

    Args:
        warehouse: where the table is.
        plan: what goes.
        grace: how long the data of a Hive table stays, for queries that are running.
        say: gets a line for what stays although it was to go.

    Raises:
        RefusedError: the plan cannot be carried out.
        WarehouseError: the database did not do as asked; some of it may be done.
    """
    if plan.refused:
        raise RefusedError(plan.refused)
    dates = tuple(each.date for each in plan.snapshots)
    if plan.table.table.kind == "hive":
        if plan.table.table.is_projected:
            return ()
        assert isinstance(warehouse, Lake), "only Athena has Hive tables"
        dropped = _drop_partitions(warehouse, plan.table, dates, say) if dates else ()
        present = {leaf.date for leaf in read_leaves(warehouse, plan.table)}
        clean(warehouse, plan.table, present, grace, say)
        return dropped
    if dates:
        literals = ", ".join(each.literal for each in dates)
        warehouse.execute(f"delete from {plan.table.table.relation} where {quoted(plan.table.column)} in ({literals})")
    return dates


def _drop_partitions(
    lake: Lake, table: SnapshotTable, dates: Sequence[SnapshotDate], say: Callable[[str], None]
) -> tuple[SnapshotDate, ...]:
    """Removes snapshots from a Hive table.

    Each is locked as a run locks it, its folders are noted, then its partitions go. A snapshot that a run takes over
    meanwhile stays.
    """
    relation, root = table.table.relation, table.table.location
    folder = f"{root}/{DROP}{uuid.uuid4()}"
    locks = {each: Lock(lake, relation, each, folder) for each in dates}
    for each, lock in locks.items():
        before = lock.take()
        if before is not None and f"/{DROP}" not in before:
            note_folder(lake, lock.relation, each.text, before, "interrupted")
    leaves = read_leaves(lake, table)
    going: list[Leaf] = []
    dropped: list[SnapshotDate] = []
    for each, lock in locks.items():
        own = [leaf for leaf in leaves if leaf.date == each]
        if not lock.is_held():
            say(f"keeps {each.day} of {table.label}: a run writes it")
            continue
        kept = [leaf.location for leaf in leaves if leaf.date != each]
        for noted in run_folders([leaf.location for leaf in own], root, kept):
            note_folder(lake, lock.relation, each.text, noted, "replaced")
        going += own
        dropped.append(each)
    lake.glue.delete_partitions(relation, [leaf.partition for leaf in going])
    for each in dropped:
        locks[each].release()
    return tuple(dropped)
