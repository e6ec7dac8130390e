"""Sorts rows into partitions."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa
from pyiceberg.table.metadata import TableMetadata

from local_athena.dialect.representation import quoted
from local_athena.errors import AthenaError
from local_athena.iceberg.partition_values import hasher, partition_value

MOST_PARTITIONS = 100
GROUP = '"$group"'


@contextmanager
def partitioned(
    metadata: TableMetadata, source: str, connection: duckdb.DuckDBPyConnection
) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """The rows with the numbers of their partitions, as long as the context lasts.

    Args:
        metadata: of the table they are for.
        source: a DuckDB SELECT of the table's columns; it runs once.
        connection: on which it runs.

    Yields:
        A SELECT of the same rows with the column `GROUP`, from 1, and the values of the partitions in that order, as
        manifests store them.

    Raises:
        AthenaError: ICEBERG_TOO_MANY_OPEN_PARTITIONS.
    """
    fields, schema = metadata.spec().fields, metadata.schema()
    made = uuid.uuid4().hex
    rows, found, groups = (quoted(f"iceberg_{kind}_{made}") for kind in ("rows", "values", "groups"))
    keys = [quoted(f"$key_{number}") for number in range(len(fields))]
    values = [quoted(f"$value_{number}") for number in range(len(fields))]
    computed = ", ".join(f"{partition_value(field, schema)} as {key}" for field, key in zip(fields, keys, strict=True))
    try:
        connection.execute(f"create temp table {rows} as select *, {computed} from ({source})")
        distinct = connection.execute(f"select distinct {', '.join(keys)} from {rows}").to_arrow_table()
        columns = [
            column if (buckets := hasher(field, schema)) is None else buckets(column)
            for field, column in zip(fields, distinct.columns, strict=True)
        ]
        names = [name.strip('"') for name in (*keys, *values)]
        connection.register(found.strip('"'), pa.table([*distinct.columns, *columns], names=names))
        connection.execute(
            f"create temp table {groups} as select row_number() over () as {GROUP}, * "
            f"from (select distinct {', '.join(values)} from {found})"
        )
        yield (
            f"select r.*, g.{GROUP} from {rows} r join {found} f on {_same('r', 'f', keys)} "
            f"join {groups} g on {_same('f', 'g', values)}",
            _few(connection.execute(f"select * exclude ({GROUP}) from {groups} order by {GROUP}").fetchall()),
        )
    finally:
        connection.unregister(found.strip('"'))
        connection.execute(f"drop table if exists {groups}; drop table if exists {rows}")


def _same(left: str, right: str, names: list[str]) -> str:
    return " and ".join(f"{left}.{name} is not distinct from {right}.{name}" for name in names)


def _few(groups: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    if len(groups) > MOST_PARTITIONS:
        message = f"Exceeded limit of {MOST_PARTITIONS} open writers for partitions: {len(groups)}"
        raise AthenaError("ICEBERG_TOO_MANY_OPEN_PARTITIONS", message)
    return groups
