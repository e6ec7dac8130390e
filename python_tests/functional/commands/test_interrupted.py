"""Ctrl-C, and databases that cannot be reached."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from meanwhile import Meanwhile

from derived_tables.harness.projects import Project, athena_target
from derived_tables.harness.warehouses import snapshot_model

from .store import FEBRUARY, JANUARY, Store, run


def test_ctrl_c_cancels_the_query_and_changes_nothing(hive: Store) -> None:
    hive.fill("stopped", [(JANUARY, 1), (FEBRUARY, 2)])
    with hive.database() as database:
        rule = Meanwhile("delay", "athena.GetQueryExecution", do=lambda: os.kill(os.getpid(), signal.SIGINT))
        before = len(hive.athena.calls)
        with hive.athena.faults.during(rule), pytest.raises(KeyboardInterrupt):
            database.query(f"select count(*) from {hive.warehouse.database}.stopped")
        assert "StopQueryExecution" in [call.operation for call in hive.athena.calls[before:]]
    rule = Meanwhile("delay", "glue.GetPartitions", do=lambda: os.kill(os.getpid(), signal.SIGINT))
    with hive.athena.faults.during(rule):
        answer = hive.command("drop", "--keep-last", "1", "--apply", "--select", "orders__stopped")
    assert (answer.code, answer.out) == (130, "")
    assert hive.days("stopped") == [(JANUARY, "1"), (FEBRUARY, "1")]
    assert hive.notes("stopped") == []


def test_a_duckdb_file_that_another_process_holds_is_told_of_in_a_line(duckdb: Store) -> None:
    duckdb.fill("stopped", [(JANUARY, 1)])
    file = duckdb.warehouse.project.path / "consumer.duckdb"
    code = f"import duckdb; held = duckdb.connect({str(file)!r}); print('held', flush=True); input()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        answer = duckdb.command("list", "--select", "orders__stopped")
        process.communicate("go\n")
    assert answer.code == 1
    assert answer.err.startswith(
        f"derived-tables snapshots list: DuckDB cannot open {file}: IO Error: Could not set lock"
    )


@pytest.mark.usefixtures("local_athena")
def test_a_data_catalog_that_is_not_there_is_told_of_in_a_line(consumer: Callable[..., Project]) -> None:
    target: dict[str, Any] = athena_target(bucket="catalogs", database="nowhere", poll_interval=0.01)
    project = consumer(
        {"models/sales/orders/orders__daily.sql": snapshot_model("select 1 as id, {{ today }} as snapshot_date")},
        targets={"athena": target},
    )
    path = str(project.path)
    answer = run("snapshots", "list", "--project-dir", path, "--profiles-dir", path)
    assert answer.code == 1
    [line] = answer.err.splitlines()
    assert line.startswith("derived-tables snapshots list: Athena GetDataCatalog: InvalidRequestException: ")
    assert "nowhere" in line
