"""Writes rows into files: one set of files for each partition and bucket."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import duckdb
import pyarrow as pa

from derived_tables.local_athena.catalogue.model import Column
from derived_tables.local_athena.dialect.casts import result_text
from derived_tables.local_athena.dialect.representation import duckdb_type, literal, quoted
from derived_tables.local_athena.errors import AthenaError
from derived_tables.local_athena.hive import buckets
from derived_tables.local_athena.hive.codecs.lines import SUFFIXES
from derived_tables.local_athena.hive.codecs.registry import WRITERS
from derived_tables.local_athena.hive.partitions import DEFAULT, check_printable
from derived_tables.local_athena.hive.properties import Layout
from derived_tables.local_athena.table_format import Rows, Work

_MOST_WRITERS = 100
_BATCH = 65_536


@dataclass(frozen=True)
class NewFile:
    """A file that was written, still on this machine.

    Attributes:
        values: of its partition, as Glue holds them; empty without partitions.
        path: where it is.
        name: what it shall be called in its folder.
    """

    values: tuple[str, ...]
    path: Path
    name: str


@dataclass(frozen=True)
class _Target:
    """The part of the rows that goes into files of its own, found by its number."""

    values: tuple[str, ...]
    bucket: int | None


def write(rows: Rows, columns: Sequence[Column], layout: Layout, work: Work) -> tuple[int, list[NewFile]]:
    """Writes rows into files in the folder of the statement.

    Args:
        rows: to be written.
        columns: what their columns are called and are, partition columns last.
        layout: how.
        work: for which statement.

    Returns:
        How many rows, and the files.

    Raises:
        AthenaError: HIVE_TOO_MANY_OPEN_PARTITIONS, HIVE_INVALID_PARTITION_VALUE, or what the query ends with.
    """
    data = [column for column in columns if column.name not in layout.partitioned_by]
    folder = work.folder / uuid.uuid4().hex
    folder.mkdir()
    if not layout.partitioned_by and not layout.bucketed_by:
        count = _write_all(_selected(data, columns, rows.sql), data, layout, folder, work)
        return count, list(_named([_Target((), None)], folder, layout, work))
    work.connection.execute(f"create temp table written as {rows.sql}")
    keys = _keys(columns, layout)
    (count,) = work.connection.execute("select count(*) from written").fetchall()[0]
    targets = _targets(keys, columns, layout, work)
    joined = " and ".join(f"{text} is not distinct from t.k{index}" for index, text in enumerate(keys))
    source = f"select w.*, t.number from written w join targets t on {joined}"
    if targets:
        _write_parts(_selected(data, columns, source, "number"), data, layout, folder, work, len(targets))
    work.connection.execute("drop table written; drop table targets")
    return count, list(_named(targets, folder, layout, work))


def _selected(data: Sequence[Column], columns: Sequence[Column], source: str, *others: str) -> str:
    """The columns that go into files, under their names."""
    places = {column.name: index for index, column in enumerate(columns)}
    named = [f"{_stored(f'c{places[column.name]}', column)} as {quoted(column.name)}" for column in data]
    return f"select {', '.join([*named, *others])} from ({source})"


def _stored(sql: str, column: Column) -> str:
    """Timestamps are written with three digits of a second, as Hive's are."""
    type_ = duckdb_type(column.type)
    return f"cast({sql} as {type_.replace('TIMESTAMP', 'TIMESTAMP_MS')})" if "TIMESTAMP" in type_ else sql


def _keys(columns: Sequence[Column], layout: Layout) -> list[str]:
    """Expressions of what tells targets apart: texts of the partition columns, and the bucketing columns."""
    places = {column.name: (index, column) for index, column in enumerate(columns)}
    keys = []
    for name in layout.partitioned_by:
        index, column = places[name]
        keys.append(f"coalesce(nullif({result_text(f'c{index}', column.type)}, ''), {literal(DEFAULT)})")
    return keys + [f"c{places[name][0]}" for name in layout.bucketed_by]


def _targets(keys: Sequence[str], columns: Sequence[Column], layout: Layout, work: Work) -> list[_Target]:
    """Makes a table `targets` of keys with the number of their target, and gives the targets in order."""
    connection = work.connection
    partitions = len(layout.partitioned_by)
    named = ", ".join(f"{key} as k{index}" for index, key in enumerate(keys))
    connection.execute(
        f"create temp table targets as select distinct {named}, cast(null as integer) as number from written"
    )
    limit = "" if layout.bucketed_by else f" limit {_MOST_WRITERS + 1}"
    names = ", ".join(f"k{index}" for index in range(len(keys)))
    found = connection.execute(f"select {names} from targets order by all{limit}").fetchall()
    types = [next(column.type for column in columns if column.name == name) for name in layout.bucketed_by]
    numbers: dict[_Target, int] = {}
    assigned = []
    for row in found:
        number = buckets.bucket(row[partitions:], types, layout.bucket_count) if layout.bucketed_by else None
        assigned.append(numbers.setdefault(_Target(row[:partitions], number), len(numbers)))
    if len(numbers) > _MOST_WRITERS:
        message = f"Exceeded limit of {_MOST_WRITERS} open writers for partitions/buckets"
        raise AthenaError("HIVE_TOO_MANY_OPEN_PARTITIONS", message)
    for target in numbers:
        check_printable(target.values)
    connection.register("assigned", pa.table({"place": range(len(assigned)), "number": pa.array(assigned, pa.int32())}))
    connection.execute(
        f"create or replace temp table targets as select {names}, a.number from "
        f"(select *, row_number() over (order by {names}) - 1 as place from targets) join assigned a using (place)"
    )
    connection.unregister("assigned")
    return list(numbers)


def _write_all(query: str, data: Sequence[Column], layout: Layout, folder: Path, work: Work) -> int:
    """Writes one file of all rows, none if there are none, and gives their number."""
    path = folder / "0"
    if layout.storage.format == "PARQUET":
        count = work.connection.execute(f"copy ({query}) to {literal(str(path))} ({_parquet(layout)})").fetchall()[0][0]
    else:
        count = _write_codec(work.connection, query, data, layout, path)
    if count == 0:
        path.unlink(missing_ok=True)
    return int(count)


def _write_parts(query: str, data: Sequence[Column], layout: Layout, folder: Path, work: Work, count: int) -> None:
    """Writes the files of each target; their paths begin with its number."""
    if layout.storage.format == "PARQUET":
        target = literal(str(folder / "parts"))
        work.connection.execute(f"copy ({query}) to {target} ({_parquet(layout)}, partition_by (number))")
        for number in range(count):
            for index, path in enumerate(sorted((folder / "parts" / f"number={number}").iterdir())):
                path.rename(folder / f"{number}.{index}")
        return
    names = ", ".join(quoted(column.name) for column in data)
    work.connection.execute(f"create temp table parts as {query}")
    for number in range(count):
        part = f"select {names} from parts where number = {number}"
        _write_codec(work.connection, part, data, layout, folder / str(number))
    work.connection.execute("drop table parts")


def _write_codec(
    connection: duckdb.DuckDBPyConnection, query: str, data: Sequence[Column], layout: Layout, path: Path
) -> int:
    counted = _Counted(connection.execute(query).to_arrow_reader(_BATCH))
    WRITERS[layout.storage.format](path, data, layout.storage, layout.compression, counted)
    return counted.rows


class _Counted:
    """Batches, and how many rows they had."""

    def __init__(self, batches: pa.RecordBatchReader) -> None:
        self._batches = batches
        self.rows = 0

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for batch in self._batches:
            self.rows += batch.num_rows
            yield batch


def _parquet(layout: Layout) -> str:
    return f"format parquet, compression {layout.compression}"


def _named(targets: Sequence[_Target], folder: Path, layout: Layout, work: Work) -> Iterator[NewFile]:
    """The files that were written, with names as Athena gives them."""
    began = datetime.fromtimestamp(work.now / 1_000_000, timezone.utc).strftime("%Y%m%d_%H%M%S")
    query = f"{began}_{uuid.uuid4().int % 100_000:05d}_{uuid.uuid4().hex[:5]}"
    suffix = SUFFIXES.get(layout.compression, "") if layout.storage.format in ("TEXTFILE", "JSON") else ""
    for number, target in enumerate(targets):
        paths = sorted(
            path for path in folder.iterdir() if path.is_file() and path.name.partition(".")[0] == str(number)
        )
        for path in paths:
            middle = f"bucket-{target.bucket:05d}" if target.bucket is not None else str(uuid.uuid4())
            yield NewFile(target.values, path, f"{query}_{middle}{suffix}")
