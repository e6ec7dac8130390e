"""OpenX's JSON SerDe: what does not fit its column is null, lists stand for rows, values for lists of one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal as Number
from decimal import InvalidOperation
from typing import Any

from local_athena.catalogue.model import Column
from local_athena.dialect.representation import field_names
from local_athena.hive.codecs import texts
from local_athena.hive.codecs.hive_json import cursor_error
from local_athena.hive.storage import Storage
from local_athena.types.model import Array, Char, Decimal, Map, Row, Simple, Timestamp, Type, Varchar

_EPOCH = date(1970, 1, 1)
_EPOCH_TIME = datetime(1970, 1, 1)  # noqa: DTZ001 - Hive's timestamps have no zone
# Numbers from here on are milliseconds, smaller ones are seconds.
_LEAST_MILLISECONDS = 10_000_000_000
_INTEGERS = ("tinyint", "smallint", "integer", "bigint")
_DECODER = json.JSONDecoder(parse_float=Number, parse_int=Number)


class Reader:
    """Reads the lines of a file."""

    def __init__(self, columns: Sequence[Column], storage: Storage) -> None:
        self._columns = columns
        self._tolerant = storage.option("ignore.malformed.json").lower() == "true"
        dots = storage.option("dots.in.keys").lower() == "true"
        self._keys = [_key(column.name, storage, dots) for column in columns]

    def row(self, line: str) -> list[Any]:
        """The values of a line; a line that is neither an object nor a list is a row of nulls.

        Raises:
            AthenaError: HIVE_CURSOR_ERROR.
        """
        text = line.lstrip()
        if not text.startswith(("{", "[")):
            return [None] * len(self._columns)
        try:
            found, _ = _DECODER.raw_decode(text)
        except ValueError as error:
            if self._tolerant:
                return [None] * len(self._columns)
            raise cursor_error(f"Row is not a valid JSON Object - JSONException: {error}") from error
        values = _positional(found, len(self._keys)) if isinstance(found, list) else _named(found, self._keys)
        return [_value(value, column.type) for value, column in zip(values, self._columns, strict=True)]


def _key(name: str, storage: Storage, dots: bool) -> str:
    """The member that holds a column."""
    mapped = storage.options.get(f"mapping.{name}")
    if mapped is not None:
        return mapped.lower()
    return name.replace("_", ".") if dots else name


def _named(found: dict[str, Any], names: Sequence[str]) -> list[Any]:
    members = {name.lower(): value for name, value in found.items()}
    if any("." in name for name in names):
        members = {name.replace("_", "."): value for name, value in members.items()} | members
    return [members.get(name) for name in names]


def _positional(found: list[Any], length: int) -> list[Any]:
    return [*found[:length], *[None] * (length - len(found))]


def _value(value: Any, type_: Type) -> Any:
    if value is None:
        return None
    match type_:
        case Array(element):
            return [_value(item, element) for item in (value if isinstance(value, list) else [value])]
        case Map(key, item) if isinstance(value, dict):
            return [(texts.parsed(name, key), _value(its, item)) for name, its in value.items()]
        case Row(fields) if isinstance(value, (dict, list)):
            names = field_names(type_)
            found = _positional(value, len(names)) if isinstance(value, list) else _named(value, names)
            return {name: _value(its, field.type) for name, its, field in zip(names, found, fields, strict=True)}
        case Map() | Row():
            raise cursor_error(f"Primitive value can not be coerced to a {type_}")
        case Varchar() | Char():
            return texts.parsed(_text(value), type_)
        case Simple("boolean"):
            return value if isinstance(value, bool) else str(value).lower() == "true"
    return None if isinstance(value, (dict, list, bool)) else _scalar(value, type_)


def _scalar(value: Any, type_: Type) -> Any:
    """A text or a number; None if the type does not take it."""
    number = _number(value)
    match type_:
        case Simple(name) if name in _INTEGERS:
            return None if number is None else texts.integer(number, type_)
        case Simple("real" | "double"):
            return float(value) if isinstance(value, Number) else texts.parsed(value, type_)
        case Decimal():
            return None if number is None else texts.rescaled(number, type_)
        case Simple("date"):
            return texts.day(value) if number is None else _EPOCH + timedelta(days=int(number))
        case Timestamp(precision):
            return texts.timestamp(value.removesuffix("Z"), precision) if number is None else _instant(number)
    return texts.parsed(str(value), type_)


def _number(value: Any) -> Number | None:
    """A number, or a text that is one without blanks."""
    if isinstance(value, Number):
        return value
    try:
        return Number(value) if value == value.strip() else None
    except InvalidOperation:
        return None


def _instant(number: Number) -> datetime:
    milliseconds = number if abs(number) >= _LEAST_MILLISECONDS else number * 1000
    return _EPOCH_TIME + timedelta(milliseconds=int(milliseconds))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{_inner(its)}" for name, its in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_inner, value)) + "]"
    return str(value) if isinstance(value, Number) else json.dumps(value)


def _inner(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else _text(value)
