"""Reading one snapshot of a table: `latest_snapshot` and `as_of`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt_common.exceptions import CompilationError

from derived_tables.harness.macros import Macros
from derived_tables.harness.warehouses import KINDS, Warehouse, create_warehouse, snapshot_model
from local_athena import LocalAthena

JANUARY, FEBRUARY, MARCH = "2024-01-31", "2024-02-29", "2024-03-31"
QUERY = "select {{ step }} as id, cast('x' as varchar) as name, {{ today }} as snapshot_date"
DAY = "select 1 as id, {{ derived_tables.snapshot_date_literal('%Y%m%d') }} as day"
MODELS = {
    "orders__read": snapshot_model(QUERY),
    "orders__never": snapshot_model(QUERY),
    "orders__unkept": "{{ config(materialized='table') }}\nselect 1 as id",
    "orders__texts": snapshot_model(DAY, partitioned_by=["day"], snapshot_format="%Y%m%d"),
    "orders__days": snapshot_model(DAY, partitioned_by=["day"], snapshot_format="%Y%m%d"),
    "orders__numbers": snapshot_model(
        "select 1 as id, cast({{ derived_tables.snapshot_date_literal('%Y%m') }} as integer) as month",
        partitioned_by=["month"],
        snapshot_format="%Y%m",
        snapshot_grain="month",
    ),
    "orders__newest": (
        "{{ config(materialized='table') }}\nselect x.name, x.id from {{ ref('orders__read') }} as x\n"
        "where {{ derived_tables.latest_snapshot(ref('orders__read'), 'x.snapshot_date') }}"
    ),
    "orders__of_texts": (
        "{{ config(materialized='table') }}\nselect id from {{ ref('orders__days') }}\n"
        "where {{ derived_tables.as_of(ref('orders__days'), '2024-03-30', 'day') }}"
    ),
    "orders__old": (
        "{{ config(materialized='table') }}\nselect id from {{ ref('orders__read') }}\n"
        "where {{ derived_tables.as_of(ref('orders__read'), '2024-03-30') }}"
    ),
}
FILES = {
    **{f"models/sales/orders/{name}.sql": text for name, text in MODELS.items()},
    "models/sales/orders/orders.yml": """\
        unit_tests:
          - name: newest_of_the_rows_given
            model: orders__newest
            given:
              - input: ref('orders__read')
                rows:
                  - {id: 1, name: old, snapshot_date: 2024-01-31}
                  - {id: 2, name: new, snapshot_date: 2024-02-29}
            expect:
              rows:
                - {id: 2, name: new}
          - name: texts_up_to_a_date
            model: orders__of_texts
            given:
              - input: ref('orders__days')
                rows:
                  - {id: 1, day: "20240229"}
                  - {id: 2, day: "20240330"}
                  - {id: 3, day: "20240331"}
            expect:
              rows:
                - {id: 2}
          - name: newest_up_to_a_date
            model: orders__old
            given:
              - input: ref('orders__read')
                rows:
                  - {id: 1, snapshot_date: 2024-03-30}
                  - {id: 2, snapshot_date: 2024-03-31}
            expect:
              rows:
                - {id: 1}
        """,
}


@dataclass(frozen=True)
class Store:
    """A warehouse, its macros, and tables that are written without dbt."""

    warehouse: Warehouse
    macros: Macros

    @property
    def kind(self) -> str:
        return self.warehouse.kind

    def fill(self, table: str, snapshots: Sequence[tuple[str, int]], *, column: str = "date") -> None:
        """Makes a table of (id, name, snapshot date): a file with one row for each date and id."""
        key = {"date": "snapshot_date", "varchar": "day", "integer": "month"}[column]
        name = f"{self.warehouse.database}.{table}"
        type_ = {"varchar": "string", "integer": "int"}.get(column, column)
        described = f"id int, name string, {key} {type_}"
        location = f"s3://{self.warehouse.bucket}/tables/{table}"
        self.make_database()
        if self.kind == "duckdb":
            self.write(f"create table {name} ({described})")
        elif self.kind == "iceberg":
            self.write(
                f"create table {name} ({described}) partitioned by ({key}) location '{location}' "
                "tblproperties ('table_type' = 'iceberg')"
            )
        else:
            empty = f"cast(null as integer) as id, cast(null as varchar) as name, cast(null as {column}) as {key}"
            self.write(
                f"create table {name} with (format = 'parquet', partitioned_by = array['{key}'],"
                f" external_location = '{location}/') as select {empty} where false"
            )
        for day, number in snapshots:
            self.write(f"insert into {name} select {number}, 'x', cast('{day}' as {column})")

    def make_database(self) -> None:
        """Makes the models' database, if it is missing."""
        if self.kind == "duckdb":
            self.write(f"create schema if not exists {self.warehouse.database}")
        else:
            self.warehouse.athena.create_database(self.warehouse.database)

    def write(self, sql: str) -> None:
        """Runs a statement."""
        if self.kind == "duckdb":
            with duckdb.connect(str(self.warehouse.project.path / "consumer.duckdb")) as connection:
                connection.execute(sql)
        else:
            self.warehouse.athena.query(sql)

    def call(self, name: str, **arguments: Any) -> Any:
        """Calls a macro, as a model would."""
        package = arguments.pop("package", "derived_tables")
        self.macros._adapter.cache.clear()  # tables were made without dbt
        try:
            return self.macros.call(name, package=package, arguments=arguments)
        finally:
            self.macros._adapter.cleanup_connections()
            DuckDBConnectionManager.close_all_connections()

    def relation(self, table: str) -> Any:
        """What `ref` returns of a model."""
        database = "consumer" if self.kind == "duckdb" else "awsdatacatalog"
        relation: Any = self.macros._adapter.Relation
        return relation.create(database=database, schema=self.warehouse.database, identifier=table)

    def sizes(self, table: str) -> Mapping[str, Sequence[int]]:
        """Sizes of the objects in S3 that queries read, by snapshot."""
        s3: Any = self.warehouse.client("s3")
        found: dict[str, list[int]] = {}
        rows = self.warehouse.query(
            f'select distinct cast(snapshot_date as varchar) as day, "$path" as file from {{orders}}.{table}'
        )
        for day, file in rows:
            assert day is not None and file is not None
            bucket, _, object_key = file.removeprefix("s3://").partition("/")
            found.setdefault(day, []).append(s3.head_object(Bucket=bucket, Key=object_key)["ContentLength"])
        return found


@pytest.fixture(scope="module")
def store_of(
    local_athena: LocalAthena, tmp_path_factory: pytest.TempPathFactory, repository: Path
) -> Callable[[str], Store]:
    """Makes the store of a kind, once in a module."""
    made: dict[str, Store] = {}

    def create(kind: str) -> Store:
        if kind not in made:
            path = tmp_path_factory.mktemp(f"reading_{kind}_")
            warehouse = create_warehouse(path, kind, local_athena, package=repository, files=FILES, num_boto3_retries=2)
            adapter_type = "duckdb" if kind == "duckdb" else "athena"
            made[kind] = Store(warehouse, Macros(warehouse.project, adapter_type=adapter_type))
        return made[kind]

    return create


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, store_of: Callable[[str], Store]) -> Store:
    """A store of each kind."""
    return store_of(request.param)


@pytest.fixture
def hive(store_of: Callable[[str], Store]) -> Store:
    """The one with Hive tables."""
    return store_of("hive")


def executions(athena: LocalAthena, since: int) -> list[Any]:
    """The statements that ended since a number of calls."""
    return [call for call in athena.calls[since:] if call.operation == "Execution"]


def test_the_newest_snapshot_is_read_by_its_partition(store: Store) -> None:
    store.fill("read", [(JANUARY, 1), (MARCH, 3), (FEBRUARY, 2)])
    before = len(store.warehouse.athena.calls)
    relation = store.relation("read")
    assert store.call("latest_snapshot", relation=relation) == "snapshot_date = date '2024-03-31'"
    assert store.call("as_of", relation=relation, date=FEBRUARY) == "snapshot_date = date '2024-02-29'"
    assert store.call("as_of", relation=relation, date="2024-03-30") == "snapshot_date = date '2024-02-29'"
    assert store.call("as_of", relation=relation, date="2024-01-30") == "1 = 0"
    assert store.call("latest_snapshot", relation=relation, column="r.snapshot_date").startswith("r.snapshot_date = d")
    asked = executions(store.warehouse.athena, before)
    assert len(asked) == (0 if store.kind == "duckdb" else 5)
    assert all('"read$partitions"' in call.statement and call.scanned_bytes == 0 for call in asked)

    before = len(store.warehouse.athena.calls)
    if store.kind == "duckdb":
        store.fill("days", [("20240330", 1), ("20240331", 2)], column="varchar")
        # A build has the models' unit tests in it.
        run = store.warehouse.dbt("build", "--select", "orders__newest", "orders__old", "orders__of_texts").passed()
        assert sum(result.node.resource_type == "unit_test" for result in run.result) == 3
        assert store.warehouse.rows("newest") == [("x", "3")]
        assert store.warehouse.rows("old") == [("2",)]
        assert store.warehouse.rows("of_texts") == [("1",)]
        return
    if store.kind == "hive":
        store.warehouse.dbt("run", "--select", "orders__newest").passed()
        assert store.warehouse.rows("newest") == [("x", "3")]
        found = [call for call in executions(store.warehouse.athena, before) if "create table" in call.statement]
    else:
        rows = store.call(
            "run_query", package="dbt", sql=f"select id from {relation} where snapshot_date = date '{MARCH}'"
        )
        assert [row["id"] for row in rows] == [3]
        found = executions(store.warehouse.athena, before)
    sizes = store.sizes("read")
    assert 0 < found[-1].scanned_bytes <= sizes[MARCH][0] < sum(map(sum, sizes.values()))
    assert not any("max(" in call.statement for call in executions(store.warehouse.athena, before))


def test_ephemeral_models_are_refused(store_of: Callable[[str], Store]) -> None:
    macros = store_of("hive").macros
    relation = macros._adapter.Relation.create(identifier="__dbt__cte__orders__x", type="cte")
    with pytest.raises(CompilationError, match="`relation` must be a table, got `an ephemeral model`"):
        macros.call("latest_snapshot", model="model.consumer.orders__newest", relation=relation)


@pytest.mark.long
def test_partitions_that_athena_projects_are_read_from_the_data(hive: Store) -> None:
    hive.make_database()
    table, place = f"{hive.warehouse.database}.projected", f"s3://{hive.warehouse.bucket}/tables/projected/"
    projection = "'projection.enabled' = 'true', 'projection.snapshot_date.type' = 'date'"
    projection += ", 'projection.snapshot_date.range' = '2024-01-01,2024-12-31'"
    projection += ", 'projection.snapshot_date.format' = 'yyyy-MM-dd'"
    hive.write(
        f"create external table {table} (id int) partitioned by (snapshot_date date) stored as parquet "
        f"location '{place}' tblproperties ({projection})"
    )
    for number, day in ((1, JANUARY), (2, FEBRUARY)):
        location = f"external_location = '{place}snapshot_date={day}/'"
        hive.write(f"create table {table}_{number} with ({location}) as select {number} as id")
    relation = hive.relation("projected")
    assert hive.call("latest_snapshot", relation=relation) == f"snapshot_date = date '{FEBRUARY}'"
    assert hive.call("as_of", relation=relation, date=JANUARY) == f"snapshot_date = date '{JANUARY}'"


def test_without_a_table_nothing_is_read(store: Store) -> None:
    assert store.call("latest_snapshot", relation=store.relation("never")) == "1 = 0"


@pytest.mark.parametrize(
    ("table", "type_", "values", "newest", "earlier"),
    [
        ("texts", "varchar", ("20240131", "20240229"), "day = '20240229'", "day = '20240131'"),
        ("numbers", "integer", ("202401", "202402"), "month = 202402", "month = 202401"),
    ],
)
def test_snapshot_columns_of_other_types(
    store: Store, table: str, type_: str, values: Sequence[str], newest: str, earlier: str
) -> None:
    store.fill(table, [(value, 1) for value in values], column=type_)
    assert store.call("latest_snapshot", relation=store.relation(table)) == newest
    assert store.call("as_of", relation=store.relation(table), date=JANUARY) == earlier


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("latest_snapshot", {"relation": "orders__read"}, "`relation` must be a table, got `orders__read`"),
        ("as_of", {"date": "31.1.2024"}, "`date` must be a date like `2024-01-31`, got `31.1.2024`"),
        ("latest_snapshot", {"column": "max(x)"}, "`column` must be the name of the snapshot column, got `max(x)`"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(
    hive: Store, name: str, arguments: Mapping[str, Any], message: str
) -> None:
    with pytest.raises(CompilationError) as error:
        hive.call(name, **{"relation": hive.relation("never"), **arguments})
    assert f"derived_tables.{name}: {message}" in str(error.value)


def test_a_table_that_keeps_no_snapshots_is_refused(store: Store) -> None:
    store.make_database()
    if store.kind == "duckdb":
        store.write(f"create table {store.warehouse.database}.unkept (id integer)")
    else:
        properties = "table_type = 'iceberg', is_external = false" if store.kind == "iceberg" else "table_type = 'hive'"
        place = "location" if store.kind == "iceberg" else "external_location"
        store.write(
            f"create table {store.warehouse.database}.unkept with ({properties}, "
            f"{place} = 's3://{store.warehouse.bucket}/tables/unkept/') as select 1 as id"
        )
    message = {
        "duckdb": r"the snapshot column of \S+ must be one of its columns \(id\), got `snapshot_date`",
        "hive": r"must be a table that is partitioned by its snapshot column, got `a table without partitions`",
        "iceberg": r"the snapshot column of \S+ must be one of its partition columns \(none\), got `snapshot_date`",
    }[store.kind]
    with pytest.raises(CompilationError, match=message):
        store.call("latest_snapshot", relation=store.relation("unkept"))
