"""Views in Glue: the query stands in the entry as JSON in base64, as Athena writes it."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Sequence
from typing import Any

from local_athena.catalogue.model import Column, TableName, View
from local_athena.errors import AthenaError
from local_athena.store import Entry
from local_athena.types.model import Array, Map, Row, Type
from local_athena.types.parse import hive_name, trino_type

VIRTUAL_VIEW = "VIRTUAL_VIEW"
_CATALOG = "awsdatacatalog"
_ORIGINAL = re.compile(r"/\* Presto View: (?P<content>[A-Za-z0-9+/=]+) \*/")
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


def is_view(entry: Entry) -> bool:
    """Whether a Glue entry is a view."""
    return entry.get("TableType") == VIRTUAL_VIEW


def view_of(name: TableName, entry: Entry) -> View:
    """The view of a Glue entry.

    Raises:
        AthenaError: HIVE_INVALID_VIEW_DATA if Athena did not make it.
    """
    found = _ORIGINAL.fullmatch((entry.get("ViewOriginalText") or "").strip())
    if found is None:
        raise AthenaError("HIVE_VIEW_TRANSLATION_ERROR", f"View is not a Presto view: {name}")
    try:
        content = json.loads(base64.b64decode(found["content"]))
        columns = tuple(Column(column["name"], trino_type(column["type"])) for column in content["columns"])
        return View(name, columns, content["originalSql"], content.get("schema") or name.database)
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise AthenaError("HIVE_INVALID_VIEW_DATA", f"Invalid view data of {name}: {error}") from error


def view_input(view: View) -> dict[str, Any]:
    """The entry that CREATE VIEW makes."""
    content = {
        "originalSql": view.sql,
        "catalog": _CATALOG,
        "schema": view.database,
        "columns": [{"name": column.name, "type": type_text(column.type)} for column in view.columns],
        "runAsInvoker": False,
        "properties": {},
    }
    encoded = base64.b64encode(json.dumps(content).encode()).decode()
    return {
        "Name": view.name.table,
        "Owner": "hadoop",
        "Retention": 0,
        "StorageDescriptor": {
            "Columns": described(view.columns),
            "Location": "",
            "Compressed": False,
            "NumberOfBuckets": 0,
            "SerdeInfo": {},
            "SortColumns": [],
            "StoredAsSubDirectories": False,
        },
        "PartitionKeys": [],
        "ViewOriginalText": f"/* Presto View: {encoded} */",
        "ViewExpandedText": "/* Presto View */",
        "TableType": VIRTUAL_VIEW,
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
    }


def described(columns: Sequence[Column]) -> list[dict[str, str]]:
    """Columns as Glue lists them; a type that Hive does not have goes by Trino's name."""
    return [{"Name": column.name, "Type": _glue_type(column.type)} for column in columns]


def type_text(type_: Type) -> str:
    """The name of a type, with quotes around names of fields that need them."""
    match type_:
        case Array(element):
            return f"array({type_text(element)})"
        case Map(key, value):
            return f"map({type_text(key)}, {type_text(value)})"
        case Row(fields):
            members = (f"{_field(field.name)}{type_text(field.type)}" for field in fields)
            return f"row({', '.join(members)})"
    return str(type_)


def _field(name: str | None) -> str:
    if name is None:
        return ""
    if _PLAIN.fullmatch(name):
        return f"{name} "
    escaped = name.replace('"', '""')
    return f'"{escaped}" '


def _glue_type(type_: Type) -> str:
    try:
        return hive_name(type_)
    except AthenaError:
        return str(type_)
