"""The lock of a snapshot on Hive: a Glue table that names the folder of the run that writes it.

Runs of the materialization `snapshot_append` take the same locks. The last one to take it has it; whoever has lost it
does not publish. It goes when its owner ends; where it is still there, that run was interrupted.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from derived_tables.relation import Relation
from derived_tables.snapshots.values import SnapshotDate
from derived_tables.warehouse.lake import Lake

DROP, COMPACT = "drop-", "compact-"
_LOCK = "__dbt_snapshot_"
_STAMP = "%Y%m%d%H%M"


@dataclass(frozen=True)
class Note:
    """A folder that holds no snapshot any more, and waits until no query can read it; a Glue table beside its table.

    Attributes:
        relation: the Glue table.
        reason: `replaced`, or `interrupted` if a statement of the run that wrote it may still be under way.
        key: stands for the folder.
        written: when it was noted.
        lock: the lock of the snapshot.
    """

    relation: Relation
    reason: str
    key: str
    written: datetime
    lock: Relation


class Lock:
    """The lock of one snapshot, wanted by one owner.

    Args:
        lake: where it is.
        table: the table that holds the snapshot.
        date: the snapshot.
        folder: the owner's own.
    """

    def __init__(self, lake: Lake, table: Relation, date: SnapshotDate, folder: str) -> None:
        self.relation = lock_relation(table, date)
        self.folder = folder
        self._lake = lake

    def take(self) -> str | None:
        """Takes the lock; returns the folder of the one that had it, if one had."""
        if self._lake.glue.create_folder_table(self.relation, self.folder):
            return None
        found = self._lake.glue.table(self.relation)
        if found is None:  # it has just gone
            return self.take()
        if found.location == self.folder:
            return None
        self._lake.glue.move_table(found, self.folder)
        return found.location

    def is_held(self) -> bool:
        """Whether it is still this owner's."""
        return self.holder() == self.folder

    def holder(self) -> str | None:
        """The folder of the one that has it."""
        found = self._lake.glue.table(self.relation)
        return None if found is None else found.location

    def release(self) -> None:
        """Gives it back."""
        self._lake.glue.delete_table(self.relation)

    def run_table(self) -> Relation:
        """The table that a CREATE TABLE AS of this owner makes."""
        run = self.folder.rsplit("/", 1)[-1].replace("-", "_")
        return self.relation.beside(f"{self.relation.identifier}_{run}")


def lock_relation(table: Relation, date: SnapshotDate) -> Relation:
    """The Glue table that is the lock of a snapshot."""
    return table.beside(f"{table.identifier}{_LOCK}{re.sub('[^0-9]', '_', date.text)}")


def note_folder(lake: Lake, lock: Relation, text: str, folder: str, reason: str) -> None:
    """Notes that a folder holds no snapshot, or will soon hold none.

    Args:
        lake: where the note goes.
        lock: of the snapshot that lay there.
        text: of the snapshot, as its column has it.
        folder: the folder.
        reason: `replaced` or `interrupted`.
    """
    table, digits = lock.identifier.rsplit(_LOCK, 1)
    key = hashlib.md5(folder.encode(), usedforsecurity=False).hexdigest()[:12]
    now = datetime.now(timezone.utc).strftime(_STAMP)
    note = lock.beside(f"{table}__dbt_{reason}_{key}_{now}_{digits}")
    lake.glue.create_folder_table(note, folder, {"snapshot": text})


def read_notes(names: Iterable[str], table: Relation) -> list[Note]:
    """The notes beside a table, among the names of its database."""
    pattern = re.escape(table.identifier) + "__dbt_(replaced|interrupted)_([0-9a-f]{12})_([0-9]{12})_([0-9_]+)"
    found = []
    for name in names:
        match = re.fullmatch(pattern, name)
        if match:
            reason, key, stamp, text = match.groups()
            written = datetime.strptime(stamp, _STAMP).replace(tzinfo=timezone.utc)
            found.append(Note(table.beside(name), reason, key, written, table.beside(table.identifier + _LOCK + text)))
    return found


def read_locks(names: Iterable[str], table: Relation) -> list[Relation]:
    """The locks of a table's snapshots, among the names of its database."""
    pattern = re.escape(table.identifier + _LOCK) + "[0-9_]+"
    return [table.beside(name) for name in names if re.fullmatch(pattern, name)]


def is_over(note: Note, now: datetime, grace: timedelta) -> bool:
    """Whether no query can read the folder any more; a note has whole minutes."""
    return note.written <= now.replace(second=0, microsecond=0) - grace
