"""Snapshots of one date in tables of one name, in two databases and in three environments."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from derived_tables.harness.projects import Project, athena_target, create_project, duckdb_target
from derived_tables.harness.warehouses import snapshot_model
from local_athena import LocalAthena

pytestmark = pytest.mark.long

BUCKET = "snapshot-databases"
DAY, NEXT_DAY = "2024-01-31", "2024-02-01"
ENVIRONMENTS = {
    "dev_dbt": {},
    "ci_pr_7": {"DERIVED_TABLES_ENVIRONMENT": "ci", "DERIVED_TABLES_CI_ID": "pr_7"},
    "sandbox_ada": {"DERIVED_TABLES_ENVIRONMENT": "sandbox", "DERIVED_TABLES_USER": "ada"},
}
FILES = {
    f"models/{domain}/{database}/{database}__daily.sql": snapshot_model(
        f"select {{{{ step }}}} + {offset} as id, {{{{ today }}}} as snapshot_date"
    )
    for domain, database, offset in (("sales", "twin_orders", 0), ("finance", "twin_ledger", 100))
}

Query = Callable[[str], list[tuple[str, ...]]]


@pytest.fixture(params=["duckdb", "athena"])
def target(request: pytest.FixtureRequest) -> str:
    """Each database in turn."""
    name: str = request.param
    return name


@pytest.fixture
def project(target: str, tmp_path: Path, repository: Path, local_athena: LocalAthena) -> Project:
    """A project whose two models have tables of the same name."""
    local_athena.create_bucket(BUCKET)
    settings = {
        "duckdb": duckdb_target(tmp_path / "consumer.duckdb"),
        "athena": athena_target(bucket=BUCKET, poll_interval=0.01, num_retries=0),
    }[target]
    made = create_project(tmp_path, package=repository, files=FILES, targets={target: settings})
    made.dbt("deps").passed()
    return made


@pytest.fixture
def query(target: str, project: Project, local_athena: LocalAthena) -> Query:
    """Rows of a query as texts."""

    def ask(sql: str) -> list[tuple[str, ...]]:
        if target == "athena":
            return [tuple(str(value) for value in row.values()) for row in local_athena.query(sql)]
        with duckdb.connect(str(project.path / "consumer.duckdb"), read_only=True) as connection:
            return connection.execute(f"select cast(columns(*) as varchar) from ({sql}) as q").fetchall()

    return ask


def test_each_database_and_each_environment_has_its_own(project: Project, query: Query) -> None:
    for step, env in enumerate(ENVIRONMENTS.values(), 1):
        project.dbt("run", variables={"snapshot_date": DAY, "step": step}, env=env).passed()
    one = {"snapshot_date": NEXT_DAY, "step": 9}
    project.dbt("run", "--select", "twin_ledger__daily", variables=one, env=ENVIRONMENTS["ci_pr_7"]).passed()
    found = {
        f"{database}_{suffix}": query(f"select id, snapshot_date from {database}_{suffix}.daily order by 2")
        for database in ("twin_orders", "twin_ledger")
        for suffix in ENVIRONMENTS
    }
    assert found == {
        "twin_orders_dev_dbt": [("1", DAY)],
        "twin_orders_ci_pr_7": [("2", DAY)],
        "twin_orders_sandbox_ada": [("3", DAY)],
        "twin_ledger_dev_dbt": [("101", DAY)],
        "twin_ledger_ci_pr_7": [("102", DAY), ("109", NEXT_DAY)],
        "twin_ledger_sandbox_ada": [("103", DAY)],
    }


MONTHLY = snapshot_model(
    "select 7 as id, {{ derived_tables.snapshot_date_literal('%Y_%m') }} as month",
    partitioned_by=["month"],
    snapshot_format="%Y_%m",
    snapshot_grain="month",
)
NEWEST = """\
{{ config(materialized='table') }}
select id from {{ ref('deferred__monthly') }} where {{ derived_tables.latest_snapshot(ref('deferred__monthly')) }}
"""


def test_a_deferred_model_is_read_with_its_own_format(tmp_path: Path, repository: Path) -> None:
    project = create_project(
        tmp_path / "project",
        package=repository,
        files={
            "models/sales/deferred/deferred__monthly.sql": MONTHLY,
            "models/sales/reports/reports__newest.sql": NEWEST,
        },
        targets={"duckdb": duckdb_target(tmp_path / "consumer.duckdb")},
    )
    project.dbt("deps").passed()
    project.dbt("run", variables={"snapshot_date": DAY}).passed()
    shutil.copytree(project.path / "target", tmp_path / "state")
    command = ("run", "--select", "reports__newest", "--defer", "--state", str(tmp_path / "state"))
    project.dbt(*command, env=ENVIRONMENTS["ci_pr_7"]).passed()
    with duckdb.connect(str(tmp_path / "consumer.duckdb"), read_only=True) as connection:
        assert connection.execute("from reports_ci_pr_7.newest").fetchall() == [(7,)]
