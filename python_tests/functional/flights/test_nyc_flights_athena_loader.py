"""The loader of the flights data for a local Athena: what it makes, when it loads again, and how it fails."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
import duckdb
import pyarrow.parquet as pq
import pytest

from derived_tables.harness import nyc_flights
from derived_tables.harness.nyc_flights import DATABASE, TABLES, LoadError, load_into_athena, load_into_duckdb
from local_athena import LocalAthena

BUCKET = "sources-of-flights"
SMALL_TABLES = tuple(table for table in TABLES if table.name != "flights")
HIVE_TYPES = {"varchar": "string", "integer": "int", "double": "double", "timestamp": "timestamp"}


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAthena]:
    """A local Athena that runs no statements: the loader sends none."""
    with LocalAthena(engine=lambda _: None) as running:  # type: ignore[arg-type, return-value]
        yield running


@pytest.fixture
def athena(server: LocalAthena, monkeypatch: pytest.MonkeyPatch) -> LocalAthena:
    """The server, to which this process's clients talk; loads leave out flights, which would only make them slow."""
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(nyc_flights, "TABLES", SMALL_TABLES)
    return server


def entry(table: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = boto3.client("glue").get_table(DatabaseName=DATABASE, Name=table)["Table"]
    return found


def keys(prefix: str = "") -> list[str]:
    listed = boto3.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=prefix)
    return [found["Key"] for found in listed.get("Contents", ())]


def rows(table: str) -> list[dict[str, Any]]:
    """The rows of a table's file, where Glue says that it is."""
    prefix = entry(table)["StorageDescriptor"]["Location"].removeprefix(f"s3://{BUCKET}/")
    [key] = keys(prefix)
    content = boto3.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
    found: list[dict[str, Any]] = pq.read_table(BytesIO(content)).drop_columns(["loaded_at"]).to_pylist()
    return found


def test_entries_of_glue(athena: LocalAthena) -> None:
    load_into_athena(BUCKET)
    for table in SMALL_TABLES:
        found = entry(table.name)
        assert found["TableType"] == "EXTERNAL_TABLE"
        assert found["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"].endswith("ParquetHiveSerDe")
        assert found["StorageDescriptor"]["Location"].startswith(f"s3://{BUCKET}/sources/nyc_flights/{table.name}/")
        assert {column["Name"]: column["Type"] for column in found["StorageDescriptor"]["Columns"]} == {
            **{name: HIVE_TYPES[type_] for name, type_ in table.columns.items()},
            "loaded_at": "timestamp",
        }
    assert athena.stores.glue.database(DATABASE) is not None


@pytest.mark.usefixtures("athena")
def test_rows_are_those_of_duckdb(tmp_path: Path) -> None:
    load_into_athena(BUCKET)
    load_into_duckdb(tmp_path / "flights.duckdb")
    with duckdb.connect(str(tmp_path / "flights.duckdb")) as connection:
        for table in SMALL_TABLES:
            stored = connection.execute(f"select * exclude (loaded_at) from {DATABASE}.{table.name}")
            assert rows(table.name) == stored.to_arrow_table().to_pylist()


@pytest.mark.usefixtures("athena")
def test_all_tables_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nyc_flights, "TABLES", TABLES)
    load_into_athena(BUCKET)
    assert {table.name: len(rows(table.name)) for table in TABLES} == {
        "airlines": 16,
        "airports": 1_458,
        "flights": 336_776,
        "planes": 3_322,
        "weather": 26_115,
    }


@pytest.mark.usefixtures("athena")
def test_a_second_load_does_nothing() -> None:
    load_into_athena(BUCKET)
    before = (entry("airlines"), keys())
    assert not load_into_athena(BUCKET)
    assert (entry("airlines"), keys()) == before


@pytest.mark.usefixtures("athena")
def test_force_loads_again_and_leaves_nothing_behind() -> None:
    load_into_athena(BUCKET)
    before = keys("sources/nyc_flights/airlines/")
    assert load_into_athena(BUCKET, force=True)
    after = keys("sources/nyc_flights/airlines/")
    assert (len(after), set(after) & set(before)) == (1, set())


def _drop_table() -> None:
    boto3.client("glue").delete_table(DatabaseName=DATABASE, Name="weather")


def _drop_database() -> None:
    boto3.client("glue").delete_database(Name=DATABASE)


def _delete_file() -> None:
    boto3.client("s3").delete_object(Bucket=BUCKET, Key=keys("sources/nyc_flights/planes/")[0])


def _replace_file() -> None:
    boto3.client("s3").put_object(Bucket=BUCKET, Key=keys("sources/nyc_flights/planes/")[0], Body=b"x")


def _add_file() -> None:
    boto3.client("s3").put_object(Bucket=BUCKET, Key=keys("sources/nyc_flights/planes/")[0] + ".more", Body=b"x")


def _change_type() -> None:
    changed: Any = {name: entry("airports")[name] for name in ("Name", "TableType", "Parameters", "StorageDescriptor")}
    changed["StorageDescriptor"]["Columns"][0]["Type"] = "int"
    boto3.client("glue").update_table(DatabaseName=DATABASE, TableInput=changed)


@pytest.mark.usefixtures("athena")
@pytest.mark.parametrize("damage", [_drop_table, _drop_database, _delete_file, _replace_file, _add_file, _change_type])
def test_what_is_missing_or_changed_is_repaired(damage: Any) -> None:
    load_into_athena(BUCKET)
    damage()
    assert load_into_athena(BUCKET)
    assert {table.name: len(rows(table.name)) for table in SMALL_TABLES} == {
        table.name: table.rows for table in SMALL_TABLES
    }
    assert not load_into_athena(BUCKET)


@pytest.mark.usefixtures("athena")
def test_another_version_of_the_loader_loads_again(monkeypatch: pytest.MonkeyPatch) -> None:
    load_into_athena(BUCKET)
    monkeypatch.setattr(nyc_flights, "LOADER_VERSION", nyc_flights.LOADER_VERSION + 1)
    assert load_into_athena(BUCKET)


@pytest.mark.usefixtures("athena")
def test_unpublished_rows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    load_into_athena(BUCKET)
    before = (entry("airlines"), keys())
    tables = [replace(table, rows=1) if table.name == "weather" else table for table in SMALL_TABLES]
    monkeypatch.setattr(nyc_flights, "TABLES", tables)
    with pytest.raises(LoadError, match=r"weather\.csv must have 1 rows, as published, got 26115"):
        load_into_athena(BUCKET)
    assert (entry("airlines"), keys()) == before


def test_without_an_endpoint_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setattr(boto3, "client", lambda *_, **__: pytest.fail("a client was made"))
    with pytest.raises(LoadError, match="AWS_ENDPOINT_URL is not set, so this would be AWS itself"):
        load_into_athena(BUCKET)


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(
        LoadError, match=r"The Athena at http://127\.0\.0\.1:1 \(AWS_ENDPOINT_URL\) does not do as asked"
    ):
        load_into_athena(BUCKET)


def test_command(server: LocalAthena, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "derived_tables.harness.nyc_flights", "--bucket", BUCKET]
    outputs = [
        subprocess.run(
            [*command, *arguments], cwd=tmp_path, env=server.environment(), capture_output=True, text=True, check=True
        ).stdout
        for arguments in (["--force"], [])
    ]
    assert outputs[0].splitlines()[2] == "nyc_flights.flights: 336776 rows"
    assert outputs[1] == f"nyc_flights in {BUCKET} is up to date\n"
