"""snapshot_date() and snapshot_date_literal(): which day, as which text, and what is refused."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import dbt.tracking
import pytest
from dbt_common.exceptions import CompilationError
from dbt_common.invocation import reset_invocation_id
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derived_tables.harness.macros import Macros

#: A call takes a few milliseconds, the first one more.
MANY = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

FAR = {"allow_future_snapshots": True}


def started(moment: datetime) -> pytest.MonkeyPatch:
    """Lets dbt's invocation have begun at a moment; the clock goes on."""
    patch = pytest.MonkeyPatch()
    user = dbt.tracking.User(None)
    user.run_started_at = moment
    patch.setattr(dbt.tracking, "active_user", user)
    return patch


@pytest.fixture
def leap_day(macros: Macros) -> Iterator[Macros]:
    """The macros in a run that began a moment before midnight of a leap day, long ago."""
    patch = started(datetime(2024, 2, 29, 23, 59, 59, 999_999, timezone.utc))
    yield macros
    patch.undo()


@pytest.fixture
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """Another time zone of the process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


@pytest.mark.parametrize("value", ["2024-01-31", date(2024, 1, 31)])
def test_the_var_wins(macros: Macros, value: Any) -> None:
    variables = {"snapshot_date": value}
    assert macros.call("snapshot_date", variables=variables) == "date '2024-01-31'"
    assert macros.call("snapshot_date_literal", variables=variables) == "'2024-01-31'"


@pytest.mark.parametrize(
    "value",
    [
        "2024-02-30",
        "2023-02-29",
        "1900-02-29",
        "2024-13-01",
        "2024-00-10",
        "2024-01-00",
        "0000-01-01",
        "2024-1-1",
        "20240131",
        20240131,
        "2024-01-31\n",
        " 2024-01-31",
        "2024-01-31 00:00:00",
        datetime(2024, 1, 31, tzinfo=timezone.utc),
        "\u0662\u0660\u0662\u0664-01-31",
        "today",
        "",
        0,
        False,
        [],
        ["2024-01-31"],
        {"date": "2024-01-31"},
    ],
)
def test_what_is_no_date_is_refused(macros: Macros, value: Any) -> None:
    for macro in ("snapshot_date", "snapshot_date_literal"):
        with pytest.raises(CompilationError) as caught:
            macros.call(macro, variables={"snapshot_date": value})
        message = f"derived_tables.{macro}: var `snapshot_date` must be a date like `2024-01-31`, got `{value}`.\n"
        assert message in caught.value.msg.replace("\n  ", "\n")


@pytest.mark.parametrize("value", ["2024-02-29", "2000-02-29", "0001-01-01", "2024-12-31"])
def test_rare_days_are_dates(macros: Macros, value: str) -> None:
    assert macros.call("snapshot_date", variables={"snapshot_date": value}) == f"date '{value}'"


def test_the_date_is_that_on_which_the_run_began(leap_day: Macros) -> None:
    """By now it is another day: neither the clock nor the model decides."""
    for model in (None, "model.consumer.orders__daily", "seed.consumer.orders__bands"):
        assert leap_day.call("snapshot_date", model=model) == "date '2024-02-29'"
        assert leap_day.call("snapshot_date_literal", model=model, format="%d.%m.%Y") == "'29.02.2024'"


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Etc/GMT-14"], indirect=True)
def test_the_date_is_that_of_utc(macros: Macros, zone: str) -> None:
    """At any time it is another date than in UTC in one of the two zones."""
    del zone
    reset_invocation_id()
    before = datetime.now(timezone.utc).date()
    dbt.tracking.initialize_from_flags(False, "")
    found = macros.call("snapshot_date")
    assert found in {f"date '{day}'" for day in (before, datetime.now(timezone.utc).date())}


def test_the_future_is_refused_unless_allowed(leap_day: Macros) -> None:
    assert leap_day.call("snapshot_date", variables={"snapshot_date": "2024-02-29"}) == "date '2024-02-29'"
    variables = {"snapshot_date": "2024-03-01"}
    with pytest.raises(CompilationError) as caught:
        leap_day.call("snapshot_date", variables=variables)
    assert "must be at most 2024-02-29, the date of this run in UTC, got `2024-03-01`" in caught.value.msg
    assert "`allow_future_snapshots: true`" in caught.value.msg
    assert leap_day.call("snapshot_date", variables=variables | FAR) == "date '2024-03-01'"


@pytest.mark.parametrize("value", ["false", "no", 0, "", None])
def test_only_true_allows_the_future(leap_day: Macros, value: Any) -> None:
    with pytest.raises(CompilationError, match="at most 2024-02-29"):
        leap_day.call("snapshot_date", variables={"snapshot_date": "2024-03-01", "allow_future_snapshots": value})


@pytest.mark.parametrize(
    ("value", "grain", "expected"),
    [
        ("2024-01-01", "week", "2024-01-01"),  # a Monday
        ("2024-01-07", "week", "2024-01-01"),
        ("2023-01-01", "week", "2022-12-26"),  # a Sunday; the week began in the year before
        ("2024-03-03", "week", "2024-02-26"),  # over a leap day
        ("2024-02-29", "month", "2024-02-01"),
        ("2024-12-31", "month", "2024-12-01"),
        ("2024-02-29", "day", "2024-02-29"),
    ],
)
def test_grains(macros: Macros, value: str, grain: str, expected: str) -> None:
    variables = {"snapshot_date": value}
    assert macros.call("snapshot_date", variables=variables, grain=grain) == f"date '{expected}'"
    assert macros.call("snapshot_date_literal", variables=variables, grain=grain) == f"'{expected}'"


@pytest.mark.parametrize("grain", ["year", "Week", 7, ["day"]])
def test_other_grains_are_refused(macros: Macros, grain: Any) -> None:
    with pytest.raises(CompilationError, match="`snapshot_grain` must be one of `day`, `week`, `month`, got"):
        macros.call("snapshot_date", grain=grain)


@MANY
@given(day=st.dates(), grain=st.sampled_from(["day", "week", "month"]))
def test_grains_of_any_day(macros: Macros, day: date, grain: str) -> None:
    begins = {"day": day, "week": day - timedelta(days=day.isoweekday() - 1), "month": date(day.year, day.month, 1)}
    expected = begins[grain]
    found = macros.call("snapshot_date", variables={"snapshot_date": day.isoformat(), **FAR}, grain=grain)
    assert found == f"date '{expected.isoformat()}'"


@MANY
@given(
    day=st.dates(),
    parts=st.lists(st.sampled_from(["%Y", "%m", "%d", "-", "_", "/", "."]), min_size=1, max_size=7).map("".join),
)
def test_formats(macros: Macros, day: date, parts: str) -> None:
    format_ = f"%Y{parts}"
    expected = format_
    for code, number in (("%Y", f"{day.year:04}"), ("%m", f"{day.month:02}"), ("%d", f"{day.day:02}")):
        expected = expected.replace(code, number)
    variables = {"snapshot_date": day.isoformat(), **FAR}
    assert macros.call("snapshot_date_literal", variables=variables, format=format_) == f"'{expected}'"
    if day.year >= 1000:  # below, strftime gives as many digits as the C library likes
        assert expected == day.strftime(format_)


@pytest.mark.parametrize(
    "format_",
    ["", "%m-%d", "%Y-%m-%d %H", "%y%m%d", "%Y%B", "%Y'", "%%Y", "%Y%", "%Y%m%d\n", None, 1, ["%Y"], "yyyyMMdd"],
)
def test_other_formats_are_refused(macros: Macros, format_: Any) -> None:
    with pytest.raises(CompilationError, match="the format of a snapshot date must be made of `%Y`"):
        macros.call("snapshot_date_literal", variables={"snapshot_date": "2024-01-31"}, format=format_)
