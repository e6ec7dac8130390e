"""Scans: files are found by statistics and partitions, hidden columns, cost, and what cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timezone
from decimal import Decimal as Number
from typing import Any

import pyarrow.parquet as pq
import pytest

from local_athena.dialect.plan import Predicate, Scan
from local_athena.errors import AthenaError
from local_athena.table_format import SetProperties
from local_athena.types import model
from local_athena.types.model import Decimal, Timestamp, Type

from .support import BUCKET, Lake


def _file_count(lake: Lake, *predicates: Predicate) -> int:
    """How many data files a scan reads."""
    with lake.work() as work:
        sql = lake.format.read(Scan("v", lake.table(), ("n",), predicates), work).sql
    return sql.count(".parquet'")


# The values of two files, and predicates with the number of files that may hold rows for them.
PRUNED: list[tuple[Type, tuple[str, str], Sequence[tuple[str, tuple[Any, ...], int]]]] = [
    (
        model.INTEGER,
        ("1", "5"),
        [("=", (5,), 1), ("<", (1,), 0), (">=", (1,), 2), ("in", (1, 9), 1), ("=", (10**10,), 0)],
    ),
    (model.BIGINT, ("1::bigint", "5::bigint"), [("<=", (4,), 1), ("<>", (1,), 2)]),
    (model.DOUBLE, ("1.5::double", "5.5::double"), [("=", (1.5,), 1), (">", (2,), 1)]),
    (model.DOUBLE, ("'nan'::double", "5.5::double"), [(">", (6.0,), 1)]),
    (Decimal(10, 2), ("1.25::decimal(10, 2)", "-5"), [("=", (Number("1.25"),), 1), ("<", (Number("-5.00"),), 0)]),
    (model.VARCHAR, ("'a'", "'b'"), [("=", ("a",), 1), (">", ("b",), 0), ("in", ("x", "y"), 0)]),
    (model.VARCHAR, ("repeat('z', 40)", "'b'"), [("=", ("z" * 40,), 1), (">", ("z" * 50,), 1)]),
    (model.VARBINARY, ("'\\x00'::blob", "'\\xff\\xff'::blob"), [("=", (b"\x00",), 1)]),
    (model.BOOLEAN, ("true", "false"), [("=", (True,), 1)]),
    (model.DATE, ("date '2020-01-01'", "date '2021-01-01'"), [("<", (date(2020, 6, 1),), 1)]),
    (Timestamp(6), ("timestamp '2020-01-01'", "timestamp '2021-01-01'"), [(">", (datetime(2020, 6, 1),), 1)]),  # noqa: DTZ001
    (
        Timestamp(6, zoned=True),
        ("{'instant': timestamp '2020-01-01', 'zone': 'UTC'}", "{'instant': timestamp '2021-01-01', 'zone': 'UTC'}"),
        [(">", (datetime(2020, 6, 1, tzinfo=timezone.utc),), 1)],
    ),
    (model.INTEGER, ("null", "5"), [("is null", (), 1), ("is not null", (), 1)]),
    # What cannot be compared prunes nothing.
    (model.INTEGER, ("1", "5"), [("=", ("text",), 2), ("=", (None,), 2), ("like", ("x",), 2), ("in", (1, None), 2)]),
    (model.DOUBLE, ("1.5::double", "5.5::double"), [("=", (float("nan"),), 2)]),
]


@pytest.mark.parametrize(("type_", "values", "predicates"), PRUNED, ids=[f"{case[0]} {case[1]}" for case in PRUNED])
def test_files_are_pruned_by_bounds(
    lake: Lake, type_: Type, values: tuple[str, str], predicates: Sequence[tuple[str, tuple[Any, ...], int]]
) -> None:
    lake.create({"x": type_, "n": model.INTEGER}, f"select {values[0]} as c0, 1 as c1")
    lake.insert(f"select {values[1]} as c0, 2 as c1")
    assert _file_count(lake) == 2
    for operator, constants, files in predicates:
        assert _file_count(lake, Predicate("x", operator, constants)) == files, (operator, constants)


def test_files_are_pruned_by_partitions(lake: Lake) -> None:
    rows = "select timestamp '2020-01-01' + to_days(range::int) as c0, range::int as c1 from range(10)"
    lake.create({"ts": Timestamp(6), "n": model.INTEGER}, rows, "day(ts)", "bucket(n, 3)")
    assert _file_count(lake) == 10
    assert _file_count(lake, Predicate("ts", ">=", (datetime(2020, 1, 9),))) == 2  # noqa: DTZ001
    assert _file_count(lake, Predicate("n", "=", (3,))) == 1
    assert _file_count(lake, Predicate("$path", "=", ("x",))) == 10


def test_hidden_columns(people: Lake) -> None:
    people.insert("select 4 as c0, 'd' as c1")
    rows = people.rows("t", "id", "$path", "$file_modified_time")
    assert [row[0] for row in rows] == [1, 2, 3, 4]
    assert {path.rpartition("/")[0] for _, path, _ in rows} == {f"s3://{BUCKET}/t/data"}
    assert rows[0][1] != rows[3][1]
    [object_] = people.stores.objects.under(BUCKET, rows[0][1].removeprefix(f"s3://{BUCKET}/"))
    assert rows[0][2] == {"instant": object_.modified.replace(tzinfo=None), "zone": "UTC"}


def test_rows_without_columns_are_counted(people: Lake) -> None:
    people.delete("id = 1")
    with people.work() as work:
        sql = people.format.read(Scan("v", people.table(), ()), work).sql
        assert work.connection.execute(f"select count(*) from ({sql})").fetchall() == [(2,)]


def test_bytes_are_those_of_the_column_chunks(people: Lake) -> None:
    [key] = people.keys("t/data/")
    found = people.stores.objects.find(BUCKET, key)
    assert found is not None
    group = pq.read_metadata(people.stores.objects.local_path(found)).row_group(0)
    sizes = [group.column(number).total_compressed_size for number in range(2)]
    assert people.scanned_bytes("id") == sizes[0]
    assert people.scanned_bytes("id", "name", "$path") == sum(sizes)
    assert people.scanned_bytes() == 0
    assert people.scanned_bytes("id", predicates=[Predicate("id", ">", (3,))]) == 0
    people.delete("id = 1")
    [deletes] = [size for content, size in people.rows("t$files", "content", "file_size_in_bytes") if content == 1]
    assert people.scanned_bytes("id") == sizes[0] + deletes


def test_addresses_of_other_schemes(lake: Lake) -> None:
    lake.create({"id": model.INTEGER}, "select range::int as c0 from range(4)", location=f"s3a://{BUCKET}/t")
    assert lake.delete("id = 1") == 1
    assert lake.update(["id + 10"], "id = 2").count == 1
    lake.alter(SetProperties({"vacuum_max_snapshot_age_seconds": "0"}))
    lake.vacuum()
    assert lake.rows() == [(0,), (3,), (12,)]
    lake.format.drop(lake.table())
    assert lake.keys() == []


def test_a_missing_data_file(people: Lake) -> None:
    people.stores.objects.delete(BUCKET, people.keys("t/data/"))
    with pytest.raises(AthenaError, match="ICEBERG_CANNOT_OPEN_SPLIT: Error opening Iceberg split s3://lake/t/data/"):
        people.rows()


def test_a_broken_data_file(people: Lake) -> None:
    [key] = people.keys("t/data/")
    people.stores.objects.write(BUCKET, key, b"no Parquet")
    with pytest.raises(AthenaError, match="ICEBERG_BAD_DATA"):
        people.rows()


@pytest.mark.parametrize("content", [None, b"{}", b"\xff"])
def test_missing_or_broken_metadata(people: Lake, content: bytes | None) -> None:
    location = people.entry()["Parameters"]["metadata_location"].removeprefix(f"s3://{BUCKET}/")
    if content is None:
        people.stores.objects.delete(BUCKET, [location])
    else:
        people.stores.objects.write(BUCKET, location, content)
    with pytest.raises(AthenaError, match="ICEBERG_INVALID_METADATA"):
        people.table()


def test_readers_keep_their_files(people: Lake) -> None:
    with people.work() as work:
        sql = people.format.read(Scan("v", people.table(), ("id",)), work).sql
        people.format.drop(people.table())
        assert work.connection.execute(f"select count(*) from ({sql})").fetchall() == [(3,)]
    assert people.keys("t/") == []
