"""Writes rows into data files, and positions into position delete files.

Files are written locally by DuckDB, one for each partition, and then put into S3 under names nobody has used: until a
snapshot lists them they are not part of the table.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.typedef import Record

from local_athena.dialect.representation import literal, quoted
from local_athena.errors import AthenaError
from local_athena.iceberg import properties
from local_athena.iceberg.footers import data_file
from local_athena.iceberg.grouping import GROUP, partitioned
from local_athena.iceberg.objects_io import split_address
from local_athena.iceberg.storage import field_ids, to_storage
from local_athena.iceberg.tables import Tables
from local_athena.table_format import Work

_PATH_ID, _POSITION_ID = 2147483546, 2147483545
_DELETES = pa.schema(
    [
        pa.field("file_path", pa.string(), nullable=False, metadata={"PARQUET:field_id": str(_PATH_ID)}),
        pa.field("pos", pa.int64(), nullable=False, metadata={"PARQUET:field_id": str(_POSITION_ID)}),
    ]
)


class DataWriter:
    """Writes the files of one statement into one table; what it wrote goes again if the statement fails."""

    def __init__(self, tables: Tables, metadata: TableMetadata, work: Work) -> None:
        self._tables = tables
        self._metadata = metadata
        self._work = work
        self._written: list[str] = []

    def __enter__(self) -> DataWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is not None:
            for address in self._written:
                self._tables.io.delete(address)

    def rows(self, sql: str) -> list[DataFile]:
        """Writes rows.

        Args:
            sql: a DuckDB SELECT with the columns `c0`, `c1`, …: the table's, in their representation. It runs once.

        Raises:
            AthenaError: ICEBERG_TOO_MANY_OPEN_PARTITIONS.
        """
        names = [field.name for field in self._metadata.schema().fields]
        source = f"select {', '.join(f'c{number} as {quoted(name)}' for number, name in enumerate(names))} from ({sql})"
        if self._metadata.spec().is_unpartitioned():
            target = properties.number(self._metadata.properties, properties.TARGET_SIZE)
            return self._files(source, [((), "")], f"file_size_bytes {target}")
        with partitioned(self._metadata, source, self._work.connection) as (grouped, values):
            groups = [(group, self._path_of(Record(*group), self._metadata.default_spec_id)) for group in values]
            return self._files(grouped, groups, f"partition_by ({GROUP})")

    def position_deletes(self, data: DataFile, positions: Sequence[int]) -> DataFile:
        """Writes the position delete file of one data file."""
        table = pa.table([[data.file_path] * len(positions), sorted(positions)], schema=_DELETES)
        path = self._work.folder / f"{uuid.uuid4()}.parquet"
        pq.write_table(table, path, compression="zstd", store_schema=False)
        address = self._put(path, self._path_of(data.partition, data.spec_id))
        bound = data.file_path.encode()
        made = DataFile.from_args(
            content=DataFileContent.POSITION_DELETES,
            file_path=address,
            file_format=FileFormat.PARQUET,
            partition=data.partition,
            record_count=len(positions),
            file_size_in_bytes=path.stat().st_size,
            column_sizes={},
            value_counts={},
            null_value_counts={},
            nan_value_counts={},
            # Equal bounds say that the file is about one data file only.
            lower_bounds={_PATH_ID: bound},
            upper_bounds={_PATH_ID: bound},
            key_metadata=None,
            split_offsets=None,
            equality_ids=None,
            sort_order_id=None,
        )
        made.spec_id = data.spec_id
        path.unlink()
        return made

    def _files(self, source: str, groups: list[tuple[tuple[Any, ...], str]], option: str) -> list[DataFile]:
        """Lets DuckDB write the rows of `source`, and puts the files that have rows into S3."""
        schema = self._metadata.schema()
        stored = [
            f"{to_storage(quoted(field.name), field.field_type)} as {quoted(field.name)}" for field in schema.fields
        ]
        if not self._metadata.spec().is_unpartitioned():
            stored.append(GROUP)
        folder = self._work.folder / uuid.uuid4().hex
        copied = self._work.connection.execute(
            f"copy (select {', '.join(stored)} from ({source})) to {literal(str(folder))} (format parquet, "
            f"compression {self._metadata.properties.get(properties.COMPRESSION, 'zstd')}, "
            f"field_ids {field_ids(schema.fields)}, return_stats, {option})"
        )
        files = []
        for path, count, *_, keys in copied.fetchall():
            if count == 0:
                continue
            number = int(keys[GROUP.strip('"')]) - 1 if keys else 0
            values, place = groups[number]
            address = self._put(Path(path), place)
            files.append(data_file(Path(path), address, schema, self._metadata.default_spec_id, values))
            Path(path).unlink()
        return files

    def _put(self, path: Path, folder: str) -> str:
        if self._work.request.cancelled.is_set():
            raise AthenaError("USER_CANCELED", "Query was canceled")
        name = f"{self._work.request.query_id or 'local'}-{uuid.uuid4()}.parquet"
        address = "/".join(filter(None, (self._metadata.location, "data", folder, name)))
        self._tables.objects.write(*split_address(address), path)
        self._written.append(address)
        return address

    def _path_of(self, partition: Record, spec_id: int) -> str:
        spec = self._metadata.specs()[spec_id]
        return spec.partition_to_path(partition, self._metadata.schema()) if spec.fields else ""
