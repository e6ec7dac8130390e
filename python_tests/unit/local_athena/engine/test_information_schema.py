"""What information_schema lists; the shape of its tables is Trino 470's."""

from __future__ import annotations

import pytest

from local_athena.errors import AthenaError

from .support import Athena


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("schemata", ["catalog_name", "schema_name"]),
        ("tables", ["table_catalog", "table_schema", "table_name", "table_type"]),
        ("views", ["table_catalog", "table_schema", "table_name", "view_definition"]),
        (
            "columns",
            [
                *("table_catalog", "table_schema", "table_name", "column_name", "ordinal_position"),
                *("column_default", "is_nullable", "data_type"),
            ],
        ),
    ],
)
def test_shape(athena: Athena, table: str, columns: list[str]) -> None:
    answer = athena.run(f"select * from information_schema.{table} where 1 = 0")
    assert [name for name, _ in answer.columns] == columns


def test_lists_what_there_is(athena: Athena) -> None:
    athena.run("create table t with (partitioned_by = array['p']) as select 1 as id, 'a' as p")
    athena.run("create view v as select 1 as x")
    where = f"table_schema = '{athena.database}'"
    assert athena.rows(f"select table_name, table_type from information_schema.tables where {where} order by 1") == [
        ("t", "BASE TABLE"),
        ("v", "VIEW"),
    ]
    assert athena.rows(f"select table_name, view_definition from information_schema.views where {where}") == [
        ("v", "select 1 as x")
    ]
    assert athena.rows(
        f'select column_name, ordinal_position, data_type from "awsdatacatalog".information_schema.columns '
        f"where {where} and table_name = 't' order by 2"
    ) == [("id", "1", "integer"), ("p", "2", "varchar(1)")]
    assert athena.rows(f"select count(*) from information_schema.tables where {where} and table_name = 'no'") == [
        ("0",)
    ]
    assert (athena.database,) in athena.rows("select schema_name from information_schema.schemata")
    assert athena.rows("select count(*) from information_schema.tables where table_schema = 'information_schema'") == [
        ("4",)
    ]


def test_a_table_that_cannot_be_read_has_no_columns(athena: Athena) -> None:
    columns = [{"Name": "x", "Type": "uniontype<int,string>"}]
    entry = {"Name": "odd", "StorageDescriptor": {"Columns": columns, "Location": "s3://lake/odd/"}}
    athena.stores.glue.create_table(athena.database, entry)
    where = f"table_schema = '{athena.database}'"
    assert athena.rows(f"select table_name from information_schema.columns where {where}") == []
    assert athena.rows(f"select table_name from information_schema.tables where {where}") == [("odd",)]
    with pytest.raises(AthenaError):
        athena.run("select * from odd")
    athena.run("drop table odd")
