"""A project whose tables are written without dbt, and the commands on them: in full, or below the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from snapshot_commands import Commands

from derived_tables.cli.main import main
from derived_tables.harness.warehouses import Rows, Warehouse, create_warehouse
from local_athena import LocalAthena

from .models import FILES

JANUARY, FEBRUARY, MARCH = "2024-01-31", "2024-02-29", "2024-03-31"
_KEYS = {"date": "snapshot_date", "varchar": "day", "integer": "month"}


@dataclass(frozen=True)
class Answer:
    """What a command answered.

    Attributes:
        code: its exit code.
        out: on stdout.
        err: on stderr.
    """

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON document."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def table(self) -> dict[str, Any]:
        """What the document says of its only table."""
        [found] = self.document["tables"]
        return dict(found)


def run(*arguments: str) -> Answer:
    """Runs the command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return Answer(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Store(Commands):
    """A warehouse, and the commands on its tables.

    Attributes:
        warehouse: its project has been installed.
    """

    warehouse: Warehouse = field(kw_only=True)

    @property
    def kind(self) -> str:
        return self.warehouse.kind

    @property
    def athena(self) -> LocalAthena:
        return self.warehouse.athena

    def command(self, verb: str, *arguments: str, json: bool = True) -> Answer:
        """`derived-tables snapshots <verb>`."""
        path = str(self.warehouse.project.path)
        form = ("--format", "json") if json else ()
        return run("snapshots", verb, *arguments, "--project-dir", path, "--profiles-dir", path, *form)

    def location(self, table: str) -> str:
        """Where a table that `fill` makes lies."""
        return f"s3://{self.warehouse.bucket}/tables/{table}"

    def fill(
        self, table: str, snapshots: Sequence[tuple[str, int]], *, regions: Sequence[str] = (), column: str = "date"
    ) -> None:
        """Makes a table of (id, name, snapshot date[, region]): a file with one row for each date and id."""
        key = _KEYS[column]
        name = f"{self.warehouse.database}.{table}"
        keys = [key, *(["region"] if regions else [])]
        type_ = {"varchar": "string", "integer": "int"}.get(column, column)
        described = f"id int, name string, {key} {type_}{', region string' if regions else ''}"
        self.make_database()
        if self.kind == "duckdb":
            self.write(f"create table {name} ({described})")
        elif self.kind == "iceberg":
            self.write(
                f"create table {name} ({described}) partitioned by ({', '.join(keys)})"
                f" location '{self.location(table)}' tblproperties ('table_type' = 'iceberg')"
            )
        else:
            empty = f"cast(null as integer) as id, cast(null as varchar) as name, cast(null as {column}) as {key}"
            empty += ", cast(null as varchar) as region" if regions else ""
            self.write(
                f"create table {name} with (format = 'parquet', partitioned_by = array{keys},"
                f" external_location = '{self.location(table)}/') as select {empty} where false"
            )
        for day, number in snapshots:
            for region in regions or [""]:
                last = "" if not region else ", '" + region.replace("'", "''") + "'"
                self.write(f"insert into {name} select {number}, 'x', cast('{day}' as {column}){last}")

    def add_partition(self, table: str, day: str, place: str, number: int = 7) -> None:
        """Puts a file with one row into a folder, and a partition over it; either may be there already."""
        name = f"{self.warehouse.database}.{table}"
        if not [key for key in self.objects() if f"s3://{self.warehouse.bucket}/{key}".startswith(f"{place}/")]:
            self.write(
                f"create table {name}_file with (format = 'parquet', external_location = '{place}/') "
                f"as select {number} as id, 'x' as name"
            )
            self.write(f"drop table {name}_file")
        self.write(f"alter table {name} add if not exists partition (snapshot_date = '{day}') location '{place}/'")

    def create_partition(self, table: str, values: Sequence[str], place: str) -> None:
        """Adds a partition to Glue, whatever its values are."""
        storage = {**self.warehouse.glue_table(table)["StorageDescriptor"], "Location": f"{place}/"}
        glue: Any = self.warehouse.client("glue")
        given = {"Values": list(values), "StorageDescriptor": storage}
        glue.create_partition(DatabaseName=self.warehouse.database, TableName=table, PartitionInput=given)

    def copy(self, key: str, to: str) -> None:
        """Copies an object."""
        objects = self.athena.stores.objects
        objects.write(self.warehouse.bucket, to, objects.read(self.warehouse.bucket, key))

    def make_database(self) -> None:
        """Makes the models' database, if it is missing."""
        if self.kind == "duckdb":
            self.write(f"create schema if not exists {self.warehouse.database}")
        else:
            self.athena.create_database(self.warehouse.database)

    def write(self, sql: str) -> None:
        """Runs a statement."""
        if self.kind == "duckdb":
            with duckdb.connect(str(self.warehouse.project.path / "consumer.duckdb")) as connection:
                connection.execute(sql)
        else:
            self.athena.query(sql)

    def days(self, table: str) -> Rows:
        """Dates that queries find, with how many rows."""
        return self.warehouse.query(
            f"select snapshot_date, count(*) as n from {{orders}}.{table} group by snapshot_date"
        )

    def files(self, table: str) -> Mapping[str, Sequence[int]]:
        """Sizes of the objects in S3 that queries read, by snapshot."""
        s3: Any = self.warehouse.client("s3")
        found: dict[str, list[int]] = {}
        rows = self.warehouse.query(
            f'select distinct cast(snapshot_date as varchar) as day, "$path" as file from {{orders}}.{table}'
        )
        for day, file in rows:
            assert day is not None and file is not None
            bucket, _, key = file.removeprefix("s3://").partition("/")
            found.setdefault(day, []).append(s3.head_object(Bucket=bucket, Key=key)["ContentLength"])
        return found

    def objects(self) -> list[str]:
        """Keys of all objects of tables."""
        return self.warehouse.objects()

    def below(self, table: str) -> list[str]:
        """Keys of the objects in S3 below a table."""
        return [key for key in self.objects() if key.startswith(f"tables/{table}/")]

    def put(self, key: str, content: bytes = b"") -> None:
        """Puts an object."""
        s3: Any = self.warehouse.client("s3")
        s3.put_object(Bucket=self.warehouse.bucket, Key=key, Body=content)

    def modified(self, prefix: str) -> datetime:
        """When the newest object below a prefix was written."""
        s3: Any = self.warehouse.client("s3")
        found = s3.list_objects_v2(Bucket=self.warehouse.bucket, Prefix=prefix)["Contents"]
        newest: datetime = max(each["LastModified"] for each in found)
        return newest

    def empty(self, prefix: str) -> None:
        """Deletes the objects in S3 whose keys begin with a prefix."""
        s3: Any = self.warehouse.client("s3")
        for key in self.objects():
            if key.startswith(prefix):
                s3.delete_object(Bucket=self.warehouse.bucket, Key=key)

    def notes(self, table: str) -> list[str]:
        """Glue tables with which runs and commands help themselves."""
        return [name for name in self.warehouse.tables() if name.startswith(f"{table}__dbt")]

    def lock(self, table: str, day: str, folder: str) -> str:
        """Has a run begin to write a snapshot; returns the name of its lock."""
        name = f"{table}__dbt_snapshot_{day.replace('-', '_')}"
        self.write(
            f"create external table {self.warehouse.database}.{name} (`run` string) stored as textfile "
            f"location '{self.location(table)}/{folder}/'"
        )
        return name


def create_store(path: Path, kind: str, athena: LocalAthena, repository: Path) -> Store:
    """A store of a kind; its tables are made by `fill`."""
    return Store(path, warehouse=create_warehouse(path, kind, athena, package=repository, files=FILES))
