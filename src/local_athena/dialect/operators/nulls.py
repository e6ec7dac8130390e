"""Arithmetic with a NULL that has no type: which operator Trino chooses, if it can choose at all.

As Trino 435 answers.
"""

from __future__ import annotations

from local_athena.errors import AthenaError
from local_athena.types.model import (
    BIGINT,
    DATE,
    DOUBLE,
    INTERVAL_DAY_TO_SECOND,
    INTERVAL_YEAR_TO_MONTH,
    Time,
    Timestamp,
    Type,
)

_INTERVALS = (INTERVAL_DAY_TO_SECOND, INTERVAL_YEAR_TO_MONTH)
_INTERVAL_DIGITS = 3


def ambiguous() -> AthenaError:
    """Trino finds several operators."""
    message = "Could not choose a best candidate operator. Explicit type casts must be added."
    return AthenaError("AMBIGUOUS_FUNCTION_CALL", message)


def type_with_null(operator: str, known: Type, *, null_first: bool) -> Type | None:
    """The type of an operation of NULL and a value; None if the general rules say it.

    Args:
        operator: `+`, `-`, `*`, `/` or `%`.
        known: type of the value.
        null_first: whether NULL stands before the operator.

    Raises:
        AthenaError: AMBIGUOUS_FUNCTION_CALL.
    """
    if _is_ambiguous(operator, known, null_first=null_first):
        raise ambiguous()
    is_time = known == DATE or isinstance(known, (Time, Timestamp))
    if operator == "-" and null_first and is_time:
        return INTERVAL_DAY_TO_SECOND
    if operator in ("+", "-") and isinstance(known, Time):
        return Time(max(known.precision, _INTERVAL_DIGITS), known.zoned)
    if operator in ("+", "-") and (is_time or known in _INTERVALS):
        return known
    return None


def _is_ambiguous(operator: str, known: Type, *, null_first: bool) -> bool:
    match operator:
        case "*":
            return known in (BIGINT, DOUBLE)
        case "/":
            return null_first and known == DOUBLE
        case "+":
            coarse = isinstance(known, Timestamp) and known.precision < _INTERVAL_DIGITS
            return known in _INTERVALS or coarse
        case "-":
            return known in _INTERVALS if null_first else isinstance(known, (Time, Timestamp))
    return False
