"""A column can be needed without being named, or without anybody asking for it: it is read all the same.

Only the columns that a statement needs are read; the others are null. What follows is every way to need one that is not
in the select list of the query around it. The values are worked out by hand from the rows below.
"""

from __future__ import annotations

import pytest

from local_athena.engine import LocalEngine
from local_athena.errors import AthenaError
from local_athena.stores.open import Stores

from .support import Athena

KINDS = ("hive", "iceberg")
NATION = """
    select id, name, rid, tags, cast(info as row(a integer, b varchar)) as info, ts from (values
        (1, 'ada', 1, array['x', 'y'], row(10, 'p'), timestamp '2024-01-01 00:00:00.000'),
        (2, 'bob', 1, array['y'], row(20, 'q'), timestamp '2024-01-01 00:00:00.000'),
        (3, 'cyd', 2, array[], row(30, 'r'), timestamp '2024-01-02 00:00:00.000'),
        (4, 'dan', null, null, null, null),
        (5, 'eve', 9, array['z'], row(40, 's'), timestamp '2024-01-09 00:00:00.000')
    ) as v (id, name, rid, tags, info, ts)
"""
REGION = "select * from (values (bigint '1', 'north'), (2, 'south'), (3, 'east')) as v (rid, rname)"

USING = {
    "select count(*) from nation join region using (rid)": "3",
    "select count(*) from nation left join region using (rid)": "5",
    "select count(rname) from nation left join region using (rid)": "3",
    "select count(*) from nation right join region using (rid)": "4",
    "select count(name) from nation right join region using (rid)": "3",
    "select count(*) from nation full join region using (rid)": "6",
    "select count(rname) from nation full join region using (rid)": "4",
    "select count(*) from nation a join nation b using (id, rid)": "4",
    "select count(*) from nation a join nation b using (ts)": "6",
    "select count(*) from nation a join nation b using (tags)": "4",
    "select count(*) from nation a join nation b using (info)": "4",
    "select count(*) from nation join region using (rid) join region b using (rid)": "3",
    "select count(*) from nation full join region using (rid) full join region b using (rid)": "6",
    "select count(*) from nation left join region using (rid) left join (values 9) n (rid) using (rid)": "5",
    "select count(*) from nation left join region using (rid) join (values 9) n (rid) using (rid)": "1",
    "select count(*) from nation a join nation b using (id) join region using (rname, rid)": "COLUMN_NOT_FOUND",
    "select count(*) from (select a.name from nation a join region b using (rid))": "3",
    "select count(*) from (select a.* from nation a join region b using (rid))": "3",
    "select count(*) from (select * from nation join region using (rid))": "3",
    "select max(name) from nation join region using (rid)": "cyd",
    "select count(*) from nation join (select rid from region) using (rid)": "3",
    "select count(*) from nation join (select max(rid) rid from region group by rname) using (rid)": "3",
    "select count(*) from nation join (values 1, 9) v (rid) using (rid)": "3",
    "select count(*) from nation join region using (rid) cross join unnest(tags)": "3",
    "select count(*) from nation join region using (rid) left join unnest(tags) on true": "4",
    "select count(*) from nation join unnest(array[1, 2]) u (rid) using (rid)": "3",
    "select count(*) from (nation join region using (rid)) join region b using (rid)": "3",
    "select count(*) from region join (nation join region b using (rid)) using (rid)": "3",
    "select count(*) from nation natural join region": "NOT_SUPPORTED",
}
SET_OPERATIONS = {
    "select count(*) from (select * from nation join region using (rid) union all"
    " select * from nation join region using (rid))": "6",
    "select count(*) from (select rid from nation union select rid from nation)": "4",
    "select count(*) from (select * from nation union select * from nation)": "5",
    "select count(*) from (select rid from nation intersect select rid from region)": "2",
    "select count(*) from (select rid from nation except select rid from region)": "2",
    "select count(*) from (select rid from nation union all select rid from region)": "8",
    "select sum(id) from (select * from (select id, rid from nation union all select rid, rid from region)"
    " where rid = 1)": "4",
    "select count(*) from (select distinct rid from nation)": "4",
    "select count(*) from (select distinct * from nation)": "5",
    "select count(*) from (select distinct ts from nation)": "4",
    "select count(*) from (table nation)": "5",
    "select count(*) from (table region union table region)": "3",
    "select id from (select id, rid from nation union all select id, rid from nation"
    " order by rid desc nulls last limit 1)": "5",
    "select id from (select id, rid from nation union all select id, rid from nation"
    " order by 2 desc nulls last limit 1)": "5",
    "select id from (select id, tags from nation union all select id, tags from nation"
    " order by 2 desc nulls last limit 1)": "5",
    "select id from (select id, info from nation union all select id, info from nation"
    " order by 2 desc nulls last limit 1)": "5",
    "select id from (select id, ts from nation union all select id, ts from nation"
    " order by 2 desc nulls last limit 1)": "5",
    "select id from (table nation order by rid desc nulls last limit 1)": "5",
}
SUBQUERIES = {
    "select count(*) from nation where rid in (select rid from region)": "3",
    "select count(*) from nation where rid not in (select rid from region)": "1",
    "select count(*) from nation where (id, rid) in (select id, rid from nation where rid = 1)": "2",
    "select count(*) from nation where rid in (select rid from nation join region using (rid))": "3",
    "select count(*) from nation n where exists (select * from region r where r.rid = n.rid)": "3",
    "select count(*) from region where exists (select 1 from nation join region r using (rid))": "3",
    "select count(*) from region where exists (select 1 from nation group by rid having count(*) > 1)": "3",
    "select count(*) from region where exists (select rid from nation intersect select rid from region)": "3",
    "select count(*) from nation n where (select count(*) from region r where r.rid = n.rid) = 1": "3",
    "select count(*) from nation where rid >= all (select rid from region)": "1",
    "select count(*) from nation where rid < any (select rid from region)": "3",
    "select (select count(*) from nation join region using (rid))": "3",
    "select max(x) from (select (select max(rid) from region) x)": "3",
    "with n as (select * from nation join region using (rid)) select count(*) from n": "3",
    "with n as (select * from nation) select count(*) from n a join n b using (rid)": "6",
    "with recursive t (n) as (select min(rid) from nation union all select n + 1 from t where n < 3)"
    " select count(*) from t": "3",
    "select count(*) from nation n cross join lateral (select rname from region r where r.rid = n.rid)": "3",
    "select sum(x) from nation n cross join lateral (select n.rid + 1) t (x)": "17",
    "select count(*) from nation n cross join lateral (select 1 from region join nation using (rid)) t": "15",
    "select count(*) from nation n left join lateral (select rname from region r where r.rid = n.rid) on true": "5",
    "select count(*) from nation a join region b on a.rid = b.rid": "3",
    "select count(*) from nation a, region b where a.rid = b.rid": "3",
    "select count(*) from nation a left join region b on a.rid = b.rid where b.rid is null": "2",
}
UNNESTED = {
    "select count(*) from nation cross join unnest(tags)": "4",
    "select count(*) from nation left join unnest(tags) on true": "6",
    "select count(*) from nation, unnest(tags) t (x), unnest(tags) u (y)": "6",
    "select max(n) from nation cross join unnest(tags) with ordinality t (x, n)": "2",
    "select count(*) from nation a join region b on a.rid = b.rid cross join unnest(tags)": "3",
    "select count(*) from nation where (select count(*) from unnest(tags)) > 1": "1",
    "select count(*) from (select id from nation cross join unnest(tags, sequence(1, rid)))": "14",
}
GROUPED = {
    "select count(*) from (select count(*) from nation group by rid)": "4",
    "select count(*) from (select rid, count(*) from nation group by 1)": "4",
    "select count(*) from (select count(*) from nation group by tags)": "5",
    "select count(*) from (select count(*) from nation group by ts)": "4",
    "select count(*) from (select 1 from nation group by rollup (rid))": "5",
    "select count(*) from (select 1 from nation group by cube (rid, name))": "15",
    "select count(*) from (select 1 from nation group by grouping sets ((rid), (name), ()))": "10",
    "select count(*) from (select 1 from nation join region using (rid) group by rollup (rid, rname))": "5",
    "select sum(g) from (select grouping(rid) g from nation group by rollup (rid))": "1",
    "select count(*) from (select 1 from nation group by rid having max(id) > 2)": "3",
    "select count(*) from (select 1 from nation having count(rid) = 4)": "1",
    "select count(*) from (select name from nation join region using (rid) group by name)": "3",
    "select count(distinct rid) from nation": "3",
    "select count(*) filter (where rid = 1) from nation": "2",
    "select array_agg(name order by rid desc nulls last)[1] from nation": "eve",
    "select max_by(name, rid) from nation": "eve",
}
ORDERED = {
    "select count(*) from (select row_number() over (partition by rid order by id) n from nation) where n = 1": "4",
    "select max(n) from (select rank() over w n from nation window w as (order by rid nulls last))": "5",
    "select max(n) from (select count(*) over (w rows 1 preceding) n from nation window w as (partition by rid))": "2",
    "select max(n) from (select sum(1) over (order by rid range 1 preceding) n from nation)": "3",
    "select name from nation order by rid desc nulls last limit 1": "eve",
    "select id from (select id, rid from nation order by rid desc nulls last limit 1)": "5",
    "select id from (select id, rid from nation order by 2 desc nulls last limit 1)": "5",
    "select id from (select id, tags from nation order by 2 desc nulls last limit 1)": "5",
    "select id from (select id, rid + 1 x from nation order by x desc nulls last limit 1)": "5",
    "select id from (select id from nation order by rid desc nulls last offset 3 rows fetch next 1 row only)": "2",
    "select count(*) from (select id from nation order by rid fetch first 1 row with ties)": "2",
    "select id from (select id, max(rid) from nation group by id order by max(rid) desc nulls last limit 1)": "5",
    "select name from (select distinct name, rid from nation order by rid desc nulls last limit 1)": "eve",
}
EXPRESSIONS = {
    "select sum(cardinality(filter(tags, x -> rid = 1))) from nation": "3",
    "select sum(reduce(tags, 0, (s, x) -> s + rid, s -> s)) from nation": "12",
    "select count(*) from (select info from nation) where info.a > 10": "3",
    "select count(*) from (select nation.info.* from nation) where a > 10": "3",
    "select sum(a) from (select nation.info.* from nation)": "100",
    "select count(*) from (select n.* from nation n) where rid = 1": "2",
    "select count(*) from (select row(id, rid) r from nation) where r[2] = 1": "2",
    "select count(*) from (values (select max(rid) from nation), 3) v (x) where x > 3": "1",
    "select sum(x) from (values (select count(rid) from nation), (select max(rid) from region)) v (x)": "7",
    "select count(*) from nation where case when rid = 1 then true end": "2",
    "select count(*) from nation where try(10 / rid) > 5": "2",
}
VIEWED = {
    "select count(*) from joined": "3",
    "select count(*) from joined_again": "3",
    "select count(*) from joined a join joined b using (rid)": "5",
    "select count(*) from joined_again a join joined b using (name)": "3",
    "select count(*) from joined_again a cross join joined_again b": "9",
    "select count(*) from (select * from joined union all select * from joined)": "6",
    "select count(*) from (select distinct rname from joined)": "2",
    "select count(*) from last_one": "1",
    "select id from last_one": "5",
}
QUERIES = USING | SET_OPERATIONS | SUBQUERIES | UNNESTED | GROUPED | ORDERED | EXPRESSIONS | VIEWED


@pytest.fixture(scope="module", params=KINDS)
def tables(request: pytest.FixtureRequest, stores: Stores, engine: LocalEngine) -> Athena:
    """The tables and the views, of either kind."""
    athena = Athena(stores, engine)
    make(athena, request.param, "nation", NATION)
    make(athena, request.param, "region", REGION)
    athena.run("create view joined as select * from nation join region using (rid)")
    athena.run("create view joined_again as select name, b.rname from joined a join region b using (rid)")
    athena.run(
        "create view last_one as select id, tags from nation union all select id, tags from nation"
        " order by 2 desc nulls last limit 1"
    )
    return athena


def make(athena: Athena, kind: str, name: str, query: str) -> None:
    """Makes a table of a kind."""
    properties = f"table_type = 'HIVE', external_location = '{athena.location}/{name}/'"
    if kind == "iceberg":
        properties = f"table_type = 'ICEBERG', location = '{athena.location}/{name}/', is_external = false"
        query = query.replace(".000'", ".000000'")
    athena.run(f"create table {name} with ({properties}) as {query}")


@pytest.mark.parametrize("sql", QUERIES)
def test_query(tables: Athena, sql: str) -> None:
    try:
        found = tables.rows(sql)[0][0]
    except AthenaError as error:
        found = error.name
    assert found == QUERIES[sql]


CHANGES = {
    "delete": ("delete from target where id in (select id from nation join region using (rid))", "4 dan, 5 eve"),
    "delete-all-but": (
        "delete from target where exists (select 1 from nation n join region using (rid) where n.id = target.id)",
        "4 dan, 5 eve",
    ),
    "update": (
        "update target set name = (select max(rname) from nation join region using (rid)) where id = 5",
        "1 ada, 2 bob, 3 cyd, 4 dan, 5 south",
    ),
    "update-where": (
        "update target set name = 'x' where rid in (select rid from nation join region using (rid))",
        "1 x, 2 x, 3 x, 4 dan, 5 eve",
    ),
    "insert": (
        "insert into target (id) select 7 from nation join region using (rid) where rid = 2",
        "1 ada, 2 bob, 3 cyd, 4 dan, 5 eve, 7 None",
    ),
    "merge-delete": (
        "merge into target t using (select id from nation join region using (rid)) s on t.id = s.id"
        " when matched then delete",
        "4 dan, 5 eve",
    ),
    "merge-condition": (
        "merge into target t using nation s on t.id = s.id when matched and s.rid = 1 and t.rid = 1 then delete",
        "3 cyd, 4 dan, 5 eve",
    ),
    "merge-update": (
        "merge into target t using (nation s join region r using (rid)) on t.id = s.id"
        " when matched then update set name = rname",
        "1 north, 2 north, 3 south, 4 dan, 5 eve",
    ),
    "merge-insert": (
        "merge into target t using (select id + 10 id, name from joined) s on t.id = s.id"
        " when not matched and s.name <> 'bob' then insert (id, name) values (s.id, s.name)",
        "1 ada, 2 bob, 3 cyd, 4 dan, 5 eve, 11 ada, 13 cyd",
    ),
}


@pytest.mark.parametrize("tables", ["iceberg"], indirect=True)
@pytest.mark.parametrize("name", CHANGES)
def test_change(tables: Athena, name: str) -> None:
    sql, expected = CHANGES[name]
    make(tables, "iceberg", "target", "select * from nation")
    try:
        tables.run(sql)
        rows = tables.rows("select id, name from target order by id")
    finally:
        tables.run("drop table target")
    assert ", ".join(f"{id_} {text}" for id_, text in rows) == expected


def test_table_as(tables: Athena) -> None:
    make(tables, "hive", "made", "select name, rname from nation left join region using (rid)")
    expected = [("ada", "north"), ("bob", "north"), ("cyd", "south"), ("dan", None), ("eve", None)]
    assert tables.rows("select * from made order by name") == expected
