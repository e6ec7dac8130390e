"""How fast the local Athena is: start-up, statements, views of views, fifty clients, stopping, the flights project.

The server runs in a process of its own, as a person starts it; clients are boto3 and dbt. Prints medians, and beside
them the limits that the project sets itself. The flights project is built in turns on DuckDB and on the local Athena.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from serving import BIN, BUCKET, DUMMY, Server, run
from stopping import CLIENTS as CLIENTS_AT_WORK
from stopping import stops

from derived_tables.harness import nyc_flights
from derived_tables.harness.dbt_run import QUIET

REPOSITORY = Path(__file__).resolve().parent.parent
MEBIBYTE = 1024 * 1024
CLIENTS = 50
STATEMENTS_OF_A_CLIENT = 10
COLUMNS = 150
DEPTH = 7
# As the command `dbt`, but the module of the plugin is an empty one.
WITHOUT_PLUGIN = """
import sys, types
sys.modules["dbt_local_athena"] = types.ModuleType("dbt_local_athena")
from dbt.cli.main import cli
cli()
"""
CTAS = """
create table benchmark.numbers_{number} as
select
    n as id,
    n % 1000 as bucket,
    cast(n as varchar) as name,
    n * 1.5e0 as amount,
    date_add('day', n % 365, date '2024-01-01') as day
from table(sequence(start => 1, stop => 2000000)) as t (n)
"""


@contextmanager
def server() -> Iterator[Server]:
    """A server for the block."""
    running = Server()
    try:
        yield running
    finally:
        running.stop()


def seconds_of(action: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def make_views_of_views(client: object) -> str:
    """Makes views that each join the one below twice, over a table of many columns; gives the uppermost one."""
    columns = ", ".join(f"n as c_{number}" for number in range(COLUMNS))
    run(client, f"create table benchmark.v_0 as select {columns} from unnest(sequence(1, 100)) as t (n)")
    for number in range(1, DEPTH + 1):
        below = f"benchmark.v_{number - 1}"
        query = f"select a.* from {below} a join {below} b on a.c_0 = b.c_0"
        run(client, f"create view benchmark.v_{number} as {query}")
    return f"benchmark.v_{DEPTH}"


def fifty_clients(running: Server) -> tuple[int, int]:
    """Each client makes a table, appends to it and counts: (rows that should be there, rows that are there)."""

    def work(number: int) -> int:
        client = running.client()
        run(client, f"create table benchmark.client_{number} as select 0 as id")
        for value in range(1, STATEMENTS_OF_A_CLIENT):
            run(client, f"insert into benchmark.client_{number} values {value}")
        return int(run(client, f"select count(distinct id) from benchmark.client_{number}")[0][0] or 0)

    with ThreadPoolExecutor(CLIENTS) as pool:
        found = sum(pool.map(work, range(CLIENTS)))
    return CLIENTS * STATEMENTS_OF_A_CLIENT, found


def build_of_flights(target: str, folder: Path, url: str, *, plugin: bool = True) -> float:
    """Wall time of one `dbt build` of the flights project, with or without the plugin `dbt_local_athena`."""
    project = folder / "flights"
    dbt = [str(BIN / "dbt")] if plugin else [sys.executable, "-c", WITHOUT_PLUGIN]
    command = [*dbt, "--quiet", "--log-path", str(folder / "logs"), "build", "--target", target]
    where = ["--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(folder / target)]
    variables = {"AWS_ENDPOINT_URL": url, "FLIGHTS_DUCKDB_PATH": str(folder / "flights.duckdb"), **DUMMY, **QUIET}
    return seconds_of(
        lambda: subprocess.run([*command, *where], check=True, cwd=project, env={**os.environ, **variables})
    )


def flights(rounds: int) -> dict[str, float]:
    """Median wall time of the flights project's build, in turns: on both targets, and without the plugin."""
    builds: dict[str, Callable[[], float]] = {
        "duckdb": lambda: build_of_flights("duckdb", folder, running.url),
        "athena_local": lambda: build_of_flights("athena_local", folder, running.url),
        "athena_local without the plugin": lambda: build_of_flights("athena_local", folder, running.url, plugin=False),
    }
    seconds: dict[str, list[float]] = {name: [] for name in builds}
    with tempfile.TemporaryDirectory() as temporary, server() as running:
        folder = Path(temporary)
        leftovers = shutil.ignore_patterns("target", "logs", "dbt_packages", "*.duckdb", "*.duckdb.wal")
        shutil.copytree(REPOSITORY / "integration_tests/flights", folder / "flights", ignore=leftovers)
        (folder / "flights/packages.yml").write_text(f"packages: [{{local: {REPOSITORY}}}]\n", encoding="utf-8")
        subprocess.run([str(BIN / "dbt"), "--quiet", "deps"], check=True, cwd=folder / "flights", env={**os.environ})
        nyc_flights.load_into_duckdb(folder / "flights.duckdb")
        os.environ["AWS_ENDPOINT_URL"] = running.url
        nyc_flights.load_into_athena(BUCKET)
        for number in range(rounds):
            for name in sorted(builds, reverse=bool(number % 2)):
                seconds[name].append(builds[name]())
    return {name: median(values) for name, values in seconds.items()}


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="starts, CTAS and builds of the flights project")
    parser.add_argument("--selects", type=int, default=300, help="times that `select 1` is asked")
    parser.add_argument("--stops", type=int, default=20, help="times that a server at work is stopped")
    options = parser.parse_args()
    os.environ.update(DUMMY)

    print("| what | measured | limit |")
    print("| --- | ---: | ---: |")

    def show(what: str, measured: str, limit: str) -> None:
        print(f"| {what} | {measured} | {limit} |", flush=True)

    starts = []
    for _ in range(options.rounds):
        with server() as running:
            starts.append(running.start_up)
    show("start-up", f"{median(starts):.2f} s", "1.5 s")

    with server() as running:
        client = running.client()
        times = [seconds_of(lambda: run(client, "select 1")) for _ in range(options.selects)]
        show("`select 1` through boto3", f"{1000 * median(times):.1f} ms", "15 ms")

        times = []
        for number in range(options.rounds):
            statement = CTAS.format(number=number)
            times.append(seconds_of(lambda sql=statement: run(client, sql)))  # type: ignore[misc]
        show("CTAS of 2 million rows", f"{median(times):.2f} s", "2 s")
        query = f"explain select * from {make_views_of_views(client)}"
        times = [seconds_of(lambda: run(client, query)) for _ in range(options.rounds)]
        show(f"plan of views of views, {DEPTH} deep, {COLUMNS} columns", f"{median(times):.2f} s", "0.3 s")
        show("most memory resident", f"{running.peak_bytes() / MEBIBYTE:.0f} MiB", "1,024 MiB")

    with server() as running:
        expected, found = fifty_clients(running)
        show("fifty clients at once, rows lost", f"{expected - found} of {expected:,}", "0")

    slowest = 0.0
    for stop in stops(options.stops):
        assert stop.seconds is not None and not stop.faults(stop.seconds), stop  # noqa: PT018
        slowest = max(slowest, stop.seconds)
    show(f"stop while {CLIENTS_AT_WORK} clients are at work, slowest of {options.stops}", f"{slowest:.2f} s", "2 s")

    medians = flights(options.rounds)
    for name, value in medians.items():
        ratio = value / medians["duckdb"]
        limit = "2.5" if name == "athena_local" else ""
        show(f"flights project, `dbt build` on {name}: time and ratio", f"{value:.1f} s, {ratio:.2f}", limit)


if __name__ == "__main__":
    main()
