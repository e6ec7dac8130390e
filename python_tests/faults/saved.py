"""A lake as it was, to be had again after each fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local_athena import LocalAthena

from .support import BUCKET, DATABASE

_TABLE = ("Name", "TableType", "Parameters", "PartitionKeys", "StorageDescriptor")
_PARTITION = ("Values", "Parameters", "StorageDescriptor")


@dataclass(frozen=True)
class Saved:
    """The tables of the models' database, and the objects below some prefixes."""

    athena: LocalAthena
    prefixes: tuple[str, ...]
    tables: list[dict[str, Any]]
    partitions: dict[str, list[dict[str, Any]]]
    objects: dict[str, bytes]

    @classmethod
    def of(cls, athena: LocalAthena, *prefixes: str) -> Saved:
        """As it is."""
        glue, stored = athena.stores.glue, athena.stores.objects
        tables = [_only(table, _TABLE) for table in glue.tables(DATABASE)]
        return cls(
            athena,
            prefixes,
            tables,
            {
                table["Name"]: [_only(each, _PARTITION) for each in glue.partitions(DATABASE, table["Name"])]
                for table in tables
            },
            {each.key: stored.read(BUCKET, each.key) for prefix in prefixes for each in stored.under(BUCKET, prefix)},
        )

    def restore(self) -> None:
        """Makes all as it was."""
        glue, stored = self.athena.stores.glue, self.athena.stores.objects
        for table in list(glue.tables(DATABASE)):
            glue.delete_table(DATABASE, table["Name"])
        for table in self.tables:
            glue.create_table(DATABASE, table)
            for partition in self.partitions[table["Name"]]:
                glue.create_partition(DATABASE, table["Name"], partition)
        for prefix in self.prefixes:
            stored.delete(BUCKET, [each.key for each in stored.under(BUCKET, prefix)])
        for key, content in self.objects.items():
            stored.write(BUCKET, key, content)


def _only(entry: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: entry[key] for key in keys if key in entry}
