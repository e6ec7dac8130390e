"""drop_schema(): what it drops and what it leaves alone, on both adapters and with real data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import pytest

from derived_tables.harness.dbt_run import DbtRun
from derived_tables.harness.warehouses import Warehouse, snapshot_model

JANUARY = "2024-01-31"
DAILY = "select {{ step }} as id, {{ today }} as snapshot_date"
MODELS = {
    "plain": "{{ config(materialized='table', table_type='hive') }}\nselect 1 as id",
    "lake": "{{ config(materialized='table', table_type='iceberg') }}\nselect 1 as id",
    "seen": "{{ config(materialized='view') }}\nselect * from {{ ref('orders__plain') }}",
    "daily": snapshot_model(DAILY, table_type="hive"),
    "regional": snapshot_model(
        DAILY + ", 'north' as region", table_type="hive", partitioned_by=["snapshot_date", "region"]
    ),
    "daily_lake": snapshot_model(DAILY, table_type="iceberg"),
}
FILES = {f"models/sales/orders/orders__{name}.sql": text for name, text in MODELS.items()}
CI = {"environment": "ci"}
ENV = {"DERIVED_TABLES_CI_ID": "pr_7"}


def drop(warehouse: Warehouse, schema: str, **variables: Any) -> DbtRun:
    """Runs the operation."""
    return warehouse.dbt("run-operation", "derived_tables.drop_schema", "--args", f"schema_name: {schema}", **variables)


@pytest.fixture
def built(
    request: pytest.FixtureRequest, make_warehouse: Callable[..., Warehouse], monkeypatch: pytest.MonkeyPatch
) -> Warehouse:
    """All models in two environments; snapshots have been replaced, and a run was interrupted."""
    for name, value in ENV.items():
        monkeypatch.setenv(name, value)
    warehouse = make_warehouse(request.param, FILES)
    for variables in ({}, CI):
        warehouse.dbt("run", day=JANUARY, step=1, **variables).passed()
        warehouse.dbt(
            "run", "--select", "config.materialized:snapshot_append", day=JANUARY, step=2, **variables
        ).passed()
    return warehouse


def schemas(warehouse: Warehouse) -> set[str]:
    """The schemas that there are of this warehouse."""
    if warehouse.kind == "duckdb":
        with duckdb.connect(str(warehouse.project.path / "consumer.duckdb"), read_only=True) as connection:
            found = connection.execute("select distinct schema_name from information_schema.schemata").fetchall()
        return {name for (name,) in found}
    own = warehouse.bucket.replace("-", "_")
    pages = warehouse.client("glue").get_paginator("get_databases").paginate()
    names = {entry["Name"] for page in pages for entry in page["DatabaseList"]}
    return {name for name in names if name.startswith(own)}


def keys(warehouse: Warehouse, schema: str) -> list[str]:
    """Keys of the objects in S3 that belong to a schema."""
    return [key for key in warehouse.objects() if f"/database_name={schema}/" in key]


@pytest.mark.parametrize("built", ["duckdb", "hive"], indirect=True)
def test_a_schema_goes_with_all_its_data(built: Warehouse) -> None:
    schema = built.database
    tables = set(built.tables())
    others = {name: keys(built, name) for name in schemas(built) - {schema}}
    neighbour = schema.replace("_dev_dbt", "_ci_pr_7")
    assert neighbour in others
    if built.kind == "hive":
        location = built.glue_table("daily")["StorageDescriptor"]["Location"].rstrip("/")
        built.athena.query(
            f"create external table {schema}.daily__dbt_snapshot_2024_02_29 (`run` string) stored as textfile "
            f"location '{location}/a-run-that-was-interrupted/'"
        )
        notes = {name for name in tables if "__dbt_replaced_" in name}
        assert notes, "what a run has replaced is kept for an hour"
        assert keys(built, schema)
        assert all(keys(built, name) for name in others if name == neighbour)

    run = drop(built, schema).passed()
    assert all(f'Dropped "{built_database(built)}"."{schema}"."{table}"' in run.output for table in tables)
    assert f'Dropped schema "{built_database(built)}"."{schema}".' in run.output
    assert schemas(built) == set(others)
    assert keys(built, schema) == []
    assert {name: keys(built, name) for name in others} == others
    assert built.query(f"select id from {neighbour}.daily") == [("2",)]
    assert built.query(f"select id from {neighbour}.seen") == [("1",)]

    again = drop(built, schema).passed()
    assert f'There is no schema "{built_database(built)}"."{schema}".' in again.output


@pytest.mark.parametrize("kind", ["duckdb", "hive"])
def test_the_adapters_own_drop_schema_still_works(kind: str, make_warehouse: Callable[..., Warehouse]) -> None:
    # dbt finds macros of packages before its own, so a project's `adapter.drop_schema` meets this package's.
    macro = """
        {% macro make_and_drop(schema_name) %}
            {% set relation = api.Relation.create(database=target.database, schema=schema_name) %}
            {% do adapter.create_schema(relation) %}
            {% do print('made: ' ~ adapter.check_schema_exists(target.database, schema_name)) %}
            {% do adapter.drop_schema(relation) %}
        {% endmacro %}
    """
    warehouse = make_warehouse(kind, FILES | {"macros/make_and_drop.sql": macro})
    schema = f"{warehouse.database}_scratch"
    run = warehouse.dbt("run-operation", "make_and_drop", "--args", f"schema_name: {schema}").passed()
    assert "made: True" in run.output
    assert schema not in schemas(warehouse)


def built_database(warehouse: Warehouse) -> str:
    """What dbt calls the database."""
    return "consumer" if warehouse.kind == "duckdb" else "awsdatacatalog"


@pytest.mark.parametrize("built", ["duckdb", "hive"], indirect=True)
def test_what_is_refused_is_not_touched(built: Warehouse) -> None:
    before = schemas(built), built.state()
    for schema, variables in ((built.database, CI), (built.database.removesuffix("_dev_dbt"), {})):
        run = drop(built, schema, **variables)
        assert not run.success
        assert "derived_tables.drop_schema: `schema_name` must be a schema of the environment" in run.output
    assert (schemas(built), built.state()) == before


@pytest.mark.parametrize(
    "fault",
    [
        "fail(AccessDeniedException,400):glue.DeleteTable#3",
        "fail(AccessDenied,403):s3.DeleteObjects#2",
        "fail:engine.Run#1",
    ],
)
@pytest.mark.parametrize("built", ["hive"], indirect=True)
@pytest.mark.long
def test_an_interrupted_drop_is_finished_by_the_next(built: Warehouse, fault: str) -> None:
    with built.athena.faults.during(fault) as [active]:
        assert not drop(built, built.database).success
    assert active.struck == 1
    assert built.database in schemas(built)
    drop(built, built.database).passed()
    assert built.database not in schemas(built)
    assert keys(built, built.database) == []


@pytest.fixture
def lake(make_warehouse: Callable[..., Warehouse]) -> Warehouse:
    """A warehouse with tables that lie where they should not."""
    warehouse = make_warehouse("hive", {"models/sales/orders/orders__plain.sql": MODELS["plain"]})
    warehouse.run(JANUARY).passed()
    return warehouse


def locations(warehouse: Warehouse) -> Mapping[str, tuple[str, str]]:
    """Tables of the schema that must stay: where they lie, and the table in another schema that lies there."""
    root, own = f"s3://{warehouse.bucket}", warehouse.database.removesuffix("_orders_dev_dbt")
    return {
        "elsewhere": (f"{root}/raw/elsewhere", ""),
        "prefix": (f"{root}/tables_too/x", ""),
        "everything": (f"{root}/tables", ""),
        "questioned": (f"{root}/tables/plain?x", ""),
        "doubled": (f"{root}/tables//doubled", ""),
        "shared": (f"{root}/tables/live", f"{own}_orders.live"),
        "outer": (f"{root}/tables/outer", f"{own}_orders_dev_dbt_dbt_deploy.inner"),
        "inner": (f"{root}/tables/whole/part", f"{own}_ledger_dev_dbt.whole"),
    }


def test_data_of_others_stay(lake: Warehouse) -> None:
    glue: Any = lake.client("glue")
    s3: Any = lake.client("s3")

    def create(schema: str, table: str, location: str) -> None:
        lake.athena.create_database(schema)
        storage = {"Columns": [{"Name": "id", "Type": "int"}], "Location": location}
        entry = {"Name": table, "TableType": "EXTERNAL_TABLE", "StorageDescriptor": storage}
        glue.create_table(DatabaseName=schema, TableInput=entry)

    inside = {"outer": "outer/inner", "inner": "whole", "shared": "live"}
    for name, (location, other) in locations(lake).items():
        create(lake.database, name, location)
        if other:
            schema, table = other.split(".")
            create(schema, table, f"s3://{lake.bucket}/tables/{inside[name]}")
    bystanders = ["raw/elsewhere/a", "tables_too/x/a", "tables/live/a", "tables/outer/a", "tables/outer/inner/a"]
    bystanders += ["tables/whole/part/a", "tables/plain/a", "tables//doubled/a", "tables/doubled/a"]
    for key in bystanders:
        s3.put_object(Bucket=lake.bucket, Key=key, Body=b"1")

    run = drop(lake, lake.database)
    assert not run.success
    assert "drop_schema: the schema " in run.output
    for name, (location, other) in locations(lake).items():
        quoted = other.replace(".", '"."')
        reason = f'overlaps with that of "awsdatacatalog"."{quoted}"' if other else "not below"
        [line] = [line for line in run.output.splitlines() if f'."{name}": its location is ' in line]
        assert reason in line
        assert location in line
    assert set(lake.tables()) == set(locations(lake)), "the others are gone"
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=lake.bucket)
    found = {entry["Key"] for page in pages for entry in page["Contents"]}
    assert found >= set(bystanders)
    assert keys(lake, lake.database) == []

    for name in locations(lake):
        glue.delete_table(DatabaseName=lake.database, Name=name)
    drop(lake, lake.database).passed()
    assert lake.database not in schemas(lake)
