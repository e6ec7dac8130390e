"""The partitions of a Hive table of snapshots, and the files in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from derived_tables.snapshots.locks import stands_beside
from derived_tables.snapshots.tables import SnapshotTable
from derived_tables.snapshots.values import SnapshotDate
from derived_tables.warehouse.aws import DeniedError
from derived_tables.warehouse.glue import Partition
from derived_tables.warehouse.lake import Lake
from derived_tables.warehouse.live import Live, Occupied, Overlaps
from derived_tables.warehouse.objects import Object

#: How Hive names a partition without a value.
NULL = "__HIVE_DEFAULT_PARTITION__"
#: With more folders than this below a table, the whole table is listed in one go.
_TOGETHER = 3
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RUN_FOLDER = re.compile(f"dbt-(snapshot|compact)-{_UUID.pattern}")
#: Why files stay.
OUTSIDE = "they lie outside the folder of the table"


@dataclass(frozen=True)
class Dated:
    """A partition and the snapshot that it belongs to.

    Attributes:
        date: of the snapshot; None where the snapshot column has no value.
        partition: its entry in Glue.
    """

    date: SnapshotDate | None
    partition: Partition


@dataclass(frozen=True)
class Leaf:
    """A partition that belongs to a snapshot, with its files.

    Attributes:
        date: of the snapshot.
        name: `column=value/column=value`, as S3 names it.
        partition: its entry in Glue.
        files: what queries read of it, by address.
        has_archived: whether it has files that S3 has archived, which queries pass over.
    """

    date: SnapshotDate
    name: str
    partition: Partition
    files: tuple[Object, ...]
    has_archived: bool = False

    @property
    def location(self) -> str:
        """The folder of its files, without a slash at the end."""
        return self.partition.location

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(file.size for file in self.files)

    @property
    def changed(self) -> datetime | None:
        """When the newest of its files was written."""
        return max((file.changed for file in self.files), default=None)


@dataclass(frozen=True)
class Folders:
    """What becomes of the folders of partitions that go.

    Attributes:
        going: to be deleted; none of them is needed by anything else.
        staying: why the files of others stay.
    """

    going: tuple[str, ...]
    staying: tuple[str, ...]


def read_partitions(lake: Lake, table: SnapshotTable, *, with_columns: bool = False) -> list[Dated]:
    """All partitions of a Hive table; no query runs.

    Args:
        lake: where it is.
        table: the table.
        with_columns: whether their entries have columns.

    Raises:
        RefusedError: one is named by something else than a date.
    """
    position = [key.lower() for key in table.table.keys].index(table.column)
    return [
        Dated(None if each.values[position] == NULL else table.read_key(each.values[position]), each)
        for each in lake.glue.partitions(table.table.relation, with_columns=with_columns)
    ]


def read_leaves(lake: Lake, table: SnapshotTable, partitions: Iterable[Dated]) -> list[Leaf]:
    """Lists the files of partitions, by date and name; leaves out those without a date."""
    dated = [(each.date, each.partition) for each in partitions if each.date is not None]
    files = Files(lake, listings((partition.location for _, partition in dated), table.table.location))
    leaves = []
    for date, partition in dated:
        found, folder = files.below(partition.location), partition.location
        data = tuple(each for each in found if each.is_data_of(folder))
        leaves.append(Leaf(date, _name(table, partition), partition, data, any(each.is_archived for each in found)))
    return sorted(leaves, key=lambda leaf: (leaf.date, leaf.name))


class Files:
    """The objects below some folders.

    Args:
        lake: lists them.
        folders: where they lie; none lies in another one.
    """

    def __init__(self, lake: Lake, folders: Iterable[str]) -> None:
        found = [each for folder in folders for each in lake.objects.below(folder)]
        self._found = sorted(found, key=lambda each: each.address)
        self._addresses = [each.address for each in self._found]

    def below(self, folder: str) -> Sequence[Object]:
        """Those below one of the folders, or below a folder in it."""
        start = bisect_left(self._addresses, f"{folder}/")
        end = bisect_left(self._addresses, f"{folder}0")  # the character behind the slash
        return self._found[start:end]


def listings(locations: Iterable[str], root: str) -> list[str]:
    """The folders to list, so that all objects of some partitions are found in few calls, and none twice.

    Args:
        locations: of the partitions.
        root: of their table. Beside each other below it, they are listed together.
    """
    wanted = {location for location in locations if location}
    below = {_first_below(location, root) for location in wanted if location.startswith(f"{root}/")}
    wanted |= {root} if len(below) > _TOGETHER else {f"{root}/{name}" for name in below}
    found: list[str] = []
    for folder in sorted(f"{folder}/" for folder in wanted):
        if not found or not folder.startswith(found[-1]):
            found.append(folder)
    return [folder.removesuffix("/") for folder in found]


def run_folders(
    locations: Iterable[str],
    root: str,
    needed: Callable[[str], Live | None],
    dictated: Callable[[], str | None] = lambda: None,
) -> Folders:
    """The folders in which partitions lie that go, to be deleted with them.

    A run of the model has a folder of its own below the table, which holds nothing but what it wrote; where something
    that stays lies in it, or the location is no such folder, it is the location alone. The folder of the table, and
    what lies around it or elsewhere, is never deleted: it may be anybody's, though no table lies there.

    Args:
        locations: of partitions that go.
        root: of the table.
        needed: tells what stays in a folder, inside it or around it.
        dictated: tells where the work group has tables written.
    """
    going: dict[str, None] = {}
    staying: dict[str, None] = {}
    for location in filter(None, locations):
        below = _first_below(location, root) if location.startswith(f"{root}/") else ""
        is_own = belongs_to_table(location, root, dictated)
        if is_own and is_run_folder(below) and not needed(f"{root}/{below}"):
            going[f"{root}/{below}"] = None
        elif f"{root}/".startswith(f"{location}/"):
            staying[f"the files in {location} stay: that is the folder of the whole table, or around it"] = None
        elif needing := needed(location):
            staying[f"the files in {location} stay: {needing.label} lies at {needing.location}"] = None
        elif not is_own:
            staying[f"the files in {location} stay: {OUTSIDE}"] = None
        else:
            going[location] = None
    return Folders(tuple(going), tuple(staying))


def belongs_to_table(folder: str, root: str, dictated: Callable[[], str | None]) -> bool:
    """Whether a folder is its table's own: it lies below the table's, or was written where a work group dictates it.

    Args:
        folder: without a slash at the end.
        root: the folder of the table.
        dictated: asked for folders outside of it.
    """
    # Readers do not agree on which folder is meant by an empty part, by dots, or by what looks like a query.
    if "?" in folder or {"", ".", ".."}.intersection(folder.removeprefix("s3://").split("/")):
        return False
    if folder.startswith(f"{root}/"):
        return True
    place = dictated()
    # Each CREATE TABLE AS has a folder there, named after its query.
    return place is not None and re.match(f"{re.escape(place)}/{_UUID.pattern}(/|$)", folder) is not None


def dictated_by(lake: Lake) -> Callable[[], str | None]:
    """Tells where the work group has tables written; None if it does not dictate that, or does not let us see it."""

    def tell() -> str | None:
        try:
            return lake.dictated_folder()
        except DeniedError:
            return None

    return tell


def need_of(
    table: SnapshotTable, partitions: Sequence[Dated], is_gone: Callable[[Dated], bool], occupied: Occupied
) -> Callable[[str], Live | None]:
    """Tells what needs a folder.

    Args:
        table: the table.
        partitions: all that it had.
        is_gone: says of one whether it needs no folder any more, when it is asked.
        occupied: what else needs folders.
    """
    relation = table.table.relation
    lying = Overlaps((each.partition.location, each) for each in partitions if each.partition.location)

    def is_own(live: Live) -> bool:
        return live.relation == relation or (live.relation is not None and stands_beside(relation, live.relation))

    def needed(folder: str) -> Live | None:
        for each in lying.of(folder):
            if not is_gone(each):
                return Live(each.partition.location, f"{table.label} ({'/'.join(each.partition.values)})", relation)
        return occupied.by(folder, is_own)

    return needed


def is_run_folder(name: str) -> bool:
    """Whether a folder below a table was named by a run of its model, or by a compaction."""
    return _RUN_FOLDER.fullmatch(name) is not None


def _first_below(location: str, root: str) -> str:
    return location.removeprefix(f"{root}/").split("/")[0]


def _name(table: SnapshotTable, partition: Partition) -> str:
    pairs = zip(table.table.keys, partition.values, strict=True)
    return "/".join(f"{key}={_escaped(value)}" for key, value in pairs)


def _escaped(value: str) -> str:
    """As Hive escapes a value in the name of a folder."""
    return "".join(quote(each, safe="") if each in "%\"#'*/:=?\\{[]^\x7f" or each < " " else each for each in value)
