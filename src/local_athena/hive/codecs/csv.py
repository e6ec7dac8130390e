"""OpenCSVSerde: values in quotes or without, all texts until they are read as what the column is.

A line is a record, quotes or not. Checked against Trino 470, whose CSV tables read files the same way.

Source: https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from local_athena.catalogue.model import Column
from local_athena.errors import not_supported
from local_athena.hive.codecs import model, texts
from local_athena.hive.codecs.lines import read_lines
from local_athena.hive.storage import Storage
from local_athena.types.model import Array, Map, Row, Simple, Timestamp, Type, Varchar

_EPOCH = date(1970, 1, 1)
_EPOCH_TIME = datetime(1970, 1, 1)  # noqa: DTZ001 - Hive's timestamps have no zone


@dataclass(frozen=True)
class _Style:
    separator: str
    quote: str
    escape: str

    def fields(self, line: str) -> list[str]:
        """The values of a line; one whose quotes do not end is dropped."""
        if self.quote not in line and self.escape not in line:
            return line.split(self.separator) if line else []
        if self._plain.fullmatch(line):
            return next(csv.reader((line,), delimiter=self.separator, quotechar=self.quote))
        return self._with_quotes(line)

    @cached_property
    def _plain(self) -> re.Pattern[str]:
        """Lines whose quotes stand around whole values only: Python's reader is fast and right for them."""
        separator, quote, escape = map(re.escape, (self.separator, self.quote, self.escape))
        value = f"(?:[^{separator}{quote}{escape}]*|{quote}(?:[^{quote}{escape}]|{quote}{quote})*{quote})"
        return re.compile(f"{value}(?:{separator}{value})*")

    def _with_quotes(self, line: str) -> list[str]:
        found: list[str] = []
        value, quoted, index = "", False, 0
        while index < len(line):
            character, following = line[index], line[index + 1 : index + 2]
            if character == self.escape:
                if quoted and following and following in (self.quote, self.escape):
                    value += following
                    index += 1
            elif character == self.quote:
                if quoted and following == self.quote:
                    value += following
                    index += 1
                else:
                    quoted = not quoted
                    value = self._around_quote(value, line, index)
            elif character == self.separator and not quoted:
                found.append(value)
                value = ""
            else:
                value += character
            index += 1
        return found if quoted else [*found, value]

    def _around_quote(self, value: str, line: str, index: int) -> str:
        """What a quote inside of a value does: it counts itself, or drops blanks before it."""
        inside = (
            index > 2 and line[index - 1] != self.separator and line[index + 1 : index + 2] not in ("", self.separator)
        )
        if not inside:
            return value
        return "" if value and not value.strip() else value + self.quote


def read(path: Path, columns: Sequence[Column], storage: Storage) -> Iterator[pa.RecordBatch]:
    """See `model.Reader`. A value of a column that is no text must be of its type, unless it is empty."""
    types = [column.type for column in columns]
    if any(isinstance(type_, (Array, Map, Row)) for type_ in types):
        raise not_supported("OpenCSVSerde reads no arrays, maps and structs")
    style = _Style(
        storage.option("separatorChar", ","), storage.option("quoteChar", '"'), storage.option("escapeChar", "\\")
    )
    rows = (_padded(style.fields(line), len(types)) for line in read_lines(path, storage))
    if all(type_ == Varchar() for type_ in types):
        return model.batches(rows, columns)
    return model.batches((_typed(row, columns) for row in rows), columns)


def _padded(row: list[str], length: int) -> list[str | None]:
    return [*row[:length], *[None] * (length - len(row))]


def _typed(row: list[str | None], columns: Sequence[Column]) -> list[Any]:
    return [
        None if text is None else _value(text, column.type, index)
        for index, (text, column) in enumerate(zip(row, columns, strict=True))
    ]


def _value(text: str, type_: Type, index: int) -> Any:
    if isinstance(type_, Varchar):
        return texts.parsed(text, type_)
    if text == "":
        return None
    moment = isinstance(type_, Timestamp) or type_ == Simple("date")
    value = _moment(text, type_) if moment else texts.parsed(text, type_)
    if value is None:
        raise model.bad_data(f"Error parsing field value '{text}' for field {index}: For input string: \"{text}\"")
    return value


def _moment(text: str, type_: Type) -> Any:
    """Dates are days and timestamps milliseconds since 1970."""
    if not text.lstrip("-").isdigit():
        return None
    if isinstance(type_, Timestamp):
        return _EPOCH_TIME + timedelta(milliseconds=int(text))
    return _EPOCH + timedelta(days=int(text))
