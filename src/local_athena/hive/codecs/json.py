"""The JSON SerDes: an object on each line. Names do not look at case.

Hive's SerDe wants values of the right kind, OpenX's makes the best of what there is. Checked against Trino 470.

Source: https://docs.aws.amazon.com/athena/latest/ug/json-serde.html
"""

from __future__ import annotations

import decimal
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from local_athena.catalogue.model import Column
from local_athena.dialect.representation import field_names
from local_athena.errors import AthenaError
from local_athena.hive.codecs import hive_json, model, openx_json, texts
from local_athena.hive.codecs.lines import read_lines, write_lines
from local_athena.hive.storage import OPENX_JSON, Storage
from local_athena.types.model import Array, Decimal, Map, Row, Simple, Timestamp, Type


def read(path: Path, columns: Sequence[Column], storage: Storage) -> Iterator[pa.RecordBatch]:
    """See `model.Reader`."""
    make = openx_json.Reader if storage.serde == OPENX_JSON else hive_json.Reader
    return model.batches(map(make(columns, storage).row, read_lines(path, storage)), columns)


def write(
    path: Path,
    columns: Sequence[Column],
    storage: Storage,
    compression: str,
    batches: Iterable[pa.RecordBatch],
) -> None:
    """See `model.Writer`."""
    line = partial(_line, columns=columns, openx=storage.serde == OPENX_JSON)
    write_lines(path, compression, map(line, model.python_rows(batches)))


def _line(row: Sequence[Any], columns: Sequence[Column], openx: bool) -> str:
    members = [(column.name, value, column.type) for column, value in zip(columns, row, strict=True)]
    return _object(members, openx)


def _object(members: Iterable[tuple[str, Any, Type]], openx: bool) -> str:
    """An object; OpenX leaves nulls out."""
    written = (
        f"{json.dumps(name, ensure_ascii=False)}:{_text(value, type_, openx)}"
        for name, value, type_ in members
        if value is not None or not openx
    )
    return "{" + ",".join(written) + "}"


def _text(value: Any, type_: Type, openx: bool) -> str:
    if value is None:
        return "null"
    match type_:
        case Array(element):
            return "[" + ",".join(_text(item, element, openx) for item in value) + "]"
        case Map(key, item_type):
            return _object(((texts.text_of(name, key), item, item_type) for name, item in value), openx)
        case Row(fields):
            names = field_names(type_)
            return _object(((name, value[name], its.type) for name, its in zip(names, fields, strict=True)), openx)
        case Simple("boolean" | "tinyint" | "smallint" | "integer" | "bigint"):
            return texts.text_of(value, type_)
        case Decimal() if not openx:
            return str(value)
        case Simple("real" | "double"):
            if not math.isfinite(value):
                message = f"Invalid value to Insert: {texts.java_double(value)}"
                raise AthenaError("HIVE_UNSERIALIZABLE_JSON_VALUE", message)
            return texts.java_double(value) if not openx or value % 1 else f"{decimal.Decimal(value):f}"
        case Simple("varbinary") if not openx:
            return json.dumps(value.decode("utf-8", "replace"), ensure_ascii=False)
        case Timestamp() if openx:
            return json.dumps(texts.text_of(value, type_).replace(" ", "T") + "Z")
    return json.dumps(texts.text_of(value, type_), ensure_ascii=False)
