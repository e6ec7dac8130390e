"""Values of expressions that read no table, needed while a statement is analysed."""

from __future__ import annotations

from functools import cache
from typing import Any

import duckdb

from local_athena.dialect.runtime import connect
from local_athena.dialect.typed import NOT_CONSTANT, Typed
from local_athena.errors import AthenaError, raised


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    return connect()


def evaluate(value: Typed) -> Any:
    """The value, as DuckDB holds it.

    Raises:
        AthenaError: what the expression raises.
    """
    if value.constant is not NOT_CONSTANT and not isinstance(value.constant, str):
        return value.constant
    with _connection().cursor() as cursor:
        try:
            row = cursor.execute(f"SELECT {value.sql}").fetchone()
        except duckdb.Error as error:
            raise raised(error) or AthenaError("GENERIC_INTERNAL_ERROR", str(error)) from None
    assert row is not None
    return row[0]
