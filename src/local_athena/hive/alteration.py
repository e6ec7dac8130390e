"""ALTER TABLE, and MSCK REPAIR TABLE, of Hive tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local_athena.catalogue.model import Table
from local_athena.errors import AthenaError, not_supported
from local_athena.hive import entries, projection, tables
from local_athena.hive.partitions import DEFAULT, path_name, values_in_path
from local_athena.hive.specifications import need_partition, values_of
from local_athena.locations import folder
from local_athena.store import AlreadyExistsError, Entry, Glue, MissingError, Objects
from local_athena.table_format import (
    AddColumns,
    AddPartitions,
    Alteration,
    ChangeColumn,
    ColumnDefinition,
    DropColumn,
    DropPartitions,
    RenamePartition,
    RenameTable,
    ReplaceColumns,
    SetLocation,
    SetProperties,
    UnsetProperties,
)

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


class HiveAlterer:
    """Changes Hive tables."""

    def __init__(self, objects: Objects, glue: Glue) -> None:
        self._objects = objects
        self._glue = glue

    def alter(self, table: Table, alteration: Alteration) -> None:
        """See `TableFormat.alter`."""
        match alteration:
            case AddColumns(columns):
                self._set_columns(table, [*_columns(table), *map(_described, columns)])
            case ReplaceColumns(columns):
                self._set_columns(table, [_described(column) for column in columns])
            case ChangeColumn():
                self._set_columns(table, _changed(_columns(table), alteration))
            case SetProperties(properties):
                self._set_parameters(table, {**tables.parameters_of(table), **properties})
            case UnsetProperties(names, if_exists):
                self._unset(table, names, if_exists)
            case SetLocation(location, None):
                folder(location)
                descriptor = {**tables.descriptor_of(table), "Location": location}
                self._update(table, StorageDescriptor=descriptor)
            case SetLocation(location, partition) if partition is not None:
                folder(location)
                found = need_partition(self._glue, table, partition)
                descriptor = {**found["StorageDescriptor"], "Location": location}
                self._update_partition(table, found, StorageDescriptor=descriptor)
            case AddPartitions():
                self._add_partitions(table, alteration)
            case DropPartitions():
                self._drop_partitions(table, alteration)
            case RenamePartition(old, new):
                found = need_partition(self._glue, table, old)
                self._update_partition(table, found, Values=list(values_of(table, new)))
            case DropColumn():
                raise AthenaError("FAILED", "ParseException: ALTER TABLE DROP COLUMN is for Iceberg tables only")
            case RenameTable():
                raise AthenaError("FAILED", "SemanticException: Athena does not rename Hive tables")

    def repair(self, table: Table) -> list[str]:
        """MSCK REPAIR TABLE: adds the partitions whose folders are named `key=value`; gives what it prints."""
        keys = [column.name for column in tables.partition_columns(table)]
        if not keys:
            return []
        place = tables.location_of(table)
        known = {tuple(entry["Values"]) for entry in self._glue.partitions(table.name.database, table.name.table)}
        found: dict[tuple[str, ...], str] = {}
        for stored in self._objects.under(place.bucket, place.prefix):
            path = stored.key[len(place.prefix) :]
            values = values_in_path("/".join(path.split("/")[: len(keys)]), keys)
            if values is not None and path.count("/") >= len(keys) and values not in known:
                found[values] = place.below("/".join(path.split("/")[: len(keys)])).address.rstrip("/")
        shown = f"{table.name.table}:"
        lines = [f"Partitions not in metastore:\t{' '.join(shown + path_name(keys, values) for values in found)}"]
        for values, location in found.items():
            self._create_partition(table, values, location)
            lines.append(f"Repair: Added partition to metastore {shown}{path_name(keys, values)}")
        return lines if found else []

    def _set_columns(self, table: Table, columns: Sequence[Mapping[str, str]]) -> None:
        names = [column["Name"].lower() for column in columns]
        names += [column.name for column in tables.partition_columns(table)]
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated is not None:
            raise AthenaError("FAILED", f"SemanticException [Error 10036]: Duplicate column name: {repeated}")
        self._update(table, StorageDescriptor={**tables.descriptor_of(table), "Columns": list(columns)})

    def _set_parameters(self, table: Table, parameters: Mapping[str, str]) -> None:
        self._update(table, Parameters=dict(parameters))

    def _unset(self, table: Table, names: Sequence[str], if_exists: bool) -> None:
        parameters = tables.parameters_of(table)
        missing = next((name for name in names if name not in parameters), None)
        if missing is not None and not if_exists:
            message = f"Please use the following syntax if not sure whether the property existed or not: {missing}"
            raise AthenaError("FAILED", f"SemanticException [Error 10215]: {message}")
        self._set_parameters(table, {name: value for name, value in parameters.items() if name not in names})

    def _add_partitions(self, table: Table, alteration: AddPartitions) -> None:
        _refuse_projection(table)
        keys = [column.name for column in tables.partition_columns(table)]
        added = [
            (
                values_of(table, given),
                location or tables.location_of(table).below(path_name(keys, values_of(table, given))).address,
            )
            for given, location in alteration.partitions
        ]
        known = {values for values, _ in added if self._glue.partition(table.name.database, table.name.table, values)}
        for values, location in added:
            folder(location)
            if values in known and not alteration.if_not_exists:
                raise _failed(f"AlreadyExistsException(message:Partition already exists: {list(values)})")
        for values, location in added:
            if values not in known:
                self._create_partition(table, values, location)

    def _drop_partitions(self, table: Table, alteration: DropPartitions) -> None:
        _refuse_projection(table)
        dropped: dict[tuple[str, ...], None] = {}
        existing = self._glue.partitions(table.name.database, table.name.table)
        for conditions in alteration.partitions:
            found = [tuple(entry["Values"]) for entry in existing if _holds(table, entry["Values"], conditions)]
            if not found and not alteration.if_exists:
                shown = ", ".join(f"{column} {operator} '{value}'" for column, operator, value in conditions)
                raise AthenaError("FAILED", f"SemanticException [Error 10006]: Partition not found ({shown})")
            dropped.update(dict.fromkeys(found))
        for values in dropped:
            self._glue.delete_partition(table.name.database, table.name.table, values)

    def _create_partition(self, table: Table, values: Sequence[str], location: str) -> None:
        made = entries.of_partition(table.handle, values, location)
        try:
            self._glue.create_partition(table.name.database, table.name.table, made)
        except AlreadyExistsError as error:
            raise _failed(f"AlreadyExistsException(message:Partition already exists: {list(values)})") from error

    def _update_partition(self, table: Table, entry: Entry, **changes: Any) -> None:
        made = entries.partition_input(entry, **changes)
        try:
            self._glue.update_partition(table.name.database, table.name.table, entry["Values"], made)
        except (MissingError, AlreadyExistsError) as error:
            raise _failed(f"{error}") from error

    def _update(self, table: Table, **changes: Any) -> None:
        self._glue.update_table(
            table.name.database,
            entries.table_input(table.handle, **changes),
            version=table.handle.get("VersionId"),
            skip_archive=False,
        )


def _columns(table: Table) -> list[Mapping[str, str]]:
    return list(tables.descriptor_of(table).get("Columns") or ())


def _described(column: ColumnDefinition) -> dict[str, str]:
    described = {"Name": column.name, "Type": column.hive_type}
    return {**described, "Comment": column.comment} if column.comment else described


def _changed(columns: Sequence[Mapping[str, str]], change: ChangeColumn) -> list[Mapping[str, str]]:
    """The columns after CHANGE COLUMN."""
    names = [column["Name"].lower() for column in columns]
    if change.old not in names:
        raise AthenaError("FAILED", f"SemanticException [Error 10002]: Invalid column reference {change.old}")
    old = columns[names.index(change.old)]
    made = _described(change.column)
    if not change.comment_given and old.get("Comment"):
        made["Comment"] = old["Comment"]
    rest = [column for column in columns if column is not old]
    if change.first:
        return [made, *rest]
    place = names.index(change.old)
    if change.after is not None:
        others = [column["Name"].lower() for column in rest]
        if change.after not in others:
            raise AthenaError("FAILED", f"SemanticException [Error 10002]: Invalid column reference {change.after}")
        place = others.index(change.after) + 1
    return [*rest[:place], made, *rest[place:]]


def _holds(table: Table, values: Sequence[str], conditions: Sequence[tuple[str, str, str | None]]) -> bool:
    keys = {column.name: index for index, column in enumerate(tables.partition_columns(table))}
    for column, operator, wanted in conditions:
        if column not in keys:
            raise AthenaError("FAILED", f"SemanticException [Error 10096]: Unknown partition column {column}")
        if operator not in _OPERATORS:
            raise AthenaError("FAILED", f"ParseException: Unknown operator {operator}")
        type_ = str(tables.partition_columns(table)[keys[column]].type)
        left, right = values[keys[column]], DEFAULT if wanted is None else wanted
        if not _OPERATORS[operator](_comparable(left, type_), _comparable(right, type_)):
            return False
    return True


def _comparable(text: str, type_: str) -> Any:
    """A text so that texts of numbers compare as numbers."""
    numeric = type_ in ("tinyint", "smallint", "integer", "bigint") and text.lstrip("+-").isdigit()
    return (0, int(text), "") if numeric else (1, 0, text)


def _refuse_projection(table: Table) -> None:
    if projection.is_enabled(tables.parameters_of(table)):
        raise not_supported("The local Athena does not change the partitions of a table with partition projection")


def _failed(message: str) -> AthenaError:
    return AthenaError(
        "FAILED", f"Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. {message}"
    )
