"""The tables as they are: loads their metadata, creates them, and commits changes all or nothing.

A commit writes a new metadata file and then moves Glue's entry to it, if the entry still has the version it was read
with. Whoever read the table before keeps reading the old files.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyiceberg.exceptions import ValidationError
from pyiceberg.partitioning import PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.serializers import ToOutputFile
from pyiceberg.table.metadata import TableMetadata, TableMetadataUtil, new_table_metadata
from pyiceberg.table.sorting import UNSORTED_SORT_ORDER
from pyiceberg.table.update import TableUpdate, update_table_metadata

from local_athena.catalogue.model import TableName
from local_athena.errors import AthenaError, not_supported
from local_athena.iceberg import properties
from local_athena.iceberg.objects_io import ObjectsIO, split_address
from local_athena.iceberg.schemas import glue_type
from local_athena.store import (
    AlreadyExistsError,
    ConflictError,
    Entry,
    Glue,
    MissingError,
    Objects,
    S3Object,
)

LOCATION = "metadata_location"
_PREVIOUS = "previous_metadata_location"
_KEPT = ("Description", "Owner", "Retention", "LastAccessTime", "LastAnalyzedTime")
_RETRIES = 4


@dataclass(frozen=True)
class State:
    """A table as it was read once; it never changes.

    Attributes:
        name: of the table.
        entry: its entry in Glue.
        metadata: what the metadata file says.
        location: address of the metadata file.
    """

    name: TableName
    entry: Entry
    metadata: TableMetadata
    location: str


# Makes the updates of a commit, given the table's state and where to write manifests.
Attempt = Callable[[State, ObjectsIO], tuple[TableUpdate, ...]]


class Tables:
    """Iceberg tables of one Glue catalogue."""

    def __init__(self, objects: Objects, glue: Glue) -> None:
        self.objects = objects
        self.io = ObjectsIO(objects)
        self._glue = glue
        self._parsed = lru_cache(maxsize=256)(self._parse)

    def state(self, name: TableName, entry: Entry) -> State:
        """The table of a Glue entry.

        Raises:
            AthenaError: ICEBERG_INVALID_METADATA if its metadata file is missing or broken; NOT_SUPPORTED for another
                format version than 2, with which alone Athena operates.
        """
        location = str(entry.get("Parameters", {}).get(LOCATION, ""))
        found = self.objects.find(*split_address(location)) if location else None
        if found is None:
            raise AthenaError("ICEBERG_INVALID_METADATA", f"Metadata not found in metadata location for table {name}")
        return State(name, entry, self._parsed(location, found.etag), location)

    def data_object(self, address: str) -> S3Object:
        """A file of a table.

        Raises:
            AthenaError: ICEBERG_CANNOT_OPEN_SPLIT if the object is missing.
        """
        found = self.objects.find(*split_address(address))
        if found is None:
            raise AthenaError("ICEBERG_CANNOT_OPEN_SPLIT", f"Error opening Iceberg split {address}: it does not exist")
        return found

    def new_metadata(
        self, schema: Schema, spec: PartitionSpec, location: str, given: Mapping[str, str]
    ) -> TableMetadata:
        """The metadata of a table that does not exist yet; nothing is written."""
        split_address(location)
        return new_table_metadata(
            schema=schema,
            partition_spec=spec,
            sort_order=UNSORTED_SORT_ORDER,
            location=location.rstrip("/"),
            properties={"format-version": "2", **given},
        )

    def create(self, name: TableName, make: Callable[[ObjectsIO], TableMetadata]) -> None:
        """Makes a table visible.

        Args:
            name: of the table.
            make: gives its metadata, and writes what that leads to.

        Raises:
            AthenaError: TABLE_ALREADY_EXISTS or SCHEMA_NOT_FOUND; nothing is left behind.
        """
        io = ObjectsIO(self.objects)
        with io.undone_on_error():
            metadata = make(io)
            location = _write(io, metadata, 0)
            try:
                self._glue.create_table(name.database, _table_input(name.table, metadata, location, None))
            except AlreadyExistsError:
                raise AthenaError("TABLE_ALREADY_EXISTS", f"Table '{name}' already exists") from None
            except MissingError:
                raise AthenaError("SCHEMA_NOT_FOUND", f"Schema {name.database} not found") from None

    def commit(self, state: State, attempt: Attempt, *, on_top: bool = False) -> None:
        """Changes a table.

        Args:
            state: as it was when the statement read it.
            attempt: makes the updates for a state of the table, and writes what they lead to; called again when another
                state must be built upon.
            on_top: whether the change still holds when somebody else has changed the table meanwhile (an append).

        Raises:
            AthenaError: ICEBERG_COMMIT_ERROR if somebody else has changed the table meanwhile.
        """
        current = state
        for _ in range(_RETRIES + 1):
            if self._committed(current, attempt):
                return
            current = self.current(state.name)
            if not on_top and current.location != state.location:
                break
        raise _conflict(state.name)

    def current(self, name: TableName) -> State:
        """The table as it is now. Raises ICEBERG_COMMIT_ERROR if it is gone."""
        entry = self._glue.table(name.database, name.table)
        if entry is None or LOCATION not in entry.get("Parameters", {}):
            raise _conflict(name)
        return self.state(name, entry)

    def rename(self, state: State, name: TableName) -> None:
        """Gives a table another name; its files stay where they are. Raises TABLE_ALREADY_EXISTS."""
        try:
            self._glue.create_table(name.database, {**_as_input(state.entry), "Name": name.table})
        except AlreadyExistsError:
            raise AthenaError("TABLE_ALREADY_EXISTS", f"Table '{name}' already exists") from None
        self._glue.delete_table(state.name.database, state.name.table)

    def forget(self, name: TableName) -> None:
        """Removes the entry in Glue. Raises TABLE_NOT_FOUND if somebody else did."""
        try:
            self._glue.delete_table(name.database, name.table)
        except MissingError:
            raise AthenaError("TABLE_NOT_FOUND", f"Table '{name}' does not exist") from None

    def _committed(self, state: State, attempt: Attempt) -> bool:
        io = ObjectsIO(self.objects)
        try:
            with io.undone_on_error():
                updates = attempt(state, io)
                if updates:
                    metadata = update_table_metadata(state.metadata, updates, metadata_location=state.location)
                    metadata = _with_short_log(metadata)
                    location = _write(io, metadata, _number(state.location) + 1)
                    entry = _table_input(state.name.table, metadata, location, state)
                    self._glue.update_table(state.name.database, entry, version=state.entry.get("VersionId"))
        except (ConflictError, MissingError):
            return False
        return True

    def _parse(self, location: str, _etag: str) -> TableMetadata:
        content = self.objects.read(*split_address(location))
        try:
            metadata = TableMetadataUtil.parse_raw(content.decode())
        except (ValueError, ValidationError) as error:
            raise AthenaError("ICEBERG_INVALID_METADATA", f"Failed to read table metadata {location}") from error
        if metadata.format_version != 2:
            raise not_supported(f"Athena operates on Iceberg tables of version 2, got: {metadata.format_version}")
        return metadata


def _write(io: ObjectsIO, metadata: TableMetadata, number: int) -> str:
    location = f"{metadata.location}/metadata/{number:05d}-{uuid.uuid4()}.metadata.json"
    ToOutputFile.table_metadata(metadata, io.new_output(location))
    return location


def _with_short_log(metadata: TableMetadata) -> TableMetadata:
    """Remembers no more of the older metadata files than the table is to keep."""
    kept = properties.number(metadata.properties, properties.METADATA_TO_KEEP)
    return metadata.model_copy(update={"metadata_log": metadata.metadata_log[-kept:] if kept else []})


def _conflict(name: TableName) -> AthenaError:
    message = f"Failed to commit Iceberg update to table: {name.database}.{name.table}"
    return AthenaError("ICEBERG_COMMIT_ERROR", message)


def _number(location: str) -> int:
    """The number that a metadata file's name begins with; 0 if it has none."""
    digits = location.rsplit("/", 1)[-1].partition("-")[0]
    return int(digits) if digits.isdigit() else 0


def _as_input(entry: Entry) -> dict[str, Any]:
    names = (*_KEPT, "Name", "StorageDescriptor", "PartitionKeys", "TableType", "Parameters")
    return {name: entry[name] for name in names if name in entry}


def _table_input(table: str, metadata: TableMetadata, location: str, old: State | None) -> dict[str, Any]:
    """Glue's entry; what others noted on the old one (descriptions, comments of columns) stays."""
    entry: Entry = old.entry if old else {}
    parameters = {**entry.get("Parameters", {}), "table_type": "ICEBERG", LOCATION: location}
    if old:
        parameters[_PREVIOUS] = old.location
    noted = {column["Name"]: column.get("Comment") for column in entry.get("StorageDescriptor", {}).get("Columns", ())}
    return {
        **{name: entry[name] for name in _KEPT if name in entry},
        "Name": table,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": parameters,
        "PartitionKeys": [],
        "StorageDescriptor": {"Columns": _glue_columns(metadata, noted), "Location": metadata.location},
    }


def _glue_columns(metadata: TableMetadata, noted: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """The current columns, then those that were dropped, as Iceberg's own Glue catalogue lists them."""
    columns: dict[str, dict[str, Any]] = {}
    current = metadata.schema()
    for schema in (current, *reversed(metadata.schemas)):
        for field in schema.fields:
            if field.name in columns:
                continue
            comment = field.doc or noted.get(field.name)
            columns[field.name] = {
                "Name": field.name,
                "Type": glue_type(field.field_type),
                **({"Comment": comment} if comment else {}),
                "Parameters": {
                    "iceberg.field.id": str(field.field_id),
                    "iceberg.field.optional": str(field.optional).lower(),
                    "iceberg.field.current": str(schema is current).lower(),
                },
            }
    return list(columns.values())
