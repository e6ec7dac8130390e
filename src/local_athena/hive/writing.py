"""Writes rows into files: one set of files for each partition and bucket."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from local_athena.catalogue.model import Column
from local_athena.dialect.casts import result_text
from local_athena.dialect.representation import literal, quoted
from local_athena.errors import AthenaError
from local_athena.hive import buckets
from local_athena.hive.codecs.lines import SUFFIXES
from local_athena.hive.codecs.registry import WRITERS
from local_athena.hive.partitions import DEFAULT, check_printable
from local_athena.hive.properties import Layout
from local_athena.table_format import Rows, Work
from local_athena.types.model import Char, Decimal, Timestamp

_MOST_WRITERS = 100
# Rows of a row group of a Parquet file.
_BATCH = 122_880
# No column of a table is called so.
_NUMBER = '"$target"'


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
    files = _Files(data, layout, folder, work)
    if not layout.partitioned_by and not layout.bucketed_by:
        files.write(_selected(data, columns, rows.sql), [_Target((), None)])
        return files.rows, files.made
    work.connection.execute(f"create temp table written as {rows.sql}")
    keys = _keys(columns, layout)
    targets = _targets(keys, columns, layout, work)
    joined = " and ".join(f"{text} is not distinct from t.k{index}" for index, text in enumerate(keys))
    source = f"select w.*, t.number as {_NUMBER} from written w join targets t on {joined}"
    files.write(f"{_selected(data, columns, source, _NUMBER)} order by {_NUMBER}", targets)
    work.connection.execute("drop table written; drop table targets")
    return files.rows, files.made


def _selected(data: Sequence[Column], columns: Sequence[Column], source: str, *others: str) -> str:
    """The columns that go into files, under their names."""
    places = {column.name: index for index, column in enumerate(columns)}
    named = [f"c{places[column.name]} as {quoted(column.name)}" for column in data]
    return f"select {', '.join([*named, *others])} from ({source})"


def _keys(columns: Sequence[Column], layout: Layout) -> list[str]:
    """Expressions of what tells targets apart: texts of the partition columns, and the bucketing columns."""
    places = {column.name: (index, column) for index, column in enumerate(columns)}
    keys = []
    for name in layout.partitioned_by:
        index, column = places[name]
        keys.append(f"coalesce(nullif({_key_text(f'c{index}', column)}, ''), {literal(DEFAULT)})")
    return keys + [f"c{places[name][0]}" for name in layout.bucketed_by]


def _key_text(sql: str, column: Column) -> str:
    """The text of a partition value as Hive writes it."""
    text = result_text(sql, column.type)
    match column.type:
        case Decimal(scale=0):
            return text
        case Decimal() | Timestamp():
            return f"rtrim(rtrim({text}, '0'), '.')"
        case Char(length):
            return f"rpad({text}, {length}, ' ')"
    return text


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


class _Files:
    """Writes the files of one statement.

    Attributes:
        rows: how many have been written.
        made: the files that have been written.
    """

    def __init__(self, data: Sequence[Column], layout: Layout, folder: Path, work: Work) -> None:
        self._data = data
        self._layout = layout
        self._folder = folder
        self._work = work
        began = datetime.fromtimestamp(work.now / 1_000_000, timezone.utc).strftime("%Y%m%d_%H%M%S")
        self._prefix = f"{began}_{uuid.uuid4().int % 100_000:05d}_{uuid.uuid4().hex[:5]}"
        self.rows = 0
        self.made: list[NewFile] = []

    def write(self, query: str, targets: Sequence[_Target]) -> None:
        """Writes a file for each target that has rows.

        Args:
            query: the columns that go into files, and then, if there are several targets, the number of its target;
                in the order of the targets.
            targets: by number.
        """
        reader = self._work.connection.execute(query).to_arrow_reader(_BATCH)
        parts = _by_number(reader) if len(reader.schema) > len(self._data) else ((0, batch) for batch in reader)
        for number, batches in groupby(parts, key=itemgetter(0)):
            self._write_one(targets[number], (batch for _, batch in batches if batch.num_rows))

    def _write_one(self, target: _Target, batches: Iterator[pa.RecordBatch]) -> None:
        first = next(batches, None)
        if first is None:
            return
        path = self._folder / str(len(self.made))
        format_ = self._layout.storage.format
        counted = self._counted(chain((first,), batches))
        WRITERS[format_](path, self._data, self._layout.storage, self._layout.compression, counted)
        middle = f"bucket-{target.bucket:05d}" if target.bucket is not None else str(uuid.uuid4())
        suffix = SUFFIXES.get(self._layout.compression, "") if format_ in ("TEXTFILE", "JSON") else ""
        self.made.append(NewFile(target.values, path, f"{self._prefix}_{middle}{suffix}"))

    def _counted(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if self._work.request.cancelled.is_set():
                raise AthenaError("USER_CANCELED", "Query was canceled")
            self.rows += batch.num_rows
            yield batch


def _by_number(reader: pa.RecordBatchReader) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Batches that are sorted by their last column, cut where it changes, without it."""
    for batch in reader:
        runs = pc.run_end_encode(batch.column(batch.num_columns - 1))
        data, start = batch.select(range(batch.num_columns - 1)), 0
        for number, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
            yield number, data.slice(start, end - start)
            start = end
