"""Comments that dbt puts before each statement."""

from __future__ import annotations

from typing import Any

from dbt.tests.adapter.query_comment.test_query_comment import BaseEmptyQueryComments as TestEmptyQueryComments
from dbt.tests.adapter.query_comment.test_query_comment import BaseMacroArgsQueryComments as TestMacroArgsQueryComments
from dbt.tests.adapter.query_comment.test_query_comment import (
    BaseMacroInvalidQueryComments as TestMacroInvalidQueryComments,
)
from dbt.tests.adapter.query_comment.test_query_comment import BaseMacroQueryComments, BaseQueryComments
from dbt.tests.adapter.query_comment.test_query_comment import BaseNullQueryComments as TestNullQueryComments

from .marks import athena_only, duckdb_only


@duckdb_only
class TestQueryComments(BaseQueryComments):
    """A comment of two lines."""


@athena_only
class TestQueryCommentsOnAthena(BaseQueryComments):
    """A comment of two lines, in one; Athena's DDL takes comments to the end of a line only."""

    def test_matches_comment(self, project: Any) -> None:
        assert r"-- /* dbt rules! */\n" in self.run_get_json()


@duckdb_only
class TestMacroQueryComments(BaseMacroQueryComments):
    """A macro's comment of two lines."""


@athena_only
class TestMacroQueryCommentsOnAthena(BaseMacroQueryComments):
    """A macro's comment of two lines, in one."""

    def test_matches_comment(self, project: Any) -> None:
        assert r"-- /* dbt macros are pretty cool */\n" in self.run_get_json()
