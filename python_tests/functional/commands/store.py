"""A project whose tables are written without dbt, and the commands on them: in full, or below the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from derived_tables.cli.main import main
from derived_tables.harness.warehouses import Rows, Warehouse, create_warehouse
from derived_tables.project.project import Options, Project, Selection, open_project
from derived_tables.snapshots.cleaning import clean
from derived_tables.snapshots.compact import Packed, compact, plan_compaction
from derived_tables.snapshots.contents import Snapshot, read_snapshots
from derived_tables.snapshots.drop import Drop, Wanted, drop, plan_drop
from derived_tables.snapshots.tables import SnapshotTable, find_tables
from derived_tables.warehouse.connect import connected
from derived_tables.warehouse.interface import Warehouse as Database
from derived_tables.warehouse.lake import Lake
from derived_tables.warehouse.live import Occupied, other_environments
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
class Store:
    """A warehouse, and the commands on its tables.

    Attributes:
        warehouse: its project has been installed.
        said: the remarks of all calls.
    """

    warehouse: Warehouse
    said: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.warehouse.kind

    @property
    def athena(self) -> LocalAthena:
        return self.warehouse.athena

    # The whole command

    def command(self, verb: str, *arguments: str, json: bool = True) -> Answer:
        """`derived-tables snapshots <verb>`."""
        path = str(self.warehouse.project.path)
        form = ("--format", "json") if json else ()
        return run("snapshots", verb, *arguments, "--project-dir", path, "--profiles-dir", path, *form)

    # Below the command line

    @cached_property
    def project(self) -> Project:
        path = self.warehouse.project.path
        return open_project(Options(path, path))

    @cached_property
    def selection(self) -> Selection:
        """All models; parsed once."""
        return self.project.select()

    @cached_property
    def _lake(self) -> Database:
        with connected(self.project.target) as database:
            return database

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database; DuckDB's file is let go of."""
        if self.kind == "duckdb":
            with connected(self.project.target) as database:
                yield database
        else:
            yield self._lake

    def find(self, database: Database, table: str) -> SnapshotTable:
        """The table of a model."""
        [node] = [node for node in self.selection.models if node.name == f"orders__{table}"]
        [found] = find_tables(self.project, database, Selection(self.selection.manifest, (node,))).tables
        return found

    def occupied(self, database: Database) -> Occupied | None:
        """What lies where, listed anew."""
        if not isinstance(database, Lake):
            return None
        reserved = other_environments(self.project.target.settings["s3_data_dir"], "dev")
        return Occupied(database.glue, "awsdatacatalog", reserved, self.said.append)

    def listed(self, table: str) -> list[Snapshot]:
        with self.database() as database:
            return read_snapshots(database, self.find(database, table))

    def plan_drop(self, table: str, **wanted: Any) -> Drop:
        with self.database() as database:
            return plan_drop(database, self.find(database, table), Wanted(**wanted), self.occupied(database))

    def drop(self, table: str, *, grace: int = 0, **wanted: Any) -> list[str]:
        """Plans, drops and cleans; returns the dates."""
        with self.database() as database:
            found, occupied = self.find(database, table), self.occupied(database)
            plan = plan_drop(database, found, Wanted(**wanted), occupied)
            done = [each.day.isoformat() for each in drop(database, plan, occupied=occupied, say=self.said.append)]
            self._clean(database, found, grace)
            return done

    def compact(self, table: str, *days: str, grace: int = 0) -> list[tuple[str, int, int | None]]:
        """Plans, compacts and cleans; returns names of partitions, files before and after."""
        with self.database() as database:
            found = self.find(database, table)
            plan = plan_compaction(database, found, {date.fromisoformat(day) for day in days} or None)
            self.said.extend(plan.skipped)
            done = list(compact(database, plan, occupied=self.occupied(database), say=self.said.append))
            self._clean(database, found, grace)
            return [(each.name, each.files, each.files_after) for each in done]

    def plan_compaction(self, table: str) -> Sequence[Packed]:
        with self.database() as database:
            return plan_compaction(database, self.find(database, table), None).partitions

    def clean(self, table: str, grace: int = 0) -> None:
        with self.database() as database:
            self._clean(database, self.find(database, table), grace)

    def _clean(self, database: Database, table: SnapshotTable, grace: int) -> None:
        reserved = other_environments(self.project.target.settings.get("s3_data_dir"), "dev")
        clean(database, [table], grace=timedelta(minutes=grace), reserved=reserved, say=self.said.append)

    # Writing and looking, without the commands

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
        return max(each["LastModified"] for each in found)

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
    return Store(create_warehouse(path, kind, athena, package=repository, files=FILES, num_boto3_retries=0))
