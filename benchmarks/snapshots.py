"""What a dated snapshot costs: `snapshot_append` against dbt's own strategies for `incremental`, on both adapters.

On the local Athena: `append` and `insert_overwrite` of dbt-athena. Wall time is that of the model, as dbt reports it;
the server is a process of its own. Bytes and executions are counted in a run of their own, with the server in this
process: bytes are those of all data files written, also of tables that are dropped again; an execution is billed when
it scans data. Tables have 10, 100 or 1,000 snapshots before. On DuckDB: `delete+insert`. Variants take turns; medians.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import boto3
from serving import BUCKET, DUMMY, Server, run

from derived_tables.harness.dbt_run import environment
from derived_tables.harness.projects import Project, athena_target, create_project, duckdb_target
from local_athena import LocalAthena
from local_athena.stores.objects import StoredObject

REPOSITORY = Path(__file__).resolve().parent.parent
DATABASE = "ledger_dev_dbt"
FIRST = date(2020, 1, 1)
CONFIGS = {
    "snapshot_append": "materialized='snapshot_append', partitioned_by=['snapshot_date']",
    "append": "materialized='incremental', incremental_strategy='append', partitioned_by=['snapshot_date']",
    "insert_overwrite": (
        "materialized='incremental', incremental_strategy='insert_overwrite', partitioned_by=['snapshot_date']"
    ),
    "delete_insert": "materialized='incremental', incremental_strategy='delete+insert', unique_key='snapshot_date'",
}
ON_ATHENA = ("snapshot_append", "append", "insert_overwrite")
ON_DUCKDB = ("snapshot_append", "delete_insert")
MODEL = """\
{{{{ config({config}) }}}}
select id, account, amount, remark, {{{{ derived_tables.snapshot_date() }}}} as snapshot_date
from {source}
{{% if var('rows', none) %}}limit {{{{ var('rows') }}}}{{% endif %}}
"""
SOURCE = """
select
    n as id,
    n % 50000 as account,
    n * 1.5e0 as amount,
    'remark ' || cast(n % 9973 as varchar) as remark
from {numbers}
"""


@dataclass
class Cost:
    """What appending one snapshot took."""

    seconds: list[float] = field(default_factory=list)
    written: int = 0
    executions: int = 0
    billed: int = 0


def make_project(path: Path, names: tuple[str, ...], source: str, target: Mapping[str, Any]) -> Project:
    """A project with one model for each variant."""
    project = create_project(
        path,
        package=REPOSITORY,
        name="benchmark",
        files={
            f"models/finance/ledger/ledger__{name}.sql": MODEL.format(config=CONFIGS[name], source=source)
            for name in names
        },
        targets={"default": target},
    )
    project.dbt("deps").passed()
    return project


def append(project: Project, name: str, day: date, rows: int | None = None) -> float:
    """Seconds that dbt spends on the model for one date."""
    variables: dict[str, Any] = {"snapshot_date": day.isoformat(), **({"rows": rows} if rows else {})}
    ran = project.dbt("run", "--select", f"ledger__{name}", variables=variables).passed()
    [seconds] = [each.execution_time for each in ran.result.results if each.node.resource_type == "model"]
    return float(seconds)


def fill(query: Callable[[str], object], name: str, first: int, last: int) -> None:
    """Gives a table further snapshots, from number `first` up to `last`: all of them share one folder with a row."""
    folder = f"s3://{BUCKET}/fill/{name}/"
    if first == 1:
        query(
            f"create table {DATABASE}.fill_{name} with (external_location = '{folder}') as "
            "select 1 as id, 2 as account, 1e0 as amount, 'x' as remark"
        )
    for start in range(first, last, 100):
        added = " ".join(
            f"partition (snapshot_date = '{FIRST + timedelta(days=number)}') location '{folder}'"
            for number in range(start, min(start + 100, last))
        )
        query(f"alter table {DATABASE}.{name} add {added}")


def athena_project(folder: Path, rows: int, query: Callable[[str], object]) -> Project:
    """The project on Athena, its source table, and each variant's table with one snapshot."""
    query("create schema source")
    numbers = f"table(sequence(start => 1, stop => {rows})) as t (n)"
    query(
        f"create table source.entries with (external_location = 's3://{BUCKET}/source/') as "
        + SOURCE.format(numbers=numbers)
    )
    target = athena_target(bucket=BUCKET, poll_interval=0.02, num_retries=0)
    project = make_project(folder, ON_ATHENA, "awsdatacatalog.source.entries", target)
    for name in ON_ATHENA:
        append(project, name, FIRST, rows=10)
    return project


def timed_on_athena(rows: int, rounds: int, sizes: tuple[int, ...]) -> dict[int, dict[str, Cost]]:
    """Wall times at each number of snapshots."""
    costs = {size: {name: Cost() for name in ON_ATHENA} for size in sizes}
    server = Server()
    try:
        with tempfile.TemporaryDirectory() as folder, environment({**DUMMY, "AWS_ENDPOINT_URL": server.url}):
            client = boto3.client("athena")

            def query(sql: str) -> object:
                return run(client, sql)

            project = athena_project(Path(folder), rows, query)
            have = 1
            for size in sizes:
                for name in ON_ATHENA:
                    fill(query, name, have, size)
                have = size
                for number in range(rounds):
                    for name in ON_ATHENA[:: -1 if number % 2 else 1]:
                        costs[size][name].seconds.append(append(project, name, FIRST + timedelta(days=have)))
                    have += 1
    finally:
        server.stop()
    return costs


@contextmanager
def counted_writes(athena: LocalAthena) -> Iterator[list[int]]:
    """Sizes of the data files that are written while the block runs."""
    sizes: list[int] = []
    objects = athena.stores.objects
    plain = objects.take

    def take(bucket: str, key: str, *args: Any, **kwargs: Any) -> StoredObject:
        stored = plain(bucket, key, *args, **kwargs)
        if key.startswith("tables/"):
            sizes.append(stored.size)
        return stored

    with patch.object(objects, "take", take):
        yield sizes


def counted_on_athena(rows: int) -> dict[str, Cost]:
    """Bytes and executions of one new snapshot."""
    costs = {name: Cost() for name in ON_ATHENA}
    with LocalAthena() as athena, tempfile.TemporaryDirectory() as folder, environment(athena.environment()):
        athena.create_bucket(BUCKET)
        project = athena_project(Path(folder), rows, athena.query)
        for name, cost in costs.items():
            before = len(athena.calls)
            with counted_writes(athena) as sizes:
                append(project, name, FIRST + timedelta(days=1))
            ended = [call for call in athena.calls[before:] if call.operation == "Execution"]
            cost.written = sum(sizes)
            cost.executions = len(ended)
            cost.billed = sum(1 for call in ended if call.scanned_bytes)
    return costs


def timed_on_duckdb(rows: int, rounds: int) -> dict[str, Cost]:
    """Wall times on DuckDB: of a new date, then of the same date again."""
    costs = {name: Cost() for name in ON_DUCKDB}
    with tempfile.TemporaryDirectory() as folder:
        numbers = f"range(1, {rows + 1}) as t (n)"
        source = f"({SOURCE.format(numbers=numbers)}) as entries"
        project = make_project(Path(folder), ON_DUCKDB, source, duckdb_target(Path(folder) / "benchmark.duckdb"))
        for name in ON_DUCKDB:
            append(project, name, FIRST)
        for number in range(rounds):
            for name in ON_DUCKDB[:: -1 if number % 2 else 1]:
                costs[name].seconds.append(append(project, name, FIRST + timedelta(days=1 + number // 2)))
    return costs


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of a snapshot")
    parser.add_argument("--rounds", type=int, default=5, help="snapshots that are timed at each number of snapshots")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000], help="snapshots before")
    options = parser.parse_args()
    os.environ.update(DUMMY)

    counted = counted_on_athena(options.rows)
    print(f"One new snapshot of {options.rows:,} rows on the local Athena:\n")
    print("| | bytes written | ratio | executions | billed |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, cost in counted.items():
        ratio = counted["snapshot_append"].written / cost.written
        print(f"| `{name}` | {cost.written:,} | {ratio:.2f} | {cost.executions} | {cost.billed} |", flush=True)
    print("\nLimits: 0.55 of the bytes, 1 execution that is billed.\n")

    print("Seconds of the model, and how many times those of the other `snapshot_append` takes:\n")
    print(
        "| snapshots before | "
        + " | ".join(f"`{name}`" for name in ON_ATHENA)
        + " | to `append` | to `insert_overwrite` |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for size, costs in timed_on_athena(options.rows, options.rounds, tuple(options.sizes)).items():
        medians = {name: median(cost.seconds) for name, cost in costs.items()}
        shown = " | ".join(f"{medians[name]:.2f}" for name in ON_ATHENA)
        ratios = " | ".join(f"{medians['snapshot_append'] / medians[name]:.2f}" for name in ON_ATHENA[1:])
        print(f"| {size:,} | {shown} | {ratios} |", flush=True)
    print("\nLimits: 0.7 times, and the same however many snapshots there are.\n")

    medians = {name: median(cost.seconds) for name, cost in timed_on_duckdb(options.rows, options.rounds * 6).items()}
    ratio = medians["snapshot_append"] / medians["delete_insert"]
    print("On DuckDB:\n\n| `snapshot_append` | `delete+insert` | ratio | limit |\n| ---: | ---: | ---: | ---: |")
    print(f"| {medians['snapshot_append']:.2f} | {medians['delete_insert']:.2f} | {ratio:.2f} | 1.1 |")


if __name__ == "__main__":
    main()
