"""Single values as the texts that Hive's text files hold."""

from __future__ import annotations

import base64
import decimal
import math
import re
from datetime import date, datetime, timedelta
from typing import Any

from local_athena.types.model import Char, Decimal, Simple, Timestamp, Type, Varchar

_BITS = {"tinyint": 7, "smallint": 15, "integer": 31, "bigint": 63}
_INTEGER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_DOUBLE = re.compile(r"\s*[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)\s*")
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DATE = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:\s.*)?")
_TIMESTAMP = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")


def parsed(text: str, type_: Type) -> Any:
    """The value that a text stands for; None if it stands for none, as in Hive."""
    match type_:
        case Varchar(None):
            return text
        case Varchar(int(length)):
            return text[:length]
        case Char(length):
            return text[:length].rstrip(" ")
        case Simple(name) if name in _BITS:
            return integer(decimal.Decimal(text), type_) if _INTEGER.fullmatch(text) else None
        case Simple("boolean"):
            return {"true": True, "false": False}.get(text.lower())
        case Simple("real" | "double"):
            return float(text.strip().rstrip("fFdD")) if _DOUBLE.fullmatch(text) else None
        case Simple("date"):
            return day(text)
        case Simple("varbinary"):
            return binary(text)
        case Decimal():
            return rescaled(decimal.Decimal(text), type_) if _DECIMAL.fullmatch(text) else None
        case Timestamp(precision):
            return timestamp(text, precision)
    return None


def integer(number: decimal.Decimal, type_: Type) -> int | None:
    """The whole part of a number; None if the type cannot hold it."""
    whole, bits = int(number), _BITS[str(type_)]
    return whole if -(1 << bits) <= whole < 1 << bits else None


def rescaled(number: decimal.Decimal, type_: Decimal) -> decimal.Decimal | None:
    """A number with the digits of a decimal type; None if the type cannot hold it."""
    with decimal.localcontext() as context:
        context.prec = 100
        rounded = number.quantize(decimal.Decimal(1).scaleb(-type_.scale), decimal.ROUND_HALF_UP)
    return rounded if abs(rounded) < decimal.Decimal(10) ** (type_.precision - type_.scale) else None


def day(text: str) -> date | None:
    """A date; days beyond the month's end are counted on, as Hive does. None if it is none."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, number = map(int, found.groups())
    if not (year and 1 <= month <= 12 and 1 <= number <= 31):
        return None
    return date(year, month, 1) + timedelta(days=number - 1)


def timestamp(text: str, precision: int) -> datetime | None:
    """A timestamp, rounded to a number of digits of a second; None if it is none."""
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        return None
    try:
        whole = datetime(*map(int, found.groups()[:6]))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None
    nanoseconds = int((found[7] or "0").ljust(9, "0"))
    return whole + timedelta(microseconds=round_half_up(nanoseconds, 9 - min(precision, 6)) // 1000)


def round_half_up(nanoseconds: int, digits: int) -> int:
    """A number with its last digits rounded to zeros."""
    unit: int = 10**digits
    return (nanoseconds + unit // 2) // unit * unit


def binary(text: str) -> bytes:
    """The bytes of base64; what is no base64 stands for its own bytes."""
    if not _BASE64.fullmatch(text):
        return text.encode()
    digits = text.rstrip("=")
    digits = digits[:-1] if len(digits) % 4 == 1 else digits
    return base64.b64decode(digits + "=" * (-len(digits) % 4))


def text_of(value: Any, type_: Type) -> str:
    """The text of a value that is not null and not nested."""
    match type_:
        case Simple("boolean"):
            return "true" if value else "false"
        case Simple("varbinary"):
            return base64.b64encode(value).decode()
        case Simple("real" | "double"):
            return java_double(value)
        case Char(length):
            return str(value).ljust(length)
        case Timestamp():
            text = str(value.isoformat(" "))
            return text.rstrip("0") if "." in text else text
    return str(value)


def java_double(value: float) -> str:
    """A double as Java writes it: `1.0E10`, `NaN`, `Infinity`."""
    if not math.isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    shortest = repr(float(value))
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return f"{decimal.Decimal(shortest):f}" if "e" in shortest else shortest
    sign, digits, exponent = decimal.Decimal(shortest).normalize().as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits))
    return f"{'-' if sign else ''}{text[0]}.{text[1:] or '0'}E{len(text) + exponent - 1}"
