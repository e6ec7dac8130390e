"""DDL, SHOW, DESCRIBE, views, prepared statements and EXPLAIN: what they leave and print, and what they refuse."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from threading import Event, Thread

import pytest

from local_athena.errors import AthenaError

from .support import Athena


def test_create_database(athena: Athena) -> None:
    name = f"{athena.database}_new"
    athena.run(
        f"create schema if not exists `{name}` comment 'hi' location 's3://lake/db/' with dbproperties ('a' = 'b')"
    )
    entry = athena.stores.glue.database(name)
    assert entry is not None
    assert (entry["Description"], entry["LocationUri"], entry["Parameters"]) == ("hi", "s3://lake/db/", {"a": "b"})
    athena.run(f"create external table {name}.t (id int) location 's3://lake/x/'")
    with pytest.raises(AthenaError, match=f"InvalidOperationException.message:Database {name} is not empty"):
        athena.run(f"drop database {name}")
    athena.run(f"drop database if exists {name} cascade")
    assert athena.stores.glue.database(name) is None


def test_create_external_table(athena: Athena) -> None:
    athena.run(
        f"""
        create external table if not exists `{athena.database}`.`T` (
            `Date` date comment 'the day', price decimal(10, 2), nested struct<A:int, b:array<map<string,bigint>>>
        )
        comment 'a table'
        partitioned by (region string comment 'where')
        row format delimited fields terminated by '\\t' escaped by '\\\\' collection items terminated by ';'
            map keys terminated by ':' lines terminated by '\\n' null defined as '-'
        stored as textfile
        location '{athena.location}/t'
        tblproperties ("skip.header.line.count"="1", 'has_encrypted_data'='false');
        """
    )
    entry = athena.table("t")
    descriptor = entry["StorageDescriptor"]
    assert descriptor["Columns"] == [
        {"Name": "date", "Type": "date", "Comment": "the day"},
        {"Name": "price", "Type": "decimal(10,2)"},
        {"Name": "nested", "Type": "struct<a:int,b:array<map<string,bigint>>>"},
    ]
    assert entry["PartitionKeys"] == [{"Name": "region", "Type": "string", "Comment": "where"}]
    assert entry["Parameters"] == {
        "EXTERNAL": "TRUE",
        "comment": "a table",
        "skip.header.line.count": "1",
        "has_encrypted_data": "false",
    }
    assert descriptor["SerdeInfo"]["Parameters"] == {
        "field.delim": "\t",
        "serialization.format": "\t",
        "escape.delim": "\\",
        "collection.delim": ";",
        "mapkey.delim": ":",
        "line.delim": "\n",
        "serialization.null.format": "-",
    }
    assert (entry["TableType"], descriptor["Location"]) == ("EXTERNAL_TABLE", f"{athena.location}/t")
    lines = athena.run("show create table t").texts
    assert lines[:4] == [
        "CREATE EXTERNAL TABLE `t`(",
        "`date` date COMMENT 'the day',",
        "`price` decimal(10,2),",
        "`nested` struct<a:int,b:array<map<string,bigint>>>)",
    ]
    assert "COMMENT 'a table'" in lines


@pytest.mark.parametrize("format_", ["PARQUET", "ORC", "AVRO", "JSON", "TEXTFILE"])
def test_show_create_table_makes_the_same_table(athena: Athena, format_: str) -> None:
    athena.run(
        f"create table t with (format = '{format_}', external_location = '{athena.location}/t', "
        "partitioned_by = array['p']) as select 1 as id, 'x' as name, 'a' as p"
    )
    before = athena.table("t")
    statement = "\n".join(row[0] or "" for row in athena.rows("show create table t"))
    athena.run("drop table t")
    athena.run(statement)
    after = athena.table("t")
    for key in ("PartitionKeys", "Parameters", "TableType"):
        assert after[key] == before[key]
    for key in ("Columns", "InputFormat", "OutputFormat", "Location"):
        assert after["StorageDescriptor"][key] == before["StorageDescriptor"][key]
    athena.run("msck repair table t")
    assert athena.rows("select * from t") == [("1", "x", "a")]


def test_alter_columns(athena: Athena) -> None:
    athena.run("create external table t (a int comment 'one', b string) location 's3://lake/none/'")
    athena.run("alter table t add columns (c double comment 'three')")
    athena.run("alter table t change column a z bigint after c")
    athena.run("alter table t change c c double comment 'new' first")
    assert athena.table("t")["StorageDescriptor"]["Columns"] == [
        {"Name": "c", "Type": "double", "Comment": "new"},
        {"Name": "b", "Type": "string"},
        {"Name": "z", "Type": "bigint", "Comment": "one"},
    ]
    athena.run("alter table t set tblproperties ('a' = '1', 'b' = '2')")
    athena.run("alter table t unset tblproperties ('b')")
    assert athena.table("t")["Parameters"] == {"EXTERNAL": "TRUE", "a": "1"}


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("create external table t (date string) location 's3://lake/x/'", "FAILED: ParseException line 1:25 .*'date'"),
        ("create external table t (_x string) location 's3://lake/x/'", "ParseException"),
        ("create external table \"t\" (x string) location 's3://lake/x/'", "ParseException"),
        ("create external table t (x string)", "LOCATION"),
        ("create external table t (x text) location 's3://lake/x/'", "text"),
        ("create external table t (x varchar) location 's3://lake/x/'", "varchar"),
        ("create external table t (x int, X string) location 's3://lake/x/'", "Duplicate column name: x"),
        (
            "create external table t (x int) stored as sequencefile location 's3://lake/x/'",
            "NOT_SUPPORTED.*SEQUENCEFILE",
        ),
        ("create external table t (x int) location 'lake/x/'", "not a valid file system URI"),
        ("create external table t (x int) location 's3://lake/x/' comment 'late'", "mismatched input 'comment'"),
        (
            "create external table t (x int) row format serde 'com.example.Serde' location 's3://lake/x/'",
            "NOT_SUPPORTED.*com.example.Serde",
        ),
        ("create external table no_such_db.t (x int) location 's3://lake/x/'", "Database does not exist: no_such_db"),
        ("create external table awsdatacatalog.d.t (x int) location 's3://lake/x/'", "ParseException"),
        ("create table t (x int)", "FAILED"),
        ("create or replace table t as select 1 as x", "SYNTAX_ERROR"),
        ("create view v (a) as select 1", "SYNTAX_ERROR"),
        ("drop table if exists a, b", "ParseException"),
        ("alter table existing rename to other", "FAILED"),
        ("alter table existing drop column id", "FAILED"),
        ("alter table existing add columns (id int)", "Duplicate column name: id"),
        ("alter table existing change column no no int", "Invalid column reference no"),
        ("alter table existing unset tblproperties ('no')", "no"),
        ("alter table existing compact 'major'", "ParseException"),
        ("alter table missing add columns (x int)", r"SemanticException \[Error 10001\]: Table not found .*missing"),
        ("drop view existing", "GENERIC_USER_ERROR.*Did you mean DROP TABLE"),
        ("show columns in missing", "Table not found"),
        ("show tables in no_such_db", "Database does not exist: no_such_db"),
        ("show functions", "NOT_SUPPORTED"),
        ("show create view existing", "NOT_SUPPORTED.*is a table, not a view"),
        ("describe existing.id.x", "ParseException"),
        ("describe existing id", "NOT_SUPPORTED"),
        ("msck repair table missing", "Table not found"),
        ("use other", "NOT_SUPPORTED: Queries of this type are not supported"),
        ("set session x = 1", "NOT_SUPPORTED"),
        ("explain explain select 1", "NOT_SUPPORTED"),
        ("explain drop table existing", "NOT_SUPPORTED"),
        ("unload (select 1 as x) to 's3://lake/u/' with (format = 'XLS')", "INVALID_TABLE_PROPERTY"),
        ("unload (select 1 as x) to 's3://lake/u/' with (format = 'ORC', nope = 1)", "Unload property 'nope'"),
        ("unload (select 1) to 's3://lake/u/' with (format = 'ORC')", "MISSING_COLUMN_NAME"),
        ("unload select 1 as x to 's3://lake/u/' with (format = 'ORC')", "SYNTAX_ERROR"),
        ("prepare p from prepare q from select 1", "NOT_SUPPORTED"),
        ("create table t as select 1 as x, x", "COLUMN_NOT_FOUND"),
        ("create table t with (format = 'ORC' as select 1 as x", "SYNTAX_ERROR"),
        ("", "SYNTAX_ERROR: line 1:1: mismatched input '<EOF>'"),
        ("select 1; select 2", "Only one sql statement is allowed"),
        ("create table order as select 1 as x", "SYNTAX_ERROR: line 1:14: mismatched input 'order'"),
        ("create view select as select 1 as x", "SYNTAX_ERROR"),
        ("create external table t (x int) stored as json location 's3://lake/x/'", "NOT_SUPPORTED.*JSON"),
        ("optimize existing rewrite data using bin_pack where id like 'x'", "FAILED|TYPE_MISMATCH|NOT_SUPPORTED"),
        ("/* no */ drop table existing", "FAILED: ParseException line 1:0 mismatched input '/'"),
        ("vacuum existing", "NOT_SUPPORTED"),
        ("optimize existing rewrite data using bin_pack", "NOT_SUPPORTED"),
        ("optimize existing", "SYNTAX_ERROR"),
    ],
)
def test_refused(athena: Athena, statement: str, message: str) -> None:
    athena.run("create external table existing (id int) location 's3://lake/none/'")
    with pytest.raises(AthenaError, match=f"(?s){message}"):
        athena.run(statement)
    assert [entry["Name"] for entry in athena.stores.glue.tables(athena.database)] == ["existing"]


def test_describe_formatted(athena: Athena) -> None:
    athena.run(f"create external table t (id int) stored as orc location '{athena.location}/t/'")
    lines = athena.run("describe formatted t").texts
    assert lines[0] is not None
    assert lines[0].split() == ["#", "col_name", "data_type", "comment"]
    facts = {tuple(line.split()) for line in lines if line}
    assert ("Location:", f"{athena.location}/t/") in facts
    assert ("SerDe", "Library:", "org.apache.hadoop.hive.ql.io.orc.OrcSerde") in facts


def test_view_in_glue(athena: Athena) -> None:
    athena.run('create view v as select 1 as id, cast(row(1) as row("A b" integer)) as r -- end')
    entry = athena.table("v")
    assert (entry["TableType"], entry["ViewExpandedText"]) == ("VIRTUAL_VIEW", "/* Presto View */")
    assert entry["Parameters"]["presto_view"] == "true"
    text = entry["ViewOriginalText"].removeprefix("/* Presto View: ").removesuffix(" */")
    content = json.loads(base64.b64decode(text))
    assert content["columns"] == [{"name": "id", "type": "integer"}, {"name": "r", "type": 'row("A b" integer)'}]
    assert (content["catalog"], content["schema"]) == ("awsdatacatalog", athena.database)
    assert athena.rows("select * from v") == [("1", "{A b=1}")]


def test_views_keep_versions(athena: Athena) -> None:
    athena.run("create view v as select 1 as id")
    athena.run("create or replace view v as select 2 as id")
    assert len(athena.stores.glue.table_versions(athena.database, "v")) == 2
    assert athena.rows("select id from v") == [("2",)]


def test_a_view_of_somebody_else(athena: Athena) -> None:
    hive = {"Name": "v", "TableType": "VIRTUAL_VIEW", "ViewOriginalText": "select 1", "StorageDescriptor": {}}
    athena.stores.glue.create_table(athena.database, hive)
    with pytest.raises(AthenaError, match="HIVE_VIEW_TRANSLATION_ERROR"):
        athena.run("select * from v")
    athena.run("drop view v")


def test_views_resolve_names_in_their_own_database(athena: Athena) -> None:
    athena.run("create table t as select 1 as id")
    athena.run("create view v as select id from t")
    other = Athena(athena.stores, athena.engine)
    assert other.rows(f"select id from {athena.database}.v") == [("1",)]


def test_parameters_of_the_request(athena: Athena) -> None:
    assert athena.rows("select ? + 1, ?", "41", "'x'") == [("42", "x")]
    athena.run("prepare p from select ? as x")
    assert athena.rows("execute p", "7") == [("7",)]
    assert athena.rows("execute p using (1 + 2)") == [("3",)]
    for statement in ("execute p using 1", "select 1", "show tables"):
        with pytest.raises(AthenaError, match="INVALID_PARAMETER_USAGE"):
            athena.run(statement, "7")


def test_a_prepared_statement_belongs_to_its_work_group(athena: Athena) -> None:
    athena.run("prepare mine from select 1 as x")
    assert athena.stores.prepared.find("primary", "mine") == "select 1 as x"
    assert athena.stores.prepared.find("other", "mine") is None


def test_unload(athena: Athena) -> None:
    answer = athena.run(
        f"unload (select 1 as id, ')' as p -- )\n) to '{athena.location}/u/' with (format = 'json', "
        "compression = 'none', partitioned_by = array['p'])"
    )
    assert (answer.outcome.substatement_type, answer.outcome.update_count) == ("UNLOAD", 1)
    assert len(answer.outcome.manifest or ()) == 1
    (key,) = athena.objects("u/")
    assert key.startswith("u/p=)/")


def test_explain(athena: Athena) -> None:
    athena.run("create table t as select 1 as id, 'x' as name")
    answer = athena.run("explain select id from t where id = 1")
    assert answer.columns == [("Query Plan", "varchar")]
    assert (answer.outcome.statement_type, answer.outcome.substatement_type) == ("UTILITY", "EXPLAIN")
    assert any(f"awsdatacatalog.{athena.database}.t" in (text or "") for text in answer.texts)
    ((text,),) = athena.rows("explain (type io, format json) create table u as select id from t")
    described = json.loads(text or "")
    assert described["inputTableColumnInfos"][0]["table"]["schemaTable"] == {"schema": athena.database, "table": "t"}
    assert described["outputTable"]["schemaTable"]["table"] == "u"


def test_case_does_not_matter(athena: Athena) -> None:
    athena.engine.run(replace(athena.request("create table T as select 1 as Id"), database=athena.database.upper()))
    assert athena.rows(f"SELECT ID FROM {athena.database.upper()}.t") == [("1",)]
    assert athena.run("SHOW TABLES").texts == ["t"]


def test_cancelled(athena: Athena) -> None:
    cancelled = Event()
    cancelled.set()
    athena.run("create table t as select 1 as id")
    request = athena.request("select * from t")
    with pytest.raises(AthenaError, match="USER_CANCELED"):
        athena.engine.run(replace(request, cancelled=cancelled))


@pytest.mark.parametrize(
    "statement",
    ["select count(*), max(x + y * z)", "create table t with (format = 'TEXTFILE') as select x, y, z"],
)
def test_interrupted(athena: Athena, statement: str) -> None:
    ended = Event()

    def interrupt_until_it_ends(interrupt: Callable[[], None]) -> None:
        def work() -> None:
            while not ended.wait(0.01):
                interrupt()

        Thread(target=work, daemon=True).start()

    many = "unnest(sequence(1, 10000))"
    request = athena.request(f"{statement} from {many} a(x), {many} b(y), {many} c(z)")
    try:
        with pytest.raises(AthenaError, match="USER_CANCELED"):
            athena.engine.run(replace(request, on_cancel=interrupt_until_it_ends))
    finally:
        ended.set()


def test_interrupted_too_late(athena: Athena) -> None:
    interrupts: list[Callable[[], None]] = []
    athena.engine.run(replace(athena.request("select 1"), on_cancel=interrupts.append))
    for interrupt in interrupts:
        interrupt()
