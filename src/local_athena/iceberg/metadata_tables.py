"""What `"t$snapshots"` and its like show of a table.

Source: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-table-metadata.html and
https://trino.io/docs/435/connector/iceberg.html#metadata-tables
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from pyiceberg.manifest import DataFile, ManifestEntry, ManifestFile
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import ancestors_of

from local_athena.catalogue.model import Column
from local_athena.errors import not_supported
from local_athena.iceberg.bounds import shown
from local_athena.iceberg.literals import select_rows
from local_athena.iceberg.partitions_table import partition_columns, partition_rows
from local_athena.iceberg.tables import State, Tables
from local_athena.types.model import (
    BIGINT,
    BOOLEAN,
    INTEGER,
    VARBINARY,
    VARCHAR,
    Array,
    Field,
    Map,
    Row,
    Timestamp,
    Type,
)

_MOMENT = Timestamp(3, zoned=True)
_COUNTS = Map(INTEGER, BIGINT)
_BOUNDS = Map(INTEGER, VARCHAR)
_SUMMARY = Row(
    (
        Field("contains_null", BOOLEAN),
        Field("contains_nan", BOOLEAN),
        Field("lower_bound", VARCHAR),
        Field("upper_bound", VARCHAR),
    )
)
Rows = Iterable[Sequence[Any]]


@dataclass(frozen=True)
class _MetadataTable:
    columns: Callable[[TableMetadata], tuple[Column, ...]]
    rows: Callable[[Tables, TableMetadata], Rows]


def columns_of(state: State, suffix: str) -> tuple[Column, ...] | None:
    """The columns of `t$<suffix>`; None if there is no such metadata table.

    Raises:
        AthenaError: NOT_SUPPORTED for one that Trino has and the local Athena has not.
    """
    if suffix in _NOT_HERE:
        raise not_supported(f"The local Athena has no metadata table ${suffix}")
    found = _TABLES.get(suffix)
    return found.columns(state.metadata) if found else None


def select(tables: Tables, state: State, suffix: str) -> str:
    """A DuckDB SELECT of all columns of `t$<suffix>`."""
    found = _TABLES[suffix]
    return select_rows(found.columns(state.metadata), found.rows(tables, state.metadata))


def _fixed(**types: Type) -> Callable[[TableMetadata], tuple[Column, ...]]:
    columns = tuple(Column(name, type_) for name, type_ in types.items())
    return lambda _: columns


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)


def _snapshots(_: Tables, metadata: TableMetadata) -> Rows:
    for found in metadata.snapshots:
        summary = found.summary
        yield (
            _moment(found.timestamp_ms),
            found.snapshot_id,
            found.parent_snapshot_id,
            summary.operation.value if summary else None,
            found.manifest_list,
            dict(summary.additional_properties) if summary else {},
        )


def _history(_: Tables, metadata: TableMetadata) -> Rows:
    line = {found.snapshot_id for found in ancestors_of(metadata.current_snapshot(), metadata)}
    parents = {found.snapshot_id: found.parent_snapshot_id for found in metadata.snapshots}
    for entry in metadata.snapshot_log:
        at = entry.snapshot_id
        yield _moment(entry.timestamp_ms), at, parents.get(at), at in line


def _refs(_: Tables, metadata: TableMetadata) -> Rows:
    for name, ref in metadata.refs.items():
        kind = ref.snapshot_ref_type.value.upper()
        yield name, kind, ref.snapshot_id, ref.max_ref_age_ms, ref.min_snapshots_to_keep, ref.max_snapshot_age_ms


def _properties(_: Tables, metadata: TableMetadata) -> Rows:
    return list(metadata.properties.items())


def _manifest_files(tables: Tables, metadata: TableMetadata) -> list[ManifestFile]:
    current = metadata.current_snapshot()
    return current.manifests(tables.io) if current else []


def _manifests(tables: Tables, metadata: TableMetadata) -> Rows:
    for found in _manifest_files(tables, metadata):
        fields = metadata.specs()[found.partition_spec_id].partition_type(metadata.schema()).fields
        summaries = [
            (
                summary.contains_null,
                bool(summary.contains_nan),
                shown(field.field_type, summary.lower_bound),
                shown(field.field_type, summary.upper_bound),
            )
            for field, summary in zip(fields, found.partitions or (), strict=False)
        ]
        yield (
            found.manifest_path,
            found.manifest_length,
            found.partition_spec_id,
            found.added_snapshot_id,
            found.added_files_count,
            found.added_rows_count,
            found.existing_files_count,
            found.existing_rows_count,
            found.deleted_files_count,
            found.deleted_rows_count,
            summaries,
        )


def _entries(tables: Tables, metadata: TableMetadata) -> Iterator[ManifestEntry]:
    for manifest in _manifest_files(tables, metadata):
        yield from manifest.fetch_manifest_entry(tables.io, discard_deleted=True)


def _files(tables: Tables, metadata: TableMetadata) -> Rows:
    return [_file(metadata, entry.data_file) for entry in _entries(tables, metadata)]


def _file(metadata: TableMetadata, file: DataFile) -> Sequence[Any]:
    # Bounds of position delete files are about their own columns, which the table does not have.
    known = {field_id for field_id in file.column_sizes or {} if metadata.schema().find_column_name(field_id)}
    lower, upper = (
        {
            field_id: shown(metadata.schema().find_type(field_id), bound)
            for field_id, bound in (bounds or {}).items()
            if field_id in known
        }
        for bounds in (file.lower_bounds, file.upper_bounds)
    )
    return (
        file.content.value,
        file.file_path,
        file.file_format.value,
        file.record_count,
        file.file_size_in_bytes,
        file.column_sizes or {},
        file.value_counts or {},
        file.null_value_counts or {},
        file.nan_value_counts or {},
        lower,
        upper,
        file.key_metadata,
        file.split_offsets,
        file.equality_ids,
    )


def _partitions(tables: Tables, metadata: TableMetadata) -> Rows:
    return partition_rows(metadata, (entry.data_file for entry in _entries(tables, metadata)))


_NOT_HERE = ("all_entries", "entries", "metadata_log_entries")
_TABLES = {
    "snapshots": _MetadataTable(
        _fixed(
            committed_at=_MOMENT,
            snapshot_id=BIGINT,
            parent_id=BIGINT,
            operation=VARCHAR,
            manifest_list=VARCHAR,
            summary=Map(VARCHAR, VARCHAR),
        ),
        _snapshots,
    ),
    "history": _MetadataTable(
        _fixed(made_current_at=_MOMENT, snapshot_id=BIGINT, parent_id=BIGINT, is_current_ancestor=BOOLEAN), _history
    ),
    "refs": _MetadataTable(
        _fixed(
            name=VARCHAR,
            type=VARCHAR,
            snapshot_id=BIGINT,
            max_reference_age_in_ms=BIGINT,
            min_snapshots_to_keep=INTEGER,
            max_snapshot_age_in_ms=BIGINT,
        ),
        _refs,
    ),
    "properties": _MetadataTable(_fixed(key=VARCHAR, value=VARCHAR), _properties),
    "manifests": _MetadataTable(
        _fixed(
            path=VARCHAR,
            length=BIGINT,
            partition_spec_id=INTEGER,
            added_snapshot_id=BIGINT,
            added_data_files_count=INTEGER,
            added_rows_count=BIGINT,
            existing_data_files_count=INTEGER,
            existing_rows_count=BIGINT,
            deleted_data_files_count=INTEGER,
            deleted_rows_count=BIGINT,
            partition_summaries=Array(_SUMMARY),
        ),
        _manifests,
    ),
    "files": _MetadataTable(
        _fixed(
            content=INTEGER,
            file_path=VARCHAR,
            file_format=VARCHAR,
            record_count=BIGINT,
            file_size_in_bytes=BIGINT,
            column_sizes=_COUNTS,
            value_counts=_COUNTS,
            null_value_counts=_COUNTS,
            nan_value_counts=_COUNTS,
            lower_bounds=_BOUNDS,
            upper_bounds=_BOUNDS,
            key_metadata=VARBINARY,
            split_offsets=Array(BIGINT),
            equality_ids=Array(INTEGER),
        ),
        _files,
    ),
    "partitions": _MetadataTable(partition_columns, _partitions),
}
