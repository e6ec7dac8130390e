"""Hive's JSON SerDe: every line is an object, and every value is of its column's kind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal as Number
from typing import Any

from local_athena.catalogue.model import Column
from local_athena.dialect.representation import field_names
from local_athena.errors import AthenaError
from local_athena.hive.codecs import texts
from local_athena.hive.storage import Storage
from local_athena.types.model import Array, Char, Decimal, Map, Row, Simple, Timestamp, Type, Varchar


class _Raw(str):
    """A number as it is written."""

    __slots__ = ()


_DECODER = json.JSONDecoder(parse_float=_Raw, parse_int=_Raw)


class Reader:
    """Reads the lines of a file."""

    def __init__(self, columns: Sequence[Column], storage: Storage) -> None:
        self._columns = columns
        self._tolerant = storage.option("ignore.malformed.json").lower() == "true"

    def row(self, line: str) -> list[Any]:
        """The values of a line; what stands behind its object does not matter.

        Raises:
            AthenaError: HIVE_CURSOR_ERROR.
        """
        try:
            found, _ = _DECODER.raw_decode(line.lstrip())
            members = _members(found)
        except ValueError as error:
            if self._tolerant:
                return [None] * len(self._columns)
            raise cursor_error(f"Row is not a valid JSON Object - JSONException: {error}") from error
        return [_value(members.get(column.name), column.type) for column in self._columns]


def cursor_error(message: str) -> AthenaError:
    """A line that cannot be read."""
    return AthenaError("HIVE_CURSOR_ERROR", message)


def _members(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise cursor_error("Row is not a valid JSON Object")
    members = {name.lower(): value for name, value in found.items()}
    if len(members) != len(found):
        raise cursor_error("Row is not a valid JSON Object - JSONException: Duplicate key")
    return members


def _value(value: Any, type_: Type) -> Any:
    if value is None:
        return None
    match type_:
        case Array(element) if isinstance(value, list):
            return [_value(item, element) for item in value]
        case Map(key, item) if isinstance(value, dict):
            return [(_key(name, key), _value(its, item)) for name, its in value.items()]
        case Row(fields) if isinstance(value, dict):
            members = _members(value)
            names = zip(field_names(type_), fields, strict=True)
            return {name: _value(members.get(name), field.type) for name, field in names}
    if isinstance(value, (dict, list)) or isinstance(type_, (Array, Map, Row)):
        raise cursor_error(f"Expected a value of type {type_}")
    found = _scalar(value, type_)
    if found is None:
        raise cursor_error(f"Error parsing field value '{value}': it is no {type_}")
    return found


def _key(name: str, type_: Type) -> Any:
    found = texts.parsed(name, type_)
    if found is None:
        raise cursor_error(f"Error parsing map key '{name}': it is no {type_}")
    return found


def _scalar(value: Any, type_: Type) -> Any:
    """A value that is a text, a number or a boolean; None if the type does not take it."""
    number = isinstance(value, _Raw)
    match type_:
        case Simple("boolean"):
            return value if isinstance(value, bool) else str(value).lower() == "true"
        case Varchar() | Char():
            return texts.parsed(json.dumps(value) if isinstance(value, bool) else str(value), type_)
        case Simple("tinyint" | "smallint" | "integer" | "bigint"):
            return texts.integer(Number(value), type_) if number else None
        case Simple("real" | "double"):
            return float(value) if number else None
        case Decimal():
            return None if isinstance(value, bool) else texts.parsed(str(value), type_)
    if number or isinstance(value, bool):
        return None
    match type_:
        case Simple("varbinary"):
            return value.encode()
        case Simple("date"):
            return texts.day(value)
        case Timestamp(precision):
            return texts.timestamp(value, precision)
    return None
