"""Ephemeral models."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from dbt.tests.adapter.ephemeral.test_ephemeral import (
    BaseEphemeralErrorHandling as TestEphemeralErrorHandling,
)
from dbt.tests.adapter.ephemeral.test_ephemeral import (
    BaseEphemeralMulti,
    BaseEphemeralNested,
)
from dbt.tests.util import check_relations_equal, run_dbt

#: How each adapter begins the statement that creates a view, and ends it.
CREATE = {
    "duckdb": ('create view "dbt"."{schema}"."{name}__dbt_tmp" as (', ");"),
    "athena_local": ('create or replace view "awsdatacatalog"."{schema}"."{name}" as ', ""),
}
DATABASE = {"duckdb": '"dbt"', "athena_local": '"awsdatacatalog"'}


def assert_view(project: Any, target_name: str, name: str, query: str) -> None:
    """Compares what dbt ran to create a view with `query`, white space aside."""
    begin, end = CREATE[target_name]
    expected = begin.format(schema=project.test_schema, name=name) + query + end
    ran = Path(f"target/run/test/models/{name}.sql").read_text(encoding="utf-8")
    assert re.sub(r"\s", "", ran) == re.sub(r"\s", "", expected)


class TestEphemeralMulti(BaseEphemeralMulti):
    """Several references to one ephemeral model; each adapter creates views in its own words."""

    def test_ephemeral_multi(self, project: Any, target_name: str) -> None:
        run_dbt(["seed"])
        assert len(run_dbt(["run"])) == 3
        for name in ("dependent", "double_dependent", "super_dependent"):
            check_relations_equal(project.adapter, ["seed", name])
        assert_view(
            project,
            target_name,
            "double_dependent",
            f"""
            with __dbt__cte__base as (select * from {project.test_schema}.seed),
            __dbt__cte__base_copy as (select * from __dbt__cte__base)
            -- base_copy just pulls from base. Make sure the listed
            -- graph of CTEs all share the same dbt_cte__base cte
            select * from __dbt__cte__base where gender = 'Male'
            union all
            select * from __dbt__cte__base_copy where gender = 'Female'
            """,
        )


class TestEphemeralNested(BaseEphemeralNested):
    """An ephemeral model of an ephemeral model; each adapter creates views in its own words."""

    def test_ephemeral_nested(self, project: Any, target_name: str) -> None:
        assert len(run_dbt(["run"])) == 2
        assert_view(
            project,
            target_name,
            "root_view",
            f"""
            with __dbt__cte__ephemeral_level_two as (
                select * from {DATABASE[target_name]}."{project.test_schema}"."source_table"
            ),
            __dbt__cte__ephemeral as (select * from __dbt__cte__ephemeral_level_two)
            select * from __dbt__cte__ephemeral
            """,
        )
