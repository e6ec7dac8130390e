"""`derived-tables snapshots optimize` and `vacuum`: Iceberg tables on Athena."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from functional.commands.running import keys_of, run

from derived_tables.cli.documents import DOCUMENTS, HEAD
from derived_tables.harness.warehouses import Warehouse, create_warehouse, snapshot_model
from local_athena import LocalAthena
from local_athena.faults import Rule
from local_athena.protocol.calls import Call

JANUARY, FEBRUARY, MARCH = "2024-01-31", "2024-02-29", "2024-03-31"
QUERY = "select {{ step }} as id, cast('x' as varchar) as name, {{ today }} as snapshot_date"

#: Keys of a document that it has only if something is wrong.
TROUBLE = {"failed[].relation", "failed[].error", "warnings[]"}

#: Each test has tables of its own.
FILES = {
    **{
        f"models/sales/orders/orders__{name}.sql": snapshot_model(QUERY)
        for name in ("swept_vacuum", "swept_optimize", "failing", "counted", "narrowed", "unbuilt", "half_a", "half_b")
    },
}


@pytest.fixture(scope="module")
def iceberg(local_athena: LocalAthena, tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Warehouse:
    """A project on Athena whose tables are Iceberg's."""
    path = tmp_path_factory.mktemp("maintain_")
    return create_warehouse(path, "iceberg", local_athena, package=repository, files=FILES)


def fill(warehouse: Warehouse, table: str, rows: Sequence[tuple[int, str]]) -> str:
    """Makes an Iceberg table of (id, name, snapshot date) with a file for each row; returns its name."""
    name = f"{warehouse.database}.{table}"
    warehouse.athena.create_database(warehouse.database)
    warehouse.athena.query(
        f"create table {name} (id int, name string, snapshot_date date) partitioned by (snapshot_date)"
        f" location 's3://{warehouse.bucket}/tables/{table}' tblproperties ('table_type' = 'iceberg')"
    )
    for number, day in rows:
        warehouse.athena.query(f"insert into {name} select {number}, 'x', date '{day}'")
    return name


def statements(warehouse: Warehouse, word: str, since: int) -> list[tuple[str, str]]:
    """The statements with a word that ended since a number of calls, and how."""
    calls = [call for call in warehouse.athena.calls[since:] if call.operation == "Execution"]
    return [(str(call.statement), str(call.state)) for call in calls if (call.statement or "").startswith(word)]


@dataclass(frozen=True)
class MoreRunsNeeded(Rule):
    """A rule that lets the first two statements of a kind end as Athena does when there is more to do.

    Attributes:
        statement: how the statement begins.
    """

    statement: str = ""

    def matches(self, call: Call) -> bool:
        """Whether it is such a statement."""
        return super().matches(call) and (call.statement or "").startswith(self.statement)


@pytest.mark.parametrize(("verb", "done"), [("vacuum", "vacuumed"), ("optimize", "optimized")])
def test_it_goes_on_until_all_is_done(iceberg: Warehouse, verb: str, done: str) -> None:
    name = f"{iceberg.database}.swept_{verb}"
    fill(iceberg, f"swept_{verb}", [(1, JANUARY)])
    before = len(iceberg.athena.calls)
    code = f"ICEBERG_{verb.upper()}_MORE_RUNS_NEEDED"
    fault = MoreRunsNeeded("fail", "engine.Run", first=1, last=2, when="after", code=code, statement=verb)
    with iceberg.athena.faults.during(fault):
        ran = run(iceberg.project, "snapshots", verb, "--select", f"orders__swept_{verb}", "--apply")
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[-1] == f"{done} {name}"
    assert [state for _, state in statements(iceberg, verb, before)] == ["FAILED", "FAILED", "SUCCEEDED"]
    assert iceberg.rows(f"swept_{verb}", "id, snapshot_date") == [("1", JANUARY)]


def test_another_error_ends_it(iceberg: Warehouse) -> None:
    fill(iceberg, "failing", [(1, JANUARY)])
    fault = MoreRunsNeeded("fail", "engine.Run", code="ICEBERG_COMMIT_ERROR", when="before", statement="vacuum")
    with iceberg.athena.faults.during(fault):
        ran = run(iceberg.project, "snapshots", "vacuum", "--select", "orders__failing", "--apply")
    assert ran.code == 1
    assert ran.err.startswith(f"derived-tables snapshots vacuum: {iceberg.database}.failing: Athena: ")
    assert ran.err.endswith("To go on, repeat the command.\n")
    assert "ICEBERG_COMMIT_ERROR" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(("verb", "done"), [("vacuum", "vacuumed"), ("optimize", "optimized")])
def test_a_table_that_fails_does_not_hide_the_others(iceberg: Warehouse, verb: str, done: str) -> None:
    for table in ("half_a", "half_b"):
        iceberg.athena.query(f"drop table if exists {iceberg.database}.{table}")
        fill(iceberg, table, [(1, JANUARY)])
    fault = MoreRunsNeeded(
        "fail", "engine.Run", first=1, last=1, code="ICEBERG_COMMIT_ERROR", when="before", statement=verb
    )
    chosen = ("--select", "orders__half_a orders__half_b", "--apply", "--format", "json")
    with iceberg.athena.faults.during(fault):
        ran = run(iceberg.project, "snapshots", verb, *chosen)
    assert ran.code == 1
    assert [table[done] for table in ran.document["tables"]] == [False, True]
    [failure] = ran.document["failed"]
    assert failure["relation"] == f"{iceberg.database}.half_a"
    assert "ICEBERG_COMMIT_ERROR" in failure["error"]
    assert "1 of 2 tables are done. To go on, repeat the command." in ran.err
    assert keys_of(ran.document) == {*HEAD, *DOCUMENTS[f"snapshots {verb}"]} - {"warnings[]"}


def test_it_says_first_what_there_is(iceberg: Warehouse) -> None:
    # States: the table that was made, three rows, and three statements. The file of the row that is deleted goes.
    name = fill(iceberg, "counted", [(1, JANUARY), (2, JANUARY), (3, FEBRUARY)])
    iceberg.athena.query(f"delete from {name} where id = 3")
    iceberg.athena.query(f"insert into {name} select 4, 'x', date '{MARCH}'")
    iceberg.athena.query(f"update {name} set name = 'y' where id = 1")
    before = len(iceberg.athena.calls)

    found = run(iceberg.project, "snapshots", "optimize", "--select", "orders__counted")
    assert (found.code, found.err) == (0, "")
    header, line, last = found.lines
    assert header.split("  ")[0] == "table"
    assert line.split() == [name, "4", "1"]
    assert last == "Nothing was changed. To carry this out, add `--apply`."
    model = {"model": "model.consumer.orders__counted", "relation": name}
    told = run(iceberg.project, "snapshots", "optimize", "--select", "orders__counted", "--format", "json").document
    assert told["tables"] == [{**model, "data_files": 4, "delete_files": 1, "optimized": False}]
    assert keys_of(told) == {*HEAD, *DOCUMENTS["snapshots optimize"]} - TROUBLE

    found = run(iceberg.project, "snapshots", "vacuum", "--select", "orders__counted")
    _, line, last = found.lines
    assert re.fullmatch(rf"{name}  20\d\d-\d\d-\d\d \d\d:\d\d UTC +7 +5", line)
    assert last == "Nothing was changed. To carry this out, add `--apply`."
    told = run(iceberg.project, "snapshots", "vacuum", "--select", "orders__counted", "--format", "json").document
    assert told["applied"] is False
    assert keys_of(told) == {*HEAD, *DOCUMENTS["snapshots vacuum"]} - TROUBLE
    [table] = told["tables"]
    oldest = datetime.fromisoformat(table.pop("oldest"))
    assert table == {**model, "states": 7, "days_kept": 5.0, "vacuumed": False}
    assert abs(datetime.now(timezone.utc) - oldest) < timedelta(hours=1)
    assert not statements(iceberg, "optimize", before) + statements(iceberg, "vacuum", before)


@pytest.mark.long
def test_only_some_partitions_are_optimized(iceberg: Warehouse) -> None:
    name = fill(iceberg, "narrowed", [(number, day) for day in (JANUARY, FEBRUARY) for number in range(6)])
    where = f"snapshot_date = date '{FEBRUARY}'"
    chosen = ("--select", "orders__narrowed", "--where", where)
    assert f"only partitions where {where}" in run(iceberg.project, "snapshots", "optimize", *chosen).lines
    ran = run(iceberg.project, "snapshots", "optimize", *chosen, "--apply", "--format", "json")
    assert ran.code == 0
    assert [table["optimized"] for table in ran.document["tables"]] == [True]
    rows = iceberg.query(f'select snapshot_date, count(distinct "$path") from {name} group by snapshot_date')
    assert rows == [(JANUARY, "6"), (FEBRUARY, "1")]


@pytest.mark.parametrize("verb", ["vacuum", "optimize"])
def test_models_without_a_table_are_named(iceberg: Warehouse, verb: str) -> None:
    ran = run(iceberg.project, "snapshots", verb, "--select", "orders__unbuilt", "--apply")
    assert (ran.code, ran.err, ran.lines) == (0, "", ["orders__unbuilt has no table yet."])
