"""Every expression of the corpus answers as Trino does, or is refused on purpose.

What is refused on purpose stands in python_tests/corpus/not_supported.yml with its reason.
"""

from __future__ import annotations

import functools
import re

import duckdb
import pytest
import yaml
from corpus import corpus
from corpus.athena_text import athena_text

from local_athena.errors import AthenaError

from .support import Answer, answer

NOT_YET = "not yet"
ANY_ERROR_IS_RIGHT = (corpus.ANY_ERROR, "GENERIC_INTERNAL_ERROR")
NOT_SUPPORTED: dict[str, str] = yaml.safe_load((corpus.FOLDER / "not_supported.yml").read_text("utf-8")) or {}
EXPRESSIONS = {entry.id: entry for entry in corpus.load_expressions() if entry.installation == "engine"}


@functools.cache
def _record() -> dict[str, corpus.Recorded]:
    return corpus.load_recorded_expressions()


def _type_name(name: str) -> str:
    """The name of a type; Trino's protocol spells some otherwise than its messages do."""
    return re.sub(r"INTERVAL [A-Z ]+", lambda found: found.group().lower(), name.replace(", ", ","))


def difference(given: Answer | AthenaError, recorded: corpus.Recorded) -> str | None:
    """In what an answer differs from the recorded one; None if it is right."""
    if isinstance(given, AthenaError):
        if recorded.error is None:
            return f"failed: {given}"
        same = given.name == recorded.error or recorded.error in ANY_ERROR_IS_RIGHT
        return None if same else f"failed with {given}, not with {recorded.error}: {recorded.message}"
    if recorded.error is not None:
        return f"answered {given.rows}, but fails with {recorded.error}: {recorded.message}"
    expected_columns = tuple((name, _type_name(kind)) for name, kind in recorded.columns)
    columns = tuple((name, _type_name(kind)) for name, kind in given.columns)
    if columns != expected_columns:
        return f"columns {columns}, not {expected_columns}"
    kinds = [kind for _, kind in recorded.columns]
    expected = [tuple(map(athena_text, row, kinds)) for row in recorded.rows or ()]
    rows = given.rows
    if not given.ordered:
        rows, expected = sorted(rows, key=repr), sorted(expected, key=repr)
    return None if rows == expected else f"rows {rows}, not {expected}"


def verdict(connection: duckdb.DuckDBPyConnection, identifier: str) -> str | None:
    """What is wrong with our answer to an expression; None if nothing is."""
    given: Answer | AthenaError
    try:
        given = answer(connection, EXPRESSIONS[identifier].query)
    except AthenaError as error:
        given = error
    recorded = _record()[identifier]
    wrong = difference(given, recorded)
    if wrong is not None and recorded.newer is not None and difference(given, recorded.newer) is None:
        return None
    return wrong


@pytest.mark.parametrize("identifier", sorted(EXPRESSIONS.keys() - NOT_SUPPORTED.keys()))
def test_expression(connection: duckdb.DuckDBPyConnection, identifier: str) -> None:
    wrong = verdict(connection, identifier)
    assert wrong is None, f"{EXPRESSIONS[identifier].query}\n{wrong}"


@pytest.mark.parametrize("identifier", sorted(NOT_SUPPORTED))
def test_not_supported(connection: duckdb.DuckDBPyConnection, identifier: str) -> None:
    assert identifier in EXPRESSIONS, "there is no such expression"
    if NOT_SUPPORTED[identifier] != NOT_YET:
        with pytest.raises(AthenaError, match="NOT_SUPPORTED"):
            answer(connection, EXPRESSIONS[identifier].query)
    try:
        wrong = verdict(connection, identifier)
    except duckdb.Error as error:
        wrong = str(error)
    assert wrong is not None, "it is right now: take it off the list"
