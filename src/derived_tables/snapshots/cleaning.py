"""Deletes what runs and commands have left beside a Hive table: folders that no query can read any more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, timezone

from derived_tables.errors import must_be
from derived_tables.relation import Relation
from derived_tables.snapshots.locks import DROP, Note, is_over, lock_relation, note_folder, read_locks, read_notes
from derived_tables.snapshots.tables import SnapshotTable
from derived_tables.snapshots.values import SnapshotDate
from derived_tables.warehouse.interface import Table
from derived_tables.warehouse.lake import Lake
from derived_tables.warehouse.live import live_locations, overlap


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
    lake: Lake,
    table: SnapshotTable,
    present: Iterable[SnapshotDate],
    grace: timedelta,
    say: Callable[[str], None],
) -> None:
    """Deletes noted folders that no query can read any more, and the locks that an interrupted `drop` has left.

    What else than `snapshot_append` writes would write beside old files, so there they go at once.

    Args:
        lake: where the table is.
        table: a Hive table.
        present: the snapshots that it holds.
        grace: how long replaced data stays.
        say: gets a line for each folder that cannot be deleted.
    """
    relation = table.table.relation
    names = [each.relation.identifier for each in lake.glue.tables(relation.database, relation.schema)]
    _release_locks_of_drops(lake, relation, names, present)
    over = _notes_that_are_over(relation, names, grace if table.is_own else timedelta())
    found = [(note, noted) for note in over if (noted := lake.glue.table(note.relation)) is not None]
    for note, noted in found:
        if note.reason == "interrupted":
            _forget_run(lake, note, noted)
    live = list(live_locations(lake, relation)) if found else []
    for _, noted in found:
        needed = [each for each in live if overlap(noted.location, each.location)]
        if needed:
            say(f"keeps {noted.location}: {needed[0].label} lies at {needed[0].location}")
        else:
            lake.objects.delete_below(noted.location)
        lake.glue.delete_table(noted.relation)


def _release_locks_of_drops(
    lake: Lake, relation: Relation, names: Sequence[str], present: Iterable[SnapshotDate]
) -> None:
    held = {lock_relation(relation, date) for date in present}
    for lock in read_locks(names, relation):
        if lock not in held:
            found = lake.glue.table(lock)
            if found is not None and f"/{DROP}" in found.location:
                lake.glue.delete_table(lock)


def _notes_that_are_over(relation: Relation, names: Sequence[str], grace: timedelta) -> list[Note]:
    """Several runs may have noted a folder; a snapshot that is locked is being written."""
    now = datetime.now(timezone.utc)
    notes = read_notes(names, relation)
    waiting = {note.key for note in notes if not is_over(note, now, grace)}
    return [note for note in notes if note.key not in waiting and note.lock.identifier not in names]


def _forget_run(lake: Lake, note: Note, noted: Table) -> None:
    """Removes the tables of a run that was interrupted.

    Where the work group dictates their location they lie outside of the run's folder; that is noted first, so that it
    is deleted like the folder.
    """
    run = noted.location.rsplit("/", 1)[-1].replace("-", "_")
    for suffix in ("", "_staging"):
        table = lake.glue.table(note.lock.beside(f"{note.lock.identifier}_{run}{suffix}"))
        if table is not None:
            if not f"{table.location}/".startswith(f"{noted.location}/"):
                note_folder(lake, note.lock, noted.parameters["snapshot"], table.location, "interrupted")
            lake.glue.delete_table(table.relation)
