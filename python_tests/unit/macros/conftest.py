"""A project that has nearly nothing, to call the package's macros in."""

from __future__ import annotations

from pathlib import Path

import pytest

from derived_tables.harness.macros import Macros
from derived_tables.harness.projects import athena_target, create_project, duckdb_target
from local_athena import LocalAthena


@pytest.fixture(scope="session")
def macros(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Macros:
    """The package's macros on the target `duckdb` of a project `consumer` with one model, one seed."""
    path = tmp_path_factory.mktemp("macros")
    project = create_project(
        path,
        package=repository,
        files={
            "models/sales/orders/orders__daily.sql": "select 1 as id",
            "seeds/sales/orders/orders__bands.csv": "id\n1\n",
        },
        targets={"duckdb": duckdb_target(path / "consumer.duckdb"), "prod": duckdb_target(path / "p.duckdb")},
    )
    project.dbt("deps").passed()
    return Macros(project)


@pytest.fixture(scope="session")
def prod_macros(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Macros:
    """The same on the target `prod`."""
    path = tmp_path_factory.mktemp("prod_macros")
    project = create_project(
        path,
        package=repository,
        files={"models/sales/orders/orders__daily.sql": "select 1 as id"},
        targets={"prod": duckdb_target(path / "consumer.duckdb")},
    )
    project.dbt("deps").passed()
    return Macros(project)


@pytest.fixture(scope="session")
def athena_macros(
    tmp_path_factory: pytest.TempPathFactory,
    repository: Path,
    local_athena: LocalAthena,  # noqa: ARG001, its address is in the environment
) -> Macros:
    """The same on an Athena target, where nothing has been built."""
    project = create_project(
        tmp_path_factory.mktemp("athena_macros"),
        package=repository,
        files={
            "models/sales/orders/orders__daily.sql": "select 1 as id",
            "models/sales/orders/orders__wide.sql": (
                "{{ config(materialized='table', table_type='iceberg', native_drop=true) }}\nselect 1 as id"
            ),
            "models/sales/orders/orders__daily.yml": """\
                models:
                  - name: orders__daily
                    columns:
                      - name: id
                        data_tests:
                          - not_null:
                              config: &stored {store_failures: true, table_type: iceberg, native_drop: true}
                          - relationships:
                              arguments: {to: ref('lookups__bands'), field: id}
                              config: *stored
                """,
            "seeds/reference/lookups/lookups__bands.csv": "id\n1\n",
        },
        config={"seeds": {"+table_type": "iceberg", "+native_drop": True}},
        targets={"athena": athena_target()},
    )
    project.dbt("deps").passed()
    return Macros(project, adapter_type="athena")
