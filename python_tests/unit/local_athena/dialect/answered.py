"""What Trino answered to expressions: the files of `answers/`, and whether we answer the same.

The plans run without DuckDB's optimizer, which would compute constants while it plans: the corpus covers that way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import yaml

from local_athena.errors import AthenaError

from .support import answer

_FOLDER = Path(__file__).parent / "answers"
_PLACE = re.compile(r"^line \d+:\d+: ")


@dataclass(frozen=True)
class Answered:
    """An expression and Trino's answer.

    Attributes:
        sql: the expression.
        type: of its value; None if it fails.
        text: of its value, as Athena prints it.
        error: name of its error.
        message: of the error, without the place; None if it is not judged.
    """

    sql: str
    type: str | None = None
    text: str | None = None
    error: str | None = None
    message: str | None = None


def answered(*names: str) -> pytest.MarkDecorator:
    """Parametrizes a test with the entries of files, as `case`."""
    entries = [
        Answered(**entry) for name in names for entry in yaml.safe_load((_FOLDER / f"{name}.yml").read_text("utf-8"))
    ]
    return pytest.mark.parametrize("case", entries, ids=[entry.sql[:80] for entry in entries])


def check(connection: duckdb.DuckDBPyConnection, case: Answered) -> None:
    """Fails if we answer otherwise."""
    if case.error is None:
        given = answer(connection, f"select {case.sql}")
        assert (given.columns[0][1].replace(", ", ","), given.rows) == (
            (case.type or "").replace(", ", ","),
            [(case.text,)],
        )
        return
    with pytest.raises(AthenaError) as raised:
        answer(connection, f"select {case.sql}")
    assert raised.value.name == case.error
    if case.message is not None:
        assert _PLACE.sub("", raised.value.message) == case.message
