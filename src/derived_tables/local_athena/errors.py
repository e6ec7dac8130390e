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


# DuckDB's `error()` is how generated SQL raises an error of Trino: it carries name and message between these marks.
_MARK = "\x1f"
_RAISED = re.compile(f"{_MARK}(?P<name>[A-Z_]+){_MARK}(?P<message>.*?){_MARK}", re.DOTALL)


def raise_sql(name: str, message_sql: str) -> str:
    """A DuckDB expression that raises the error when it is evaluated.

    Args:
        name: Trino's name of the error.
        message_sql: DuckDB expression of type VARCHAR: the message; never null.
    """
    return f"error('{_MARK}{name}{_MARK}' || {message_sql} || '{_MARK}')"


def raise_text(name: str, message: str) -> NoReturn:
    """Raises, from a Python function that DuckDB calls, the error so that `raised` finds it again."""
    raise ValueError(f"{_MARK}{name}{_MARK}{message}{_MARK}")


def raised(error: BaseException) -> AthenaError | None:
    """The error of Trino that stands in an error of DuckDB; None if there is none."""
    found = _RAISED.search(str(error))
    return AthenaError(found["name"], found["message"]) if found else None
