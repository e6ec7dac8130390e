"""Single values as the texts that Hive's text files hold."""

from __future__ import annotations

import base64
import binascii
import decimal
import math
import re
from datetime import date, datetime
from typing import Any

from derived_tables.local_athena.types.model import Char, Decimal, Simple, Timestamp, Type, Varchar

_BITS = {"tinyint": 7, "smallint": 15, "integer": 31, "bigint": 63}
_INTEGER = re.compile(r"[+-]?\d+")
_TIMESTAMP = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:[ T](\d{1,2}:\d{1,2}:\d{1,2})(?:\.(\d{1,9}))?)?")
_MOST_DIGITS = 6


def parsed(text: str, type_: Type) -> Any:
    """The value that a text stands for; None if it stands for none, as in Hive."""
    try:
        return _parsed(text, type_)
    except (ValueError, ArithmeticError, binascii.Error):
        return None


def _parsed(text: str, type_: Type) -> Any:
    match type_:
        case Varchar(None):
            return text
        case Varchar(int(length)):
            return text[:length]
        case Char(length):
            return text[:length].rstrip(" ")
        case Simple(name) if name in _BITS:
            number = int(text) if _INTEGER.fullmatch(text) else None
            return number if number is not None and -(1 << _BITS[name]) <= number < 1 << _BITS[name] else None
        case Simple("boolean"):
            return {"true": True, "false": False}.get(text.lower())
        case Simple("real" | "double"):
            return float(text)
        case Simple("date"):
            return date.fromisoformat(text.strip()[:10])
        case Simple("varbinary"):
            return base64.b64decode(text, validate=True)
        case Decimal(precision, scale):
            number_ = decimal.Decimal(text).quantize(decimal.Decimal(1).scaleb(-scale), decimal.ROUND_HALF_UP)
            return number_ if len(number_.as_tuple().digits) <= precision else None
        case Timestamp():
            return timestamp(text, type_.precision)
    raise ValueError(f"no text is a {type_}")


def timestamp(text: str, precision: int) -> datetime | None:
    """A timestamp, rounded to a number of digits of a second; None if it is none."""
    found = _TIMESTAMP.fullmatch(text.strip())
    if found is None:
        return None
    day, time, fraction = found.groups()
    whole = datetime.strptime(f"{day} {time or '0:0:0'}", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
    digits = min(precision, _MOST_DIGITS)
    micros = round(int((fraction or "0").ljust(9, "0")) / 10 ** (9 - digits)) * 10 ** (_MOST_DIGITS - digits)
    return whole.replace(microsecond=micros) if micros < 1_000_000 else None


def text_of(value: Any, type_: Type) -> str:
    """The text of a value that is not null and not nested."""
    match type_:
        case Simple("boolean"):
            return "true" if value else "false"
        case Simple("varbinary"):
            return base64.b64encode(value).decode()
        case Simple("real" | "double"):
            return java_double(value)
        case Timestamp(precision):
            return str(value.isoformat(" ", "milliseconds" if precision <= 3 else "microseconds"))
    return str(value)


def java_double(value: float) -> str:
    """A double as Java writes it: `1.0E10`, `NaN`, `Infinity`."""
    if not math.isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(float(value)) if "e" not in repr(float(value)) else f"{decimal.Decimal(repr(float(value))):f}"
    sign, digits, exponent = decimal.Decimal(repr(float(value))).normalize().as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits))
    return f"{'-' if sign else ''}{text[0]}.{text[1:] or '0'}E{len(text) + exponent - 1}"
