"""Errors that a statement ends with, named as Trino and Athena name them."""

from __future__ import annotations

import re
from typing import NoReturn

USER = 2
SYSTEM = 1
OTHER = 3


class AthenaError(Exception):
    """A statement that fails; the state of its execution becomes FAILED.

    Attributes:
        name: Trino's or Athena's name of the error, e.g. `TABLE_NOT_FOUND`.
        message: what a person reads after the name, in Trino's words.
        category: `USER`, `SYSTEM` or `OTHER`, as `AthenaError.ErrorCategory` of GetQueryExecution counts them.
    """

    def __init__(self, name: str, message: str, *, category: int = USER) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message
        self.category = category

    @property
    def reason(self) -> str:
        """`StateChangeReason` of the execution."""
        return f"{self.name}: {self.message}"


def not_supported(what: str) -> AthenaError:
    """What the local Athena does not know or does not emulate: it refuses instead of guessing."""
    return AthenaError("NOT_SUPPORTED", what)


# Generated SQL raises an error of Trino with a cast that cannot succeed: DuckDB's message quotes the text, which
# carries name and message between these marks. `error()` would do, but it counts as volatile: TRY() refuses it, and
# DuckDB plans worse around it. An element of an empty list fits every type.
_MARK = "\x1f"
_RAISED = re.compile(f"{_MARK}(?P<name>[A-Z_]+){_MARK}(?P<message>.*?){_MARK}", re.DOTALL)
# https://trino.io/docs/current/functions/conditional.html#try
_CAUGHT_BY_TRY = "DIVISION_BY_ZERO|INVALID_CAST_ARGUMENT|INVALID_FUNCTION_ARGUMENT|NUMERIC_VALUE_OUT_OF_RANGE"
_NOT_CAUGHT_BY_TRY = re.compile(f"{_MARK}(?!(?:{_CAUGHT_BY_TRY}){_MARK})(?P<name>[A-Z_]+){_MARK}")
_OVERFLOW = re.compile(r"Overflow in (?P<operation>\w+) of (?P<type>INT\d+) \((?P<left>-?\d+) . (?P<right>-?\d+)\)")
_DIVISION_OVERFLOW = re.compile(r"Overflow in division of (?P<left>-?\d+) / (?P<right>-?\d+)")
_DECIMAL_OVERFLOW = re.compile(
    r"Overflow in \w+ of DECIMAL|Overflow in HUGEINT addition|Overflow in multiplication of INT128"
    r"|Casting value .* to type DECIMAL"
)
# `sum` adds in 128 bits and is converted at its end.
_SUM_OVERFLOW = re.compile(r"Type INT128 with value -?\d+ can't be cast .* destination type INT64")
_INTEGERS = {"INT8": "tinyint", "INT16": "smallint", "INT32": "integer", "INT64": "bigint"}
# Only the least number of a type, divided by -1, overflows.
_LEAST = {str(-(1 << int(name[3:]) - 1)): type_ for name, type_ in _INTEGERS.items()}
_SIGNS = {"addition": "+", "subtraction": "-", "multiplication": "*"}


def raise_sql(name: str, message_sql: str) -> str:
    """A DuckDB expression of any type that raises the error when it is evaluated.

    Args:
        name: Trino's name of the error.
        message_sql: DuckDB expression of type VARCHAR: the message; never null.
    """
    return f"list_extract([], CAST('{_MARK}{name}{_MARK}' || {message_sql} || '{_MARK}' AS INTEGER))"


def not_caught_by_try(sql: str) -> str | None:
    """The name of an error that the generated SQL may raise, and that Trino's TRY lets through; None if none."""
    found = _NOT_CAUGHT_BY_TRY.search(sql)
    return found["name"] if found else None


def raise_text(name: str, message: str) -> NoReturn:
    """Raises, from a Python function that DuckDB calls, the error so that `raised` finds it again."""
    raise ValueError(f"{_MARK}{name}{_MARK}{message}{_MARK}")


def raised(error: BaseException) -> AthenaError | None:
    """The error of Trino that stands in an error of DuckDB, or that DuckDB's own arithmetic means; None if none."""
    text = str(error)
    if found := _RAISED.search(text):
        return AthenaError(found["name"], found["message"])
    if found := _OVERFLOW.search(text):
        return _overflow(found)
    if _SUM_OVERFLOW.search(text):
        return AthenaError("NUMERIC_VALUE_OUT_OF_RANGE", "bigint addition overflow")
    if found := _DIVISION_OVERFLOW.search(text):
        message = f"{_LEAST[found['left']]} division overflow: {found['left']} / {found['right']}"
        return AthenaError("NUMERIC_VALUE_OUT_OF_RANGE", message)
    if _DECIMAL_OVERFLOW.search(text):
        return AthenaError("NUMERIC_VALUE_OUT_OF_RANGE", "Decimal overflow")
    return None


def _overflow(found: re.Match[str]) -> AthenaError | None:
    operation, type_ = found["operation"], _INTEGERS.get(found["type"])
    if type_ is None or operation not in _SIGNS:
        return None
    message = f"{type_} {operation} overflow: {found['left']} {_SIGNS[operation]} {found['right']}"
    return AthenaError("NUMERIC_VALUE_OUT_OF_RANGE", message)
