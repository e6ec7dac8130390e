"""`derived-tables costs`: to the byte what the local Athena logs, over everything that dbt-athena does."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from derived_tables.cli.documents import DOCUMENTS, HEAD
from derived_tables.harness.projects import Project
from derived_tables.harness.warehouses import Warehouse, snapshot_model
from local_athena import LocalAthena
from local_athena.log import Record

from .running import Ran, keys_of, run

JANUARY, FEBRUARY = "2024-01-31", "2024-02-29"
DEBUG = {"DBT_LOG_LEVEL_FILE": "debug"}
#: 10 MB at 5 USD per TB: what a statement that reads a small file is charged.
LEAST = 0.00005
ROWS = "select id, id % 3 as region, 'name ' || cast(id as varchar) as name from unnest(sequence(1, 50)) as t (id)"
READ = "select id, name, region from {{ ref('orders__base') }}"
HOOK = "select count(name) from {{ ref('orders__base') }}"


def model(query: str, **config: Any) -> str:
    return f"{{{{ config(**{json.dumps(config)}) }}}}\n{query}"


FILES = {
    "models/sales/orders/orders__base.sql": model(ROWS, materialized="table", meta={"owner": "ann"}, tags=["daily"]),
    "models/sales/orders/orders__shown.sql": model(READ, materialized="view"),
    "models/sales/orders/orders__appended.sql": model(
        READ, materialized="incremental", incremental_strategy="append", pre_hook=HOOK, post_hook=[HOOK, HOOK]
    ),
    "models/sales/orders/orders__overwritten.sql": model(
        READ, materialized="incremental", incremental_strategy="insert_overwrite", partitioned_by=["region"]
    ),
    "models/sales/orders/orders__batched.sql": model(
        READ, materialized="table", force_batch=True, partitioned_by=["region"]
    ),
    "models/sales/orders/orders__iceberg.sql": model(
        READ, materialized="incremental", incremental_strategy="append", table_type="iceberg"
    ),
    "models/sales/orders/orders__failing.sql": model(
        "select cast(name as integer) as id from {{ ref('orders__base') }}", materialized="table"
    ),
    "models/finance/ledger/ledger__snapshots.sql": snapshot_model(
        "select id, name, {{ today }} as snapshot_date from {{ ref('orders__base') }}", tags=["weekly"]
    ),
    "models/sales/orders/orders.yml": """\
        models:
          - name: orders__base
            columns:
              - name: region
                data_tests: [{unique: {config: {store_failures: true, severity: warn}}}]
              - name: id
                data_tests: [unique, not_null]
        """,
    "seeds/sales/orders/orders__regions.csv": "id,name\n0,north\n1,south\n2,west\n",
}


@dataclass(frozen=True)
class Logged:
    """What the local Athena logged of a run of dbt."""

    records: tuple[Record, ...]

    @property
    def statements(self) -> int:
        return len(self.records)

    @property
    def scanned(self) -> int:
        return sum(each.scanned_bytes or 0 for each in self.records)

    @property
    def price(self) -> float:
        """Every file is smaller than 10 MB; what failed is free."""
        charged = [each for each in self.records if each.scanned_bytes and each.state != "FAILED"]
        return LEAST * len(charged)

    @property
    def by_node(self) -> Mapping[str, int]:
        """Bytes by the nodes that comments name."""
        found: Counter[str] = Counter()
        for each in self.records:
            node = re.search(r'"node_id": "([^"]+)"', each.statement or "")
            found[node[1] if node else ""] += each.scanned_bytes or 0
        return found


@dataclass(frozen=True)
class Shop:
    """A project, and what was logged while dbt ran it."""

    warehouse: Warehouse

    def dbt(self, *args: str, env: Mapping[str, str] | None = None, **variables: Any) -> Logged:
        """Runs dbt, whatever comes of it."""
        athena = self.warehouse.athena
        before = len(athena.calls)
        given = {"snapshot_date": JANUARY, **variables}
        self.warehouse.project.dbt(*args, variables=given, env={**DEBUG, **(env or {})})
        return Logged(tuple(each for each in athena.calls[before:] if each.operation == "Execution"))

    def costs(self, *args: str) -> Ran:
        return run(self.warehouse.project, "costs", *args)

    def bill(self, *args: str) -> dict[str, Any]:
        """The document, of a command that did not refuse."""
        ran = self.costs("--format", "json", *args)
        assert ran.code in (0, 1), ran.err
        return dict(ran.document)

    @property
    def log(self) -> Path:
        return self.warehouse.project.path / "logs" / "dbt.log"


@pytest.fixture(scope="module")
def shop(make_warehouse: Callable[..., Warehouse]) -> Shop:
    return Shop(make_warehouse("hive", FILES, num_retries=2))


@pytest.fixture(autouse=True)
def on_hive(local_athena: LocalAthena, hive: object) -> None:
    """Sends all of these tests to one worker."""


def assert_is_what_was_logged(bill: Mapping[str, Any], logged: Logged) -> None:
    assert bill["complete"] is True
    total = bill["total"]
    assert (total["statements"], total["bytes"]) == (logged.statements, logged.scanned)
    assert total["price"] == pytest.approx(logged.price, abs=1e-12)
    billed = {each["name"]: each["bytes"] for each in bill["lines"] if each["bytes"]}
    # The statements of hooks of the project carry no node; dbt's log says whose they are.
    assert billed == {node: size for node, size in logged.by_node.items() if size}
    assert sum(each["statements"] for each in bill["lines"]) == logged.statements


@pytest.mark.parametrize("form", ["debug", "json"])
def test_to_the_byte_what_the_local_athena_logged(shop: Shop, form: str) -> None:
    nodes = set()
    for day in (JANUARY, FEBRUARY):
        logged = shop.dbt("build", env={"DBT_LOG_FORMAT_FILE": form}, snapshot_date=day)
        bill = shop.bill()
        assert_is_what_was_logged(bill, logged)
        [failed] = [each for each in logged.records if each.state == "FAILED"]
        assert "model.consumer.orders__failing" in str(failed.statement)
        nodes |= {each["name"] for each in bill["lines"] if each["bytes"]}
    assert {node.split(".")[2] for node in nodes} >= {
        "orders__appended",
        "orders__overwritten",
        "orders__batched",
        "orders__iceberg",
        "orders__regions",
        "ledger__snapshots",
        "unique_orders__base_region",
    }


def test_retries_are_billed(shop: Shop) -> None:
    select = ("run", "--select", "orders__base", "orders__iceberg")
    shop.dbt(*select)
    faults = shop.warehouse.athena.faults
    commit = f"after:fail(ICEBERG_COMMIT_ERROR,400):engine.Run@{shop.warehouse.database}.iceberg#1"
    with faults.during("throttle:athena.StartQueryExecution#2", commit):
        logged = shop.dbt(*select)
    bill = shop.bill()
    assert_is_what_was_logged(bill, logged)
    inserts = [each.state for each in logged.records if "insert into" in str(each.statement)]
    assert inserts == ["FAILED", "SUCCEEDED"]


def test_dbt_retry(shop: Shop) -> None:
    shop.dbt("run", "--select", "orders__base", "orders__failing")
    logged = shop.dbt("retry")
    bill = shop.bill()
    assert_is_what_was_logged(bill, logged)
    assert logged.statements
    assert "model.consumer.orders__base" not in {each["name"] for each in bill["lines"]}


def test_another_connection_has_another_text(shop: Shop, make_warehouse: Callable[..., Warehouse]) -> None:
    """`Athena query ID <id>`, as in dbt-athena 1.10."""
    hook = {"on-run-end": f"select count(name) from {shop.warehouse.database}.base"}
    chosen = {name: FILES[name] for name in FILES if "base" in name or "shown" in name}
    other = Shop(make_warehouse("hive", chosen, connection_manager="pyathena", config=hook))
    logged = other.dbt("run")
    assert "Athena query ID " in other.log.read_text(encoding="utf-8")
    bill = other.bill()
    assert (bill["complete"], bill["total"]["statements"]) == (True, logged.statements)
    billed = {each["name"]: each["bytes"] for each in bill["lines"] if each["bytes"]}
    # The comment does not name a hook of the project; the log does.
    [hooked] = billed.values()
    assert (set(billed), hooked) == ({"operation.consumer.consumer-on-run-end-0"}, logged.scanned)


@pytest.fixture
def built(shop: Shop) -> Logged:
    """A run of two models, whose log is the only one."""
    for file in shop.log.parent.glob("*"):
        file.unlink()
    return shop.dbt("run", "--select", "orders__base", "orders__overwritten", "ledger__snapshots")


def test_text(shop: Shop, built: Logged) -> None:
    ran = shop.costs()
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "project consumer, target athena, environment dev"
    assert lines[1].split() == ["node", "statements", "bytes", "price", "seconds", "rows"]
    assert {line.split()[0] for line in lines[2:4]} == {
        "model.consumer.orders__overwritten",
        "model.consumer.ledger__snapshots",
    }
    cost = f"${built.price:.5f}"
    told = rf"dbt run, [-\d]+ \d\d:\d\d UTC: {re.escape(cost)}, \S+ \w+ scanned by {built.statements} statements"
    assert re.fullmatch(told + r" in \d+\.\d s, at \$5\.00 per TB", lines[-1])
    line = shop.costs("--format", "line")
    assert (line.code, line.err, line.out.count("\n")) == (0, "", 1)
    assert line.out.startswith(f"dbt run: {cost}, ")
    assert "; most of it: model.consumer." in line.out
    assert "at $4.25 per TB" in shop.costs("--vars", "price_per_tb: 4.25").out


@pytest.mark.usefixtures("built")
def test_keys_of_the_document(shop: Shop) -> None:
    assert keys_of(shop.bill()) == {*HEAD, *DOCUMENTS["costs"]} - {"spark[]", "warnings[]"}


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("domain", {"sales", "finance", "none"}),
        ("owner", {"ann", "none"}),
        ("schedule", {"daily", "weekly", "none"}),
    ],
)
def test_sums_by_group(shop: Shop, built: Logged, by: str, groups: set[str]) -> None:
    bill = shop.bill("--by", by)
    assert {each["name"] for each in bill["lines"]} == groups
    assert sum(each["bytes"] for each in bill["lines"]) == built.scanned
    expected = {
        "domain": built.by_node["model.consumer.orders__overwritten"],
        "owner": 0,
        "schedule": built.by_node["model.consumer.ledger__snapshots"],
    }
    group = {"domain": "sales", "owner": "ann", "schedule": "weekly"}[by]
    assert next(each["bytes"] for each in bill["lines"] if each["name"] == group) == expected[by]


def test_a_run_that_costs_too_much(shop: Shop, built: Logged) -> None:
    results = shop.warehouse.project.path / "target" / "run_results.json"
    before = (results.read_bytes(), results.stat().st_mtime_ns)
    ran = shop.costs("--max-cost", f"{built.price - 0.00001:.5f}")
    assert ran.code == 1
    limit = f"{built.price - 0.00001:.5f}"
    assert ran.err == f"derived-tables costs: The run cost ${built.price:.5f}, more than `--max-cost {limit}`.\n"
    assert shop.costs("--max-cost", f"{built.price:.5f}").code == 0
    assert (results.read_bytes(), results.stat().st_mtime_ns) == before


# What is not known


def test_without_a_log_the_history_of_athena_is_read(shop: Shop, built: Logged) -> None:
    shop.log.unlink()
    ran = shop.costs("--format", "json")
    assert ran.code == 1
    assert "There is no dbt.log in " in ran.err
    assert "statements come from Athena's history instead" in ran.err
    assert "derived-tables costs: The run cost at least $" in ran.err
    bill = ran.document
    # Statements without dbt's comment (ALTER, DROP) scan nothing.
    assert (bill["complete"], bill["total"]["bytes"]) == (False, built.scanned)
    assert bill["total"]["price"] == pytest.approx(built.price, abs=1e-12)
    assert bill["warnings"]


@pytest.mark.usefixtures("built")
def test_the_history_may_be_denied(shop: Shop) -> None:
    shop.log.unlink()
    denied = "fail(AccessDeniedException,400):athena.ListQueryExecutions"
    with shop.warehouse.athena.faults.during(denied):
        ran = shop.costs()
    assert ran.code == 1
    assert "There is no dbt.log in " in ran.err
    assert "Athena ListQueryExecutions is denied: allow `athena:ListQueryExecutions` to the role" in ran.err
    assert "The run cost at least $0.00000: not all of it is known." in ran.err


def test_athena_that_does_not_answer(shop: Shop, built: Logged) -> None:
    denied = "fail(AccessDeniedException,400):athena.BatchGetQueryExecution"
    with shop.warehouse.athena.faults.during(denied):
        ran = shop.costs()
    assert (ran.code, built.statements > 0) == (1, True)
    assert ran.err.startswith("derived-tables costs: Athena BatchGetQueryExecution is denied: allow `athena:BatchGet")


@pytest.mark.usefixtures("built")
def test_of_the_history_counts_what_dbt_did_for_the_run(shop: Shop) -> None:
    shop.log.unlink()
    table = f"{shop.warehouse.database}.base"
    athena = shop.warehouse.client("athena")

    def ask(**comment: str) -> int:
        """The bytes that a query scans whose comment says something."""
        told = f"-- /* {json.dumps(comment)} */\n" if comment else ""
        place = {"OutputLocation": f"s3://{shop.warehouse.bucket}/"}
        sql = f"{told}select count(name) from {table}"
        id_ = athena.start_query_execution(QueryString=sql, ResultConfiguration=place)["QueryExecutionId"]
        found = athena.get_query_execution(QueryExecutionId=id_)["QueryExecution"]
        return int(found["Statistics"]["DataScannedInBytes"])

    ours = {"app": "dbt", "target_name": "athena", "node_id": "model.consumer.orders__base"}
    ask(**ours)
    started = datetime.now(timezone.utc)
    size = ask(**ours)
    for others in (
        {},
        {**ours, "app": "another"},
        {**ours, "target_name": "prod"},
        {**ours, "node_id": "model.other.orders__base"},
    ):
        assert ask(**others) == size > 0
    ended = datetime.now(timezone.utc)
    ask(**ours)
    results = shop.warehouse.project.path / "target" / "run_results.json"
    content = json.loads(results.read_text(encoding="utf-8"))
    content["metadata"].update(invocation_started_at=started.isoformat(), generated_at=ended.isoformat())
    results.write_text(json.dumps(content), encoding="utf-8")
    assert shop.bill()["total"]["bytes"] == size


@pytest.mark.usefixtures("built")
def test_a_log_of_another_level(shop: Shop) -> None:
    shop.dbt("run", "--select", "orders__base", env={"DBT_LOG_LEVEL_FILE": "info"})
    ran = shop.costs("--max-cost", "100")
    assert ran.code == 1
    assert "The log has no messages of the level debug: run dbt with `--log-level-file debug`, its default." in ran.err
    assert "so it may be above `--max-cost 100`: not all of it is known." in ran.err
    assert ": at least $" in ran.out


@pytest.mark.usefixtures("built")
def test_a_log_that_dbt_moved_away(shop: Shop) -> None:
    select = ("run", "--select", "orders__base", "ledger__snapshots")
    logged = shop.dbt(*select, env={"DBT_LOG_FILE_MAX_BYTES": "10000"})
    assert len(list(shop.log.parent.glob("dbt.log.*"))) > 1
    assert_is_what_was_logged(shop.bill(), logged)
    shop.dbt(*select, env={"DBT_LOG_FILE_MAX_BYTES": "3000"})
    ran = shop.costs()
    assert ran.code == 1
    assert "the log was full and its beginning is gone" in ran.err


@pytest.mark.usefixtures("built")
def test_two_commands_that_write_into_one_log(shop: Shop) -> None:
    text = shop.log.read_text(encoding="utf-8")
    middle = text.index("Began running node model.consumer.ledger__snapshots")
    at = text.rindex("\n", 0, middle) + 1
    other = "============================== 10:00:00.000001 | 11111111-2222-3333-4444-555555555555 =============\n"
    shop.log.write_text(text[:at] + other + text[at:], encoding="utf-8")
    ran = shop.costs()
    assert ran.code == 1
    assert "another command wrote to the same log meanwhile" in ran.err


def test_statements_that_athena_does_not_know(shop: Shop, built: Logged) -> None:
    text = shop.log.read_text(encoding="utf-8")
    [first, *_] = re.findall(r"Athena query (\S+) started", text)
    shop.log.write_text(text.replace(first, "11111111-2222-3333-4444-555555555555"), encoding="utf-8")
    ran = shop.costs()
    assert ran.code == 1
    assert f"Athena does not know 1 of {built.statements} statements: it forgets them after 45 days" in ran.err


@pytest.mark.usefixtures("built")
def test_a_log_that_lacks_a_statement(shop: Shop) -> None:
    text = shop.log.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines(keepends=True) if not re.search(r"Athena query \S+ started", line)]
    shop.log.write_text("".join(kept), encoding="utf-8")
    ran = shop.costs()
    assert ran.code == 1
    assert "The log names no statement of model.consumer." in ran.err


def test_later_runs_are_not_counted(shop: Shop, built: Logged) -> None:
    logged = shop.dbt("run", "--select", "orders__overwritten", "--no-write-json")
    ran = shop.costs("--format", "json")
    assert_is_what_was_logged(ran.document, built)
    assert f"Later runs started {logged.statements} statements and left no run_results.json" in ran.err


# What is refused


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--max-cost", "cheap"], "`--max-cost` must be a number of USD, 0 or more, got `cheap`.\nWrite e.g."),
        (["--vars", "price_per_tb: dear"], "var `price_per_tb` must be a number of USD, 0 or more, got `dear`.\nWrite"),
        (["--target-path", "nowhere"], "the target folder must be one with the run_results.json of a run, got `"),
        (["--by", "weather"], "Invalid value for '--by'"),
    ],
    ids=["limit", "price", "folder", "group"],
)
@pytest.mark.usefixtures("built")
def test_what_is_refused(shop: Shop, arguments: list[str], message: str) -> None:
    ran = shop.costs(*arguments)
    assert ran.code == 2
    assert ran.err.startswith(f"derived-tables costs: {message}")


@pytest.mark.usefixtures("built")
def test_another_target_is_refused(shop: Shop) -> None:
    results = shop.warehouse.project.path / "target" / "run_results.json"
    content = json.loads(results.read_text(encoding="utf-8"))
    content["args"]["target"] = "prod"
    results.write_text(json.dumps(content), encoding="utf-8")
    ran = shop.costs()
    assert ran.code == 2
    assert ran.err.startswith("derived-tables costs: `--target` must be `prod`, as in the last run, got `athena`.\n")


# DuckDB


def test_seconds_and_rows_on_duckdb(make_warehouse: Callable[..., Warehouse]) -> None:
    project: Project = make_warehouse(
        "duckdb",
        {
            "models/sales/orders/orders__few.sql": "select 1 as id",
            "seeds/sales/orders/orders__regions.csv": "id\n1\n2\n",
        },
    ).project
    project.dbt("build").passed()
    ran = run(project, "costs")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[1].split() == ["node", "seconds", "rows"]
    assert re.fullmatch(r"dbt build, .* UTC: \d+\.\d s, 2 rows", lines[-1])
    document = run(project, "costs", "--format", "json").document
    assert document["total"]["price"] is None
    assert {each["name"]: each["rows"] for each in document["lines"]}["seed.consumer.orders__regions"] == 2
    refused = run(project, "costs", "--max-cost", "1")
    assert refused.code == 2
    assert "the target must be of the type `athena` for `--max-cost`, got `duckdb`." in refused.err
