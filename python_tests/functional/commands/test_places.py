"""Where snapshots lie: no folder is deleted that anything else needs."""

from __future__ import annotations

from datetime import date

import pytest
from meanwhile import Meanwhile

from derived_tables.errors import RefusedError

from .store import FEBRUARY, JANUARY, MARCH, Store

DATES = frozenset({date(2024, 1, 31)})
RUN = "0b5f6e0a-4a51-4d0b-9df5-1f6a2f5f6d11"


def test_one_of_two_snapshots_that_share_a_folder_is_refused_and_nothing_is_done(hive: Store) -> None:
    hive.fill("twins", [(JANUARY, 1), (MARCH, 3)])
    place = f"{hive.location('twins')}/snapshot_date={JANUARY}"
    hive.add_partition("twins", FEBRUARY, place)
    before = hive.objects(), hive.days("twins"), hive.warehouse.tables()
    answer = hive.command("drop", "--dates", JANUARY, "--apply", "-s", "orders__twins")
    assert answer.code == 2
    assert answer.err.startswith(
        f"derived-tables snapshots drop: The snapshots {JANUARY} and {FEBRUARY} of {hive.warehouse.database}.twins "
        f"must lie in folders of their own, got `{place}` and `{place}`.\n"
    )
    assert (hive.objects(), hive.days("twins"), hive.warehouse.tables()) == before
    assert hive.drop("twins", keep_last=1) == [JANUARY, FEBRUARY], "both can go"
    assert [key.split("/")[2] for key in hive.below("twins")] == [f"snapshot_date={MARCH}"]


@pytest.mark.parametrize("place", ["inside", "around"])
def test_a_snapshot_that_lies_inside_another_one_is_refused(hive: Store, place: str) -> None:
    hive.fill(place, [(FEBRUARY, 1), (MARCH, 3)])
    feb = f"{hive.location(place)}/snapshot_date={FEBRUARY}"
    hive.add_partition(place, JANUARY, f"{feb}/below")
    dropped = JANUARY if place == "inside" else FEBRUARY
    with pytest.raises(RefusedError, match="must lie in folders of their own"):
        hive.drop(place, dates=frozenset({date.fromisoformat(dropped)}))
    assert len(hive.below(place)) == 3


def test_a_snapshot_that_comes_to_share_the_folder_after_the_plan_is_not_lost(hive: Store) -> None:
    hive.fill("late_twin", [(JANUARY, 1), (MARCH, 3)])
    place = f"{hive.location('late_twin')}/snapshot_date={JANUARY}"
    rule = Meanwhile(
        "delay",
        "glue.CreateTable",
        "*.late_twin__dbt_snapshot*",
        do=lambda: hive.add_partition("late_twin", FEBRUARY, place),
    )
    with hive.athena.faults.during(rule):
        assert hive.drop("late_twin", keep_last=1) == []
    assert hive.days("late_twin") == [(JANUARY, "1"), (FEBRUARY, "1"), (MARCH, "1")]
    assert any("must lie in folders of their own" in line for line in hive.said)
    assert hive.notes("late_twin") == []


@pytest.mark.parametrize("lies", ["at", "inside", "around", "partition", "unseen"])
def test_files_that_another_table_needs_stay(hive: Store, lies: str) -> None:
    hive.fill("guest", [(JANUARY, 1), (FEBRUARY, 2)])
    database, place = "elsewhere_entirely", f"{hive.location('guest')}/snapshot_date={JANUARY}"
    hive.athena.create_database(database)
    location = {"inside": f"{place}/below", "around": f"s3://{hive.warehouse.bucket}/tables/guest"}.get(lies, place)
    if lies in ("partition", "unseen"):
        hive.write(
            f"create external table {database}.host (id int, name string) partitioned by (day string) "
            f"stored as parquet location 's3://{hive.warehouse.bucket}/tables/host/'"
        )
        hive.write(f"alter table {database}.host add partition (day = 'x') location '{place}/'")
    else:
        hive.write(f"create external table {database}.host (id int) stored as parquet location '{location}/'")
    label = f"{database}.host" + (" (x)" if lies in ("partition", "unseen") else "")
    reason = f"the files in {place} stay: {label} lies at {location}"
    before = hive.below("guest")
    hive.said.clear()
    if lies == "unseen":
        with hive.athena.faults.during(f"fail(AccessDeniedException,400):glue.GetPartitions@{database}.*"):
            plan = hive.plan_drop("guest", keep_last=1)
        assert plan.staying == ()
        assert hive.said[0].startswith(f"cannot see what lies in the database {database}: Glue GetPartitions is denied")
    else:
        assert hive.plan_drop("guest", keep_last=1).staying == (reason,)
        if lies == "at":
            told = hive.command("drop", "--keep-last", "1", "-s", "orders__guest", json=False)
            assert f"{hive.warehouse.database}.guest: {reason}\n" in told.out
        assert hive.drop("guest", keep_last=1) == [JANUARY]
        assert hive.days("guest") == [(FEBRUARY, "1")]
        assert hive.below("guest") == before
        assert hive.notes("guest") == [], "no run of the model may find a note of it"
    hive.write(f"drop table {database}.host")
    hive.write(f"drop table {hive.warehouse.database}.guest")
    hive.empty("tables/guest/")


def test_files_that_another_table_has_come_to_need_stay_when_their_time_is_over(hive: Store) -> None:
    hive.fill("host", [(JANUARY, 1), (FEBRUARY, 2)])
    before = hive.below("host")
    assert hive.drop("host", grace=60, keep_last=1) == [JANUARY]
    place = f"{hive.location('host')}/snapshot_date={JANUARY}"
    hive.write(f"create external table {hive.warehouse.database}.squatter (id int) location '{place}/'")
    hive.clean("host")
    assert hive.below("host") == before
    label = f"{hive.warehouse.database}.squatter"
    assert hive.said[-1].endswith(f"host: the files in {place} stay: {label} lies at {place}")
    assert hive.notes("host") == []
    hive.write(f"drop table {label}")


def test_compacting_one_of_two_snapshots_that_share_a_folder_leaves_the_other_one_its_files(hive: Store) -> None:
    hive.fill("twin_plan", [(JANUARY, 1), (JANUARY, 2), (MARCH, 3)])
    place = f"{hive.location('twin_plan')}/snapshot_date={JANUARY}"
    hive.add_partition("twin_plan", FEBRUARY, place)
    assert hive.compact("twin_plan", JANUARY, grace=60) == [(f"snapshot_date={JANUARY}", 2, 1)]
    assert hive.notes("twin_plan") == [], "a run of the model would delete what is noted"
    hive.clean("twin_plan")
    assert hive.days("twin_plan") == [(JANUARY, "2"), (FEBRUARY, "2"), (MARCH, "1")]


def test_the_folder_of_the_table_is_never_deleted(hive: Store) -> None:
    hive.fill("rooted", [(MARCH, 3)])
    outside = f"s3://{hive.warehouse.bucket}/tables/rooted_elsewhere"
    hive.add_partition("rooted", JANUARY, f"{hive.location('rooted')}/{JANUARY}")
    march = f"{outside}/snapshot_date={MARCH}"
    hive.write(f"alter table {hive.warehouse.database}.rooted drop partition (snapshot_date = '{MARCH}')")
    hive.add_partition("rooted", MARCH, march)
    hive.write(
        f"alter table {hive.warehouse.database}.rooted partition (snapshot_date = '{JANUARY}') "
        f"set location '{hive.location('rooted')}/'"
    )
    before = hive.objects()
    plan = hive.plan_drop("rooted", keep_last=1)
    root = hive.location("rooted")
    assert plan.staying == (f"the files in {root} stay: that is the folder of the whole table, or around it",)
    assert hive.drop("rooted", keep_last=1) == [JANUARY]
    assert hive.objects() == before


@pytest.mark.long
def test_other_snapshots_beside_each_other_stay(hive: Store) -> None:
    hive.fill("nested", [(FEBRUARY, 3)])
    for day in ("2024-01-30", JANUARY):
        hive.add_partition("nested", day, f"{hive.location('nested')}/2024/01/{day[-2:]}")
    for _ in range(2):
        hive.drop("nested", dates=frozenset({date(2024, 1, 30)}))
    assert hive.days("nested") == [(JANUARY, "1"), (FEBRUARY, "1")]
    assert hive.notes("nested") == []
    assert not [key for key in hive.below("nested") if "/30/" in key]


def test_what_lies_in_the_folder_of_production_stays(hive: Store) -> None:
    hive.fill("abroad", [(FEBRUARY, 3)])
    place = f"s3://{hive.warehouse.bucket}/tables/prod/models/orders/{RUN}"
    hive.add_partition("abroad", JANUARY, place)
    production = f"s3://{hive.warehouse.bucket}/tables/prod"
    reason = f"the files in {place} stay: another environment's folder `prod` lies at {production}"
    assert hive.plan_drop("abroad", keep_last=1).staying == (reason,)
    assert hive.drop("abroad", keep_last=1) == [JANUARY]
    assert [key for key in hive.objects() if RUN in key]


def test_rows_without_a_date_keep_their_folder(hive: Store) -> None:
    hive.fill("nameless", [(JANUARY, 1), (FEBRUARY, 2)])
    place = f"{hive.location('nameless')}/snapshot_date={JANUARY}"
    hive.create_partition("nameless", ("__HIVE_DEFAULT_PARTITION__",), place)
    with pytest.raises(RefusedError, match=f"snapshot {JANUARY} of .* must lie in a folder without rows of no date"):
        hive.drop("nameless", keep_last=1)
    assert len(hive.below("nameless")) == 2


@pytest.mark.parametrize("place", ["landing/2023-12-31", "landing/x/"])
def test_files_outside_of_the_table_stay_whatever_drops_or_compacts_them(hive: Store, place: str) -> None:
    hive.fill("registered", [(FEBRUARY, 3)])
    raw = f"s3://{hive.warehouse.bucket}/tables/{place}"
    hive.copy(hive.below("registered")[0], f"tables/{place}/file")
    hive.put("tables/landing/x/_sibling", b"x")
    hive.create_partition("registered", (JANUARY,), raw)
    before = [key for key in hive.objects() if key.startswith("tables/landing/")]
    assert len(before) == 2
    reason = f"the files in {raw} stay: they lie outside the folder of the table"
    assert hive.plan_drop("registered", keep_last=1).staying == (reason,)
    assert hive.drop("registered", keep_last=1) == [JANUARY]
    assert [key for key in hive.objects() if key.startswith("tables/landing/")] == before
    assert hive.notes("registered") == []

    note = "registered__dbt_replaced_0123456789ab_202401010000_2024_01_31"
    hive.write(f"create external table {hive.warehouse.database}.{note} (`run` string) location '{raw}/'")
    hive.clean("registered")
    assert hive.said[-1] == f"{hive.warehouse.database}.registered: {reason}"
    assert [key for key in hive.objects() if key.startswith("tables/landing/")] == before
    assert hive.notes("registered") == [], "a run of the model would delete what is noted"
    hive.write(f"drop table {hive.warehouse.database}.registered")
    hive.empty("tables/landing/")
    hive.empty("tables/registered/")
