"""dbt-athena in a work group that insists on its own location."""

from __future__ import annotations

from pathlib import Path

import pytest

from derived_tables.harness.projects import Project, athena_target, create_project
from local_athena import LocalAthena

from .support import Clients

BUCKET = "dbt-work-groups"
GROUP = "insists"
ICEBERG = "{{ config(table_type='iceberg', s3_data_naming='schema_table_unique') }} select * from {{ ref('hive') }}"


@pytest.fixture
def project(local_athena: LocalAthena, tmp_path: Path) -> Project:
    """A project with a target that lets dbt-athena look at the work group, and one that forbids it to."""
    local_athena.create_bucket(BUCKET)
    location = {"ResultConfiguration": {"OutputLocation": f"s3://{BUCKET}/enforced/"}}
    Clients(local_athena).athena.create_work_group(Name=GROUP, Configuration=location)
    target = athena_target(bucket=BUCKET, schema="work_groups", work_group=GROUP, num_retries=0)
    return create_project(
        tmp_path,
        package=None,
        config={"models": {"+materialized": "table"}},
        files={"models/hive.sql": "select 1 as id", "models/iceberg.sql": ICEBERG},
        targets={"looks": target, "does_not_look": {**target, "skip_workgroup_check": True}},
    )


def test_dbt_leaves_the_location_to_the_work_group(project: Project, local_athena: LocalAthena) -> None:
    environment = local_athena.environment()
    project.dbt("run", env=environment).passed()
    glue = Clients(local_athena).glue
    places = {
        table["Name"]: table["StorageDescriptor"]["Location"]
        for table in glue.get_tables(DatabaseName="work_groups")["TableList"]
    }
    assert places["hive"].startswith(f"s3://{BUCKET}/enforced/tables/")
    assert places["iceberg"].startswith(f"s3://{BUCKET}/tables/"), "Iceberg tables have a location of their own"
    project.dbt("run", "--select", "iceberg", target="does_not_look", env=environment).passed()
    refused = project.dbt("run", "--select", "hive", target="does_not_look", env=environment)
    assert not refused.success
    assert "an Athena Workgroup that enforces a centralized output location" in refused.output
