"""The lock of a snapshot on Hive: a Glue table that names the folder of the run that writes it.

Runs of the materialization `snapshot_append` take the same locks. The last one to take it has it; whoever has lost it
does not publish. It goes when its owner ends; where it is still there, that run was interrupted.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from derived_tables.relation import Relation
from derived_tables.snapshots.values import SnapshotDate
from derived_tables.warehouse.lake import Lake

#: How the folders of owners begin that are no runs of the model.
DROP, COMPACT = "dbt-drop-", "dbt-compact-"
#: How long a name may be in Glue.
_LONGEST = 255
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
        self._text = date.text

    def take(self, steals: Callable[[str], bool] = lambda _: True) -> bool:
        """Takes the lock; returns whether it could.

        What another owner has written is noted first, so that it is deleted whatever happens next.

        Args:
            steals: says whether it is taken from the owner of a folder.
        """
        while not self._lake.glue.create_folder_table(self.relation, self.folder):
            found = self._lake.glue.table(self.relation)
            if found is None:  # it has just gone
                continue
            if found.location == self.folder:  # a call that was repeated
                return True
            if not steals(found.location):
                return False
            if not belongs_to(DROP, found.location):  # a drop writes nothing
                self.note(found.location, "interrupted")
            if self._lake.glue.move_table(found, self.folder):
                return True
        return True

    def is_held(self) -> bool:
        """Whether it is still this owner's."""
        found = self._lake.glue.table(self.relation)
        return found is not None and found.location == self.folder

    def release(self) -> None:
        """Gives it back, unless another owner has taken it."""
        if self.is_held():
            self._lake.glue.delete_table(self.relation)

    def run_table(self) -> Relation:
        """The table that a CREATE TABLE AS of this owner makes."""
        return self.relation.beside(f"{self.relation.identifier}_{_run_of(self.folder)}")

    def note(self, folder: str, reason: str) -> Relation:
        """Notes that a folder holds no snapshot, or will soon hold none; see `note_folder`."""
        return note_folder(self._lake, self.relation, self._text, folder, reason)


def lock_relation(table: Relation, date: SnapshotDate) -> Relation:
    """The Glue table that is the lock of a snapshot."""
    return table.beside(f"{table.identifier}{_LOCK}{re.sub('[^0-9]', '_', date.text)}")


def name_is_short_enough(table: Relation, date: SnapshotDate, owner: str) -> bool:
    """Whether Glue takes the names of all that stands beside a table for a while, for a `DROP` or a `COMPACT`."""
    lock = lock_relation(table, date).identifier
    stamp = len("__dbt_interrupted_") + len("_".join(("0" * 12, "0" * len("YYYYmmddHHMM")))) + 1 - len(_LOCK)
    run = 1 + len(COMPACT) + len(str(uuid.UUID(int=0)))
    return len(lock) + (stamp if owner == DROP else run) <= _LONGEST


def stands_beside(table: Relation, other: Relation) -> bool:
    """Whether a table is a lock of another one's snapshot, or what its owner writes."""
    return other == table.beside(other.identifier) and other.identifier.startswith(f"{table.identifier}{_LOCK}")


def belongs_to(owner: str, folder: str) -> bool:
    """Whether a folder is that of a `DROP` or a `COMPACT`."""
    return folder.rsplit("/", 1)[-1].startswith(owner)


def note_folder(lake: Lake, lock: Relation, text: str, folder: str, reason: str) -> Relation:
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
    return note


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


def tables_of_run(lock: Relation, folder: str) -> list[Relation]:
    """The tables that a run may have made, to write into its folder."""
    return [lock.beside(f"{lock.identifier}_{_run_of(folder)}{suffix}") for suffix in ("", "_staging")]


def is_over(note: Note, now: datetime, grace: timedelta) -> bool:
    """Whether no query can read the folder any more; a note has whole minutes."""
    return note.written <= now.replace(second=0, microsecond=0) - grace


def _run_of(folder: str) -> str:
    return folder.rsplit("/", 1)[-1].replace("-", "_")
