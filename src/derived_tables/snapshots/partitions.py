"""The partitions of a Hive table of snapshots, and the files in them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from derived_tables.snapshots.tables import SnapshotTable
from derived_tables.snapshots.values import SnapshotDate
from derived_tables.warehouse.glue import Partition
from derived_tables.warehouse.lake import Lake
from derived_tables.warehouse.live import overlap
from derived_tables.warehouse.objects import Object

#: How Hive names a partition without a value.
NULL = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class Leaf:
    """A partition that belongs to a snapshot.

    Attributes:
        date: of the snapshot.
        name: `column=value/column=value`, as S3 names it.
        partition: its entry in Glue.
        files: what queries read of it, by address.
    """

    date: SnapshotDate
    name: str
    partition: Partition
    files: tuple[Object, ...]

    @property
    def location(self) -> str:
        """The folder of its files, without a slash at the end."""
        return self.partition.location

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(file.size for file in self.files)


def read_leaves(lake: Lake, table: SnapshotTable) -> list[Leaf]:
    """All partitions of a Hive table with their files, from Glue and S3, by date and name; no query runs.

    Raises:
        RefusedError: a partition is named by something else than a date.
    """
    position = [key.lower() for key in table.table.keys].index(table.column)
    partitions = [each for each in lake.glue.partitions(table.table.relation) if each.values[position] != NULL]
    files = Files(lake, [table.table.location, *(each.location for each in partitions)])
    leaves = [
        Leaf(table.read_key(each.values[position]), _name(table, each), each, files.of(each.location))
        for each in partitions
    ]
    return sorted(leaves, key=lambda leaf: (leaf.date, leaf.name))


class Files:
    """The data files below some folders, each listed once.

    Args:
        lake: lists them.
        folders: where they lie; one that lies in another one is not listed again.
    """

    def __init__(self, lake: Lake, folders: Iterable[str]) -> None:
        listed: list[str] = []
        found: list[Object] = []
        for folder in sorted({f"{folder}/" for folder in folders}):
            if not listed or not folder.startswith(listed[-1]):
                listed.append(folder)
                found += [each for each in lake.objects.below(folder) if each.is_data]
        self._found = sorted(found, key=lambda each: each.address)
        self._addresses = [each.address for each in self._found]

    def of(self, folder: str) -> tuple[Object, ...]:
        """Those below one of the folders."""
        start = bisect_left(self._addresses, f"{folder}/")
        end = bisect_left(self._addresses, f"{folder}0")  # the character behind the slash
        return tuple(self._found[start:end])


def run_folders(locations: Iterable[str], root: str, kept: Sequence[str]) -> list[str]:
    """The folders in which some partitions lie, to be deleted with them.

    A run of the model has a folder of its own below the table, which holds nothing but what it wrote; where something
    that stays lies in it, or the location is no such folder, it is the location alone.

    Args:
        locations: of partitions that go.
        root: of the table.
        kept: locations of all that stays.
    """
    found: dict[str, None] = {}
    for location in locations:
        below = location.removeprefix(f"{root}/").split("/")[0] if location.startswith(f"{root}/") else ""
        folder = f"{root}/{below}"
        is_free = bool(below) and is_run_folder(below) and not any(overlap(folder, each) for each in kept)
        found[folder if is_free else location] = None
    return list(found)


def is_run_folder(name: str) -> bool:
    """Whether a folder below a table was named by a run of its model, or by a compaction."""
    parts = name.removeprefix("compact-").split("-")
    return [len(part) for part in parts] == [8, 4, 4, 4, 12] and all(
        character in "0123456789abcdef" for part in parts for character in part
    )


def _name(table: SnapshotTable, partition: Partition) -> str:
    pairs = zip(table.table.keys, partition.values, strict=True)
    return "/".join(f"{key}={_escaped(value)}" for key, value in pairs)


def _escaped(value: str) -> str:
    """As Hive escapes a value in the name of a folder."""
    return "".join(quote(each, safe="") if each in "%\"#'*/:=?\\{[]^\x7f" or each < " " else each for each in value)
