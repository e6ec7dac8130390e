"""The environment that the command works out is the one that the macros work out: same names, same refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from dbt_common.exceptions import CompilationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derived_tables.errors import RefusedError
from derived_tables.harness.macros import Macros
from derived_tables.harness.projects import create_project
from derived_tables.project.environment import resolve_environment

SETTINGS = ("DERIVED_TABLES_ENVIRONMENT", "DERIVED_TABLES_USER", "DERIVED_TABLES_CI_ID")

#: What is answered: the environment's name and suffix, or the first sentence of a refusal.
Answer = tuple[str, str] | str


@pytest.fixture(scope="module")
def by_macros(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Callable[..., Answer]:
    """What the macros `environment` and `database_suffix` answer."""
    project = create_project(tmp_path_factory.mktemp("environment"), package=repository)
    project.dbt("deps").passed()
    macros = Macros(project)

    def ask(variables: Mapping[str, Any], env: Mapping[str, str], target: str) -> Answer:
        macros._adapter.config.target_name = target
        whole = {name: env.get(name) for name in SETTINGS}
        try:
            return tuple(
                macros.call(name, variables=variables, env=whole) for name in ("environment", "database_suffix")
            )
        except CompilationError as error:
            return sentence(str(error).partition("derived_tables.")[2].partition(": ")[2])

    return ask


def by_command(variables: Mapping[str, Any], env: Mapping[str, str], target: str) -> Answer:
    """What the command answers."""
    try:
        found = resolve_environment(variables, env, target)
    except RefusedError as error:
        return sentence(str(error))
    return found.name, found.suffix


def sentence(text: str) -> str:
    """What must be and what was got, without what to do about it; the macros' word for nothing is `none`."""
    said = " ".join(text.split()).replace("got nothing.", "got none.")
    until = said.find(" ", said.find(", got "))
    rest = said[until:]
    end = rest.find("`. ") + 2 if rest.startswith(" got `") else rest.find(". ") + 1
    return said[:until] + rest[:end]


@pytest.mark.parametrize(
    ("variables", "env", "target", "expected"),
    [
        ({}, {}, "duckdb", ("dev", "_dev_dbt")),
        ({}, {}, "prod", ("prod", "")),
        ({}, {}, "dev", ("dev", "_dev_dbt")),
        ({}, {"DERIVED_TABLES_ENVIRONMENT": "dev"}, "prod", ("dev", "_dev_dbt")),
        ({"environment": "dev"}, {"DERIVED_TABLES_ENVIRONMENT": "prod"}, "prod", ("dev", "_dev_dbt")),
        ({"environment": None}, {}, "prod", ("prod", "")),
        ({}, {"DERIVED_TABLES_USER": "Jane_Doe_2"}, "sandbox", ("sandbox", "_sandbox_jane_doe_2")),
        ({}, {"DERIVED_TABLES_CI_ID": "PR_123"}, "ci", ("ci", "_ci_pr_123")),
        ({"environment": "prod", "prod_targets": ["live"]}, {}, "live", ("prod", "")),
        (
            {"environment": "staging"},
            {},
            "prod",
            "var `environment` must be one of `prod`, `dev`, `sandbox`, `ci`, got `staging`.",
        ),
        (
            {},
            {"DERIVED_TABLES_ENVIRONMENT": ""},
            "prod",
            "environment variable `DERIVED_TABLES_ENVIRONMENT` must be one of `prod`, `dev`, `sandbox`, `ci`, got ``.",
        ),
        (
            {"environment": "prod"},
            {},
            "duckdb",
            "a target that writes to production must be `prod`, got `duckdb`.",
        ),
        ({"prod_targets": "live"}, {}, "prod", "var `prod_targets` must be a list of names, got `live`."),
        (
            {},
            {},
            "sandbox",
            "environment variable `DERIVED_TABLES_USER` must be 1 to 40 letters, digits or `_` that do not "
            "end in `_dbt_deploy`, got none.",
        ),
    ],
)
def test_known_settings(
    by_macros: Callable[..., Answer],
    variables: Mapping[str, Any],
    env: Mapping[str, str],
    target: str,
    expected: Answer,
) -> None:
    assert by_macros(variables, env, target) == expected
    assert by_command(variables, env, target) == expected


NAMES = st.sampled_from(["prod", "dev", "sandbox", "ci", "", "PROD", " dev", "production"])
VARIABLES = st.fixed_dictionaries(
    {},
    optional={
        "environment": st.one_of(NAMES, st.none(), st.sampled_from([True, 0, 1.5, [], ["prod"], {}, {"dev": 1}])),
        "prod_targets": st.one_of(
            st.lists(st.sampled_from(["prod", "live", "duckdb", 1])),
            st.sampled_from([None, "prod", "live", {}, {"prod": True}, 0, True]),
        ),
    },
)
IDENTITIES = st.one_of(
    st.text(alphabet="aZ09_-. /\nÉİ", max_size=6),
    st.sampled_from(["x" * 40, "x" * 41, "me_dbt_deploy", "me-dbt-deploy", "_dbt_deploy", "(unset)"]),
)
ENVIRONMENT_VARIABLES = st.fixed_dictionaries(
    {}, optional=dict(zip(SETTINGS, (NAMES, IDENTITIES, IDENTITIES), strict=True))
)
TARGETS = st.sampled_from(["prod", "dev", "sandbox", "ci", "duckdb", "live", "PROD"])


@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(variables=VARIABLES, env=ENVIRONMENT_VARIABLES, target=TARGETS)
def test_any_settings(
    by_macros: Callable[..., Answer], variables: Mapping[str, Any], env: Mapping[str, str], target: str
) -> None:
    assert by_command(variables, env, target) == by_macros(variables, env, target)
