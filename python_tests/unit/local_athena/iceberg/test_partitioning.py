"""Partition transforms: which values they give, which declarations are refused, and the limit of open partitions."""

from __future__ import annotations

import re
from typing import Any

import pytest

from local_athena.errors import AthenaError
from local_athena.types import model
from local_athena.types.model import Array, Decimal, Timestamp, Type

from .support import Lake

_MOST = 2**31 - 1
_ZONED = Timestamp(6, zoned=True)


def _instant(text: str) -> str:
    return f"{{'instant': timestamp '{text}', 'zone': 'Asia/Tokyo'}}"


# Type, value, transform, value of the partition and folder. Hashes: Iceberg's specification, appendix B, of which the
# bucket is the remainder of the positive part. The others: Trino 470, or the specification's definitions by hand.
TRANSFORMS: list[tuple[Type, str, str, Any, str]] = [
    (model.INTEGER, "34", f"bucket(x, {_MOST})", 2017239379, "x_bucket=2017239379"),
    (model.BIGINT, "34::bigint", f"bucket(x, {_MOST})", 2017239379, "x_bucket=2017239379"),
    (Decimal(9, 2), "14.20::decimal(9, 2)", f"bucket(x, {_MOST})", -500754589 & _MOST, "x_bucket=1646729059"),
    (model.DATE, "date '2017-11-16'", f"bucket(x, {_MOST})", -653330422 & _MOST, "x_bucket=1494153226"),
    (
        Timestamp(6),
        "timestamp '2017-11-16 22:31:08'",
        f"bucket(x, {_MOST})",
        -2047944441 & _MOST,
        "x_bucket=99539207",
    ),
    (_ZONED, _instant("2017-11-16 22:31:08"), f"bucket(x, {_MOST})", -2047944441 & _MOST, "x_bucket=99539207"),
    (model.VARCHAR, "'iceberg'", f"bucket(x, {_MOST})", 1210000089, "x_bucket=1210000089"),
    (model.VARBINARY, "'\\x00\\x01\\x02\\x03'::blob", f"bucket(x, {_MOST})", -188683207 & _MOST, "x_bucket=1958800441"),
    (model.INTEGER, "null", "bucket(x, 4)", None, "x_bucket=null"),
    (model.DATE, "date '2020-05-05'", "year(x)", 50, "x_year=2020"),
    (Timestamp(6), "timestamp '2020-05-05 01:02:03'", "month(x)", 604, "x_month=2020-05"),
    (Timestamp(6), "timestamp '1969-05-05 01:02:03'", "month(x)", -8, "x_month=1969-05"),
    (Timestamp(6), "timestamp '1969-12-31 23:59:59.999999'", "day(x)", "1969-12-31", "x_day=1969-12-31"),
    (Timestamp(6), "timestamp '2020-05-05 01:02:03'", "hour(x)", 441289, "x_hour=2020-05-05-01"),
    (Timestamp(6), "timestamp '1969-12-31 23:59:59'", "hour(x)", -1, "x_hour=1969-12-31-23"),
    (_ZONED, _instant("2020-05-05 23:30:00"), "day(x)", "2020-05-05", "x_day=2020-05-05"),
    (model.DATE, "date '1969-12-31'", "day(x)", "1969-12-31", "x_day=1969-12-31"),
    (model.INTEGER, "-1", "truncate(x, 10)", -10, "x_trunc=-10"),
    (model.BIGINT, "19::bigint", "truncate(x, 10)", 10, "x_trunc=10"),
    (Decimal(9, 2), "10.65::decimal(9, 2)", "truncate(x, 50)", "10.50", "x_trunc=10.50"),
    (Decimal(9, 2), "-10.65::decimal(9, 2)", "truncate(x, 50)", "-11.00", "x_trunc=-11.00"),
    (model.VARCHAR, "'aé b/c=1%'", "truncate(x, 2)", "aé", "x_trunc=a%C3%A9"),
    (model.VARCHAR, "'aé b/c=1%'", "x", "aé b/c=1%", "x=a%C3%A9+b%2Fc%3D1%25"),
    (model.VARCHAR, "null", "x", None, "x=null"),
    (model.BOOLEAN, "true", "x", True, "x=true"),
    (Decimal(10, 2), "1.5::decimal(10, 2)", "x", "1.50", "x=1.50"),
    (model.DATE, "date '2020-02-29'", "x", "2020-02-29", "x=2020-02-29"),
]


@pytest.mark.parametrize(
    ("type_", "value", "transform", "expected", "folder"),
    TRANSFORMS,
    ids=[f"{case[0]} {case[1]} {case[2]}" for case in TRANSFORMS],
)
def test_partition_values(lake: Lake, type_: Type, value: str, transform: str, expected: Any, folder: str) -> None:
    lake.create({"x": type_, "n": model.INTEGER}, f"select {value} as c0, 1 as c1", transform)
    [[partition]] = lake.rows("t$partitions", "partition")
    [found] = partition.values()
    assert (str(found) if isinstance(expected, str) else found) == expected
    [key] = lake.keys("t/data/")
    assert key.split("/")[2] == folder
    assert lake.rows("t", "n") == [(1,)]


@pytest.mark.parametrize(
    ("type_", "transforms", "message"),
    [
        (model.INTEGER, ("nope",), "Cannot find source column: nope"),
        (model.DATE, ("quarter(x)",), "Invalid partition field declaration: quarter(x)"),
        (model.BIGINT, ("bucket(x)",), "Invalid partition field declaration: bucket(x)"),
        (model.BIGINT, ("bucket(x, 0)",), "Invalid number of buckets: 0 (must be > 0)"),
        (model.BIGINT, ("day(x)",), "Invalid source type long for transform: day"),
        (model.DOUBLE, ("bucket(x, 4)",), "Invalid source type double for transform: bucket[4]"),
        (model.DATE, ("hour(x)",), "Invalid source type date for transform: hour"),
        (model.DATE, ("truncate(x, 2)",), "Invalid source type date for transform: truncate[2]"),
        (Array(model.INTEGER), ("x",), "Cannot partition by non-primitive source field: list<int>"),
        (model.BIGINT, ("x", "x"), "Cannot use partition name more than once: x"),
        (
            Timestamp(6),
            ("day(x)", "month(x)"),
            "Cannot add redundant partition: 1000: x_day: day(1) conflicts with 1001: x_month: month(1)",
        ),
    ],
    ids=str,
)
def test_declarations_that_trino_refuses(lake: Lake, type_: Type, transforms: tuple[str, ...], message: str) -> None:
    with pytest.raises(AthenaError) as raised:
        lake.create({"x": type_}, "select error('not to be run') as c0", *transforms)
    assert raised.value.reason == f"INVALID_TABLE_PROPERTY: Unable to parse partitioning value: {message}"


def test_partition_columns_may_stand_anywhere(lake: Lake) -> None:
    rows = "select * from (values ('a', 1), ('b', 2), ('a', 3)) v(c0, c1)"
    written = lake.create({"category": model.VARCHAR, "id": model.INTEGER}, rows, "category", "bucket(id, 2)")
    assert written.count == 3
    assert lake.rows() == [("a", 1), ("a", 3), ("b", 2)]
    assert len(written.files) == len(lake.keys("t/data/"))


def test_a_hundred_partitions_are_the_limit(lake: Lake) -> None:
    lake.create({"p": model.BIGINT}, "select range as c0 from range(100)", "p")
    assert len(lake.rows("t$partitions")) == 100
    before = lake.keys()
    with pytest.raises(
        AthenaError, match=re.escape("Exceeded limit of 100 open writers for partitions: 101")
    ) as raised:
        lake.insert("select range as c0 from range(101)")
    assert raised.value.name == "ICEBERG_TOO_MANY_OPEN_PARTITIONS"
    assert lake.keys() == before
