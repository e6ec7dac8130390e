"""CREATE TABLE and CREATE TABLE AS: what they make, and what they refuse."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

import pytest

from local_athena.catalogue.model import TableName
from local_athena.errors import AthenaError
from local_athena.table_format import ColumnDefinition, Definition, Transform
from local_athena.types import model
from local_athena.types.model import (
    Array,
    Char,
    Decimal,
    Field,
    Map,
    Row,
    Time,
    Timestamp,
    Type,
    Varchar,
)

from .support import BUCKET, Lake

# Trino's type, a value in its representation, the type a query sees afterwards, Glue's name.
# Source: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-supported-data-types.html
TYPES: list[tuple[Type, str, str, str]] = [
    (model.BOOLEAN, "true", "boolean", "boolean"),
    (model.INTEGER, "3", "integer", "int"),
    (model.BIGINT, "4::bigint", "bigint", "bigint"),
    (model.REAL, "1.5::float", "real", "float"),
    (model.DOUBLE, "2.5::double", "double", "double"),
    (Decimal(10, 2), "1.25::decimal(10, 2)", "decimal(10,2)", "decimal(10,2)"),
    (Decimal(38, 3), "-12345678901234567890.125::decimal(38, 3)", "decimal(38,3)", "decimal(38,3)"),
    (Varchar(3), "'yé'", "varchar", "string"),
    (model.VARBINARY, "'\\x00\\xff'::blob", "varbinary", "binary"),
    (model.DATE, "date '1969-02-28'", "date", "date"),
    (Timestamp(6), "timestamp '1969-02-28 01:02:03.456789'", "timestamp(6)", "timestamp"),
    (
        Timestamp(6, zoned=True),
        "{'instant': timestamp '2020-01-01 17:00:00', 'zone': 'UTC'}",
        "timestamp(6) with time zone",
        "timestamp",
    ),
    (Array(Array(model.INTEGER)), "[[1, null], null]", "array(array(integer))", "array<array<int>>"),
    (Map(model.VARCHAR, model.DATE), "map {'k': date '2020-01-01'}", "map(varchar, date)", "map<string,date>"),
    (
        Row((Field("n", model.INTEGER), Field("at", Array(Timestamp(6, zoned=True))))),
        "{'n': 1, 'at': [{'instant': timestamp '2020-01-01 17:00:00', 'zone': 'UTC'}, null]}",
        "row(n integer, at array(timestamp(6) with time zone))",
        "struct<n:int,at:array<timestamp>>",
    ),
    (
        Map(model.INTEGER, Timestamp(6, zoned=True)),
        "map {1: {'instant': timestamp '2020-01-01 17:00:00', 'zone': 'UTC'}}",
        "map(integer, timestamp(6) with time zone)",
        "map<int,timestamp>",
    ),
]


@pytest.mark.parametrize(("type_", "value", "seen", "glue"), TYPES, ids=[str(case[0]) for case in TYPES])
def test_values_survive(lake: Lake, type_: Type, value: str, seen: str, glue: str) -> None:
    lake.create({"x": type_}, f"select {value} as c0 union all select null")
    assert str(lake.table().columns[0].type) == seen
    assert lake.entry()["StorageDescriptor"]["Columns"][0]["Type"] == glue
    with lake.work() as work:
        expected = work.connection.execute(f"select x from (select {value} as x union all select null) order by x")
        assert lake.rows() == expected.fetchall()


@pytest.mark.parametrize(
    ("type_", "message"),
    [
        (model.TINYINT, "Type not supported for Iceberg: tinyint"),
        (model.SMALLINT, "Type not supported for Iceberg: smallint"),
        (Char(3), "Type not supported for Iceberg: char(3)"),
        (model.JSON, "Type not supported for Iceberg: json"),
        (model.IPADDRESS, "Type not supported for Iceberg: ipaddress"),
        (model.UUID, "Type not supported for Iceberg: uuid"),
        (model.INTERVAL_DAY_TO_SECOND, "Type not supported for Iceberg: interval day to second"),
        (Time(3), "Type not supported for Iceberg: time(3)"),
        (Array(model.TINYINT), "Type not supported for Iceberg: tinyint"),
        (Timestamp(3), 'Timestamp precision (3) not supported for Iceberg. Use "timestamp(6)" instead.'),
        (
            Timestamp(3, zoned=True),
            'Timestamp precision (3) not supported for Iceberg. Use "timestamp(6) with time zone" instead.',
        ),
        (Row((Field(None, model.INTEGER),)), "Row type field does not have a name: row(integer)"),
    ],
    ids=str,
)
def test_types_that_iceberg_tables_do_not_have(lake: Lake, type_: Type, message: str) -> None:
    with pytest.raises(AthenaError) as raised:
        lake.create({"x": type_}, "select error('not to be run') as c0")
    assert (raised.value.name, raised.value.message) == ("NOT_SUPPORTED", message)
    assert lake.keys() == []


def test_the_entry_in_glue(people: Lake) -> None:
    entry = people.entry()
    metadata = entry["Parameters"]["metadata_location"]
    assert entry["TableType"] == "EXTERNAL_TABLE"
    assert entry["Parameters"]["table_type"] == "ICEBERG"
    assert entry["StorageDescriptor"]["Location"] == f"s3://{BUCKET}/t"
    assert entry["PartitionKeys"] == []
    assert [column["Parameters"] for column in entry["StorageDescriptor"]["Columns"]] == [
        {"iceberg.field.id": number, "iceberg.field.optional": "true", "iceberg.field.current": "true"}
        for number in ("1", "2")
    ]
    people.insert("select 4 as c0, 'd' as c1")
    assert people.entry()["Parameters"]["previous_metadata_location"] == metadata


def test_the_layout_of_the_files(people: Lake) -> None:
    kinds = {(key.split("/")[1], key.rpartition(".")[2]) for key in people.keys("t/")}
    assert kinds == {("data", "parquet"), ("metadata", "avro"), ("metadata", "json")}


def test_notes_of_others_on_the_entry_stay(people: Lake) -> None:
    entry = dict(people.entry())
    entry["Description"] = "People."
    entry["StorageDescriptor"]["Columns"][0]["Comment"] = "Number."
    people.stores.glue.update_table("db", entry)
    people.insert("select 4 as c0, 'd' as c1")
    assert people.entry()["Description"] == "People."
    assert people.entry()["StorageDescriptor"]["Columns"][0]["Comment"] == "Number."


def test_no_rows_make_an_empty_table(lake: Lake) -> None:
    assert lake.create({"id": model.INTEGER}, "select 1 as c0 where false").count == 0
    assert lake.rows() == []
    assert lake.rows("t", "id", "$path") == []
    lake.insert("select 1 as c0")
    assert lake.rows() == [(1,)]


def test_an_existing_table_is_not_replaced(people: Lake) -> None:
    before = people.keys()
    with pytest.raises(AthenaError, match=r"TABLE_ALREADY_EXISTS: Table 'awsdatacatalog.db.t' already exists"):
        people.create({"id": model.INTEGER}, "select 1 as c0", location=f"s3://{BUCKET}/elsewhere/")
    assert people.keys() == before


def test_a_missing_database(lake: Lake) -> None:
    lake.stores.glue.delete_database("db")
    with pytest.raises(AthenaError, match="SCHEMA_NOT_FOUND"):
        lake.create({"id": model.INTEGER}, "select 1 as c0")
    assert lake.keys() == []


def test_a_location_that_holds_data(people: Lake) -> None:
    with pytest.raises(AthenaError, match="ICEBERG_FILESYSTEM_ERROR: Cannot create a table on a non-empty location"):
        people.create({"id": model.INTEGER}, "select 1 as c0", name="u", location=f"s3://{BUCKET}/t")
    people.stores.glue.delete_table("db", "t")
    with pytest.raises(AthenaError, match="ICEBERG_FILESYSTEM_ERROR"):
        people.define({"id": "int"})


def test_a_query_that_fails_leaves_nothing(lake: Lake) -> None:
    with pytest.raises(Exception, match="boom"):
        lake.create({"id": model.INTEGER}, "select case when range > 5 then error('boom') end::int as c0 from range(9)")
    assert lake.stores.glue.table("db", "t") is None
    assert lake.keys() == []


@pytest.mark.parametrize(
    ("properties", "name", "message"),
    [
        ({"is_external": True}, "NOT_SUPPORTED", "is_external must be false"),
        ({"location": ""}, "INVALID_TABLE_PROPERTY", "location must be specified"),
        ({"location": "file:///t"}, "INVALID_TABLE_PROPERTY", "must be an Amazon S3 address"),
        ({"nope": "x"}, "INVALID_TABLE_PROPERTY", "Catalog 'awsdatacatalog' table property 'nope' does not exist"),
        ({"partitioned_by": ("id",)}, "INVALID_TABLE_PROPERTY", "table property 'partitioned_by' does not exist"),
        ({"external_location": "s3://x/y"}, "INVALID_TABLE_PROPERTY", "'external_location' does not exist"),
        ({"format": "csv"}, "INVALID_TABLE_PROPERTY", "Invalid value for table property format: csv"),
        ({"format": "ORC"}, "NOT_SUPPORTED", "PARQUET only"),
        ({"write_compression": "BZIP2"}, "INVALID_TABLE_PROPERTY", "write_compression: BZIP2"),
        ({"vacuum_min_snapshots_to_keep": 0}, "INVALID_TABLE_PROPERTY", "vacuum_min_snapshots_to_keep: 0"),
        ({"partitioning": "id"}, "INVALID_TABLE_PROPERTY", "'partitioning': Cannot convert"),
    ],
)
def test_properties_of_a_query_that_are_refused(
    lake: Lake, properties: Mapping[str, Any], name: str, message: str
) -> None:
    with pytest.raises(AthenaError) as raised:
        lake.create({"id": model.INTEGER}, "select 1 as c0", **properties)
    assert raised.value.name == name
    assert message in raised.value.message


@pytest.mark.parametrize("compression", ["zstd", "GZIP", "snappy", "NONE"])
def test_properties_are_kept(lake: Lake, compression: str) -> None:
    lake.create({"id": model.INTEGER}, "select 1 as c0", write_compression=compression, format="Parquet")
    kept = lake.format.properties(lake.table())
    assert kept["format"] == "parquet"
    assert kept["write_compression"] == {"NONE": "uncompressed"}.get(compression, compression.lower())
    assert lake.rows() == [(1,)]


def test_create_table(lake: Lake) -> None:
    lake.define(
        {"id": "bigint", "data": "string", "ts": "timestamp"},
        Transform("bucket", "id", 16),
        Transform("day", "ts"),
        vacuum_max_snapshot_age_seconds="60",
    )
    assert [str(column.type) for column in lake.table().columns[:3]] == ["bigint", "varchar", "timestamp(6)"]
    assert lake.rows() == []
    lake.insert("select 34::bigint as c0, 'a' as c1, timestamp '2020-01-01 10:00:00' as c2")
    assert [row[1] for row in lake.rows()] == ["a"]
    # 34 has the hash 2017239379: https://iceberg.apache.org/spec/#appendix-b-32-bit-hash-requirements
    [path] = lake.keys("t/data/")
    assert path.startswith(f"t/data/id_bucket={2017239379 % 16}/ts_day=2020-01-01/")


@pytest.mark.parametrize(
    ("clauses", "message"),
    [
        ({"external": True}, "External keyword not supported for table type ICEBERG"),
        ({"stored_as": "PARQUET"}, "STORED_AS is not supported"),
        ({"partitions": (ColumnDefinition("p", "int"),)}, "PARTITIONS is not supported"),
        ({"comment": "words"}, "does not keep comments"),
        ({"location": None}, "location must be specified"),
        ({"columns": (ColumnDefinition("id", "tinyint"),)}, "Type not supported for Iceberg: tinyint"),
        ({"properties": {"my_own_property": "x"}}, "Unsupported table property key: my_own_property"),
        ({"properties": {"write.parquet.compression-codec": "x"}}, "Unsupported table property key"),
        ({"properties": {"compression_level": "3"}}, "does not follow the table property compression_level"),
        ({"transforms": (Transform("bucket", "id"),)}, "Invalid partition field declaration: bucket(id)"),
    ],
)
def test_definitions_that_are_refused(lake: Lake, clauses: Mapping[str, Any], message: str) -> None:
    columns = (ColumnDefinition("id", "int"),)
    right = Definition(TableName("db", "t"), columns, location=f"s3://{BUCKET}/t", properties={"table_type": "ICEBERG"})
    with pytest.raises(AthenaError, match=re.escape(message)):
        lake.format.create(dataclasses.replace(right, **clauses))
    assert lake.keys() == []
