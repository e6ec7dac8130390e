"""`snapshots list`, and which tables count as tables of snapshots."""

from __future__ import annotations

import hashlib

import pytest

from derived_tables.errors import RefusedError

from .store import FEBRUARY, JANUARY, Store, run


def test_each_snapshot_is_listed_with_its_size(store: Store) -> None:
    store.fill("listed", [(FEBRUARY, 1), (JANUARY, 2), (JANUARY, 3)])
    sizes = {} if store.kind == "duckdb" else store.files("listed")
    expected = [
        (day, rows, sum(sizes[day]) if sizes else None, len(sizes[day]) if sizes else None)
        for day, rows in ((JANUARY, 2), (FEBRUARY, 1))
    ]
    found = store.listed("listed")
    assert [(each.date.text, each.rows, each.bytes, each.files) for each in found] == expected
    if store.kind == "hive":
        assert [each.changed for each in found] == [
            store.modified(f"tables/listed/snapshot_date={day}/") for day in (JANUARY, FEBRUARY)
        ]

    answer = store.command("list", "--select", "orders__listed", "orders__never")
    assert answer.code == 0
    assert answer.document["environment"] == "dev"
    assert answer.document["unbuilt"] == ["model.consumer.orders__never"]
    told = answer.table
    assert (told["relation"], told["kind"]) == (f"{store.warehouse.database}.listed", store.kind)
    assert [(each["date"], each["rows"], each["bytes"], each["files"]) for each in told["snapshots"]] == expected


def test_the_list_is_printed(hive: Store) -> None:
    hive.fill("printed", [(FEBRUARY, 1)])
    [size] = hive.files("printed")[FEBRUARY]
    lines = hive.command("list", "-s", "orders__printed", "orders__never", json=False).out.splitlines()
    assert lines[0] == "project consumer, target athena, environment dev"
    assert lines[1:3] == ["", f"{hive.warehouse.database}.printed"]
    assert lines[3].split() == ["date", "rows", "bytes", "files"]
    assert lines[4].split() == [FEBRUARY, "1", f"{size:,}", "1"]
    assert lines[5] == f"1 snapshot, 1 row, {size} bytes"
    assert lines[6] == "orders__never has no table yet."
    assert len(lines) == 7


@pytest.mark.parametrize("owner", ["dbt-drop-x", "dbt-compact-x", "x"])
def test_a_snapshot_that_may_lack_rows_is_marked(hive: Store, owner: str) -> None:
    hive.fill("marked", [(JANUARY, 1), (FEBRUARY, 1)])
    lock = hive.lock("marked", JANUARY, owner)
    told = hive.command("list", "-s", "orders__marked").table["snapshots"]
    assert [(each["date"], each["interrupted"]) for each in told] == [(JANUARY, True), (FEBRUARY, False)]
    lines = hive.command("list", "-s", "orders__marked", json=False).out.splitlines()
    said = [line for line in lines if "interrupted" in line]
    assert said == [f"{JANUARY}: a run or a drop was interrupted; run the model, or drop it again"]
    for name in (lock, "marked"):
        hive.write(f"drop table {hive.warehouse.database}.{name}")
    hive.empty("tables/marked/")


def test_snapshots_of_another_node_are_refused(store: Store) -> None:
    """Red before: `drop` and `compact` took whatever lay under the name."""
    store.fill("claimed", [(JANUARY, 1), (FEBRUARY, 1)])
    mark = f"{store.warehouse.database}.claimed__dbt_snapshots"
    store.write(f"create view {mark} as select 'model.consumer.orders__old' as node")
    for verb in (["list"], ["drop", "--keep-last", "1", "--apply"]):
        answer = store.command(*verb, "-s", "orders__claimed", json=False)
        assert answer.code == 2
        assert (
            "must be `model.consumer.orders__old`, whose snapshots it holds, got `model.consumer.orders__claimed`"
            in (answer.err)
        )
    digest = hashlib.md5(b"model.consumer.orders__claimed", usedforsecurity=False).hexdigest()[:8]
    store.write(f"create view {mark}_of_{digest} as select 1 as it")
    assert [each["date"] for each in store.command("list", "-s", "orders__claimed").table["snapshots"]] == [
        JANUARY,
        FEBRUARY,
    ]


def test_a_table_without_snapshots_is_refused(store: Store) -> None:
    store.make_database()
    if store.kind == "duckdb":
        store.write(f"create table {store.warehouse.database}.unkept (id integer)")
    else:
        properties = "table_type = 'iceberg', is_external = false" if store.kind == "iceberg" else "table_type = 'hive'"
        place = "location" if store.kind == "iceberg" else "external_location"
        store.write(
            f"create table {store.warehouse.database}.unkept with ({properties}, "
            f"{place} = '{store.location('unkept')}/') as select 1 as id"
        )
    message = {
        "duckdb": r"the snapshot column of \S+\.unkept must be one of its columns \(id\), got `snapshot_date`",
        "hive": r"unkept must be a table that is partitioned by its snapshot column, got `a table without partitions`",
        "iceberg": r"the snapshot column of \S+\.unkept must be one of its columns \(none\), got `snapshot_date`",
    }[store.kind]
    with pytest.raises(RefusedError, match=message):
        store.listed("unkept")


def test_a_view_is_refused(store: Store) -> None:
    store.make_database()
    store.write(f"create view {store.warehouse.database}.viewed as select date '2024-01-31' as snapshot_date")
    with pytest.raises(RefusedError, match=r"\.viewed must be a table that is partitioned .*, got `a view`"):
        store.listed("viewed")
    store.write(f"drop view {store.warehouse.database}.viewed")


def test_an_incremental_model_that_is_partitioned_by_something_else_is_left_out(hive: Store) -> None:
    hive.fill("filtered", [(JANUARY, 1)])
    location = hive.location("regional")
    hive.write(
        f"create table {hive.warehouse.database}.regional with (partitioned_by = array['region'], "
        f"external_location = '{location}/') as select 1 as id, 'north' as region"
    )
    answer = hive.command("list", "--select", "orders__filtered", "orders__regional")
    assert answer.code == 0
    assert [each["relation"].split(".")[1] for each in answer.document["tables"]] == ["filtered"]
    assert answer.err == ""
    alone = hive.command("list", "--select", "orders__regional")
    assert alone.code == 2
    assert "`--select` must be models that keep snapshots, got `orders__regional`" in alone.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("list", "-s", "orders__plain"), "`--select` must be models that keep snapshots, got `orders__plain`."),
        (
            ("drop", "-s", "orders__never"),
            "Exactly one of `--before`, `--keep-last` and `--dates` must be given, got none.",
        ),
        (
            ("drop", "-s", "orders__never", "--before", JANUARY, "--keep-last", "3"),
            "Exactly one of `--before`, `--keep-last` and `--dates` must be given, got `--before` and `--keep-last`.",
        ),
        (("drop", "-s", "orders__never", "--keep-last", "0"), "`--keep-last` must be at least 1, got `0`."),
        (
            ("drop", "-s", "orders__never", "--before", "31.1.2024"),
            "`--before` must be a date like `2024-01-31`, got `31.1.2024`.",
        ),
        (
            ("drop", "-s", "orders__never", "--dates", f"{JANUARY},soon"),
            "`--dates` must be a date like `2024-01-31`, got `soon`.",
        ),
        (("drop", "-s", "orders__never", "--dates", ""), "`--dates` must be a date like `2024-01-31`, got ``."),
        (("compact", "--dates", "20240131"), "`--dates` must be a date like `2024-01-31`, got `20240131`."),
        (
            ("drop", "-s", "orders__never", "--keep-last", "1", "--vars", "snapshot_grace_minutes: soon"),
            "var `snapshot_grace_minutes` must be a whole number of minutes, got `soon`.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(duckdb: Store, arguments: tuple[str, ...], message: str) -> None:
    path = str(duckdb.warehouse.project.path)
    answer = run("snapshots", *arguments, "--project-dir", path, "--profiles-dir", path)
    assert answer.code == 2
    assert answer.err.startswith(f"derived-tables snapshots {arguments[0]}: {message}\n")


def projected(hive: Store) -> None:
    """A table whose partitions Athena works out itself."""
    hive.make_database()
    table, place = f"{hive.warehouse.database}.projected", f"{hive.location('projected')}/"
    projection = "'projection.enabled' = 'true', 'projection.snapshot_date.type' = 'date'"
    projection += ", 'projection.snapshot_date.range' = '2024-01-01,2024-12-31'"
    projection += ", 'projection.snapshot_date.format' = 'yyyy-MM-dd'"
    hive.write(
        f"create external table {table} (id int) partitioned by (snapshot_date date) stored as parquet "
        f"location '{place}' tblproperties ({projection})"
    )
    for number, day in ((1, JANUARY), (2, FEBRUARY)):
        location = f"external_location = '{place}snapshot_date={day}/'"
        hive.write(f"create table {table}_{number} with ({location}) as select {number} as id")


def test_partitions_that_athena_works_out_are_listed_but_neither_dropped_nor_compacted(hive: Store) -> None:
    projected(hive)
    sizes = hive.files("projected")
    assert [(each.date.text, each.rows, each.bytes, each.files) for each in hive.listed("projected")] == [
        (day, 1, sum(sizes[day]), 1) for day in (JANUARY, FEBRUARY)
    ]
    before = hive.objects()
    for act in (lambda: hive.drop("projected", keep_last=1), lambda: hive.compact("projected")):
        with pytest.raises(RefusedError, match="must be a table whose partitions are in Glue, got one with partition"):
            act()
    answer = hive.command("drop", "--keep-last", "1", "--apply", "--select", "orders__projected")
    assert answer.code == 2
    assert hive.objects() == before
