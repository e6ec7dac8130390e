"""What a value of a snapshot column stands for."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derived_tables.errors import RefusedError
from derived_tables.project.manifest import Node
from derived_tables.relation import Relation
from derived_tables.snapshots.cleaning import grace_of
from derived_tables.snapshots.tables import SnapshotTable
from derived_tables.snapshots.values import DEFAULT_FORMATS, SnapshotDate, read_value
from derived_tables.warehouse.interface import Table

#: On a machine that is busy with other tests.
BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

JANUARY = date(2024, 1, 31)


@pytest.mark.parametrize(
    ("value", "formats", "expected"),
    [
        (JANUARY, DEFAULT_FORMATS, SnapshotDate(JANUARY, "2024-01-31", "date '2024-01-31'")),
        ("2024-01-31", DEFAULT_FORMATS, SnapshotDate(JANUARY, "2024-01-31", "'2024-01-31'")),
        ("20240131", DEFAULT_FORMATS, SnapshotDate(JANUARY, "20240131", "'20240131'")),
        (20240131, DEFAULT_FORMATS, SnapshotDate(JANUARY, "20240131", "20240131")),
        (202401, ("%Y%m",), SnapshotDate(date(2024, 1, 1), "202401", "202401")),
        ("2024", ("%Y",), SnapshotDate(date(2024, 1, 1), "2024", "'2024'")),
        ("it's 2024.01", ("it's %Y.%m",), SnapshotDate(date(2024, 1, 1), "it's 2024.01", "'it''s 2024.01'")),
        ("31/01/2024", ("%d/%m/%Y",), SnapshotDate(JANUARY, "31/01/2024", "'31/01/2024'")),
    ],
)
def test_dates(value: object, formats: tuple[str, ...], expected: SnapshotDate) -> None:
    assert read_value(value, formats, "it") == expected


@pytest.mark.parametrize(
    "value",
    ["2024-02-30", "2024x01x31", "2024-1-31", "", "north", 2024, datetime(2024, 1, 31, tzinfo=timezone.utc), None],
)
def test_what_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(
        RefusedError, match=r"^it must be a date, or a text or whole number like `%Y-%m-%d` or `%Y%m%d`"
    ):
        read_value(value, DEFAULT_FORMATS, "it")


def _table(type_: str, formats: tuple[str, ...] = DEFAULT_FORMATS) -> SnapshotTable:
    relation = Relation("awsdatacatalog", "orders", "daily")
    return SnapshotTable(
        cast(Node, None), Table(relation, "hive", {"day": type_}, ("day",), "s3://b/t"), "day", formats
    )


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("date", "2024-01-31", JANUARY),
        ("string", "20240131", "20240131"),
        ("varchar(8)", "20240131", "20240131"),
        ("int", "20240131", 20240131),
        ("bigint", "20240131", 20240131),
        ("smallint", "20240131", 20240131),
    ],
)
def test_glue_and_queries_tell_the_same(type_: str, text: str, value: object) -> None:
    assert _table(type_).read_key(text) == _table(type_).read(value)


def test_a_date_in_glue_has_one_form() -> None:
    assert _table("date", ("%Y%m",)).read_key("2024-01-31").day == JANUARY
    with pytest.raises(RefusedError):
        _table("date").read_key("20240131")


@settings(BUSY)
@given(st.dates())
def test_every_date_is_read_as_it_is_written(day: date) -> None:
    assert read_value(day, (), "it").day == day
    text = f"{day.year:04}-{day.month:02}-{day.day:02}"
    assert read_value(text, DEFAULT_FORMATS, "it").day == day


@pytest.mark.parametrize(("given_", "minutes"), [(None, 60), (0, 0), ("5", 5), (999999, 999999)])
def test_grace(given_: object, minutes: int) -> None:
    assert grace_of(given_) == timedelta(minutes=minutes)


@pytest.mark.parametrize("given_", [-1, 1.5, "", "soon", True, [5], "²", 1000000])
def test_grace_that_makes_no_sense_is_refused(given_: object) -> None:
    with pytest.raises(RefusedError, match="var `snapshot_grace_minutes` must be a whole number of minutes, got"):
        grace_of(given_)
