"""Partition specifications of DDL: `PARTITION (column = value, …)`."""

from __future__ import annotations

from collections.abc import Mapping

from local_athena.catalogue.model import Table
from local_athena.errors import AthenaError
from local_athena.hive import tables
from local_athena.hive.partitions import DEFAULT
from local_athena.store import Entry, Glue


def values_of(table: Table, given: Mapping[str, str | None]) -> tuple[str, ...]:
    """The values of a full partition specification, in the order of the partition columns.

    Raises:
        AthenaError: FAILED if it names other columns.
    """
    keys = [column.name for column in tables.partition_columns(table)]
    if sorted(given) != sorted(keys):
        shown = ", ".join(f"{name}={value}" for name, value in given.items())
        message = f"Partition spec {{{shown}}} doesn't contain all (or any other than) the partition columns"
        raise AthenaError("FAILED", f"SemanticException [Error 10098]: {message}")
    return tuple(DEFAULT if given[name] is None else str(given[name]) for name in keys)


def need_partition(glue: Glue, table: Table, given: Mapping[str, str | None]) -> Entry:
    """The Glue entry of a partition.

    Raises:
        AthenaError: FAILED if it does not exist, or as `values_of`.
    """
    found = glue.partition(table.name.database, table.name.table, values_of(table, given))
    if found is None:
        raise AthenaError("FAILED", f"SemanticException [Error 10006]: Partition not found {dict(given)}")
    return found
