"""The JSON SerDes: an object on each line. Names do not look at case.

Source: https://docs.aws.amazon.com/athena/latest/ug/json-serde.html
"""

from __future__ import annotations

import decimal
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from derived_tables.local_athena.catalogue.model import Column
from derived_tables.local_athena.dialect.representation import field_names
from derived_tables.local_athena.hive.codecs import model, texts
from derived_tables.local_athena.hive.codecs.lines import read_lines, write_lines
from derived_tables.local_athena.hive.storage import OPENX_JSON, Storage
from derived_tables.local_athena.types.model import Array, Char, Decimal, Map, Row, Simple, Type, Varchar


def read(path: Path, columns: Sequence[Column], storage: Storage) -> Iterator[pa.RecordBatch]:
    """See `model.Reader`."""
    keys = [_key(column, storage) for column in columns]
    tolerant = storage.option("ignore.malformed.json").lower() == "true"
    return model.batches(
        (_row(line, keys, columns, tolerant) for line in read_lines(path, storage) if line.strip()), columns
    )


def write(
    path: Path,
    columns: Sequence[Column],
    _storage: Storage,
    compression: str,
    batches: Iterable[pa.RecordBatch],
) -> None:
    """See `model.Writer`."""
    names = [json.dumps(column.name) for column in columns]
    types = [column.type for column in columns]
    lines = (
        "{"
        + ",".join(f"{name}:{_text(value, type_)}" for name, value, type_ in zip(names, row, types, strict=True))
        + "}"
        for row in model.python_rows(batches)
    )
    write_lines(path, compression, lines)


def _key(column: Column, storage: Storage) -> str:
    """The member that holds a column; OpenX may map it."""
    if storage.serde != OPENX_JSON:
        return column.name
    return storage.option(f"mapping.{column.name}", column.name).lower()


def _row(line: str, keys: Sequence[str], columns: Sequence[Column], tolerant: bool) -> list[Any]:
    try:
        found = json.loads(line, parse_float=decimal.Decimal)
        if not isinstance(found, dict):
            raise ValueError("Start token not found where expected")
    except ValueError as error:
        if tolerant:
            return [None] * len(columns)
        raise model.bad_data(f"Row is not a valid JSON Object - JSONException: {error}") from error
    members = _lower(found)
    return [_value(members.get(key), column.type, column.name) for key, column in zip(keys, columns, strict=True)]


def _lower(members: Mapping[str, Any]) -> dict[str, Any]:
    return {key.lower(): value for key, value in members.items()}


def _value(value: Any, type_: Type, name: str) -> Any:
    if value is None:
        return None
    match type_:
        case Array(element) if isinstance(value, list):
            return [_value(item, element, name) for item in value]
        case Map(key, item_type) if isinstance(value, dict):
            return [(_value(key_, key, name), _value(item, item_type, name)) for key_, item in value.items()]
        case Row(fields) if isinstance(value, dict):
            members = _lower(value)
            return {
                member: _value(members.get(member), field.type, name)
                for member, field in zip(field_names(type_), fields, strict=True)
            }
        case Varchar() | Char():
            return texts.parsed(value if isinstance(value, str) else _raw(value), type_)
    if not isinstance(value, (dict, list)):
        found = texts.parsed(value if isinstance(value, str) else _raw(value), type_)
        if found is not None or value == "":
            return found
    raise model.bad_data(f"Error parsing field value '{_raw(value)}' for field {name}: it is no {type_}")


def _raw(value: Any) -> str:
    if isinstance(value, decimal.Decimal):
        return str(value)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=float)


def _text(value: Any, type_: Type) -> str:
    if value is None:
        return "null"
    match type_:
        case Array(element):
            return "[" + ",".join(_text(item, element) for item in value) + "]"
        case Map(key, item_type):
            pairs = (f"{json.dumps(texts.text_of(key_, key))}:{_text(item, item_type)}" for key_, item in value)
            return "{" + ",".join(pairs) + "}"
        case Row(fields):
            members = zip(field_names(type_), fields, strict=True)
            return (
                "{" + ",".join(f"{json.dumps(name)}:{_text(value[name], field.type)}" for name, field in members) + "}"
            )
        case Simple("boolean" | "tinyint" | "smallint" | "integer" | "bigint") | Decimal():
            return texts.text_of(value, type_)
        case Simple("real" | "double") if math.isfinite(value):
            return texts.java_double(value)
    return json.dumps(texts.text_of(value, type_), ensure_ascii=False)
