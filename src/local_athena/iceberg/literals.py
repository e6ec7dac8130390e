"""Values as DuckDB SQL, in the representation of their types: for small tables that are made up on the spot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timezone
from typing import Any

from local_athena.catalogue.model import Column
from local_athena.dialect.representation import duckdb_type, field_names, literal, quoted
from local_athena.types.model import Array, Map, Row, Time, Timestamp, Type


def select_rows(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> str:
    """A DuckDB SELECT of rows that are known.

    Args:
        columns: names and types.
        rows: Python values: dicts for maps, sequences for arrays and rows, aware datetimes for times with zone.
    """
    names = ", ".join(quoted(column.name) for column in columns)
    listed = [f"({', '.join(sql_value(v, c.type) for v, c in zip(row, columns, strict=True))})" for row in rows]
    nulls = f"({', '.join(sql_value(None, column.type) for column in columns)})"
    source = f"select * from (values {', '.join(listed or [nulls])}) t({names})"
    return source if listed else f"{source} where false"


def sql_value(value: Any, type_: Type) -> str:
    """A DuckDB expression: one value."""
    held = duckdb_type(type_)
    if value is None:
        return f"null::{held}"
    match type_:
        case Array(element):
            return f"[{', '.join(sql_value(item, element) for item in value)}]::{held}"
        case Map(key, content):
            entries = ", ".join(f"{sql_value(k, key)}: {sql_value(v, content)}" for k, v in value.items())
            return f"map {{{entries}}}::{held}"
        case Row(fields):
            members = zip(field_names(type_), fields, value, strict=True)
            entries = ", ".join(f"{quoted(name)}: {sql_value(item, field.type)}" for name, field, item in members)
            return f"{{{entries}}}::{held}"
        case Timestamp(zoned=True):
            instant = value.astimezone(timezone.utc).replace(tzinfo=None)
            return f"{{'instant': timestamp '{instant}', 'zone': 'UTC'}}::{held}"
        case Timestamp() | Time():
            return f"{literal(str(value))}::{held}"
    if isinstance(value, bytes):
        return f"unhex('{value.hex()}')"
    if isinstance(value, (date, datetime)):
        return f"{literal(value.isoformat())}::{held}"
    return f"{literal(str(value))}::{held}"
