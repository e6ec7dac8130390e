"""Which files are read, what that costs, and what readers see while others write."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from local_athena.errors import AthenaError

from .support import BUCKET, Athena

TEXT = "create external table t (x string) location '{}/t/'"


def test_hidden_files_and_subfolders(athena: Athena) -> None:
    for name in ("a", "_b", ".c", "sub/d", "_sub/e", "sub/.hidden/f"):
        athena.put(f"t/{name}", f"{name}\n")
    athena.put("t/empty", "")
    athena.put("tt/other", "other\n")
    athena.run(TEXT.format(athena.location))
    assert athena.rows("select x from t order by x") == [("a",), ("sub/d",)]


def test_hidden_columns(athena: Athena) -> None:
    address = athena.put("t/a", "x\n")
    athena.run(TEXT.format(athena.location))
    found = athena.stores.objects.find(BUCKET, f"{athena.database}/t/a")
    assert found is not None
    moment = found.modified.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + " UTC"
    assert athena.rows('select "$path", "$file_size", "$file_modified_time" from t') == [(address, "2", moment)]
    assert athena.run("select * from t").columns == [("x", "varchar")]


def test_text_costs_whole_files(athena: Athena) -> None:
    athena.put("t/a", "x\ny\n")
    athena.run(TEXT.format(athena.location))
    assert athena.run("select x from t where x = 'x'").outcome.scanned_bytes == 4
    assert athena.run("select x from t limit 1").outcome.scanned_bytes == 4
    for statement in ("show tables", "describe t", "show create table t", "explain select x from t"):
        assert athena.run(statement).outcome.scanned_bytes == 0


@pytest.fixture
def parquet(athena: Athena) -> pq.FileMetaData:
    """A table t over a Parquet file of two row groups: id 0 to 4 and 5 to 9; the file's footer."""
    sink = io.BytesIO()
    ids = pa.array(range(10), pa.int32())
    names = pa.array([None] * 5 + ["x"] * 5, pa.string())
    nested = pa.array([{"a": 1, "b": "y"}] * 10, pa.struct([("a", pa.int32()), ("b", pa.string())]))
    pq.write_table(pa.table({"id": ids, "Name": names, "n": nested}), sink, row_group_size=5)
    athena.put("t/a", sink.getvalue())
    columns = "id int, name string, n struct<a:int,b:string>"
    athena.run(f"create external table t ({columns}) stored as parquet location '{athena.location}/t/'")
    return pq.read_metadata(sink)


# Columns by number: id, name, n.a, n.b; row groups that remain.
@pytest.mark.parametrize(
    ("query", "columns", "groups"),
    [
        ("select count(*) from t", [], [0, 1]),
        ("select id from t", [0], [0, 1]),
        ("select id from t where id > 4", [0], [1]),
        ("select id from t where id between 5 and 100", [0], [1]),
        ("select id from t where id in (0, 1)", [0], [0]),
        ("select id from t where id > 100", [0], []),
        ("select id from t where name is null", [0, 1], [0]),
        ("select id from t where name = 'x'", [0, 1], [1]),
        ("select id from t where name = 'a'", [0, 1], []),
        ("select n from t where id < 5", [0, 2, 3], [0]),
        ("select * from t", [0, 1, 2, 3], [0, 1]),
        ("select id from t where id + 1 > 100", [0], [0, 1]),
        ("select id from t where id = 0 or name = 'x'", [0, 1], [0, 1]),
    ],
)
def test_parquet_costs_the_chunks_it_reads(
    athena: Athena, parquet: pq.FileMetaData, query: str, columns: list[int], groups: list[int]
) -> None:
    expected = sum(
        parquet.row_group(group).column(column).total_compressed_size for group in groups for column in columns
    )
    assert athena.run(query).outcome.scanned_bytes == expected


# Trino's plan of these has no scan.
@pytest.mark.parametrize(
    "query",
    [
        "select id from t where false",
        "select id from t where cast(null as boolean)",
        "select count(*) from (select id, name from t) where false",
        "with q as (select * from t) select * from q limit 0",
        "select * from (with q as (select * from t) select * from q) as x where false limit 0",
    ],
)
def test_what_the_statement_says_it_needs_not_costs_nothing(
    athena: Athena, parquet: pq.FileMetaData, query: str
) -> None:
    assert parquet.num_rows == 10
    assert athena.run(query).outcome.scanned_bytes == 0


def test_what_is_beside_it_costs(athena: Athena, parquet: pq.FileMetaData) -> None:
    once = athena.run("select id from t").outcome.scanned_bytes
    assert athena.run("select id from t union all (select id from t where false)").outcome.scanned_bytes == once
    assert parquet.num_rows == 10


def test_a_table_that_is_read_twice_costs_twice(athena: Athena, parquet: pq.FileMetaData) -> None:
    once = athena.run("select id from t").outcome.scanned_bytes
    assert athena.run("select a.id from t a join t b on a.id = b.id").outcome.scanned_bytes == 2 * once
    assert parquet.num_rows == 10


def test_an_object_that_vanishes(athena: Athena, monkeypatch: pytest.MonkeyPatch) -> None:
    athena.put("t/a", "x\n")
    athena.run(TEXT.format(athena.location))
    objects = athena.stores.objects
    listed = list(objects.under(BUCKET, f"{athena.database}/t/"))
    for found in listed:
        found.path.unlink()
    monkeypatch.setattr(objects, "under", lambda *_: iter(listed))
    with pytest.raises(AthenaError, match="HIVE_CANNOT_OPEN_SPLIT"):
        athena.run("select x from t")


def test_rows_stay_readable_when_their_files_go(athena: Athena) -> None:
    athena.run("create table t as select n from unnest(sequence(1, 10000)) u(n)")
    outcome = athena.engine.run(athena.request("select n from t"))
    rows = iter(outcome.rows)
    first = next(rows)
    for found in list(athena.stores.objects.under(BUCKET, "results/")):
        found.path.unlink()
    assert len({first, *rows}) == 10000


def test_readers_see_one_location_or_the_other(athena: Athena) -> None:
    athena.put("old/a", "old\n" * 2)
    athena.put("new/a", "new\n" * 3)
    athena.run(f"create external table t (x string) partitioned by (p string) location '{athena.location}/t/'")
    athena.run(f"alter table t add partition (p = 'a') location '{athena.location}/old/'")
    ended = Event()

    def write() -> None:
        for _ in range(20):
            for folder in ("new", "old"):
                athena.run(f"alter table t partition (p = 'a') set location '{athena.location}/{folder}/'")
        ended.set()

    seen: set[tuple[tuple[str | None, ...], ...]] = set()
    with ThreadPoolExecutor(3) as pool:
        writing = pool.submit(write)
        while not ended.is_set():
            for answer in pool.map(lambda _: athena.rows("select x, count(*) from t group by x"), range(2)):
                seen.add(tuple(answer))
        writing.result()
    assert seen <= {(("old", "2"),), (("new", "3"),)}


def test_inserts_at_once_lose_nothing(athena: Athena) -> None:
    athena.run("create table t with (partitioned_by = array['p']) as select 0 as id, 0 as p")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: athena.run(f"insert into t values ({number}, {number % 3})"), range(1, 25)))
    assert athena.rows("select count(distinct id), count(*) from t") == [("25", "25")]
    assert athena.partitions("t") == [["0"], ["1"], ["2"]]


def test_one_of_many_creates(athena: Athena) -> None:
    def create(number: int) -> str:
        try:
            athena.run(f"create table t as select {number} as id")
        except AthenaError as error:
            return error.name
        return "made"

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(create, range(8)))
    assert sorted(results) == ["TABLE_ALREADY_EXISTS"] * 7 + ["made"]


def test_folders_of_statements_are_removed(athena: Athena) -> None:
    athena.run("create table t as select n from unnest(sequence(1, 10000)) u(n)")
    outcome = athena.engine.run(athena.request("select n from t"))
    assert list(athena.stores.objects.scratch.glob("work-*"))
    assert sum(1 for _ in outcome.rows) == 10000
    with pytest.raises(AthenaError):
        athena.run("create table u with (external_location = 's3://lake/results/') as select n from t")
    assert not list(athena.stores.objects.scratch.glob("work-*"))
