"""Columns of Parquet files: found by name, checked against the table's types, read as their representation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from local_athena.billing import RowGroup, row_groups
from local_athena.catalogue.model import Column
from local_athena.dialect.representation import duckdb_type, quoted
from local_athena.errors import AthenaError
from local_athena.types.model import Array, Char, Decimal, Map, Row, Simple, Timestamp, Type, Varchar

# All but bigint are 32 bits wide in a file, whether it says so or not.
_INTEGERS = {"tinyint": 32, "smallint": 32, "integer": 32, "bigint": 64}


@dataclass(frozen=True)
class Footer:
    """What a Parquet file says of itself.

    Attributes:
        columns: names as written and types, in order.
        groups: its row groups, for what reading costs.
    """

    columns: tuple[tuple[str, pa.DataType], ...]
    groups: tuple[RowGroup, ...]


def footer(path: Path, address: str) -> Footer:
    """The footer of a file.

    Raises:
        AthenaError: HIVE_BAD_DATA if it is no Parquet file.
    """
    try:
        metadata = pq.read_metadata(path)
        schema = metadata.schema.to_arrow_schema()
    except (pa.ArrowException, OSError) as error:
        raise AthenaError("HIVE_BAD_DATA", f"Malformed Parquet file. {address}: {error}") from error
    return Footer(tuple((field.name, field.type) for field in schema), row_groups(metadata))


@dataclass(frozen=True)
class Found:
    """A column of a table in a file: its name there as written, None if the file does not have it, and its type."""

    name: str | None
    type: pa.DataType | None = None


def find(columns: Sequence[Column], names: Sequence[str], file: Footer, *, by_index: bool) -> tuple[Found, ...]:
    """Where the columns of a table stand in a file.

    Args:
        columns: of the table.
        names: of all columns of the table that stand in files, in order.
        file: its footer.
        by_index: whether position counts, and not the name.
    """
    by_name: Mapping[str, tuple[str, pa.DataType]] = {name.lower(): (name, type_) for name, type_ in file.columns}
    found = []
    for column in columns:
        if by_index:
            index = names.index(column.name)
            found.append(Found(*file.columns[index]) if index < len(file.columns) else Found(None))
        else:
            found.append(Found(*by_name[column.name]) if column.name in by_name else Found(None))
    return tuple(found)


def expression(column: Column, found: Found, address: str) -> str:
    """DuckDB SQL of the column's value.

    Raises:
        AthenaError: HIVE_BAD_DATA if the file holds another type.
    """
    target = duckdb_type(column.type)
    if found.name is None:
        return f"cast(null as {target})"
    if not _fits(found.type, column.type):
        message = (
            f"Field {column.name}'s type {str(found.type).upper()} in parquet file {address} is incompatible with type "
            f"{column.type} defined in table schema"
        )
        raise AthenaError("HIVE_BAD_DATA", message)
    value = quoted(found.name)
    match column.type:
        case Varchar(length) | Char(length):
            text = f"decode({value})" if _is_binary(found.type) else f"cast({value} as varchar)"
            text = text if length is None else f"left({text}, {length})"
            return f"rtrim({text}, ' ')" if isinstance(column.type, Char) else text
        case Simple("varbinary") if not _is_binary(found.type):
            return f"encode({value})"
        case Timestamp(3, False) if getattr(found.type, "unit", "ms") not in ("s", "ms"):
            return f"date_trunc('millisecond', cast({value} as timestamp) + interval 500 microsecond)"
    return f"cast({value} as {target})"


def _is_binary(type_: pa.DataType | None) -> bool:
    return bool(pa.types.is_binary(type_) or pa.types.is_large_binary(type_) or pa.types.is_fixed_size_binary(type_))


def _is_text(type_: pa.DataType | None) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_)) or _is_binary(type_)


def _fits(file: Any, table: Type) -> bool:
    """Whether a column of a file can be read as the table's type."""
    match table:
        case Simple(name) if name in _INTEGERS:
            return bool(pa.types.is_integer(file)) and file.bit_width <= _INTEGERS[name]
        case Simple("boolean"):
            return bool(pa.types.is_boolean(file))
        case Simple("real"):
            return bool(pa.types.is_float32(file))
        case Simple("double"):
            return bool(pa.types.is_floating(file))
        case Simple("date"):
            return bool(pa.types.is_date(file))
        case Simple("varbinary") | Varchar() | Char():
            return _is_text(file)
        case Decimal(_, scale):
            whole = bool(pa.types.is_integer(file)) and scale == 0
            return whole or (bool(pa.types.is_decimal(file)) and file.scale <= scale)
        case Timestamp():
            return bool(pa.types.is_timestamp(file))
        case Array(element):
            return bool(pa.types.is_list(file) or pa.types.is_large_list(file)) and _fits(file.value_type, element)
        case Map(key, value):
            return bool(pa.types.is_map(file)) and _fits(file.key_type, key) and _fits(file.item_type, value)
        case Row(fields):
            if not pa.types.is_struct(file):
                return False
            members = {file.field(index).name.lower(): file.field(index).type for index in range(file.num_fields)}
            return all(
                _fits(members[field.name.lower()], field.type)
                for field in fields
                if field.name is not None and field.name.lower() in members
            )
    return False
