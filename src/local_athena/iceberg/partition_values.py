"""Partition values as DuckDB SQL: each row's, in the form that Iceberg's manifests store.

Dates are days and timestamps microseconds since 1970. Source: https://iceberg.apache.org/spec/#partition-transforms
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pyiceberg.partitioning import PartitionField
from pyiceberg.schema import Schema
from pyiceberg.transforms import (
    BucketTransform,
    DayTransform,
    HourTransform,
    IdentityTransform,
    MonthTransform,
    TruncateTransform,
    VoidTransform,
    YearTransform,
)
from pyiceberg.types import (
    BinaryType,
    DateType,
    DecimalType,
    FixedType,
    IcebergType,
    LongType,
    PrimitiveType,
    StringType,
    TimestampType,
    TimestamptzType,
    TimeType,
    UUIDType,
)

from local_athena.dialect.representation import quoted
from local_athena.errors import not_supported

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
_HASHED_AS_THEY_ARE = (StringType, DecimalType, BinaryType, FixedType, UUIDType)


def partition_value(field: PartitionField, schema: Schema) -> str:
    """A DuckDB expression over a table's columns, in their representation.

    Of a bucket it is what `hasher` makes the bucket of: DuckDB does not have the hash function.

    Args:
        field: of the table's partition spec.
        schema: of the table.
    """
    type_ = schema.find_type(field.source_id)
    path = str(schema.find_column_name(field.source_id))
    column = ".".join(quoted(part) for part in path.split("."))
    stored = _stored(column, type_)
    match field.transform:
        case VoidTransform():
            return "null"
        case IdentityTransform():
            return stored
        case YearTransform():
            return f"(year({_calendar(column, type_)}) - 1970)"
        case MonthTransform():
            return f"((year({_calendar(column, type_)}) - 1970) * 12 + month({_calendar(column, type_)}) - 1)"
        case DayTransform():
            return stored if isinstance(type_, DateType) else f"({_floor(stored, _DAY)} // {_DAY})::integer"
        case HourTransform():
            return f"({_floor(stored, _HOUR)} // {_HOUR})::integer"
        case TruncateTransform():
            return _truncated(stored, type_, field.transform.width)
        case BucketTransform():
            return stored if isinstance(type_, _HASHED_AS_THEY_ARE) else f"{stored}::bigint"
    raise not_supported(f"The local Athena does not write partitions by {field.transform}")


def _stored(column: str, type_: IcebergType) -> str:
    """The value as a manifest stores it."""
    match type_:
        case DateType():
            return f"({column} - date '1970-01-01')::integer"
        case TimestampType() | TimeType():
            return f"epoch_us({column})"
        case TimestamptzType():
            return f"epoch_us({column}.instant)"
        case UUIDType():
            return f"unhex(replace({column}::varchar, '-', ''))"
    return column


def _calendar(column: str, type_: IcebergType) -> str:
    """The value as a date or timestamp in UTC."""
    return f"{column}.instant" if isinstance(type_, TimestamptzType) else column


def _floor(value: str, width: int | str) -> str:
    """The largest multiple of the width that is not above the value: `%` and `//` of DuckDB go towards zero."""
    return f"({value} - (({value} % {width}) + {width}) % {width})"


def _truncated(stored: str, type_: IcebergType, width: int) -> str:
    match type_:
        case StringType():
            return f"left({stored}, {width})"
        case BinaryType():
            return f"{stored}[1:{width}]"
        case DecimalType(precision=precision, scale=scale):
            wide = f"{stored}::decimal(38, {scale})"
            step = f"{Decimal(width).scaleb(-scale)}::decimal(38, {scale})"
            return f"{_floor(wide, step)}::decimal({precision}, {scale})"
    return _floor(stored, width)


def hasher(field: PartitionField, schema: Schema) -> Callable[[Any], Any] | None:
    """What makes buckets of a pyarrow column of partition values; None for a field that is not a bucket."""
    if not isinstance(field.transform, BucketTransform):
        return None
    type_ = schema.find_type(field.source_id)
    hashed: PrimitiveType
    match type_:
        case StringType() | DecimalType():
            hashed = type_
        case BinaryType() | FixedType() | UUIDType():
            hashed = BinaryType()
        case _:
            hashed = LongType()
    buckets = BucketTransform(field.transform.num_buckets).pyarrow_transform(hashed)
    return lambda values: buckets(values.combine_chunks())
