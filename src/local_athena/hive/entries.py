"""Glue entries of Hive tables and partitions, as Athena writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from local_athena.catalogue.model import Column
from local_athena.errors import AthenaError, not_supported
from local_athena.hive.properties import Layout
from local_athena.hive.storage import FORMATS, Format
from local_athena.store import Entry
from local_athena.table_format import ColumnDefinition, Definition
from local_athena.types.model import Array, Field, Map, Row, Timestamp, Type, Varchar
from local_athena.types.parse import hive_name

#: What UpdateTable takes; the rest of an entry is Glue's own.
_INPUT = (
    "Name",
    "Description",
    "Owner",
    "Retention",
    "StorageDescriptor",
    "PartitionKeys",
    "ViewOriginalText",
    "ViewExpandedText",
    "TableType",
    "Parameters",
    "TargetTable",
)
_STORED_AS = ("TEXTFILE", "PARQUET", "ORC", "AVRO")
_INPUT_OF_PARTITION = ("Values", "StorageDescriptor", "Parameters")


def table_input(entry: Entry, **changes: Any) -> dict[str, Any]:
    """The input that makes an entry what it is, but for the changes."""
    return {**{key: entry[key] for key in _INPUT if key in entry}, **changes}


def partition_input(entry: Entry, **changes: Any) -> dict[str, Any]:
    """The same for a partition."""
    return {**{key: entry[key] for key in _INPUT_OF_PARTITION if key in entry}, **changes}


def of_definition(definition: Definition) -> dict[str, Any]:
    """The entry that CREATE EXTERNAL TABLE makes.

    Raises:
        AthenaError: what the statement says does not go together.
    """
    format_, serde = _format_of(definition)
    parameters = {"EXTERNAL": "TRUE", **definition.properties}
    if definition.comment is not None:
        parameters["comment"] = definition.comment
    named = Format(
        definition.input_format or format_.input_format, definition.output_format or format_.output_format, serde, {}
    )
    descriptor = _descriptor([_defined(column) for column in definition.columns], named, definition.serde_properties)
    descriptor["Location"] = definition.location or ""
    descriptor["NumberOfBuckets"] = definition.bucket_count or -1
    descriptor["BucketColumns"] = list(definition.bucketed_by)
    partitions = [_defined(column) for column in definition.partitions]
    return _table(definition.name.table, descriptor, partitions, parameters)


def of_query(name: str, columns: Sequence[Column], layout: Layout, location: str, query_id: str) -> dict[str, Any]:
    """The entry that CREATE TABLE AS makes.

    Raises:
        AthenaError: NOT_SUPPORTED for a type that Hive tables do not hold.
    """
    format_ = FORMATS[layout.storage.format]
    described = [_column(column) for column in columns]
    keys = len(layout.partitioned_by)
    descriptor = _descriptor(described[: len(described) - keys], format_, layout.storage.options)
    descriptor["Location"] = location
    descriptor["NumberOfBuckets"] = layout.bucket_count
    descriptor["BucketColumns"] = list(layout.bucketed_by)
    parameters = {
        "EXTERNAL": "TRUE",
        "has_encrypted_data": "false",
        "transactional": "false",
        "trino_query_id": query_id,
    }
    if layout.named_compression:
        parameters["write.compression"] = layout.named_compression
    return _table(name, descriptor, described[len(described) - keys :], parameters)


def _descriptor(columns: list[dict[str, str]], format_: Format, options: Mapping[str, str]) -> dict[str, Any]:
    """A StorageDescriptor without location and buckets."""
    return {
        "Columns": columns,
        "InputFormat": format_.input_format,
        "OutputFormat": format_.output_format,
        "Compressed": False,
        "SerdeInfo": {
            "SerializationLibrary": format_.serde,
            "Parameters": {"serialization.format": "1", **options},
        },
        "SortColumns": [],
        "Parameters": {},
        "StoredAsSubDirectories": False,
    }


def _table(
    name: str, descriptor: dict[str, Any], partitions: list[dict[str, str]], parameters: dict[str, str]
) -> dict[str, Any]:
    return {
        "Name": name,
        "Owner": "hadoop",
        "Retention": 0,
        "StorageDescriptor": descriptor,
        "PartitionKeys": partitions,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": parameters,
    }


def of_partition(table: Entry, values: Sequence[str], location: str) -> dict[str, Any]:
    """The entry of a new partition: the table's columns and storage at the partition's location."""
    return {
        "Values": list(values),
        "StorageDescriptor": {**table["StorageDescriptor"], "Location": location},
        "Parameters": {},
    }


def check_timestamps(column: Column, type_: Type | None = None) -> None:
    """Refuses timestamps of other than three digits of a second.

    Raises:
        AthenaError: NOT_SUPPORTED.
    """
    match type_ or column.type:
        case Timestamp(precision, False) as found if precision != 3:
            message = f"the configured precision is MILLISECONDS; column name: {column.name}"
            raise not_supported(f"Incorrect timestamp precision for {found}; {message}")
        case Array(element):
            check_timestamps(column, element)
        case Map(key, value):
            check_timestamps(column, key)
            check_timestamps(column, value)
        case Row(fields):
            for field in fields:
                check_timestamps(column, field.type)


_OF_PARTITIONS = (
    *("boolean", "tinyint", "smallint", "integer", "bigint", "real", "double", "date"),
    *("varchar", "char", "decimal", "timestamp"),
)


def check_partition_types(columns: Sequence[Column]) -> None:
    """Refuses partition columns of types that have no place in a path.

    Raises:
        AthenaError: NOT_SUPPORTED.
    """
    for column in columns:
        if str(column.type).partition("(")[0] not in _OF_PARTITIONS:
            raise not_supported(f"Unsupported type [{column.type}] for partition: {column.name}")


def _format_of(definition: Definition) -> tuple[Format, str]:
    """The format and the SerDe of a definition."""
    if definition.input_format is not None:
        if definition.serde is None:
            raise AthenaError("FAILED", "SemanticException: STORED AS INPUTFORMAT needs ROW FORMAT SERDE")
        return FORMATS["TEXTFILE"], definition.serde
    stored_as = definition.stored_as or _stored_as(definition.serde)
    if stored_as not in _STORED_AS:
        raise not_supported(f"The local Athena has no tables STORED AS {stored_as}")
    format_ = FORMATS[stored_as]
    return format_, definition.serde or format_.serde


def _stored_as(serde: str | None) -> str:
    """The format whose files a SerDe reads, which is text for those of JSON and CSV."""
    return next((name for name in _STORED_AS if FORMATS[name].serde == serde), "TEXTFILE")


def _defined(column: ColumnDefinition) -> dict[str, str]:
    described = {"Name": column.name, "Type": column.hive_type}
    return {**described, "Comment": column.comment} if column.comment else described


def _column(column: Column) -> dict[str, str]:
    return {"Name": column.name, "Type": hive_name(_stored(column.type))}


def _stored(type_: Type) -> Type:
    """The type as Hive has it: the shortest varchar has one character, also that of `''`."""
    match type_:
        case Varchar(0):
            return Varchar(1)
        case Array(element):
            return Array(_stored(element))
        case Map(key, value):
            return Map(_stored(key), _stored(value))
        case Row(fields):
            return Row(tuple(Field(field.name, _stored(field.type)) for field in fields))
    return type_


def serde_of(entry: Entry) -> Mapping[str, Any]:
    """The SerDe of an entry and its properties."""
    found: Mapping[str, Any] = entry["StorageDescriptor"].get("SerdeInfo") or {}
    return found
