"""`"t$partitions"`: rows, files, sizes and bounds of each partition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pyiceberg.manifest import DataFile, DataFileContent
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.transforms import DayTransform, IdentityTransform
from pyiceberg.typedef import Record
from pyiceberg.types import DateType, IcebergType, NestedField

from derived_tables.local_athena.catalogue.model import Column
from derived_tables.local_athena.iceberg.bounds import bound_value, python_value
from derived_tables.local_athena.iceberg.schemas import trino_type
from derived_tables.local_athena.types.model import BIGINT, Field, Row


def partition_columns(metadata: TableMetadata) -> tuple[Column, ...]:
    """The columns: `partition` only if the table has partitions, `data` only if it has columns with bounds."""
    partition = [Field(name, trino_type(type_)) for name, type_ in _partition_fields(metadata)]
    data = [
        Field(
            field.name,
            Row(
                (
                    Field("min", trino_type(field.field_type)),
                    Field("max", trino_type(field.field_type)),
                    Field("null_count", BIGINT),
                    Field("nan_count", BIGINT),
                )
            ),
        )
        for field in _data_fields(metadata)
    ]
    return (
        *([Column("partition", Row(tuple(partition)))] if partition else []),
        Column("record_count", BIGINT),
        Column("file_count", BIGINT),
        Column("total_size", BIGINT),
        *([Column("data", Row(tuple(data)))] if data else []),
    )


def partition_rows(metadata: TableMetadata, files: Iterable[DataFile]) -> list[Sequence[Any]]:
    """The rows; delete files do not count."""
    groups: dict[Record, list[DataFile]] = defaultdict(list)
    for file in files:
        if file.content == DataFileContent.DATA:
            groups[file.partition].append(file)
    types = [type_ for _, type_ in _partition_fields(metadata)]
    fields = _data_fields(metadata)
    rows: list[Sequence[Any]] = []
    for partition, members in groups.items():
        values = [python_value(type_, partition[number]) for number, type_ in enumerate(types)]
        data = [_column(members, field) for field in fields]
        rows.append(
            (
                *([values] if types else []),
                sum(file.record_count for file in members),
                len(members),
                sum(file.file_size_in_bytes for file in members),
                *([data] if fields else []),
            )
        )
    return rows


def _partition_fields(metadata: TableMetadata) -> list[tuple[str, IcebergType]]:
    """Names and types of the current spec's fields; days are shown as dates."""
    spec = metadata.spec()
    types = spec.partition_type(metadata.schema()).fields
    return [
        (field.name, DateType() if isinstance(field.transform, DayTransform) else shown.field_type)
        for field, shown in zip(spec.fields, types, strict=True)
    ]


def _data_fields(metadata: TableMetadata) -> list[NestedField]:
    partitioned = {
        field.source_id for field in metadata.spec().fields if isinstance(field.transform, IdentityTransform)
    }
    return [
        field
        for field in metadata.schema().fields
        if field.field_type.is_primitive and field.field_id not in partitioned
    ]


def _column(files: Sequence[DataFile], field: NestedField) -> list[Any]:
    """Bounds and counts of a column in a partition; null where a file does not tell."""
    lows = [bound_value(field.field_type, (file.lower_bounds or {}).get(field.field_id)) for file in files]
    highs = [bound_value(field.field_type, (file.upper_bounds or {}).get(field.field_id)) for file in files]
    nulls = [(file.null_value_counts or {}).get(field.field_id) for file in files]
    return [
        None if None in lows else min(lows),
        None if None in highs else max(highs),
        None if None in nulls else sum(count for count in nulls if count is not None),
        None,
    ]
