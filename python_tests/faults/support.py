"""A lake with snapshot models, dbt processes that write to it, and a plain model of what it should hold."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import boto3
import duckdb

from derived_tables.harness.dbt_run import QUIET
from derived_tables.harness.projects import Project, athena_target, create_project, duckdb_target
from local_athena import LocalAthena

BUCKET = "derived-tables"
DATABASE = "orders_dev_dbt"
MONDAY = date(2024, 1, 1)

#: A row of a model: number, text, amount, date, and the value of the second partition column (none without one).
Row = tuple[str, ...]

_MODEL = """\
{{{{ config(materialized='snapshot_append', partitioned_by={keys}, table_type='{table_type}'{more}) }}}}
select
    id,
    cast('generation {{{{ var("generation", 1) }}}}' as varchar) as label,
    id * {{{{ var("generation", 1) }}}} as amount,
    {{{{ derived_tables.snapshot_date() }}}} as snapshot_date{leaf}
from (select 1 as id union all select 2 union all select 3) as numbers
"""
_LEAF = ",\n    cast(case when id = 2 then 'only {{ var('generation', 1) }}' else 'always' end as varchar) as leaf"


def model(*, leaves: bool = False, table_type: str = "hive", more: str = "") -> str:
    """A model whose rows tell which generation they are of; with leaves, one of two leaves has another name in each."""
    keys = ["snapshot_date", "leaf"] if leaves else ["snapshot_date"]
    return _MODEL.format(keys=keys, table_type=table_type, leaf=_LEAF if leaves else "", more=more)


def generation(number: int, day: date, *, leaves: bool = False) -> list[Row]:
    """The rows that a run with `generation: number` stores for a day, in order."""
    rows = []
    for id_ in (1, 2, 3):
        leaf = [f"only {number}" if id_ == 2 else "always"] if leaves else []
        rows.append((str(id_), f"generation {number}", str(id_ * number), day.isoformat(), *leaf))
    return rows


def day(number: int) -> date:
    """The `number`-th day."""
    return MONDAY + timedelta(days=number)


@dataclass(frozen=True)
class Outcome:
    """How a dbt process ended.

    Attributes:
        success: what its exit code would say; false also if it was killed.
        output: what a person would have read.
        killed: it ended without a word.
    """

    success: bool
    output: str
    killed: bool = False

    def passed(self) -> Outcome:
        """The outcome itself, if it is a success."""
        assert self.success, self.output
        return self


class Process:
    """A dbt process that waits for its command."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._stream = self._socket.makefile("rw", encoding="utf-8")
        self.pid: int = json.loads(self._stream.readline())["pid"]

    def go(self, name: str, number: int, day: date, variables: Mapping[str, Any]) -> Process:
        """Begins to run one model for a day."""
        given = {"generation": number, "snapshot_date": day.isoformat(), **variables}
        self._stream.write(json.dumps({"args": ["--select", f"orders__{name}"], "vars": given}) + "\n")
        self._stream.flush()
        return self

    def wait(self) -> Outcome:
        """Waits until the process is gone, and all that it held with it."""
        try:
            line = self._stream.readline()
        except ConnectionError:
            line = ""
        self._stream.close()
        self._socket.close()
        while _is_alive(self.pid):
            os.sched_yield()
        return Outcome(**json.loads(line)) if line else Outcome(False, "killed", killed=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@dataclass
class Dbt:
    """Runs the models of a project in processes of their own; see forking_dbt.py."""

    port: int
    variables: dict[str, Any] = field(default_factory=dict)

    def start(self, name: str, number: int, day: date, **variables: Any) -> Process:
        """Begins to write a generation of a day."""
        return self.process().go(name, number, day, {**self.variables, **variables})

    def run(self, name: str, number: int, day: date, **variables: Any) -> Outcome:
        """Writes a generation of a day."""
        return self.start(name, number, day, **variables).wait()

    def process(self) -> Process:
        """A process that waits for its command."""
        return Process(self.port)


@contextmanager
def forking(project: Project, target: str, env: Mapping[str, str], first: str = "") -> Iterator[Dbt]:
    """A `Dbt` for a project that is installed, as long as the block runs; `first` is a model that it runs by itself."""
    command = [sys.executable, str(Path(__file__).with_name("forking_dbt.py")), str(project.path), target, first]
    own = {**os.environ, **QUIET, **env, "AWS_MAX_ATTEMPTS": "1", "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=own) as process:
        try:
            assert process.stdout
            yield Dbt(int(process.stdout.readline()))
        finally:
            process.kill()


def project_of(path: Path, package: Path, models: Mapping[str, str], **changes: Any) -> Project:
    """A project with the targets athena and duckdb whose models are tables of the database `orders`.

    No client tries a second time, so each fault reaches dbt.
    """
    athena = {"poll_interval": 0.01, "num_retries": 0, "num_iceberg_retries": 0, **changes}
    project = create_project(
        path,
        package=package,
        files={f"models/sales/orders/orders__{name}.sql": text for name, text in models.items()},
        targets={"athena": athena_target(bucket=BUCKET, **athena), "duckdb": duckdb_target(path / "orders.duckdb")},
    )
    project.dbt("deps").passed()
    return project


@dataclass(frozen=True)
class Lake:
    """The tables of the models on a local Athena, seen from outside of dbt and past all faults."""

    athena: LocalAthena

    def rows(self, name: str, day: date | None = None) -> list[Row]:
        """Rows of a table, or of one day, in order; none if there is no table."""
        if name not in self.tables():
            return []
        where = f" where snapshot_date = date '{day}'" if day else ""
        found = self.athena.query(f'select * from "{name}"{where}', DATABASE)
        return sorted((tuple(str(value) for value in row.values()) for row in found), key=lambda row: (row[3], row))

    def wait_until_idle(self, work_group: str = "primary") -> None:
        """Waits for statements of a work group whose client has gone, as Athena runs them on."""
        client: Any = boto3.client(
            "athena",
            endpoint_url=self.athena.url,
            region_name="eu-west-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106
        )
        while True:
            newest = client.list_query_executions(MaxResults=10, WorkGroup=work_group)["QueryExecutionIds"]
            found = client.batch_get_query_execution(QueryExecutionIds=newest)["QueryExecutions"]
            if not {each["Status"]["State"] for each in found} & {"QUEUED", "RUNNING"}:
                return

    def tables(self) -> list[str]:
        """Names of all tables of the database, without the marks of tables that hold snapshots."""
        glue = self.athena.stores.glue
        found = sorted(table["Name"] for table in glue.tables(DATABASE)) if glue.database(DATABASE) else []
        return [name for name in found if "__dbt_snapshots" not in name]

    def partitions(self, name: str) -> dict[tuple[str, ...], str]:
        """Locations of a table's partitions by their values."""
        found = self.athena.stores.glue.partitions(DATABASE, name)
        return {tuple(each["Values"]): _folder(each["StorageDescriptor"]["Location"]) for each in found}

    def location(self, name: str) -> str:
        """Where a table lies."""
        table = self.athena.stores.glue.table(DATABASE, name)
        assert table
        return _folder(table["StorageDescriptor"]["Location"])

    def files(self) -> list[str]:
        """Addresses of all objects, without results of queries."""
        found = self.athena.stores.objects.under(BUCKET, "tables/")
        return [f"s3://{BUCKET}/{each.key}" for each in found]

    def stray(self, name: str) -> list[str]:
        """Files of a Hive table that belong to no partition."""
        own = tuple(self.partitions(name).values()) if name in self.tables() else ()
        return [file for file in self.files() if f"table_name={name}" in file and not file.startswith(own)]

    def noted(self, name: str) -> list[str]:
        """The folders that notes beside a table name."""
        return [self.location(note) for note in self.tables() if note.startswith((f"{name}__dbt_r", f"{name}__dbt_i"))]

    def drop(self, name: str) -> None:
        """Removes a table, what stands beside it, and its files."""
        for table in self.tables():
            if table == name or table.startswith(f"{name}__"):
                self.athena.stores.glue.delete_table(DATABASE, table)
        keys = [file.removeprefix(f"s3://{BUCKET}/") for file in self.files() if f"table_name={name}" in file]
        self.athena.stores.objects.delete(BUCKET, keys)


def _folder(location: str) -> str:
    return location.rstrip("/") + "/"


def rows_of_duckdb(project: Project, name: str) -> list[Row]:
    """Rows of a table in the DuckDB file of a project, in order."""
    with duckdb.connect(str(project.path / "orders.duckdb"), read_only=True) as connection:
        found = connection.execute(f"select * from {DATABASE}.{name}").fetchall()
    return sorted((tuple(str(value) for value in row) for row in found), key=lambda row: (row[3], row))
