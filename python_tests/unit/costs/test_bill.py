"""The bill of a run; expected values are worked out by hand."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from derived_tables.costs.bill import Bill, Line, bill_by_scan, bill_by_time, grouped, node_of
from derived_tables.project.artefacts import Result, Run
from derived_tables.project.log import Statement
from derived_tables.warehouse.executions import Execution

NOW = datetime(2024, 1, 31, tzinfo=timezone.utc)
FIVE = Decimal(5)
A, B, TEST = "model.shop.a", "model.shop.b", "test.shop.not_null.1"
MB = 1_000_000


def result(node: str, **changes: Any) -> Result:
    given = {"status": "success", "seconds": 2.0, "rows": 3, "failures": None, "response": {}, **changes}
    return Result(node, **given)


def ran(*results: Result) -> Run:
    return Run("one", "build", None, {}, NOW, NOW, 3.0, results)


def execution(id_: str, scanned: int, *, node: str = "", **changes: Any) -> Execution:
    comment = f'-- /* {{"app": "dbt", "node_id": "{node}"}} */\n' if node else ""
    given = {"state": "SUCCEEDED", "kind": "DML", "what": "SELECT", "seconds": 0.5, **changes}
    return Execution(id_, f"{comment}select 1", scanned=scanned, submitted=NOW, **given)


def made(run: Run, *executions: Execution, of: dict[str, str] | None = None, **options: Any) -> Bill:
    """The bill of a run whose log names all of some executions; `of` says of some for which node."""
    statements = [Statement(each.id, (of or {}).get(each.id, "")) for each in executions]
    return bill_by_scan(run, statements, {each.id: each for each in executions}, FIVE, **options)


def test_lines_and_total() -> None:
    bill = made(
        ran(result(A), result(B, rows=None), result(TEST, rows=None)),
        execution("1", 30 * MB, node=A),
        execution("2", 1, node=A),
        execution("3", 100 * MB, node=B),
        execution("4", 5),
    )
    # 30 + 10, 100 and 10 MB, each MB at 0.000005 USD.
    assert bill.lines == (
        Line(B, 1, 100 * MB, Decimal("0.0005"), 2.0, None),
        Line(A, 2, 30 * MB + 1, Decimal("0.0002"), 2.0, 3),
        Line("", 1, 5, Decimal("0.00005"), 0.5, None),
        Line(TEST, 0, 0, Decimal(0), 2.0, None),
    )
    assert bill.total == Line("", 4, 130 * MB + 6, Decimal("0.00075"), 3.0, 3)
    assert bill.is_complete


def test_a_comment_says_more_than_a_thread() -> None:
    bill = made(ran(result(A), result(B)), execution("1", 1, node=A), execution("2", 1), of={"1": B, "2": B})
    assert {line.name: line.statements for line in bill.lines} == {A: 1, B: 1}


def test_a_node_that_is_not_among_the_results() -> None:
    bill = made(ran(), execution("1", 1, node="seed.shop.x"), execution("2", 1, node="seed.shop.x"))
    assert bill.lines == (Line("seed.shop.x", 2, 2, Decimal("0.0001"), 1.0, None),)


@pytest.mark.parametrize(
    ("sql", "node"),
    [
        (f'-- /* {{"app": "dbt", "node_id": "{A}"}} */\nselect 1', A),
        (f'select 1\n-- /* {{"app": "dbt", "node_id": "{A}"}} */', A),
        (f'select 1\n-- /* {{"app": "dbt", "node_id": "{A}"}} */;', A),
        ('-- /* {"app": "dbt", "connection_name": "master"} */\nselect 1', ""),
        (f"-- /* written by {A} */\nselect 1", ""),
        (f'select \'-- /* {{"node_id": "{A}"}} */\'', ""),
        ("-- /* {not json} */\nselect 1", ""),
        ("alter table x drop partition (day = '1')", ""),
        ("", ""),
    ],
)
def test_node_of_a_statement(sql: str, node: str) -> None:
    assert node_of(sql) == node


def test_statements_that_nobody_knows() -> None:
    bill = bill_by_scan(ran(result(A)), [Statement("1"), Statement("2")], {"1": execution("1", 1, node=A)}, FIVE)
    assert (bill.total.statements, bill.is_complete) == (1, False)
    assert bill.gaps[0].startswith("Athena does not know 1 of 2 statements: ")


def test_statements_that_still_run() -> None:
    bill = made(ran(result(A)), execution("1", 1, node=A, state="RUNNING"))
    assert bill.gaps == ("1 statements are still running: what they read is not known yet.",)


RESPONSE = {"data_scanned_in_bytes": 0}


@pytest.mark.parametrize(
    ("changes", "gaps"),
    [
        ({"response": RESPONSE}, (f"The log names no statement of {A}.",)),
        ({"response": RESPONSE, "status": "skipped"}, ()),
        ({"response": {}}, ()),
    ],
    ids=["ran", "skipped", "ephemeral"],
)
def test_nodes_of_which_a_log_names_no_statement(changes: dict[str, Any], gaps: tuple[str, ...]) -> None:
    assert made(ran(result(A, **changes))).gaps == gaps
    assert made(ran(result(A, **changes)), elsewhere=[A]).is_complete
    assert made(ran(result(A, **changes)), gap="There is no log.").gaps == ("There is no log.",)


def test_reused_results_and_capacity_are_counted() -> None:
    bill = made(ran(), execution("1", 5 * MB, is_reused=True), execution("2", 5 * MB, capacity=4.0))
    assert bill.total == Line("", 2, 10 * MB, Decimal(0), 3.0, None, reused=1, reserved=1)


def test_groups() -> None:
    bill = made(ran(result(A), result(B)), execution("1", 1, node=A), execution("2", 1, node=B))
    assert grouped(bill, lambda _: "all") == (Line("all", 2, 2, Decimal("0.0001"), 4.0, 6),)


def test_time() -> None:
    bill = bill_by_time(ran(result(A, seconds=1.0), result(B, rows=None)))
    assert bill.lines == (Line(B, None, None, None, 2.0, None), Line(A, None, None, None, 1.0, 3))
    assert bill.total == Line("", None, None, None, 3.0, 3)
