"""Nodes that are no models: tests, other packages' nodes, things without a relation."""

from __future__ import annotations

from typing import Any

import pytest
from dbt_common.exceptions import CompilationError

from derived_tables.harness.macros import Macros


def node(resource_type: str, **fields: Any) -> dict[str, Any]:
    """A node of the consuming project as dbt hands it to the naming macros."""
    return {"name": "n", "resource_type": resource_type, "package_name": "consumer", "config": {}} | fields


@pytest.mark.parametrize(
    ("fields", "database"),
    [
        ({"file_key_name": "models.orders__daily"}, "orders_dbt_test__audit_dev_dbt"),
        ({"file_key_name": "seeds.lookups__bands"}, "lookups_dbt_test__audit_dev_dbt"),
        ({"file_key_name": "sources.raw_shop"}, "raw_shop_dbt_test__audit_dev_dbt"),
        ({"file_key_name": "sources.Raw Shop"}, "raw_shop_dbt_test__audit_dev_dbt"),
        ({"refs": [{"name": "orders__daily"}, {"name": "other__x"}]}, "orders_dbt_test__audit_dev_dbt"),
        ({"sources": [["raw_shop", "orders"]]}, "raw_shop_dbt_test__audit_dev_dbt"),
        ({}, "main_dbt_test__audit_dev_dbt"),
    ],
)
def test_failing_rows_lie_next_to_what_is_tested(macros: Macros, fields: dict[str, Any], database: str) -> None:
    test = node("test", **fields)
    assert macros.call("generate_schema_name", custom_schema_name="dbt_test__audit", node=test) == database


def test_configured_schema_of_tests_wins(macros: Macros) -> None:
    test = node("test", file_key_name="models.orders__daily")
    assert macros.call("generate_schema_name", custom_schema_name="quality", node=test) == "quality_dev_dbt"


@pytest.mark.parametrize("schema", ["quality_dev_dbt", "Quality", "a.b"])
def test_configured_schema_of_tests_is_checked(macros: Macros, schema: str) -> None:
    with pytest.raises(CompilationError, match="`schema` of the test `n` must be a database name in snake case"):
        macros.call("generate_schema_name", custom_schema_name=schema, node=node("test"))


@pytest.mark.parametrize("other", [None, node("analysis"), node("operation")])
def test_what_makes_no_relation_is_named_as_dbt_does(macros: Macros, other: dict[str, Any] | None) -> None:
    assert macros.call("generate_schema_name", custom_schema_name=None, node=other).strip() == "main"
    assert macros.call("generate_schema_name", custom_schema_name="x", node=other).strip() == "main_x"
    assert macros.call("generate_alias_name", custom_alias_name="y", node=other).strip() == "y"


@pytest.mark.parametrize("name", ["calendar", "orders__daily"])
@pytest.mark.parametrize("kind", ["model", "seed", "snapshot"])
def test_nodes_of_other_packages_keep_their_names_and_get_the_suffix(
    macros: Macros, prod_macros: Macros, kind: str, name: str
) -> None:
    """Red before: they had no suffix, so a sandbox run overwrote what production had built."""
    path = f"sales/orders/{name}.sql"
    other = {**node(kind), "package_name": "utils", "name": name, "path": path, "original_file_path": f"models/{path}"}
    for called, suffix in ((macros, "_dev_dbt"), (prod_macros, "")):
        assert called.call("generate_schema_name", custom_schema_name=None, node=other) == "main" + suffix
        assert called.call("generate_schema_name", custom_schema_name="x", node=other) == "main_x" + suffix
        assert called.call("generate_alias_name", custom_alias_name=None, node=other) == name
        assert called.call("_s3_table_path", node=other, database="main", table="t").endswith(
            f"{kind if kind == 'seed' else 'model'}s/domain_name=utils/database_name=main/table_name=t"
        )


@pytest.mark.parametrize("bad", [None, {}, node("test"), node("exposure")])
def test_model_parts_takes_what_has_a_place(macros: Macros, bad: dict[str, Any] | None) -> None:
    with pytest.raises(
        CompilationError, match="derived_tables.model_parts: `node` must be a model, a seed or a snapshot"
    ):
        macros.call("model_parts", node=bad)
