"""What the rule on names says of configs, wiring and packages: all that would stop a build."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from unit.conventions.support import context, node

from derived_tables.conventions.places import place_problems
from derived_tables.relation import Relation

GOOD: dict[str, Any] = {
    "settings": {"s3_data_naming": "table_unique", "s3_data_dir": "s3://bucket/tables"},
    "dispatch": [{"macro_namespace": "athena", "search_order": ["consumer", "derived_tables", "dbt"]}],
}
PATH = "sales/orders/orders__daily.sql"


def problems(*nodes: Any, adapter: str = "duckdb", **changes: Any) -> list[tuple[str, str]]:
    found = place_problems(replace(context(*nodes, adapter=adapter), **{**GOOD, **changes}))
    return [(each.path, each.problem) for each in found]


@pytest.mark.parametrize("adapter", ["duckdb", "athena"])
def test_a_project_that_is_wired_has_none(adapter: str) -> None:
    assert problems(node(PATH), node("x.sql"), adapter=adapter) == []


@pytest.mark.parametrize(
    ("config", "adapter", "said"),
    [
        ({"external_location": "s3://b/x"}, "athena", "its `external_location` is the same in every environment"),
        ({"temp_schema": "scratch"}, "athena", "its `temp_schema` is the same in every environment"),
        ({"materialized": "external"}, "duckdb", "its `location` is the same in every environment"),
        (
            {"materialized": "external", "location": "x.csv"},
            "duckdb",
            "its `location` is the same in every environment",
        ),
        ({"s3_data_naming": "schema_table"}, "athena", "its `s3_data_naming` is not `table_unique`"),
    ],
)
def test_configs_that_cross_environments(config: dict[str, Any], adapter: str, said: str) -> None:
    assert problems(node(PATH, **config), adapter=adapter) == [(f"models/{PATH}", said)]


@pytest.mark.parametrize(
    "config",
    [
        {"temp_schema": "scratch_dev_dbt"},
        {"materialized": "external", "location": "files/orders_dev_dbt/daily.parquet"},
        {"external_location": None},
    ],
)
def test_configs_that_do_not(config: dict[str, Any]) -> None:
    assert problems(node(PATH, **config)) == []


def test_names_that_dbt_has_not_taken_from_the_package_are_told_once() -> None:
    wrong = [
        replace(node(f"sales/orders/orders__{name}.sql"), relation=Relation("consumer", "main", f"orders__{name}"))
        for name in "ab"
    ]
    [(path, said)] = problems(*wrong)
    assert path == "macros/derived_tables.sql"
    assert said == "`orders__a` lands in main.orders__a, not in orders_dev_dbt.a"


def test_packages_that_place_their_nodes_themselves() -> None:
    theirs = replace(node("calendar.sql"), package="utils", relation=Relation("consumer", "main", "calendar"))
    kept = replace(node("x.sql"), package="other", relation=Relation("consumer", "main_dev_dbt", "x"))
    [(path, said)] = problems(others=[theirs, theirs, kept])
    assert (path, said) == (
        "packages.yml",
        "the package `utils` places its nodes itself, in the same databases in every environment",
    )


@pytest.mark.parametrize(
    ("changes", "path", "said"),
    [
        (
            {"settings": {"s3_data_naming": "schema_table", "s3_data_dir": "s3://bucket/x"}},
            "profiles.yml",
            "`s3_data_naming` is `schema_table`",
        ),
        ({"settings": {"s3_data_naming": "table_unique"}}, "profiles.yml", "`s3_data_dir` is `None`"),
        ({"dispatch": []}, "dbt_project.yml", "`create_table_as` for Athena is not dispatched to `derived_tables`"),
    ],
)
def test_targets_on_athena(changes: dict[str, Any], path: str, said: str) -> None:
    assert problems(node(PATH), adapter="athena", **changes) == [(path, said)]
    assert problems(node(PATH), **changes) == []
