"""What a run writes fits the table's files, and what it deletes is its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import permutations

import pytest

from derived_tables.harness.warehouses import Warehouse, snapshot_model

JANUARY, FEBRUARY = "2024-01-31", "2024-02-01"
UUID = "0b5f6e0a-4a51-4d0b-9df5-1f6a2f5f6d11"
MODEL = "models/sales/orders/orders__daily.sql"
TEXT = "select {{ step }} as id, 'a b' as name, {{ today }} as snapshot_date"

#: Configs, and how the error calls the format that they write.
FORMATS: dict[str, tuple[dict[str, str], str]] = {
    "parquet": ({}, "parquet"),
    "orc": ({"format": "orc"}, "orc"),
    "avro": ({"format": "avro"}, "avro"),
    "json": ({"format": "json"}, "json"),
    "text": ({"format": "textfile"}, 'textfile delimited by "\\u0001"'),
    "commas": ({"format": "textfile", "field_delimiter": ","}, 'textfile delimited by ","'),
    "bars": ({"format": "TEXTFILE", "field_delimiter": "|"}, 'textfile delimited by "|"'),
}


@pytest.fixture(scope="module")
def hive(make_warehouse: Callable[..., Warehouse]) -> Warehouse:
    """A table of each format, with a snapshot of January."""
    files = {
        f"models/sales/orders/orders__{name}.sql": snapshot_model(TEXT, **config)
        for name, (config, _) in FORMATS.items()
    }
    made = make_warehouse("hive", files)
    made.run(JANUARY).passed()
    return made


def messages(warehouse: Warehouse, day: str) -> dict[str, str]:
    """What each model that failed says, on one line."""
    return {
        each.node.name.removeprefix("orders__"): " ".join(str(each.message).split())
        for each in warehouse.run(day, 2).result.results
        if each.status == "error"
    }


@pytest.mark.parametrize("shift", [1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, len(FORMATS)))])
def test_a_snapshot_is_not_written_in_another_format(hive: Warehouse, shift: int) -> None:
    """All pairs of formats, each table with another config. Red before: both runs green, then unreadable or null."""
    names = list(FORMATS)
    others = names[shift:] + names[:shift]
    before = {name: hive.rows(name) for name in names}
    for name, other in zip(names, others, strict=True):
        hive.project.write({f"models/sales/orders/orders__{name}.sql": snapshot_model(TEXT, **FORMATS[other][0])})
    said = messages(hive, FEBRUARY)
    for name, other in zip(names, others, strict=True):
        assert f"must be of the format `{FORMATS[other][1]}`, got `{FORMATS[name][1]}`" in said[name]
    assert {name: hive.rows(name) for name in names} == before


def test_the_same_format_goes_on(hive: Warehouse) -> None:
    for name, (config, _) in FORMATS.items():
        hive.project.write({f"models/sales/orders/orders__{name}.sql": snapshot_model(TEXT, **config)})
    hive.run(FEBRUARY).passed()
    for name in FORMATS:
        assert hive.rows(name) == [("1", "a b", JANUARY), ("1", "a b", FEBRUARY)], name


def test_formats_are_told_apart() -> None:
    told = [said for _, said in FORMATS.values()]
    assert all(one != two for one, two in permutations(told, 2))


#: Tables that others have made: how, and what the error calls their format.
ADOPTED = {
    "csv": ("row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde' stored as textfile", "OpenCSVSerde"),
    "header": (
        "row format delimited fields terminated by ',' stored as textfile",
        "textfile delimited by \",\" with ['skip.header.line.count']",
    ),
    "escaped": (
        "row format delimited fields terminated by ',' escaped by '\\\\' stored as textfile",
        "textfile delimited by \",\" with ['escape.delim']",
    ),
}


def test_tables_of_others_keep_their_format(make_warehouse: Callable[..., Warehouse]) -> None:
    hive = make_warehouse(
        "hive",
        {
            f"models/sales/orders/orders__{name}.sql": snapshot_model(
                "select 'x' as name, {{ today }} as snapshot_date", format="textfile", field_delimiter=","
            )
            for name in ADOPTED
        },
    )
    hive.athena.query(f"create database {hive.database}")
    for name, (stored, _) in ADOPTED.items():
        header = "tblproperties ('skip.header.line.count' = '1')" if name == "header" else ""
        hive.athena.query(
            f"create external table {hive.database}.{name} (name string) partitioned by (snapshot_date date) {stored}"
            f" location 's3://{hive.bucket}/adopted/{name}/' {header}"
        )
    said = messages(hive, FEBRUARY)
    for name, (_, called) in ADOPTED.items():
        assert f"got `{called}`" in said[name]


# What is deleted


def test_what_was_not_named_by_a_run_stays(make_warehouse: Callable[..., Warehouse]) -> None:
    """A table that is registered one level too high: `<root>/<uuid>/snapshot_date=…` holds all dates.

    Red before: re-running one date deleted `<root>/<uuid>`, and with it every other date.
    """
    hive = make_warehouse("hive", {MODEL: snapshot_model(TEXT)})
    hive.run(JANUARY).passed()
    database, root = hive.database, f"s3://{hive.bucket}/adopted"
    for day in ("2024-01-29", "2024-01-30"):
        hive.athena.query(
            f"create table {database}.part with (format = 'parquet', external_location ="
            f" '{root}/{UUID}/snapshot_date={day}/') as select 7 as id, 'old' as name"
        )
        hive.athena.query(f"drop table {database}.part")
    hive.athena.query(
        f"create external table {database}.high (id int, name string) partitioned by (snapshot_date date)"
        f" stored as parquet location '{root}/'"
    )
    for day in ("2024-01-29", "2024-01-30"):
        hive.athena.query(
            f"alter table {database}.high add partition (snapshot_date = '{day}')"
            f" location '{root}/{UUID}/snapshot_date={day}/'"
        )
    hive.project.write({"models/sales/orders/orders__high.sql": snapshot_model(TEXT)})
    for step in (2, 3):
        hive.run("2024-01-30", step, "orders__high", snapshot_grace_minutes=0).passed()
    assert hive.rows("high") == [("3", "a b", "2024-01-30"), ("7", "old", "2024-01-29")]


def test_a_run_folder_that_another_date_uses_stays(make_warehouse: Callable[..., Warehouse]) -> None:
    """Somebody has pointed another date at the folder of a run."""
    hive = make_warehouse("hive", {MODEL: snapshot_model(TEXT)})
    hive.run(JANUARY).passed()
    [location] = {key.rsplit("/", 1)[0] for key in hive.objects()}
    assert re.search("/dbt-snapshot-[0-9a-f-]{36}/snapshot_date=2024-01-31$", location)
    hive.athena.query(
        f"alter table {hive.database}.daily add partition (snapshot_date = '2023-12-31')"
        f" location 's3://{hive.bucket}/{location}/'"
    )
    for step in (2, 3):
        hive.run(JANUARY, step, snapshot_grace_minutes=0).passed()
    assert hive.rows("daily", "id, snapshot_date") == [("1", "2023-12-31"), ("3", JANUARY)]


def test_partition_projection_is_refused(make_warehouse: Callable[..., Warehouse]) -> None:
    """Red before: readers saw nothing, and the next run ended in an error of the engine."""
    hive = make_warehouse("hive", {MODEL: snapshot_model(TEXT)})
    hive.run(JANUARY).passed()
    hive.athena.query(
        f"alter table {hive.database}.daily set tblproperties ('projection.enabled' = 'true',"
        " 'projection.snapshot_date.type' = 'date', 'projection.snapshot_date.range' = '2024-01-01,NOW',"
        " 'projection.snapshot_date.format' = 'yyyy-MM-dd')"
    )
    [said] = messages(hive, FEBRUARY).values()
    assert "must be without partition projection, got `projection.enabled`" in said
