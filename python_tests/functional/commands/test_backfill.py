"""`derived-tables snapshots backfill`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pytest
from functional.commands.running import Ran, run

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
    "models/sales/orders/orders__appended.sql": "{{ config(materialized='incremental', partitioned_by=['day']) }}\n"
    "select 1 as id, {{ derived_tables.snapshot_date() }} as day",
    "models/sales/orders/orders__undated.sql": "{{ config(materialized='incremental') }}\nselect 1 as id",
    "models/sales/orders/orders__anew.sql": "{{ config(materialized='incremental', full_refresh=true) }}\nselect 1",
    "models/sales/orders/orders__versioned_v1.sql": snapshot_model("select 1 as id, {{ today }} as snapshot_date"),
    "models/sales/orders/orders__versioned_v2.sql": snapshot_model("select 2 as id, {{ today }} as snapshot_date"),
    "models/sales/orders/orders.yml": """\
        models:
          - name: orders__versioned
            versions: [{v: 1}, {v: 2}]
        """,
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


@pytest.fixture
def backfill(project: Project) -> Callable[..., Ran]:
    """Runs the command."""

    def call(*args: str, **env: str) -> Ran:
        return run(project, "snapshots", "backfill", *args, env=env)

    return call


def runs(project: Project, table: str = "daily", value: str = "run", column: str = "snapshot_date") -> dict[str, Any]:
    """By date, the one value of a column."""
    with duckdb.connect(str(project.path / "consumer.duckdb"), read_only=True) as connection:
        sql = f"select cast({column} as varchar), {value} from orders_dev_dbt.{table} order by 1"
        found = connection.execute(sql).fetchall()
    assert len(dict(found)) == len(found)
    return dict(found)


def tables(project: Project) -> list[tuple[Any, ...]]:
    """Names of all tables."""
    with duckdb.connect(str(project.path / "consumer.duckdb"), read_only=True) as connection:
        return connection.execute("select table_name from duckdb_tables()").fetchall()


def test_it_goes_on_where_it_stopped(empty: Project, backfill: Callable[..., Ran]) -> None:
    january = ("--select", "orders__daily", "--start", "2024-01-02", "--end", "2024-01-04")
    planned = backfill(*january)
    assert (planned.code, planned.err) == (0, "")
    assert planned.out.splitlines()[0] == "project consumer, target duckdb, environment dev"
    assert planned.lines == [
        "2024-01-02  would run orders__daily  (1 of 3)",
        "2024-01-03  would run orders__daily  (2 of 3)",
        "2024-01-04  would run orders__daily  (3 of 3)",
        "3 dates to run",
        "Nothing was run. To carry this out, add `--apply`.",
    ]

    failed = backfill(*january, "--apply")
    assert failed.code == 1
    assert failed.lines == ["2024-01-02  done in N s  (1 of 3)", "2024-01-03  failed  (2 of 3)"]
    said = failed.err.splitlines()
    assert said[0] == "derived-tables snapshots backfill: the run for 2024-01-03 failed."
    assert any("Table with name missing does not exist" in line for line in said)
    assert said[-1] == "Later dates were not run. To carry on, correct what failed and repeat the command."
    assert len(said) < 12, "what dbt said of it, and nothing else"
    before = runs(empty)
    assert list(before) == ["2024-01-02"]

    planned = backfill(*january)
    assert planned.lines[:1] + planned.lines[3:4] == [
        "2024-01-02  already exists  (1 of 3)",
        "2 dates to run, 1 already exist",
    ]
    repaired = backfill(*january, "--vars", "repaired: true", "--apply")
    assert (repaired.code, repaired.err) == (0, "")
    assert repaired.lines == [
        "2024-01-02  already exists  (1 of 3)",
        "2024-01-03  done in N s  (2 of 3)",
        "2024-01-04  done in N s  (3 of 3)",
    ]
    after = runs(empty)
    assert list(after) == ["2024-01-02", "2024-01-03", "2024-01-04"]
    assert after["2024-01-02"] == before["2024-01-02"], "what was done was not run again"
    planned = backfill(*january)
    assert planned.lines[3:] == ["0 dates to run, 3 already exist"]


@pytest.mark.usefixtures("empty")
def test_json_says_what_became_of_each_date(backfill: Callable[..., Ran]) -> None:
    four = ("--select", "orders__daily", "--start", "2024-01-01", "--end", "2024-01-04", "--format", "json")
    assert backfill(*four[:2], "--dates", "2024-01-02", "--apply").code == 0
    planned = backfill(*four)
    assert (planned.code, planned.err) == (0, "")
    head = {"project": "consumer", "target": "duckdb", "environment": "dev"}
    daily = ["model.consumer.orders__daily"]
    assert planned.document == {
        **head,
        "applied": False,
        "dates": [
            {"date": "2024-01-01", "status": "to run", "models": daily},
            {"date": "2024-01-02", "status": "there", "models": []},
            {"date": "2024-01-03", "status": "to run", "models": daily},
            {"date": "2024-01-04", "status": "to run", "models": daily},
        ],
    }
    failed = backfill(*four, "--apply")
    assert failed.code == 1
    assert failed.err.startswith("derived-tables snapshots backfill: the run for 2024-01-03 failed.\n")
    found = failed.document
    error = found["dates"][2].pop("error")
    assert "Table with name missing does not exist" in error
    assert found == {
        **head,
        "applied": True,
        "dates": [
            {"date": "2024-01-01", "status": "done", "models": daily},
            {"date": "2024-01-02", "status": "there", "models": []},
            {"date": "2024-01-03", "status": "failed", "models": daily},
            {"date": "2024-01-04", "status": "not run", "models": daily},
        ],
    }


@pytest.mark.long
def test_replace(empty: Project, backfill: Callable[..., Ran]) -> None:
    both = ("--select", "orders__daily", "--dates", "2024-01-04,2024-01-02", "--apply")
    assert backfill(*both).code == 0
    before = runs(empty)
    ran = backfill("--select", "orders__daily", "--dates", "2024-01-04", "--replace", "--apply")
    assert (ran.code, ran.lines) == (0, ["2024-01-04  done in N s  (1 of 1)"])
    after = runs(empty)
    assert after["2024-01-02"] == before["2024-01-02"]
    assert after["2024-01-04"] != before["2024-01-04"]


@pytest.mark.long
def test_several_models_and_grains(empty: Project, backfill: Callable[..., Ran]) -> None:
    models = ("--select", "orders__daily", "orders__monthly")
    planned = backfill(*models, "--dates", "2024-02-02,2024-01-31,2024-02-01")
    assert planned.code == 0
    assert planned.lines[:3] == [
        "2024-01-31  would run orders__daily, orders__monthly  (1 of 3)",
        "2024-02-01  would run orders__daily, orders__monthly  (2 of 3)",
        "2024-02-02  would run orders__daily  (3 of 3)",
    ]
    ran = backfill("--select", "orders__monthly", "--dates", "2024-02-02,2024-01-31,2024-02-01", "--apply")
    assert ran.code == 0
    assert [line.split("  ")[1] for line in ran.lines] == ["done in N s", "done in N s", "already exists"]
    assert runs(empty, "monthly", "id") == {"2024-01-01": 1, "2024-02-01": 1}


@pytest.mark.long
def test_versions_of_a_model_are_models_of_their_own(empty: Project, backfill: Callable[..., Ran]) -> None:
    first = ("--select", "orders__versioned.v1", "--dates", "2024-01-01")
    assert backfill(*first, "--apply").code == 0
    planned = backfill("--select", "orders__versioned", "--dates", "2024-01-01,2024-01-02")
    assert planned.lines[:2] == [
        "2024-01-01  would run orders__versioned.v2  (1 of 2)",
        "2024-01-02  would run orders__versioned.v1, orders__versioned.v2  (2 of 2)",
    ]
    assert backfill("--select", "orders__versioned", "--dates", "2024-01-01,2024-01-02", "--apply").code == 0
    assert runs(empty, "versioned_v1", "id") == {"2024-01-01": 1, "2024-01-02": 1}
    assert runs(empty, "versioned_v2", "id") == {"2024-01-01": 2, "2024-01-02": 2}


def test_each_date_has_sql_of_its_own(empty: Project, backfill: Callable[..., Ran]) -> None:
    # A person's own settings of dbt must not reach these runs: they would drop what earlier dates have left.
    january = ("--start", "2024-01-01", "--end", "2024-01-15", "--every", "week", "--apply")
    ran = backfill("--select", "orders__aged", "orders__appended", *january, DBT_FULL_REFRESH="1", DBT_EMPTY="1")
    assert (ran.code, ran.err) == (0, "")
    assert runs(empty, "aged", "age") == {"2024-01-01": 0, "2024-01-08": 7, "2024-01-15": 14}
    assert list(runs(empty, "appended", "id", "day")) == ["2024-01-01", "2024-01-08", "2024-01-15"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--select", "orders__daily"), "Dates are missing.\nGive a range with `--start` and `--end`, or single dates"),
        (("--select", "orders__daily", "--end", "2024-01-01"), "`--start` is missing."),
        (
            ("--select", "orders__daily", "--start", "2024-02-30"),
            "`--start` must be a date like `2024-01-31`, got `2024-02-30`",
        ),
        (("--select", "orders__daily", "--dates", "2024-01-01,"), "`--dates` must be a date like `2024-01-31`, got ``"),
        (
            ("--select", "orders__daily", "--start", "2024-02-02", "--end", "2024-02-01"),
            "`--end` must be no earlier than `--start`, 2024-02-02, got `2024-02-01`.",
        ),
        (
            ("--select", "orders__daily", "--dates", "2024-02-02", "--every", "week"),
            "`--dates` cannot be combined with `--start`, `--end` and `--every`.",
        ),
        (
            ("--select", "orders__daily", "--start", "2024-02-02", "--end", str(TODAY + timedelta(2))),
            "the last date must be no later than ",
        ),
        (
            ("--select", "orders__daily", "--start", "2024-02-02", "--vars", "snapshot_date: x"),
            "var `snapshot_date` must be left out of `--vars`, got `x`.",
        ),
        (
            ("--select", "orders__typo", "--start", "2024-02-02"),
            "`--select` must be models that keep snapshots, got nothing.\nModels that keep snapshots: orders__aged, "
            "orders__daily,",
        ),
        (
            ("--select", "+orders__aged", "orders__table", "--exclude", "orders__ages", "--start", "2024-02-02"),
            "`orders__table` must be a model with `materialized: snapshot_append` or `incremental`, got `table`",
        ),
        (
            ("--select", "+orders__aged", "--start", "2024-02-02"),
            "`orders__ages` must be a model with `materialized: snapshot_append` or `incremental`, got `ephemeral`",
        ),
        (
            ("--select", "orders__anew", "--start", "2024-02-02"),
            "the config `full_refresh` of `orders__anew` must be left out, got `true`.",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_runs(
    empty: Project, backfill: Callable[..., Ran], arguments: Sequence[str], message: str
) -> None:
    ran = backfill(*arguments, "--apply")
    assert ran.code == 2
    assert ran.lines == []
    assert f"derived-tables snapshots backfill: {message}" in ran.err
    assert not (empty.path / "consumer.duckdb").exists() or tables(empty) == []


@pytest.mark.long
def test_a_table_that_does_not_tell_its_dates_is_refused(empty: Project, backfill: Callable[..., Ran]) -> None:
    empty.dbt("run", "--select", "orders__undated").passed()
    ran = backfill("--select", "orders__undated", "orders__daily", "--start", "2024-01-01", "--apply")
    assert ran.code == 2
    assert "the table of `orders__undated` must be one with a snapshot column" in ran.err
    assert "daily" not in [name for (name,) in tables(empty)]


@pytest.mark.long
def test_on_athena(local_athena: LocalAthena, tmp_path_factory: pytest.TempPathFactory, repository: Path) -> None:
    path = tmp_path_factory.mktemp("backfill_hive_")
    warehouse: Warehouse = create_warehouse(path, "hive", local_athena, package=repository, files=FILES)
    arguments = ("snapshots", "backfill", "--select", "orders__daily", "--dates", "2024-01-01,2024-01-02", "--apply")
    assert run(warehouse.project, *arguments).code == 0
    before = warehouse.rows("daily")
    assert [day for _, day in sorted(before, key=lambda row: str(row[1]))] == ["2024-01-01", "2024-01-02"]
    again = run(warehouse.project, *arguments)
    assert (again.code, again.out.count("already exists")) == (0, 2)
    assert warehouse.rows("daily") == before

    # A date that is locked was interrupted: it may lack some of its partitions.
    lock = f"{warehouse.database}.daily__dbt_snapshot_2024_01_01"
    location = f"s3://{warehouse.bucket}/tables/daily/a-run/"
    local_athena.query(f"create external table {lock} (`run` string) stored as textfile location '{location}'")
    planned = run(warehouse.project, *arguments[:-1])
    assert planned.lines[:2] == [
        "2024-01-01  would run orders__daily  (1 of 2)",
        "2024-01-02  already exists  (2 of 2)",
    ]
