"""CREATE TABLE AS of Hive tables: files, Glue entries, locations, and what is refused."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from local_athena.errors import AthenaError

from .support import BUCKET, Athena


def the_file(athena: Athena, folder: str) -> bytes:
    """The content of the only object in a folder of the test's."""
    (key,) = athena.objects(folder)
    return athena.stores.objects.read(BUCKET, f"{athena.database}/{key}")


def test_glue_entry(athena: Athena) -> None:
    athena.run(
        f"create table T with (external_location = '{athena.location}/t', format = 'parquet', "
        "partitioned_by = array['p']) as select 1 as Id, cast(row(1, 'x') as row(N integer, s varchar)) as r, 'a' as p"
    )
    entry = athena.table("t")
    descriptor = entry["StorageDescriptor"]
    assert entry["TableType"] == "EXTERNAL_TABLE"
    assert entry["Parameters"]["EXTERNAL"] == "TRUE"
    assert [(column["Name"], column["Type"]) for column in descriptor["Columns"]] == [
        ("id", "int"),
        ("r", "struct<n:int,s:string>"),
    ]
    assert entry["PartitionKeys"] == [{"Name": "p", "Type": "varchar(1)"}]
    assert descriptor["Location"] == f"{athena.location}/t/"
    assert descriptor["InputFormat"] == "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    assert descriptor["OutputFormat"] == "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
    serde = descriptor["SerdeInfo"]
    assert serde["SerializationLibrary"] == "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    (partition,) = athena.stores.glue.partitions(athena.database, "t")
    assert partition["StorageDescriptor"]["Location"] == f"{athena.location}/t/p=a"
    assert partition["StorageDescriptor"]["Columns"] == descriptor["Columns"]


def test_default_location_and_manifest(athena: Athena) -> None:
    request = athena.request("create table t as select 1 as id")
    outcome = athena.engine.run(request)
    location = f"{request.output_location}tables/{request.query_id}/"
    assert athena.table("t")["StorageDescriptor"]["Location"] == location
    assert (outcome.statement_type, outcome.substatement_type) == ("DML", "CREATE_TABLE_AS_SELECT")
    assert outcome.update_count == 1
    assert outcome.manifest is not None
    (address,) = outcome.manifest
    assert address.startswith(location)


def test_a_prepared_statement_names_no_location_where_one_is_enforced(athena: Athena) -> None:
    athena.run(f"prepare p from create table t with (external_location = '{athena.location}/t') as select 1 as id")
    enforced = replace(athena.request("execute p"), location_enforced=True)
    with pytest.raises(AthenaError, match="to an Athena Workgroup that enforces a centralized output location"):
        athena.engine.run(enforced)
    athena.run("execute p")
    place = f"{athena.location}/i"
    iceberg = (
        f"create table i with (table_type = 'ICEBERG', is_external = false, location = '{place}') as select 1 as id"
    )
    athena.engine.run(replace(athena.request(iceberg), location_enforced=True))
    assert athena.table("i")["StorageDescriptor"]["Location"] == place


@pytest.mark.parametrize(
    ("properties", "codec"),
    [
        ("", "GZIP"),
        (", write_compression = 'SNAPPY'", "SNAPPY"),
        (", write_compression = 'zstd'", "ZSTD"),
        (", parquet_compression = 'LZ4', write_compression = 'ZSTD'", "LZ4"),
        (", write_compression = 'NONE'", "UNCOMPRESSED"),
    ],
)
def test_parquet_files(athena: Athena, properties: str, codec: str) -> None:
    ts = "timestamp '2020-01-01 00:00:00.123'"
    athena.run(f"create table t with (external_location = '{athena.location}/t'{properties}) as select 1 as n, {ts} ts")
    (found,) = athena.stores.objects.under(BUCKET, f"{athena.database}/t/")
    metadata = pq.read_metadata(athena.stores.objects.local_path(found))
    column = metadata.row_group(0).column(0)
    assert (column.compression, column.statistics.min, column.statistics.max) == (codec, 1, 1)
    assert str(metadata.schema.to_arrow_schema().field("ts").type) == "timestamp[ms]"


# What Trino 470 wrote for the same query.
VALUES = """
    true b, 1 i, 1.5e0 d, 1e10 d2, real '1.5' r, cast(1.50 as decimal(5,2)) dc, 'é"' v, x'00ff' vb,
    date '2020-01-01' dt, timestamp '2020-01-01 00:00:00.120' ts, array[1,null] a, map(array['k'],array[1]) m,
    cast(row(1,null) as row(n integer, s varchar)) rw, cast(null as integer) n, cast('x' as char(3)) ch
"""
AS_TEXT = (
    'true\x011\x011.5\x011.0E10\x011.5\x011.50\x01é"\x01AP8=\x012020-01-01\x012020-01-01 00:00:00.12\x011\x02\\N\x01'
    "k\x031\x011\x02\\N\x01\\N\x01x  \n"
)
AS_JSON = (
    '{"b":true,"i":1,"d":1.5,"d2":1.0E10,"r":1.5,"dc":1.50,"v":"é\\"","vb":"\\u0000�","dt":"2020-01-01",'
    '"ts":"2020-01-01 00:00:00.12","a":[1,null],"m":{"k":1},"rw":{"n":1,"s":null},"n":null,"ch":"x  "}\n'
)


@pytest.mark.parametrize(("format_", "text"), [("TEXTFILE", AS_TEXT), ("JSON", AS_JSON)])
def test_text_files(athena: Athena, format_: str, text: str) -> None:
    athena.run(
        f"create table t with (external_location = '{athena.location}/t', format = '{format_}') as select {VALUES}"
    )
    assert athena.objects("t/")[0].endswith(".gz")
    assert gzip.decompress(the_file(athena, "t/")).decode() == text


def test_json_takes_no_nan(athena: Athena) -> None:
    with pytest.raises(AthenaError, match="HIVE_UNSERIALIZABLE_JSON_VALUE: Invalid value to Insert: NaN"):
        athena.run("create table t with (format = 'JSON') as select nan() as x")


# "$partition" of Trino 470 for the same values.
PARTITIONS = [
    ("1.5e0", "1.5"),
    ("1e10", "1.0E10"),
    ("real '1.5'", "1.5"),
    ("timestamp '2020-01-01 00:00:00.120'", "2020-01-01 00%3A00%3A00.12"),
    ("cast('a' as char(3))", "a  "),
    ("cast(1.50 as decimal(5,2))", "1.5"),
    ("true", "true"),
    ("''", "__HIVE_DEFAULT_PARTITION__"),
    ("' '", " "),
    ("'a=b/c:d%e#f{g}[h]^i~j&k'", "a%3Db%2Fc%3Ad%25e%23f%7Bg}%5Bh%5D%5Ei~j&k"),
    ("'A\"B''C\\D*E?F|G<H>I'", "A%22B%27C%5CD%2AE%3FF|G<H>I"),
    ("cast(null as integer)", "__HIVE_DEFAULT_PARTITION__"),
    ("date '2020-01-01'", "2020-01-01"),
]


@pytest.mark.parametrize(("value", "name"), PARTITIONS)
def test_partition_names(athena: Athena, value: str, name: str) -> None:
    athena.run(
        f"create table t with (external_location = '{athena.location}/t', partitioned_by = array['p']) as "
        f"select 1 as id, {value} as p"
    )
    assert athena.rows('select "$partition" from t') == [(f"p={name}",)]
    assert athena.objects("t/")[0].startswith(f"t/p={name}/")
    expected = "null" if value == "''" else value
    assert athena.rows(f"select count(*) from t where p is not distinct from {expected}") == [("1",)]


# "$bucket" of Trino 470 for the same values, in 7 buckets.
BUCKETS = [
    ("'abc'", "5"),
    ("bigint '5000000000'", "6"),
    ("-7", "2"),
    ("date '2020-01-01'", "6"),
    ("1.5e0", "6"),
    ("real '1.5'", "6"),
    ("true", "1"),
    ("cast('é' as varchar)", "5"),
    ("cast(null as integer)", "0"),
    ("smallint '3'", "3"),
]


@pytest.mark.parametrize(("value", "bucket"), BUCKETS)
def test_buckets(athena: Athena, value: str, bucket: str) -> None:
    athena.run(f"create table t with (bucketed_by = array['b'], bucket_count = 7) as select 1 as id, {value} as b")
    assert athena.rows('select "$bucket" from t') == [(bucket,)]
    assert athena.table("t")["StorageDescriptor"]["BucketColumns"] == ["b"]
    assert athena.table("t")["StorageDescriptor"]["NumberOfBuckets"] == 7


def test_buckets_of_two_columns(athena: Athena) -> None:
    athena.run("create table t with (bucketed_by = array['a', 'b'], bucket_count = 7) as select 'x' as a, 5 as b")
    assert athena.rows('select "$bucket" from t') == [("3",)]


def test_buckets_of_partitions(athena: Athena) -> None:
    athena.run(
        "create table t with (partitioned_by = array['p'], bucketed_by = array['id'], bucket_count = 2) as "
        "select * from (values (1, 'a'), (2, 'a'), (3, 'b')) v(id, p)"
    )
    assert athena.rows('select id, p, "$bucket" from t order by id') == [
        ("1", "a", "1"),
        ("2", "a", "0"),
        ("3", "b", "1"),
    ]


REFUSED = [
    ("format = 1", "INVALID_TABLE_PROPERTY", r"Cannot convert \[1\] to varchar"),
    ("bucket_count = 'x', bucketed_by = array['id']", "INVALID_TABLE_PROPERTY", r"Cannot convert \['x'\] to integer"),
    ("partitioned_by = 'id'", "INVALID_TABLE_PROPERTY", r"Cannot convert \['id'\] to array\(varchar\)"),
    ("partitioned_by = array['ID']", "HIVE_COLUMN_ORDER_MISMATCH", r"\[id\]"),
    ("bucketed_by = array['no'], bucket_count = 2", "INVALID_TABLE_PROPERTY", r"Bucketing columns \[no\] not present"),
    ("bucketed_by = array['id'], bucket_count = 0", "INVALID_TABLE_PROPERTY", "specified together"),
    (
        "partitioned_by = array['p'], bucketed_by = array['p'], bucket_count = 2",
        "INVALID_TABLE_PROPERTY",
        r"Bucketing columns \[p\] are also used as partitioning columns",
    ),
    ("external_location = 'nope'", "INVALID_TABLE_PROPERTY", "External location is not a valid file system URI: nope"),
    ("field_delimiter = ','", "INVALID_TABLE_PROPERTY", "Cannot specify .* for storage format: PARQUET"),
    ("format = 'TEXTFILE', field_delimiter = ',,'", "INVALID_TABLE_PROPERTY", "single character"),
    ("table_type = 'DELTA'", "INVALID_TABLE_PROPERTY", "table_type"),
    ("is_external = false", "INVALID_TABLE_PROPERTY", "is_external"),
    ("location = 's3://lake/x/'", "INVALID_TABLE_PROPERTY", "'location' does not exist"),
    ("partitioning = array['p']", "INVALID_TABLE_PROPERTY", "'partitioning' does not exist"),
    ("write_compression = 'LZO'", "NOT_SUPPORTED", "LZO"),
    ("format = 'PARQUET', format = 'ORC'", "DUPLICATE_PROPERTY", "format"),
]


@pytest.mark.parametrize(("properties", "name", "message"), REFUSED)
def test_refused_properties(athena: Athena, properties: str, name: str, message: str) -> None:
    with pytest.raises(AthenaError, match=message) as caught:
        athena.run(f"create table t with ({properties}) as select 1 as id, 2 as p")
    assert caught.value.name == name
    assert athena.stores.glue.table(athena.database, "t") is None


@pytest.mark.parametrize("value", ["array[1]", "x'00'"])
def test_refused_partition_types(athena: Athena, value: str) -> None:
    with pytest.raises(AthenaError, match=r"NOT_SUPPORTED: Unsupported type \[.*\] for partition: p"):
        athena.run(f"create table t with (partitioned_by = array['p']) as select 1 as id, {value} as p")


def test_no_rows_no_files(athena: Athena) -> None:
    athena.run(f"create table t with (external_location = '{athena.location}/t') as select 1 as id where false")
    athena.run(
        f"create table u with (external_location = '{athena.location}/u', partitioned_by = array['p']) as "
        "select 1 as id, 'x' as p where false"
    )
    assert athena.objects("t/") == athena.objects("u/") == []
    assert athena.rows("select count(*) from t") == athena.rows("select count(*) from u") == [("0",)]
    assert athena.partitions("u") == []


def test_bucket_that_does_not_exist(athena: Athena) -> None:
    with pytest.raises(AthenaError, match="no-such-bucket"):
        athena.run("create table t with (external_location = 's3://no-such-bucket/t') as select 1 as id")


def test_a_query_that_fails_while_it_writes(athena: Athena) -> None:
    numbers = "(values 3, 2, 1, 0) v(n)"
    with pytest.raises(AthenaError, match="DIVISION_BY_ZERO"):
        athena.run(
            f"create table t with (external_location = '{athena.location}/t') as select 1 / n as x from {numbers}"
        )
    assert athena.stores.glue.table(athena.database, "t") is None
    assert athena.objects("t/") == []


@pytest.mark.parametrize(
    "properties",
    [
        "format = 'PARQUET'",
        "format = 'TEXTFILE'",
        "format = 'ORC', partitioned_by = array['p']",
        "table_type = 'ICEBERG', is_external = false, location = '{location}/t'",
    ],
)
def test_a_query_that_fails_late(athena: Athena, properties: str) -> None:
    query = "select 1 / (n - 290000) as x, 1 as p from table(sequence(start => 1, stop => 300000)) u(n)"
    with pytest.raises(AthenaError, match="^DIVISION_BY_ZERO: Division by zero$"):
        athena.run(f"create table t with ({properties.format(location=athena.location)}) as {query}")
    assert athena.stores.glue.table(athena.database, "t") is None


def test_comments_around_the_statement(athena: Athena) -> None:
    athena.run('-- /* {"app": "dbt"} */\n/* two\nlines */ create table t as select 1 as id; -- done')
    assert athena.rows("/* x */ select id from t -- y") == [("1",)]
