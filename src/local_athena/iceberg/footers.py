"""What the footers of Parquet files say: columns by field id, and the numbers that manifests hold.

Source: https://iceberg.apache.org/spec/#parquet and #data-file-fields
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.conversions import to_bytes
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.schema import Schema
from pyiceberg.typedef import Record
from pyiceberg.types import (
    BinaryType,
    DecimalType,
    FixedType,
    IcebergType,
    ListType,
    MapType,
    PrimitiveType,
    StringType,
    StructType,
)
from pyiceberg.utils.truncate import truncate_upper_bound_binary_string, truncate_upper_bound_text_string

from local_athena.billing import RowGroup, row_groups
from local_athena.errors import AthenaError

_FIELD_ID = b"PARQUET:field_id"
# Iceberg's default `write.metadata.metrics.default` is `truncate(16)`.
_BOUND_LENGTH = 16


@dataclass(frozen=True)
class FileField:
    """A column or nested field of a file.

    Attributes:
        name: in the file.
        field_id: None if the file has none.
        type: as pyarrow prints it: files whose types differ are not read as one.
        children: of a struct its fields, of a list its element, of a map key and value.
    """

    name: str
    field_id: int | None
    type: str
    children: tuple[FileField, ...] = ()


@dataclass(frozen=True)
class Footer:
    """What a data file says of itself.

    Attributes:
        fields: its columns.
        groups: its row groups, for what reading costs.
    """

    fields: tuple[FileField, ...]
    groups: tuple[RowGroup, ...]


@lru_cache(maxsize=4096)
def footer(path: Path, _etag: str) -> Footer:
    """The footer of a file; kept as long as the file's content is the same.

    Raises:
        AthenaError: ICEBERG_BAD_DATA if it is no Parquet file.
    """
    try:
        metadata = pq.read_metadata(path)
        schema = metadata.schema.to_arrow_schema()
    except (pa.ArrowException, OSError) as error:
        raise AthenaError("ICEBERG_BAD_DATA", f"Error reading Parquet file: {error}") from error
    return Footer(tuple(map(_file_field, schema)), row_groups(metadata))


def _file_field(field: pa.Field) -> FileField:
    given = (field.metadata or {}).get(_FIELD_ID)
    type_ = field.type
    children: list[pa.Field] = []
    if pa.types.is_map(type_):
        children = [type_.key_field, type_.item_field]
    elif pa.types.is_list(type_) or pa.types.is_large_list(type_):
        children = [type_.value_field]
    elif pa.types.is_struct(type_):
        children = list(type_)
    return FileField(field.name, int(given) if given else None, str(type_), tuple(map(_file_field, children)))


def data_file(path: Path, address: str, schema: Schema, spec_id: int, partition: tuple[Any, ...]) -> DataFile:
    """What a manifest says of a data file that DuckDB has written.

    Args:
        path: the local file.
        address: where the file stands in S3.
        schema: that it was written with.
        spec_id: of the partition spec.
        partition: the values of the spec's fields, as manifests store them.
    """
    metadata = pq.read_metadata(path)
    counted = _Counted(metadata, {leaf.path: leaf for leaf in _leaves(schema)})
    made = DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=address,
        file_format=FileFormat.PARQUET,
        partition=Record(*partition),
        record_count=metadata.num_rows,
        file_size_in_bytes=path.stat().st_size,
        column_sizes=counted.sizes,
        value_counts=counted.values,
        null_value_counts=counted.nulls,
        nan_value_counts={},
        lower_bounds=counted.lower,
        upper_bounds=counted.upper,
        key_metadata=None,
        split_offsets=counted.offsets,
        equality_ids=None,
        sort_order_id=None,
    )
    made.spec_id = spec_id
    return made


@dataclass(frozen=True)
class _Leaf:
    """A primitive field: its path in Parquet, and whether it has bounds (not inside of lists and maps)."""

    path: str
    field_id: int
    type: PrimitiveType
    bounded: bool


def _leaves(schema: Schema) -> Iterator[_Leaf]:
    for field in schema.fields:
        yield from _leaves_of(field.name, field.field_id, field.field_type, bounded=True)


def _leaves_of(path: str, field_id: int, type_: IcebergType, *, bounded: bool) -> Iterator[_Leaf]:
    match type_:
        case StructType():
            for field in type_.fields:
                yield from _leaves_of(f"{path}.{field.name}", field.field_id, field.field_type, bounded=bounded)
        case ListType():
            yield from _leaves_of(f"{path}.list.element", type_.element_id, type_.element_type, bounded=False)
        case MapType():
            yield from _leaves_of(f"{path}.key_value.key", type_.key_id, type_.key_type, bounded=False)
            yield from _leaves_of(f"{path}.key_value.value", type_.value_id, type_.value_type, bounded=False)
        case PrimitiveType():
            yield _Leaf(path, field_id, type_, bounded)


class _Counted:
    """The numbers of one file, by field id."""

    def __init__(self, metadata: pq.FileMetaData, leaves: Mapping[str, _Leaf]) -> None:
        self.sizes: dict[int, int] = {}
        self.values: dict[int, int] = {}
        self.nulls: dict[int, int] = {}
        self.lower: dict[int, bytes] = {}
        self.upper: dict[int, bytes] = {}
        self.offsets: list[int] = []
        for group in map(metadata.row_group, range(metadata.num_row_groups)):
            chunks = [group.column(number) for number in range(group.num_columns)]
            self.offsets.append(min(filter(None, (chunks[0].dictionary_page_offset, chunks[0].data_page_offset))))
            for chunk in chunks:
                self._count(chunk, leaves[chunk.path_in_schema])
        for number in range(metadata.num_columns):
            leaf = leaves[metadata.schema.column(number).path]
            if leaf.bounded:
                self._bound(
                    leaf, [metadata.row_group(group).column(number) for group in range(metadata.num_row_groups)]
                )

    def _count(self, chunk: pq.ColumnChunkMetaData, leaf: _Leaf) -> None:
        self.sizes[leaf.field_id] = self.sizes.get(leaf.field_id, 0) + chunk.total_compressed_size
        self.values[leaf.field_id] = self.values.get(leaf.field_id, 0) + chunk.num_values
        if chunk.statistics is not None and chunk.statistics.has_null_count:
            self.nulls[leaf.field_id] = self.nulls.get(leaf.field_id, 0) + chunk.statistics.null_count

    def _bound(self, leaf: _Leaf, chunks: list[pq.ColumnChunkMetaData]) -> None:
        """Notes the bounds if every row group that has values has them."""
        lows, highs = [], []
        for chunk in chunks:
            known = chunk.statistics
            if known is not None and known.has_null_count and known.null_count == chunk.num_values:
                continue
            if known is None or not known.has_min_max:
                return
            lows.append(_value(known.min_raw, leaf.type, chunk.physical_type))
            highs.append(_value(known.max_raw, leaf.type, chunk.physical_type))
        if not lows or any(isinstance(value, float) and math.isnan(value) for value in (*lows, *highs)):
            return
        self.lower[leaf.field_id] = to_bytes(leaf.type, _floor_bound(min(lows)))
        if (highest := _ceiling_bound(max(highs))) is not None:
            self.upper[leaf.field_id] = to_bytes(leaf.type, highest)


def _value(raw: Any, type_: PrimitiveType, physical: str) -> Any:
    """A bound as pyiceberg's `to_bytes` takes it: physical numbers, texts, Decimals."""
    match type_:
        case DecimalType():
            unscaled = raw if physical in ("INT32", "INT64") else int.from_bytes(raw, "big", signed=True)
            return Decimal(unscaled).scaleb(-type_.scale)
        case StringType():
            return raw.decode() if isinstance(raw, bytes) else raw
        case BinaryType() | FixedType():
            return raw.encode() if isinstance(raw, str) else raw
    return raw


def _floor_bound(value: Any) -> Any:
    return value[:_BOUND_LENGTH] if isinstance(value, (str, bytes)) else value


def _ceiling_bound(value: Any) -> Any:
    if isinstance(value, str):
        return truncate_upper_bound_text_string(value, _BOUND_LENGTH)
    if isinstance(value, bytes):
        return truncate_upper_bound_binary_string(value, _BOUND_LENGTH)
    return value
