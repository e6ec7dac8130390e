"""Views and queries of WITH that are used several times: analysed once, and each use reads what it needs itself.

Expected values are worked out by hand from the three rows below.
"""

from __future__ import annotations

import re
from collections import Counter

import duckdb
import pytest

from local_athena.catalogue.model import Column, Table, TableName, View
from local_athena.dialect.analyse import plan_query
from local_athena.dialect.plan import Predicate
from local_athena.types.model import BIGINT, DATE, INTEGER, VARCHAR

from .support import TinyCatalogue, answer, session

DAYS = Table(
    TableName("default", "days"),
    (Column("id", INTEGER), Column("name", VARCHAR), Column("dt", DATE, partition=True)),
    "hive",
)
ROWS = ["1, 'a', DATE '2024-01-01'", "2, 'b', DATE '2024-01-02'", "3, 'c', DATE '2024-01-03'"]
ID, NAME, DAY = Column("id", INTEGER), Column("name", VARCHAR), Column("dt", DATE)


class CountingCatalogue(TinyCatalogue):
    """Counts how often each name is looked up."""

    def __init__(self, *views: View) -> None:
        super().__init__([DAYS, *views], {"days": ROWS})
        self.found: Counter[str] = Counter()

    def find(self, name: TableName) -> Table | View:
        self.found[name.table] += 1
        return super().find(name)


def view(name: str, sql: str, *columns: Column) -> View:
    return View(TableName("default", name), columns, sql, "default")


def catalogue() -> CountingCatalogue:
    return CountingCatalogue(
        view("v", "select id, name, dt from days", ID, NAME, DAY),
        view("pairs", "select a.id, b.name, b.dt from v a join v b on a.id = b.id", ID, NAME, DAY),
        view("wide", "select id, name from pairs", Column("id", BIGINT), NAME),
        view("late", "select id from v where dt > date '2024-01-02'", ID),
        view("chosen", "with x as (select * from v) select id from x a join x b using (id, name)", ID),
    )


ANSWERS = {
    "select count(*) from pairs": [("3",)],
    "select id, chr(30) || '\x1e0\x1e' from v where id = 1 and '\x1e' <> '-'": [("1", "\x1e\x1e0\x1e")],
    "select a.id, b.name from pairs a join pairs b on a.id + 1 = b.id order by 1": [("1", "b"), ("2", "c")],
    "select (select max(id) from v where name = 'a'), (select max(id) from v)": [("1", "3")],
    "select a.id, b.id from v a, v b where a.dt = date '2024-01-01' and b.dt = date '2024-01-03'": [("1", "3")],
    "select a.id from pairs a, pairs b where a.dt = date '2024-01-01' and b.dt = date '2024-01-03'": [("1",)],
    "select count(*) from wide a join wide b using (id) join pairs c using (id)": [("3",)],
    "select max(id) from late a join v b using (id) join late c using (id)": [("3",)],
    "select count(*) from chosen a join chosen b using (id) where id < 3": [("2",)],
    "select id from v union all select id from v where id = 3 order by 1": [("1",), ("2",), ("3",), ("3",)],
    "select id from v where id in (select id from v where name = 'b') and exists (select 1 from late)": [("2",)],
    "with x as (select * from v where id > 1) select count(*) from x a, x b where a.id = b.id": [("2",)],
    "with x as (select * from v), y as (select id from x a join x b using (id)) select count(*) from y, y z": [("9",)],
    "with unused as (select * from pairs) select count(*) from pairs join v using (id)": [("3",)],
    "with x as (select id from v), unused as (select * from x) select count(*) from x a, x b": [("9",)],
    "select n, m from v a cross join lateral (with x as (select b.id from v b where b.id < a.id)"
    " select count(*), max(id) from x p join x q using (id)) t (n, m) order by 1": [
        ("0", None),
        ("1", "1"),
        ("2", "2"),
    ],
    "with recursive r (n) as (select min(id) from v union all select n + 1 from r join v on v.id = n + 1)"
    " select count(*) from r a join r b using (n)": [("3",)],
}


@pytest.mark.parametrize("sql", ANSWERS)
def test_each_use_gives_its_own_rows(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    assert answer(connection, sql, catalogue()).rows == ANSWERS[sql]


def test_each_use_reads_the_columns_and_partitions_that_it_needs() -> None:
    sql = "select a.id, b.name from v a join v b on a.id = 1 and b.dt = date '2024-01-03'"
    one, other = plan_query(sql, session(catalogue())).scans
    assert (one.columns, other.columns) == (("id",), ("name", "dt"))
    assert one.predicates == (Predicate("id", "=", (1,)),)
    assert [predicate.column for predicate in other.predicates] == ["dt"]
    assert one.partition_filter is None
    assert other.partition_filter is not None


def test_conditions_inside_a_view_hold_for_each_use() -> None:
    plan = plan_query("select a.id from late a join late b on a.id = b.id and b.id = 3", session(catalogue()))
    assert [len(scan.predicates) for scan in plan.scans] == [1, 2]
    assert all(scan.partition_filter for scan in plan.scans)


def test_uses_of_uses_have_scans_of_their_own() -> None:
    plan = plan_query("select a.id, c.name from pairs a, pairs b, pairs c", session(catalogue()))
    assert [scan.view for scan in plan.scans] == [f"scan_{number}" for number in range(6)]
    assert [scan.columns for scan in plan.scans] == [("id",), ("id",)] * 2 + [("id",), ("id", "name")]
    assert re.findall(r"\bscan_\d\b", plan.sql) == [scan.view for scan in plan.scans]


@pytest.mark.parametrize("kind", ["views", "with"])
def test_a_view_is_analysed_once_however_often_it_is_used(connection: duckdb.DuckDBPyConnection, kind: str) -> None:
    depth = 7
    queries = [f"select a.id, b.name from q{n} a join q{n} b on a.id = b.id" for n in range(depth)]
    if kind == "views":
        views = [view(f"q{n}", sql, ID, NAME) for n, sql in enumerate(queries, 1)]
        known = CountingCatalogue(view("q0", "select id, name from days", ID, NAME), *views)
        sql = f"select * from q{depth} order by id"
    else:
        known = CountingCatalogue()
        named = ", ".join(f"q{n} as ({sql})" for n, sql in enumerate(queries, 1))
        sql = f"with q0 as (select id, name from days), {named} select * from q{depth} order by id"
    assert answer(connection, sql, known).rows == [("1", "a"), ("2", "b"), ("3", "c")]
    # Each text is read once: 254 uses of the views below the outermost one would be 128 of the table.
    expected = Counter({"days": 1})
    if kind == "views":
        expected += Counter({f"q{n}": 2 for n in range(depth)} | {f"q{depth}": 1})
    assert known.found == expected
    assert len(plan_query(sql, session(known)).scans) == 2**depth
