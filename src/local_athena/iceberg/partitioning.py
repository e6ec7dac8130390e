"""How a table is partitioned: the transforms as Athena writes them, and as Iceberg's partition spec.

Source: https://iceberg.apache.org/spec/#partition-transforms; the words of errors are what Trino answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pyiceberg.partitioning import PARTITION_FIELD_ID_START, PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import (
    BucketTransform,
    DayTransform,
    HourTransform,
    IdentityTransform,
    MonthTransform,
    TruncateTransform,
    YearTransform,
)
from pyiceberg.transforms import Transform as IcebergTransform

from local_athena.errors import AthenaError
from local_athena.table_format import Transform

AnyTransform = IcebergTransform[Any, Any]

_SUFFIXES = {"identity": "", "bucket": "_bucket", "truncate": "_trunc"}
_OF_TIME: dict[str, AnyTransform] = {
    "year": YearTransform(),
    "month": MonthTransform(),
    "day": DayTransform(),
    "hour": HourTransform(),
}
_NAME = r'(?P<{}>[a-z_][a-z0-9_]*|"(?:""|[^"])*")'
_DECLARATIONS = (
    re.compile(_NAME.format("column")),
    re.compile(rf"(?P<function>year|month|day|hour) *\( *{_NAME.format('column')} *\)"),
    re.compile(rf"(?P<function>bucket|truncate) *\( *{_NAME.format('column')} *, *(?P<parameter>[0-9]+) *\)"),
)


def parse_transform(declaration: str) -> Transform:
    """A partition transform of CREATE TABLE AS, e.g. `bucket(id, 16)`.

    Raises:
        AthenaError: INVALID_TABLE_PROPERTY, as Trino words it.
    """
    for pattern in _DECLARATIONS:
        if found := pattern.fullmatch(declaration.strip().lower()):
            parts = found.groupdict()
            column = parts["column"]
            if column.startswith('"'):
                column = column[1:-1].replace('""', '"')
            parameter = parts.get("parameter")
            return Transform(parts.get("function") or "identity", column, None if parameter is None else int(parameter))
    raise _unparsable(f"Invalid partition field declaration: {declaration}")


def partition_spec(transforms: Iterable[Transform], schema: Schema) -> PartitionSpec:
    """The partition spec of a new table.

    Raises:
        AthenaError: INVALID_TABLE_PROPERTY, as Trino words it.
    """
    fields: list[PartitionField] = []
    for number, transform in enumerate(transforms, start=PARTITION_FIELD_ID_START):
        field = _partition_field(transform, schema, number)
        _refuse_conflicts(field, fields, schema)
        fields.append(field)
    return PartitionSpec(*fields)


def declaration(field: PartitionField, column: str) -> str:
    """A partition field as SHOW CREATE TABLE prints it, e.g. ``bucket(16, `id`)``."""
    match field.transform:
        case IdentityTransform():
            return f"`{column}`"
        case BucketTransform():
            return f"bucket({field.transform.num_buckets}, `{column}`)"
        case TruncateTransform():
            return f"truncate({field.transform.width}, `{column}`)"
    return f"{field.transform}(`{column}`)"


def _partition_field(transform: Transform, schema: Schema, number: int) -> PartitionField:
    if transform.column not in schema.column_names:
        raise _unparsable(f"Cannot find source column: {transform.column}")
    source = schema.find_field(transform.column)
    if not source.field_type.is_primitive:
        raise _unparsable(f"Cannot partition by non-primitive source field: {source.field_type}")
    applied = _iceberg_transform(transform)
    if not applied.can_transform(source.field_type):
        raise _unparsable(f"Invalid source type {source.field_type} for transform: {applied}")
    suffix = _SUFFIXES.get(transform.function, f"_{transform.function}")
    return PartitionField(source.field_id, number, applied, transform.column + suffix)


def _iceberg_transform(transform: Transform) -> AnyTransform:
    if transform.function in _OF_TIME and transform.parameter is None:
        return _OF_TIME[transform.function]
    match transform.function, transform.parameter:
        case "identity", None:
            return IdentityTransform()
        case "bucket", int(buckets):
            if buckets < 1:
                raise _unparsable(f"Invalid number of buckets: {buckets} (must be > 0)")
            return BucketTransform(buckets)
        case "truncate", int(width):
            if width < 1:
                raise _unparsable(f"Invalid truncate width: {width} (must be > 0)")
            return TruncateTransform(width)
    raise _unparsable(f"Invalid partition field declaration: {transform.function}({transform.column})")


def _refuse_conflicts(field: PartitionField, others: Iterable[PartitionField], schema: Schema) -> None:
    if not isinstance(field.transform, IdentityTransform) and field.name in schema.column_names:
        raise _unparsable(f"Cannot create partition from name that exists in schema: {field.name}")
    for other in others:
        if other.name == field.name:
            raise _unparsable(f"Cannot use partition name more than once: {field.name}")
        if other.source_id == field.source_id and _is_of_time(other) and _is_of_time(field):
            raise _unparsable(f"Cannot add redundant partition: {_shown(other)} conflicts with {_shown(field)}")


def _is_of_time(field: PartitionField) -> bool:
    return str(field.transform) in _OF_TIME


def _shown(field: PartitionField) -> str:
    return f"{field.field_id}: {field.name}: {field.transform}({field.source_id})"


def _unparsable(message: str) -> AthenaError:
    return AthenaError("INVALID_TABLE_PROPERTY", f"Unable to parse partitioning value: {message}")
