"""database_suffix(): what each environment adds, and the identities it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dbt_common.exceptions import CompilationError

from derived_tables.harness.macros import Macros
from derived_tables.harness.projects import create_project, duckdb_target


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({"DERIVED_TABLES_ENVIRONMENT": "dev"}, "_dev_dbt"),
        ({"DERIVED_TABLES_ENVIRONMENT": "sandbox", "DERIVED_TABLES_USER": "jane_doe"}, "_sandbox_jane_doe"),
        ({"DERIVED_TABLES_ENVIRONMENT": "sandbox", "DERIVED_TABLES_USER": "Jane_Doe_2"}, "_sandbox_jane_doe_2"),
        ({"DERIVED_TABLES_ENVIRONMENT": "ci", "DERIVED_TABLES_CI_ID": "PR_123"}, "_ci_pr_123"),
        ({"DERIVED_TABLES_ENVIRONMENT": "ci", "DERIVED_TABLES_CI_ID": "x" * 40}, "_ci_" + "x" * 40),
    ],
)
@pytest.mark.parametrize(("deploy", "ending"), [(None, ""), (False, ""), (True, "_dbt_deploy")])
def test_suffix(macros: Macros, env: dict[str, str], expected: str, deploy: bool | None, ending: str) -> None:
    variables = {} if deploy is None else {"deploy": deploy}
    assert macros.call("database_suffix", env=env, variables=variables) == expected + ending


def test_production_has_no_suffix(prod_macros: Macros) -> None:
    assert prod_macros.call("database_suffix") == ""
    assert prod_macros.call("database_suffix", variables={"deploy": True}) == "_dbt_deploy"


def test_only_listed_databases_are_deployed(macros: Macros) -> None:
    variables = {"deploy": True, "deploy_databases": ["orders"]}
    assert macros.call("database_suffix", database="orders", variables=variables) == "_dev_dbt_dbt_deploy"
    assert macros.call("database_suffix", database="other", variables=variables) == "_dev_dbt"


@pytest.mark.parametrize(
    ("environment", "variable"), [("sandbox", "DERIVED_TABLES_USER"), ("ci", "DERIVED_TABLES_CI_ID")]
)
@pytest.mark.parametrize(
    "identity", [None, "", "jane doe", "jane.doe", "jane-doe", "x" * 41, "jané", "a/b", "a\n", "x_dbt_deploy"]
)
def test_bad_identity_names_the_variable_to_set(
    macros: Macros, environment: str, variable: str, identity: str | None
) -> None:
    env = {"DERIVED_TABLES_ENVIRONMENT": environment, variable: identity}
    with pytest.raises(CompilationError, match=rf"environment variable `{variable}` must be (.|\n)*export {variable}="):
        macros.call("database_suffix", env=env)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"deploy": "true"}, "var `deploy` must be `true` or `false`, got `true`"),
        ({"deploy": 1}, "var `deploy` must be `true` or `false`, got `1`"),
        ({"deploy": True, "deploy_databases": "orders"}, "var `deploy_databases` must be a list of names"),
    ],
)
def test_bad_deploy_variables(macros: Macros, variables: dict[str, Any], message: str) -> None:
    with pytest.raises(CompilationError, match=message):
        macros.call("database_suffix", variables=variables)


@pytest.mark.parametrize("database", ["", " ", 1])
def test_database_must_be_a_text(macros: Macros, database: Any) -> None:
    with pytest.raises(
        CompilationError, match="derived_tables.database_suffix: `database` must be the name of a database"
    ):
        macros.call("database_suffix", database=database)


def test_a_target_that_happens_to_be_called_ci_is_told_the_way_out(
    tmp_path_factory: pytest.TempPathFactory, repository: Path
) -> None:
    path = tmp_path_factory.mktemp("ci_target")
    project = create_project(path, package=repository, targets={"ci": duckdb_target(path / "consumer.duckdb")})
    project.dbt("deps").passed()
    with pytest.raises(CompilationError, match="The name of the target has chosen that environment; `export DERIVED_T"):
        Macros(project, target="ci").call("database_suffix")
