"""CAST, TRY_CAST, and the conversions Trino makes by itself, as DuckDB SQL."""

from __future__ import annotations

from derived_tables.local_athena.dialect.typed import Typed
from derived_tables.local_athena.types.model import Type


def coerce(value: Typed, target: Type) -> Typed:
    """Converts as Trino does by itself; `can_coerce` has already said that it does."""
    raise NotImplementedError


def cast(value: Typed, target: Type, *, safe: bool = False) -> Typed:
    """CAST, or TRY_CAST when `safe`.

    Raises:
        AthenaError: TYPE_MISMATCH `Cannot cast … to …`, for types between which there is no cast.
    """
    raise NotImplementedError


def assign(value: Typed, target: Type) -> Typed:
    """Converts for a column of a table, as INSERT, UPDATE and MERGE do: narrower, and with checks.

    Raises:
        AthenaError: TYPE_MISMATCH if the column cannot take the type.
    """
    raise NotImplementedError


def result_text(sql: str, type_: Type) -> str:
    """A DuckDB expression of type VARCHAR: the value as GetQueryResults prints it; null stays null."""
    raise NotImplementedError
