"""The command `derived-tables backfill-snapshots`."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pytest
from derived_tables.operations import cli

from derived_tables.harness.projects import Project
from derived_tables.harness.warehouses import Warehouse, create_warehouse, snapshot_model
from local_athena import LocalAthena

TODAY = datetime.now(timezone.utc).date()

#: Which run wrote a row can be told by its invocation; 3 January fails until `repaired` is set.
DAILY = snapshot_model(
    "select '{{ invocation_id }}' as run, {{ today }} as snapshot_date\n"
    "{% if today == \"date '2024-01-03'\" and not var('repaired', false) %}from missing{% endif %}"
)
FILES = {
    "models/sales/orders/orders__daily.sql": DAILY,
    "models/sales/orders/orders__monthly.sql": snapshot_model(
        "select 1 as id, {{ today }} as snapshot_date", snapshot_grain="month"
    ),
    "models/sales/orders/orders__table.sql": "{{ config(materialized='table') }}\nselect 1 as id",
    "models/sales/orders/orders__ages.sql": "{{ config(materialized='ephemeral') }}\n"
    "select {{ derived_tables.snapshot_date() }} - date '2024-01-01' as age",
    "models/sales/orders/orders__aged.sql": snapshot_model(
        "select age, {{ today }} as snapshot_date from {{ ref('orders__ages') }}"
    ),
    # From the second day on, a run reads a pipe and then lasts until it is stopped.
    "models/sales/orders/orders__slow.sql": snapshot_model(
        "select count(*) as n, {{ today }} as snapshot_date\n"
        "{%- if today == \"date '2024-01-01'\" %} from range(1) as r (i)\n"
        "{%- else %} from range(100000000000) as r (i)\n"
        "cross join read_csv('{{ var('pipe', '') }}', columns={'x': 'int'}, auto_detect=false, header=false)\n"
        "{%- endif %}"
    ),
}


@pytest.fixture(scope="module")
def project(local_athena: LocalAthena, tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A project on DuckDB."""
    path = tmp_path_factory.mktemp("backfill")
    return create_warehouse(path, "duckdb", local_athena, package=repository, files=FILES).project


@pytest.fixture
def empty(project: Project) -> Project:
    """The project, without a table."""
    (project.path / "consumer.duckdb").unlink(missing_ok=True)
    return project


def command(project: Project, *arguments: str) -> list[str]:
    """The command line, with where the project is."""
    where = ["--project-dir", str(project.path), "--profiles-dir", str(project.path)]
    return ["backfill-snapshots", *arguments, *where]


@pytest.fixture
def backfill(project: Project, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[str], str]]:
    """Runs the command; returns its exit code, the lines that it printed, and its errors."""

    def run(*arguments: str) -> tuple[int, list[str], str]:
        capsys.readouterr()
        try:
            code = cli.main(command(project, *arguments))
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return code, [re.sub(r"in \d+\.\d s", "in N s", line) for line in printed.out.splitlines()], printed.err

    return run


def runs(project: Project, table: str = "daily", value: str = "run") -> dict[str, Any]:
    """By date, the one value of a column."""
    with duckdb.connect(str(project.path / "consumer.duckdb"), read_only=True) as connection:
        sql = f"select cast(snapshot_date as varchar), {value} from orders_dev_dbt.{table} order by 1"
        found = connection.execute(sql).fetchall()
    assert len(dict(found)) == len(found)
    return dict(found)


def test_it_goes_on_where_it_stopped(empty: Project, backfill: Callable[..., tuple[int, list[str], str]]) -> None:
    january = ("--select", "orders__daily", "--start", "2024-01-02", "--end", "2024-01-04")
    code, lines, errors = backfill(*january)
    assert (code, lines) == (1, ["2024-01-02  done in N s  (1 of 3)"])
    assert errors.startswith("2024-01-03  failed  (2 of 3)\n")
    assert "Table with name missing does not exist" in errors
    assert errors.endswith("Later dates were not run. To go on, correct what failed and repeat the command.\n")
    before = runs(empty)
    assert list(before) == ["2024-01-02"]

    code, lines, errors = backfill(*january, "--vars", "repaired: true")
    assert (code, errors) == (0, "")
    assert lines == [
        "2024-01-02  is there already  (1 of 3)",
        "2024-01-03  done in N s  (2 of 3)",
        "2024-01-04  done in N s  (3 of 3)",
    ]
    after = runs(empty)
    assert list(after) == ["2024-01-02", "2024-01-03", "2024-01-04"]
    assert after["2024-01-02"] == before["2024-01-02"], "what was done was not run again"


@pytest.mark.long
def test_replace(empty: Project, backfill: Callable[..., tuple[int, list[str], str]]) -> None:
    both = ("--select", "orders__daily", "--dates", "2024-01-04,2024-01-02")
    assert backfill(*both)[0] == 0
    before = runs(empty)
    code, lines, _ = backfill("--select", "orders__daily", "--dates", "2024-01-04", "--replace")
    assert (code, lines) == (0, ["2024-01-04  done in N s  (1 of 1)"])
    after = runs(empty)
    assert after["2024-01-02"] == before["2024-01-02"]
    assert after["2024-01-04"] != before["2024-01-04"]


@pytest.mark.long
def test_several_models_and_grains(empty: Project, backfill: Callable[..., tuple[int, list[str], str]]) -> None:
    models = ("--select", "orders__daily", "orders__monthly")
    code, lines, _ = backfill(*models, "--dates", "2024-02-02,2024-01-31,2024-02-01", "--dry-run")
    assert code == 0
    assert lines == [
        "2024-01-31  would run orders__daily, orders__monthly  (1 of 3)",
        "2024-02-01  would run orders__daily, orders__monthly  (2 of 3)",
        "2024-02-02  would run orders__daily  (3 of 3)",
    ]
    code, lines, _ = backfill("--select", "orders__monthly", "--dates", "2024-02-02,2024-01-31,2024-02-01")
    assert code == 0
    assert [line.split("  ")[1] for line in lines] == ["done in N s", "done in N s", "is there already"]
    assert runs(empty, "monthly", "id") == {"2024-01-01": 1, "2024-02-01": 1}


def test_each_date_has_sql_of_its_own(empty: Project, backfill: Callable[..., tuple[int, list[str], str]]) -> None:
    assert backfill("--select", "orders__aged", "--start", "2024-01-01", "--end", "2024-01-03")[0] == 0
    assert runs(empty, "aged", "age") == {"2024-01-01": 0, "2024-01-02": 1, "2024-01-03": 2}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--select", "orders__daily"), "dates are missing: --start and --end, or --dates"),
        (("--select", "orders__daily", "--start", "2024-02-30"), "'2024-02-30' is not a date like 2024-01-31"),
        (("--select", "orders__daily", "--start", "20240203"), "'20240203' is not a date like 2024-01-31"),
        (("--select", "orders__daily", "--dates", "2024-01-01,"), "'' is not a date like 2024-01-31"),
        (
            ("--select", "orders__daily", "--start", "2024-02-02", "--end", "2024-02-01"),
            "--end 2024-02-01 lies before --start 2024-02-02",
        ),
        (
            ("--select", "orders__daily", "--dates", "2024-02-02", "--every", "week"),
            "--dates goes without --start, --end and --every",
        ),
        (
            ("--select", "orders__daily", "--start", "2024-02-02", "--end", str(TODAY + timedelta(2))),
            "lies in the future, today is",
        ),
        (
            ("--select", "orders__daily", "--start", "2024-02-02", "--vars", "snapshot_date: x"),
            "snapshot_date is set for",
        ),
        (("--select", "orders__daily", "--start", "2024-02-02", "--vars", "a"), "'a' is not a mapping like"),
        (
            ("--select", "orders__typo", "--start", "2024-02-02"),
            "derived-tables: derived_tables.backfill_snapshots: `--select` must be names of models, got `orders__typo`."
            "\n  Models that keep snapshots: orders__aged, orders__daily,",
        ),
        (
            ("--select", "orders__table", "--start", "2024-02-02"),
            "`orders__table` must be a model with `materialized: snapshot_append` or `incremental`, got `table`",
        ),
        (("--start", "2024-02-02"), "the following arguments are required: --select"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_runs(
    empty: Project, backfill: Callable[..., tuple[int, list[str], str]], arguments: Sequence[str], message: str
) -> None:
    code, lines, errors = backfill(*arguments)
    assert (code, lines) == (2, [])
    assert message in errors
    file = empty.path / "consumer.duckdb"
    if file.exists():
        with duckdb.connect(str(file), read_only=True) as connection:
            assert connection.execute("from duckdb_tables()").fetchall() == []


def test_a_folder_without_a_project_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["backfill-snapshots", "--select", "orders__daily", "--start", "2024-01-01"]
    for where in ([], ["--project-dir", str(tmp_path / "nowhere")]):
        with pytest.raises(SystemExit) as end:
            cli.main([*arguments, *where])
        assert end.value.code == cli.REFUSED
        folder = where[1] if where else tmp_path
        assert capsys.readouterr().err == (
            f"derived-tables: there is no dbt_project.yml in {folder}: "
            "go to a dbt project, or name it with --project-dir\n"
        )


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, expected in (
        (["--help"], ["backfill-snapshots", "dbt run-operation derived_tables.list_snapshots"]),
        (["backfill-snapshots", "--help"], ["--start DATE", "--replace", "--dry-run", "goes on where it was"]),
    ):
        with pytest.raises(SystemExit) as end:
            cli.main(arguments)
        assert end.value.code == 0
        printed = capsys.readouterr().out
        assert all(text in printed for text in expected)


def _write_once_it_is_read(pipe: Path, process: subprocess.Popen[str]) -> None:
    """Writes a line into a pipe as soon as a query has opened it: the query is running then."""
    end = None
    while end is None and process.poll() is None:
        with contextlib.suppress(OSError):  # nobody reads yet
            end = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    assert end is not None, process.communicate()
    os.write(end, b"1\n")
    os.close(end)


@pytest.mark.long
def test_ctrl_c(empty: Project) -> None:
    pipe = empty.path / "pipe"
    os.mkfifo(pipe)
    slow = ("--select", "orders__slow", "--start", "2024-01-01", "--end", "2024-01-03", "--vars", f"pipe: {pipe}")
    arguments = command(empty, *slow)
    process = subprocess.Popen(
        [sys.executable, "-m", "derived_tables.operations", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("2024-01-01  done in")
        _write_once_it_is_read(pipe, process)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, out, errors) == (130, "", "Stopped. To go on, repeat the command.\n")
    assert list(runs(empty, "slow", "n")) == ["2024-01-01"]


@pytest.mark.long
def test_on_athena(
    local_athena: LocalAthena,
    tmp_path_factory: pytest.TempPathFactory,
    repository: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path_factory.mktemp("backfill_hive_")
    warehouse: Warehouse = create_warehouse(path, "hive", local_athena, package=repository, files=FILES)
    arguments = command(warehouse.project, "--select", "orders__daily", "--dates", "2024-01-01,2024-01-02")
    assert cli.main(arguments) == 0
    before = warehouse.rows("daily")
    assert [day for _, day in sorted(before, key=lambda row: str(row[1]))] == ["2024-01-01", "2024-01-02"]
    capsys.readouterr()
    assert cli.main(arguments) == 0
    assert capsys.readouterr().out.count("is there already") == 2
    assert warehouse.rows("daily") == before
