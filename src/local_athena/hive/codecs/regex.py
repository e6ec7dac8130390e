"""RegexSerDe: a group of an expression for each column, all texts; a line that does not match is a row of nulls.

Source: https://docs.aws.amazon.com/athena/latest/ug/regex-serde.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from local_athena.catalogue.model import Column
from local_athena.errors import AthenaError, not_supported
from local_athena.hive.codecs import model, texts
from local_athena.hive.codecs.lines import read_lines
from local_athena.hive.storage import Storage


def read(path: Path, columns: Sequence[Column], storage: Storage) -> Iterator[pa.RecordBatch]:
    """See `model.Reader`."""
    try:
        flags = re.IGNORECASE if storage.option("input.regex.case.insensitive") == "true" else 0
        expression = re.compile(storage.option("input.regex"), flags)
    except re.error as error:
        raise not_supported(f"The local Athena does not read the expression of the table: {error}") from error
    if expression.groups != len(columns):
        message = f"Number of matching groups {expression.groups} doesn't match the number of columns {len(columns)}"
        raise AthenaError("HIVE_CURSOR_ERROR", message)
    return model.batches((_row(line, expression, columns) for line in read_lines(path, storage)), columns)


def _row(line: str, expression: re.Pattern[str], columns: Sequence[Column]) -> list[Any]:
    found = expression.fullmatch(line)
    groups = found.groups() if found else (None,) * len(columns)
    return [
        None if text is None else texts.parsed(text, column.type) for text, column in zip(groups, columns, strict=True)
    ]
