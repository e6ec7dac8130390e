"""What lies where: the law that no folder is deleted which a live table or partition needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derived_tables.relation import Relation
from derived_tables.warehouse.interface import Table
from derived_tables.warehouse.lake import Lake

#: Glue tables that name folders which wait for their deletion.
_NOTE = re.compile("__dbt_(replaced|interrupted)_[0-9a-f]{12}_[0-9]{12}_")


@dataclass(frozen=True)
class Live:
    """A location that is in use.

    Attributes:
        location: the folder, without a slash at the end.
        label: whose it is.
    """

    location: str
    label: str


def live_locations(lake: Lake, being_cleaned: Relation) -> Iterator[Live]:
    """The locations of all tables and partitions of a data catalog that may be seen.

    Args:
        lake: lists them.
        being_cleaned: the table whose old files are to go: its partitions are live, the folder around them is its own.
    """
    for database in lake.glue.databases(being_cleaned.database):
        for table in lake.glue.tables(being_cleaned.database, database):
            if table.location and not _NOTE.search(table.relation.identifier):
                yield from _of_table(lake, table, being_cleaned)


def overlap(one: str, other: str) -> bool:
    """Whether one of two folders is, or contains, the other one."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def _of_table(lake: Lake, table: Table, being_cleaned: Relation) -> Iterator[Live]:
    if table.relation != being_cleaned:
        yield Live(table.location, table.relation.label)
    if table.kind == "hive" and table.keys and not table.is_projected:
        for partition in lake.glue.partitions(table.relation):
            yield Live(partition.location, f"{table.relation.label} ({'/'.join(partition.values)})")
