"""What the codecs of the formats have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from local_athena.catalogue.model import Column
from local_athena.errors import AthenaError
from local_athena.hive.arrow import arrow_schema
from local_athena.hive.storage import Storage

_BATCH = 65_536


class Reader(Protocol):
    """Reads a file of a format."""

    def __call__(self, path: Path, columns: Sequence[Column], storage: Storage, /) -> Iterator[pa.RecordBatch]:
        """The rows of a file, in the schema of the columns; a column that the file does not have is null.

        Raises:
            AthenaError: HIVE_BAD_DATA.
        """
        ...


class Writer(Protocol):
    """Writes a file of a format."""

    def __call__(
        self,
        path: Path,
        columns: Sequence[Column],
        storage: Storage,
        compression: str,
        batches: Iterable[pa.RecordBatch],
        /,
    ) -> None:
        """Makes a file of rows, which are in the schema of the columns."""
        ...


def batches(rows: Iterable[Sequence[Any]], columns: Sequence[Column]) -> Iterator[pa.RecordBatch]:
    """Rows of Python values as Arrow: a map is a list of pairs, a row a dict, a decimal a Decimal."""
    schema = arrow_schema(columns)
    remaining = iter(rows)
    while some := list(islice(remaining, _BATCH)):
        arrays = [
            pa.array(values, type=field.type) for values, field in zip(zip(*some, strict=True), schema, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def python_rows(some: Iterable[pa.RecordBatch]) -> Iterator[tuple[Any, ...]]:
    """The reverse of `batches`."""
    for batch in some:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def bad_data(message: str) -> AthenaError:
    """A file does not hold what the table says."""
    return AthenaError("HIVE_BAD_DATA", message)
