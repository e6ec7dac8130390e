"""environment(): which setting wins, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from dbt_common.exceptions import CompilationError

from derived_tables.harness.macros import Macros


@pytest.mark.parametrize(
    ("variable", "env_var", "expected"),
    [
        (None, None, "dev"),
        (None, "ci", "ci"),
        ("sandbox", None, "sandbox"),
        ("sandbox", "ci", "sandbox"),
        ("dev", "prod", "dev"),
    ],
)
def test_variable_then_environment_variable_then_default(
    macros: Macros, variable: str | None, env_var: str | None, expected: str
) -> None:
    variables = {} if variable is None else {"environment": variable}
    answer = macros.call("environment", variables=variables, env={"DERIVED_TABLES_ENVIRONMENT": env_var})
    assert answer == expected


@pytest.mark.parametrize(("env_var", "expected"), [(None, "prod"), ("dev", "dev")])
def test_target_named_like_an_environment_comes_third(prod_macros: Macros, env_var: str | None, expected: str) -> None:
    assert prod_macros.call("environment", env={"DERIVED_TABLES_ENVIRONMENT": env_var}) == expected


@pytest.mark.parametrize("name", ["production", "PROD", "", " dev", "dev_dbt"])
@pytest.mark.parametrize("by", ["var", "env_var"])
def test_unknown_name_is_refused_and_its_setting_named(macros: Macros, name: str, by: str) -> None:
    variables = {"environment": name} if by == "var" else {}
    env = {"DERIVED_TABLES_ENVIRONMENT": name} if by == "env_var" else {}
    with pytest.raises(CompilationError) as caught:
        macros.call("environment", variables=variables, env=env)
    setting = "var `environment`" if by == "var" else "environment variable `DERIVED_TABLES_ENVIRONMENT`"
    assert f"derived_tables.environment: {setting} must be one of `prod`, `dev`, `sandbox`, `ci`, got `{name}`." in str(
        caught.value
    )


@pytest.mark.parametrize("by", ["var", "env_var"])
def test_production_from_another_target_is_refused(macros: Macros, by: str) -> None:
    variables = {"environment": "prod"} if by == "var" else {}
    env = {"DERIVED_TABLES_ENVIRONMENT": "prod"} if by == "env_var" else {}
    with pytest.raises(CompilationError, match=r"a target that writes to production must be `prod`, got `duckdb`"):
        macros.call("environment", variables=variables, env=env)


def test_prod_targets_lists_who_may_write_to_production(macros: Macros, prod_macros: Macros) -> None:
    variables: dict[str, Any] = {"environment": "prod", "prod_targets": ["duckdb", "live"]}
    assert macros.call("environment", variables=variables) == "prod"
    with pytest.raises(CompilationError, match="one of `duckdb`, `live`, got `prod`"):
        prod_macros.call("environment", variables=variables)


@pytest.mark.parametrize("value", ["duckdb", {"duckdb": True}, 1])
def test_prod_targets_must_be_a_list(macros: Macros, value: Any) -> None:
    with pytest.raises(CompilationError, match="var `prod_targets` must be a list of names"):
        macros.call("environment", variables={"environment": "prod", "prod_targets": value})
