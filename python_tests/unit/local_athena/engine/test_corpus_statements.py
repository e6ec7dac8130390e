"""Every statement case of the corpus ends as Trino or Athena's documentation says, or is refused on purpose.

What is refused on purpose stands in python_tests/corpus/not_supported_statements.yml with its reason.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

import pytest
import yaml
from corpus import corpus
from corpus.athena_text import athena_text

from local_athena.errors import AthenaError

from .support import Answer, Athena

ANY_ERROR_IS_RIGHT = (corpus.ANY_ERROR, "GENERIC_INTERNAL_ERROR")
NOT_SUPPORTED: dict[str, str] = (
    yaml.safe_load((corpus.FOLDER / "not_supported_statements.yml").read_text("utf-8")) or {}
)
#: Cases in which a message is not Trino's, and why.
OTHER_WORDS = {
    "duckdb-statements-refused": "JSON_TABLE is not expected where it is not supported",
    "execute-parameter-type": "Trino counts positions in the statement as it prints it",
    "explain-error": "what is expected is listed for a statement of its own",
    "iceberg-time-travel": "Trino quotes the name of its test schema",
    "iceberg-time-travel-in-future": "the message holds a time",
    "merge-insert-counts-differ": "has a position",
    "merge-without-clause": "lists more of what is expected",
    "temporary-table-refused": "Athena creates other things than Trino",
    "ctas-unknown-format": "Athena has other formats",
    "ctas-unknown-property": "has no position",
    "view-stale-column-missing": "Trino counts positions in the view as it prints it",
    "view-stale-table-dropped": "Trino counts positions in the view as it prints it",
}
CASES = {case.id: case for case in corpus.load_statement_cases()}


@functools.cache
def _record() -> dict[str, tuple[corpus.Recorded, ...]]:
    return corpus.load_recorded_statements()


def verdict(athena: Athena, identifier: str) -> str | None:
    """What is wrong with the first step of a case that ends otherwise than it should; None if all are right."""
    values = {"database": athena.database, "location": athena.location}
    for step, recorded in zip(CASES[identifier].steps, _record()[identifier], strict=True):
        sql = corpus.fill(step.athena, values)
        given: Answer | AthenaError
        try:
            given = athena.run(sql)
        except AthenaError as error:
            given = error
        wrong = difference(given, recorded, values)
        if wrong is None and isinstance(given, AthenaError) and identifier not in OTHER_WORDS:
            wrong = difference_of_words(given, recorded, values)
        if wrong is not None:
            return f"{sql}\n{wrong}"
        if step.capture is not None and isinstance(given, Answer):
            values[step.capture] = given.rows[0][0] or ""
    return None


def difference(given: Answer | AthenaError, recorded: corpus.Recorded, values: Mapping[str, str]) -> str | None:
    """In what an answer differs from the recorded one; None if it is right."""
    if isinstance(given, AthenaError):
        if recorded.error is None:
            return f"failed: {given}"
        same = given.name == recorded.error or recorded.error in ANY_ERROR_IS_RIGHT
        return None if same else f"failed with {given}, not with {recorded.error}: {recorded.message}"
    if recorded.error is not None:
        return f"answered {given.rows}, but fails with {recorded.error}: {recorded.message}"
    if recorded.statement_type not in (None, given.outcome.statement_type):
        return f"is a statement of {given.outcome.statement_type}, not of {recorded.statement_type}"
    if recorded.update_count is not None and given.outcome.update_count != recorded.update_count:
        return f"changed {given.outcome.update_count} rows, not {recorded.update_count}"
    if recorded.update_type is not None:
        return None
    return _difference_of_rows(given, recorded, values)


def difference_of_words(given: AthenaError, recorded: corpus.Recorded, values: Mapping[str, str]) -> str | None:
    """In what a message differs from Trino's, whose catalogs have other names; None if it is the same."""
    if recorded.judge != corpus.JUDGE_TRINO or recorded.message is None or recorded.error in ANY_ERROR_IS_RIGHT:
        return None
    expected = re.sub(r"\b(hive|iceberg)\b(?=[.'])", "awsdatacatalog", corpus.fill(recorded.message, values))
    return None if given.message == expected else f"said {given.message}, not {expected}"


def _difference_of_rows(given: Answer, recorded: corpus.Recorded, values: Mapping[str, str]) -> str | None:
    expected_columns = [(name, kind.replace(", ", ",")) for name, kind in recorded.columns]
    columns = [(name, kind.replace(", ", ",")) for name, kind in given.columns]
    if recorded.columns and columns != expected_columns:
        return f"columns {columns}, not {expected_columns}"
    if recorded.rows is None:
        return None
    if recorded.judge == corpus.JUDGE_TRINO:
        kinds = [kind for _, kind in recorded.columns]
        expected = [tuple(map(athena_text, row, kinds)) for row in recorded.rows]
        rows = given.rows
    else:
        expected = [tuple(_plain(cell) for cell in row) for row in recorded.rows]
        rows = [tuple(_plain(cell) for cell in row) for row in given.rows]
    expected = [tuple(cell and corpus.fill(cell, values) for cell in row) for row in expected]
    return None if rows == expected else f"rows {rows}, not {expected}"


def _plain(cell: str | None) -> str | None:
    """A text with its white space made alike: the documentation does not say how much there is."""
    return None if cell is None else re.sub(r"\s+", " ", cell).strip()


@pytest.mark.parametrize("identifier", sorted(CASES.keys() - NOT_SUPPORTED.keys()))
def test_case(athena: Athena, identifier: str) -> None:
    wrong = verdict(athena, identifier)
    assert wrong is None, wrong


@pytest.mark.parametrize("identifier", sorted(NOT_SUPPORTED))
def test_not_supported(athena: Athena, identifier: str) -> None:
    assert identifier in CASES, "there is no such case"
    wrong = verdict(athena, identifier)
    assert wrong is not None, "it is right now: take it off the list"
    assert "NOT_SUPPORTED" in wrong
