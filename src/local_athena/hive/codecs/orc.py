"""ORC files, whose columns are found by their position unless the table says otherwise.

Source: https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
from pyarrow import orc

from local_athena.catalogue.model import Column
from local_athena.hive.arrow import arrow_schema
from local_athena.hive.codecs import model
from local_athena.hive.storage import Storage


def read(path: Path, columns: Sequence[Column], storage: Storage) -> Iterator[pa.RecordBatch]:
    """See `model.Reader`."""
    schema = arrow_schema(columns)
    try:
        file = orc.ORCFile(path)
        for number in range(file.nstripes):
            yield _fitted(file.read_stripe(number), schema, storage)
    except (pa.ArrowException, OSError) as error:
        raise model.bad_data(f"Malformed ORC file. {error}") from error


def write(
    path: Path,
    columns: Sequence[Column],
    _storage: Storage,
    compression: str,
    batches: Iterable[pa.RecordBatch],
) -> None:
    """See `model.Writer`."""
    schema = arrow_schema(columns)
    with orc.ORCWriter(str(path), compression=compression) as writer:
        for batch in batches:
            writer.write(pa.Table.from_batches([batch]).cast(schema))


def places(columns: Sequence[str], found: Sequence[str], storage: Storage) -> tuple[int | None, ...]:
    """Where the columns of a table stand in a file; None for one that it does not have.

    Args:
        columns: names of all columns of the table that stand in files, in order.
        found: names in the file, in order.
        storage: of the table.
    """
    if storage.option("orc.column.index.access").lower() != "false":
        return tuple(index if index < len(found) else None for index in range(len(columns)))
    names = [name.lower() for name in found]
    return tuple(names.index(name) if name in names else None for name in columns)


def _fitted(batch: pa.RecordBatch, schema: pa.Schema, storage: Storage) -> pa.RecordBatch:
    arrays = [
        pa.nulls(batch.num_rows, field.type) if place is None else batch.column(place).cast(field.type)
        for field, place in zip(schema, places(schema.names, batch.schema.names, storage), strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
