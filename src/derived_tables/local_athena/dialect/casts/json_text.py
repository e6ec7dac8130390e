"""JSON as Trino holds it: one canonical text for each value."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any

from derived_tables.local_athena.dialect.runtime import PythonFunction

_LEAST_PLAIN = 1e-3
_LEAST_SCIENTIFIC = 1e7


def canonical_json(text: str) -> str | None:
    """JSON with its keys in order and without blanks, numbers as Java prints them; None if it is no JSON."""
    try:
        return written(json.loads(text, parse_float=float, parse_constant=_refuse, strict=True))
    except (ValueError, RecursionError):
        return None


def written(value: Any) -> str:
    """The canonical text of a parsed value."""
    match value:
        case dict():
            return "{" + ",".join(f"{written(key)}:{written(value[key])}" for key in sorted(value)) + "}"
        case list():
            return "[" + ",".join(map(written, value)) + "]"
        case float():
            return java_double(value)
    return json.dumps(value, ensure_ascii=False)


def java_double(value: float) -> str:
    """A number as Java prints it, e.g. `1.0E10`; infinity, which JSON does not have, as a text."""
    if math.isinf(value):
        return '"Infinity"' if value > 0 else '"-Infinity"'
    if value == 0 or _LEAST_PLAIN <= abs(value) < _LEAST_SCIENTIFIC:
        return repr(value)
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int), "a finite number has a finite exponent"
    first, *rest = map(str, digits)
    return f"{'-' if sign else ''}{first}.{''.join(rest) or '0'}E{len(digits) - 1 + exponent}"


def _refuse(constant: str) -> Any:
    raise ValueError(f"not JSON: {constant}")


def _canonical_or_null(text: str | None) -> str | None:
    return None if text is None else canonical_json(text)


PYTHON = (PythonFunction("trino_canonical_json", _canonical_or_null, ["VARCHAR"], "VARCHAR", sees_nulls=True),)
