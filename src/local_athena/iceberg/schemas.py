"""Types of Iceberg and of Trino, and the names under which Glue shows them.

Source: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-supported-data-types.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

from pyiceberg.schema import Schema
from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IcebergType,
    IntegerType,
    ListType,
    LongType,
    MapType,
    NestedField,
    StringType,
    StructType,
    TimestampType,
    TimestamptzType,
    TimeType,
    UUIDType,
)

from local_athena.catalogue.model import Column
from local_athena.errors import AthenaError, not_supported
from local_athena.table_format import ColumnDefinition
from local_athena.types import model
from local_athena.types.model import Array, Decimal, Map, Row, Time, Timestamp, Varchar
from local_athena.types.parse import hive_type

_DIGITS = 6

# Iceberg's type, Trino's, and Glue's name. Trino reads `time` and `uuid`; Athena creates no column of them.
_PRIMITIVES: tuple[tuple[IcebergType, model.Type, str], ...] = (
    (BooleanType(), model.BOOLEAN, "boolean"),
    (IntegerType(), model.INTEGER, "int"),
    (LongType(), model.BIGINT, "bigint"),
    (FloatType(), model.REAL, "float"),
    (DoubleType(), model.DOUBLE, "double"),
    (DateType(), model.DATE, "date"),
    (StringType(), model.VARCHAR, "string"),
    (BinaryType(), model.VARBINARY, "binary"),
    (TimestampType(), Timestamp(_DIGITS), "timestamp"),
    (TimestamptzType(), Timestamp(_DIGITS, zoned=True), "timestamp"),
    (TimeType(), Time(_DIGITS), "string"),
    (UUIDType(), model.UUID, "string"),
)
_READ_ONLY = (model.UUID, Time(_DIGITS))
_TO_TRINO = {str(iceberg): trino for iceberg, trino, _ in _PRIMITIVES}
_TO_GLUE = {str(iceberg): name for iceberg, _, name in _PRIMITIVES}
_TO_ICEBERG = {trino: iceberg for iceberg, trino, _ in _PRIMITIVES if trino not in _READ_ONLY}


def trino_type(type_: IcebergType) -> model.Type:
    """The type that a query sees.

    Raises:
        AthenaError: NOT_SUPPORTED for a type that Athena does not read, e.g. `fixed`.
    """
    match type_:
        case DecimalType():
            return Decimal(type_.precision, type_.scale)
        case ListType():
            return Array(trino_type(type_.element_type))
        case MapType():
            return Map(trino_type(type_.key_type), trino_type(type_.value_type))
        case StructType():
            return Row(tuple(model.Field(field.name, trino_type(field.field_type)) for field in type_.fields))
    if str(type_) in _TO_TRINO:
        return _TO_TRINO[str(type_)]
    raise not_supported(f"Athena does not read the Iceberg type {type_}")


def glue_type(type_: IcebergType) -> str:
    """The type as Glue shows it, e.g. `array<int>`."""
    match type_:
        case DecimalType():
            return f"decimal({type_.precision},{type_.scale})"
        case ListType():
            return f"array<{glue_type(type_.element_type)}>"
        case MapType():
            return f"map<{glue_type(type_.key_type)},{glue_type(type_.value_type)}>"
        case StructType():
            return f"struct<{','.join(f'{field.name}:{glue_type(field.field_type)}' for field in type_.fields)}>"
    return _TO_GLUE.get(str(type_), str(type_))


def query_schema(columns: Sequence[Column]) -> Schema:
    """The schema of a CREATE TABLE AS.

    Raises:
        AthenaError: NOT_SUPPORTED for a type that Iceberg tables of Athena cannot hold.
    """
    return _schema([(column.name, column.type, column.comment) for column in columns])


def ddl_schema(columns: Sequence[ColumnDefinition]) -> Schema:
    """The schema of a CREATE TABLE. Raises as `query_schema`."""
    return _schema([(column.name, ddl_type(column), column.comment) for column in columns])


def ddl_type(column: ColumnDefinition) -> model.Type:
    """The type of a column in DDL, where `timestamp` has the six digits that Iceberg stores."""
    return _with_six_digits(hive_type(column.hive_type))


def ddl_field(column: ColumnDefinition, field_id: int, next_id: Callable[[], int]) -> NestedField:
    """A column that ALTER TABLE makes; `next_id` numbers the fields inside of it. Raises as `query_schema`."""
    type_ = _iceberg_type(ddl_type(column), next_id)
    return NestedField(field_id, column.name, type_, required=False, doc=column.comment or None)


def _schema(columns: Sequence[tuple[str, model.Type, str]]) -> Schema:
    numbers = count(len(columns) + 1)
    names = [name for name, _, _ in columns]
    for name in names:
        if names.count(name) > 1:
            raise AthenaError("DUPLICATE_COLUMN_NAME", f"Column name '{name}' specified more than once")
    return Schema(
        *(
            NestedField(number, name, _iceberg_type(type_, lambda: next(numbers)), required=False, doc=comment or None)
            for number, (name, type_, comment) in enumerate(columns, start=1)
        )
    )


def _iceberg_type(type_: model.Type, next_id: Callable[[], int]) -> IcebergType:
    match type_:
        case Varchar():
            return StringType()
        case Decimal(precision, scale):
            return DecimalType(precision, scale)
        case Timestamp(precision, zoned) if precision != _DIGITS:
            zone = " with time zone" if zoned else ""
            raise not_supported(
                f'Timestamp precision ({precision}) not supported for Iceberg. Use "timestamp(6){zone}" instead.'
            )
        case Array(element):
            return ListType(next_id(), _iceberg_type(element, next_id), element_required=False)
        case Map(key, value):
            key_id, value_id = next_id(), next_id()
            key_type, value_type = _iceberg_type(key, next_id), _iceberg_type(value, next_id)
            return MapType(key_id, key_type, value_id, value_type, value_required=False)
        case Row(fields):
            return _struct_type(fields, next_id)
    if type_ in _TO_ICEBERG:
        return _TO_ICEBERG[type_]
    raise not_supported(f"Type not supported for Iceberg: {type_}")


def _struct_type(fields: Sequence[model.Field], next_id: Callable[[], int]) -> IcebergType:
    if any(field.name is None for field in fields):
        raise not_supported("Row type field does not have a name: " + str(Row(tuple(fields))))
    numbers = [next_id() for _ in fields]
    return StructType(
        *(
            NestedField(number, str(field.name), _iceberg_type(field.type, next_id), required=False)
            for number, field in zip(numbers, fields, strict=True)
        )
    )


def _with_six_digits(type_: model.Type) -> model.Type:
    match type_:
        case Timestamp():
            return Timestamp(_DIGITS, type_.zoned)
        case Array(element):
            return Array(_with_six_digits(element))
        case Map(key, value):
            return Map(_with_six_digits(key), _with_six_digits(value))
        case Row(fields):
            return Row(tuple(model.Field(field.name, _with_six_digits(field.type)) for field in fields))
    return type_
