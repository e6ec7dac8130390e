"""Between the representation of values in DuckDB and the form in which Iceberg's Parquet files hold them.

They differ for timestamps with time zone: files hold the instant, which is shown in UTC. And an old file may name,
order or type its fields otherwise than the table does today: fields are found by id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pyiceberg.types import IcebergType, ListType, MapType, NestedField, StructType, TimestamptzType

from local_athena.dialect.representation import duckdb_type, quoted
from local_athena.iceberg.footers import FileField
from local_athena.iceberg.schemas import trino_type

# Converts one value of a type, given the field of the file that holds it; None where no file does yet.
_Converter = Callable[[str, IcebergType, "FileField | None"], str]


def to_storage(value: str, type_: IcebergType) -> str:
    """A DuckDB expression: the value as it is written into a file."""
    return _write(value, type_, None)


def from_storage(value: str, type_: IcebergType, field: FileField) -> str:
    """A DuckDB expression: a value of a file in the representation of its type today.

    Args:
        value: the column of the file.
        type_: of the table's column.
        field: the file's column.
    """
    return f"cast({_read(value, type_, field)} as {duckdb_type(trino_type(type_))})"


def no_value(type_: IcebergType) -> str:
    """A DuckDB expression: null, for a column that a file does not have."""
    return f"cast(null as {duckdb_type(trino_type(type_))})"


def field_ids(fields: Iterable[NestedField]) -> str:
    """The option `field_ids` of DuckDB's COPY for these columns."""
    return _braced({field.name: _ids(field.field_id, field.field_type) for field in fields})


def _ids(field_id: int, type_: IcebergType) -> str:
    match type_:
        case StructType():
            inner = {field.name: _ids(field.field_id, field.field_type) for field in type_.fields}
        case ListType():
            inner = {"element": _ids(type_.element_id, type_.element_type)}
        case MapType():
            inner = {
                "key": _ids(type_.key_id, type_.key_type),
                "value": _ids(type_.value_id, type_.value_type),
            }
        case _:
            return str(field_id)
    return _braced({"__duckdb_field_id": str(field_id), **inner})


def _braced(members: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{quoted(name)}: {value}' for name, value in members.items())}}}"


def _write(value: str, type_: IcebergType, _field: FileField | None) -> str:
    if not _is_held_otherwise(type_):
        return value
    if isinstance(type_, TimestamptzType):
        return f"timezone('UTC', {value}.instant)"
    return _inside(value, type_, None, _write)


def _read(value: str, type_: IcebergType, field: FileField | None) -> str:
    if isinstance(type_, TimestamptzType):
        shown = f"struct_pack(instant := timezone('UTC', {value}), zone := 'UTC')"
        return f"case when {value} is not null then {shown} end"
    if not _is_held_otherwise(type_) and _is_as_today(type_, field):
        return value
    return _inside(value, type_, field, _read)


def _is_held_otherwise(type_: IcebergType) -> bool:
    """Whether a zoned timestamp is inside, or a field whose name is not in lower case as DuckDB holds it."""
    match type_:
        case ListType():
            return _is_held_otherwise(type_.element_type)
        case MapType():
            return _is_held_otherwise(type_.key_type) or _is_held_otherwise(type_.value_type)
        case StructType():
            return any(
                field.name != field.name.lower() or _is_held_otherwise(field.field_type) for field in type_.fields
            )
    return isinstance(type_, TimestamptzType)


def _is_as_today(type_: IcebergType, field: FileField | None) -> bool:
    """Whether the structs inside have the same fields under the same names in the same order."""
    if field is None:
        return True
    match type_:
        case ListType():
            return _is_as_today(type_.element_type, field.children[0])
        case MapType():
            return _is_as_today(type_.key_type, field.children[0]) and _is_as_today(type_.value_type, field.children[1])
        case StructType():
            if [(member.field_id, member.name) for member in type_.fields] != [
                (child.field_id, child.name) for child in field.children
            ]:
                return False
            pairs = zip(type_.fields, field.children, strict=True)
            return all(_is_as_today(member.field_type, child) for member, child in pairs)
    return True


def _inside(value: str, type_: IcebergType, field: FileField | None, convert: _Converter) -> str:
    """Converts what is inside of a nested value; one that is null stays null."""
    children = field.children if field else (None, None)
    item = f"e{value.count('lambda')}"
    match type_:
        case ListType():
            element = convert(item, type_.element_type, children[0])
            return f"list_transform({value}, lambda {item}: {element})"
        case MapType():
            key = convert(f"{item}.key", type_.key_type, children[0])
            content = convert(f"{item}.value", type_.value_type, children[1])
            entry = f"struct_pack(key := {key}, value := {content})"
            return f"map_from_entries(list_transform(map_entries({value}), lambda {item}: {entry}))"
        case StructType():
            members = ", ".join(
                f"{quoted(member.name)} := {_member(value, member, field, convert)}" for member in type_.fields
            )
            return f"case when {value} is not null then struct_pack({members}) end"
    return value


def _member(value: str, member: NestedField, field: FileField | None, convert: _Converter) -> str:
    if field is None:
        return convert(f"{value}.{quoted(member.name)}", member.field_type, None)
    for child in field.children:
        if child.field_id == member.field_id:
            return convert(f"{value}.{quoted(child.name)}", member.field_type, child)
    return no_value(member.field_type)
