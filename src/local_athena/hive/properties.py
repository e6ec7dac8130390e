"""Properties of CREATE TABLE AS and UNLOAD for files of Hive tables.

Source: https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from local_athena.errors import AthenaError, not_supported
from local_athena.hive.storage import FORMATS, Storage
from local_athena.table_format import Creation, PropertyValue

_KNOWN: Mapping[str, type] = {
    "table_type": str,
    "is_external": bool,
    "external_location": str,
    "format": str,
    "partitioned_by": tuple,
    "bucketed_by": tuple,
    "bucket_count": int,
    "field_delimiter": str,
    "write_compression": str,
    "compression": str,
    "orc_compression": str,
    "parquet_compression": str,
    "compression_level": int,
}
_OF_UNLOAD = ("format", "compression", "compression_level", "field_delimiter", "partitioned_by")
_NAMES_OF_TYPES = {str: "varchar", bool: "boolean", tuple: "array(varchar)", int: "integer"}
_Value = TypeVar("_Value", str, int, bool, tuple[str, ...])


@dataclass(frozen=True)
class Layout:
    """How rows are to be written.

    Attributes:
        storage: format, SerDe and its options.
        compression: what the writer calls it.
        partitioned_by: names of the last columns, in order.
        bucketed_by: names of columns.
        bucket_count: 0 without buckets.
        location: where to; None if it is not said.
        named_compression: as the statement names it; None if it does not.
    """

    storage: Storage
    compression: str
    partitioned_by: tuple[str, ...] = ()
    bucketed_by: tuple[str, ...] = ()
    bucket_count: int = 0
    location: str | None = None
    named_compression: str | None = None


def layout_of_creation(creation: Creation) -> Layout:
    """The layout that CREATE TABLE AS asks for.

    Raises:
        AthenaError: INVALID_TABLE_PROPERTY, HIVE_COLUMN_ORDER_MISMATCH, ….
    """
    properties = creation.properties
    for name, value in properties.items():
        if name not in _KNOWN or name == "compression":
            raise _invalid(f"Catalog 'awsdatacatalog' table property '{name}' does not exist")
        _check_type(name, value)
    if not _get(properties, "is_external", True):
        raise _invalid("Managed Hive tables are not supported: is_external must be true")
    layout = _layout(properties, _compression_properties(properties))
    _check_columns(layout, [column.name for column in creation.columns])
    return layout


def layout_of_unload(properties: Mapping[str, PropertyValue], columns: list[str]) -> Layout:
    """The layout that UNLOAD asks for.

    Raises:
        AthenaError: INVALID_TABLE_PROPERTY, HIVE_COLUMN_ORDER_MISMATCH, ….
    """
    for name, value in properties.items():
        if name not in _OF_UNLOAD:
            raise _invalid(f"Unload property '{name}' does not exist")
        _check_type(name, value)
    if "format" not in properties:
        raise _invalid("UNLOAD needs the property 'format'")
    layout = _layout(properties, ("compression",))
    _check_columns(layout, columns)
    return layout


def compression_of(storage: Storage, name: str | None) -> str:
    """What the writer of a format calls a compression; the format's default without a name.

    Raises:
        AthenaError: INVALID_TABLE_PROPERTY, or NOT_SUPPORTED for one that the local Athena cannot write.
    """
    known = FORMATS[storage.format].compressions
    if name is None:
        return next(iter(known.values()))
    if name.upper() in known:
        return known[name.upper()]
    raise not_supported(f"The local Athena does not write {storage.format} with the compression {name}")


def _layout(properties: Mapping[str, PropertyValue], compressions: tuple[str, ...]) -> Layout:
    format_ = _get(properties, "format", "PARQUET").upper()
    if format_ not in FORMATS:
        message = (
            f"Unable to set catalog 'awsdatacatalog' table property 'format' to ['{format_}']: "
            f"Invalid value [{format_}]. Valid values: [{', '.join(FORMATS)}]"
        )
        raise _invalid(message)
    options = {}
    if "field_delimiter" in properties:
        if format_ != "TEXTFILE":
            raise _invalid(f"Cannot specify field_delimiter table property for storage format: {format_}")
        delimiter = _get(properties, "field_delimiter", "")
        if len(delimiter) != 1:
            raise _invalid(f"Invalid value for field_delimiter: {delimiter!r}, it must be a single character")
        options = {"field.delim": delimiter, "serialization.format": delimiter}
    storage = Storage(format_, FORMATS[format_].serde, options)
    named = [str(properties[name]) for name in compressions if name in properties]
    count = _get(properties, "bucket_count", 0)
    buckets = _get(properties, "bucketed_by", ())
    if bool(buckets) != bool(count):
        raise _invalid("bucketed_by and bucket_count must be specified together")
    return Layout(
        storage,
        compression_of(storage, named[0] if named else None),
        tuple(name.lower() for name in _get(properties, "partitioned_by", ())),
        tuple(name.lower() for name in buckets),
        count,
        _get(properties, "external_location", "") or None,
        named[0].upper() if named else None,
    )


def _compression_properties(properties: Mapping[str, PropertyValue]) -> tuple[str, ...]:
    format_ = _get(properties, "format", "PARQUET").lower()
    return (f"{format_}_compression", "write_compression")


def _check_columns(layout: Layout, columns: list[str]) -> None:
    keys = list(layout.partitioned_by)
    missing = [name for name in keys if name not in columns]
    if missing:
        raise _invalid(f"Partition columns [{', '.join(missing)}] not present in schema")
    if keys and len(keys) == len(columns):
        raise _invalid("Table contains only partition columns")
    if keys and columns[-len(keys) :] != keys:
        message = (
            "Partition keys must be the last columns in the table and in the same order as the table properties: "
            f"[{', '.join(keys)}]"
        )
        raise AthenaError("HIVE_COLUMN_ORDER_MISMATCH", message)
    missing = [name for name in layout.bucketed_by if name not in columns]
    if missing:
        raise _invalid(f"Bucketing columns [{', '.join(missing)}] not present in schema")
    both = [name for name in layout.bucketed_by if name in keys]
    if both:
        raise _invalid(f"Bucketing columns [{', '.join(both)}] are also used as partitioning columns")


def _check_type(name: str, value: PropertyValue) -> None:
    expected = _KNOWN[name]
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        shown = f"'{value}'" if isinstance(value, str) else str(value)
        message = f"Cannot convert [{shown}] to {_NAMES_OF_TYPES[expected]}"
        raise _invalid(f"Invalid value for catalog 'awsdatacatalog' table property '{name}': {message}")


def _get(properties: Mapping[str, PropertyValue], name: str, default: _Value) -> _Value:
    value = properties.get(name, default)
    assert isinstance(value, type(default)), "types have been checked"
    return value


def _invalid(message: str) -> AthenaError:
    return AthenaError("INVALID_TABLE_PROPERTY", message)
