"""Ctrl-C and SIGTERM, whatever the command is doing: queries are cancelled, and it says how to go on."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from faults.gates import gate
from functional.commands.running import started
from unit.cli.support import terminal

from derived_tables.harness.projects import Project, create_project
from derived_tables.harness.warehouses import create_warehouse, snapshot_model
from local_athena import LocalAthena

STOPPED = "Stopped. To carry on, repeat the command.\n"

#: From the second day on, a run reads a pipe and then lasts until it is stopped.
SLOW = snapshot_model(
    "select count(*) as n, {{ today }} as snapshot_date\n"
    "{%- if today == \"date '2024-01-01'\" %} from range(1) as r (i)\n"
    "{%- else %} from range(100000000000) as r (i)\n"
    "cross join read_csv('{{ var('pipe', '') }}', columns={'x': 'int'}, auto_detect=false, header=false)\n"
    "{%- endif %}"
)
DAILY = snapshot_model("select 1 as id, {{ today }} as snapshot_date")


def write_once_it_is_read(pipe: Path, process: subprocess.Popen[str], line: bytes = b"1\n") -> None:
    """Writes into a pipe as soon as somebody has opened it: a query or parse is under way then."""
    end = None
    while end is None and process.poll() is None:
        with contextlib.suppress(OSError):  # nobody reads yet
            end = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    assert end is not None, process.communicate()
    os.write(end, line)
    os.close(end)


@pytest.fixture
def project(tmp_path: Path, repository: Path) -> Project:
    """A project on DuckDB."""
    files = {"models/sales/orders/orders__slow.sql": SLOW}
    made = create_project(tmp_path / "shop", package=repository, files=files)
    made.dbt("deps").passed()
    return made


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.long)]
)
def test_while_dbt_parses(project: Project, number: signal.Signals, code: int) -> None:
    pipe = project.path / "models/sales/orders/orders__pipe.sql"
    os.mkfifo(pipe)
    with started(project, "snapshots", "list", "--format", "json") as process:
        end = None
        while end is None and process.poll() is None:
            with contextlib.suppress(OSError):  # dbt has not come to this file
                end = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        assert end is not None, process.communicate()
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        os.close(end)
    assert (process.returncode, out, err) == (code, "", STOPPED)


def test_while_duckdb_runs_a_query(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    query = (
        "select count(*) from range(100000000000) as r (i) "
        f"cross join read_csv('{pipe}', columns={{'x': 'int'}}, auto_detect=false, header=false)"
    )
    script = f"""
from derived_tables.project.target import Target
from derived_tables.warehouse.duckdb import DuckDB
warehouse = DuckDB(Target("dev", "duckdb", {{"path": {str(tmp_path / "x.duckdb")!r}}}, lambda: None), writes=True)
try:
    warehouse.query({query!r})
except KeyboardInterrupt:
    print(warehouse.query("select 'it can be asked again'")[0][0])
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    try:
        write_once_it_is_read(pipe, process)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert out == "it can be asked again\n"


@pytest.mark.long
def test_while_athena_runs_a_query(
    local_athena: LocalAthena, tmp_path_factory: pytest.TempPathFactory, repository: Path
) -> None:
    path = tmp_path_factory.mktemp("signals_hive_")
    files = {"models/sales/orders/orders__daily.sql": DAILY}
    warehouse = create_warehouse(path, "hive", local_athena, package=repository, files=files)
    warehouse.run("2024-01-01").passed()
    before = len(local_athena.calls)
    with (
        gate(local_athena, "engine.Run", statement=r"count\(\*\)") as held,
        gate(local_athena, "athena.GetQueryExecution") as asked,
        started(warehouse.project, "snapshots", "list") as process,
    ):
        held.wait()
        asked.wait()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, STOPPED)
    assert [call.operation for call in local_athena.calls[before:]].count("StopQueryExecution") == 1


@pytest.mark.long
def test_while_duckdb_backfills(project: Project) -> None:
    pipe = project.path / "pipe"
    os.mkfifo(pipe)
    chosen = ("--select", "orders__slow", "--start", "2024-01-01", "--end", "2024-01-03", "--vars", f"pipe: {pipe}")
    env = {"TERM": "xterm"}
    with (
        terminal() as screen,
        started(project, "snapshots", "backfill", *chosen, "--apply", stderr=screen.inner, env=env) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline().startswith("project consumer, target duckdb")
        assert process.stdout.readline().startswith("2024-01-01  done in")
        write_once_it_is_read(pipe, process)
        # The line on the terminal comes after two seconds; on stdout there is nothing of it.
        screen.read_until(lambda text: "Running 2024-01-02 … 2 s" in text)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        shown = screen.read_until(lambda text: "repeat the command." in text)
    assert (process.returncode, out) == (130, "")
    assert shown.replace("\r\n", "\n").endswith("\r\x1b[2K" + STOPPED)
    with duckdb.connect(str(project.path / "consumer.duckdb"), read_only=True) as connection:
        sql = "select cast(snapshot_date as varchar) from orders_dev_dbt.slow"
        assert connection.execute(sql).fetchall() == [("2024-01-01",)]


@pytest.mark.long
def test_a_document_says_what_was_done_before(project: Project) -> None:
    pipe = project.path / "pipe"
    os.mkfifo(pipe)
    chosen = ("--select", "orders__slow", "--start", "2024-01-01", "--end", "2024-01-03", "--vars", f"pipe: {pipe}")
    with started(project, "snapshots", "backfill", *chosen, "--apply", "--format", "json") as process:
        write_once_it_is_read(pipe, process)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (143, STOPPED)
    assert [each["status"] for each in json.loads(out)["dates"]] == ["done", "not run", "not run"]


@pytest.mark.long
def test_while_athena_backfills(
    local_athena: LocalAthena, tmp_path_factory: pytest.TempPathFactory, repository: Path
) -> None:
    path = tmp_path_factory.mktemp("signals_backfill_")
    files = {"models/sales/orders/orders__daily.sql": DAILY}
    warehouse = create_warehouse(path, "hive", local_athena, package=repository, files=files)
    chosen = ("--select", "orders__daily", "--start", "2024-01-01", "--end", "2024-01-02")
    before = len(local_athena.calls)
    with (
        gate(local_athena, "engine.Run", statement="(?s)create table .*date '2024-01-02'") as held,
        gate(local_athena, "athena.StopQueryExecution") as cancelled,
        started(warehouse.project, "snapshots", "backfill", *chosen, "--apply") as process,
    ):
        held.wait()
        process.send_signal(signal.SIGINT)
        cancelled.wait()
        cancelled.opened.set()
        held.opened.set()
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, STOPPED)
    assert "2024-01-01  done in" in out
    assert "StopQueryExecution" in [call.operation for call in local_athena.calls[before:]]
    assert [day for _, day in warehouse.rows("daily")] == ["2024-01-01"]
