"""ORC files, whose columns are found by their position unless the table says otherwise.

Source: https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
from pyarrow import orc

from derived_tables.local_athena.catalogue.model import Column
from derived_tables.local_athena.hive.arrow import arrow_schema
from derived_tables.local_athena.hive.codecs import model
from derived_tables.local_athena.hive.storage import Storage


def read(path: Path, columns: Sequence[Column], storage: Storage) -> Iterator[pa.RecordBatch]:
    """See `model.Reader`."""
    schema = arrow_schema(columns)
    by_name = storage.option("orc.column.index.access").lower() == "false"
    try:
        file = orc.ORCFile(path)
        for number in range(file.nstripes):
            yield _fitted(file.read_stripe(number), schema, by_name)
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


def _fitted(batch: pa.RecordBatch, schema: pa.Schema, by_name: bool) -> pa.RecordBatch:
    names = [name.lower() for name in batch.schema.names]
    arrays = []
    for index, field in enumerate(schema):
        place = (names.index(field.name) if field.name in names else len(names)) if by_name else index
        if place < len(names):
            arrays.append(batch.column(place).cast(field.type))
        else:
            arrays.append(pa.nulls(batch.num_rows, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
