"""`"t$partitions"`: rows, files, sizes and bounds of each partition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pyiceberg.manifest import DataFile, DataFileContent
from pyiceberg.partitioning import PartitionField
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.transforms import DayTransform, IdentityTransform, VoidTransform
from pyiceberg.types import DateType, IcebergType, NestedField

from local_athena.catalogue.model import Column
from local_athena.iceberg.bounds import bound_value, python_value
from local_athena.iceberg.schemas import trino_type
from local_athena.types.model import BIGINT, Field, Row


def partition_columns(metadata: TableMetadata) -> tuple[Column, ...]:
    """The columns: `partition` only if the table has partitions, `data` only if it has columns with bounds."""
    partition = [Field(field.name, trino_type(type_)) for field, type_ in _partition_fields(metadata)]
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
    partition, data = _partition_fields(metadata), _data_fields(metadata)
    groups: dict[tuple[Any, ...], list[DataFile]] = defaultdict(list)
    for file in files:
        if file.content == DataFileContent.DATA:
            stored = _values_by_id(metadata, file)
            groups[tuple(stored.get(field.field_id) for field, _ in partition)].append(file)
    rows: list[Sequence[Any]] = []
    for stored_values, members in groups.items():
        values = [python_value(type_, value) for (_, type_), value in zip(partition, stored_values, strict=True)]
        rows.append(
            (
                *([values] if partition else []),
                sum(file.record_count for file in members),
                len(members),
                sum(file.file_size_in_bytes for file in members),
                *([[_column(members, field) for field in data]] if data else []),
            )
        )
    return rows


def _values_by_id(metadata: TableMetadata, file: DataFile) -> dict[int, Any]:
    fields = metadata.specs()[file.spec_id].fields
    return {field.field_id: file.partition[number] for number, field in enumerate(fields)}


def _partition_fields(metadata: TableMetadata) -> list[tuple[PartitionField, IcebergType]]:
    """The fields of all partition specs with their types; days are shown as dates."""
    fields = {field.field_id: field for spec in metadata.partition_specs for field in spec.fields}
    return [
        (
            field,
            DateType()
            if isinstance(field.transform, DayTransform)
            else field.transform.result_type(metadata.schema().find_type(field.source_id)),
        )
        for _, field in sorted(fields.items())
        if not isinstance(field.transform, VoidTransform)
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
