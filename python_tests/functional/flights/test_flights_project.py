"""The flights project is the example that others copy: complete, quiet, and at home in every environment."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from derived_tables.harness.projects import Project

SCHEDULES = {"daily", "weekly", "monthly"}


@pytest.fixture(scope="module")
def manifest(flights_project: Project, flights_duckdb: Path) -> Any:
    """The manifest of the flights project."""
    return flights_project.dbt("parse", env={"FLIGHTS_DUCKDB_PATH": str(flights_duckdb)}).passed().result


def nodes(manifest: Any, *kinds: str) -> list[Any]:
    """The project's nodes of some resource types."""
    return [node for node in manifest.nodes.values() if node.resource_type in kinds and node.package_name == "flights"]


def test_it_is_as_large_as_promised(manifest: Any) -> None:
    assert len(nodes(manifest, "model")) >= 16
    assert len(nodes(manifest, "seed")) == 2
    assert len(manifest.unit_tests) >= 3
    assert len(manifest.exposures) == 1
    assert {node.fqn[1] for node in nodes(manifest, "model")} == {"staging", "air_traffic", "weather"}


def test_every_table_is_described_and_scheduled(manifest: Any) -> None:
    for node in nodes(manifest, "model", "seed"):
        assert node.description.strip(), node.name
        assert node.patch_path == f"flights://{Path(node.original_file_path).with_suffix('.yml')}"
        assert len(SCHEDULES & set(node.tags)) == 1, node.name


def test_every_column_is_described(manifest: Any, flights_duckdb: Path) -> None:
    with duckdb.connect(str(flights_duckdb), read_only=True) as connection:
        rows = connection.sql("select table_schema, table_name, column_name from information_schema.columns").fetchall()
    described = {
        (node.schema, node.alias, column.name)
        for node in nodes(manifest, "model", "seed")
        for column in node.columns.values()
        if column.description.strip()
    }
    described |= {
        (source.schema, source.identifier, column.name)
        for source in manifest.sources.values()
        for column in source.columns.values()
        if column.description.strip()
    }
    # The marks of tables that hold snapshots are the package's own.
    assert described == {row for row in rows if "__dbt_snapshots" not in row[1]}


def test_every_model_has_a_tested_key(manifest: Any) -> None:
    """A column, or an expression of several columns, is unique; what it is made of is never null."""
    unique, never_null = {}, set()
    for test in nodes(manifest, "test"):
        metadata = getattr(test, "test_metadata", None)
        if metadata and metadata.name == "unique":
            unique[test.attached_node] = metadata.kwargs["column_name"]
        elif metadata and metadata.name == "not_null":
            never_null.add((test.attached_node, metadata.kwargs["column_name"]))
    for node in nodes(manifest, "model", "seed"):
        parts = [name for name in node.columns if re.search(rf"\b{name}\b", unique[node.unique_id])]
        assert parts, node.name
        assert {(node.unique_id, part) for part in parts} <= never_null, node.name


def test_datamarts_are_under_contract(manifest: Any) -> None:
    datamarts = [node for node in nodes(manifest, "model") if node.fqn[2].endswith("_datamarts")]
    assert len(datamarts) >= 5
    assert all(node.config.contract.enforced for node in datamarts)


def test_nothing_is_configured_about_names_or_places(manifest: Any) -> None:
    for node in nodes(manifest, "model", "seed"):
        assert not node.config.schema and not node.config.alias
        assert not node.config.get("external_location") and not node.config.get("s3_data_dir")


def test_no_warning_and_no_deprecation(flights_project: Project, flights_duckdb: Path) -> None:
    run = flights_project.dbt(
        "--warn-error",
        "--show-all-deprecations",
        "build",
        "--no-partial-parse",
        env={"FLIGHTS_DUCKDB_PATH": str(flights_duckdb)},
    ).passed()
    assert not run.warnings
    assert "Deprecat" not in run.output


@pytest.mark.parametrize("target", ["athena_local", "athena"])
def test_it_parses_for_athena(flights_project: Project, flights_duckdb: Path, target: str) -> None:
    assert (
        not flights_project.dbt("parse", target=target, env={"FLIGHTS_DUCKDB_PATH": str(flights_duckdb)})
        .passed()
        .warnings
    )


def test_source_is_fresh(flights_project: Project, flights_duckdb: Path) -> None:
    env = {"FLIGHTS_DUCKDB_PATH": str(flights_duckdb)}
    results = flights_project.dbt("source", "freshness", env=env).passed().result
    results = [result for result in results if result.node.resource_type == "source"]
    assert {result.node.name for result in results} == {"airlines", "airports", "flights", "planes", "weather"}
    assert {str(result.status) for result in results} == {"pass"}


def test_environments_lie_side_by_side(flights_project: Project, flights_duckdb: Path, tmp_path: Path) -> None:
    """dev was built by the fixture; a pull request and a person build the same tables without touching it."""
    copy = tmp_path / flights_duckdb.name
    copy.write_bytes(flights_duckdb.read_bytes())
    env = {"FLIGHTS_DUCKDB_PATH": str(copy)}
    for private in (
        {"DERIVED_TABLES_ENVIRONMENT": "ci", "DERIVED_TABLES_CI_ID": "pr_12"},
        {"DERIVED_TABLES_ENVIRONMENT": "sandbox", "DERIVED_TABLES_USER": "Jane_Doe"},
    ):
        flights_project.dbt("run", "--select", "staging", env={**env, **private}).passed()
    with duckdb.connect(str(copy), read_only=True) as connection:
        rows = connection.sql(
            "select table_schema, count(*) from information_schema.tables where table_schema like 'stg%' group by 1"
        ).fetchall()
    assert dict(rows) == {
        "stg_nyc_flights_dev_dbt": 5,
        "stg_nyc_flights_ci_pr_12": 5,
        "stg_nyc_flights_sandbox_jane_doe": 5,
    }


def test_production_is_refused(flights_project: Project, flights_duckdb: Path) -> None:
    env = {"FLIGHTS_DUCKDB_PATH": str(flights_duckdb), "DERIVED_TABLES_ENVIRONMENT": "prod"}
    run = flights_project.dbt("build", env=env)
    assert not run.success
    assert "a target that writes to production must be `prod`, got `duckdb`" in run.output
