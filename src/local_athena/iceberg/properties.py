"""Table properties: which Athena takes, and under which names Iceberg keeps them.

Source: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html#querying-iceberg-table-properties
and https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html#ctas-table-properties
"""

from __future__ import annotations

from collections.abc import Mapping

from local_athena.errors import AthenaError, not_supported
from local_athena.table_format import PropertyValue

FORMAT = "write.format.default"
COMPRESSION = "write.parquet.compression-codec"
DEFAULTS = {FORMAT: "parquet", COMPRESSION: "zstd"}
_NAMES = {"format": FORMAT, "write_compression": COMPRESSION}
_WORDS = {"format": ("parquet", "orc", "avro"), "write_compression": ("zstd", "gzip", "snappy", "none", "uncompressed")}

TARGET_SIZE = "write_target_data_file_size_bytes"
SMALL_SIZE = "optimize_rewrite_min_data_file_size_bytes"
LARGE_SIZE = "optimize_rewrite_max_data_file_size_bytes"
DATA_FILE_THRESHOLD = "optimize_rewrite_data_file_threshold"
DELETE_FILE_THRESHOLD = "optimize_rewrite_delete_file_threshold"
SNAPSHOTS_TO_KEEP = "vacuum_min_snapshots_to_keep"
SNAPSHOT_AGE = "vacuum_max_snapshot_age_seconds"
METADATA_TO_KEEP = "vacuum_max_metadata_files_to_keep"

# The least and the default of the properties that are whole numbers; None where the default follows from others.
_NUMBERS: dict[str, tuple[int, int | None]] = {
    TARGET_SIZE: (1, 512 * 1024 * 1024),
    SMALL_SIZE: (0, None),
    LARGE_SIZE: (1, None),
    DATA_FILE_THRESHOLD: (1, 5),
    DELETE_FILE_THRESHOLD: (1, 2),
    SNAPSHOTS_TO_KEEP: (1, 1),
    SNAPSHOT_AGE: (0, 432_000),
    METADATA_TO_KEEP: (0, 100),
}
# What Athena takes and the local Athena does not know how to follow.
_REFUSED = ("compression_level", "write_data_path_enabled", "write.data.path", "write.object-storage.path")
# What CREATE TABLE and CREATE TABLE AS take in addition.
_OF_CREATE = {"table_type"}
_OF_QUERY = {"table_type", "is_external", "location", "partitioning"}


def of_definition(properties: Mapping[str, str]) -> dict[str, str]:
    """Iceberg's properties of a CREATE TABLE. Raises as `of_change`."""
    given = {name: value for name, value in properties.items() if name.lower() not in _OF_CREATE}
    return {**DEFAULTS, **of_change(given)}


def of_query(properties: Mapping[str, PropertyValue]) -> dict[str, str]:
    """Iceberg's properties of a CREATE TABLE AS. Raises as `of_change`, or NOT_SUPPORTED as Athena does."""
    if properties.get("is_external", True) is not False:
        raise not_supported("Iceberg tables cannot be external: the property is_external must be false")
    given = {name: str(value) for name, value in properties.items() if name not in _OF_QUERY}
    for name in given:
        if not is_known(name):
            message = f"Catalog 'awsdatacatalog' table property '{name}' does not exist"
            raise AthenaError("INVALID_TABLE_PROPERTY", message)
    return {**DEFAULTS, **of_change(given)}


def of_change(properties: Mapping[str, str]) -> dict[str, str]:
    """Iceberg's properties of an ALTER TABLE SET TBLPROPERTIES.

    Raises:
        AthenaError: INVALID_TABLE_PROPERTY for a property or value that is not on Athena's list; NOT_SUPPORTED for a
            format that the local Athena does not write.
    """
    return dict(_checked(name.lower(), value) for name, value in properties.items())


def _checked(name: str, value: str) -> tuple[str, str]:
    if name in _WORDS:
        word = value.lower()
        if word not in _WORDS[name]:
            raise _invalid(name, value)
        if name == "format" and word != "parquet":
            raise not_supported(f"The local Athena writes Iceberg tables as PARQUET only, got: {value}")
        return _NAMES[name], "uncompressed" if word == "none" else word
    if name in _NUMBERS:
        if not value.isdigit() or int(value) < _NUMBERS[name][0]:
            raise _invalid(name, value)
        return name, value
    if name in _REFUSED:
        raise not_supported(f"The local Athena does not follow the table property {name}")
    raise AthenaError("INVALID_TABLE_PROPERTY", f"Unsupported table property key: {name}")


def is_known(name: str) -> bool:
    """Whether Athena has a table property of this name for Iceberg tables."""
    return name in _WORDS or name in _NUMBERS or name in _REFUSED


def _invalid(name: str, value: str) -> AthenaError:
    return AthenaError("INVALID_TABLE_PROPERTY", f"Invalid value for table property {name}: {value}")


def athena_name(name: str) -> str:
    """The name under which Athena takes a property of Iceberg."""
    return next((athena for athena, iceberg in _NAMES.items() if iceberg == name), name)


def iceberg_name(name: str) -> str:
    """The name under which Iceberg keeps a property of Athena."""
    return _NAMES.get(name.lower(), name.lower())


def number(properties: Mapping[str, str], name: str) -> int:
    """The value of a property that is a whole number, or its default."""
    default = _NUMBERS[name][1]
    if default is None:
        share = 0.75 if name == SMALL_SIZE else 1.8
        default = int(share * number(properties, TARGET_SIZE))
    return int(properties.get(name, default))
