"""Durations: parse_duration and human_readable_seconds.

Source: https://trino.io/docs/current/functions/datetime.html#duration-function
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal

from local_athena.dialect.functions.registry import Table
from local_athena.dialect.runtime import PythonFunction
from local_athena.errors import raise_text

_INVALID = "INVALID_FUNCTION_ARGUMENT"
_DURATION = re.compile(r"\s*(?P<value>\d+(?:\.\d+)?)\s*(?P<unit>[a-zA-Z]+)\s*")
_MS = {
    "ns": Decimal("1e-6"),
    "us": Decimal("1e-3"),
    "ms": Decimal(1),
    "s": Decimal(1000),
    "m": Decimal(60_000),
    "h": Decimal(3_600_000),
    "d": Decimal(86_400_000),
}
_SECONDS = {"week": 604_800, "day": 86_400, "hour": 3600, "minute": 60, "second": 1}


def parsed_duration(text: str) -> int:
    """Milliseconds of a text like `3.81 d`."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise_text(_INVALID, f"duration is not a valid data duration string: {text}")
    worth = _MS.get(match["unit"])
    if worth is None:
        raise_text(_INVALID, f"Unknown time unit: {match['unit']}")
    return int((Decimal(match["value"]) * worth).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def readable_seconds(seconds: float) -> str:
    """Seconds in words, e.g. `1 minute, 36 seconds`."""
    if not math.isfinite(seconds):
        raise_text(_INVALID, f"Invalid argument found: {'NaN' if math.isnan(seconds) else 'Infinity'}")
    rest = math.floor(abs(seconds) + 0.5)
    parts = []
    for unit, worth in _SECONDS.items():
        count, rest = divmod(rest, worth)
        if count:
            parts.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return ", ".join(parts) or "0 seconds"


PYTHON = (
    PythonFunction("trino_parse_duration", parsed_duration, ["VARCHAR"], "BIGINT"),
    PythonFunction("trino_readable_seconds", readable_seconds, ["DOUBLE"], "VARCHAR"),
)

SCALARS: Table = {
    "human_readable_seconds(double) -> varchar": "trino_readable_seconds({0})",
    "parse_duration(varchar(x)) -> interval day to second": "trino_parse_duration({0})",
}
