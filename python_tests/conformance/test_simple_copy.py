"""A project of a seed and its copies."""

from __future__ import annotations

from typing import Any

import pytest
from dbt.tests.adapter.simple_copy.test_copy_uppercase import BaseSimpleCopyUppercase
from dbt.tests.adapter.simple_copy.test_simple_copy import EmptyModelsArentRunBase, SimpleCopyBase
from dbt.tests.util import get_connection, run_dbt


class TestSimpleCopy(SimpleCopyBase):
    """Views, tables and incremental models follow a seed that changes."""

    @pytest.mark.skip(reason="Neither engine has materialized views.")
    def test_simple_copy_with_materialized_views(self, project: Any) -> None:
        """Relations that dbt did not make, a materialized view among them."""


class TestEmptyModelsArentRun(EmptyModelsArentRunBase):
    """A model without SQL makes nothing; the relations are listed by the adapter, for Athena has no ILIKE."""

    def test_dbt_doesnt_run_empty_models(self, project: Any) -> None:
        run_dbt(["seed"])
        assert len(run_dbt()) == 7
        with get_connection(project.adapter):
            names = {r.identifier for r in project.adapter.list_relations(project.database, project.test_schema)}
        assert "materialized" in names
        assert not names & {"empty", "disabled"}


class TestSimpleCopyUppercase(BaseSimpleCopyUppercase):
    """Models with names in capitals."""

    @pytest.fixture(scope="class")
    def dbt_profile_target(self, dbt_profile_target: dict[str, Any]) -> dict[str, Any]:
        """The target of this run; the suite's own is a PostgreSQL database in mixed case."""
        return dbt_profile_target
