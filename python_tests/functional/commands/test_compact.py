"""`snapshots compact`: fewer files, the same rows, and nothing lost whoever writes meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from meanwhile import Meanwhile

from derived_tables.errors import FailedError, RefusedError

from .store import FEBRUARY, JANUARY, Store


def test_partitions_with_too_many_files_are_written_anew(hive: Store) -> None:
    hive.fill("packed", [(JANUARY, number) for number in range(4)] + [(FEBRUARY, 9)])
    rows = hive.warehouse.rows("packed")
    before = hive.files("packed")
    planned = hive.command("compact", "--select", "orders__packed")
    [partition] = planned.table["partitions"]
    name = f"snapshot_date={JANUARY}"
    assert partition == {"name": name, "bytes": sum(before[JANUARY]), "files": 4, "files_after": 1}
    assert len(hive.files("packed")[JANUARY]) == 4, "a plan changes nothing"

    grace = ("--vars", "snapshot_grace_minutes: 0")
    told = hive.command("compact", "--select", "orders__packed", "--apply", *grace, json=False)
    assert told.code == 0
    assert f"{name}: 4 files, now 1" in told.out
    assert hive.warehouse.rows("packed") == rows
    assert len(hive.files("packed")[JANUARY]) == 1
    assert hive.files("packed")[FEBRUARY] == before[FEBRUARY]
    assert len(hive.below("packed")) == 2, "the old files are gone"
    assert hive.notes("packed") == []
    assert hive.compact("packed") == []


def test_only_crowded_partitions_of_a_snapshot_are_written_anew(hive: Store) -> None:
    hive.fill("uneven", [(JANUARY, 1), (FEBRUARY, 2)], regions=["north", "south"])
    hive.write(f"insert into {hive.warehouse.database}.uneven select 3, 'x', date '{JANUARY}', 'south'")
    before, rows = hive.below("uneven"), hive.warehouse.rows("uneven")
    crowded = [key for key in before if f"snapshot_date={JANUARY}/region=south" in key]
    assert len(crowded) == 2
    [told] = hive.compact("uneven")
    assert told == (f"snapshot_date={JANUARY}/region=south", 2, 1)
    assert set(before) - set(hive.below("uneven")) == set(crowded)
    assert hive.warehouse.rows("uneven") == rows
    assert hive.compact("uneven") == []


def test_it_tells_how_many_files_were_written(hive: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """All rows fall into one bucket of many."""
    hive.fill("written", [(JANUARY, 1)] * 4)
    monkeypatch.setattr("derived_tables.snapshots.compact._FILE", sum(hive.files("written")[JANUARY]) // 3 + 1)
    [(_, files, after)] = hive.compact("written")
    assert (files, after) == (4, len(hive.below("written")))


def test_what_lies_where_is_listed_once_a_command_and_once_before_it_deletes(hive: Store) -> None:
    for table in ("once", "again"):
        hive.fill(table, [(JANUARY, 1), (JANUARY, 2)])
    before = len(hive.athena.calls)
    grace = ("--vars", "snapshot_grace_minutes: 0")
    answer = hive.command("compact", "--select", "orders__once", "orders__again", "--apply", *grace)
    assert [len(each["partitions"]) for each in answer.document["tables"]] == [1, 1]
    calls = [call.operation for call in hive.athena.calls[before:]]
    assert calls.count("GetDatabases") == 2


def test_only_the_dates_that_are_named_are_compacted(hive: Store) -> None:
    hive.fill("grown", [(day, number) for day in (JANUARY, FEBRUARY) for number in (1, 2)])
    assert hive.compact("grown", FEBRUARY) == [(f"snapshot_date={FEBRUARY}", 2, 1)]
    assert {day: len(files) for day, files in hive.files("grown").items()} == {JANUARY: 2, FEBRUARY: 1}
    told = hive.command("compact", "--select", "orders__grown", "--dates", f"{JANUARY},2024-02-01").table
    assert told["missing"] == ["2024-02-01"]
    assert [each["name"] for each in told["partitions"]] == [f"snapshot_date={JANUARY}"]


def test_the_old_files_stay_for_queries_that_began_before(hive: Store) -> None:
    hive.fill("leaf_pack", [(JANUARY, 1), (JANUARY, 2)], regions=["north", "south"])
    before = hive.below("leaf_pack")
    assert len(hive.compact("leaf_pack", grace=60)) == 2
    assert set(before) < set(hive.below("leaf_pack"))
    hive.clean("leaf_pack")
    assert not set(before) & set(hive.below("leaf_pack"))
    assert hive.days("leaf_pack") == [(JANUARY, "4")]
    assert hive.notes("leaf_pack") == []


@pytest.mark.long
def test_runs_go_on_after_compacting(hive: Store) -> None:
    hive.fill("resumed", [(JANUARY, 1), (JANUARY, 2), (FEBRUARY, 9)])
    assert len(hive.compact("resumed")) == 1
    hive.warehouse.run(JANUARY, 7, "orders__resumed", snapshot_grace_minutes=0).passed()
    assert hive.days("resumed") == [(JANUARY, "1"), (FEBRUARY, "1")]
    assert len(hive.below("resumed")) == 2
    assert hive.notes("resumed") == []


def test_what_a_run_writes_is_left_alone(hive: Store) -> None:
    hive.fill("busy", [(JANUARY, 1), (JANUARY, 2)])
    lock = hive.lock("busy", JANUARY, "a-run")
    assert hive.compact("busy") == []
    assert hive.said[-1].startswith(f"{hive.warehouse.database}.busy, {JANUARY}: a run writes it, or was interrupted")
    assert len(hive.files("busy")[JANUARY]) == 2
    assert hive.notes("busy") == [lock]


def test_a_run_that_begins_after_the_plan_keeps_its_lock(hive: Store) -> None:
    hive.fill("marks", [(JANUARY, 1), (JANUARY, 2)])
    rule = Meanwhile(
        "delay", "glue.CreateTable", "*.marks__dbt_snapshot*", do=lambda: hive.lock("marks", JANUARY, "a-run")
    )
    with hive.athena.faults.during(rule):
        assert hive.compact("marks") == []
    assert "a run writes it" in hive.said[-1]
    assert hive.warehouse.glue_table("marks__dbt_snapshot_2024_01_31")["StorageDescriptor"]["Location"].endswith(
        "/a-run/"
    )
    assert hive.notes("marks") == ["marks__dbt_snapshot_2024_01_31"]


def test_it_stops_when_a_run_takes_over(hive: Store) -> None:
    hive.fill("raced", [(JANUARY, 1), (JANUARY, 2)])
    before = hive.files("raced")
    lock = f"{hive.warehouse.database}.raced__dbt_snapshot_2024_01_31"
    take = f"alter table {lock} set location '{hive.location('raced')}/another-run/'"
    rule = Meanwhile(
        "delay", "glue.GetTable", "*.raced__dbt_snapshot_2024_01_31_dbt_compact*", do=lambda: hive.write(take)
    )
    stopped = pytest.raises(FailedError, match=r"Another run writes the same snapshot of \S+\.raced and has taken over")
    with hive.athena.faults.during(rule), stopped:
        hive.compact("raced")
    assert rule.done
    assert hive.files("raced") == before
    assert "raced__dbt_snapshot_2024_01_31" in hive.notes("raced"), "the lock of the other run"
    assert any(name.startswith("raced__dbt_interrupted_") for name in hive.notes("raced"))


@pytest.mark.parametrize(
    ("table", "statement", "message"),
    [
        ("disturbed", r"create table \S+_compact", "had 2 rows, but 3 were written. Another tool writes it"),
        ("disturbed_late", r"count\S+ from \S+_compact", f"The files of {JANUARY} of .* have changed. Another tool"),
    ],
)
def test_it_stops_when_rows_are_inserted_meanwhile(hive: Store, table: str, statement: str, message: str) -> None:
    hive.fill(table, [(JANUARY, 1), (JANUARY, 2)])
    insert = f"insert into {hive.warehouse.database}.{table} select 3, 'x', date '{JANUARY}'"
    rule = Meanwhile("delay", "engine.Run", statement=statement, do=lambda: hive.write(insert))
    with hive.athena.faults.during(rule), pytest.raises(FailedError, match=message):
        hive.compact(table)
    assert hive.days(table) == [(JANUARY, "3")]
    assert len(hive.files(table)[JANUARY]) == 3

    assert len(hive.compact(table)) == 1
    assert hive.days(table) == [(JANUARY, "3")]
    assert len(hive.files(table)[JANUARY]) == 1
    assert hive.notes(table) == []
    assert len(hive.below(table)) == 1


def test_a_partition_is_described_as_it_was_written_anew(hive: Store) -> None:
    hive.make_database()
    table = f"{hive.warehouse.database}.altered"
    hive.write(
        f"create table {table} with (format = 'parquet', external_location = '{hive.location('altered')}/', "
        "partitioned_by = array['snapshot_date']) as select 1 as id, 'a' as gone, 10 as total, "
        f"date '{JANUARY}' as snapshot_date"
    )
    hive.write(f"insert into {table} select 2, 'b', 20, date '{JANUARY}'")
    hive.write(f"alter table {table} replace columns (id int, total int, late string)")
    glue: Any = hive.warehouse.client("glue")

    def columns() -> list[str]:
        [found] = glue.get_partitions(DatabaseName=hive.warehouse.database, TableName="altered")["Partitions"]
        return [column["Name"] for column in found["StorageDescriptor"]["Columns"]]

    rows = hive.warehouse.rows("altered")
    assert columns() == ["id", "gone", "total"]
    assert len(hive.compact("altered")) == 1
    assert columns() == ["id", "total", "late"], "as the files now are"
    assert hive.warehouse.rows("altered") == rows


def test_a_table_with_buckets_is_refused(hive: Store) -> None:
    hive.make_database()
    hive.write(
        f"create table {hive.warehouse.database}.bucketed with (external_location = '{hive.location('bucketed')}/', "
        "bucketed_by = array['id'], bucket_count = 2, partitioned_by = array['snapshot_date']) "
        f"as select 1 as id, date '{JANUARY}' as snapshot_date"
    )
    with pytest.raises(RefusedError, match="must be a table without buckets, got `bucketed by id`"):
        hive.compact("bucketed")


def test_other_formats_are_refused(hive: Store) -> None:
    hive.make_database()
    hive.write(
        f"create table {hive.warehouse.database}.csv with (external_location = '{hive.location('csv')}/', "
        "format = 'textfile', partitioned_by = array['snapshot_date']) "
        f"as select 1 as id, date '{JANUARY}' as snapshot_date"
    )
    with pytest.raises(RefusedError, match=r"\.csv must be stored as Parquet or ORC, got `\S+LazySimpleSerDe`"):
        hive.compact("csv")


def test_iceberg_is_optimized(iceberg: Store) -> None:
    iceberg.fill("six", [(JANUARY, number) for number in range(6)] + [(FEBRUARY, 9), (FEBRUARY, 10)])
    rows = iceberg.warehouse.rows("six")
    told = iceberg.command("compact", "--select", "orders__six")
    assert [(each["name"], each["files"]) for each in told.table["partitions"]] == [
        (f"snapshot_date={JANUARY}", 6),
        (f"snapshot_date={FEBRUARY}", 2),
    ]
    assert told.table["changed"] is not None
    # Athena's OPTIMIZE leaves fewer than five files alone.
    assert iceberg.compact("six") == [(f"snapshot_date={JANUARY}", 6, 1)]
    assert iceberg.warehouse.rows("six") == rows
    assert {day: len(files) for day, files in iceberg.files("six").items()} == {JANUARY: 1, FEBRUARY: 2}


def test_there_is_nothing_to_do_on_duckdb(duckdb: Store) -> None:
    duckdb.fill("packed", [(JANUARY, 1)])
    answer = duckdb.command("compact", "--apply", "--select", "orders__packed")
    assert answer.code == 0
    assert answer.table["skipped"] == [f"{duckdb.warehouse.database}.packed: a DuckDB database is one file"]
    assert duckdb.days("packed") == [(JANUARY, "1")]
