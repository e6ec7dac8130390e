"""One project on a database of one kind: a test that expects the same of all kinds runs on each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import duckdb

from derived_tables.harness.dbt_run import DbtRun
from derived_tables.harness.projects import Project, athena_target, create_project, duckdb_target
from local_athena import LocalAthena

KINDS = ("duckdb", "hive", "iceberg")

Rows = list[tuple[str | None, ...]]


def snapshot_model(query: str, **config: Any) -> str:
    """A model of the materialization snapshot_append; `{{ today }}` in the query is the snapshot date."""
    options = {"materialized": "snapshot_append", "partitioned_by": ["snapshot_date"], **config}
    return (
        "{{ config(**" + json.dumps(options).replace("null", "none") + ") }}\n"
        "{%- set step = var('step', 1) %}\n{%- set today = derived_tables.snapshot_date() %}\n" + query
    )


@dataclass(frozen=True)
class Warehouse:
    """A project and the database of one kind that it runs on.

    Attributes:
        project: the project; its models are in the database `orders`.
        kind: `duckdb`, `hive` or `iceberg`.
        athena: the local Athena, for kinds that are on it.
        bucket: the project's own bucket there.
    """

    project: Project
    kind: str
    athena: LocalAthena
    bucket: str

    @property
    def database(self) -> str:
        """Where its models are, in the environment dev."""
        return "orders_dev_dbt" if self.kind == "duckdb" else f"{self.bucket.replace('-', '_')}_orders_dev_dbt"

    def dbt(self, *args: str, day: str | None = None, **variables: Any) -> DbtRun:
        """Runs dbt for a snapshot date."""
        given = variables if day is None else {"snapshot_date": day, **variables}
        return self.project.dbt(*args, variables=given)

    def run(self, day: str, step: int = 1, *select: str, **variables: Any) -> DbtRun:
        """`dbt run` for a snapshot date; models look at `step`."""
        chosen = ("--select", *select) if select else ()
        return self.dbt("run", *chosen, day=day, step=step, **variables)

    def query(self, sql: str) -> Rows:
        """Rows as texts, sorted; `{orders}` is the models' database."""
        sql = sql.format(orders=self.database)
        if self.kind == "duckdb":
            with duckdb.connect(str(self.project.path / "consumer.duckdb"), read_only=True) as connection:
                found = connection.execute(f"select cast(columns(*) as varchar) from ({sql}) as q").fetchall()
        else:
            found = [tuple(row.values()) for row in self.athena.query(sql)]
        return sorted(found, key=lambda row: tuple(text or "" for text in row))

    def rows(self, table: str, columns: str = "*") -> Rows:
        """All rows of a model's table."""
        return self.query(f"select {columns} from {{orders}}.{table}")

    def columns(self, table: str) -> list[str]:
        """Names of the columns of a table, in their order."""
        sql = f"select * from {self.database}.{table} where false"
        if self.kind != "duckdb":
            return [name for name, _ in self.described(table)]
        with duckdb.connect(str(self.project.path / "consumer.duckdb"), read_only=True) as connection:
            return [column[0] for column in connection.execute(sql).description or ()]

    def described(self, table: str) -> list[tuple[str, str]]:
        """Columns of the Glue entry, those of the partitions last."""
        entry = self.glue_table(table)
        found = [*entry["StorageDescriptor"]["Columns"], *entry.get("PartitionKeys", ())]
        current = [each for each in found if each.get("Parameters", {}).get("iceberg.field.current") != "false"]
        return [(column["Name"], column["Type"]) for column in current]

    def glue_table(self, table: str) -> dict[str, Any]:
        """The Glue entry of a table."""
        entry: dict[str, Any] = self.client("glue").get_table(DatabaseName=self.database, Name=table)["Table"]
        return entry

    def tables(self) -> list[str]:
        """Names of all tables and views that there are, without the marks of tables that hold snapshots."""
        return [name for name in self.relations() if "__dbt_snapshots" not in name]

    def relations(self) -> list[str]:
        """Names of all tables and views that there are."""
        if self.kind == "duckdb":
            file = self.project.path / "consumer.duckdb"
            if not file.exists():
                return []
            with duckdb.connect(str(file), read_only=True) as connection:
                sql = f"select table_name from information_schema.tables where table_schema = '{self.database}'"
                return sorted(name for (name,) in connection.execute(sql).fetchall())
        pages = self.client("glue").get_paginator("get_tables").paginate(DatabaseName=self.database)
        return sorted(table["Name"] for page in pages for table in page["TableList"])

    def objects(self) -> list[str]:
        """Keys of all objects of tables in the bucket."""
        if self.kind == "duckdb":
            return []
        pages = self.client("s3").get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix="tables/")
        return [found["Key"] for page in pages for found in page.get("Contents", ())]

    def state(self) -> tuple[list[str], list[str]]:
        """What there is: tables, and objects in S3."""
        return self.tables(), self.objects()

    def client(self, service: str) -> Any:
        """A client of boto3 for the local Athena."""
        make: Any = boto3.client  # typed loosely: there are no stubs for all services among the dependencies
        return make(service, endpoint_url=self.athena.url, region_name="eu-west-1")


def create_warehouse(
    path: Path,
    kind: str,
    athena: LocalAthena,
    *,
    package: Path,
    files: Mapping[str, str],
    config: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Warehouse:
    """Writes a project with its models in `models/<domain>/orders`, and runs `dbt deps`.

    Args:
        path: the project's folder; the names of its bucket and database in S3 and Glue are made of its last part.
        kind: `duckdb`, `hive` or `iceberg`.
        athena: a local Athena that is running; its address must be in the environment.
        package: the package's folder.
        files: the project's files.
        config: what dbt_project.yml holds besides the name and the wiring.
        changes: further keys of an Athena target.
    """
    bucket = path.name.replace("_", "-")
    own: dict[str, Any] = {}
    if kind == "duckdb":
        targets = {"duckdb": duckdb_target(path / "consumer.duckdb")}
    else:
        athena.create_bucket(bucket)
        targets = {"athena": athena_target(bucket=bucket, **{"poll_interval": 0.01, "num_retries": 0, **changes})}
        own = {"models": {"+schema": f"{bucket.replace('-', '_')}_orders", "+table_type": kind}}
    project = create_project(path, package=package, files=files, targets=targets, config={**own, **(config or {})})
    project.dbt("deps").passed()
    return Warehouse(project, kind, athena, bucket)
