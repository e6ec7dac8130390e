"""What tables over Parquet, ORC and Avro files read, whoever wrote them."""

from __future__ import annotations

import io
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import fastavro
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import orc

from local_athena.errors import AthenaError

from .support import Athena


def moment(*parts: int) -> datetime:
    """A time without a zone."""
    return datetime(*parts, tzinfo=timezone.utc).replace(tzinfo=None)  # type: ignore[arg-type, misc]


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    """A Parquet file as pyarrow writes it."""
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, **options)
    return sink.getvalue()


def over(athena: Athena, columns: str, content: bytes, stored_as: str = "parquet", name: str = "t/file") -> None:
    """A table over one file."""
    athena.put(name, content)
    athena.run(f"create external table t ({columns}) stored as {stored_as} location '{athena.location}/t/'")


@pytest.mark.parametrize(
    ("array", "type_", "text"),
    [
        (pa.array([7], pa.int32()), "bigint", "7"),
        (pa.array([7], pa.int32()), "smallint", "7"),
        (pa.array([7], pa.int8()), "int", "7"),
        (pa.array([2.5], pa.float32()), "double", "2.5"),
        (pa.array(["abcdef"]), "varchar(3)", "abc"),
        (pa.array(["ab  "]), "char(3)", "ab"),
        (pa.array([b"abc"]), "string", "abc"),
        (pa.array(["abc"]), "binary", "61 62 63"),
        (pa.array([Decimal("1.50")]), "decimal(12,4)", "1.5000"),
        (pa.array([5], pa.int64()), "decimal(10,0)", "5"),
        (pa.array([moment(2020, 1, 2, 3, 4, 5, 678500)]), "timestamp", "2020-01-02 03:04:05.679"),
        (pa.array([datetime(2020, 1, 2, tzinfo=timezone.utc)]), "timestamp", "2020-01-02 00:00:00.000"),
        (pa.array([date(2020, 1, 2)]), "date", "2020-01-02"),
        (pa.array([[1, None]], pa.list_(pa.int32())), "array<bigint>", "[1, null]"),
        (pa.array([{"N": 1, "s": "x"}]), "struct<s:string,z:int>", "{s=x, z=null}"),
        (pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int32())), "map<string,int>", "{k=1}"),
    ],
)
def test_parquet_types(athena: Athena, array: pa.Array, type_: str, text: str) -> None:
    over(athena, f"x {type_}", parquet({"x": array}))
    ((value,),) = athena.rows("select x from t")
    assert value is not None and value.rstrip() == text


@pytest.mark.parametrize(
    ("array", "type_"),
    [
        (pa.array([1.5]), "float"),
        (pa.array([1.5]), "int"),
        (pa.array([1], pa.int64()), "int"),
        (pa.array(["a"]), "int"),
        (pa.array([1]), "string"),
        (pa.array([date(2020, 1, 2)]), "timestamp"),
        (pa.array([date(2020, 1, 2)]), "string"),
        (pa.array([moment(2020, 1, 2)]), "date"),
        (pa.array([Decimal("1.5")]), "double"),
        (pa.array([[1]]), "array<string>"),
        (pa.array([1]), "struct<a:int>"),
    ],
)
def test_parquet_of_another_type(athena: Athena, array: pa.Array, type_: str) -> None:
    over(athena, f"x {type_}", parquet({"x": array}))
    with pytest.raises(AthenaError, match="HIVE_BAD_DATA: Field x's type .* is incompatible with type"):
        athena.run("select x from t")


def test_parquet_int96(athena: Athena) -> None:
    values = pa.array([moment(2020, 1, 2, 3, 4, 5, 123000)])
    over(athena, "x timestamp", parquet({"x": values}, use_deprecated_int96_timestamps=True))
    assert athena.rows("select x from t") == [("2020-01-02 03:04:05.123",)]


def test_parquet_columns_are_found_by_name(athena: Athena) -> None:
    over(athena, "a int, b string, missing date", parquet({"B": ["x"], "extra": [1], "A": pa.array([1], pa.int32())}))
    assert athena.rows("select * from t") == [("1", "x", None)]


def test_parquet_columns_by_position(athena: Athena) -> None:
    athena.put("t/file", parquet({"x": ["x"], "y": ["y"]}))
    athena.run(
        "create external table t (b string, a string) row format serde "
        "'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' with serdeproperties "
        f"('parquet.column.index.access' = 'true') stored as parquet location '{athena.location}/t/'"
    )
    assert athena.rows("select a, b from t") == [("y", "x")]


def test_files_of_different_schemas(athena: Athena) -> None:
    athena.put("t/1", parquet({"a": ["x"]}))
    athena.put("t/2", parquet({"b": pa.array([2], pa.int32()), "a": ["y"]}))
    over(athena, "a string, b int", parquet({"b": pa.array([3], pa.int32())}), name="t/3")
    assert athena.rows("select a, b from t order by b nulls first") == [("x", None), ("y", "2"), (None, "3")]


def test_a_column_that_is_not_asked_for_may_be_wrong(athena: Athena) -> None:
    over(athena, "a string, b date", parquet({"a": ["x"], "b": [1.5]}))
    assert athena.rows("select a from t") == [("x",)]
    assert athena.rows("select count(*) from t") == [("1",)]


@pytest.mark.parametrize("properties", ["'table_type' = 'DELTA'", "'spark.sql.sources.provider' = 'hudi'"])
def test_files_that_are_no_rows(athena: Athena, properties: str) -> None:
    over(athena, "a string", parquet({"a": ["x"]}))
    entry = athena.table("t")
    name, _, value = properties.replace("'", "").partition(" = ")
    athena.stores.glue.update_table(athena.database, {**entry, "Parameters": {name: value}})
    with pytest.raises(AthenaError, match="NOT_SUPPORTED"):
        athena.run("select * from t")


def test_malformed_parquet(athena: Athena) -> None:
    over(athena, "a string", b"hello")
    with pytest.raises(AthenaError, match=r"HIVE_BAD_DATA: Malformed Parquet file\. s3://"):
        athena.run("select * from t")


def test_orc_columns_are_found_by_position(athena: Athena) -> None:
    sink = io.BytesIO()
    orc.write_table(pa.table({"x": pa.array([1], pa.int32()), "y": ["b"]}), sink)
    over(athena, "a bigint, b string, missing int", sink.getvalue(), "orc")
    assert athena.rows("select * from t") == [("1", "b", None)]


def test_malformed_orc(athena: Athena) -> None:
    over(athena, "a string", b"hello", "orc")
    with pytest.raises(AthenaError, match=r"HIVE_BAD_DATA: Malformed ORC file"):
        athena.run("select * from t")


def test_avro_columns_are_found_by_name(athena: Athena) -> None:
    fields = [
        {"name": "B", "type": ["null", "string"]},
        {"name": "a", "type": "int"},
        {"name": "d", "type": {"type": "int", "logicalType": "date"}},
        {"name": "e", "type": {"type": "enum", "name": "e", "symbols": ["X"]}},
    ]
    sink = io.BytesIO()
    record = {"a": 1, "B": "x", "d": date(2020, 1, 2), "e": "X"}
    fastavro.writer(sink, {"type": "record", "name": "r", "fields": fields}, [record], codec="deflate")
    over(athena, "a int, b string, d date, e string, missing int", sink.getvalue(), "avro")
    assert athena.rows("select * from t") == [("1", "x", "2020-01-02", "X", None)]


def test_malformed_avro(athena: Athena) -> None:
    over(athena, "a string", b"hello", "avro")
    with pytest.raises(AthenaError, match="HIVE_CANNOT_OPEN_SPLIT: Not an Avro data file"):
        athena.run("select * from t")
