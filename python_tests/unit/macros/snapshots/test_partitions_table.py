"""_partitions_table(): the tables of which Glue lists the partitions, and no other ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest

from derived_tables.harness.macros import Macros
from derived_tables.harness.projects import athena_target, create_project
from local_athena import LocalAthena

DATABASE = "listed_partitions"
KEYS = [{"Name": "snapshot_date", "Type": "date"}, {"Name": "region", "Type": "string"}]
TABLES: dict[str, dict[str, Any]] = {
    "hive": {"PartitionKeys": KEYS},
    "projected": {"PartitionKeys": KEYS, "Parameters": {"projection.enabled": "TRUE"}},
    "not_projected": {"PartitionKeys": KEYS, "Parameters": {"projection.enabled": "false"}},
    "iceberg": {"PartitionKeys": KEYS, "Parameters": {"table_type": "ICEBERG"}},
    "whole": {},
}


@pytest.fixture(scope="module")
def athena(local_athena: LocalAthena, tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Macros:
    """The package's macros on a local Athena that has the tables."""
    local_athena.create_database(DATABASE)
    glue: Any = boto3.client("glue", endpoint_url=local_athena.url, region_name="eu-west-1")
    for name, entry in TABLES.items():
        storage = {"Columns": [{"Name": "id", "Type": "int"}], "Location": f"s3://derived-tables/{name}/"}
        table = {"Name": name, "TableType": "EXTERNAL_TABLE", "StorageDescriptor": storage, **entry}
        glue.create_table(DatabaseName=DATABASE, TableInput=table)
    path = tmp_path_factory.mktemp("listed_partitions")
    project = create_project(path, package=repository, targets={"athena": athena_target(num_retries=0)})
    project.dbt("deps").passed()
    return Macros(project, adapter_type="athena")


@pytest.mark.parametrize(
    ("table", "column", "is_listed"),
    [
        ("hive", "snapshot_date", True),
        ("hive", "REGION", True),
        ("hive", "id", False),
        ("not_projected", "snapshot_date", True),
        ("projected", "snapshot_date", False),
        ("iceberg", "snapshot_date", False),
        ("whole", "snapshot_date", False),
        ("missing", "snapshot_date", False),
    ],
)
def test_tables(athena: Macros, table: str, column: str, is_listed: bool) -> None:
    relation = f'"awsdatacatalog"."{DATABASE}"."{table}"'
    expected = f'"awsdatacatalog"."{DATABASE}"."{table}$partitions"' if is_listed else None
    found = athena.call("_partitions_table", tested=relation, column=column)
    assert (str(found) if found else None) == expected


def test_subqueries_are_not_tables(athena: Macros) -> None:
    relation = f'(select * from "awsdatacatalog"."{DATABASE}"."hive" where id = 1) dbt_subquery'
    assert athena.call("_partitions_table", tested=relation, column="snapshot_date") is None
