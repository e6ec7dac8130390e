"""Partitions of Hive tables: added, changed, dropped, repaired, projected, and pruned."""

from __future__ import annotations

import pytest

from local_athena.errors import AthenaError

from .support import Athena

TABLE = "create external table t (id int) partitioned by (p string, n int) stored as textfile location '{location}/t/'"


@pytest.fixture
def empty(athena: Athena) -> Athena:
    """An external table t with the partition columns p and n, and no partitions."""
    athena.run(TABLE.format(location=athena.location))
    return athena


def test_add_and_drop(empty: Athena) -> None:
    empty.run("alter table t add partition (p = 'a', n = 1) partition (n = 2, p = 'b')")
    empty.run("alter table t add if not exists partition (p = 'a', n = 1) partition (p = 'c', n = 10)")
    assert empty.run("show partitions t").texts == ["p=a/n=1", "p=b/n=2", "p=c/n=10"]
    empty.run("alter table t drop partition (n >= 2, n < 10), partition (p = 'c')")
    assert empty.partitions("t") == [["a", "1"]]


def test_a_partition_may_be_anywhere(empty: Athena) -> None:
    empty.put("elsewhere/file", "1\n")
    empty.run(f"alter table t add partition (p = 'a', n = 1) location '{empty.location}/elsewhere'")
    assert empty.rows("select * from t") == [("1", "a", "1")]
    empty.put("new/file", "2\n")
    empty.run(f"alter table t partition (p = 'a', n = 1) set location '{empty.location}/new/'")
    assert empty.rows("select id from t") == [("2",)]
    described = empty.run("describe formatted t partition (n = 1, p = 'a')").texts
    facts = {tuple(line.split()) for line in described if line}
    assert {("Partition", "Value:", "[a,", "1]"), ("Location:", f"{empty.location}/new/")} <= facts
    empty.run("alter table t partition (p = 'a', n = 1) rename to partition (p = 'z', n = 9)")
    assert empty.rows("select * from t") == [("2", "z", "9")]


@pytest.mark.parametrize(
    ("partition", "message"),
    [
        ("(p = 'a', n = 2)", "FAILED: SemanticException .Error 10006.: Partition not found {'p': 'a', 'n': '2'}"),
        ("(p = 'a')", "FAILED: SemanticException .Error 10098.: Partition spec {p=a} doesn't contain all"),
    ],
)
def test_describe_of_a_partition_that_is_not_there(empty: Athena, partition: str, message: str) -> None:
    empty.run("alter table t add partition (p = 'a', n = 1)")
    with pytest.raises(AthenaError, match=message):
        empty.run(f"describe t partition {partition}")


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("alter table t add partition (p = 'a')", "Partition spec"),
        ("alter table t add partition (p = 'a', q = 1)", "Partition spec"),
        ("alter table t drop partition (q = 1)", "q"),
        ("alter table t drop partition (p = 'no', n = 1)", "Partition not found"),
        ("alter table t partition (p = 'no', n = 1) set location 's3://lake/x/'", "Partition not found"),
        ("alter table t partition (p = 'no', n = 1) rename to partition (p = 'a', n = 1)", "Partition not found"),
        ("alter table t add partition (p = 'x', n = 1) location 'nowhere'", "nowhere"),
    ],
)
def test_refused(empty: Athena, statement: str, message: str) -> None:
    with pytest.raises(AthenaError, match=message):
        empty.run(statement)
    assert empty.partitions("t") == []


def test_nothing_is_added_if_one_exists(empty: Athena) -> None:
    empty.run("alter table t add partition (p = 'a', n = 1)")
    with pytest.raises(AthenaError, match="AlreadyExistsException"):
        empty.run("alter table t add partition (p = 'b', n = 1) partition (p = 'a', n = 1)")
    assert empty.partitions("t") == [["a", "1"]]


def test_repair(empty: Athena) -> None:
    empty.put("t/p=a/n=1/file", "1\n")
    empty.put("t/p=x%2Fy/n=2/sub/file", "2\n")
    empty.put("t/P=upper/N=3/file", "3\n")
    empty.put("t/other=1/n=1/file", "4\n")
    empty.put("t/p=short/file", "5\n")
    lines = empty.run("msck repair table t").texts
    # Capitals are left out: https://docs.aws.amazon.com/athena/latest/ug/msck-repair-table.html
    assert lines[0] == "Partitions not in metastore:\tt:p=a/n=1 t:p=x%2Fy/n=2"
    assert empty.partitions("t") == [["a", "1"], ["x/y", "2"]]
    assert empty.rows("select id, p from t order by id") == [("1", "a"), ("2", "x/y")]
    assert empty.run("msck repair table t").texts == []


def test_invalid_value(empty: Athena) -> None:
    empty.put("t/p=a/n=x/file", "1\n")
    empty.run("msck repair table t")
    assert empty.rows("select id, p from t") == [("1", "a")]
    # The words of Trino 470.
    message = "HIVE_INVALID_PARTITION_VALUE: Invalid partition value 'x' for INTEGER partition key: n=x"
    with pytest.raises(AthenaError, match=message):
        empty.run("select n from t")


def test_only_the_partitions_of_the_condition_are_read(empty: Athena) -> None:
    for number in range(1, 4):
        empty.put(f"t/p=a/n={number}/file", "1\n" * number)
    empty.run("msck repair table t")
    assert empty.run("select * from t where n = 2 and p = 'a'").outcome.scanned_bytes == 4
    assert empty.run("select * from t where n > 1").outcome.scanned_bytes == 10
    assert empty.run("select * from t where p like 'b%'").outcome.scanned_bytes == 0
    assert empty.run("select * from t where n = 2 or id = 1").outcome.scanned_bytes == 12
    # A file that is not read may be wrong.
    empty.put("t/p=bad/n=1/file.gz", "not gzip")
    empty.run("msck repair table t")
    assert empty.rows("select count(*) from t where p = 'a'") == [("6",)]


def test_partition_of_other_types(athena: Athena) -> None:
    athena.run("create table t with (partitioned_by = array['p']) as select 1 as id, 'x' as name, 'a' as p")
    entry = athena.table("t")
    columns = [{"Name": "id", "Type": "string"}, {"Name": "name", "Type": "varchar(1)"}]
    entry["StorageDescriptor"]["Columns"] = columns
    (partition,) = athena.stores.glue.partitions(athena.database, "t")
    partition["StorageDescriptor"]["Columns"] = [{"Name": "id", "Type": "double"}, columns[1]]
    athena.stores.glue.update_partition(athena.database, "t", ["a"], partition)
    assert athena.rows("select name from t") == [("x",)]
    with pytest.raises(AthenaError, match="HIVE_PARTITION_SCHEMA_MISMATCH: There is a mismatch between the table and"):
        athena.run("select id from t")


def test_columns_with_names_of_our_own(athena: Athena) -> None:
    athena.run(
        "create table t with (partitioned_by = array['name', 't0']) as "
        "select 2 as number, 'x' as address, 1 as size, 3 as c0, 'a' as name, 7 as t0 union all "
        "select 1, 'y', 5, 4, 'b', 8"
    )
    assert athena.rows('select *, "$partition" from t order by number') == [
        ("1", "y", "5", "4", "b", "8", "name=b/t0=8"),
        ("2", "x", "1", "3", "a", "7", "name=a/t0=7"),
    ]
    assert athena.rows('select name from "t$partitions" where t0 = 8') == [("b",)]


def test_a_partition_that_says_little(athena: Athena) -> None:
    athena.run("create table t with (partitioned_by = array['p']) as select 1 as id, 'a' as p")
    (partition,) = athena.stores.glue.partitions(athena.database, "t")
    location = partition["StorageDescriptor"]["Location"]
    athena.stores.glue.update_partition(
        athena.database, "t", ["a"], {"Values": ["a"], "StorageDescriptor": {"Location": location, "Columns": []}}
    )
    assert athena.rows("select * from t") == [("1", "a")]


PROJECTED = """
create external table t (id int) partitioned by ({columns}) location '{location}/t/' tblproperties (
    'projection.enabled' = 'true', {properties}
)
"""


def projected(athena: Athena, columns: str, properties: str) -> None:
    """A table t whose partitions are projected."""
    athena.run(PROJECTED.format(columns=columns, location=athena.location, properties=properties))


def test_projection(athena: Athena) -> None:
    properties = """
        'projection.d.type' = 'date', 'projection.d.format' = 'yyyy/MM/dd', 'projection.d.range' = '2020/01/30,NOW',
        'projection.k.type' = 'enum', 'projection.k.values' = 'a,b',
        'projection.n.type' = 'integer', 'projection.n.range' = '1,20', 'projection.n.digits' = '2',
        'storage.location.template' = '{location}/data/${{d}}/${{k}}-${{n}}/'
    """
    projected(athena, "d string, k string, n int", properties.format(location=athena.location))
    athena.put("data/2020/02/01/b-07/file", "1\n")
    athena.put("data/2020/02/01/c-07/file", "2\n")
    athena.put("data/2020/01/29/a-01/file", "3\n")
    condition = "where d between '2020/01/29' and '2020/02/02'"
    assert athena.rows(f"select id, d, k, n from t {condition}") == [("1", "2020/02/01", "b", "7")]


def test_projection_without_template(athena: Athena) -> None:
    projected(athena, "y int", "'projection.y.type' = 'integer', 'projection.y.range' = '2019,2021'")
    athena.put("t/y=2020/file", "1\n")
    assert athena.rows("select id, y from t") == [("1", "2020")]


def test_injected(athena: Athena) -> None:
    projected(athena, "k string", "'projection.k.type' = 'injected'")
    athena.put("t/k=x/file", "1\n")
    assert athena.rows("select id from t where k = 'x'") == [("1",)]
    assert athena.rows("select id, k from t where k in ('x', 'y')") == [("1", "x")]
    with pytest.raises(AthenaError, match="CONSTRAINT_VIOLATION: For the injected projected partition column k"):
        athena.run("select id from t")


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("'projection.k.values' = 'a'", "Missing table property projection.k.type"),
        ("'projection.k.type' = 'date'", "Missing table property projection.k.format"),
        ("'projection.k.type' = 'integer', 'projection.k.range' = '1'", "needs two values"),
        ("'projection.k.type' = 'integer', 'projection.k.range' = 'a,b'", "not of integers"),
        ("'projection.k.type' = 'random'", "Unknown projection type random"),
    ],
)
def test_projection_refused(athena: Athena, properties: str, message: str) -> None:
    projected(athena, "k string", properties)
    with pytest.raises(AthenaError, match=f"INVALID_TABLE_PROPERTY: .*{message}"):
        athena.run("select id from t")


def test_projected_partitions_are_not_written(athena: Athena) -> None:
    projected(athena, "k string", "'projection.k.type' = 'enum', 'projection.k.values' = 'a'")
    for statement in ("insert into t values (1, 'a')", "alter table t add partition (k = 'a')"):
        with pytest.raises(AthenaError, match="NOT_SUPPORTED"):
            athena.run(statement)
