"""Small pieces of DuckDB SQL that the tables of functions share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from derived_tables.local_athena.dialect.functions.registry import Implementation
from derived_tables.local_athena.dialect.representation import literal
from derived_tables.local_athena.errors import raise_sql


def invalid(message_sql: str) -> str:
    """Raises INVALID_FUNCTION_ARGUMENT; the message is a DuckDB expression."""
    return raise_sql("INVALID_FUNCTION_ARGUMENT", message_sql)


def invalid_text(message: str) -> str:
    """Raises INVALID_FUNCTION_ARGUMENT with a text."""
    return invalid(literal(message))


def out_of_range(message_sql: str) -> str:
    """Raises NUMERIC_VALUE_OUT_OF_RANGE; the message is a DuckDB expression."""
    return raise_sql("NUMERIC_VALUE_OUT_OF_RANGE", message_sql)


def each(words: Iterable[str], table: Mapping[str, Implementation]) -> dict[str, Implementation]:
    """The table with every word in place of `$`, in signatures and in templates."""
    return {
        signature.replace("$", word): body.replace("$", word) if isinstance(body, str) else body
        for word in words
        for signature, body in table.items()
    }
