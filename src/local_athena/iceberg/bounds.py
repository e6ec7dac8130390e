"""Bounds and partition values of manifests: as Python values, and as Trino's metadata tables print them."""

from __future__ import annotations

import base64
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from pyiceberg.conversions import from_bytes
from pyiceberg.types import DateType, IcebergType, PrimitiveType, TimestampType, TimestamptzType, TimeType

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def python_value(type_: IcebergType, stored: Any) -> Any:
    """A value as Python has it, from what a manifest stores: days and microseconds become dates and times."""
    if stored is None:
        return None
    match type_:
        case DateType():
            return date(1970, 1, 1) + timedelta(days=stored)
        case TimestampType():
            return _EPOCH.replace(tzinfo=None) + timedelta(microseconds=stored)
        case TimestamptzType():
            return _EPOCH + timedelta(microseconds=stored)
        case TimeType():
            return (_EPOCH + timedelta(microseconds=stored)).time()
    return stored


def bound_value(type_: IcebergType, bound: bytes | None) -> Any:
    """A bound as Python has it; None if there is none."""
    if bound is None:
        return None
    assert isinstance(type_, PrimitiveType)
    return python_value(type_, from_bytes(type_, bound))


def shown(type_: IcebergType, bound: bytes | None) -> str | None:
    """A bound as Trino prints it in `$files` and `$manifests`."""
    value = bound_value(type_, bound)
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case bytes():
            return base64.b64encode(value).decode()
        case datetime() | time():
            return _iso(value)
    return str(value)


def _iso(value: datetime | time) -> str:
    """ISO 8601 with as many digits of a second as there are."""
    text = value.replace(microsecond=0).isoformat()
    if not value.microsecond:
        return text
    at = text.index(":", text.index(":") + 1) + 3
    return f"{text[:at]}.{value.microsecond:06d}".rstrip("0") + text[at:]
