"""Operations on tables of snapshots: read the newest, maintain; and dbt's own append made repeatable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt_common.exceptions import CompilationError

from derived_tables.harness.macros import Macros
from derived_tables.harness.warehouses import KINDS, Rows, Warehouse, create_warehouse, snapshot_model
from local_athena import LocalAthena

TODAY = datetime.now(timezone.utc).date()
YESTERDAY = TODAY - timedelta(days=1)
JANUARY, FEBRUARY, MARCH = "2024-01-31", "2024-02-29", "2024-03-31"

#: Each test has tables of its own, so that none depends on another one.
PLAIN = ("told_optimize_iceberg", "told_vacuum_iceberg", "read", "swept", "filled")

APPENDED = (
    "{{ config(materialized='incremental', incremental_strategy='append', partitioned_by=['snapshot_date'],"
    ' pre_hook="{{ derived_tables.idempotent_append() }}") }}\n'
    "select {{ var('step', 1) }} as id, {{ derived_tables.snapshot_date() }} as snapshot_date\n"
    "{% if var('broken', false) %}from missing{% endif %}"
)
QUERY = "select {{ step }} as id, cast('x' as varchar) as name, {{ today }} as snapshot_date"
MODELS = {
    **{f"orders__{name}": snapshot_model(QUERY) for name in PLAIN},
    "orders__texts": snapshot_model(
        "select 1 as id, {{ derived_tables.snapshot_date_literal('%Y%m%d') }} as day",
        partitioned_by=["day"],
        snapshot_format="%Y%m%d",
    ),
    "orders__days": snapshot_model(
        "select 1 as id, {{ derived_tables.snapshot_date_literal('%Y%m%d') }} as day",
        partitioned_by=["day"],
        snapshot_format="%Y%m%d",
    ),
    "orders__numbers": snapshot_model(
        "select 1 as id, cast({{ derived_tables.snapshot_date_literal('%Y%m') }} as integer) as month",
        partitioned_by=["month"],
        snapshot_format="%Y%m",
        snapshot_grain="month",
    ),
    "orders__appended": APPENDED,
    "orders__emptied": APPENDED,
    "orders__never": snapshot_model(QUERY),
    "orders__view": "{{ config(materialized='view') }}\nselect 1 as id",
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

    def fill(
        self, table: str, snapshots: Sequence[tuple[str, int]], *, regions: Sequence[str] = (), column: str = "date"
    ) -> None:
        """Makes a table of (id, name, snapshot date[, region]): a file with one row for each date and id."""
        key = {"date": "snapshot_date", "varchar": "day", "integer": "month"}[column]
        name = f"{self.warehouse.database}.{table}"
        keys = [key, *(["region"] if regions else [])]
        type_ = {"varchar": "string", "integer": "int"}.get(column, column)
        described = f"id int, name string, {key} {type_}{', region string' if regions else ''}"
        location = f"s3://{self.warehouse.bucket}/tables/{table}"
        self.make_database()
        if self.kind == "duckdb":
            self._duckdb(f"create table {name} ({described})")
        elif self.kind == "iceberg":
            self.warehouse.athena.query(
                f"create table {name} ({described}) partitioned by ({', '.join(keys)})"
                f" location '{location}' tblproperties ('table_type' = 'iceberg')"
            )
        else:
            empty = f"cast(null as integer) as id, cast(null as varchar) as name, cast(null as {column}) as {key}"
            empty += ", cast(null as varchar) as region" if regions else ""
            self.warehouse.athena.query(
                f"create table {name} with (format = 'parquet', partitioned_by = array{keys},"
                f" external_location = '{location}/') as select {empty} where false"
            )
        for day, number in snapshots:
            for region in regions or [""]:
                last = "" if not region else f", '{region}'"
                self.write(f"insert into {name} select {number}, 'x', cast('{day}' as {column}){last}")

    def make_database(self) -> None:
        """Makes the models' database, if it is missing."""
        if self.kind == "duckdb":
            self._duckdb(f"create schema if not exists {self.warehouse.database}")
        else:
            self.warehouse.athena.create_database(self.warehouse.database)

    def write(self, sql: str) -> None:
        """Runs a statement."""
        if self.kind == "duckdb":
            self._duckdb(sql)
        else:
            self.warehouse.athena.query(sql)

    def _duckdb(self, sql: str) -> None:
        with duckdb.connect(str(self.warehouse.project.path / "consumer.duckdb")) as connection:
            connection.execute(sql)

    def call(self, name: str, **arguments: Any) -> Any:
        """Calls a macro, as `dbt run-operation` or a model would."""
        variables, package = arguments.pop("variables", None), arguments.pop("package", "derived_tables")
        self.macros._adapter.cache.clear()  # tables were made without dbt
        try:
            return self.macros.call(name, package=package, variables=variables, arguments=arguments)
        finally:
            self.macros._adapter.cleanup_connections()
            DuckDBConnectionManager.close_all_connections()

    def relation(self, table: str) -> Any:
        """What `ref` returns of a model."""
        database = "consumer" if self.kind == "duckdb" else "awsdatacatalog"
        relation: Any = self.macros._adapter.Relation
        return relation.create(database=database, schema=self.warehouse.database, identifier=table)

    def days(self, table: str) -> Rows:
        """Dates that queries find, with how many rows."""
        return self.warehouse.query(
            f"select snapshot_date, count(*) as n from {{orders}}.{table} group by snapshot_date"
        )

    def files(self, table: str) -> Mapping[str, Sequence[int]]:
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
            path = tmp_path_factory.mktemp(f"operations_{kind}_")
            warehouse = create_warehouse(path, kind, local_athena, package=repository, files=FILES, num_boto3_retries=2)
            made[kind] = Store(warehouse, Macros(warehouse.project, adapter_type=warehouse_type(kind)))
        return made[kind]

    return create


def warehouse_type(kind: str) -> str:
    """The type of the target that a kind of tables is on."""
    return "duckdb" if kind == "duckdb" else "athena"


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, store_of: Callable[[str], Store]) -> Store:
    """A store of each kind."""
    return store_of(request.param)


@pytest.fixture
def hive(store_of: Callable[[str], Store]) -> Store:
    """The one with Hive tables."""
    return store_of("hive")


@pytest.fixture
def iceberg(store_of: Callable[[str], Store]) -> Store:
    """The one with Iceberg tables."""
    return store_of("iceberg")


def executions(athena: LocalAthena, since: int) -> list[Any]:
    """The statements that ended since a number of calls."""
    return [call for call in athena.calls[since:] if call.operation == "Execution"]


# Reading


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
    sizes = store.files("read")
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
        ("optimize_iceberg", {"model": "orders__never"}, "`orders__never` must be an Iceberg table on Athena, got"),
        ("vacuum_iceberg", {"model": "orders__never"}, "`orders__never` must be an Iceberg table on Athena, got"),
        (
            "optimize_iceberg",
            {"model": "orders__never", "where": 1},
            "`where` must be a condition on partition columns",
        ),
    ],
)
def test_arguments_that_make_no_sense_are_refused(
    hive: Store, name: str, arguments: Mapping[str, Any], message: str
) -> None:
    given = dict(arguments)
    if name in ("latest_snapshot", "as_of"):
        given.setdefault("relation", hive.relation("never"))
    with pytest.raises(CompilationError) as error:
        hive.call(name, **given)
    assert f"derived_tables.{name}: {message}" in str(error.value)


def test_maintenance_goes_on_until_all_is_done(iceberg: Store) -> None:
    iceberg.fill("swept", [(JANUARY, 1)])
    athena = iceberg.warehouse.athena
    for name, word in (("vacuum_iceberg", "vacuum"), ("optimize_iceberg", "optimize")):
        before = len(athena.calls)
        with athena.faults.during(f"after:fail(ICEBERG_{word.upper()}_MORE_RUNS_NEEDED):engine.Run#1-2"):
            iceberg.call(name, model="orders__swept", dry_run=False)
        found = [call.state for call in executions(athena, before) if word in call.statement]
        assert found == ["FAILED", "FAILED", "SUCCEEDED"]
    assert iceberg.days("swept") == [(JANUARY, "1")]


@pytest.mark.parametrize(
    ("name", "said", "hint"),
    [
        ("optimize_iceberg", ["would optimize; data files: 4, delete files: 1"], "to optimize them"),
        ("vacuum_iceberg", [f"it keeps 7 states, the oldest of {day}" for day in (TODAY, YESTERDAY)], "to delete it"),
    ],
)
def test_maintenance_says_first_what_there_is(iceberg: Store, name: str, said: Sequence[str], hint: str) -> None:
    table = f"told_{name}"
    # States: the table that was made, three rows, and three statements. The file of the row that is deleted goes.
    iceberg.fill(table, [(JANUARY, 1), (JANUARY, 2), (FEBRUARY, 3)])
    iceberg.write(f"delete from {iceberg.warehouse.database}.{table} where id = 3")
    iceberg.write(f"insert into {iceberg.warehouse.database}.{table} select 4, 'x', date '{MARCH}'")
    iceberg.write(f"update {iceberg.warehouse.database}.{table} set name = 'y' where id = 1")
    before = len(iceberg.warehouse.athena.calls)
    run = iceberg.warehouse.dbt("run-operation", name, "--args", f"model: orders__{table}").passed()
    [line] = [message for message in run.messages if f'."{table}": ' in message]
    found, last = line.splitlines()
    assert found.endswith(tuple(said))
    assert last == f"This was a dry run; {hint}, add `dry_run: false`."
    done = [call.statement.lower() for call in executions(iceberg.warehouse.athena, before)]
    assert not [statement for statement in done if statement.startswith(("vacuum", "optimize"))]


@pytest.mark.long
def test_a_date_that_was_interrupted_is_filled_again(hive: Store) -> None:
    hive.fill("filled", [(JANUARY, 1), (FEBRUARY, 2)])
    mark = f"{hive.warehouse.database}.filled__dbt_snapshot_2024_01_31"
    location = f"s3://{hive.warehouse.bucket}/tables/filled/a-run/"
    hive.write(f"create external table {mark} (`run` string) stored as textfile location '{location}'")
    run = hive.warehouse.dbt("run-operation", "_print_backfill_state", "--args", "models: [orders__filled]").passed()
    [line] = [message for message in run.messages if "orders__filled" in message]
    assert f'"dates": ["{FEBRUARY}"]' in line


# dbt's own append


@pytest.mark.long
def test_an_empty_run_deletes_nothing(store_of: Callable[[str], Store]) -> None:
    warehouse = store_of("duckdb").warehouse
    warehouse.run(FEBRUARY, 1, "orders__emptied").passed()
    warehouse.dbt("run", "--empty", "--select", "orders__emptied", day=FEBRUARY, step=2).passed()
    assert ("1", FEBRUARY) in warehouse.rows("emptied")


@pytest.mark.parametrize("kind", ["duckdb", pytest.param("iceberg", marks=pytest.mark.long)])
def test_an_append_can_be_run_again(store_of: Callable[[str], Store], kind: str) -> None:
    store = store_of(kind)
    warehouse = store.warehouse
    warehouse.run(FEBRUARY, 1, "orders__appended").passed()
    store.write(f"insert into {warehouse.database}.appended select 3, date '{JANUARY}'")
    warehouse.run(FEBRUARY, 2, "orders__appended").passed()
    assert warehouse.rows("appended") == [("2", FEBRUARY), ("3", JANUARY)]

    assert not warehouse.run(FEBRUARY, 4, "orders__appended", broken=True).success
    # On DuckDB the delete is part of the transaction that failed; on Iceberg it was a commit of its own.
    kept = [("2", FEBRUARY)] if kind == "duckdb" else []
    assert warehouse.rows("appended") == [*kept, ("3", JANUARY)]


def test_an_append_is_refused_on_hive(hive: Store) -> None:
    message = r"idempotent_append: `table_type` of `orders__appended` must be `iceberg` on Athena.*\n.*insert_overwrite"
    with pytest.raises(CompilationError, match=message):
        hive.macros.call("idempotent_append", model="model.consumer.orders__appended")
