"""CREATE TABLE and CREATE TABLE AS."""

from __future__ import annotations

from pyiceberg.io import FileIO
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Operation
from pyiceberg.table.update import update_table_metadata

from local_athena.errors import AthenaError, not_supported
from local_athena.iceberg import properties
from local_athena.iceberg.data_writer import DataWriter
from local_athena.iceberg.objects_io import split_address
from local_athena.iceberg.partitioning import parse_transform, partition_spec
from local_athena.iceberg.schemas import ddl_schema, query_schema
from local_athena.iceberg.snapshots import Change, snapshot
from local_athena.iceberg.tables import Tables
from local_athena.table_format import Creation, Definition, Rows, Work, Written

_HIVE_ONLY = ("partitions", "bucketed_by", "serde", "serde_properties", "stored_as", "input_format", "output_format")


def create(tables: Tables, definition: Definition) -> None:
    """CREATE TABLE … TBLPROPERTIES ('table_type' = 'ICEBERG').

    Raises:
        AthenaError: for what Athena refuses; there is no table then.
    """
    if definition.external:
        raise not_supported("External keyword not supported for table type ICEBERG")
    for clause in _HIVE_ONLY:
        if getattr(definition, clause):
            raise not_supported(f"The clause {clause.upper()} is not supported for table type ICEBERG")
    if definition.comment is not None:
        raise not_supported("The local Athena does not keep comments of Iceberg tables")
    if not definition.location:
        raise AthenaError("INVALID_TABLE_PROPERTY", "Table location must be specified for table type ICEBERG")
    given = properties.of_definition(definition.properties)
    schema = ddl_schema(definition.columns)
    spec = partition_spec(definition.transforms, schema)
    metadata = tables.new_metadata(schema, spec, definition.location, given)
    _require_empty(tables, metadata.location)
    tables.create(definition.name, lambda io: _with_snapshot(metadata, io, Change(Operation.APPEND)))


def create_from_query(tables: Tables, creation: Creation, rows: Rows, work: Work) -> Written:
    """CREATE TABLE … WITH (table_type = 'ICEBERG', …) AS.

    Raises:
        AthenaError: for what Athena refuses; there is no table then, and no file of it.
    """
    given = properties.of_query(creation.properties)
    location = creation.properties.get("location")
    if not location:
        raise AthenaError("INVALID_TABLE_PROPERTY", "Table location must be specified for table type ICEBERG")
    schema = query_schema(creation.columns)
    spec = partition_spec(map(parse_transform, _declarations(creation)), schema)
    metadata = tables.new_metadata(schema, spec, str(location), given)
    _require_empty(tables, metadata.location)
    with DataWriter(tables, metadata, work) as writer:
        files = writer.rows(rows.sql)
        change = Change(Operation.APPEND, files, query_id=work.request.query_id, now=work.now // 1000)
        tables.create(creation.name, lambda io: _with_snapshot(metadata, io, change))
    return Written(sum(file.record_count for file in files), tuple(file.file_path for file in files))


def _declarations(creation: Creation) -> tuple[str, ...]:
    given = creation.properties.get("partitioning", ())
    if not isinstance(given, tuple):
        message = f"Invalid value for catalog 'awsdatacatalog' table property 'partitioning': Cannot convert [{given}]"
        raise AthenaError("INVALID_TABLE_PROPERTY", message)
    return given


def _require_empty(tables: Tables, location: str) -> None:
    bucket, prefix = split_address(location)
    if any(True for _ in tables.objects.under(bucket, f"{prefix}/")):
        raise AthenaError(
            "ICEBERG_FILESYSTEM_ERROR",
            f"Cannot create a table on a non-empty location: {location}, set 'iceberg.unique-table-location=true' in "
            "your Iceberg catalog properties to use unique table locations for every table.",
        )


def _with_snapshot(metadata: TableMetadata, io: FileIO, change: Change) -> TableMetadata:
    return update_table_metadata(metadata, snapshot(metadata, io, change))
