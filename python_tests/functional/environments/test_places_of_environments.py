"""Configs with which two environments would write to one place are refused before any node runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from derived_tables.harness.projects import Project, athena_target, create_project
from local_athena import LocalAthena

FIXED = "s3://{bucket}/elsewhere/table/"

#: A node of every kind with a fixed location: its file, and what the file says.
NODES = {
    "table": ("models/sales/orders/orders__a.sql", "{{{{ config(external_location='{place}') }}}} select 1 as id"),
    "incremental": (
        "models/sales/orders/orders__b.sql",
        "{{{{ config(materialized='incremental', external_location='{place}') }}}} select 1 as id",
    ),
    "snapshot_append": (
        "models/sales/orders/orders__c.sql",
        "{{{{ config(materialized='snapshot_append', partitioned_by=['day'], external_location='{place}') }}}}"
        "select 1 as id, {{{{ derived_tables.snapshot_date() }}}} as day",
    ),
    "snapshot": (
        "snapshots/sales/orders/orders__d.sql",
        "{{% snapshot orders__d %}}{{{{ config(unique_key='id', strategy='check', check_cols='all',"
        " external_location='{place}') }}}} select 1 as id{{% endsnapshot %}}",
    ),
    "test": (
        "tests/orders_are_positive.sql",
        "{{{{ config(store_failures=true, external_location='{place}') }}}} select 1 as id",
    ),
}


@pytest.fixture
def project(tmp_path: Path, repository: Path, local_athena: LocalAthena) -> Project:
    """A project on the local Athena with the targets `athena` and `prod`, and one good model."""
    bucket = tmp_path.name.replace("_", "-")
    local_athena.create_bucket(bucket)
    target = athena_target(bucket=bucket, poll_interval=0.01, num_retries=0)
    own = f"{tmp_path.name}_orders".lower()
    created = create_project(
        tmp_path,
        package=repository,
        files={"models/sales/orders/orders__good.sql": "{{ config(materialized='table') }} select 1 as id"},
        targets={"athena": target, "prod": target},
        config={kind: {"+schema": own} for kind in ("models", "seeds", "snapshots")},
    )
    created.dbt("deps").passed()
    return created


def written(athena: LocalAthena, calls: int) -> list[str]:
    """The S3 objects that were written, and the statements that were run, since so many calls."""
    return [
        record.statement or record.operation
        for record in athena.calls[calls:]
        if record.operation in ("PutObject", "CreateTable", "UpdateTable", "DeleteObject", "DeleteObjects")
        or (record.operation == "StartQueryExecution" and "create schema" not in (record.statement or "").lower())
    ]


@pytest.mark.parametrize("kind", NODES)
def test_a_fixed_location_is_refused(project: Project, local_athena: LocalAthena, kind: str) -> None:
    """Red before: what was built in prod, then in dev, returned dev's rows in prod."""
    file, text = NODES[kind]
    place = FIXED.format(bucket=project.path.name.replace("_", "-"))
    project.write({file: text.format(place=place)})
    calls = len(local_athena.calls)
    run = project.dbt("build")
    assert not run.success
    assert f"`external_location` of `{file}` must be one for each environment, because all would write there" in (
        run.output
    )
    assert f"got `{place}`" in run.output
    assert written(local_athena, calls) == []


def test_a_fixed_location_of_a_seed_is_refused(project: Project, local_athena: LocalAthena) -> None:
    """Red before: the seed was empty and green, because the CSV lay where the table was made."""
    place = FIXED.format(bucket=project.path.name.replace("_", "-"))
    project.write(
        {
            "seeds/sales/orders/orders__bands.csv": "id\n1\n",
            "seeds/sales/orders/orders.yml": (
                f"seeds: [{{name: orders__bands, config: {{external_location: '{place}'}}}}]\n"
            ),
        }
    )
    calls = len(local_athena.calls)
    run = project.dbt("seed")
    assert not run.success
    assert "`external_location` of `seeds/sales/orders/orders__bands.csv` must be one for each" in run.output
    assert written(local_athena, calls) == []


def test_what_is_not_selected_is_not_refused(project: Project) -> None:
    file, text = NODES["table"]
    project.write({file: text.format(place="s3://somewhere/else/")})
    project.dbt("run", "--select", "orders__good").passed()


def test_a_fixed_schema_of_temporary_tables_is_refused(project: Project) -> None:
    """dbt-athena would put the new rows of dev and of prod into one temporary table."""
    text = "{{{{ config(materialized='incremental', temp_schema={schema}) }}}} select 1 as id"
    file = "models/sales/orders/orders__b.sql"
    project.write({file: text.format(schema="'scratch'")})
    run = project.dbt("run")
    assert not run.success
    assert f"`temp_schema` of `{file}` must be one for each environment" in run.output
    project.write({file: text.format(schema="'scratch' ~ derived_tables.database_suffix()")})
    project.dbt("run").passed()


def test_files_of_duckdb_are_of_one_environment(consumer: Callable[..., Project], tmp_path: Path) -> None:
    """dbt-duckdb's `external` writes a file; without a location of its own, the same one in every environment."""
    file = "models/sales/orders/orders__file.sql"
    project = consumer({file: "{{ config(materialized='external') }} select 1 as id"})
    run = project.dbt("run")
    assert not run.success
    assert f"`location` of `{file}` must be one for each environment" in run.output
    assert "Put the database into it, which differs by environment: `orders_dev_dbt`." in run.output
    place = f"'{tmp_path}/orders' ~ derived_tables.database_suffix() ~ '.parquet'"
    project.write({file: f"{{{{ config(materialized='external', location={place}) }}}} select 1 as id"})
    project.dbt("run").passed()
    assert duckdb.sql(f"select id from '{tmp_path}/orders_dev_dbt.parquet'").fetchall() == [(1,)]


def test_another_layout_of_s3_is_refused_before_anything_is_written(
    project: Project, local_athena: LocalAthena
) -> None:
    """Red before: only the first table that was written said so, when views were there already."""
    project.write({"models/sales/orders/orders__view.sql": "{{ config(materialized='view') }} select 1 as id"})
    for file, text in (
        ("profiles.yml", "s3_data_naming: table_unique"),
        ("dbt_project.yml", "models:\n"),
    ):
        before = (project.path / file).read_text()
        changed = {"s3_data_naming: table_unique": "s3_data_naming: schema_table"}.get(
            text, "models:\n  +s3_data_naming: schema_table\n"
        )
        project.write({file: before.replace(text, changed)})
        calls = len(local_athena.calls)
        run = project.dbt("build")
        assert not run.success
        assert "check_run: `s3_data_naming` must be `table_unique`, got `schema_table`" in run.output
        assert written(local_athena, calls) == []
        project.write({file: before})
