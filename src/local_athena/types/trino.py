"""Reads Trino's names of types."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from local_athena.errors import AthenaError, not_supported
from local_athena.types.coercion import LONGEST_CHAR
from local_athena.types.model import (
    MAX_DECIMAL_PRECISION,
    Array,
    Char,
    Decimal,
    Field,
    Map,
    Row,
    Simple,
    Time,
    Timestamp,
    Type,
    Varchar,
)

LONGEST_VARCHAR = 2147483646
_UNBOUNDED = LONGEST_VARCHAR + 1
_MOST_DIGITS_OF_SECOND = 12
_DEFAULT_DIGITS_OF_SECOND = 3

_ZONED = " with time zone"
_TOKEN = re.compile(r'\s*(?P<token>[A-Za-z_]\w*|"(?:[^"]|"")+"|\d+|\S)')
_SIMPLE: dict[str, Type] = {
    name.lower(): Simple(name)
    for name in (
        *("boolean", "tinyint", "smallint", "integer", "bigint", "real", "double", "varbinary", "date", "json"),
        *("uuid", "ipaddress", "interval day to second", "interval year to month", "color"),
        *("HyperLogLog", "P4HyperLogLog", "tdigest", "SetDigest", "Geometry", "SphericalGeography"),
    )
}
_SIMPLE |= {
    "int": _SIMPLE["integer"],
    "time with time zone": Time(zoned=True),
    "timestamp with time zone": Timestamp(zoned=True),
}
_TIMES = ("time", "timestamp")
_OF_INTERVALS = ("year", "month", "day", "hour", "minute", "second")


def trino_type(text: str) -> Type:
    """The type that a cast names, e.g. `decimal(10, 2)`, `map(varchar, array(row(x bigint, varchar)))`.

    Raises:
        AthenaError: TYPE_MISMATCH for an unknown one, e.g. `string`; SYNTAX_ERROR; INVALID_FUNCTION_ARGUMENT for a
            decimal that cannot be.
    """
    reader = _Reader(text)
    spelled = reader.type()
    reader.end()
    try:
        return _resolve(spelled)
    except _UnknownError:
        raise AthenaError("TYPE_MISMATCH", f"Unknown type: {spelled}") from None


class _UnknownError(Exception):
    """Trino has no such type; the error names the whole type, not the part that is unknown."""


@dataclass(frozen=True)
class _Field:
    """A field of a row as written; `name` keeps its quotes."""

    name: str | None
    type: _Spelled

    def __str__(self) -> str:
        return str(self.type) if self.name is None else f"{self.name} {self.type}"


@dataclass(frozen=True)
class _Spelled:
    """A type as written: `name(parameters) suffix`."""

    name: str
    parameters: tuple[_Parameter, ...] = ()
    suffix: str = ""

    def __str__(self) -> str:
        inside = f"({', '.join(map(str, self.parameters))})" if self.parameters else ""
        return f"{self.name}{inside}{self.suffix}"


_Parameter = int | _Field | _Spelled


class _Reader:
    """Recursive descent over the tokens of a type."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_TOKEN.finditer(text.rstrip()))
        self._position = 0

    def type(self) -> _Spelled:
        spelled = self._base()
        while self._take("array"):
            spelled = _Spelled("array", (spelled,))
        return spelled

    def end(self) -> None:
        if self._position < len(self._tokens):
            raise self._mismatch()

    def _base(self) -> _Spelled:
        if self._take("double", "precision"):
            return _Spelled("double")
        if self._take("interval"):
            return self._interval()
        name = self._name().strip('"')
        lower = name.lower()
        if lower == "row" and self._peek() == "(":
            return _Spelled("ROW", self._list(self._field))
        if lower in ("array", "map") and self._peek() == "<":
            return _Spelled(lower, self._list(self.type, "<", ">"))
        parameters = self._list(self._parameter) if self._peek() == "(" else ()
        if lower in _TIMES and self._take("with", "time", "zone"):
            return _Spelled(lower, parameters, _ZONED)
        if lower in _TIMES:
            self._take("without", "time", "zone")
        return _Spelled(name, parameters)

    def _interval(self) -> _Spelled:
        start = self._name().lower()
        end = self._name().lower() if self._take("to") else start
        if start not in _OF_INTERVALS or end not in _OF_INTERVALS:
            raise self._mismatch()
        name = f"interval {start} to {end}"
        if name not in _SIMPLE:
            raise not_supported(f"{name.upper()} type not supported")
        return _Spelled(name)

    def _field(self) -> _Field:
        start = self._position
        try:
            type_ = self.type()
        except AthenaError:
            type_ = None
        if type_ is not None and self._peek() in (",", ")"):
            return _Field(None, type_)
        self._position = start
        return _Field(self._name(), self.type())

    def _parameter(self) -> _Parameter:
        if self._peek().isdigit():
            self._position += 1
            return int(self._tokens[self._position - 1]["token"])
        return self.type()

    def _list(self, read: Callable[[], _Parameter], opening: str = "(", closing: str = ")") -> tuple[_Parameter, ...]:
        self._expect(opening)
        parameters = [read()]
        while self._peek() == ",":
            self._expect(",")
            parameters.append(read())
        self._expect(closing)
        return tuple(parameters)

    def _name(self) -> str:
        token = self._peek()
        if not (token.startswith('"') or token[:1].isalpha() or token[:1] == "_"):
            raise self._mismatch()
        self._position += 1
        return token

    def _take(self, *words: str) -> bool:
        """Moves on if the next tokens are these words."""
        ahead = self._tokens[self._position : self._position + len(words)]
        found = tuple(match["token"].lower() for match in ahead) == words
        self._position += len(words) if found else 0
        return found

    def _expect(self, mark: str) -> None:
        if self._peek() != mark:
            raise self._mismatch()
        self._position += 1

    def _peek(self) -> str:
        return self._tokens[self._position]["token"] if self._position < len(self._tokens) else ""

    def _mismatch(self) -> AthenaError:
        return AthenaError("SYNTAX_ERROR", f"mismatched input '{self._peek() or '<EOF>'}'. Expecting: <type>")


def _resolve(spelled: _Spelled) -> Type:
    name, parameters = spelled.name.lower(), spelled.parameters
    numbers = [parameter for parameter in parameters if isinstance(parameter, int)]
    types = [_resolve(parameter) for parameter in parameters if isinstance(parameter, _Spelled)]
    if name == "unknown":
        raise AthenaError("TYPE_MISMATCH", "UNKNOWN is not a valid type")
    if name == "qdigest":
        raise not_supported(f"The local Athena has no values of type {spelled}")
    if name == "row" and parameters:
        return Row(tuple(_resolve_field(field) for field in parameters if isinstance(field, _Field)))
    if not parameters and name in _SIMPLE:
        return _SIMPLE[name]
    if len(types) == len(parameters) and (name, len(types)) in _CONTAINERS:
        return _CONTAINERS[name, len(types)](*types)
    if len(numbers) == len(parameters) and name in _WITH_NUMBERS:
        return _WITH_NUMBERS[name](spelled.suffix == _ZONED, *numbers)
    raise _UnknownError


def _resolve_field(field: _Field) -> Field:
    name = field.name
    if name is not None:
        name = name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
    return Field(name, _resolve(field.type))


def _decimal(_zoned: bool, precision: int = MAX_DECIMAL_PRECISION, scale: int = 0, *more: int) -> Decimal:
    if more:
        raise _UnknownError
    if not 1 <= precision <= MAX_DECIMAL_PRECISION:
        message = f"DECIMAL precision must be in range [1, {MAX_DECIMAL_PRECISION}]: {precision}"
        raise AthenaError("INVALID_FUNCTION_ARGUMENT", message)
    if scale > precision:
        message = f"DECIMAL scale must be in range [0, precision ({precision})]: {scale}"
        raise AthenaError("INVALID_FUNCTION_ARGUMENT", message)
    return Decimal(precision, scale)


def _varchar(_zoned: bool, length: int = _UNBOUNDED, *more: int) -> Varchar:
    if more or length > _UNBOUNDED:
        raise _UnknownError
    return Varchar(None if length == _UNBOUNDED else length)


def _char(_zoned: bool, length: int = 1, *more: int) -> Char:
    if more or length > LONGEST_CHAR:
        raise _UnknownError
    return Char(length)


def _digits(precision: int, more: tuple[int, ...]) -> int:
    if more or precision > _MOST_DIGITS_OF_SECOND:
        raise _UnknownError
    return precision


def _time(zoned: bool, precision: int = _DEFAULT_DIGITS_OF_SECOND, *more: int) -> Time:
    return Time(_digits(precision, more), zoned)


def _timestamp(zoned: bool, precision: int = _DEFAULT_DIGITS_OF_SECOND, *more: int) -> Timestamp:
    return Timestamp(_digits(precision, more), zoned)


_CONTAINERS: dict[tuple[str, int], Callable[..., Type]] = {("array", 1): Array, ("map", 2): Map}
_WITH_NUMBERS: dict[str, Callable[..., Type]] = {
    "decimal": _decimal,
    "varchar": _varchar,
    "char": _char,
    "time": _time,
    "timestamp": _timestamp,
}
