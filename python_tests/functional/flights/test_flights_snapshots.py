"""Daily snapshots in the flights project: each tells what was known on its day, as pandas works it out from files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from derived_tables.harness.nyc_flights import find_data
from derived_tables.harness.projects import Project
from local_athena import LocalAthena

MODEL = "air_traffic_datamarts__fct_carrier_punctuality_daily"
JANUARY = [f"2013-01-{day:02}" for day in range(1, 32)]

#: Not in their order, as when an early day is run again or comes late.
SOME = [pytest.param(["2013-01-02", "2013-01-01"], id="two days")]
ALL = [*SOME, pytest.param(JANUARY, id="January", marks=pytest.mark.long)]

COLUMNS = (
    "carrier_snapshot_id, carrier_code, last_flight_date, scheduled_flights, cancelled_flights, landed_flights, "
    "mean_arrival_delay_minutes, on_time_arrival_share, snapshot_date"
)

Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def flights() -> pd.DataFrame:
    """The published flights."""
    frame = pd.read_csv(
        find_data() / "flights.csv.zip",
        na_values=["NA"],
        keep_default_na=False,
        float_precision="round_trip",
        usecols=["year", "month", "day", "carrier", "dep_time", "arr_delay"],
    )
    frame["date"] = pd.to_datetime(frame[["year", "month", "day"]]).dt.strftime("%Y-%m-%d")
    return frame


@pytest.fixture(scope="module")
def state(flights_athena: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manifest of the environment dev on Athena, in a folder of its own: runs of other environments defer to it."""
    folder = tmp_path_factory.mktemp("state")
    shutil.copy(flights_athena.path / "target/manifest.json", folder)
    return folder


def snapshot(flights: pd.DataFrame, day: str) -> Rows:
    """The snapshot of a day."""
    return [
        (
            f"{day}_{carrier}",
            carrier,
            known["date"].max(),
            len(known),
            int(known["dep_time"].isna().sum()),
            int(known["arr_delay"].count()),
            known["arr_delay"].mean(),
            int((known["arr_delay"] < 15).sum()) / int(known["arr_delay"].count()),
            day,
        )
        for carrier, known in flights[flights["date"] <= day].groupby("carrier")
    ]


def expected(flights: pd.DataFrame, days: Sequence[str]) -> Rows:
    """The snapshots of some days, in their order."""
    return [row for day in sorted(days) for row in snapshot(flights, day)]


def typed(rows: Sequence[Sequence[Any]]) -> Rows:
    """Rows of texts as `snapshot` gives them."""
    types: list[Callable[[str], Any]] = [str, str, str, int, int, int, float, float, str]
    return [tuple(type_(value) for type_, value in zip(types, row, strict=True)) for row in rows]


@pytest.mark.parametrize("days", ALL)
def test_days_on_duckdb(
    days: list[str], flights_project: Project, flights_duckdb: Path, flights: pd.DataFrame, tmp_path: Path
) -> None:
    file = tmp_path / flights_duckdb.name
    shutil.copyfile(flights_duckdb, file)

    def run(day: str) -> Rows:
        env = {"FLIGHTS_DUCKDB_PATH": str(file)}
        flights_project.dbt("run", "--select", MODEL, variables={"snapshot_date": day}, env=env).passed()
        table = "air_traffic_datamarts_dev_dbt.fct_carrier_punctuality_daily"
        with duckdb.connect(str(file), read_only=True) as connection:
            query = f"select {COLUMNS} from {table} where snapshot_date < date '2014-01-01' order by 1"
            return typed(connection.sql(f"select cast(columns(*) as varchar) from ({query})").fetchall())

    for number, day in enumerate(days, 1):
        found = run(day)
        assert found == expected(flights, days[:number])
    assert run(days[0]) == found


@pytest.mark.parametrize("days", ALL)
def test_days_on_athena(
    days: list[str], flights_athena: Project, local_athena: LocalAthena, flights: pd.DataFrame, state: Path
) -> None:
    """In databases of a pull request, whose other tables are those of dev."""
    local_athena.create_bucket("flights-snapshots")
    number_of_days = str(len(days))
    env = {
        **local_athena.environment(),
        "DERIVED_TABLES_ENVIRONMENT": "ci",
        "DERIVED_TABLES_CI_ID": number_of_days,
        "FLIGHTS_LOCAL_BUCKET": "flights-snapshots",
    }
    table = f"air_traffic_datamarts_ci_{number_of_days}.fct_carrier_punctuality_daily"
    command = ["run", "--select", MODEL, "--defer", "--state", str(state)]

    def run(day: str) -> Rows:
        flights_athena.dbt(*command, target="athena_local", variables={"snapshot_date": day}, env=env).passed()
        found = local_athena.query(f"select {COLUMNS} from {table} order by 1")
        return typed([tuple(row.values()) for row in found])

    for number, day in enumerate(days, 1):
        found = run(day)
        assert found == expected(flights, days[:number])
    assert run(days[0]) == found


def test_a_build_without_a_date_knows_all_flights(flights_duckdb: Path) -> None:
    table = "air_traffic_datamarts_dev_dbt.fct_carrier_punctuality_daily"
    with duckdb.connect(str(flights_duckdb), read_only=True) as connection:
        found = connection.sql(
            f"select count(*), sum(scheduled_flights), max(last_flight_date)::varchar from {table} "
            f"where snapshot_date = (select max(snapshot_date) from {table})"
        ).fetchall()
    assert found == [(16, 336_776, "2013-12-31")]
