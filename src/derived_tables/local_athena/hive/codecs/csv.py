"""OpenCSVSerde: values in quotes or without, all texts until they are read as what the column is.

Source: https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa

from derived_tables.local_athena.catalogue.model import Column
from derived_tables.local_athena.errors import not_supported
from derived_tables.local_athena.hive.codecs import model, texts
from derived_tables.local_athena.hive.codecs.lines import read_lines
from derived_tables.local_athena.hive.storage import Storage
from derived_tables.local_athena.types.model import Array, Map, Row, Simple, Timestamp, Type, Varchar

_EPOCH = date(1970, 1, 1)


def read(path: Path, columns: Sequence[Column], storage: Storage) -> Iterator[pa.RecordBatch]:
    """See `model.Reader`. A value of a column that is no text must be of its type, unless it is empty."""
    types = [column.type for column in columns]
    rows = csv.reader(
        read_lines(path, storage),
        delimiter=storage.option("separatorChar", ","),
        quotechar=storage.option("quoteChar", '"'),
        escapechar=storage.option("escapeChar", "\\"),
    )
    try:
        if all(type_ == Varchar() for type_ in types):
            yield from model.batches((_padded(row, len(types)) for row in rows), columns)
        else:
            yield from model.batches((_typed(_padded(row, len(types)), columns) for row in rows), columns)
    except csv.Error as error:
        raise model.bad_data(f"Error parsing CSV: {error}") from error


def _padded(row: list[str], length: int) -> list[str | None]:
    """A row of the right length; a line that is empty has one empty value."""
    values = row or [""]
    return [*values[:length], *[None] * (length - len(values))]


def _typed(row: list[str | None], columns: Sequence[Column]) -> list[Any]:
    return [
        None if text is None else _value(text, column.type, index)
        for index, (text, column) in enumerate(zip(row, columns, strict=True))
    ]


def _value(text: str, type_: Type, index: int) -> Any:
    if isinstance(type_, (Array, Map, Row)):
        raise not_supported("OpenCSVSerde reads no arrays, maps and structs")
    if isinstance(type_, Varchar):
        return texts.parsed(text, type_)
    if text == "":
        return None
    value = (
        _moment(text, type_) if isinstance(type_, Timestamp) or type_ == Simple("date") else texts.parsed(text, type_)
    )
    if value is None:
        raise model.bad_data(f"Error parsing field value '{text}' for field {index}: For input string: \"{text}\"")
    return value


def _moment(text: str, type_: Type) -> Any:
    """Dates are days and timestamps milliseconds since 1970."""
    if not text.lstrip("-").isdigit():
        return None
    if isinstance(type_, Timestamp):
        return (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=int(text))).replace(tzinfo=None)
    return _EPOCH + timedelta(days=int(text))
