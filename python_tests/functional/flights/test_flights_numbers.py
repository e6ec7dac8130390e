"""The numbers of the flights project, against the same numbers worked out by pandas from the published files.

Means and shares are compared bit for bit: the models add up integers and decimals only, so there is nothing to round.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from derived_tables.harness.nyc_flights import find_data

KEY = ["carrier", "flight", "date", "origin"]


@pytest.fixture(scope="module")
def connection(flights_duckdb: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The DuckDB file that the project was built into, in the environment dev."""
    with duckdb.connect(str(flights_duckdb), read_only=True) as opened:
        yield opened


def read_csv(name: str) -> pd.DataFrame:
    return pd.read_csv(find_data() / name, na_values=["NA"], keep_default_na=False, float_precision="round_trip")


@pytest.fixture(scope="module")
def flights() -> pd.DataFrame:
    """The published flights, with what the tests work out once."""
    frame = read_csv("flights.csv.zip")
    frame["date"] = pd.to_datetime(frame[["year", "month", "day"]])
    frame["month_start"] = frame["date"].dt.to_period("M").dt.to_timestamp()
    frame["utc_hour"] = pd.to_datetime(frame["time_hour"], utc=True).dt.tz_localize(None)
    frame["cancelled"] = frame["dep_time"].isna()
    frame["diverted"] = frame["dep_time"].notna() & frame["arr_delay"].isna()
    frame["on_time_departure"] = frame["dep_delay"] < 15
    frame["on_time_arrival"] = frame["arr_delay"] < 15
    return frame


@pytest.fixture(scope="module")
def weather() -> pd.DataFrame:
    """The published weather without the one wind that no instrument can have seen."""
    frame = read_csv("weather.csv")
    frame["date"] = pd.to_datetime(frame[["year", "month", "day"]])
    frame["utc_hour"] = pd.to_datetime(frame["time_hour"], utc=True).dt.tz_localize(None)
    frame.loc[frame["wind_speed"] > 1000, "wind_speed"] = None
    return frame


def punctuality(frame: pd.DataFrame, by: list[str], direction: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """By group: scheduled and cancelled flights, cancelled share, mean delay and punctual share of the others."""
    delay, on_time = {
        "departure": ("dep_delay", "on_time_departure"),
        "arrival": ("arr_delay", "on_time_arrival"),
    }[direction]
    return {
        (key if isinstance(key, tuple) else (key,)): (
            len(group),
            int(group["cancelled"].sum()),
            int(group["cancelled"].sum()) / len(group),
            group[delay].mean() if group[delay].notna().any() else None,
            int(group[on_time].sum()) / int(group[delay].count()) if group[delay].notna().any() else None,
        )
        for key, group in frame.groupby(by)
    }


def by_key(connection: duckdb.DuckDBPyConnection, sql: str, keys: int) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Rows of a query by their first columns."""
    rows = connection.execute(sql).fetchall()
    found = {row[:keys]: row[keys:] for row in rows}
    assert len(found) == len(rows)
    return found


# Facts and dimensions


def test_flights_per_carrier(connection: duckdb.DuckDBPyConnection, flights: pd.DataFrame) -> None:
    found = dict(
        connection.execute(
            "select carrier_code, count(*) from air_traffic_datamarts_dev_dbt.fct_flights group by carrier_code"
        ).fetchall()
    )
    assert found == flights.groupby("carrier").size().to_dict()
    assert (found["UA"], found["B6"], found["EV"], found["OO"]) == (58_665, 54_635, 54_173, 32)


def test_what_became_of_flights(connection: duckdb.DuckDBPyConnection, flights: pd.DataFrame) -> None:
    found = dict(
        connection.execute(
            "select flight_status, count(*) from air_traffic_datamarts_dev_dbt.fct_flights group by flight_status"
        ).fetchall()
    )
    assert found == {"cancelled": 8_255, "diverted": 1_175, "landed": 327_346}
    assert found["cancelled"] == flights["cancelled"].sum()
    assert found["diverted"] == flights["diverted"].sum()


def test_every_flight_is_there_as_published(connection: duckdb.DuckDBPyConnection, flights: pd.DataFrame) -> None:
    published = {
        "carrier_code": "carrier",
        "flight_number": "flight",
        "flight_date": "date",
        "origin_airport_code": "origin",
        "destination_airport_code": "dest",
        "tail_number": "tailnum",
        "scheduled_departure_hour": "hour",
        "scheduled_departure_hour_utc": "utc_hour",
        "departure_delay_minutes": "dep_delay",
        "arrival_delay_minutes": "arr_delay",
        "air_time_minutes": "air_time",
        "distance_miles": "distance",
    }
    columns = ", ".join(f"{ours} as {theirs}" for ours, theirs in published.items())
    found = connection.execute(f"select {columns} from air_traffic_datamarts_dev_dbt.fct_flights").df()
    expected = flights[list(published.values())].sort_values(KEY, ignore_index=True)
    found = found.sort_values(KEY, ignore_index=True)
    found["tailnum"] = found["tailnum"].fillna("")  # a null text is None here, NaN there
    expected["tailnum"] = expected["tailnum"].fillna("")
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_dates_and_times_of_flights(connection: duckdb.DuckDBPyConnection, flights: pd.DataFrame) -> None:
    """Worked out another way than by the model: arrivals from the schedule, departures from the local clock."""
    found = connection.execute(
        "select carrier_code as carrier, flight_number as flight, flight_date as date, origin_airport_code as origin, "
        "scheduled_departure_at_utc, departed_at_utc, arrival_date from air_traffic_datamarts_dev_dbt.fct_flights"
    ).df()
    both = flights.merge(found, on=KEY, validate="one_to_one")
    assert len(both) == len(flights)

    scheduled = both["utc_hour"] + pd.to_timedelta(both["minute"], unit="min")
    assert both["scheduled_departure_at_utc"].eq(scheduled).all()

    assert both["departed_at_utc"].isna().equals(both["cancelled"])
    departed = both[~both["cancelled"]]
    clock = departed["departed_at_utc"].dt.tz_localize("UTC").dt.tz_convert("America/New_York")
    assert (clock.dt.hour * 100 + clock.dt.minute).eq(departed["dep_time"] % 2400).all()

    landed = both["arr_delay"].notna()
    assert both["arrival_date"].notna().equals(landed)
    minutes = both["sched_arr_time"] // 100 * 60 + both["sched_arr_time"] % 100 + both["arr_delay"]
    overnight = (both["sched_arr_time"] < both["sched_dep_time"]).astype(int)
    arrived = both["date"] + pd.to_timedelta(overnight, unit="D") + pd.to_timedelta(minutes, unit="min")
    assert both["arrival_date"][landed].eq(arrived[landed].dt.normalize()).all()


@pytest.mark.parametrize(
    ("column", "source"), [("departure_delay_band", "dep_delay"), ("arrival_delay_band", "arr_delay")]
)
def test_delay_bands(connection: duckdb.DuckDBPyConnection, flights: pd.DataFrame, column: str, source: str) -> None:
    bands = pd.cut(
        flights[source],
        [-float("inf"), 0, 15, 60, 180, float("inf")],
        right=False,
        labels=["early", "on_time", "short_delay", "long_delay", "very_long_delay"],
    )
    found = dict(
        connection.execute(
            f"select {column}, count(*) from air_traffic_datamarts_dev_dbt.fct_flights group by {column}"
        ).fetchall()
    )
    assert found == {**bands.value_counts().to_dict(), None: flights[source].isna().sum()}


def test_daily_departures(connection: duckdb.DuckDBPyConnection, flights: pd.DataFrame) -> None:
    found = connection.execute(
        "select flight_date as date, origin_airport_code as origin, carrier_code as carrier, "
        "scheduled_flights, cancelled_flights, diverted_flights, landed_flights, departed_flights, "
        "on_time_departures, on_time_arrivals, departure_delay_minutes, arrival_delay_minutes "
        "from air_traffic_datamarts_dev_dbt.fct_daily_departures"
    ).df()
    expected = (
        flights.groupby(["date", "origin", "carrier"])
        .agg(
            scheduled_flights=("flight", "size"),
            cancelled_flights=("cancelled", "sum"),
            diverted_flights=("diverted", "sum"),
            landed_flights=("arr_delay", "count"),
            departed_flights=("dep_delay", "count"),
            on_time_departures=("on_time_departure", "sum"),
            on_time_arrivals=("on_time_arrival", "sum"),
            departure_delay_minutes=("dep_delay", "sum"),
            arrival_delay_minutes=("arr_delay", "sum"),
        )
        .reset_index()
    )
    pd.testing.assert_frame_equal(
        found.sort_values(["date", "origin", "carrier"], ignore_index=True), expected, check_dtype=False
    )


def test_airports(connection: duckdb.DuckDBPyConnection, flights: pd.DataFrame) -> None:
    listed = set(read_csv("airports.csv")["faa"])
    found = by_key(
        connection,
        "select airport_code, is_origin, is_inferred from air_traffic_datamarts_dev_dbt.dim_airports",
        keys=1,
    )
    flown = set(flights["origin"]) | set(flights["dest"])
    assert {code for (code,) in found} == listed | flown
    assert {code for (code,), (_, inferred) in found.items() if inferred} == {"BQN", "PSE", "SJU", "STT"}
    assert {code for (code,), (origin, _) in found.items() if origin} == set(flights["origin"])


def test_aircraft(connection: duckdb.DuckDBPyConnection, flights: pd.DataFrame) -> None:
    registered = read_csv("planes.csv").set_index("tailnum")["seats"].to_dict()
    found = by_key(
        connection,
        "select tail_number, seat_count, is_inferred from air_traffic_datamarts_dev_dbt.dim_aircraft",
        keys=1,
    )
    inferred = set(flights["tailnum"].dropna()) - set(registered)
    assert len(inferred) == 721
    assert found == {
        **{(number,): (seats, False) for number, seats in registered.items()},
        **{(number,): (None, True) for number in inferred},
    }


def test_carriers(connection: duckdb.DuckDBPyConnection) -> None:
    found = connection.execute(
        "select carrier_code, carrier_name from air_traffic_datamarts_dev_dbt.dim_carriers "
        "where carrier_group is not null"
    ).fetchall()
    assert dict(found) == read_csv("airlines.csv").set_index("carrier")["name"].to_dict()


def test_calendar(connection: duckdb.DuckDBPyConnection) -> None:
    days = pd.DataFrame({"calendar_date": pd.date_range("2013-01-01", "2013-12-31")})
    date = days["calendar_date"].dt
    expected = days.assign(
        calendar_year=date.year,
        calendar_quarter=date.quarter,
        calendar_month=date.month,
        month_start_date=date.to_period("M").dt.to_timestamp(),
        week_start_date=date.to_period("W").dt.start_time,
        day_of_week=date.day_of_week + 1,
        day_name=date.day_name(),
        is_weekend=date.day_of_week >= 5,
    )
    found = connection.execute("from air_traffic_datamarts_dev_dbt.dim_dates order by calendar_date").df()
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


# Punctuality


def test_mean_departure_delay_per_origin_and_month(
    connection: duckdb.DuckDBPyConnection, flights: pd.DataFrame
) -> None:
    found = by_key(
        connection,
        "select month_start_date::timestamp, origin_airport_code, scheduled_flights, cancelled_flights, "
        "cancelled_share, mean_departure_delay_minutes, on_time_departure_share "
        "from punctuality_derived_dev_dbt.origin_monthly",
        keys=2,
    )
    assert found == punctuality(flights, ["month_start", "origin"], "departure")
    assert round(found[pd.Timestamp("2013-01-01"), "EWR"][3], 4) == 14.9057


def test_punctuality_of_carriers_by_month(connection: duckdb.DuckDBPyConnection, flights: pd.DataFrame) -> None:
    found = by_key(
        connection,
        "select month_start_date::timestamp, carrier_code, scheduled_flights, cancelled_flights, cancelled_share, "
        "mean_arrival_delay_minutes, on_time_arrival_share, previous_on_time_arrival_share "
        "from punctuality_derived_dev_dbt.carrier_monthly",
        keys=2,
    )
    expected = punctuality(flights, ["month_start", "carrier"], "arrival")
    nothing = (None,) * 5
    assert found == {
        (month, carrier): (*measures, expected.get((month - pd.DateOffset(months=1), carrier), nothing)[4])
        for (month, carrier), measures in expected.items()
    }
    # SkyWest pauses from February to May: its month before June is May, in which it did not fly.
    assert found[pd.Timestamp("2013-06-01"), "OO"][5] is None


def test_mean_departure_delay_of_carriers_by_month(
    connection: duckdb.DuckDBPyConnection, flights: pd.DataFrame
) -> None:
    found = connection.execute(
        "select month_start_date::timestamp, carrier_code, mean_departure_delay_minutes "
        "from punctuality_derived_dev_dbt.carrier_monthly"
    ).fetchall()
    expected = flights.groupby(["month_start", "carrier"])["dep_delay"].mean().to_dict()
    assert {(month, carrier): mean for month, carrier, mean in found} == expected


def test_routes(connection: duckdb.DuckDBPyConnection, flights: pd.DataFrame) -> None:
    found = by_key(
        connection,
        "select origin_airport_code, destination_airport_code, scheduled_flights, cancelled_flights, cancelled_share, "
        "mean_arrival_delay_minutes, on_time_arrival_share, carriers, distance_miles, rank_at_origin "
        "from punctuality_derived_dev_dbt.routes",
        keys=2,
    )
    by = ["origin", "dest"]
    carriers = flights.groupby(by)["carrier"].nunique().to_dict()
    distance = flights.groupby(by)["distance"].max().to_dict()
    counts = (
        flights.groupby(by).size().reset_index(name="flights").sort_values(["flights", "dest"], ascending=[False, True])
    )
    counts["rank"] = counts.groupby("origin").cumcount() + 1
    rank = counts.set_index(by)["rank"].to_dict()
    assert found == {
        route: (*measures, carriers[route], distance[route], rank[route])
        for route, measures in punctuality(flights, by, "arrival").items()
    }
    # One flight was scheduled from Newark to LaGuardia, and it was cancelled.
    assert found["EWR", "LGA"][:5] == (1, 1, 1.0, None, None)


def test_hours_of_the_day(connection: duckdb.DuckDBPyConnection, flights: pd.DataFrame) -> None:
    found = by_key(
        connection,
        "select origin_airport_code, scheduled_departure_hour, scheduled_flights, cancelled_flights, cancelled_share, "
        "mean_departure_delay_minutes, on_time_departure_share from punctuality_derived_dev_dbt.hourly",
        keys=2,
    )
    assert found == punctuality(flights, ["origin", "hour"], "departure")


# Weather


def test_observations(connection: duckdb.DuckDBPyConnection, weather: pd.DataFrame) -> None:
    measures = {
        "temperature_fahrenheit": "temp",
        "dew_point_fahrenheit": "dewp",
        "relative_humidity_percent": "humid",
        "wind_direction_degrees": "wind_dir",
        "wind_speed_mph": "wind_speed",
        "wind_gust_mph": "wind_gust",
        "precipitation_inches": "precip",
        "sea_level_pressure_millibars": "pressure",
        "visibility_miles": "visib",
    }
    columns = ", ".join(f"{ours}::double as {theirs}" for ours, theirs in measures.items())
    found = connection.execute(
        f"select airport_code as origin, observation_hour_utc as utc_hour, observation_date as date, {columns} "
        "from weather_datamarts_dev_dbt.fct_hourly_observations"
    ).df()
    key = ["origin", "utc_hour"]
    pd.testing.assert_frame_equal(
        found.sort_values(key, ignore_index=True),
        weather[found.columns].sort_values(key, ignore_index=True),
        check_dtype=False,
        check_exact=False,
        rtol=1e-12,  # 10.357019999999999 was published where 10.35702 was meant
    )
    assert found["wind_speed"].max() == 42.57886


def test_weather_of_the_day(connection: duckdb.DuckDBPyConnection, weather: pd.DataFrame) -> None:
    found = by_key(
        connection,
        "select observation_date::timestamp, airport_code, observed_hours, min_temperature_fahrenheit::double, "
        "mean_temperature_fahrenheit, max_temperature_fahrenheit::double, precipitation_inches::double, "
        "max_wind_speed_mph::double, min_visibility_miles::double, low_visibility_hours "
        "from weather_derived_dev_dbt.daily_conditions",
        keys=2,
    )
    assert found == {
        key: (
            len(day),
            day["temp"].min(),
            int((day["temp"] * 100).round().sum()) / 100 / day["temp"].count(),
            day["temp"].max(),
            round(day["precip"].sum(), 2),
            round(day["wind_speed"].max(), 5),
            day["visib"].min(),
            (day["visib"] < 3).sum(),
        )
        for key, day in weather.groupby(["date", "origin"])
    }


@pytest.fixture(scope="module")
def flights_with_weather(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    """Every flight with the bands of the weather at its origin in its hour."""
    joined = flights.merge(
        weather[["origin", "utc_hour", "wind_speed", "visib"]],
        on=["origin", "utc_hour"],
        how="left",
        validate="many_to_one",
        indicator=True,
    )
    infinity = float("inf")
    wind = pd.cut(
        joined["wind_speed"],
        [0, 1, 13, 25, infinity],
        right=False,
        labels=["calm", "light", "moderate", "strong"],
    )
    joined["wind_band"] = wind.astype(object).where(wind.notna(), "not_observed")
    visibility = joined["visib"]
    joined["visibility_band"] = "not_observed"
    joined.loc[visibility > 5, "visibility_band"] = "visual"
    joined.loc[visibility <= 5, "visibility_band"] = "marginal"
    joined.loc[visibility < 3, "visibility_band"] = "instrument"
    joined.loc[visibility < 1, "visibility_band"] = "low_instrument"
    return joined


def test_weather_of_flights(connection: duckdb.DuckDBPyConnection, flights_with_weather: pd.DataFrame) -> None:
    found = connection.execute(
        "select wind_band, visibility_band, flight_status, count(*), count(departure_delay_minutes), "
        "sum(departure_delay_minutes)::bigint from weather_derived_dev_dbt.flight_conditions "
        "group by wind_band, visibility_band, flight_status"
    ).fetchall()
    status = pd.Series("landed", index=flights_with_weather.index)
    status[flights_with_weather["cancelled"]] = "cancelled"
    status[flights_with_weather["diverted"]] = "diverted"
    groups = flights_with_weather.groupby(["wind_band", "visibility_band", status])["dep_delay"]
    assert {row[:3]: row[3:] for row in found} == {
        key: (len(delays), delays.count(), delays.sum() if delays.count() else None) for key, delays in groups
    }
    without = connection.execute(
        "select count(*) from weather_derived_dev_dbt.flight_conditions where observation_id is null"
    ).fetchall()
    assert without == [(1_556,)]


@pytest.mark.parametrize("what", ["wind", "visibility"])
def test_delays_by_weather(
    connection: duckdb.DuckDBPyConnection, flights_with_weather: pd.DataFrame, what: str
) -> None:
    found = by_key(
        connection,
        f"select origin_airport_code, {what}_band, scheduled_flights, cancelled_flights, cancelled_share, "
        f"mean_departure_delay_minutes, on_time_departure_share from weather_derived_dev_dbt.delays_by_{what}",
        keys=2,
    )
    assert found == punctuality(flights_with_weather, ["origin", f"{what}_band"], "departure")
