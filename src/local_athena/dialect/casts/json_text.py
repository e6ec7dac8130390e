"""JSON as Trino holds it: one canonical text for each value."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import Any

from local_athena.dialect.runtime import PythonFunction

_LEAST_PLAIN = 1e-3
_LEAST_SCIENTIFIC = 1e7
_ESCAPED = re.compile(r"(\\\\)|\\u(00[01][0-9a-f])")
_NOT_BASIC = re.compile(r"[\U00010000-\U0010ffff\ud800-\udfff]")


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
        case str():
            return quoted(value)
    return json.dumps(value)


def quoted(text: str) -> str:
    """A text as Trino writes it: characters outside of the basic plane as two escapes."""
    return _NOT_BASIC.sub(lambda found: _units(found[0]), briefly_quoted(text))


def briefly_quoted(text: str) -> str:
    """As `quoted`, with every character that needs no escape as it is, as few of Trino's functions do."""
    return _ESCAPED.sub(lambda found: found[1] or f"\\u{found[2].upper()}", json.dumps(text, ensure_ascii=False))


def _units(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex().upper()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


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


PYTHON = (
    PythonFunction("trino_canonical_json", _canonical_or_null, ["VARCHAR"], "VARCHAR", sees_nulls=True),
    PythonFunction("trino_json_quoted", quoted, ["VARCHAR"], "VARCHAR"),
)
