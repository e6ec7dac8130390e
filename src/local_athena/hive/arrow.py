"""Trino's types as Arrow's, for files that DuckDB does not read or write itself."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from local_athena.catalogue.model import Column
from local_athena.dialect.representation import field_names
from local_athena.errors import not_supported
from local_athena.types.model import Array, Char, Decimal, Map, Row, Simple, Timestamp, Type, Varchar

_SIMPLE = {
    "boolean": pa.bool_(),
    "tinyint": pa.int8(),
    "smallint": pa.int16(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "real": pa.float32(),
    "double": pa.float64(),
    "varbinary": pa.binary(),
    "date": pa.date32(),
}


def arrow_type(type_: Type) -> pa.DataType:
    """The Arrow type of a column of a Hive table.

    Raises:
        AthenaError: NOT_SUPPORTED for a type that Hive tables do not hold.
    """
    match type_:
        case Simple(name) if name in _SIMPLE:
            return _SIMPLE[name]
        case Decimal(precision, scale):
            return pa.decimal128(precision, scale)
        case Varchar() | Char():
            return pa.string()
        case Timestamp(_, False):
            return pa.timestamp("us")
        case Array(element):
            return pa.list_(arrow_type(element))
        case Map(key, value):
            return pa.map_(arrow_type(key), arrow_type(value))
        case Row(fields):
            names = field_names(type_)
            return pa.struct([(name, arrow_type(field.type)) for name, field in zip(names, fields, strict=True)])
    raise not_supported(f"Unsupported Hive type: {type_}")


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    """The schema of these columns."""
    return pa.schema([(column.name, arrow_type(column.type)) for column in columns])
