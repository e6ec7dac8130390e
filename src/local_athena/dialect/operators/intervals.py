"""Interval literals.

Source: https://trino.io/docs/current/language/types.html#interval-day-to-second, and what Trino takes.
"""

from __future__ import annotations

import re

from local_athena.dialect.representation import duckdb_type
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError
from local_athena.types.model import INTERVAL_DAY_TO_SECOND, INTERVAL_YEAR_TO_MONTH, Type

_DAY_UNITS = ("day", "hour", "minute", "second")
_MONTH_UNITS = ("year", "month")
_WORTH = {"day": 86_400_000, "hour": 3_600_000, "minute": 60_000, "second": 1000, "year": 12, "month": 1}
_MARKS = {"day": " ", "hour": ":", "minute": ":", "year": "-"}
_MOST = 2**31 - 1


def interval(text: str, unit: str, to_unit: str | None = None, *, negative: bool = False) -> Typed:
    """`INTERVAL '…' unit [TO unit]`."""
    for units, type_ in ((_DAY_UNITS, INTERVAL_DAY_TO_SECOND), (_MONTH_UNITS, INTERVAL_YEAR_TO_MONTH)):
        if unit in units and (to_unit or unit) in units:
            chosen = units[units.index(unit) : units.index(to_unit or unit) + 1]
            value = _value(text, chosen) if chosen and text else _empty(text)
            return _typed(-value if negative else value, type_)
    if unit not in _WORTH:
        raise AthenaError("TYPE_NOT_FOUND", "Unknown resolvedType: interval")
    raise _invalid(text)


def _value(text: str, units: tuple[str, ...]) -> int:
    """Milliseconds or months."""
    match = re.fullmatch(_form(units), text)
    if match is None:
        raise _invalid(text)
    sign, *parts = match.groups()
    if any(int(part or 0) > _MOST for part in parts):
        raise _invalid(text)
    worth = sum(int(part or 0) * _WORTH[unit] for part, unit in zip(parts, units, strict=False))
    if len(parts) > len(units):
        worth += int((parts[-1] or "").ljust(3, "0")[:3])
    return -worth if sign == "-" else worth


def _empty(text: str) -> int:
    if text:
        raise _invalid(text)
    return 0


def _form(units: tuple[str, ...]) -> str:
    """Units behind the first may be left out, from the end."""
    form = ""
    for unit, before in zip(reversed(units), [*reversed(units[:-1]), None], strict=True):
        part = r"(\d+)(?:\.(\d+))?" if unit == "second" else r"(\d+)"
        form = part + form
        if before is not None:
            form = f"(?:{_MARKS[before]}{form})?"
    return rf"([+-])?{form}"


def _typed(value: int, type_: Type) -> Typed:
    return Typed(f"CAST({value} AS {duckdb_type(type_)})", type_)


def _invalid(text: str) -> AthenaError:
    return AthenaError("INVALID_LITERAL", f"'{text}' is not a valid INTERVAL literal")
