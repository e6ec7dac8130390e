"""Statements on Iceberg tables, as the engine runs them: from the words to the rows, and many at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from local_athena.engine import LocalEngine
from local_athena.errors import AthenaError
from local_athena.outcome import Request

from .support import BUCKET, DATABASE, Lake

_NUMBERS = itertools.count(1)


class Athena:
    """An engine on a lake."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.engine = LocalEngine(lake.stores.objects, lake.stores.glue, lake.stores.prepared)

    def run(self, sql: str, cancelled: Event | None = None) -> list[tuple[str | None, ...]]:
        """Runs a statement and gives its rows; of one that writes, the number of rows as the only cell."""
        request = Request(
            sql,
            DATABASE,
            "AwsDataCatalog",
            "primary",
            (),
            f"s3://{BUCKET}/out/",
            f"00000000-0000-0000-0000-{next(_NUMBERS):012d}",
            cancelled or Event(),
        )
        outcome = self.engine.run(request)
        rows = [tuple(row) for row in outcome.rows]
        return [(str(outcome.update_count),)] if outcome.update_count is not None else rows


@pytest.fixture
def athena(lake: Lake) -> Iterator[Athena]:
    """An engine on an empty lake."""
    made = Athena(lake)
    try:
        yield made
    finally:
        made.engine.close()


def _create(athena: Athena, query: str, properties: str = "") -> None:
    given = f"table_type = 'ICEBERG', is_external = false, location = 's3://{BUCKET}/t/'{properties}"
    athena.run(f"create table t with ({given}) as {query}")


# What dbt-athena sends, in its order, for an incremental model and for a snapshot, and what it expects.
STATEMENTS: list[tuple[str, list[tuple[str | None, ...]]]] = [
    (
        "create table db.m with (table_type='iceberg', is_external=false, location='s3://lake/m/1', "
        "partitioning=ARRAY['bucket(id, 5)'], format='parquet') as select * from (values (1, 'a'), (2, 'b')) v(id, n)",
        [("2",)],
    ),
    ("alter table `db`.`m` add columns (x bigint)", []),
    (
        "merge into db.m as target using (select * from (values (2, 'B', 20), (3, 'c', 30)) v(id, n, x)) as src "
        "on (target.id = src.id) when matched then update set n = src.n, x = src.x "
        "when not matched then insert (id, n, x) values (src.id, src.n, src.x)",
        [("2",)],
    ),
    ("select * from m order by id", [("1", "a", None), ("2", "B", "20"), ("3", "c", "30")]),
    ("alter table `db`.`m` add columns(n__dbt_alter string)", []),
    ("update db.m set n__dbt_alter = cast(n as varchar)", [("3",)]),
    ("alter table `db`.`m` drop column n", []),
    ("alter table `db`.`m` change column n__dbt_alter n string", []),
    ("delete from db.m where id in (select id from db.m where x > 20)", [("1",)]),
    ("alter table `db`.`m` rename to `db`.`m__bkp`", []),
    ("select id, x, n from m__bkp order by id", [("1", None, "a"), ("2", "20", "B")]),
    ("optimize db.m__bkp rewrite data using bin_pack", []),
    ("vacuum db.m__bkp", []),
    ('select count(*) from "m__bkp$snapshots"', [("4",)]),
    ('select count(distinct "$path") from m__bkp where id = 1', [("1",)]),
    ("insert into m__bkp (n, id) values ('z', 26)", [("1",)]),
    ("select count(*) from m__bkp", [("3",)]),
    ("drop table if exists `db`.`m__bkp`", []),
]


def test_a_session_of_dbt(athena: Athena) -> None:
    for sql, expected in STATEMENTS:
        assert athena.run(sql) == expected, sql
    assert athena.lake.keys("m/") == []


def test_the_words_that_dbt_batches_by(athena: Athena) -> None:
    with pytest.raises(AthenaError) as raised:
        _create(
            athena,
            "select a * 11 + b as p from (values 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) x(a), "
            "(values 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) y(b)",
            ", partitioning = array['p']",
        )
    assert raised.value.reason.startswith("ICEBERG_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers")
    assert athena.lake.keys() == []


def test_clients_at_once_lose_nothing(athena: Athena) -> None:
    _create(athena, "select 0 as client, 0 as n")

    def work(client: int) -> None:
        for number in range(5):
            athena.run(f"insert into t values ({client}, {number})")
        athena.run(f"update t set n = n + 1 where client = {client}")
        athena.run(f"delete from t where client = {client} and n = 1")
        athena.run(
            f"merge into t using (values ({client}, 5), ({client}, 9)) s(client, n) "
            "on t.client = s.client and t.n = s.n when matched then delete "
            "when not matched then insert values (s.client, s.n)"
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(1, 9)))
    # Of each client 0 to 4 were inserted, became 1 to 5, lost the 1, and by the MERGE the 5, and got a 9.
    expected = sorted([("0", "0"), *((str(client), str(n)) for client in range(1, 9) for n in (2, 3, 4, 9))])
    assert sorted(athena.run("select * from t")) == expected


def test_readers_see_the_old_or_the_new(athena: Athena) -> None:
    _create(athena, "select 0 as version, x from (values 1, 2, 3, 4, 5) v(x)")
    done = Event()

    def read() -> int:
        reads = 0
        while not done.is_set() or not reads:
            assert athena.run("select count(*), count(distinct version), sum(x) from t") == [("5", "1", "15")]
            reads += 1
        return reads

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        try:
            for _ in range(10):
                athena.run("update t set version = version + 1")
            athena.run("optimize t rewrite data using bin_pack")
        finally:
            done.set()
        assert all(reader.result() for reader in readers)
    assert athena.run("select max(version), count(*) from t") == [("10", "5")]


@pytest.mark.parametrize("statement", ["insert into t select 2 as id", "update t set id = 3", "delete from t"])
def test_a_cancelled_statement_changes_nothing(athena: Athena, statement: str) -> None:
    _create(athena, "select 1 as id")
    before = athena.lake.keys()
    cancelled = Event()
    cancelled.set()
    with pytest.raises(AthenaError, match="USER_CANCELED"):
        athena.run(statement, cancelled)
    assert athena.lake.keys() == before
    assert athena.run("select * from t") == [("1",)]


def test_a_change_that_fails_while_it_runs_changes_nothing(athena: Athena) -> None:
    _create(athena, "select * from (values (1, 1), (2, 0)) v(id, n)")
    before = athena.lake.keys()
    for statement in (
        "update t set n = 1 / n",
        "delete from t where 1 / n = 1",
        "insert into t select id, 1 / n from t",
    ):
        with pytest.raises(AthenaError, match="DIVISION_BY_ZERO"):
            athena.run(statement)
    assert athena.lake.keys() == before
    assert sorted(athena.run("select * from t")) == [("1", "1"), ("2", "0")]


def test_time_travel_and_joins_of_versions(athena: Athena) -> None:
    _create(athena, "select 1 as id")
    [(first,)] = athena.run('select cast(snapshot_id as varchar) from "t$snapshots"')
    athena.run("insert into t values 2")
    sql = (
        f"select count(*) from t new left join t for version as of {first} old on new.id = old.id where old.id is null"
    )
    assert athena.run(sql) == [("1",)]
