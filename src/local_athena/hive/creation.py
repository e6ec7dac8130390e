"""CREATE EXTERNAL TABLE, CREATE TABLE AS, INSERT and UNLOAD of Hive tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from local_athena.catalogue.model import Column, Table
from local_athena.errors import AthenaError, not_supported
from local_athena.hive import buckets, entries, projection, tables
from local_athena.hive.partitions import path_name
from local_athena.hive.properties import Layout, compression_of, layout_of_creation, layout_of_unload
from local_athena.hive.storage import FORMATS, storage_of
from local_athena.hive.writing import NewFile, write
from local_athena.locations import Folder, folder, require_empty
from local_athena.statements.model import Unload
from local_athena.store import AlreadyExistsError, Glue, MissingError, Objects
from local_athena.table_format import Creation, Definition, Rows, Work, Written, visible


class HiveWriter:
    """Makes Hive tables and adds rows to them."""

    def __init__(self, objects: Objects, glue: Glue) -> None:
        self._objects = objects
        self._glue = glue

    def create(self, definition: Definition) -> None:
        """See `TableFormat.create`."""
        if not definition.external:
            raise AthenaError("FAILED", "SemanticException: CREATE TABLE without EXTERNAL makes Iceberg tables only")
        if definition.transforms:
            raise AthenaError("FAILED", "SemanticException: Partition columns of an external table need types")
        if definition.location is None:
            raise AthenaError("FAILED", "SemanticException: CREATE EXTERNAL TABLE needs a LOCATION")
        names = [column.name for column in (*definition.columns, *definition.partitions)]
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated is not None:
            raise AthenaError("FAILED", f"SemanticException [Error 10036]: Duplicate column name: {repeated}")
        folder(definition.location)
        entry = entries.of_definition(definition)
        storage_of(entry["StorageDescriptor"], entry["Parameters"])
        self._glue.create_table(definition.name.database, entry)

    def create_from_query(self, creation: Creation, rows: Rows, work: Work) -> Written:
        """See `TableFormat.create_from_query`.

        Files of a statement that fails after they were written may stay, as in Athena; the table does not.
        """
        layout = layout_of_creation(creation)
        for column in creation.columns:
            entries.check_timestamps(column)
        _check_layout(layout, creation.columns)
        place = folder(layout.location or f"{work.request.output_location}tables/{work.request.query_id}/")
        entry = entries.of_query(creation.name.table, creation.columns, layout, place.address, work.request.query_id)
        shown = f"{creation.name.database}.{creation.name.table}"
        message = f"Target directory for table '{shown}' already exists: {layout.location or place.address}"
        require_empty(self._objects, place, message)
        count, files = write(rows, creation.columns, layout, work)
        addresses = self._upload(files, place, layout.partitioned_by)
        try:
            self._glue.create_table(creation.name.database, entry)
        except AlreadyExistsError as error:
            raise AthenaError("TABLE_ALREADY_EXISTS", f"Table already exists: '{shown}'") from error
        try:
            self._add_partitions(creation.name.database, entry, place, layout.partitioned_by, files)
        except BaseException:
            with suppress(MissingError):
                self._glue.delete_table(creation.name.database, creation.name.table)
            raise
        return Written(count, addresses)

    def insert(self, target: Table, rows: Rows, work: Work) -> Written:
        """See `TableFormat.insert`."""
        descriptor, parameters = tables.descriptor_of(target), tables.parameters_of(target)
        if descriptor.get("BucketColumns"):
            raise not_supported("Athena does not insert into bucketed tables")
        if projection.is_enabled(parameters):
            raise not_supported("The local Athena does not insert into tables with partition projection")
        storage = storage_of(descriptor, parameters)
        if storage.format not in FORMATS:
            raise not_supported(f"The local Athena does not write files with the SerDe {storage.serde}")
        keys = tuple(column.name for column in tables.partition_columns(target))
        layout = Layout(storage, compression_of(storage, _named_compression(storage.format, parameters)), keys)
        count, files = write(rows, visible(target.columns), layout, work)
        place = tables.location_of(target)
        known = self._places(target)
        addresses = self._upload(files, place, keys, known)
        new = [file for file in files if file.values not in known]
        self._add_partitions(target.name.database, target.handle, place, keys, new)
        return Written(count, addresses)

    def unload(self, statement: Unload, columns: Sequence[Column], rows: Rows, work: Work) -> Written:
        """UNLOAD: the rows as files in a folder, and no table.

        Raises:
            AthenaError: INVALID_TABLE_PROPERTY, HIVE_PATH_ALREADY_EXISTS, ….
        """
        layout = layout_of_unload(statement.properties, [column.name for column in columns])
        for column in columns:
            entries.check_timestamps(column)
        _check_layout(layout, columns)
        place = folder(statement.location)
        require_empty(self._objects, place, f"Target directory for unload already exists: {statement.location}")
        count, files = write(rows, columns, layout, work)
        return Written(count, self._upload(files, place, layout.partitioned_by))

    def _upload(
        self,
        files: Iterable[NewFile],
        place: Folder,
        keys: Sequence[str],
        known: dict[tuple[str, ...], Folder] | None = None,
    ) -> tuple[str, ...]:
        """Hands files over to S3, each to the folder of its partition; gives their addresses."""
        addresses = []
        for file in files:
            own = (known or {}).get(file.values) or _place(place, keys, file.values)
            stored = self._objects.take(own.bucket, f"{own.prefix}{file.name}", file.path)
            addresses.append(stored.address)
        return tuple(addresses)

    def _places(self, target: Table) -> dict[tuple[str, ...], Folder]:
        """Where the partitions of a table are."""
        found = tables.partitions_of(self._glue, target, {})
        return {partition.values: partition.place for partition in found}

    def _add_partitions(
        self, database: str, entry: dict[str, object], place: Folder, keys: Sequence[str], files: Iterable[NewFile]
    ) -> None:
        if not keys:
            return
        for values in dict.fromkeys(file.values for file in files):
            location = _place(place, keys, values).address.rstrip("/")
            with suppress(AlreadyExistsError):
                self._glue.create_partition(database, str(entry["Name"]), entries.of_partition(entry, values, location))


def _named_compression(format_: str, parameters: Mapping[str, str]) -> str | None:
    """What the table's properties say of compression, under one of the names that are in use."""
    names = (f"{format_.lower()}.compress", f"{format_.lower()}.compression", "write.compression")
    return next((parameters[name] for name in names if name in parameters), None)


def _place(place: Folder, keys: Sequence[str], values: Sequence[str]) -> Folder:
    return place.below(path_name(keys, values)) if values else place


def _check_layout(layout: Layout, columns: Sequence[Column]) -> None:
    entries.check_partition_types([column for column in columns if column.name in layout.partitioned_by])
    buckets.check_types([column.type for column in columns if column.name in layout.bucketed_by])
