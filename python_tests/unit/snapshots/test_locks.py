"""Names of locks and notes, which runs of the model read and write as well."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from derived_tables.relation import Relation
from derived_tables.snapshots.locks import (
    COMPACT,
    DROP,
    Note,
    belongs_to,
    is_over,
    lock_relation,
    name_is_short_enough,
    read_locks,
    read_notes,
    stands_beside,
    tables_of_run,
)
from derived_tables.snapshots.values import SnapshotDate

TABLE = Relation("awsdatacatalog", "orders", "daily")
JANUARY = SnapshotDate(date(2024, 1, 31), "2024-01-31", "date '2024-01-31'")
RUN = "0b5f6e0a-4a51-4d0b-9df5-1f6a2f5f6d11"
LOCK = "daily__dbt_snapshot_2024_01_31"


def test_the_lock_is_named_as_runs_name_it() -> None:
    assert lock_relation(TABLE, JANUARY) == TABLE.beside(LOCK)
    assert lock_relation(TABLE, SnapshotDate(JANUARY.day, "v2024.01", "")).identifier == "daily__dbt_snapshot__2024_01"


def test_tables_of_a_run_are_named_after_its_folder() -> None:
    found = tables_of_run(TABLE.beside(LOCK), f"s3://b/t/{RUN}")
    run = RUN.replace("-", "_")
    assert [each.identifier for each in found] == [f"{LOCK}_{run}", f"{LOCK}_{run}_staging"]
    assert all(stands_beside(TABLE, each) for each in found)


@pytest.mark.parametrize("name", ["daily", "daily_other", "daily__dbt_replaced_x", "dailyx__dbt_snapshot_2024_01_31"])
def test_other_tables_do_not_stand_beside_it(name: str) -> None:
    assert not stands_beside(TABLE, TABLE.beside(name))
    assert not stands_beside(TABLE, Relation("awsdatacatalog", "sales", LOCK))


def test_notes_and_locks_are_found_among_names() -> None:
    names = [
        "daily",
        LOCK,
        f"{LOCK}_{RUN.replace('-', '_')}",
        "daily__dbt_replaced_0123456789ab_202402010930_2024_01_31",
        "daily__dbt_interrupted_ba9876543210_202402010931_2024_02_29",
        "daily__dbt_replaced_0123456789ab_202402010930",
        "other__dbt_replaced_0123456789ab_202402010930_2024_01_31",
        "other__dbt_snapshot_2024_01_31",
    ]
    assert read_locks(names, TABLE) == [TABLE.beside(LOCK)]
    replaced, interrupted = read_notes(names, TABLE)
    assert (replaced.reason, replaced.key, replaced.lock.identifier) == ("replaced", "0123456789ab", LOCK)
    assert replaced.written == datetime(2024, 2, 1, 9, 30, tzinfo=timezone.utc)
    assert (interrupted.reason, interrupted.lock.identifier) == ("interrupted", "daily__dbt_snapshot_2024_02_29")


@pytest.mark.parametrize(
    ("folder", "owner"),
    [
        (f"s3://b/t/dbt-drop-{RUN}", DROP),
        (f"s3://b/t/dbt-compact-{RUN}", COMPACT),
        (f"s3://b/drop-tests/compact-tables/t/{RUN}", None),
    ],
)
def test_the_last_part_of_a_folder_tells_its_owner(folder: str, owner: str | None) -> None:
    assert belongs_to(DROP, folder) == (owner == DROP)
    assert belongs_to(COMPACT, folder) == (owner == COMPACT)


def test_a_note_is_over_after_the_whole_minutes_of_grace() -> None:
    written = datetime(2024, 2, 1, 9, 30, tzinfo=timezone.utc)
    note = Note(TABLE, "replaced", "0" * 12, written, TABLE)
    hour = timedelta(hours=1)
    assert not is_over(note, written.replace(hour=10, minute=29, second=59), hour)
    assert is_over(note, written.replace(hour=10, minute=30), hour)
    assert is_over(note, written.replace(second=1), timedelta())


@pytest.mark.parametrize(("owner", "longest"), [(DROP, 201), (COMPACT, 181)])
def test_names_have_room_for_what_stands_beside(owner: str, longest: int) -> None:
    assert name_is_short_enough(TABLE.beside("x" * longest), JANUARY, owner)
    assert not name_is_short_enough(TABLE.beside("x" * (longest + 1)), JANUARY, owner)
