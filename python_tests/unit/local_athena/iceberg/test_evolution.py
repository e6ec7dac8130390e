"""ALTER TABLE: old files are read right after every change of the columns."""

from __future__ import annotations

import re
from decimal import Decimal as Number

import pytest

from local_athena.catalogue.model import TableName
from local_athena.dialect.plan import Predicate
from local_athena.errors import AthenaError
from local_athena.table_format import (
    AddColumns,
    AddPartitions,
    Alteration,
    ChangeColumn,
    ColumnDefinition,
    DropColumn,
    RenameTable,
    ReplaceColumns,
    SetLocation,
    SetProperties,
    UnsetProperties,
)
from local_athena.types import model
from local_athena.types.model import Decimal, Field, Row

from .support import Lake


def _add(name: str, type_: str) -> AddColumns:
    return AddColumns((ColumnDefinition(name, type_),))


def _columns(lake: Lake) -> list[tuple[str, str]]:
    return [(column.name, str(column.type)) for column in lake.table().columns if not column.hidden]


def test_added_columns_are_null_in_the_rows_there_are(people: Lake) -> None:
    people.alter(AddColumns((ColumnDefinition("x", "timestamp"), ColumnDefinition("y", "struct<a:int>", "Words."))))
    people.insert("select 4 as c0, 'd' as c1, timestamp '2020-01-01' as c2, {'a': 1} as c3")
    assert _columns(people)[2:] == [("x", "timestamp(6)"), ("y", "row(a integer)")]
    assert people.table().columns[3].comment == "Words."
    assert [row[3] for row in people.rows()] == [None, None, None, {"a": 1}]


def test_a_column_added_again_is_a_new_one(people: Lake) -> None:
    people.alter(DropColumn("name"))
    assert people.rows() == [(1,), (2,), (3,)]
    people.alter(_add("name", "string"))
    assert people.rows() == [(1, None), (2, None), (3, None)]
    people.insert("select 4 as c0, 'd' as c1")
    assert people.rows("t", "name") == [("d",), (None,), (None,), (None,)]


def test_glue_lists_dropped_columns_as_not_current(people: Lake) -> None:
    people.alter(DropColumn("name"))
    columns = people.entry()["StorageDescriptor"]["Columns"]
    assert [(column["Name"], column["Parameters"]["iceberg.field.current"]) for column in columns] == [
        ("id", "true"),
        ("name", "false"),
    ]


def test_a_renamed_column_keeps_its_values(people: Lake) -> None:
    people.alter(ChangeColumn("id", ColumnDefinition("number", "int", "Of a person."), comment_given=True))
    people.insert("select 4 as c0, 'd' as c1")
    assert people.rows("t", "number") == [(1,), (2,), (3,), (4,)]
    assert people.rows("t", "number", predicates=[Predicate("number", "=", (4,))]) == [(4,)]
    people.delete("number = 1")
    assert people.rows("t", "number") == [(2,), (3,), (4,)]
    people.alter(ChangeColumn("number", ColumnDefinition("number", "int")))
    assert people.table().columns[0].comment == "Of a person."


def test_names_may_be_swapped(people: Lake) -> None:
    for old, new, type_ in (("id", "x", "int"), ("name", "id", "string"), ("x", "name", "int")):
        people.alter(ChangeColumn(old, ColumnDefinition(new, type_)))
    assert people.rows("t", "name", "id") == [(1, "a"), (2, "b"), (3, None)]


def test_the_order_of_columns_changes(people: Lake) -> None:
    people.alter(ChangeColumn("name", ColumnDefinition("name", "string"), first=True))
    people.alter(_add("x", "int"))
    people.alter(ChangeColumn("id", ColumnDefinition("id", "int"), after="x"))
    assert [name for name, _ in _columns(people)] == ["name", "x", "id"]
    people.insert("select 'd' as c0, 40 as c1, 4 as c2")
    assert people.rows() == [("a", None, 1), ("b", None, 2), ("d", 40, 4), (None, None, 3)]


def test_types_become_wider(lake: Lake) -> None:
    columns = {"i": model.INTEGER, "r": model.REAL, "d": Decimal(5, 2)}
    lake.create(columns, "select 7 as c0, 1.5::float as c1, 123.45::decimal(5, 2) as c2")
    for name, type_ in (("i", "bigint"), ("r", "double"), ("d", "decimal(20,2)")):
        lake.alter(ChangeColumn(name, ColumnDefinition(name, type_)))
    assert [type_ for _, type_ in _columns(lake)] == ["bigint", "double", "decimal(20,2)"]
    lake.insert("select 3000000000 as c0, 1e300::double as c1, 123456789012345678.25::decimal(20, 2) as c2")
    wide = (3000000000, 1e300, Number("123456789012345678.25"))
    assert lake.rows() == [(7, 1.5, Number("123.45")), wide]
    assert lake.rows(predicates=[Predicate("i", ">", (2_999_999_999,))])[-1] == wide
    assert lake.rows(predicates=[Predicate("i", "=", (7,)), Predicate("r", "<", (2.0,))])[0][0] == 7
    [[bounds]] = [row for row in lake.rows("t$files", "lower_bounds") if row[0][1] == "7"]
    assert bounds == {1: "7", 2: "1.5", 3: "123.45"}


def test_structs_keep_their_fields_by_id(lake: Lake) -> None:
    row = Row((Field("a", model.INTEGER), Field("b", model.VARCHAR)))
    lake.create({"s": row}, "select {'a': 1, 'b': 'x'} as c0")
    lake.alter(ChangeColumn("s", ColumnDefinition("t", "struct<a:int,b:string>")))
    assert lake.rows() == [({"a": 1, "b": "x"},)]


@pytest.mark.parametrize(
    ("alteration", "reason"),
    [
        (_add("id", "int"), "COLUMN_ALREADY_EXISTS: Column 'id' already exists"),
        (_add("x", "smallint"), "NOT_SUPPORTED: Type not supported for Iceberg: smallint"),
        (DropColumn("nope"), "COLUMN_NOT_FOUND: Column 'nope' does not exist"),
        (ChangeColumn("nope", ColumnDefinition("x", "int")), "COLUMN_NOT_FOUND: Column 'nope' does not exist"),
        (ChangeColumn("id", ColumnDefinition("name", "int")), "COLUMN_ALREADY_EXISTS: Column 'name' already exists"),
        (
            ChangeColumn("id", ColumnDefinition("id", "string")),
            "ICEBERG_COMMIT_ERROR: Failed to set column type: Cannot change column type: id: int -> string",
        ),
        (
            ChangeColumn("id", ColumnDefinition("id", "int"), after="nope"),
            "COLUMN_NOT_FOUND: Column 'nope' does not exist",
        ),
        (ReplaceColumns((ColumnDefinition("x", "int"),)), "NOT_SUPPORTED: This ALTER TABLE is not supported"),
        (SetLocation("s3://x/y"), "NOT_SUPPORTED: This ALTER TABLE is not supported"),
        (AddPartitions((({"id": "1"}, None),)), "NOT_SUPPORTED: This ALTER TABLE is not supported"),
        (SetProperties({"my_own_property": "x"}), "INVALID_TABLE_PROPERTY: Unsupported table property key"),
        (SetProperties({"vacuum_max_snapshot_age_seconds": "x"}), "INVALID_TABLE_PROPERTY: Invalid value"),
        (
            UnsetProperties(("vacuum_max_snapshot_age_seconds",)),
            "INVALID_TABLE_PROPERTY: Table property does not exist",
        ),
    ],
    ids=str,
)
def test_what_is_refused_changes_nothing(people: Lake, alteration: Alteration, reason: str) -> None:
    before = people.entry()
    with pytest.raises(AthenaError, match=re.escape(reason)):
        people.alter(alteration)
    assert people.entry() == before


@pytest.mark.parametrize(("old", "new"), [("bigint", "int"), ("decimal(12,2)", "decimal(13,3)"), ("double", "float")])
def test_types_do_not_become_narrower(lake: Lake, old: str, new: str) -> None:
    lake.define({"x": old})
    with pytest.raises(
        AthenaError, match="ICEBERG_COMMIT_ERROR: Failed to set column type: Cannot change column type: x"
    ):
        lake.alter(ChangeColumn("x", ColumnDefinition("x", new)))


def test_some_columns_cannot_be_dropped(lake: Lake) -> None:
    lake.create({"id": model.INTEGER, "p": model.INTEGER}, "select 1 as c0, 2 as c1", "bucket(p, 2)")
    with pytest.raises(AthenaError, match="Cannot drop partition field: p"):
        lake.alter(DropColumn("p"))
    lake.create({"id": model.INTEGER}, "select 1 as c0", name="u")
    with pytest.raises(AthenaError, match="Cannot drop the only column in a table"):
        lake.alter(DropColumn("id"), "u")


def test_properties(people: Lake) -> None:
    people.alter(
        SetProperties({"format": "parquet", "write_compression": "snappy", "VACUUM_MIN_SNAPSHOTS_TO_KEEP": "3"})
    )
    assert people.format.properties(people.table()) == {
        "table_type": "iceberg",
        "format": "parquet",
        "write_compression": "snappy",
        "vacuum_min_snapshots_to_keep": "3",
    }
    people.alter(UnsetProperties(("vacuum_min_snapshots_to_keep",)))
    people.alter(UnsetProperties(("vacuum_min_snapshots_to_keep",), if_exists=True))
    assert "vacuum_min_snapshots_to_keep" not in people.format.properties(people.table())
    assert people.insert("select 4 as c0, 'd' as c1").count == 1


def test_a_renamed_table_keeps_its_rows(people: Lake) -> None:
    people.alter(RenameTable(TableName("db", "u")))
    assert people.stores.glue.table("db", "t") is None
    assert people.rows("u") == [(1, "a"), (2, "b"), (3, None)]
    people.insert("select 4 as c0, 'd' as c1", "u")
    people.create({"id": model.INTEGER}, "select 1 as c0", location="s3://lake/other/")
    with pytest.raises(AthenaError, match="TABLE_ALREADY_EXISTS"):
        people.alter(RenameTable(TableName("db", "u")))
    assert len(people.rows("u")) == 4
