"""Every kind of node in every environment: the relations that dbt parses, and those that a run makes in DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from derived_tables.harness.projects import Project, create_project, duckdb_target

FILES = {
    "models/sales/orders/orders__daily.sql": "select 1 as id",
    "models/sales/orders/nested/deeper/orders__deep.sql": "select * from {{ ref('orders__daily') }}",
    "models/sales/orders/orders__multi_v1.sql": "select 1 as id",
    "models/sales/orders/orders__multi_v2.sql": "select 2 as id",
    "models/sales/orders/orders__scratch.sql": "{{ config(materialized='ephemeral') }} select 1 as id",
    "models/sales/orders/orders__elsewhere.sql": "{{ config(schema='finance', alias='ledger') }} select 1 as id",
    "models/sales/orders/orders.yml": """\
        models:
          - name: orders__daily
            config: {tags: [daily]}
            columns:
              - name: id
                data_tests:
                  - unique
                  - accepted_values: {arguments: {values: [2]}, config: {severity: warn}}
          - name: orders__multi
            latest_version: 2
            versions: [{v: 1}, {v: 2}]
        unit_tests:
          - name: deep_is_daily
            model: orders__deep
            given: [{input: ref('orders__daily'), rows: [{id: 7}]}]
            expect: {rows: [{id: 7}]}
        """,
    "seeds/sales/lookups/lookups__bands.csv": "id\n1\n",
    "seeds/sales/lookups/lookups.yml": """\
        seeds:
          - name: lookups__bands
            columns: [{name: id, data_tests: [not_null]}]
        """,
    "snapshots/sales/history/history.yml": """\
        snapshots:
          - name: history__orders
            relation: ref('orders__daily')
            config: {unique_key: id, strategy: check, check_cols: all}
        """,
    "snapshots/sales/history/history__bands.sql": """\
        {% snapshot history__bands %}
        {{ config(unique_key='id', strategy='check', check_cols='all') }}
        select * from {{ ref('lookups__bands') }}
        {% endsnapshot %}
        """,
    "tests/orders_are_positive.sql": "select * from {{ ref('orders__daily') }} where id < 0",
    "analyses/how_many.sql": "select count(*) from {{ ref('orders__daily') }}",
    "utils/dbt_project.yml": "{name: utils, version: 1.0.0, config-version: 2}\n",
    "utils/models/calendar.sql": "{{ config(materialized='table') }} select 1 as day",
}

#: (database without suffix, table) of every node that has a place, written by hand.
PLACES = {
    "model.consumer.orders__daily": ("orders", "daily"),
    "model.consumer.orders__deep": ("orders", "deep"),
    "model.consumer.orders__multi.v1": ("orders", "multi_v1"),
    "model.consumer.orders__multi.v2": ("orders", "multi_v2"),
    "model.consumer.orders__scratch": ("orders", "scratch"),
    "model.consumer.orders__elsewhere": ("finance", "ledger"),
    "seed.consumer.lookups__bands": ("lookups", "bands"),
    "snapshot.consumer.history__orders": ("history", "orders"),
    "snapshot.consumer.history__bands": ("history", "bands"),
    "model.utils.calendar": ("main", "calendar"),
    "test.consumer.orders_are_positive": ("orders_dbt_test__audit", "orders_are_positive"),
    "test.consumer.unique_orders__daily_id": ("orders_dbt_test__audit", "unique_orders__daily_id"),
    "test.consumer.accepted_values_orders__daily_id__2": (
        "orders_dbt_test__audit",
        "accepted_values_orders__daily_id__2",
    ),
    "test.consumer.not_null_lookups__bands_id": ("lookups_dbt_test__audit", "not_null_lookups__bands_id"),
}

ENVIRONMENTS: list[tuple[str, dict[str, Any], str]] = [
    ("dev", {}, "_dev_dbt"),
    ("dev, to be deployed", {"variables": {"deploy": True}}, "_dev_dbt_dbt_deploy"),
    (
        "sandbox",
        {"env": {"DERIVED_TABLES_ENVIRONMENT": "sandbox", "DERIVED_TABLES_USER": "Jane_Doe"}},
        "_sandbox_jane_doe",
    ),
    ("ci", {"env": {"DERIVED_TABLES_CI_ID": "pr_7"}, "variables": {"environment": "ci"}}, "_ci_pr_7"),
    ("prod", {"target": "prod"}, ""),
    ("prod, to be deployed", {"target": "prod", "variables": {"deploy": True}}, "_dbt_deploy"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """The project of FILES, with a second package that has a model of its own."""
    path = tmp_path_factory.mktemp("names")
    created = create_project(
        path,
        package=repository,
        files={**FILES, "packages.yml": f"packages: [{{local: {repository}}}, {{local: utils}}]\n"},
        targets={name: duckdb_target(path / "consumer.duckdb") for name in ("duckdb", "prod")},
    )
    created.dbt("deps").passed()
    return created


def names(manifest: Any) -> dict[str, tuple[str, str]]:
    """(schema, alias) of every node of a manifest; the hash at the end of a test's id is left out."""
    return {
        ".".join(key.split(".")[:3]) if node.resource_type == "test" else key: (node.schema, node.alias)
        for key, node in manifest.nodes.items()
    }


@pytest.mark.parametrize(("_name", "settings", "suffix"), ENVIRONMENTS, ids=[row[0] for row in ENVIRONMENTS])
def test_every_node_is_placed(project: Project, _name: str, settings: dict[str, Any], suffix: str) -> None:
    placed = names(project.dbt("parse", **settings).passed().result)
    expected = {key: (database + suffix, table) for key, (database, table) in PLACES.items()}
    assert {key: placed[key] for key in PLACES} == expected
    others = {key for key in placed if key not in PLACES and not key.startswith("operation.")}
    assert others == {"analysis.consumer.how_many"}


def test_builds_of_all_environments_lie_side_by_side(project: Project) -> None:
    """After a build in each, every environment has its own tables, and nothing else exists."""
    for _name, settings, _suffix in ENVIRONMENTS:
        project.dbt("build", "--store-failures", **settings).passed()
    with duckdb.connect(str(project.path / "consumer.duckdb"), read_only=True) as connection:
        rows = connection.sql("select table_schema, table_name from information_schema.tables").fetchall()
    tables = [place for key, place in PLACES.items() if "scratch" not in key]
    expected = {(database + suffix, table) for database, table in tables for _, _, suffix in ENVIRONMENTS}
    assert sorted(rows) == sorted(expected)


def test_partial_parsing_follows_the_environment(project: Project) -> None:
    """dbt reuses what it parsed; names must not be left over from the environment before."""
    user = {"DERIVED_TABLES_ENVIRONMENT": "sandbox", "DERIVED_TABLES_USER": "a"}
    changes: list[tuple[dict[str, str], str]] = [
        ({}, "_dev_dbt"),
        (user, "_sandbox_a"),
        ({**user, "DERIVED_TABLES_USER": "b"}, "_sandbox_b"),
        ({"DERIVED_TABLES_ENVIRONMENT": "ci", "DERIVED_TABLES_CI_ID": "1"}, "_ci_1"),
        ({"DERIVED_TABLES_ENVIRONMENT": "ci", "DERIVED_TABLES_CI_ID": "2"}, "_ci_2"),
        ({}, "_dev_dbt"),
        (user, "_sandbox_a"),
    ]
    for step, (env, suffix) in enumerate(changes):
        if step == 3:  # A changed file in between, as when somebody works.
            project.write({"models/sales/orders/orders__daily.sql": "select 1 as id -- changed"})
        run = project.dbt("parse", env=env).passed()
        placed = names(run.result)
        assert {key: placed[key] for key in PLACES} == {
            key: (database + suffix, table) for key, (database, table) in PLACES.items()
        }


def test_leftover_names_of_another_default_target_stop_the_run(
    consumer: Callable[..., Project], tmp_path: Path
) -> None:
    """dbt's partial parsing does not see that profiles.yml has another default target: measured."""
    file = tmp_path / "leftover.duckdb"
    project = consumer(
        {"models/sales/orders/orders__daily.sql": "select 1 as id"},
        targets={name: duckdb_target(file) for name in ("prod", "dev")},
    )
    project.dbt("parse").passed()
    profiles = project.path / "profiles.yml"
    profiles.write_text(profiles.read_text().replace("target: prod", "target: dev"))

    run = project.dbt("run")
    assert not run.success
    assert "must be `orders_dev_dbt`, got `orders`" in run.output
    assert "--no-partial-parse" in run.output
    with duckdb.connect(str(file)) as connection:
        assert connection.sql("select * from information_schema.tables").fetchall() == []
    project.dbt("run", "--no-partial-parse").passed()


@pytest.mark.parametrize("missing", ["generate_schema_name", "generate_alias_name"])
def test_a_missing_shim_stops_the_run(consumer: Callable[..., Project], missing: str) -> None:
    """Red before for the alias: the run built `orders_dev_dbt.orders__daily`."""
    project = consumer({"models/sales/orders/orders__daily.sql": "select 1 as id"})
    file = project.path / "macros/derived_tables.sql"
    file.write_text(file.read_text().replace(f"macro {missing}(", "macro other("))
    run = project.dbt("run")
    assert not run.success
    assert f"macros/derived_tables.sql lacks the macro `{missing}` that the README shows" in run.output


def test_all_nodes_are_looked_at(consumer: Callable[..., Project]) -> None:
    """Red before: one node was compared, here the one that the project's own macro leaves alone."""
    project = consumer({f"models/sales/orders/orders__{name}.sql": "select 1 as id" for name in "abc"})
    file = project.path / "macros/derived_tables.sql"
    own = "{%- if node.name == 'orders__c' -%}{{ return('elsewhere') }}{%- endif -%}\n    {{- return(derived_tables.gen"
    file.write_text(file.read_text().replace("{{- return(derived_tables.gen", own, 1))
    run = project.dbt("run", "--select", "orders__a")
    assert not run.success
    assert "the database of `models/sales/orders/orders__c.sql` must be `orders_dev_dbt`, got `elsewhere`" in run.output
    assert "keep yours as `project_schema_name`" in run.output


def test_a_package_that_places_its_nodes_itself_is_refused(consumer: Callable[..., Project]) -> None:
    """dbt prefers a package's own macro for the package's nodes: they would be the same in every environment."""
    project = consumer(
        {
            "models/sales/orders/orders__daily.sql": "select 1 as id",
            "utils/dbt_project.yml": "{name: utils, version: 1.0.0, config-version: 2}\n",
            "utils/models/calendar.sql": "select 1 as day",
            "utils/macros/names.sql": "{% macro generate_schema_name(name, node) %}{{ target.schema }}{% endmacro %}",
        }
    )
    packages = project.path / "packages.yml"
    packages.write_text(packages.read_text() + "- local: utils\n")
    project.dbt("deps").passed()
    run = project.dbt("run")
    assert not run.success
    assert "the database of `models/calendar.sql` must be `main_dev_dbt`, got `main`" in run.output
    assert "The package has a `generate_schema_name` of its own" in run.output


@pytest.mark.parametrize("by", ["variables", "env"])
def test_production_is_refused_before_anything_is_written(
    consumer: Callable[..., Project], tmp_path: Path, by: str
) -> None:
    file = tmp_path / "consumer/consumer.duckdb"
    project = consumer({"models/sales/orders/orders__daily.sql": "select 1 as id"})
    settings: dict[str, Any] = (
        {"variables": {"environment": "prod"}} if by == "variables" else {"env": {"DERIVED_TABLES_ENVIRONMENT": "prod"}}
    )
    run = project.dbt("build", **settings)
    assert not run.success
    assert "a target that writes to production must be `prod`, got `duckdb`" in run.output
    if file.exists():
        with duckdb.connect(str(file), read_only=True) as connection:
            assert connection.sql("select * from information_schema.tables").fetchall() == []


def test_deploying_an_unknown_database_is_refused_before_anything_is_written(
    consumer: Callable[..., Project], tmp_path: Path
) -> None:
    project = consumer({"models/sales/orders/orders__daily.sql": "select 1 as id"})
    run = project.dbt("run", variables={"deploy": True, "deploy_databases": ["orders", "odrers"]})
    assert not run.success
    assert "each of var `deploy_databases` must be `orders`, got `odrers`" in run.output
    with duckdb.connect(str(tmp_path / "consumer/consumer.duckdb"), read_only=True) as connection:
        assert connection.sql("select * from information_schema.tables").fetchall() == []


def test_a_run_says_where_its_tables_land(consumer: Callable[..., Project]) -> None:
    project = consumer({"models/sales/orders/orders__daily.sql": "select 1 as id"})
    run = project.dbt("run").passed()
    assert "derived_tables: environment dev, databases end in _dev_dbt" in run.messages
