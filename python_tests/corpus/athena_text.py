"""What Athena prints: from a value of Trino's client protocol to the text of GetQueryResults.

Written from the documentation alone, without a look at the code under test. Sources:

* rows, arrays and maps: https://docs.aws.amazon.com/athena/latest/ug/rows-and-structs.html and
  https://docs.aws.amazon.com/athena/latest/ug/arrays-create-maps.html (a map is in the order of a Java hash
  table, which is the order in which Trino 435 sends it);
* types: https://docs.aws.amazon.com/athena/latest/ug/data-types.html and
  https://docs.aws.amazon.com/athena/latest/APIReference/API_ColumnInfo.html;
* numbers: `Double.toString` and `Float.toString` of Java.

Known from practice and not documented: varbinary is hexadecimal with a space between bytes; the column type
of REAL is `float`; timestamps have at least three digits of a second, more if their type has more.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .trino_types import TrinoType, parse_type

_INTEGERS = ("tinyint", "smallint", "integer", "bigint")
_FLOATS = ("real", "double")
_TIMES = ("time", "timestamp", "time with time zone", "timestamp with time zone")
_LEAST_DIGITS_OF_SECOND = 3
_TIME = re.compile(r"(?P<seconds>.*?\d{2}:\d{2}:\d{2})(?:\.(?P<fraction>\d+))?(?P<zone>.*)")
_UNBOUNDED = 2147483647
# Precision that GetQueryResults reports for a type without parameters of its own; 0 for those not listed.
_PRECISIONS = {
    "tinyint": 3,
    "smallint": 5,
    "integer": 10,
    "bigint": 19,
    "float": 17,
    "double": 17,
    "varchar": _UNBOUNDED,
    "varbinary": 1073741824,
    "time": 3,
    "time with time zone": 3,
    "timestamp": 3,
    "timestamp with time zone": 3,
}


@dataclass(frozen=True)
class ColumnInfo:
    """Type, precision and scale of a column in the metadata of GetQueryResults."""

    type: str
    precision: int
    scale: int


def column_info(type_name: str) -> ColumnInfo:
    """The metadata of a column of this Trino type."""
    trino = parse_type(type_name)
    name = "float" if trino.base == "real" else trino.base
    if name in ("decimal", "varchar", "char") and trino.numbers:
        precision, scale = (*trino.numbers, 0)[:2]
        return ColumnInfo(name, precision, scale)
    return ColumnInfo(name, _PRECISIONS.get(name, 0), 0)


def athena_text(value: Any, type_name: str) -> str | None:
    """The text of one cell; None for SQL null, which GetQueryResults sends without a text.

    Args:
        value: raw JSON value of the protocol.
        type_name: the column's type as the protocol spells it.

    Raises:
        ValueError: the value is not one of its type.
    """
    return None if value is None else _text(value, parse_type(type_name))


def java_double(value: float | str) -> str:
    """Text of a double (or of a float, given its shortest digits) as Java prints it, e.g. `1.0E10`.

    Args:
        value: a number, or `NaN`, `Infinity`, `-Infinity`.
    """
    number = float(value)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "-0.0" if math.copysign(1, number) < 0 else "0.0"
    # repr gives the shortest digits that read back as the same number, as Java does.
    sign, digit_tuple, exponent = Decimal(repr(number)).normalize().as_tuple()
    assert isinstance(exponent, int), "a finite number has a finite exponent"
    digits = "".join(map(str, digit_tuple))
    point = len(digits) + exponent  # digits before the decimal point
    if 1e-3 <= abs(number) < 1e7:
        text = _plain(digits, point)
    else:
        text = f"{digits[0]}.{digits[1:] or '0'}E{point - 1}"
    return f"-{text}" if sign else text


def _plain(digits: str, point: int) -> str:
    if point <= 0:
        return f"0.{'0' * -point}{digits}"
    whole = digits[:point].ljust(point, "0")
    return f"{whole}.{digits[point:] or '0'}"


def _text(value: Any, trino: TrinoType) -> str:
    """Text of a value inside of another one: null is a word there."""
    if value is None:
        return "null"
    if trino.base == "boolean":
        return "true" if _expect(value, bool, trino) else "false"
    if trino.base in _INTEGERS:
        return str(_expect(value, int, trino))
    if trino.base in _FLOATS:
        return java_double(value)
    if trino.base == "varbinary":
        return _hexadecimal(_expect(value, str, trino))
    if trino.base in _TIMES:
        return _with_digits_of_second(_expect(value, str, trino))
    if trino.base == "array":
        (element,) = trino.children
        return f"[{', '.join(_text(item, element) for item in _expect(value, list, trino))}]"
    if trino.base == "map":
        return _map(_expect(value, dict, trino), trino)
    if trino.base == "row":
        return _row(_expect(value, list, trino), trino)
    return str(_expect(value, str, trino))


def _map(value: dict[str, Any], trino: TrinoType) -> str:
    # The protocol sends keys as texts, whatever their type.
    _, of_value = trino.children
    return "{" + ", ".join(f"{key}={_text(item, of_value)}" for key, item in value.items()) + "}"


def _row(value: list[Any], trino: TrinoType) -> str:
    if len(value) != len(trino.children):
        raise ValueError(f"a row of {len(trino.children)} fields has {len(value)} values")
    names = [name or f"field{position}" for position, name in enumerate(trino.names)]
    fields = zip(names, value, trino.children, strict=True)
    return "{" + ", ".join(f"{name}={_text(item, child)}" for name, item, child in fields) + "}"


def _hexadecimal(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).hex(" ")
    except binascii.Error as error:
        raise ValueError(f"not base64: {value!r}") from error


def _with_digits_of_second(value: str) -> str:
    """Give a time at least three digits of a second; the zone, if any, stays behind it."""
    match = _TIME.fullmatch(value)
    if match is None:
        raise ValueError(f"not a time: {value!r}")
    fraction = (match["fraction"] or "").ljust(_LEAST_DIGITS_OF_SECOND, "0")
    return f"{match['seconds']}.{fraction}{match['zone']}"


def _expect(value: Any, kind: type, trino: TrinoType) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"not a value of {trino.base}: {value!r}")
    return value
