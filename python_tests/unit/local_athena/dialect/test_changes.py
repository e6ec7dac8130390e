"""INSERT, DELETE, UPDATE and MERGE: which rows they give. Messages are Trino's, from the corpus of statements."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from local_athena.catalogue.model import Column, TableName, View
from local_athena.dialect.analyse import plan_change, plan_insert
from local_athena.dialect.plan import Predicate
from local_athena.errors import AthenaError
from local_athena.types.model import (
    DATE,
    INTEGER,
    REAL,
    VARCHAR,
    Array,
    Decimal,
    Field,
    Row,
    Timestamp,
    Varchar,
)

from .support import TinyCatalogue, execute, run, session, table

TARGET = table("target", {"id": INTEGER, "name": VARCHAR, "code": Varchar(3)})
CATALOGUE = TinyCatalogue(
    [
        TARGET,
        table("source", {"id": INTEGER, "name": VARCHAR}),
        table(
            "narrow",
            {
                "i": INTEGER,
                "r": REAL,
                "d": DATE,
                "ts": Timestamp(3),
                "dc": Decimal(5, 2),
                "a": Array(INTEGER),
                "s": Row((Field("x", INTEGER), Field("y", Varchar(2)))),
            },
        ),
        table("hives", {"id": INTEGER}, kind="hive"),
        table("target$files", {"id": INTEGER}, kind="metadata"),
        View(TableName("default", "shown"), (Column("id", INTEGER),), "select id from target", "default"),
    ],
    {
        "target": ["1, 'a', 'x'", "2, 'b', NULL", "3, NULL, 'z'"],
        "source": ["2, 'B'", "3, 'C'", "9, 'N'"],
    },
)

INSERTED: dict[str, list[tuple[Any, ...]]] = {
    "insert into target values (4, 'd', 'w')": [("4", "d", "w")],
    "insert into default.target (code, id) select 'abc', id from source where id > 3": [("9", None, "abc")],
    "insert into hives values 1, 2": [("1",), ("2",)],
    "insert into target (name) select distinct 'n' from source": [(None, "n", None)],
    "insert into target with s as (select 5 as id) select id, null, null from s": [("5", None, None)],
}

FILE = "file"
CHANGED: dict[str, list[tuple[Any, ...]]] = {
    "delete from target": [("delete", FILE, number, None, None, None) for number in range(3)],
    "delete from target where id > 1 and name = 'b'": [("delete", FILE, 1, None, None, None)],
    "delete from target where id in (select id from source)": [
        ("delete", FILE, 1, None, None, None),
        ("delete", FILE, 2, None, None, None),
    ],
    "delete from target where default.target.name is null": [("delete", FILE, 2, None, None, None)],
    "update target set name = name || '!', id = id + 10 where code = 'x'": [("update", FILE, 0, 11, "a!", "x")],
    "update target set name = (select max(name) from source), code = null where id = 2": [
        ("update", FILE, 1, 2, "N", None)
    ],
    "merge into target t using source s on t.id = s.id when matched then update set name = s.name"
    " when not matched then insert (id, name) values (s.id, s.name)": [
        ("insert", None, None, 9, "N", None),
        ("update", FILE, 1, 2, "B", None),
        ("update", FILE, 2, 3, "C", "z"),
    ],
    "merge into target using (select * from source where id < 9) s on target.id = s.id"
    " when matched and target.name is null then delete when matched and s.id = 1 then update set id = 0": [
        ("delete", FILE, 2, None, None, None)
    ],
    "merge into target using source s on target.id = s.id when not matched and s.id = 1 then insert values (1, '', '')"
    " when not matched then insert values (s.id, lower(s.name), 'new')": [("insert", None, None, 9, "n", "new")],
    "merge into target using source on false when not matched then insert (id) values (source.id)": [
        ("insert", None, None, 2, None, None),
        ("insert", None, None, 3, None, None),
        ("insert", None, None, 9, None, None),
    ],
}

REFUSED = {
    "insert into target select 1": (
        "TYPE_MISMATCH",
        "line 1:1: Insert query has mismatched column types: Table: [integer, varchar, varchar(3)], Query: [integer]",
    ),
    "insert into target (id) select 'a'": (
        "TYPE_MISMATCH",
        "line 1:1: Insert query has mismatched column types: Table: [integer], Query: [varchar(1)]",
    ),
    "insert into target (nope) select 1": (
        "COLUMN_NOT_FOUND",
        "line 1:1: Insert column name does not exist in target table: nope",
    ),
    "insert into target (id, id) select 1, 2": (
        "DUPLICATE_COLUMN_NAME",
        "line 1:1: Insert column name is specified more than once: id",
    ),
    "insert into shown select 1": ("NOT_SUPPORTED", "line 1:1: Inserting into views is not supported"),
    'insert into "target$files" select 1': ("NOT_SUPPORTED", "This connector does not support inserts"),
    "insert into nowhere select 1": (
        "TABLE_NOT_FOUND",
        "line 1:1: Table 'awsdatacatalog.default.nowhere' does not exist",
    ),
    "delete from nowhere": ("TABLE_NOT_FOUND", "line 1:1: Table 'awsdatacatalog.default.nowhere' does not exist"),
    "delete from hives": (
        "NOT_SUPPORTED",
        "Modifying Hive table rows is only supported for transactional tables",
    ),
    "delete from shown": ("NOT_SUPPORTED", "line 1:1: Deleting from views is not supported"),
    'delete from "target$files"': ("NOT_SUPPORTED", "This connector does not support modifying table rows"),
    "delete from target where 1": (
        "TYPE_MISMATCH",
        "line 1:26: WHERE clause must evaluate to a boolean: actual type integer",
    ),
    "delete from target where id = 'x'": ("TYPE_MISMATCH", "line 1:29: Cannot apply operator: integer = varchar(1)"),
    "delete from target where count(*) = 1": ("EXPRESSION_NOT_SCALAR", None),
    "update target set nope = 1": (
        "COLUMN_NOT_FOUND",
        "line 1:19: The UPDATE SET target column nope doesn't exist",
    ),
    "update target set id = 'x'": (
        "TYPE_MISMATCH",
        "line 1:1: UPDATE table column types don't match SET expressions: Table: [integer], Expressions: [varchar(1)]",
    ),
    "update target set id = 1, id = 2": ("DUPLICATE_COLUMN_NAME", None),
    "update shown set id = 1": ("NOT_SUPPORTED", "line 1:1: Updating views is not supported"),
    "merge into target using source on target.id = source.id\nwhen matched then update set id = 'x'": (
        "TYPE_MISMATCH",
        "line 2:1: MERGE table column types don't match for MERGE case 0, SET expressions: Table: [integer],"
        " Expressions: [varchar(1)]",
    ),
    "merge into target using source on target.id = source.id when matched then update set nope = 1": (
        "COLUMN_NOT_FOUND",
        "line 1:1: Merge column name does not exist in target table: nope",
    ),
    "merge into target using source on id = 1 when matched then delete": (
        "AMBIGUOUS_NAME",
        "line 1:35: Column 'id' is ambiguous",
    ),
    "merge into target t using source on target.id = 1 when matched then delete": (
        "COLUMN_NOT_FOUND",
        "line 1:37: Column 'target.id' cannot be resolved",
    ),
    "merge into target using source on target.id = source.id when not matched then insert values (1)": (
        "GENERIC_INTERNAL_ERROR",
        None,
    ),
    "select 1": ("SYNTAX_ERROR", None),
}


# Column and value: what Trino makes of it. A column takes what has a type in common with it.
NARROWED = {
    ("i", "bigint '5'"): "5",
    ("i", "2.6e0"): "3",
    ("r", "1.5e0"): "1.5",
    ("d", "timestamp '2020-01-01 10:00:00'"): "2020-01-01",
    ("d", "null"): None,
    ("ts", "timestamp '2020-01-01 00:00:00.1236'"): "2020-01-01 00:00:00.124",
    ("dc", "1.005"): "1.01",
    ("dc", "4"): "4.00",
    ("a", "array[bigint '1']"): "[1]",
    ("s", "row(1, 'a')"): "{x=1, y=a}",
}

NOT_NARROWED = {
    ("i", "bigint '5000000000'"): "NUMERIC_VALUE_OUT_OF_RANGE",
    ("i", "'1'"): "TYPE_MISMATCH",
    ("i", "true"): "TYPE_MISMATCH",
    ("s", "row(bigint '1', 'ab')"): "TYPE_MISMATCH",
    ("s", "row(1, 'abc')"): "TYPE_MISMATCH",
}


@pytest.mark.parametrize(("column", "value"), NARROWED)
def test_a_column_takes_what_it_has_a_type_in_common_with(
    connection: duckdb.DuckDBPyConnection, column: str, value: str
) -> None:
    plan = plan_insert(f"insert into narrow ({column}) select {value}", session(CATALOGUE))
    names = [each.name for each in plan.target.columns]
    expected = tuple(NARROWED[column, value] if name == column else None for name in names)
    assert run(connection, plan.query, CATALOGUE).rows == [expected]


@pytest.mark.parametrize(("column", "value"), NOT_NARROWED)
def test_a_column_refuses_what_does_not_fit(connection: duckdb.DuckDBPyConnection, column: str, value: str) -> None:
    with pytest.raises(AthenaError) as refused:
        run(connection, plan_insert(f"insert into narrow ({column}) select {value}", session(CATALOGUE)).query)
    assert refused.value.name == NOT_NARROWED[column, value]


@pytest.mark.parametrize("sql", INSERTED)
def test_an_insert_gives_the_tables_columns(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    plan = plan_insert(sql, session(CATALOGUE))
    given = run(connection, plan.query, CATALOGUE)
    assert [name for name, _ in given.columns] == [column.name for column in plan.target.columns]
    assert [kind for _, kind in given.columns] == [str(column.type) for column in plan.target.columns]
    assert given.rows == INSERTED[sql]


@pytest.mark.parametrize("sql", CHANGED)
def test_a_change_gives_the_rows_that_change(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    plan = plan_change(sql, session(CATALOGUE))
    assert plan.target is TARGET
    assert [scan.row_ids for scan in plan.scans] == [True] + [False] * (len(plan.scans) - 1)
    assert plan.whole_table == (sql == "delete from target")
    assert sorted(execute(connection, plan.sql, plan.scans, CATALOGUE), key=repr) == sorted(CHANGED[sql], key=repr)


@pytest.mark.parametrize("sql", REFUSED)
def test_a_change_is_refused(sql: str) -> None:
    name, message = REFUSED[sql]
    plan = plan_insert if sql.startswith("insert") else plan_change
    with pytest.raises(AthenaError) as refused:
        plan(sql, session(CATALOGUE))
    assert refused.value.name == name
    assert message is None or refused.value.message == message


@pytest.mark.parametrize(
    "clause",
    ["when matched then delete", "when matched and false then delete", "when not matched then insert (id) values (1)"],
)
def test_a_row_that_matches_twice_is_refused(connection: duckdb.DuckDBPyConnection, clause: str) -> None:
    sql = f"merge into target using (values 1, 1, 7) s(id) on target.id = s.id {clause}"
    plan = plan_change(sql, session(CATALOGUE))
    with pytest.raises(AthenaError) as refused:
        execute(connection, plan.sql, plan.scans, CATALOGUE)
    assert refused.value.name == "MERGE_TARGET_ROW_MULTIPLE_MATCHES"


# Clauses of a MERGE of two source rows, (1, 'a') and (1, 'b'), for the row 1; and what is done with it.
# Source: Trino, QueryPlanner.createMergePipeline, which wants row and clause to be distinct.
SEVERAL_SOURCE_ROWS = {
    "when matched and s.name = 'b' then delete": ["delete"],
    "when matched and s.name = 'b' then update set name = s.name": ["update b"],
    "when matched and s.name = 'a' then update set name = s.name when matched then delete": ["delete", "update a"],
    "when matched and s.name = 'a' then delete when matched then delete": ["delete", "delete"],
    "when matched and s.name = 'a' then update set name = 'x' when matched then update set name = 'y'": [
        "update x",
        "update y",
    ],
    "when matched and s.name > 'z' then delete": "MERGE_TARGET_ROW_MULTIPLE_MATCHES",
    "when matched and s.name < 'z' then delete": "MERGE_TARGET_ROW_MULTIPLE_MATCHES",
    "when matched and s.name < 'z' then delete when matched then update set name = 'y'": (
        "MERGE_TARGET_ROW_MULTIPLE_MATCHES"
    ),
}


@pytest.mark.parametrize("clauses", SEVERAL_SOURCE_ROWS)
def test_source_rows_of_one_row_may_fall_into_different_clauses(
    connection: duckdb.DuckDBPyConnection, clauses: str
) -> None:
    sql = f"merge into target using (values (1, 'a'), (1, 'b')) s (id, name) on target.id = s.id {clauses}"
    plan = plan_change(sql, session(CATALOGUE))
    expected = SEVERAL_SOURCE_ROWS[clauses]
    if isinstance(expected, str):
        with pytest.raises(AthenaError) as refused:
            execute(connection, plan.sql, plan.scans, CATALOGUE)
        assert refused.value.name == expected
        return
    rows = execute(connection, plan.sql, plan.scans, CATALOGUE)
    done = [row[0] if row[0] == "delete" else f"{row[0]} {row[4]}" for row in rows]
    assert sorted(done) == expected


def test_text_that_is_too_long_is_refused_when_it_comes(connection: duckdb.DuckDBPyConnection) -> None:
    plan = plan_insert("insert into target (code) values 'abc', 'abcd'", session(CATALOGUE))
    with pytest.raises(AthenaError, match=r"Cannot truncate non-space characters when casting from varchar\(4\)"):
        run(connection, plan.query, CATALOGUE)


def test_a_change_reads_what_it_needs() -> None:
    plan = plan_change("delete from target where id = 1", session(CATALOGUE))
    (scan,) = plan.scans
    assert scan.columns == ("id",)
    assert scan.predicates == (Predicate("id", "=", (1,)),)
    (scan,) = plan_change("update target set id = 1", session(CATALOGUE)).scans
    assert scan.columns == ("name", "code")
