"""Trino's types as values: what the dialect computes with, and how Trino prints them.

Source: https://trino.io/docs/current/language/types.html
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_DECIMAL_PRECISION = 38


@dataclass(frozen=True)
class Type:
    """A type of Trino. `str()` is its name as Trino prints it, e.g. `array(varchar(3))`."""


@dataclass(frozen=True)
class Simple(Type):
    """A type without parameters.

    Attributes:
        name: boolean, tinyint, smallint, integer, bigint, real, double, varbinary, date, json, uuid, ipaddress,
            `interval day to second`, `interval year to month`, `unknown` (of null), HyperLogLog, tdigest, Geometry …
    """

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Decimal(Type):
    """`decimal(precision, scale)`, at most 38 digits."""

    precision: int
    scale: int

    def __str__(self) -> str:
        return f"decimal({self.precision},{self.scale})"


@dataclass(frozen=True)
class Varchar(Type):
    """`varchar(length)`; unbounded without a length. Length counts characters."""

    length: int | None = None

    def __str__(self) -> str:
        return "varchar" if self.length is None else f"varchar({self.length})"


@dataclass(frozen=True)
class Char(Type):
    """`char(length)`; blanks at the end do not count."""

    length: int

    def __str__(self) -> str:
        return f"char({self.length})"


@dataclass(frozen=True)
class Time(Type):
    """`time(precision)`, with time zone or without; precision is the number of digits of a second, 0 to 12."""

    precision: int = 3
    zoned: bool = False

    def __str__(self) -> str:
        return f"time({self.precision})" + (" with time zone" if self.zoned else "")


@dataclass(frozen=True)
class Timestamp(Type):
    """`timestamp(precision)`, with time zone or without; precision is the number of digits of a second, 0 to 12."""

    precision: int = 3
    zoned: bool = False

    def __str__(self) -> str:
        return f"timestamp({self.precision})" + (" with time zone" if self.zoned else "")


@dataclass(frozen=True)
class Array(Type):
    """`array(element)`."""

    element: Type

    def __str__(self) -> str:
        return f"array({self.element})"


@dataclass(frozen=True)
class Map(Type):
    """`map(key, value)`."""

    key: Type
    value: Type

    def __str__(self) -> str:
        return f"map({self.key}, {self.value})"


@dataclass(frozen=True)
class Field:
    """A field of a row; anonymous without a name."""

    name: str | None
    type: Type

    def __str__(self) -> str:
        return str(self.type) if self.name is None else f"{self.name} {self.type}"


@dataclass(frozen=True)
class Row(Type):
    """`row(name type, …)`."""

    fields: tuple[Field, ...]

    def __str__(self) -> str:
        return f"row({', '.join(map(str, self.fields))})"


@dataclass(frozen=True)
class Function(Type):
    """The type of a lambda: `function(argument, …, result)`."""

    arguments: tuple[Type, ...]
    result: Type

    def __str__(self) -> str:
        return f"function({', '.join(map(str, (*self.arguments, self.result)))})"


BOOLEAN = Simple("boolean")
TINYINT = Simple("tinyint")
SMALLINT = Simple("smallint")
INTEGER = Simple("integer")
BIGINT = Simple("bigint")
REAL = Simple("real")
DOUBLE = Simple("double")
VARBINARY = Simple("varbinary")
DATE = Simple("date")
JSON = Simple("json")
UUID = Simple("uuid")
IPADDRESS = Simple("ipaddress")
INTERVAL_DAY_TO_SECOND = Simple("interval day to second")
INTERVAL_YEAR_TO_MONTH = Simple("interval year to month")
UNKNOWN = Simple("unknown")
VARCHAR = Varchar()
