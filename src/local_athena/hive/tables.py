"""Hive tables and their partitions as Glue describes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_athena.catalogue.model import Column, Table, TableName
from local_athena.errors import AthenaError
from local_athena.hive import projection
from local_athena.hive.partitions import path_name
from local_athena.hive.storage import Storage, storage_of
from local_athena.locations import Folder, folder
from local_athena.store import Entry, Glue
from local_athena.types.model import BIGINT, INTEGER, VARCHAR, Timestamp
from local_athena.types.parse import hive_type

_PATH = Column("$path", VARCHAR, hidden=True)
_SIZE = Column("$file_size", BIGINT, hidden=True)
_MODIFIED = Column("$file_modified_time", Timestamp(3, zoned=True), hidden=True)
_PARTITION = Column("$partition", VARCHAR, hidden=True)
_BUCKET = Column("$bucket", INTEGER, hidden=True)
PARTITIONS = "partitions"


@dataclass(frozen=True)
class PartitionsOf:
    """Handle of `t$partitions`."""

    table: Table


@dataclass(frozen=True)
class Partition:
    """A partition, or the whole of a table without partitions.

    Attributes:
        values: as Glue holds them.
        name: `a=1/b=x`; empty for a whole table.
        place: where its files are.
        storage: how they are written.
        columns: names and Hive types of the columns in its files, as Glue says.
    """

    values: tuple[str, ...]
    name: str
    place: Folder
    storage: Storage
    columns: tuple[tuple[str, str], ...]


def table_of(name: TableName, entry: Entry) -> Table:
    """The table of a Glue entry.

    Raises:
        AthenaError: for a column of an unknown type.
    """
    descriptor = entry.get("StorageDescriptor") or {}
    data = [_column(found) for found in descriptor.get("Columns", ())]
    keys = [_column(found, partition=True) for found in entry.get("PartitionKeys") or ()]
    hidden = [_PATH, _SIZE, _MODIFIED]
    if keys:
        hidden.append(_PARTITION)
    if descriptor.get("BucketColumns"):
        hidden.append(_BUCKET)
    return Table(name, (*data, *keys, *hidden), "hive", handle=entry)


def partitions_table(table: Table) -> Table | None:
    """`t$partitions`; None for a table without partitions."""
    keys = partition_columns(table)
    if not keys:
        return None
    name = TableName(table.name.database, f"{table.name.table}${PARTITIONS}")
    columns = tuple(Column(key.name, key.type) for key in keys)
    return Table(name, columns, "metadata", handle=PartitionsOf(table))


def data_columns(table: Table) -> tuple[Column, ...]:
    """The columns that stand in the files."""
    return tuple(column for column in table.columns if not column.partition and not column.hidden)


def partition_columns(table: Table) -> tuple[Column, ...]:
    """The columns whose values stand in Glue."""
    return tuple(column for column in table.columns if column.partition)


def descriptor_of(table: Table) -> Mapping[str, Any]:
    """The StorageDescriptor of a table."""
    found: Mapping[str, Any] = table.handle["StorageDescriptor"]
    return found


def location_of(table: Table) -> Folder:
    """Where a table's files are."""
    return folder(descriptor_of(table).get("Location") or "")


def parameters_of(table: Table) -> Mapping[str, str]:
    """The properties of a table."""
    found: Mapping[str, str] = table.handle.get("Parameters") or {}
    return found


def partitions_of(glue: Glue, table: Table, wanted: projection.Wanted) -> list[Partition]:
    """The partitions of a table, in the order of their names; the whole table if it has none.

    Raises:
        AthenaError: of projection; NOT_SUPPORTED for a SerDe that is not known.
    """
    keys = [column.name for column in partition_columns(table)]
    if not keys:
        return [_partition(table, (), "", descriptor_of(table))]
    if projection.is_enabled(parameters_of(table)):
        found = projection.partitions(parameters_of(table), keys, location_of(table), wanted)
        whole = descriptor_of(table)
        return [
            _partition(table, values, path_name(keys, values), {**whole, "Location": place}) for values, place in found
        ]
    entries = glue.partitions(table.name.database, table.name.table)
    made = (
        _partition(table, tuple(entry["Values"]), path_name(keys, entry["Values"]), entry["StorageDescriptor"])
        for entry in entries
    )
    return sorted(made, key=lambda partition: partition.name)


def check_schema(table: Table, partition: Partition, columns: Sequence[Column]) -> None:
    """Refuses a partition whose columns have other types than the table's.

    Raises:
        AthenaError: HIVE_PARTITION_SCHEMA_MISMATCH.
    """
    declared = {found["Name"].lower(): found["Type"] for found in descriptor_of(table).get("Columns", ())}
    own = dict(partition.columns)
    for column in columns:
        theirs, ours = own.get(column.name), declared.get(column.name)
        if theirs is None or ours is None or theirs == ours or _widens(hive_type(theirs), column):
            continue
        message = (
            "There is a mismatch between the table and partition schemas. The types are incompatible and cannot be "
            f"coerced. The column '{column.name}' in table '{table.name.database}.{table.name.table}' is declared as "
            f"type '{ours}', but partition '{partition.name}' declared column '{column.name}' as type '{theirs}'."
        )
        raise AthenaError("HIVE_PARTITION_SCHEMA_MISMATCH", message)


_ORDERED = ("tinyint", "smallint", "integer", "bigint")


def _widens(theirs: Any, column: Column) -> bool:
    """Whether Hive reads the partition's type as the table's: wider integers and floats, and texts of any length."""
    source, target = str(theirs), str(column.type)
    if source in _ORDERED and target in _ORDERED:
        return _ORDERED.index(source) <= _ORDERED.index(target)
    return source == target or (source, target) == ("real", "double") or target == "varchar"


def _column(found: Mapping[str, Any], *, partition: bool = False) -> Column:
    type_ = hive_type(found["Type"])
    return Column(found["Name"].lower(), type_, found.get("Comment") or "", partition=partition)


def _partition(table: Table, values: tuple[str, ...], name: str, own: Mapping[str, Any]) -> Partition:
    # What a partition does not say is as in its table.
    descriptor = {**descriptor_of(table), **{key: value for key, value in own.items() if value}}
    columns = tuple((found["Name"].lower(), found["Type"]) for found in descriptor.get("Columns") or ())
    place = folder(descriptor.get("Location") or "")
    return Partition(values, name, place, storage_of(descriptor, parameters_of(table)), columns)
