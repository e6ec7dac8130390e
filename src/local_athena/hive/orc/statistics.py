"""Statistics of the columns of an ORC stripe, as values that predicates are compared with.

Times, booleans, texts of fixed length and binaries have none here: stripes are not left out because of them.

Source: https://orc.apache.org/specification/ORCv1/, "Column Statistics".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from local_athena.hive.orc.messages import Message

_EPOCH = date(1970, 1, 1).toordinal()
_Read = Callable[[Message, int], Any]


def span(kind: int, statistics: Message) -> tuple[Any, Any]:
    """The smallest and the greatest value of a column; None for what is not known.

    Args:
        kind: number of the column's type.
        statistics: of the column.
    """
    if kind not in _SPANS:
        return None, None
    number, low, high, read = _SPANS[kind]
    found = statistics.message(number)
    return (None, None) if found is None else (read(found, low), read(found, high))


def counted_nulls(statistics: Message, rows: int) -> int | None:
    """How many of the rows are null; None if it is not known."""
    values = statistics.integer(1)
    return None if values is None else rows - values


def _double(found: Message, number: int) -> float | None:
    value = found.double(number)
    return None if value is None or math.isnan(value) else value


def _decimal(found: Message, number: int) -> Decimal | None:
    text = found.text(number)
    return Decimal(text) if text else None


def _date(found: Message, number: int) -> date | None:
    days = found.signed(number)
    if days is None or not 1 <= _EPOCH + days <= date.max.toordinal():
        return None
    return date.fromordinal(_EPOCH + days)


_INTEGER = (2, 1, 2, Message.signed)
_DOUBLE = (3, 1, 2, _double)
_TEXT = (4, 1, 2, Message.text)
# By the number of the type: where the statistics are, where in them the smallest and the greatest value, how to read.
_SPANS: Mapping[int, tuple[int, int, int, _Read]] = {
    **dict.fromkeys((1, 2, 3, 4), _INTEGER),
    **dict.fromkeys((5, 6), _DOUBLE),
    **dict.fromkeys((7, 16), _TEXT),
    14: (6, 1, 2, _decimal),
    15: (7, 1, 2, _date),
}
