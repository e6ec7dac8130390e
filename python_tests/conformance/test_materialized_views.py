"""Materialized views, which neither adapter has."""

from __future__ import annotations

from typing import Any

import pytest
from dbt.tests.adapter.catalog import files
from dbt.tests.adapter.catalog.relation_types import CatalogRelationTypes
from dbt.tests.adapter.materialized_view.basic import MaterializedViewBasic
from dbt.tests.adapter.materialized_view.changes import (
    MaterializedViewChanges,
    MaterializedViewChangesApplyMixin,
    MaterializedViewChangesContinueMixin,
    MaterializedViewChangesFailMixin,
)

no_materialized_views = pytest.mark.skip(reason="Neither adapter has the materialization materialized_view.")

RELATION_TYPES = {"duckdb": {"table": "BASE TABLE", "view": "VIEW"}, "athena_local": {"table": "table", "view": "view"}}


class TestCatalogRelationTypes(CatalogRelationTypes):
    """The catalog says what is a table and what a view."""

    @pytest.fixture(scope="class", autouse=True)
    def models(self) -> dict[str, str]:
        return {"my_table.sql": files.MY_TABLE, "my_view.sql": files.MY_VIEW}

    @pytest.mark.parametrize(
        ("node_name", "relation_type"),
        [("seed.test.my_seed", "table"), ("model.test.my_table", "table"), ("model.test.my_view", "view")],
    )
    def test_relation_types_populate_correctly(
        self, docs: Any, node_name: str, relation_type: str, target_name: str
    ) -> None:
        super().test_relation_types_populate_correctly(docs, node_name, RELATION_TYPES[target_name][relation_type])


@no_materialized_views
class TestMaterializedViews(MaterializedViewBasic):
    """Materialized views made, replaced and refreshed."""


@no_materialized_views
class TestMaterializedViewChangesApply(MaterializedViewChangesApplyMixin, MaterializedViewChanges):
    """Changed configuration applied."""


@no_materialized_views
class TestMaterializedViewChangesContinue(MaterializedViewChangesContinueMixin, MaterializedViewChanges):
    """Changed configuration ignored."""


@no_materialized_views
class TestMaterializedViewChangesFail(MaterializedViewChangesFailMixin, MaterializedViewChanges):
    """Changed configuration refused."""
