"""`snapshots drop`: what goes, what stays, and in which order."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timezone
from typing import Any

import pytest
from meanwhile import Meanwhile

from derived_tables.errors import FailedError, RefusedError
from derived_tables.snapshots.drop import Wanted, drop, plan_drop
from derived_tables.snapshots.locks import Lock
from derived_tables.warehouse.lake import Lake
from local_athena.faults import Rule

from .store import FEBRUARY, JANUARY, MARCH, Store

DENIED = "fail(AccessDeniedException,400)"


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("table", "wanted", "dropped"),
    [
        ("kept", {"keep_last": 2}, [JANUARY]),
        ("before", {"before": day(MARCH)}, [JANUARY, FEBRUARY]),
        ("dated", {"dates": frozenset({day(FEBRUARY), date(2024, 2, 1)})}, [FEBRUARY]),
        ("protected", {"dates": frozenset({day(MARCH)})}, []),
        ("gone", {"before": date(2030, 1, 1)}, [JANUARY, FEBRUARY]),
    ],
)
def test_what_was_asked_for_goes_and_the_newest_stays(
    store: Store, table: str, wanted: Mapping[str, Any], dropped: Sequence[str]
) -> None:
    days = [JANUARY, FEBRUARY, MARCH]
    store.fill(table, [(day, number) for number, day in enumerate(days)])
    plan = store.plan_drop(table, **wanted)
    assert [each.date.text for each in plan.snapshots] == dropped
    assert [found for found, _ in store.days(table)] == days, "a plan changes nothing"

    assert store.drop(table, **wanted) == dropped
    left = [day for day in days if day not in dropped]
    assert store.days(table) == [(day, "1") for day in left]
    assert [each.date.text for each in store.listed(table)] == left
    if store.kind == "hive":
        assert [key.split("/")[2] for key in store.below(table)] == [f"snapshot_date={day}" for day in left]
        assert store.notes(table) == []
    before = store.days(table), store.objects()
    assert store.drop(table, **wanted) == []
    assert (store.days(table), store.objects()) == before, "the second time there is nothing to do"


@pytest.mark.parametrize("kind", ["duckdb", "hive", pytest.param("iceberg", marks=pytest.mark.long)])
def test_the_plan_is_told_and_carried_out_with_apply(kind: str, store_of: Callable[[str], Store]) -> None:
    store = store_of(kind)
    store.fill("told", [(JANUARY, 1), (JANUARY, 2), (FEBRUARY, 3), (MARCH, 4)])
    label = f"{store.warehouse.database}.told"
    sizes = {} if store.kind == "duckdb" else store.files("told")
    size, files = (sum(sizes[JANUARY]), len(sizes[JANUARY])) if sizes else (None, None)
    dates = f"{JANUARY},{MARCH},2024-02-01"
    answer = store.command("drop", "--dates", dates, "--select", "orders__told")
    assert answer.code == 0
    told = answer.table
    assert answer.document["applied"] is False
    assert (told["relation"], told["model"]) == (label, "model.consumer.orders__told")
    [described] = told["drop"]
    assert (described["date"], described["rows"]) == (JANUARY, None if store.kind == "hive" else 2)
    assert (described["bytes"], described["files"]) == (told["bytes"], told["files"]) == (size, files)
    assert told["keep"] == [FEBRUARY, MARCH]
    assert told["missing"] == ["2024-02-01"]
    assert told["dropped"] == []
    if store.kind == "hive":
        written = store.modified(f"tables/told/snapshot_date={JANUARY}/")
        assert datetime.fromisoformat(described["changed"]) == datetime.fromisoformat(told["changed"]) == written
    else:
        assert described["changed"] is None
        assert (told["changed"] is not None) == (store.kind == "iceberg")
    assert [found for found, _ in store.days("told")] == [JANUARY, FEBRUARY, MARCH]

    text = store.command("drop", "--dates", dates, "--select", "orders__told", json=False)
    if store.kind == "hive":
        row = f"{label}  {JANUARY}  {size:,}      {files}  {written.astimezone(timezone.utc):%Y-%m-%d %H:%M} UTC"
        assert row in text.out.splitlines(), "nothing is cut off"
    assert text.out.splitlines()[0] == f"project consumer, target {store.project.target.name}, environment dev"
    assert f"{label}: there is no snapshot of 2024-02-01" in text.out
    assert f"{label}: keeps {MARCH}: the newest snapshot is never dropped" in text.out
    assert text.out.endswith("Nothing was changed. To carry this out, add `--apply`.\n")

    variables = ("--vars", "snapshot_grace_minutes: 0")
    applied = store.command("drop", "--dates", dates, "--select", "orders__told", "--apply", *variables)
    assert applied.code == 0
    assert applied.table["dropped"] == [JANUARY]
    assert applied.document["failed"] == []
    assert [found for found, _ in store.days("told")] == [FEBRUARY, MARCH]


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [("texts", "varchar", ("20240131", "20240229")), ("numbers", "integer", ("202401", "202402"))],
)
def test_texts_and_numbers_name_dates(store: Store, table: str, column: str, values: Sequence[str]) -> None:
    store.fill(table, [(value, 1) for value in values], column=column)
    assert [each.date.text for each in store.listed(table)] == list(values)
    assert store.drop(table, keep_last=1) == ["2024-01-31" if column == "varchar" else "2024-01-01"]
    assert [each.date.text for each in store.listed(table)] == [values[1]]


def test_data_stay_for_queries_that_began_before(hive: Store) -> None:
    hive.fill("leaves", [(JANUARY, 1), (FEBRUARY, 2)], regions=["north", "south"])
    before = hive.below("leaves")
    assert hive.drop("leaves", grace=60, keep_last=1) == [JANUARY]
    assert hive.days("leaves") == [(FEBRUARY, "2")]
    assert hive.below("leaves") == before
    assert len(hive.notes("leaves")) == 2, "a note for each folder"
    hive.clean("leaves", grace=60)
    assert hive.below("leaves") == before
    assert hive.drop("leaves", keep_last=1) == []
    assert hive.days("leaves") == [(FEBRUARY, "2")]
    assert hive.below("leaves") == [key for key in before if FEBRUARY in key]
    assert hive.notes("leaves") == []


def test_hidden_files_and_marks_of_folders_go_with_their_snapshot_and_are_not_counted(hive: Store) -> None:
    hive.fill("hidden", [(JANUARY, 1), (FEBRUARY, 2)])
    for name in ("", "_SUCCESS", ".part.crc", "_temporary/part-0", "empty"):
        hive.put(f"tables/hidden/snapshot_date={JANUARY}/{name}", b"" if name in ("", "empty") else b"x")
    hive.put("tables/hidden/snapshot_date=2024-01-31x/neighbour", b"x")
    january, february = hive.listed("hidden")
    assert (january.files, january.bytes) == (february.files, february.bytes)
    assert hive.drop("hidden", keep_last=1) == [JANUARY]
    left = [key.removeprefix("tables/hidden/") for key in hive.below("hidden")]
    assert [key.split("/")[0] for key in left] == ["snapshot_date=2024-01-31x", f"snapshot_date={FEBRUARY}"]


def test_a_drop_that_ends_before_the_data_are_deleted_is_finished(hive: Store) -> None:
    hive.fill("half", [(JANUARY, 1), (FEBRUARY, 2)])
    with hive.athena.faults.during(f"{DENIED}:glue.DeleteTable#1"), pytest.raises(FailedError, match="DeleteTable"):
        hive.drop("half", keep_last=1)
    assert hive.days("half") == [(FEBRUARY, "1")]
    assert len(hive.below("half")) == 2
    assert len(hive.notes("half")) == 2

    assert hive.drop("half", keep_last=1) == []
    assert hive.days("half") == [(FEBRUARY, "1")]
    assert len(hive.below("half")) == 1
    assert hive.notes("half") == []


def test_data_of_a_drop_that_failed_stay_while_other_dates_are_compacted(hive: Store) -> None:
    hive.fill("halted", [(JANUARY, 1), (FEBRUARY, 2), (MARCH, 3)])
    wanted: dict[str, Any] = {"dates": frozenset({day(JANUARY)})}
    with hive.athena.faults.during(f"{DENIED}:glue.BatchDeletePartition"), pytest.raises(FailedError):
        hive.drop("halted", **wanted)
    for _ in range(2):
        hive.compact("halted", MARCH)
    assert hive.days("halted") == [(JANUARY, "1"), (FEBRUARY, "1"), (MARCH, "1")]
    assert hive.compact("halted", JANUARY) == []
    assert "2024-01-31: it is being dropped, or that was interrupted" in hive.said[-1]
    assert hive.drop("halted", **wanted) == [JANUARY]
    assert hive.days("halted") == [(FEBRUARY, "1"), (MARCH, "1")]
    assert hive.notes("halted") == []


def test_a_snapshot_that_a_run_takes_over_is_not_dropped(hive: Store) -> None:
    hive.fill("overtaken", [(JANUARY, 1), (FEBRUARY, 2), (MARCH, 3)])
    lock = f"{hive.warehouse.database}.overtaken__dbt_snapshot_2024_01_31"
    take = f"alter table {lock} set location '{hive.location('overtaken')}/another-run/'"
    rule = Meanwhile("delay", "glue.CreateTable", "*.overtaken__dbt_replaced*", do=lambda: hive.write(take))
    with hive.athena.faults.during(rule):
        assert hive.drop("overtaken", before=day(MARCH)) == [FEBRUARY]
    assert rule.done
    assert f"{hive.warehouse.database}.overtaken: keeps {JANUARY}: a run writes it" in hive.said
    assert hive.days("overtaken") == [(JANUARY, "1"), (MARCH, "1")]
    assert "overtaken__dbt_snapshot_2024_01_31" in hive.notes("overtaken"), "the lock of the other run"
    assert len([key for key in hive.below("overtaken") if JANUARY in key]) == 1


@pytest.mark.parametrize(("table", "parts", "left"), [("batched", 30, 5), ("taken", 1, 0)])
def test_a_run_that_takes_over_while_partitions_go_is_told_of(hive: Store, table: str, parts: int, left: int) -> None:
    regions = ["north"] if table == "batched" else []
    hive.fill(table, [(FEBRUARY, 2), (MARCH, 3)], regions=regions)
    for number in range(parts):
        values = (JANUARY, f"r{number:02}") if regions else (JANUARY,)
        hive.create_partition(table, values, "/".join((hive.location(table), *values)))
    name = f"{hive.warehouse.database}.{table}"
    lock = f"{table}__dbt_snapshot_2024_01_31"
    take = f"alter table {hive.warehouse.database}.{lock} set location '{hive.location(table)}/another-run/'"
    rule = Meanwhile("delay", "glue.BatchDeletePartition", do=lambda: hive.write(take))
    told = f"A run took the snapshot {JANUARY} of {name} over while it was dropped, so that it may be incomplete"
    with hive.athena.faults.during(rule), pytest.raises(FailedError, match=told):
        hive.drop(table, keep_last=1)
    assert [lock] == [note for note in hive.notes(table) if "__dbt_snapshot_" in note], "the lock of the other run"
    glue: Any = hive.warehouse.client("glue")
    values_left = [
        each["Values"][0]
        for each in glue.get_partitions(DatabaseName=hive.warehouse.database, TableName=table)["Partitions"]
    ]
    assert sorted(values_left) == [JANUARY] * left + [FEBRUARY, MARCH], "what was not begun stays"


@pytest.mark.parametrize("owner", ["another-run", "dbt-drop-own"])
def test_only_ones_own_lock_is_released(hive: Store, owner: str) -> None:
    hive.fill("unowned", [])
    hive.lock("unowned", MARCH, owner)
    with hive.database() as database:
        assert isinstance(database, Lake)
        table = hive.find(database, "unowned")
        Lock(
            database, table.table.relation, table.read_key(MARCH), f"{hive.location('unowned')}/dbt-drop-own"
        ).release()
    assert ("unowned__dbt_snapshot_2024_03_31" in hive.notes("unowned")) == (owner == "another-run")
    hive.write(f"drop table if exists {hive.warehouse.database}.unowned__dbt_snapshot_2024_03_31")
    hive.write(f"drop table {hive.warehouse.database}.unowned")


def test_what_has_become_the_newest_one_meanwhile_stays(hive: Store) -> None:
    hive.fill("newest", [(JANUARY, 1), (FEBRUARY, 2)])
    go = f"alter table {hive.warehouse.database}.newest drop partition (snapshot_date = '{FEBRUARY}')"
    rule = Meanwhile("delay", "glue.CreateTable", "*.newest__dbt_snapshot*", do=lambda: hive.write(go))
    with hive.athena.faults.during(rule):
        assert hive.drop("newest", keep_last=1) == []
    assert hive.days("newest") == [(JANUARY, "1")]
    assert f"{hive.warehouse.database}.newest: keeps {JANUARY}: it is the newest snapshot now" in hive.said
    assert hive.notes("newest") == []


def test_the_lock_goes_with_the_snapshot(hive: Store) -> None:
    hive.fill("unlocked", [(JANUARY, 1), (FEBRUARY, 2)])
    with hive.database() as database:
        occupied = hive.occupied(database)
        plan = plan_drop(database, hive.find(database, "unlocked"), Wanted(keep_last=1), occupied)
        assert len(list(drop(database, plan, occupied=occupied, say=print))) == 1
    [note] = hive.notes("unlocked")
    assert note.startswith("unlocked__dbt_replaced_")


@pytest.mark.parametrize("call", ["glue.GetTable", "glue.UpdateTable"])
def test_a_lock_that_has_just_gone_is_taken(hive: Store, call: str) -> None:
    hive.fill("freed", [(JANUARY, 1), (FEBRUARY, 2)])
    lock = hive.lock("freed", JANUARY, "a-run")
    go = f"drop table {hive.warehouse.database}.{lock}"
    rule = Meanwhile("delay", call, f"*.{lock}", do=lambda: hive.write(go))
    with hive.athena.faults.during(rule):
        assert hive.drop("freed", keep_last=1) == [JANUARY]
    assert rule.done
    hive.clean("freed")
    assert hive.notes("freed") == []
    assert len(hive.below("freed")) == 1
    hive.write(f"drop table {hive.warehouse.database}.freed")
    hive.empty("tables/freed/")


def test_a_partition_that_somebody_else_removes_does_no_harm(hive: Store) -> None:
    hive.fill("removed", [(JANUARY, 1), (FEBRUARY, 2)])
    go = f"alter table {hive.warehouse.database}.removed drop partition (snapshot_date = '{JANUARY}')"
    rule = Meanwhile("delay", "glue.BatchDeletePartition", do=lambda: hive.write(go))
    with hive.athena.faults.during(rule):
        assert hive.drop("removed", keep_last=1) == [JANUARY]
    assert rule.done
    assert hive.days("removed") == [(FEBRUARY, "1")]
    assert len(hive.below("removed")) == 1


@pytest.mark.parametrize("replaced", [False, True])
def test_a_table_that_vanishes_between_plan_and_act_fails_without_a_trace(hive: Store, replaced: bool) -> None:
    hive.fill("vanished", [(JANUARY, 1), (FEBRUARY, 2)])
    with hive.database() as database:
        table, occupied = hive.find(database, "vanished"), hive.occupied(database)
        plan = plan_drop(database, table, Wanted(keep_last=1), occupied)
        keys = hive.objects()
        hive.write(f"drop table {hive.warehouse.database}.vanished")
        if replaced:
            hive.write(
                f"create external table {hive.warehouse.database}.vanished (id int) stored as parquet "
                f"location 's3://{hive.warehouse.bucket}/tables/elsewhere/'"
            )
        state = "is another table" if replaced else "has gone"
        with pytest.raises(FailedError, match=f"vanished {state} since it was looked at: nothing was changed"):
            list(drop(database, plan, occupied=occupied, say=print))
    assert hive.notes("vanished") == []
    assert hive.objects() == keys
    if replaced:
        hive.write(f"drop table {hive.warehouse.database}.vanished")
    hive.empty("tables/vanished/")


@pytest.mark.long
def test_what_another_materialization_writes_again_is_not_mixed_with_what_was_dropped(hive: Store) -> None:
    hive.fill("rewritten", [(JANUARY, 1), (JANUARY, 2), (FEBRUARY, 3)])
    with pytest.raises(RefusedError, match=r"`materialized: snapshot_append`, got `incremental`"):
        hive.compact("rewritten")
    assert hive.drop("rewritten", grace=60, dates=frozenset({day(JANUARY)})) == [JANUARY]
    hive.write(f"insert into {hive.warehouse.database}.rewritten select 9, 'x', date '{JANUARY}'")
    assert hive.drop("rewritten", before=day(JANUARY)) == []
    assert hive.warehouse.rows("rewritten", "id, snapshot_date") == [("3", FEBRUARY), ("9", JANUARY)]
    assert hive.notes("rewritten") == []


def test_one_table_that_fails_does_not_hide_what_was_done_to_another(hive: Store) -> None:
    for table in ("other", "zone"):
        hive.fill(table, [(JANUARY, 1), (FEBRUARY, 2)])
    rule = Rule.parse(f"{DENIED}:glue.BatchDeletePartition@*.other")
    chosen = ("--select", "orders__other", "orders__zone", "--vars", "snapshot_grace_minutes: 0")
    with hive.athena.faults.during(rule):
        answer = hive.command("drop", "--keep-last", "1", "--apply", *chosen)
    assert answer.code == 1
    label = f"{hive.warehouse.database}.other"
    assert [each["relation"] for each in answer.document["failed"]] == [label]
    dropped = {found["relation"]: found["dropped"] for found in answer.document["tables"]}
    assert dropped == {label: [], f"{hive.warehouse.database}.zone": [JANUARY]}
    assert f"{label}: Glue BatchDeletePartition is denied: allow `glue:BatchDeletePartition`" in answer.err
    assert "1 of 2 tables are done. To go on, repeat the command." in answer.err
    assert hive.days("other") == [(JANUARY, "1"), (FEBRUARY, "1")]
    assert hive.days("zone") == [(FEBRUARY, "1")]

    assert hive.command("drop", "--keep-last", "1", "--apply", *chosen).code == 0
    assert hive.days("other") == [(FEBRUARY, "1")]
    assert hive.notes("other") == []


def test_what_no_query_can_read_is_dropped_and_none_is_run(hive: Store) -> None:
    hive.fill("unreadable", [(JANUARY, 1), (FEBRUARY, 2)])
    [key] = [key for key in hive.below("unreadable") if JANUARY in key]
    hive.put(key, b"no Parquet")
    before = len(hive.athena.calls)
    answer = hive.command("drop", "--keep-last", "1", "--apply", "-s", "orders__unreadable")
    assert (answer.code, answer.table["dropped"]) == (0, [JANUARY])
    assert [(each["rows"], each["bytes"]) for each in answer.table["drop"]] == [(None, 10)]
    assert "StartQueryExecution" not in [call.operation for call in hive.athena.calls[before:]]
    assert hive.days("unreadable") == [(FEBRUARY, "1")]


def test_a_table_that_cannot_be_looked_at_does_not_hide_the_plans_of_others(hive: Store) -> None:
    for table in ("corrupt", "ended"):
        hive.fill(table, [(JANUARY, 1), (FEBRUARY, 2)])
    chosen = ("--keep-last", "1", "-s", "orders__corrupt", "orders__ended")
    label = f"{hive.warehouse.database}.corrupt"
    with hive.athena.faults.during(f"{DENIED}:glue.GetPartitions@*.corrupt"):
        answer = hive.command("drop", *chosen)
    assert answer.code == 1
    assert [each["date"] for each in answer.table["drop"]] == [JANUARY]
    assert [each["relation"] for each in answer.document["failed"]] == [label]
    assert f"{label}: Glue GetPartitions is denied" in answer.err
    assert "To go on" not in answer.err

    # What was dropped before Ctrl-C is told.
    rule = Meanwhile("delay", "glue.BatchDeletePartition", "*.ended", do=lambda: os.kill(os.getpid(), signal.SIGINT))
    with hive.athena.faults.during(rule):
        answer = hive.command("drop", *chosen, "--apply")
    assert answer.code == 130
    dropped = {found["relation"]: found["dropped"] for found in answer.document["tables"]}
    assert dropped == {label: [JANUARY], f"{hive.warehouse.database}.ended": []}
    hive.drop("ended", keep_last=1)
    hive.clean("corrupt")


def test_quiet_hides_no_warning_and_what_cannot_be_seen_is_not_changed(hive: Store) -> None:
    hive.fill("unseen", [(JANUARY, 1), (FEBRUARY, 2)])
    chosen = ("--keep-last", "1", "-s", "orders__unseen", "--quiet")
    before = hive.days("unseen"), hive.objects(), hive.warehouse.tables()
    unseen = f"cannot see what lies in the database {hive.warehouse.database}: Glue GetTables is denied"
    with hive.athena.faults.during(f"{DENIED}:glue.GetTables"):
        told = hive.command("drop", *chosen)
        text = hive.command("drop", *chosen, "--apply", json=False)
    assert told.code == 0
    assert unseen in told.err
    assert [line for line in told.document["warnings"] if line.startswith(unseen)]
    assert text.code == 2
    assert unseen in text.err
    assert f"The database {hive.warehouse.database} of {hive.warehouse.database}.unseen must be one whose" in text.err
    assert (hive.days("unseen"), hive.objects(), hive.warehouse.tables()) == before
