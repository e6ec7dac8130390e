"""INSERT into Hive tables."""

from __future__ import annotations

import pytest

from local_athena.errors import AthenaError

from .support import Athena


@pytest.fixture
def partitioned(athena: Athena) -> Athena:
    """A table t with the partitions a and b."""
    athena.run(
        f"create table t with (external_location = '{athena.location}/t', partitioned_by = array['p']) as "
        "select * from (values (1, 'a'), (2, 'b')) v(id, p)"
    )
    return athena


def test_new_and_old_partitions(partitioned: Athena) -> None:
    answer = partitioned.run("insert into t values (3, 'b'), (4, 'c')")
    assert (answer.outcome.update_count, answer.outcome.substatement_type) == (2, "INSERT")
    assert partitioned.rows("select id, p from t order by id") == [("1", "a"), ("2", "b"), ("3", "b"), ("4", "c")]
    assert partitioned.partitions("t") == [["a"], ["b"], ["c"]]
    assert len(partitioned.objects("t/p=b/")) == 2


def test_rows_go_where_the_partition_is(partitioned: Athena) -> None:
    elsewhere = f"{partitioned.location}/elsewhere/"
    partitioned.run(f"alter table t partition (p = 'a') set location '{elsewhere}'")
    partitioned.run("insert into t values (3, 'a')")
    assert len(partitioned.objects("elsewhere/")) == 1
    assert partitioned.rows("select id from t where p = 'a'") == [("3",)]


def test_null_goes_into_the_default_partition(partitioned: Athena) -> None:
    partitioned.run("insert into t values (3, null)")
    assert partitioned.partitions("t")[0] == ["__HIVE_DEFAULT_PARTITION__"]
    assert partitioned.rows("select id from t where p is null") == [("3",)]


def test_format_of_the_table(athena: Athena) -> None:
    athena.run(
        f"create external table t (id int, name string) row format delimited fields terminated by ',' "
        f"location '{athena.location}/t/'"
    )
    athena.run("insert into t values (1, 'a'), (2, null)")
    assert athena.rows("select * from t order by id") == [("1", "a"), ("2", None)]
    assert athena.objects("t/")[0].endswith(".gz")


@pytest.mark.parametrize("stored_as", ["parquet", "orc", "avro"])
def test_external_tables(athena: Athena, stored_as: str) -> None:
    columns = "id int, d date, ts timestamp, x decimal(5,2), l array<string>"
    athena.run(f"create external table t ({columns}) stored as {stored_as} location '{athena.location}/t/'")
    athena.run(
        "insert into t values (1, date '2020-01-02', timestamp '2020-01-02 03:04:05.678', decimal '1.50', array['a'])"
    )
    assert athena.rows("select * from t") == [("1", "2020-01-02", "2020-01-02 03:04:05.678", "1.50", "[a]")]


def test_compression_of_the_table(athena: Athena) -> None:
    location = f"external_location = '{athena.location}/t'"
    athena.run(f"create table t with (format = 'JSON', write_compression = 'bzip2', {location}) as select 1 as id")
    athena.run("insert into t values (2)")
    assert [key.rpartition(".")[2] for key in athena.objects("t/")] == ["bz2", "bz2"]
    assert athena.rows("select id from t order by id") == [("1",), ("2",)]
    athena.run(
        f"create external table u (id int) location '{athena.location}/u/' tblproperties ('write.compression'='LZO')"
    )
    with pytest.raises(AthenaError, match="NOT_SUPPORTED: .* LZO"):
        athena.run("insert into u values (1)")


def test_openx_json(athena: Athena) -> None:
    serde = "row format serde 'org.openx.data.jsonserde.JsonSerDe'"
    athena.run(f"create external table t (id int, name string) {serde} location '{athena.location}/t/'")
    athena.run("insert into t values (1, null)")
    assert athena.rows("select * from t") == [("1", None)]


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ("(id int) row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'", "OpenCSVSerde"),
        ("(id string) clustered by (id) into 2 buckets stored as parquet", "bucketed"),
    ],
)
def test_refused(athena: Athena, definition: str, message: str) -> None:
    athena.run(f"create external table t {definition} location '{athena.location}/t/'")
    with pytest.raises(AthenaError, match=f"NOT_SUPPORTED.*{message}"):
        athena.run("insert into t select * from t")


def test_a_statement_reads_the_table_as_it_was(partitioned: Athena) -> None:
    assert partitioned.run("insert into t select id + 10, p from t").outcome.update_count == 2
    assert partitioned.rows("select count(*) from t") == [("4",)]
