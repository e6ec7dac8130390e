"""The flights project on the local Athena: rows as on DuckDB, Glue entries and S3 objects as the package promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import duckdb
import pyarrow.parquet
import pytest

from derived_tables.harness.projects import Project
from local_athena import LocalAthena

FLIGHTS = Path(__file__).parents[3] / "integration_tests/flights"
BUCKET = "derived-tables-local"
SUFFIX = "_dev_dbt"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

MODELS = sorted(path.stem for path in (FLIGHTS / "models").rglob("*.sql"))
SEEDS = sorted(path.stem for path in (FLIGHTS / "seeds").rglob("*.csv"))
VIEWS = [name for name in MODELS if name.startswith("stg_")]
TABLES = [name for name in MODELS if name not in VIEWS]
DOMAINS = {
    path.stem: path.relative_to(FLIGHTS / kind).parts[0]
    for kind, pattern in (("models", "*.sql"), ("seeds", "*.csv"))
    for path in (FLIGHTS / kind).rglob(pattern)
}


@dataclass(frozen=True)
class Clients:
    """boto3's clients of the local Athena."""

    athena: Any
    glue: Any
    s3: Any

    def result(self, sql: str) -> str:
        """Runs a query and returns the CSV file that Athena leaves in S3."""
        execution = self.athena.start_query_execution(
            QueryString=sql, ResultConfiguration={"OutputLocation": f"s3://{BUCKET}/query_results/"}
        )["QueryExecutionId"]
        while True:
            status = self.athena.get_query_execution(QueryExecutionId=execution)["QueryExecution"]
            if status["Status"]["State"] not in ("QUEUED", "RUNNING"):
                break
        assert status["Status"]["State"] == "SUCCEEDED", status["Status"]
        return self.read(status["ResultConfiguration"]["OutputLocation"]).decode()

    def read(self, address: str) -> bytes:
        """An object's content."""
        bucket, key = address.removeprefix("s3://").split("/", 1)
        content: bytes = self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        return content

    def table(self, name: str) -> dict[str, Any]:
        """The Glue entry of a model or seed, named by its file."""
        database, table = name.split("__")
        entry: dict[str, Any] = self.glue.get_table(DatabaseName=database + SUFFIX, Name=table)["Table"]
        return entry

    def files(self, location: str) -> list[str]:
        """Addresses of the objects below a location."""
        bucket, prefix = location.removeprefix("s3://").split("/", 1)
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix.rstrip("/") + "/")
        return [f"s3://{bucket}/{found['Key']}" for page in pages for found in page.get("Contents", [])]


@pytest.fixture(scope="module")
def clients(local_athena: LocalAthena, flights_athena: Project) -> Clients:
    """Clients of the local Athena that the project was built on."""
    del flights_athena
    where: dict[str, Any] = {"endpoint_url": local_athena.url, "region_name": "eu-west-1"}
    return Clients(boto3.client("athena", **where), boto3.client("glue", **where), boto3.client("s3", **where))


@pytest.fixture(scope="module")
def expected(flights_duckdb: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The DuckDB file that the project was built into, read only, beside room for what Athena answers."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{flights_duckdb}' as flights (read_only)")
        yield connection


@pytest.mark.parametrize("name", MODELS + SEEDS)
def test_rows_are_those_of_duckdb(
    name: str, clients: Clients, expected: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    database, table = name.split("__")
    result = tmp_path / "result.csv"
    result.write_text(clients.result(f'select * from "{database}{SUFFIX}"."{table}"'), encoding="utf-8")
    built = f'flights."{database}{SUFFIX}"."{table}"'
    columns = expected.execute(f"select column_name, column_type from (describe {built})").fetchall()
    texts = expected.read_csv(str(result), all_varchar=True, header=True, quotechar='"', escapechar='"')
    assert texts.columns == [column for column, _ in columns]

    undated = [(column, type_) for column, type_ in columns if column != "snapshot_date"]  # of two days at midnight
    typed = ", ".join(f'cast("{column}" as {type_}) as "{column}"' for column, type_ in undated)
    listed = ", ".join(f'"{column}"' for column, _ in undated)
    texts.create_view("texts")
    expected.execute(f"create or replace temp table answered as select {typed} from texts")
    assert expected.execute(f"select count(*) from {built}").fetchone() != (0,)
    assert expected.execute(f"select {listed} from {built} except all from answered limit 5").fetchall() == []
    assert expected.execute(f"from answered except all select {listed} from {built} limit 5").fetchall() == []


@pytest.mark.parametrize("name", TABLES + SEEDS)
def test_tables_lie_where_the_package_says(name: str, clients: Clients) -> None:
    database, table = name.split("__")
    kind = "seeds" if name in SEEDS else "models"
    below = f"tables/dev/{kind}/domain_name={DOMAINS[name]}/database_name={database}{SUFFIX}/table_name={table}"
    entry = clients.table(name)
    location = entry["StorageDescriptor"]["Location"]
    assert re.fullmatch(rf"s3://{BUCKET}/{below}/{UUID}/?", location)
    assert entry["TableType"] == "EXTERNAL_TABLE"
    assert clients.files(location), "there is data"


@pytest.mark.parametrize("name", TABLES)
def test_models_are_parquet_with_the_columns_of_glue(name: str, clients: Clients, tmp_path: Path) -> None:
    storage = clients.table(name)["StorageDescriptor"]
    assert storage["SerdeInfo"]["SerializationLibrary"] == "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    columns = [column["Name"] for column in storage["Columns"]]
    for address in clients.files(storage["Location"]):
        file = tmp_path / "file.parquet"
        file.write_bytes(clients.read(address))
        assert pyarrow.parquet.read_schema(file).names == columns


@pytest.mark.parametrize("name", VIEWS)
def test_staging_models_are_views(name: str, clients: Clients) -> None:
    entry = clients.table(name)
    assert entry["TableType"] == "VIRTUAL_VIEW"
    assert entry["ViewOriginalText"].startswith("/* Presto View: ")


def test_each_table_has_a_location_of_its_own(clients: Clients) -> None:
    locations = [clients.table(name)["StorageDescriptor"]["Location"].rstrip("/") for name in TABLES + SEEDS]
    assert len(set(locations)) == len(locations)
    assert not any(other.startswith(f"{one}/") for one in locations for other in locations)


def test_nothing_is_left_beside_the_tables(clients: Clients) -> None:
    locations = [clients.table(name)["StorageDescriptor"]["Location"].rstrip("/") for name in TABLES + SEEDS]
    stray = [
        address
        for address in clients.files(f"s3://{BUCKET}/tables/")
        if not any(address.startswith(f"{location}/") for location in locations)
    ]
    assert stray == []


def test_databases_are_those_of_the_environment(clients: Clients) -> None:
    pages = clients.glue.get_paginator("get_databases").paginate()
    found = {database["Name"] for page in pages for database in page["DatabaseList"]}
    own = {f"{name.split('__')[0]}{SUFFIX}" for name in MODELS + SEEDS}
    assert own <= found
    # Other tests have databases of theirs on the same server, and their tables in other buckets.
    entries = [clients.glue.get_tables(DatabaseName=name)["TableList"] for name in sorted(found - own)]
    locations = [entry.get("StorageDescriptor", {}).get("Location", "") for tables in entries for entry in tables]
    strays = [location for location in locations if location.startswith(f"s3://{BUCKET}/tables/")]
    assert strays == []


def test_the_project_documents_itself(flights_athena: Project, local_athena: LocalAthena) -> None:
    run = flights_athena.dbt("docs", "generate", target="athena_local", env=local_athena.environment()).passed()
    documented = {node.split(".")[-1] for node in run.result.nodes}
    assert documented >= set(MODELS + SEEDS)
    fct_flights = run.result.nodes["model.flights.air_traffic_datamarts__fct_flights"]
    assert fct_flights.metadata.schema == f"air_traffic_datamarts{SUFFIX}"
    assert [column.type for column in fct_flights.columns.values()][:4] == ["string", "date", "string", "int"]


def test_sources_are_fresh(flights_athena: Project, local_athena: LocalAthena) -> None:
    flights_athena.dbt("source", "freshness", target="athena_local", env=local_athena.environment()).passed()
