"""Queries over tables: what they read, answer and refuse. Expected values are worked out by hand."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from local_athena.catalogue.model import Column, Table, TableName, View
from local_athena.dialect.analyse import plan_query
from local_athena.dialect.plan import Output, Predicate
from local_athena.errors import AthenaError
from local_athena.types.model import (
    BIGINT,
    DATE,
    INTEGER,
    VARCHAR,
    Array,
    Decimal,
    Field,
    Map,
    Row,
    Timestamp,
)

from .support import TinyCatalogue, answer, run, session, table

SALES = Table(
    TableName("default", "sales"),
    (
        Column("id", INTEGER),
        Column("shop", VARCHAR),
        Column("price", Decimal(10, 2)),
        Column("dt", DATE, partition=True),
        Column("hour", VARCHAR, partition=True),
        Column("$path", VARCHAR, hidden=True),
    ),
    "hive",
)
SHOPS = table("shops", {"shop": VARCHAR, "tags": Array(VARCHAR), "facts": Map(VARCHAR, INTEGER)})
NESTED = table("nested", {"r": Row((Field("a", INTEGER), Field("b", Row((Field("c", VARCHAR),))))), "ts": Timestamp(6)})


def view(name: str, sql: str, *columns: Column, database: str = "default") -> View:
    return View(TableName("default", name), columns, sql, database)


CATALOGUE = TinyCatalogue(
    [
        SALES,
        SHOPS,
        NESTED,
        view("cheap", "select id, shop s from sales where price < 2", Column("id", INTEGER), Column("s", VARCHAR)),
        view("of_cheap", "select * from cheap", Column("id", BIGINT), Column("s", VARCHAR)),
        view("elsewhere", "select 1 as x from sales", Column("x", INTEGER), database="other"),
        view("wider", "select id, shop from sales", Column("id", INTEGER)),
        view("changed", "select shop as id from sales", Column("id", INTEGER)),
        view("broken", "select nope from sales", Column("nope", INTEGER)),
        view("itself", "select * from itself", Column("x", INTEGER)),
    ],
    {
        "sales": [
            "1, 'a', 1.50, '2020-01-01', '00', 's3://b/1'",
            "2, 'b', 2.50, '2020-01-02', '01', 's3://b/2'",
            "3, 'a', 0.25, '2020-01-02', '02', 's3://b/2'",
            "4, NULL, NULL, '2020-01-03', '03', 's3://b/3'",
        ],
        "shops": ["'a', ['x', 'y'], MAP {'n': 1}", "'b', [], MAP {'n': 2, 'm': 3}"],
        "nested": ["{'a': 1, 'b': {'c': 'deep'}}, '2020-01-01 00:00:00.123456'"],
    },
)

ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "select count(*) from sales": [("4",)],
    "select ID, Shop from SALES where Id = 1": [("1", "a")],
    "select sales.id from default.sales where default.sales.id = 2": [("2",)],
    "select awsdatacatalog.default.sales.id from awsdatacatalog.default.sales where id = 2": [("2",)],
    'select "$path" from "sales" where id = 1': [("s3://b/1",)],
    "table cheap": [("1", "a"), ("3", "a")],
    "select id, s from of_cheap order by id desc": [("3", "a"), ("1", "a")],
    "select shop, sum(price) from sales group by shop order by shop": [("a", "1.75"), ("b", "2.50"), (None, None)],
    "select shop, tag from shops cross join unnest(tags) as u(tag) order by tag": [("a", "x"), ("a", "y")],
    "select shop, tag from shops left join unnest(tags) as u(tag) on true order by shop, tag": [
        ("a", "x"),
        ("a", "y"),
        ("b", None),
    ],
    "select s.shop, k, v from shops s join sales on sales.shop = s.shop cross join unnest(facts) u(k, v)"
    " where price > 2 order by k": [("b", "m", "3"), ("b", "n", "2")],
    "select t, n, m from shops, unnest(tags) with ordinality u(t, n), unnest(array[n, n * 10]) w(m) order by n, m": [
        ("x", "1", "1"),
        ("x", "1", "10"),
        ("y", "2", "2"),
        ("y", "2", "20"),
    ],
    "select r.a, r.b.c, n.r.b.c as d from nested n": [("1", "deep", "deep")],
    "select id, (select count(*) from shops where shops.shop = sales.shop) from sales order by id": [
        ("1", "1"),
        ("2", "1"),
        ("3", "1"),
        ("4", "0"),
    ],
    "select id from sales where shop in (select shop from shops where cardinality(tags) = 0)": [("2",)],
    "select id from sales s where not exists (select 1 from shops where shop = s.shop)": [("4",)],
    "select id from sales where shop not in (select shop from shops)": [],
    "with a as (select * from sales), b as (select shop, max(dt) dt from a group by 1)"
    " select a.id from a join b on a.shop = b.shop and a.dt = b.dt order by 1": [("2",), ("3",)],
    "select id, row_number() over (partition by shop order by dt desc) from sales where shop is not null order by id": [
        ("1", "2"),
        ("2", "1"),
        ("3", "1"),
    ],
    "select dt, count(*) c from sales group by dt having count(*) > 1 order by c": [("2020-01-02", "2")],
    "select x, y from (values 1, 2) t(x) cross join lateral (select v from (values 1, 2, 3) w(v) where v > x) u(y)"
    " order by 1, 2": [("1", "2"), ("1", "3"), ("2", "3")],
    "select x, (with q as (select v from (values 1, 2, 3) w(v) where v > x) select max(v) from q)"
    " from (values 1, 3) t(x) order by 1": [("1", "3"), ("3", None)],
    "select (select max(e + x) from unnest(a) u(e)) from (values (1, array[1, 2])) t(x, a)": [("3",)],
    "select a.x from (values 1, 2, 3) a(x) left join ((values 2) b(x) join (values 2) c(x) on b.x = c.x) on a.x = b.x"
    " where c.x is null order by 1": [("1",), ("3",)],
    "select max(y) over (order by x range between interval '1' day preceding and current row) from"
    " (values (date '2020-01-01', 5), (date '2020-01-02', 1), (date '2020-01-04', 2)) t(x, y) order by 1": [
        ("2",),
        ("5",),
        ("5",),
    ],
    "select x from (values 3, 1, 2, 1) t(x) order by x offset 1 fetch first 1 row with ties": [("1",)],
    "select count(*) from (select distinct x from (values timestamp '2020-01-01 00:00:00 UTC') t(x)"
    " union select timestamp '2019-12-31 23:00:00 -01:00')": [("1",)],
    "select count(*), grouping(x) from (values timestamp '2020-01-01 00:00:00 UTC',"
    " timestamp '2020-01-01 01:00:00 +01:00') t(x) group by rollup (x) order by 2": [("2", "0"), ("2", "1")],
}

REFUSED = {
    "select nope from sales": ("COLUMN_NOT_FOUND", "line 1:8: Column 'nope' cannot be resolved"),
    "select id from other.sales": ("TABLE_NOT_FOUND", "line 1:16: Table 'awsdatacatalog.other.sales' does not exist"),
    "select id from nowhere.sales": ("SCHEMA_NOT_FOUND", "line 1:16: Schema 'nowhere' does not exist"),
    "select id from hive.default.sales": ("CATALOG_NOT_FOUND", "line 1:16: Catalog 'hive' does not exist"),
    "select other.sales.id from sales": ("COLUMN_NOT_FOUND", "line 1:8: Column 'other.sales.id' cannot be resolved"),
    "select sales.id from sales s": ("COLUMN_NOT_FOUND", "line 1:8: Column 'sales.id' cannot be resolved"),
    "select id from sales, sales s": ("AMBIGUOUS_NAME", "line 1:8: Column 'id' is ambiguous"),
    "select ts from nested where ts = '2020-01-01'": (
        "TYPE_MISMATCH",
        "line 1:32: Cannot apply operator: timestamp(6) = varchar(10)",
    ),
    "select id from sales where id": (
        "TYPE_MISMATCH",
        "line 1:28: WHERE clause must evaluate to a boolean: actual type integer",
    ),
    "select r.nope from nested": ("COLUMN_NOT_FOUND", None),
    "select id.x from sales": ("TYPE_MISMATCH", "line 1:8: Expression id is not of type ROW"),
    "select shop, tags from shops group by shop": (
        "EXPRESSION_NOT_AGGREGATE",
        "line 1:14: 'tags' must be an aggregate expression or appear in GROUP BY clause",
    ),
    "select * from elsewhere": (
        "INVALID_VIEW",
        "line 1:15: Failed analyzing stored view 'awsdatacatalog.default.elsewhere': line 1:20: Table"
        " 'awsdatacatalog.other.sales' does not exist",
    ),
    "select * from broken": (
        "INVALID_VIEW",
        "line 1:15: Failed analyzing stored view 'awsdatacatalog.default.broken': line 1:8: Column 'nope' cannot be"
        " resolved",
    ),
    "select * from wider": (
        "VIEW_IS_STALE",
        "line 1:15: View 'awsdatacatalog.default.wider' is stale or in invalid state: stored view column count (1) does"
        " not match column count derived from the view query analysis (2)",
    ),
    "select * from changed": (
        "VIEW_IS_STALE",
        "line 1:15: View 'awsdatacatalog.default.changed' is stale or in invalid state: column [id] of type varchar"
        " projected from query view at position 0 cannot be coerced to column [id] of type integer stored in view"
        " definition",
    ),
    "select * from itself": ("INVALID_VIEW", None),
    "select * from sales for version as of 1": ("NOT_SUPPORTED", "This connector does not support versioned tables"),
    "select * from nested for version as of 1": ("NOT_SUPPORTED", None),
    "select * from nested for timestamp as of timestamp '2030-01-01 00:00:00 UTC'": ("INVALID_ARGUMENTS", None),
    "select current_user": ("NOT_SUPPORTED", None),
    "select x, x from (values 1) t(x) order by x": ("AMBIGUOUS_NAME", "line 1:43: Column 'x' is ambiguous"),
    "select * from (values 1) t(x) right join lateral (select x + 1 as y) u on true": (
        "INVALID_COLUMN_REFERENCE",
        "line 1:58: LATERAL reference not allowed in RIGHT JOIN",
    ),
    "select * from (values array[1]) t(x) full join unnest(x) u(y) on true": (
        "INVALID_COLUMN_REFERENCE",
        "line 1:55: LATERAL reference not allowed in FULL JOIN",
    ),
    "select sum(x) from (values 1) t(x) group by rollup (1)": (
        "INVALID_COLUMN_REFERENCE",
        "line 1:53: GROUP BY expression must be a column reference: 1",
    ),
    "select abs(distinct 1)": (
        "FUNCTION_NOT_AGGREGATE",
        "line 1:8: DISTINCT is not supported for non-aggregation functions",
    ),
    "select a.b.c(1)": ("FUNCTION_NOT_FOUND", "line 1:8: Function 'a.b.c' not registered"),
    "with recursive t(n) as (select n + 1 from t union all select 1) select * from t": (
        "INVALID_RECURSIVE_REFERENCE",
        None,
    ),
    "insert into sales select 1": ("SYNTAX_ERROR", None),
}

# Of each, Trino says `Given correlated subquery is not supported`. `t` has the columns x and y, `u` has k and v.
NOT_PLANNABLE = [
    "select (select max(v + x) from u) from t",
    "select (select v + x from u where k = 3) from t",
    "select (select x from u limit 1) from t",
    "select (select v from u where k < x order by v limit 1) from t",
    "select (select v from u where k + x = 2 limit 1) from t",
    "select (select v from u order by abs(v - x) limit 1) from t",
    "select (select sum(v) over () from u where k = x) from t",
    "select (select v from u where k = x union select 1) from t",
    "select (select v from u where k = x intersect select 1) from t",
    "select (select max(v) from (select v, k + x as kx from u) where kx = 3) from t",
    "select (select max(v) from u where k = (select min(k) from u where v = x)) from t",
    "select (select max(v) from u where k = x having count(*) > 1) from t",
    "select (select max(v) filter (where k = x) from u) from t",
    "select (select y where x = 1) from t",
    "select x from t where x in (select k + y from u)",
    "select x from t where exists (select 1 from u where k < x limit 1)",
    "select x from t where exists (select 1 from u where k = x and exists (select 1 from u where k = t.x))",
    "select x from t cross join lateral (values (t.x), (t.x * 10)) w(z)",
    "select x from t cross join lateral (select v, v + t.x from u where k = t.x) w",
    "select x from t left join lateral (select v from u) w(v) on v > 1",
    "select (select max(e) from unnest(array[x]) w(e) where e < x) from t",
    "select x from t where x in (select e from unnest(array[x]) w(e))",
    "select x from t where exists (select 1 from unnest(array[x]) w(e))",
]

CORRELATED = "with t(x, y) as (values (1, 10), (2, 20)), u(k, v) as (values (1, 5), (3, 9))"
PLANNABLE = [
    "select (select max(v) from u where k = x) from t",
    "select (select v from u where k = x order by v limit 1) from t",
    "select (select count(*) from u where k < x group by k) from t",
    "select (select max(v) from u join u w(z, z2) on u.k = x) from t",
    "select (select distinct k from u where k = x) from t",
    "select (select max(v) from (select v from u where k = x) where v < y) from t",
    "select (select max(v) from u where k in (select k from u)) from t",
    "select (select x + 1) from t",
    "select x from t where exists (select v + x from u where k < x and v > y - 15)",
    "select x from t where x in (select k from u where v < y)",
    "select x from t where x > all (select k from u where v < y)",
    "select x from t where exists (select 1 from u where k = x and exists (select 1 from u w(a, b) where a = u.k))",
    "select x from t left join lateral (select v from u where k < t.x) w on true",
    "select (select max(e) from unnest(array[x]) w(e) limit 1) from t",
    "select x from t group by x having exists (select 1 from u where k = x)",
]

# Query: columns that its scans read, one tuple for each scan.
COLUMNS_READ = {
    "select count(*) from sales": [()],
    "select shop from sales where id = 1": [("id", "shop")],
    "select * from sales": [("id", "shop", "price", "dt", "hour")],
    'select "$path" from sales': [("$path",)],
    "with a as (select * from sales) select id from a": [("id",)],
    "with a as (select * from sales), b as (select id, price * 2 as p, shop from a) select p from b": [("price",)],
    "with a as (select * from sales) select x.id from a x join a y on x.dt = y.dt": [("id", "dt"), ("dt",)],
    "with unused as (select * from sales) select 1": [],
    "select id from sales union all select cardinality(tags) from shops": [("id",), ("tags",)],
    "select count(*) from (select distinct id, shop from sales)": [("id", "shop")],
    "select count(*) from (select shop, sum(price) from sales group by shop)": [("shop",)],
    "select count(*) from (select id, row_number() over (order by dt) from sales)": [()],
    "select id from sales where exists (select tags from shops where shop = sales.shop)": [("id", "shop"), ("shop",)],
    "select s from cheap": [("shop", "price")],
    "select 1 from shops cross join unnest(tags)": [("tags",)],
    "select id from sales order by hour": [("id", "hour")],
    "select count(*) from sales join shops using (shop)": [("shop",), ("shop",)],
    "select id from (select id, price from sales union all select 1, 2 order by 2 limit 1)": [("id", "price")],
}

# Query: conditions on its first scan, and the filter of its partitions.
PRUNING: dict[str, tuple[list[Predicate], str | None]] = {
    "select * from sales where id = 1 and 2 >= price": (
        [Predicate("id", "=", (1,)), Predicate("price", "<=", (2,))],
        None,
    ),
    "select * from sales where shop in ('a', 'b') and price is not null and shop is null": (
        [Predicate("shop", "in", ("a", "b")), Predicate("price", "is not null"), Predicate("shop", "is null")],
        None,
    ),
    "select * from sales where id between 1 and 3": ([Predicate("id", ">=", (1,)), Predicate("id", "<=", (3,))], None),
    "select * from sales where id = 1 or id = 2": ([], None),
    "select * from sales where id = cast('2' as integer) + 1": ([Predicate("id", "=", (3,))], None),
    "select * from sales where price > 1e0 and id = try(1 / 0)": ([], None),
    "select * from sales where id = cast('x' as integer)": ([], None),
    "select * from sales where not id = 1": ([], None),
    "select * from sales where id = null": ([], None),
    "select * from sales where id + 1 = 2 and shop = shop": ([], None),
    "select * from sales where dt = date '2020-01-02'": ([Predicate("dt", "=", (date(2020, 1, 2),))], "2020-01-02"),
    "select * from sales where substr(hour, 1, 1) = '0' or dt is null": ([], "hour"),
    "select * from sales where hour = shop": ([], None),
    "select * from sales where dt in (select dt from sales)": ([], None),
    "with a as (select * from sales) select * from (select dt d, id from a) where d > date '2020-01-01'": (
        [Predicate("dt", ">", (date(2020, 1, 1),))],
        "dt",
    ),
    "select * from (select id, max(price) from sales group by id) where id = 1": ([Predicate("id", "=", (1,))], None),
    "select * from (select id i, max(price) m from sales group by id) where m = 1": ([], None),
    "select * from (select * from sales limit 1) where id = 1": ([], None),
    "select * from (select id, row_number() over () from sales) where id = 1": ([], None),
    "select * from (select id from sales union all select id from sales) where id = 1": (
        [Predicate("id", "=", (1,))],
        None,
    ),
    "select * from sales join shops on sales.shop = shops.shop and id = 1": ([Predicate("id", "=", (1,))], None),
    "select * from sales left join shops on sales.shop = shops.shop and id = 1": ([], None),
    "select * from shops right join sales on sales.shop = shops.shop where id = 1": ([], None),
    "select * from sales left join shops on sales.shop = shops.shop where id = 1": ([Predicate("id", "=", (1,))], None),
    "select * from sales join shops using (shop) where shop = 'a'": ([Predicate("shop", "=", ("a",))], None),
}


@pytest.mark.parametrize("sql", ANSWERS)
def test_a_query_answers(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    given = answer(connection, sql, CATALOGUE)
    rows = given.rows if given.ordered else sorted(given.rows)
    assert rows == ANSWERS[sql]


@pytest.mark.parametrize("sql", REFUSED)
def test_a_query_is_refused(sql: str) -> None:
    name, message = REFUSED[sql]
    with pytest.raises(AthenaError) as refused:
        plan_query(sql, session(CATALOGUE))
    assert refused.value.name == name
    assert message is None or refused.value.message == message


@pytest.mark.parametrize("sql", NOT_PLANNABLE)
def test_a_correlation_that_trino_cannot_plan_is_refused(sql: str) -> None:
    with pytest.raises(AthenaError, match="NOT_SUPPORTED: line 1:.*Given correlated subquery is not supported"):
        plan_query(f"{CORRELATED} {sql}", session())


@pytest.mark.parametrize("sql", PLANNABLE)
def test_a_correlation_that_trino_plans_runs(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    answer(connection, f"{CORRELATED} {sql}")


@pytest.mark.parametrize("sql", COLUMNS_READ)
def test_a_query_reads_only_the_columns_it_needs(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    plan = plan_query(sql, session(CATALOGUE))
    assert [scan.columns for scan in plan.scans] == COLUMNS_READ[sql]
    assert [scan.view for scan in plan.scans] == [f"scan_{number}" for number in range(len(plan.scans))]
    run(connection, plan, CATALOGUE)


@pytest.mark.parametrize("sql", PRUNING)
def test_conditions_reach_the_tables(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    plan = plan_query(sql, session(CATALOGUE))
    predicates, filtered = PRUNING[sql]
    scan = plan.scans[0]
    assert list(scan.predicates) == (predicates if scan.table is SALES else [])
    if filtered is None:
        assert scan.partition_filter is None
    else:
        assert scan.partition_filter is not None
        assert filtered in scan.partition_filter
        connection.execute(
            f"SELECT {scan.partition_filter} FROM (SELECT DATE '2020-01-01' AS dt, '00' AS hour)"
        ).fetchall()


def test_two_filters_of_partitions_must_both_hold() -> None:
    plan = plan_query("select 1 from sales where dt > date '2020-01-01' and hour <> '03'", session(CATALOGUE))
    (scan,) = plan.scans
    counted = duckdb.sql(
        f"SELECT count(*) FROM (VALUES ('2020-01-02'::DATE, '02'), ('2020-01-02', '03'), ('2019-01-01', '02'))"
        f" AS t(dt, hour) WHERE {scan.partition_filter}"
    ).fetchone()
    assert counted == (1,)


def test_a_date_prunes_timestamps_as_one() -> None:
    plan = plan_query("select 1 from nested where ts > date '2020-01-01'", session(CATALOGUE))
    assert plan.scans[0].predicates == (Predicate("ts", ">", (datetime(2020, 1, 1),)),)  # noqa: DTZ001 has no zone


def test_outputs_are_named_as_written() -> None:
    plan = plan_query('select Id, shop as "My Shop", price + 1, r.Price from sales r', session(CATALOGUE))
    assert plan.outputs == (
        Output("Id", INTEGER),
        Output("My Shop", VARCHAR),
        Output("_col2", Decimal(13, 2)),
        Output("Price", Decimal(10, 2)),
    )


@pytest.mark.parametrize(
    ("literal", "written"),
    [
        ("0.00", "0E0"),
        ("1.5", "1.5E0"),
        ("-1.50", "-1.5E0"),
        ("0.00123", "1.23E-3"),
        ("12345678.9", "1.23456789E7"),
        ("1e300", "1E300"),
        ("123456789012345678901234567890.5", "1.2345678901234568E29"),
        (".1e-7", "1E-8"),
        ("1e400", "∞"),
        ("1", "1"),
        ("decimal '1.50'", "decimal '1.50'"),
    ],
)
def test_messages_write_doubles_as_trino_does(literal: str, written: str) -> None:
    # As Trino 426 answers with parse-decimal-literals-as-double.
    with pytest.raises(AthenaError, match=re.escape(f"'({written} + id)' must be an aggregate expression")):
        plan_query(f"select {literal} + id from sales group by shop", session(CATALOGUE))


def test_a_version_is_asked_of_the_catalogue() -> None:
    plan = plan_query("select * from nested for version as of 3000000000 as old", session(CATALOGUE))
    assert plan.scans[0].table.version == 3_000_000_000
    plan = plan_query(
        "select * from nested for timestamp as of timestamp '2020-01-01 01:00:00 +01:00'", session(CATALOGUE)
    )
    assert plan.scans[0].table.version == 1_577_836_800


def test_parameters_are_values(connection: duckdb.DuckDBPyConnection) -> None:
    plan = plan_query("select id, ? from sales where shop = ? limit ?", session(CATALOGUE, "'it''s'", "'b'", "5"))
    assert run(connection, plan, CATALOGUE).rows == [("2", "it's")]
    assert plan.scans[0].predicates == (Predicate("shop", "=", ("b",)),)


@pytest.mark.parametrize(("parameters", "found"), [((), 0), (("1", "2"), 2)])
def test_parameters_are_counted(parameters: tuple[str, ...], found: int) -> None:
    with pytest.raises(AthenaError) as refused:
        plan_query("select ?", session(CATALOGUE, *parameters))
    assert refused.value.name == "INVALID_PARAMETER_USAGE"
    assert refused.value.message == f"line 1:1: Incorrect number of parameters: expected 1 but found {found}"


def test_a_statement_that_is_too_deep_is_refused() -> None:
    with pytest.raises(AthenaError) as refused:
        plan_query(f"select {'(' * 5000}1{')' * 5000}", session())
    assert refused.value.name == "STACK_OVERFLOW"
