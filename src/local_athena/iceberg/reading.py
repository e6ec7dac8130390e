"""Reads a table: one DuckDB SELECT over the data files of a snapshot, without the rows that were deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pyiceberg.manifest import DataFile
from pyiceberg.schema import Schema
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Snapshot
from pyiceberg.types import NestedField

from local_athena.billing import scanned_bytes
from local_athena.catalogue.model import Column
from local_athena.dialect.plan import Predicate, Scan
from local_athena.dialect.representation import duckdb_type, literal, quoted
from local_athena.iceberg.footers import FileField, Footer, footer
from local_athena.iceberg.pruning import LiveFile, live_files, snapshot_schema
from local_athena.iceberg.schemas import trino_type
from local_athena.iceberg.storage import from_storage, no_value
from local_athena.iceberg.tables import State, Tables
from local_athena.local_files import held
from local_athena.table_format import Reading
from local_athena.types import model
from local_athena.types.model import Timestamp

HIDDEN = (
    Column("$path", model.VARCHAR, hidden=True),
    Column("$file_modified_time", Timestamp(3, zoned=True), hidden=True),
)
_FILE, _POSITION = '"$file"', '"$position"'
_NO_COLUMN = "1 as one"


def columns_of(metadata: TableMetadata, snapshot_id: int | None) -> tuple[Column, ...]:
    """The columns a query sees, as of a snapshot or as they are now."""
    schema = metadata.schema()
    if snapshot_id is not None and (found := metadata.snapshot_by_id(snapshot_id)):
        schema = snapshot_schema(metadata, found)
    shown = (Column(field.name.lower(), trino_type(field.field_type), field.doc or "") for field in schema.fields)
    return (*shown, *HIDDEN)


def snapshot_of(metadata: TableMetadata, version: int | None) -> Snapshot | None:
    """The snapshot that a table of the catalogue stands for; None if it has none yet."""
    return metadata.current_snapshot() if version is None else metadata.snapshot_by_id(version)


def read(tables: Tables, scan: Scan, folder: Path) -> Reading:
    """How to read a table.

    Args:
        tables: where it is.
        scan: what of it.
        folder: of the statement; keeps the files that it reads until it ends.
    """
    state: State = scan.table.handle
    snapshot = snapshot_of(state.metadata, scan.table.version)
    files = live_files(state.metadata, snapshot, tables.io, scan.predicates)
    schema = snapshot_schema(state.metadata, snapshot) if snapshot and scan.table.version else state.metadata.schema()
    source = Source(tables, schema, folder, scan.predicates)
    sql = source.select(files, scan.columns, row_ids=scan.row_ids)
    return Reading(sql, source.scanned_bytes)


@dataclass(frozen=True)
class _File:
    """A data file that is read.

    Attributes:
        address: as the table's metadata spells it, and its delete files too.
        modified: when the object was written.
        path: a local file with its content, which stays until the statement ends.
    """

    address: str
    modified: datetime
    path: Path


class Source:
    """Reads data files of a table under the names of a schema.

    Attributes:
        scanned_bytes: what reading them costs: the chunks of the columns, and the delete files.
    """

    def __init__(self, tables: Tables, schema: Schema, folder: Path, predicates: Sequence[Predicate] = ()) -> None:
        self._tables = tables
        self._fields = {field.name.lower(): field for field in schema.fields}
        self._folder = folder
        self._predicates = predicates
        self.scanned_bytes = 0

    def select(self, files: Sequence[LiveFile], columns: Sequence[str], *, row_ids: bool = False) -> str:
        """A DuckDB SELECT of the rows that are not deleted.

        Args:
            files: to be read.
            columns: to be read, hidden ones too.
            row_ids: whether to add `"$file"` and `"$position"`.
        """
        groups: dict[tuple[tuple[FileField, ...], bool], list[_File]] = defaultdict(list)
        deletes: dict[str, Path] = {}
        for file in files:
            found = self._tables.data_object(file.data.file_path)
            path = self._tables.objects.local_path(found)
            known = footer(path, found.etag)
            self._count(known, columns)
            groups[known.fields, bool(file.deletes)].append(
                _File(file.data.file_path, found.modified, held(path, self._folder))
            )
            for delete in file.deletes:
                if delete.file_path not in deletes:
                    deletes[delete.file_path] = self._held_deletes(delete)
        reader = _Reader(self._fields, columns, row_ids)
        parts = [
            reader.select(fields, members, list(deletes.values()) if deleted else [])
            for (fields, deleted), members in groups.items()
        ]
        return " union all ".join(parts) or reader.nothing()

    def _held_deletes(self, delete: DataFile) -> Path:
        found = self._tables.data_object(delete.file_path)
        self.scanned_bytes += found.size
        return held(self._tables.objects.local_path(found), self._folder)

    def _count(self, known: Footer, columns: Sequence[str]) -> None:
        names = {
            column: found.name.lower()
            for column, field in self._fields.items()
            if (found := _find(known.fields, field)) is not None
        }
        touched = [names[column] for column in columns if column in names]
        self.scanned_bytes += scanned_bytes(known.groups, touched, self._predicates, names)


def _find(fields: Sequence[FileField], wanted: NestedField) -> FileField | None:
    """The column of a file; files of other writers may have no ids, they were added under the table's names."""
    if any(field.field_id is not None for field in fields):
        return next((field for field in fields if field.field_id == wanted.field_id), None)
    return next((field for field in fields if field.name.lower() == wanted.name.lower()), None)


class _Reader:
    """Writes the SELECTs of one scan: one for the files that name their columns alike."""

    def __init__(self, fields: Mapping[str, NestedField], columns: Sequence[str], row_ids: bool) -> None:
        self._fields = fields
        self._columns = columns
        self._row_ids = row_ids
        self._of_file = row_ids or any(column.name in columns for column in HIDDEN)

    def select(self, fields: tuple[FileField, ...], files: Sequence[_File], deletes: Sequence[Path]) -> str:
        """The rows of files with the same columns, without those that the delete files name."""
        paths = ", ".join(literal(str(file.path)) for file in files)
        source = f"read_parquet([{paths}], filename = true, file_row_number = true) r"
        if self._of_file or deletes:
            rows = ", ".join(
                f"({literal(str(file.path))}, {literal(file.address)}, "
                f"timestamp '{file.modified:%Y-%m-%d %H:%M:%S.%f}')"
                for file in files
            )
            source += f" join (values {rows}) f(local, address, modified) on r.filename = f.local"
        if deletes:
            listed = ", ".join(literal(str(path)) for path in deletes)
            source += f" anti join read_parquet([{listed}]) d on d.file_path = f.address and d.pos = r.file_row_number"
        listed_columns = [f"{self._value(column, fields)} as {quoted(column)}" for column in self._columns]
        if self._row_ids:
            listed_columns += [f"f.address as {_FILE}", f"r.file_row_number as {_POSITION}"]
        return f"select {', '.join(listed_columns) or _NO_COLUMN} from {source}"

    def nothing(self) -> str:
        """No rows, with the same columns."""
        listed = [f"{self._null(column)} as {quoted(column)}" for column in self._columns]
        if self._row_ids:
            listed += [f"null::varchar as {_FILE}", f"null::bigint as {_POSITION}"]
        return f"select {', '.join(listed) or _NO_COLUMN} where false"

    def _value(self, column: str, fields: tuple[FileField, ...]) -> str:
        if column == "$path":
            return "f.address"
        if column == "$file_modified_time":
            return "struct_pack(instant := date_trunc('millisecond', f.modified), zone := 'UTC')"
        wanted = self._fields[column]
        found = _find(fields, wanted)
        if found is None:
            return no_value(wanted.field_type)
        return from_storage(f"r.{quoted(found.name)}", wanted.field_type, found)

    def _null(self, column: str) -> str:
        hidden = next((hidden.type for hidden in HIDDEN if hidden.name == column), None)
        type_ = hidden or trino_type(self._fields[column].field_type)
        return f"cast(null as {duckdb_type(type_)})"
