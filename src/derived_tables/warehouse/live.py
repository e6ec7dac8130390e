"""What lies where: the law that no folder is deleted which a live table or partition needs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Generic, TypeVar

from derived_tables.relation import Relation
from derived_tables.warehouse.aws import DeniedError
from derived_tables.warehouse.glue import Glue
from derived_tables.warehouse.interface import Table

_T = TypeVar("_T")
#: Glue tables that name folders which wait for their deletion.
_NOTE = re.compile(".+__dbt_(replaced|interrupted)_[0-9a-f]{12}_[0-9]{12}_[0-9_]+")
_OTHER_ENVIRONMENTS = {"prod": "dev"}


@dataclass(frozen=True)
class Live:
    """A location that is in use.

    Attributes:
        location: the folder, without a slash at the end.
        label: whose it is.
        relation: the table; None for what is no table.
        is_partition: whether it is a partition of the table.
    """

    location: str
    label: str
    relation: Relation | None = None
    is_partition: bool = False


class Overlaps(Generic[_T]):
    """Things in folders, found by another folder: those that lie in it, inside it, or around it.

    Some readers take `x//y` for `x/y`, so both count as one.

    Args:
        placed: folders, without a slash at the end, and what lies there.
    """

    def __init__(self, placed: Iterable[tuple[str, _T]]) -> None:
        self._found: dict[str, list[_T]] = {}
        for folder, thing in placed:
            self._found.setdefault(_plain(folder), []).append(thing)
        self._folders = sorted(self._found)

    def of(self, folder: str) -> Iterator[_T]:
        """What overlaps with a folder."""
        wanted = _plain(folder)
        for position, character in enumerate(wanted[:-1], 1):
            if character == "/":
                yield from self._found.get(wanted[:position], ())
        below = islice(self._folders, bisect_left(self._folders, wanted), None)
        for each in takewhile(lambda found: found.startswith(wanted), below):
            yield from self._found[each]


class Occupied:
    """The folders that live tables and partitions need, listed once, when they are asked for.

    Args:
        glue: lists them.
        catalog: the data catalog whose databases count, all of them that may be seen.
        reserved: folders that are nobody's to delete either.
        say: gets a line for each database that may not be seen.
    """

    def __init__(
        self, glue: Glue, catalog: str, reserved: Sequence[Live] = (), say: Callable[[str], None] = lambda _: None
    ) -> None:
        self._glue = glue
        self._catalog = catalog
        self._reserved = reserved
        self._say = say
        self._overlaps: Overlaps[Live] | None = None
        self._unseen: set[str] = set()

    def sees(self, database: str) -> bool:
        """Whether all tables and partitions of a database may be seen."""
        self._look()
        return database not in self._unseen

    def by(self, folder: str, besides: Callable[[Live], bool]) -> Live | None:
        """What needs a folder, or something inside it or around it.

        Args:
            folder: without a slash at the end.
            besides: says of what is live that it does not count.
        """
        return next((each for each in self._look().of(folder) if not besides(each)), None)

    def _look(self) -> Overlaps[Live]:
        if self._overlaps is None:
            self._overlaps = Overlaps((each.location, each) for each in (*self._reserved, *self._listed()))
        return self._overlaps

    def _listed(self) -> Iterator[Live]:
        for database in self._glue.databases(self._catalog):
            yield from self._of_database(database)

    def _of_database(self, database: str) -> Iterator[Live]:
        try:
            for table in self._glue.tables(self._catalog, database):
                if not _NOTE.fullmatch(table.relation.identifier):
                    yield from self._of_table(table)
        except DeniedError as error:
            self._unseen.add(database)
            self._say(f"cannot see what lies in the database {database}: {error}")

    def _of_table(self, table: Table) -> Iterator[Live]:
        if table.location:
            yield Live(table.location, table.relation.label, table.relation)
        if table.kind == "hive" and table.keys and not table.is_projected:
            for partition in self._glue.partitions(table.relation):
                if partition.location:
                    label = f"{table.relation.label} ({'/'.join(partition.values)})"
                    yield Live(partition.location, label, table.relation, is_partition=True)


def _plain(folder: str) -> str:
    return re.sub("(?<!:)/{2,}", "/", f"{folder}/")


def other_environments(data_dir: str | None, environment: str) -> tuple[Live, ...]:
    """The folder in S3 where tables of other environments lie, production's above all.

    Args:
        data_dir: `s3_data_dir` of the target.
        environment: the name of the environment at hand.
    """
    name = _OTHER_ENVIRONMENTS.get(environment, "prod")
    return (Live(f"{data_dir.rstrip('/')}/{name}", f"another environment's folder `{name}`"),) if data_dir else ()
