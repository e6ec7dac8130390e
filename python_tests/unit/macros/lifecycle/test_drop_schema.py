"""drop_schema(): which schemas it refuses; see functional/environments/test_drop_schema.py for what it drops."""

from __future__ import annotations

from typing import Any

import pytest
from dbt_common.exceptions import CompilationError

from derived_tables.harness.macros import Macros

ANN = {"DERIVED_TABLES_ENVIRONMENT": "sandbox", "DERIVED_TABLES_USER": "ann"}


@pytest.mark.parametrize(
    "name",
    [
        "Orders_dev_dbt",
        "orders'_dev_dbt",
        'orders"_dev_dbt',
        "orders; drop schema main; --_dev_dbt",
        "orders%_dev_dbt",
        "orders*_dev_dbt",
        "../orders_dev_dbt",
        "other.orders_dev_dbt",
        "orders _dev_dbt",
        "orders_dev_dbt\n",
        "ordérs_dev_dbt",
        "\u043erders_dev_dbt",  # a Cyrillic o
        "orders_dev_dbt\u200b",  # a space of no width
        "orders_\u0661_dev_dbt",  # an Arabic digit
        "",
        None,
        1,
        ["orders_dev_dbt"],
    ],
)
def test_malformed_names_are_refused(macros: Macros, name: Any) -> None:
    with pytest.raises(CompilationError, match="drop_schema: `schema_name` must be made of lower-case letters, digits"):
        macros.call("drop_schema", schema_name=name)


def test_a_person_gives_no_relation(macros: Macros) -> None:
    with pytest.raises(CompilationError, match="drop_schema: `schema_name` must be made of lower-case letters, digits"):
        macros.call("drop_schema", relation="orders_dev_dbt")


@pytest.mark.parametrize("name", ["consumer; x", "a.b", "consumer'", ["consumer"]])
def test_malformed_databases_are_refused(macros: Macros, name: Any) -> None:
    with pytest.raises(CompilationError, match="drop_schema: `database_name` must be made of lower-case letters"):
        macros.call("drop_schema", schema_name="orders_dev_dbt", database_name=name)


@pytest.mark.parametrize(
    "name",
    [
        "orders",
        "main",
        "information_schema",
        "orders_dev",
        "_dev_dbt",
        "dev_dbt",
        "orders_ci_pr_7",
        "orders_dev_dbt_dbt_deploy",
        "orders_sandbox_x_dev_dbt",  # of a user `x_dev_dbt`
        "orders_ci_dev_dbt",  # of a pull request `dev_dbt`
        "_dbt_test__audit_dev_dbt",
    ],
)
def test_schemas_of_others_are_refused(macros: Macros, name: str) -> None:
    with pytest.raises(CompilationError) as caught:
        macros.call("drop_schema", schema_name=name)
    assert (
        "derived_tables.drop_schema: `schema_name` must be a schema of the environment `dev`, whose names end in "
        f"`_dev_dbt`, got `{name}`." in str(caught.value)
    )


def test_suffixes_of_two_environments_are_told_apart(macros: Macros) -> None:
    with pytest.raises(CompilationError, match="must be a schema of the environment `sandbox`"):
        macros.call("drop_schema", env=ANN, schema_name="orders_ci_sandbox_ann")


def test_a_deployment_needs_its_variable(macros: Macros) -> None:
    arguments = {"schema_name": "orders_dev_dbt"}
    with pytest.raises(CompilationError, match="whose names end in `_dev_dbt_dbt_deploy`, got `orders_dev_dbt`"):
        macros.call("drop_schema", variables={"deploy": True}, arguments=arguments)


@pytest.mark.parametrize("name", ["orders", "orders_dev_dbt", "orders_dbt_deploy"])
def test_production_is_refused(prod_macros: Macros, name: str) -> None:
    with pytest.raises(
        CompilationError, match="drop_schema: `schema_name` must be a schema of an environment other than production"
    ):
        prod_macros.call("drop_schema", schema_name=name)


@pytest.mark.parametrize("name", ["orders_dev_dbt", "orders_dbt_test__audit_dev_dbt", "x1_dev_dbt"])
def test_a_missing_schema_is_no_error(macros: Macros, name: str) -> None:
    for _ in range(2):
        macros.call("drop_schema", schema_name=name)


def test_own_schemas_of_other_environments(macros: Macros) -> None:
    macros.call("drop_schema", env=ANN, schema_name="orders_sandbox_ann")
    macros.call("drop_schema", variables={"deploy": True}, schema_name="orders_dev_dbt_dbt_deploy")
