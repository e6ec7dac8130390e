"""Deletes what runs and commands have left beside Hive tables: folders that no query can read any more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone

from derived_tables.errors import must_be
from derived_tables.relation import Relation
from derived_tables.snapshots.locks import (
    DROP,
    Note,
    belongs_to,
    is_over,
    lock_relation,
    note_folder,
    read_locks,
    read_notes,
    tables_of_run,
)
from derived_tables.snapshots.partitions import OUTSIDE, belongs_to_table, dictated_by, read_partitions
from derived_tables.snapshots.tables import SnapshotTable
from derived_tables.warehouse.interface import Table, Warehouse
from derived_tables.warehouse.lake import Lake
from derived_tables.warehouse.live import Live, Occupied

_Say = Callable[[str], None]


def grace_of(given: object) -> timedelta:
    """How long data that was replaced stays, from var `snapshot_grace_minutes`.

    Raises:
        RefusedError: it is no whole number.
    """
    text = str(60 if given is None else given)
    if isinstance(given, bool) or not (text.isascii() and text.isdigit()) or len(text) > 6:
        remedy = "Leave it out to keep replaced data for an hour; Athena ends queries after half an hour."
        raise must_be("var `snapshot_grace_minutes`", "a whole number of minutes", given, remedy)
    return timedelta(minutes=int(text))


def clean(
    warehouse: Warehouse, tables: Iterable[SnapshotTable], *, grace: timedelta, reserved: Sequence[Live], say: _Say
) -> None:
    """Deletes noted folders that no query can read any more, and the locks that an interrupted `drop` has left.

    What else than `snapshot_append` writes would write beside old files, so there they go at once.

    Args:
        warehouse: where the tables are.
        tables: those whose partitions are not in Glue have nothing to clean.
        grace: how long replaced data stays.
        reserved: folders that are nobody's to delete.
        say: gets a line for each folder that cannot be deleted.

    Raises:
        WarehouseError: AWS did not do as asked; the next one goes on.
    """
    if not isinstance(warehouse, Lake):
        return
    over = [
        (table, noted)
        for table in tables
        if table.table.kind == "hive" and not table.table.is_projected
        for noted in _noted_folders(warehouse, table, grace if table.is_own else timedelta())
    ]
    # Listed anew, now that nothing is written any more which was interrupted.
    occupied = {
        catalog: Occupied(warehouse.glue, catalog, reserved, say)
        for catalog in {noted.relation.database for _, noted in over}
    }
    for table, noted in over:
        _delete(warehouse, occupied[noted.relation.database], table, noted, say)


def _noted_folders(lake: Lake, table: SnapshotTable, grace: timedelta) -> list[Table]:
    """The notes of a table whose folders can go."""
    relation = table.table.relation
    beside = {each.relation.identifier: each for each in lake.glue.tables(relation.database, relation.schema)}
    for released in _release_locks_of_drops(lake, table, beside):
        del beside[released.identifier]
    over = _notes_that_are_over(relation, beside, grace)
    for note in over:
        if note.reason == "interrupted":
            _forget_run(lake, note, beside[note.relation.identifier])
    return [beside[note.relation.identifier] for note in over]


def _delete(lake: Lake, occupied: Occupied, table: SnapshotTable, noted: Table, say: _Say) -> None:
    """Deletes a noted folder and its note.

    The folder around it is the table's own. Where something else needs it, the note goes all the same: a run of the
    model would delete the folder, because it looks at nothing but its own table.
    """
    relation = table.table.relation
    needing = occupied.by(noted.location, lambda live: live.relation == relation and not live.is_partition)
    if needing:
        say(f"{table.label}: the files in {noted.location} stay: {needing.label} lies at {needing.location}")
    elif not belongs_to_table(noted.location, table.table.location, dictated_by(lake)):
        say(f"{table.label}: the files in {noted.location} stay: {OUTSIDE}")
    else:
        lake.objects.delete_below(noted.location)
    lake.glue.delete_table(noted.relation)


def _release_locks_of_drops(lake: Lake, table: SnapshotTable, beside: Mapping[str, Table]) -> list[Relation]:
    """Where the snapshot is still there, the drop was interrupted before it had removed all of it: the lock stays."""
    relation = table.table.relation
    locks = [lock for lock in read_locks(beside, relation) if belongs_to(DROP, beside[lock.identifier].location)]
    if not locks:
        return []
    dates = {each.date for each in read_partitions(lake, table)}
    held = {lock_relation(relation, date) for date in dates if date is not None}
    released = []
    for lock in locks:
        found = lake.glue.table(lock) if lock not in held else None
        if found is not None and belongs_to(DROP, found.location):
            lake.glue.delete_table(lock)
            released.append(lock)
    return released


def _notes_that_are_over(relation: Relation, names: Iterable[str], grace: timedelta) -> list[Note]:
    """Several runs may have noted a folder; a snapshot that is locked is being written."""
    names = set(names)
    now = datetime.now(timezone.utc)
    notes = read_notes(sorted(names), relation)
    waiting = {note.key for note in notes if not is_over(note, now, grace)}
    return [note for note in notes if note.key not in waiting and note.lock.identifier not in names]


def _forget_run(lake: Lake, note: Note, noted: Table) -> None:
    """Removes the tables of a run that was interrupted.

    Where the work group dictates their location they lie outside of the run's folder; that is noted first, so that it
    is deleted like the folder.
    """
    for written in tables_of_run(note.lock, noted.location):
        table = lake.glue.table(written)
        if table is not None:
            if not f"{table.location}/".startswith(f"{noted.location}/"):
                note_folder(lake, note.lock, noted.parameters["snapshot"], table.location, "interrupted")
            lake.glue.delete_table(table.relation)
