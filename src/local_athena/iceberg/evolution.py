"""ALTER TABLE: columns and properties. No data file is touched: old files are read by the ids of their fields.

Source: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-evolving-table-schema.html
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from pyiceberg.schema import Schema
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.update import (
    AddSchemaUpdate,
    RemovePropertiesUpdate,
    SetCurrentSchemaUpdate,
    SetPropertiesUpdate,
    TableUpdate,
)
from pyiceberg.types import DecimalType, DoubleType, FloatType, IcebergType, IntegerType, LongType, NestedField

from local_athena.errors import AthenaError, not_supported
from local_athena.iceberg import properties
from local_athena.iceberg.schemas import ddl_field, glue_type
from local_athena.iceberg.tables import State, Tables
from local_athena.table_format import (
    AddColumns,
    Alteration,
    ChangeColumn,
    DropColumn,
    RenameTable,
    SetProperties,
    UnsetProperties,
)

Fields = list[NestedField]


def alter(tables: Tables, state: State, alteration: Alteration) -> None:
    """ALTER TABLE.

    Raises:
        AthenaError: for what Athena refuses; the table is then as it was.
    """
    match alteration:
        case RenameTable(name):
            tables.rename(state, name)
        case SetProperties(given):
            changed = properties.of_change(given)
            tables.commit(state, lambda *_: (SetPropertiesUpdate(updates=changed),), on_top=True)
        case UnsetProperties():
            removals = _removals(state, alteration)
            tables.commit(state, lambda *_: (RemovePropertiesUpdate(removals=removals),), on_top=True)
        case AddColumns() | ChangeColumn() | DropColumn():
            tables.commit(state, lambda now, _: _schema_updates(now.metadata, alteration))
        case _:
            raise not_supported("This ALTER TABLE is not supported for table type ICEBERG")


def _removals(state: State, alteration: UnsetProperties) -> list[str]:
    given = {name: properties.iceberg_name(name) for name in alteration.names}
    missing = [name for name, kept in given.items() if kept not in state.metadata.properties]
    if missing and not alteration.if_exists:
        raise AthenaError("INVALID_TABLE_PROPERTY", f"Table property does not exist: {missing[0]}")
    return [kept for name, kept in given.items() if name not in missing]


def _schema_updates(
    metadata: TableMetadata, alteration: AddColumns | ChangeColumn | DropColumn
) -> tuple[TableUpdate, ...]:
    numbers = count(metadata.last_column_id + 1)
    fields = list(metadata.schema().fields)
    match alteration:
        case AddColumns(columns):
            for column in columns:
                _refuse_name(fields, column.name)
                fields.append(ddl_field(column, next(numbers), lambda: next(numbers)))
        case DropColumn(name):
            _drop(metadata, fields, name)
        case ChangeColumn():
            _change(fields, alteration, lambda: next(numbers))
    schema_id = max(schema.schema_id for schema in metadata.schemas) + 1
    schema = Schema(*fields, schema_id=schema_id, identifier_field_ids=metadata.schema().identifier_field_ids)
    return AddSchemaUpdate(schema=schema), SetCurrentSchemaUpdate.model_validate({"schema-id": schema_id})


def _place(fields: Fields, name: str) -> int:
    for place, field in enumerate(fields):
        if field.name.lower() == name:
            return place
    raise AthenaError("COLUMN_NOT_FOUND", f"Column '{name}' does not exist")


def _refuse_name(fields: Fields, name: str) -> None:
    if any(field.name.lower() == name for field in fields):
        raise AthenaError("COLUMN_ALREADY_EXISTS", f"Column '{name}' already exists")


def _drop(metadata: TableMetadata, fields: Fields, name: str) -> None:
    dropped = fields.pop(_place(fields, name))
    if not fields:
        raise not_supported("Cannot drop the only column in a table")
    # Older partition specs may need the column too: their manifests store values of its type.
    if any(field.source_id == dropped.field_id for spec in metadata.partition_specs for field in spec.fields):
        raise not_supported(f"Cannot drop partition field: {name}")


def _change(fields: Fields, change: ChangeColumn, next_id: Callable[[], int]) -> None:
    place = _place(fields, change.old)
    old = fields.pop(place)
    column = change.column
    _refuse_name(fields, column.name)
    asked = ddl_field(column, old.field_id, next_id)
    comment = asked.doc if change.comment_given else old.doc
    type_ = _promoted(change.old, old.field_type, asked.field_type)
    if change.first:
        place = 0
    elif change.after is not None:
        place = _place(fields, change.after) + 1
    fields.insert(place, NestedField(old.field_id, column.name, type_, required=old.required, doc=comment))


def _promoted(name: str, old: IcebergType, asked: IcebergType) -> IcebergType:
    """The type that a column gets, whose old files must stay readable."""
    if glue_type(old) == glue_type(asked):
        return old
    match old, asked:
        case (IntegerType(), LongType()) | (FloatType(), DoubleType()):
            return asked
        case DecimalType(), DecimalType() if old.scale == asked.scale and old.precision < asked.precision:
            return asked
    if not (old.is_primitive and asked.is_primitive):
        raise not_supported("The local Athena does not change the fields inside of a column")
    message = f"Failed to set column type: Cannot change column type: {name}: {old} -> {asked}"
    raise AthenaError("ICEBERG_COMMIT_ERROR", message)
