"""What Trino answered to expressions of several subjects at once, and to whole queries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from local_athena.errors import AthenaError

from .answered import Answered, answered, check
from .support import answer

_QUERIES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "answers" / "queries.yml").read_text("utf-8"))


@answered("nested", "json_texts", "map_order")
def test_expression(unoptimized: duckdb.DuckDBPyConnection, case: Answered) -> None:
    check(unoptimized, case)


@pytest.mark.parametrize("case", _QUERIES, ids=[case["sql"][:100] for case in _QUERIES])
def test_query(connection: duckdb.DuckDBPyConnection, case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(AthenaError) as raised:
            answer(connection, case["sql"])
        assert raised.value.name == case["error"]
        return
    given = answer(connection, case["sql"])
    assert [kind.replace(", ", ",") for _, kind in given.columns] == case["types"]
    rows = [list(row) for row in given.rows]
    if given.ordered:
        assert rows == case["rows"]
    else:
        assert sorted(rows, key=repr) == sorted(case["rows"], key=repr)
