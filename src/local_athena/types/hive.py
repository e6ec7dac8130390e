"""Reads and writes Hive's names of types, as DDL and Glue spell them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from local_athena.errors import AthenaError, not_supported
from local_athena.types.model import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    MAX_DECIMAL_PRECISION,
    REAL,
    SMALLINT,
    TINYINT,
    VARBINARY,
    VARCHAR,
    Array,
    Char,
    Decimal,
    Field,
    Map,
    Row,
    Timestamp,
    Type,
    Varchar,
)

_LONGEST_VARCHAR = 65535
_LONGEST_CHAR = 255
_DEFAULT_PRECISION = 10
_NAMES: dict[str, Type] = {
    "boolean": BOOLEAN,
    "tinyint": TINYINT,
    "smallint": SMALLINT,
    "int": INTEGER,
    "bigint": BIGINT,
    "float": REAL,
    "double": DOUBLE,
    "string": VARCHAR,
    "binary": VARBINARY,
    "date": DATE,
    "timestamp": Timestamp(3),
}
_SIMPLE = _NAMES | {"integer": INTEGER, "decimal": Decimal(_DEFAULT_PRECISION, 0)}
_WRITTEN = {type_: name for name, type_ in _NAMES.items()}
_Item = TypeVar("_Item")
_TOKEN = re.compile(r"\s*(`[^`]+`|[^\s<>(),:]+|\S)")


def hive_type(text: str) -> Type:
    """The type that DDL or Glue names, e.g. `string`, `struct<a:int,b:array<string>>`, `decimal(10,2)`.

    `timestamp` is `timestamp(3)`; Iceberg tables take theirs from Iceberg's schema instead.

    Raises:
        AthenaError: HIVE_INVALID_METADATA for an unknown one.
    """
    tokens = _TOKEN.findall(text)
    try:
        type_ = _type(tokens)
    except (IndexError, KeyError, TypeError, ValueError):
        type_ = None
    if type_ is None or tokens:
        raise AthenaError("HIVE_INVALID_METADATA", f"Unsupported Hive type: {text}")
    return type_


def hive_name(type_: Type) -> str:
    """The name under which CTAS writes a type into Glue, e.g. `string`, `struct<a:int>`.

    Raises:
        AthenaError: NOT_SUPPORTED, in Athena's words, for a type that Hive tables cannot hold.
    """
    if type_ in _WRITTEN:
        return _WRITTEN[type_]
    match type_:
        case Decimal():
            return str(type_)
        case Varchar(int(length)):
            return _within(type_, length, _LONGEST_VARCHAR, "VARCHAR", ", VARCHAR")
        case Char(length):
            return _within(type_, length, _LONGEST_CHAR, "CHAR", "")
        case Timestamp(_, False):
            return "timestamp"
        case Array(element):
            return f"array<{hive_name(element)}>"
        case Map(key, value):
            return f"map<{hive_name(key)},{hive_name(value)}>"
        case Row(fields):
            if any(field.name is None for field in fields):
                raise not_supported(
                    f"Anonymous row type is not supported in Hive. Please give each field a name: {type_}"
                )
            return f"struct<{','.join(f'{field.name}:{hive_name(field.type)}' for field in fields)}>"
    raise not_supported(f"Unsupported Hive type: {type_}")


def _within(type_: Type, length: int, longest: int, word: str, more: str) -> str:
    if length > longest:
        raise not_supported(f"Unsupported Hive type: {type_}. Supported {word} types: {word}(<={longest}){more}.")
    return str(type_)


def _type(tokens: list[str]) -> Type:
    name = tokens.pop(0).lower()
    match name, tokens[0] if tokens else "":
        case (("decimal" | "varchar" | "char"), "("):
            return _with_numbers(name, [int(number) for number in _list(tokens, _word, ")")])
        case "array", "<":
            return Array(*_list(tokens, _type, ">"))
        case "map", "<":
            return Map(*_list(tokens, _type, ">"))
        case "struct", "<":
            return Row(tuple(_list(tokens, _field, ">")))
    return _SIMPLE[name]


def _with_numbers(name: str, numbers: list[int]) -> Type:
    match name, numbers:
        case "decimal", [precision] if 1 <= precision <= MAX_DECIMAL_PRECISION:
            return Decimal(precision, 0)
        case "decimal", [precision, scale] if scale <= precision and 1 <= precision <= MAX_DECIMAL_PRECISION:
            return Decimal(precision, scale)
        case "varchar", [length] if 1 <= length <= _LONGEST_VARCHAR:
            return Varchar(length)
        case "char", [length] if 1 <= length <= _LONGEST_CHAR:
            return Char(length)
    raise ValueError(f"{name} does not take {numbers}")


def _field(tokens: list[str]) -> Field:
    name = _word(tokens)
    if tokens.pop(0) != ":":
        raise ValueError(f"no colon after {name}")
    return Field(name.strip("`").lower(), _type(tokens))


def _word(tokens: list[str]) -> str:
    return tokens.pop(0)


def _list(tokens: list[str], read: Callable[[list[str]], _Item], closing: str) -> list[_Item]:
    """The items between the opening mark, which is next, and the closing one."""
    tokens.pop(0)
    items = [read(tokens)]
    while tokens[0] == ",":
        tokens.pop(0)
        items.append(read(tokens))
    if tokens.pop(0) != closing:
        raise ValueError(f"no {closing} after {items}")
    return items
