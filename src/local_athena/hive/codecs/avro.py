"""Avro files, whose columns are found by name.

Source: https://docs.aws.amazon.com/athena/latest/ug/avro-serde.html
"""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import fastavro
import pyarrow as pa

from local_athena.catalogue.model import Column
from local_athena.dialect.representation import field_names
from local_athena.errors import AthenaError, not_supported
from local_athena.hive.codecs import model
from local_athena.hive.storage import Storage
from local_athena.types.model import Array, Char, Decimal, Map, Row, Simple, Timestamp, Type, Varchar

_SIMPLE: dict[str, Any] = {
    "boolean": "boolean",
    "tinyint": "int",
    "smallint": "int",
    "integer": "int",
    "bigint": "long",
    "real": "float",
    "double": "double",
    "varbinary": "bytes",
    "date": {"type": "int", "logicalType": "date"},
}


def read(
    path: Path,
    columns: Sequence[Column],
    _storage: Storage,
) -> Iterator[pa.RecordBatch]:
    """See `model.Reader`."""
    if not fastavro.is_avro(str(path)):
        raise AthenaError("HIVE_CANNOT_OPEN_SPLIT", "Not an Avro data file.")
    try:
        with path.open("rb") as file:
            yield from model.batches((_row(record, columns) for record in fastavro.reader(file)), columns)
    except (ValueError, TypeError, pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise model.bad_data(f"Error reading the Avro file: {error}") from error


def write(
    path: Path,
    columns: Sequence[Column],
    _storage: Storage,
    compression: str,
    batches: Iterable[pa.RecordBatch],
) -> None:
    """See `model.Writer`."""
    fields = [{"name": column.name, "type": _nullable(column.type, column.name), "default": None} for column in columns]
    schema = fastavro.parse_schema({"type": "record", "name": "row", "fields": fields})
    records = (
        {column.name: _written(value, column.type) for column, value in zip(columns, row, strict=True)}
        for row in model.python_rows(batches)
    )
    with path.open("wb") as file:
        fastavro.writer(file, schema, records, codec=compression)


def _row(record: Any, columns: Sequence[Column]) -> list[Any]:
    members = {name.lower(): value for name, value in record.items()}
    return [_read(members.get(column.name), column.type) for column in columns]


def _read(value: Any, type_: Type) -> Any:
    if value is None:
        return None
    match type_:
        case Array(element):
            return [_read(item, element) for item in value]
        case Map(_, item_type):
            return [(key, _read(item, item_type)) for key, item in value.items()]
        case Row(fields):
            members = {name.lower(): item for name, item in value.items()}
            return {
                name: _read(members.get(name), field.type)
                for name, field in zip(field_names(type_), fields, strict=True)
            }
        case Timestamp() if isinstance(value, datetime):
            return value.astimezone(timezone.utc).replace(tzinfo=None) if value.tzinfo else value
        case Char():
            return str(value).rstrip(" ")
        case Varchar():
            return str(value)
        case Decimal(_, scale) if isinstance(value, decimal.Decimal):
            return value.quantize(decimal.Decimal(1).scaleb(-scale))
    return value


def _written(value: Any, type_: Type) -> Any:
    if value is None:
        return None
    match type_:
        case Array(element):
            return [_written(item, element) for item in value]
        case Map(_, item_type):
            return {key: _written(item, item_type) for key, item in value}
        case Row(fields):
            members = zip(field_names(type_), fields, strict=True)
            return {name: _written(value[name], field.type) for name, field in members}
        case Timestamp():
            return value.replace(tzinfo=timezone.utc)
    return value


def _nullable(type_: Type, path: str) -> list[Any]:
    """A schema; records need names of their own."""
    return ["null", _schema(type_, path)]


def _schema(type_: Type, path: str) -> Any:
    match type_:
        case Simple(name) if name in _SIMPLE:
            return _SIMPLE[name]
        case Varchar() | Char():
            return "string"
        case Decimal(precision, scale):
            return {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}
        case Timestamp():
            return {"type": "long", "logicalType": "timestamp-millis"}
        case Array(element):
            return {"type": "array", "items": _nullable(element, path)}
        case Map(key, value) if isinstance(key, Varchar):
            return {"type": "map", "values": _nullable(value, path)}
        case Row(fields):
            members = [
                {"name": name, "type": _nullable(field.type, f"{path}_{name}"), "default": None}
                for name, field in zip(field_names(type_), fields, strict=True)
            ]
            return {"type": "record", "name": path, "fields": members}
    raise not_supported(f"Avro files do not hold the type {type_}")
