"""Small pieces of DuckDB SQL that the tables of functions share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from local_athena.dialect.functions.registry import Call, Implementation
from local_athena.dialect.representation import literal
from local_athena.errors import raise_sql


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


def first_places(items: str) -> str:
    """The places of the elements of a list that no equal element stands before, in order, as a template.

    Equal elements are brought together by sorting, so that long lists take no time.

    Args:
        items: SQL of the list; nulls are equal.
    """
    placed = f"list_sort(list_transform({items}, lambda e, i: {{{{'k': e, 'i': i}}}}))"
    neighbours = f"list_transform([{placed}], lambda s: list_zip(s, list_prepend(NULL, s[:-2])))[1]"
    first = "lambda p: p[2] IS NULL OR p[1].k IS DISTINCT FROM p[2].k"
    return f"list_sort(list_transform(list_filter({neighbours}, {first}), lambda p: p[1].i))"


def escaped(sql: str) -> str:
    """SQL as a part of a template, in which braces have a meaning."""
    return sql.replace("{", "{{").replace("}", "}}")


def joined(call: Call, texts: str, separator: int) -> str:
    """A template of the texts of a list in one, without nulls; never null for a list.

    Args:
        call: whose separator is looked at: DuckDB wants a constant.
        texts: template of the list.
        separator: index of the argument.
    """
    if isinstance(call.constant(separator), str):
        return f"coalesce(array_to_string({texts}, {{{separator}}}), '')"
    known = f"list_filter({texts}, lambda t: t IS NOT NULL)"
    return f"CASE WHEN len({known}) = 0 THEN '' ELSE list_reduce({known}, lambda a, b: a || {{{separator}}} || b) END"
