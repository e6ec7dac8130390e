"""Other clients of Iceberg: pyiceberg over HTTP reads what we write, and we read and change what it writes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timezone
from decimal import Decimal as Number
from typing import Any

import pyarrow as pa
import pytest
from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.transforms import BucketTransform, DayTransform
from pyiceberg.types import (
    FixedType,
    IntegerType,
    ListType,
    LongType,
    MapType,
    NestedField,
    StringType,
    StructType,
    TimestampType,
    TimestamptzType,
    TimeType,
    UUIDType,
)

from local_athena import LocalAthena
from local_athena.dialect.plan import Predicate
from local_athena.errors import AthenaError
from local_athena.table_format import ChangeColumn, ColumnDefinition, DropColumn
from local_athena.types import model
from local_athena.types.model import Array, Decimal, Field, Map, Row, Timestamp

from .support import BUCKET, DATABASE, Lake


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAthena]:
    """A local Athena that runs no statements."""
    with LocalAthena(engine=lambda _: None) as running:  # type: ignore[arg-type, return-value]
        yield running


@pytest.fixture(scope="module")
def catalog(server: LocalAthena) -> GlueCatalog:
    """pyiceberg's Glue catalogue, which talks to the server over HTTP."""
    access = {"region": "eu-west-1", "access-key-id": "test", "secret-access-key": "test", "endpoint": server.url}
    options = {f"{service}.{name}": value for service in ("glue", "s3") for name, value in access.items()}
    return GlueCatalog("glue", None, **options)


@pytest.fixture
def served(server: LocalAthena, catalog: GlueCatalog) -> Iterator[tuple[Lake, GlueCatalog]]:
    """An empty lake, and pyiceberg's way to it."""
    lake = Lake(server.stores)
    try:
        yield lake, catalog
    finally:
        server.stores.glue.delete_database(DATABASE)
        server.stores.objects.delete_bucket(BUCKET)


COLUMNS = {
    "b": model.BOOLEAN,
    "i": model.INTEGER,
    "l": model.BIGINT,
    "r": model.REAL,
    "d": model.DOUBLE,
    "n": Decimal(10, 2),
    "w": Decimal(38, 3),
    "s": model.VARCHAR,
    "x": model.VARBINARY,
    "dt": model.DATE,
    "ts": Timestamp(6),
    "tz": Timestamp(6, zoned=True),
    "a": Array(model.INTEGER),
    "m": Map(model.VARCHAR, model.BIGINT),
    "rw": Row((Field("n", model.INTEGER), Field("at", Timestamp(6, zoned=True)))),
}
VALUES = """
    true, 1, 2::bigint, 1.5::float, 2.5::double, 1.25::decimal(10, 2), -12345678901234567890.125::decimal(38, 3), 'é',
    '\\x00\\xff'::blob, date '1969-02-28', timestamp '2020-02-29 01:02:03.456789',
    {'instant': timestamp '2020-01-01 17:00:00', 'zone': 'Asia/Tokyo'}, [1, null], map {'k': 2::bigint},
    {'n': 1, 'at': {'instant': timestamp '2020-01-01 17:00:00', 'zone': 'UTC'}}
"""
MOMENT = datetime(2020, 1, 1, 17, tzinfo=timezone.utc)
ROW: dict[str, Any] = {
    "b": True,
    "i": 1,
    "l": 2,
    "r": 1.5,
    "d": 2.5,
    "n": Number("1.25"),
    "w": Number("-12345678901234567890.125"),
    "s": "é",
    "x": b"\x00\xff",
    "dt": date(1969, 2, 28),
    "ts": datetime(2020, 2, 29, 1, 2, 3, 456789),  # noqa: DTZ001
    "tz": MOMENT,
    "a": [1, None],
    "m": [("k", 2)],
    "rw": {"n": 1, "at": MOMENT},
}


def _select(values: str) -> str:
    names = ", ".join(f"c{number}" for number in range(len(COLUMNS)))
    nulls = ", ".join("null" for _ in COLUMNS)
    return f"select * from (values ({values}), ({nulls})) v({names})"


def test_pyiceberg_reads_every_type(served: tuple[Lake, GlueCatalog]) -> None:
    lake, catalog = served
    lake.create(COLUMNS, _select(VALUES), "i", "bucket(l, 4)", "day(tz)", "truncate(s, 3)", "month(dt)")
    found = catalog.load_table("db.t").scan().to_arrow().sort_by("i").to_pylist()
    assert found == [ROW, dict.fromkeys(COLUMNS)]


@pytest.mark.parametrize(
    ("row_filter", "rows"),
    [("i = 1", 1), ("i > 1", 0), ("s = 'é'", 1), ("n < 1.25", 0), ("dt >= '1969-02-28'", 1), ("d is null", 1)],
)
def test_pyiceberg_prunes_by_our_bounds(served: tuple[Lake, GlueCatalog], row_filter: str, rows: int) -> None:
    lake, catalog = served
    lake.create(COLUMNS, _select(VALUES))
    assert catalog.load_table("db.t").scan(row_filter=row_filter).count() == rows


def test_pandas_reads_rows_after_changes(served: tuple[Lake, GlueCatalog]) -> None:
    lake, catalog = served
    lake.create({"id": model.BIGINT, "p": model.BIGINT}, "select range as c0, range % 3 as c1 from range(30)", "p")
    lake.delete("id % 2 = 0")
    lake.update(["id + 100", "p"], "id < 10")
    lake.alter(ChangeColumn("id", ColumnDefinition("number", "bigint")))
    lake.insert("select 7::bigint as c0, 1::bigint as c1")
    frame = catalog.load_table("db.t").scan().to_pandas()
    assert sorted(frame["number"]) == [7, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 101, 103, 105, 107, 109]
    assert lake.rows("t", "number") == [(number,) for number in sorted(frame["number"])]
    assert catalog.load_table("db.t").scan(row_filter="p = 1").count() == len(lake.rows(predicates=[])) - sum(
        p != 1 for _, p in lake.rows()
    )


def test_old_snapshots_are_read_too(served: tuple[Lake, GlueCatalog]) -> None:
    lake, catalog = served
    lake.create({"id": model.BIGINT}, "select range as c0 from range(4)")
    lake.delete("id = 1")
    lake.delete("true", whole_table=True)
    table = catalog.load_table("db.t")
    counts = [table.scan(snapshot_id=found.snapshot_id).count() for found in table.metadata.snapshots]
    assert counts == [4, 3, 0]


def _theirs(catalog: GlueCatalog, *fields: NestedField, spec: PartitionSpec | None = None) -> Table:
    options: dict[str, Any] = {} if spec is None else {"partition_spec": spec}
    return catalog.create_table("db.t", Schema(*fields), location="s3://lake/t", **options)


def test_we_read_and_change_what_pyiceberg_writes(served: tuple[Lake, GlueCatalog]) -> None:
    lake, catalog = served
    spec = PartitionSpec(
        PartitionField(1, 1000, BucketTransform(4), "id_bucket"), PartitionField(3, 1001, DayTransform(), "ts_day")
    )
    fields = (
        NestedField(1, "id", LongType(), required=True),
        NestedField(2, "Name", StringType()),
        NestedField(3, "ts", TimestampType()),
    )
    table = _theirs(catalog, *fields, spec=spec)
    shape = pa.schema([pa.field("id", pa.int64(), False), ("Name", pa.string()), ("ts", pa.timestamp("us"))])
    moments = [datetime(2020, 1, day) for day in (1, 1, 2)]  # noqa: DTZ001
    table.append(pa.table({"id": [1, 2, 3], "Name": ["a", None, "c"], "ts": moments}, schema=shape))
    assert lake.rows("t", "id", "name") == [(1, "a"), (2, None), (3, "c")]
    assert lake.rows("t", "id", predicates=[Predicate("id", "=", (3,))]) == [(3,)]
    lake.insert("select 4::bigint as c0, 'd' as c1, timestamp '2020-01-02' as c2")
    assert lake.delete("id = 2") == 1
    table.refresh()
    table.append(pa.table({"id": [5], "Name": ["e"], "ts": [None]}, schema=shape))
    table.delete("id = 3")
    assert lake.rows("t", "id", "name") == [(1, "a"), (4, "d"), (5, "e")]
    assert sorted(table.refresh().scan().to_arrow()["id"].to_pylist()) == [1, 4, 5]


def test_columns_that_pyiceberg_moved(served: tuple[Lake, GlueCatalog]) -> None:
    lake, catalog = served
    inner = StructType(NestedField(3, "Old", IntegerType()), NestedField(4, "kept", IntegerType()))
    table = _theirs(
        catalog,
        NestedField(1, "id", IntegerType()),
        NestedField(2, "s", inner),
        NestedField(5, "l", ListType(6, StructType(NestedField(7, "x", IntegerType())), element_required=False)),
        NestedField(
            8, "m", MapType(9, StringType(), 10, StructType(NestedField(11, "y", IntegerType())), value_required=False)
        ),
    )
    rows = [
        {"id": 1, "s": {"Old": 10, "kept": 20}, "l": [{"x": 1}, None], "m": {"k": {"y": 2}}},
        {"id": 2, "l": [], "m": {}},
    ]
    table.append(pa.Table.from_pylist(rows, schema=table.schema().as_arrow()))
    with table.update_schema() as update:
        update.rename_column("s.Old", "new")
        update.add_column(("s", "more"), StringType())
        update.move_first("s.kept")
        update.update_column("s.kept", LongType())
        update.rename_column("l.element.x", "z")
        update.add_column(("m", "value", "w"), IntegerType())
        update.rename_column("id", "number")
    assert lake.rows("t", "number", "s", "l", "m") == [
        (1, {"kept": 20, "new": 10, "more": None}, [{"z": 1}, None], {"k": {"y": 2, "w": None}}),
        (2, None, [], {}),
    ]
    null_map = "null::map(varchar, struct(y integer, w integer))"
    lake.insert(
        f"select 3 as c0, {{'kept': 1::bigint, 'new': 2, 'more': 'x'}} as c1, [{{'z': 5}}] as c2, {null_map} as c3"
    )
    lake.alter(DropColumn("m"))
    assert table.refresh().scan(row_filter="number = 3").to_arrow().to_pylist() == [
        {"s": {"kept": 1, "new": 2, "more": "x"}, "number": 3, "l": [{"z": 5}]}
    ]


def test_types_that_athena_only_reads(served: tuple[Lake, GlueCatalog]) -> None:
    lake, catalog = served
    table = _theirs(catalog, NestedField(1, "t", TimeType()), NestedField(2, "u", UUIDType()))
    number = uuid.UUID("12151fd2-7586-11e9-8f9e-2a86e4085a59")
    table.append(pa.table({"t": [time(10, 0, 0, 5)], "u": [number.bytes]}, schema=table.schema().as_arrow()))
    assert lake.rows() == [(time(10, 0, 0, 5), number)]
    assert [str(column.type) for column in lake.table().columns[:2]] == ["time(6)", "uuid"]


def test_what_athena_does_not_read(served: tuple[Lake, GlueCatalog]) -> None:
    lake, catalog = served
    _theirs(catalog, NestedField(1, "f", FixedType(4)))
    with pytest.raises(AthenaError, match=r"NOT_SUPPORTED: Athena does not read the Iceberg type fixed\[4\]"):
        lake.table()
    catalog.create_table(
        "db.v1", Schema(NestedField(1, "f", IntegerType())), "s3://lake/v1", properties={"format-version": "1"}
    )
    with pytest.raises(AthenaError, match="NOT_SUPPORTED: Athena operates on Iceberg tables of version 2, got: 1"):
        lake.table("v1")


def test_files_that_were_added_without_ids(served: tuple[Lake, GlueCatalog]) -> None:
    lake, catalog = served
    table = _theirs(catalog, NestedField(1, "id", IntegerType()), NestedField(2, "name", StringType()))
    with lake.work() as work:
        path = work.folder / "x.parquet"
        work.connection.execute(f"copy (select 'a' as name, 1 as id) to '{path}'")
        lake.stores.objects.write("lake", "elsewhere/x.parquet", path)
    table.add_files(["s3://lake/elsewhere/x.parquet"])
    assert lake.rows() == [(1, "a")]


def test_a_conflict_between_clients(served: tuple[Lake, GlueCatalog]) -> None:
    lake, catalog = served
    lake.create({"id": model.INTEGER}, "select range::int as c0 from range(3)")
    seen = lake.table()
    catalog.load_table("db.t").append(pa.table({"id": pa.array([7], pa.int32())}))
    with pytest.raises(AthenaError, match="ICEBERG_COMMIT_ERROR"):
        lake.delete("id = 1", target=seen)
    lake.insert("select 8 as c0", into=seen)
    assert lake.rows() == [(0,), (1,), (2,), (7,), (8,)]


def test_names_in_mixed_case(served: tuple[Lake, GlueCatalog]) -> None:
    lake, catalog = served
    inner = StructType(NestedField(3, "Inner", IntegerType()), NestedField(4, "AT", TimestamptzType()))
    table = _theirs(catalog, NestedField(1, "Id", IntegerType()), NestedField(2, "S", inner))
    theirs = [{"Id": 1, "S": {"Inner": 10, "AT": MOMENT}}]
    table.append(pa.Table.from_pylist(theirs, schema=table.schema().as_arrow()))
    lake.insert(
        "select 2 as c0, {'inner': 20, 'at': {'instant': timestamp '2020-01-01 17:00:00', 'zone': 'UTC'}} as c1"
    )
    assert [(number, s["inner"]) for number, s in lake.rows("t", "id", "s")] == [(1, 10), (2, 20)]
    ours = [{"Id": 2, "S": {"Inner": 20, "AT": MOMENT}}]
    assert table.refresh().scan().to_arrow().sort_by("Id").to_pylist() == theirs + ours


def test_partitions_that_pyiceberg_changed(served: tuple[Lake, GlueCatalog]) -> None:
    lake, catalog = served
    lake.create({"id": model.BIGINT, "p": model.BIGINT}, "select range as c0, range % 2 as c1 from range(4)", "p")
    table = catalog.load_table("db.t")
    with table.update_spec() as update:
        update.add_field("id", BucketTransform(2), "id_half")
    lake.insert("select range as c0, 7 as c1 from range(4)")
    partitions = lake.rows("t$partitions", "partition", "record_count")
    assert [(tuple(partition.values()), count) for partition, count in partitions] == [
        ((0, None), 2),
        ((1, None), 2),
        ((7, 0), 3),
        ((7, 1), 1),
    ]
    assert lake.delete("id = 3") == 2
    assert lake.delete("p = 0") == 2
    assert lake.rows() == [(0, 7), (1, 1), (1, 7), (2, 7)]
    assert table.refresh().scan().count() == 4
