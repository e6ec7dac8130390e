"""What an ORC file says at its end: its columns, and what reading each of them costs.

Source: https://orc.apache.org/specification/ORCv1/
"""

from __future__ import annotations

import io
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from local_athena.billing import Chunk, RowGroup
from local_athena.errors import AthenaError
from local_athena.hive.orc.compression import decompressed
from local_athena.hive.orc.messages import Message
from local_athena.hive.orc.statistics import counted_nulls, span

#: Name in a stripe of the struct that holds all columns; whoever reads a column reads its streams, too.
ROOT = ""


@dataclass(frozen=True)
class Tail:
    """The end of a file.

    Attributes:
        names: of the columns, as written, in order.
        stripes: the streams of each stripe, index and data, summed by column; a column's name is its position, because
            that is how ORC's columns are found, or `ROOT`.
    """

    names: tuple[str, ...]
    stripes: tuple[RowGroup, ...]


@dataclass(frozen=True)
class _Schema:
    """The types of a file, of which the first one is the root; those below a column follow it."""

    types: tuple[Message, ...]
    columns: tuple[int, ...]

    def name(self, identifier: int) -> str:
        """The name in a stripe of the column that a type belongs to."""
        before = bisect(self.columns, identifier)
        return str(before - 1) if before else ROOT


def tail(path: Path, address: str) -> Tail:
    """The tail of a file.

    Raises:
        AthenaError: HIVE_BAD_DATA if it is no ORC file; NOT_SUPPORTED for its compression.
    """
    try:
        with path.open("rb") as file:
            return _tail(file)
    except (pa.ArrowException, OSError, ValueError, IndexError) as error:
        raise AthenaError("HIVE_BAD_DATA", f"Malformed ORC file. {address}: {error}") from error


def _tail(file: BinaryIO) -> Tail:
    end = file.seek(-1, io.SEEK_END)
    start = end - _part(file, end, 1)[0]
    postscript = Message(_part(file, start, end - start))
    compression = _size(postscript, 2)
    footer_start = start - _size(postscript, 1)
    metadata_start = footer_start - _size(postscript, 5)

    def read(at: int, size: int) -> Message:
        return Message(decompressed(_part(file, at, size), compression))

    footer = read(footer_start, start - footer_start)
    statistics = read(metadata_start, footer_start - metadata_start).messages(1)
    types = footer.messages(4)
    schema = _Schema(types, types[0].integers(2))
    stripes = []
    for number, stripe in enumerate(footer.messages(3)):
        behind = _size(stripe, 1) + _size(stripe, 2) + _size(stripe, 3)
        streams = read(behind, _size(stripe, 4)).messages(1)
        of_columns = statistics[number].messages(1) if number < len(statistics) else ()
        stripes.append(_stripe(schema, streams, of_columns, _size(stripe, 5)))
    return Tail(types[0].texts(3), tuple(stripes))


def _stripe(schema: _Schema, streams: Sequence[Message], statistics: Sequence[Message], rows: int) -> RowGroup:
    sizes = {ROOT: 0, **{str(index): 0 for index in range(len(schema.columns))}}
    for stream in streams:
        sizes[schema.name(_size(stream, 2))] += _size(stream, 3)
    chunks = {ROOT: Chunk(sizes.pop(ROOT), rows)}
    for (name, size), identifier in zip(sizes.items(), schema.columns, strict=True):
        if identifier >= len(statistics):
            chunks[name] = Chunk(size, rows)
            continue
        found = statistics[identifier]
        low, high = span(_size(schema.types[identifier], 1), found)
        chunks[name] = Chunk(size, rows, low, high, counted_nulls(found, rows))
    return chunks


def _part(file: BinaryIO, at: int, size: int) -> bytes:
    if at < 0:
        raise ValueError("Truncated file")
    file.seek(at)
    data = file.read(size)
    if len(data) < size:
        raise ValueError("Truncated file")
    return data


def _size(message: Message, number: int) -> int:
    return message.integer(number) or 0
