"""Operations on tables of snapshots: list, drop, pack."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import duckdb
import pytest
from botocore.exceptions import ClientError
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt_common.exceptions import CompilationError, DbtRuntimeError
from pyathena.error import Error as AthenaError

from derived_tables.harness.macros import Macros
from derived_tables.harness.warehouses import KINDS, Rows, Warehouse, create_warehouse, snapshot_model
from local_athena import LocalAthena
from local_athena.faults import Rule
from local_athena.protocol.calls import Call

TODAY = datetime.now(timezone.utc).date()
JANUARY, FEBRUARY, MARCH = "2024-01-31", "2024-02-29", "2024-03-31"

#: Each test has tables of its own, so that none depends on another one.
PLAIN = (
    "listed",
    "kept",
    "dated",
    "before",
    "dry",
    "protected",
    "packed",
    "marked",
    "gone",
    "six",
    "half",
    "resumed",
    "raced",
    "disturbed",
    "disturbed_late",
    "nested",
    "halted",
    "overtaken",
    "bucketed",
)
LEAVES = ("leaves", "leaf_sweep", "leaf_pack")

QUERY = "select {{ step }} as id, cast('x' as varchar) as name, {{ today }} as snapshot_date"
MODELS = {
    **{f"orders__{name}": snapshot_model(QUERY) for name in PLAIN},
    **{
        f"orders__{name}": snapshot_model(QUERY + ", 'north' as region", partitioned_by=["snapshot_date", "region"])
        for name in LEAVES
    },
    "orders__texts": snapshot_model(
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
    "orders__never": snapshot_model(QUERY),
    "orders__rewritten": "{{ config(materialized='incremental', partitioned_by=['snapshot_date']) }}\nselect 1 as id",
    "orders__view": "{{ config(materialized='view') }}\nselect 1 as id",
}
FILES = {f"models/sales/orders/{name}.sql": text for name, text in MODELS.items()}


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

    def below(self, table: str) -> list[str]:
        """Keys of the objects in S3 below a table."""
        return [key for key in self.warehouse.objects() if key.startswith(f"tables/{table}/")]

    def empty(self, prefix: str) -> None:
        """Deletes the objects in S3 whose keys begin with a prefix."""
        s3: Any = self.warehouse.client("s3")
        for key in self.warehouse.objects():
            if key.startswith(prefix):
                s3.delete_object(Bucket=self.warehouse.bucket, Key=key)

    def notes(self, table: str) -> list[str]:
        """Glue tables with which runs and operations help themselves."""
        return [name for name in self.warehouse.tables() if name.startswith(f"{table}__dbt")]


@dataclass(frozen=True)
class Meanwhile(Rule):
    """A rule that does something before the first statement that it matches; only the action `fail` harms that.

    Attributes:
        statement: regular expression for the SQL.
        do: what to do.
    """

    statement: str = ""
    do: Callable[[], None] = lambda: None
    done: list[str] = field(default_factory=list)

    def matches(self, call: Call) -> bool:
        """Does it; `strikes` would be too late."""
        if self.done or not super().matches(call) or not re.search(self.statement, call.statement or ""):
            return False
        self.done.append(call.statement or "")
        self.do()
        return self.action == "fail"


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


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("list_snapshots", {"model": "orders__typo"}, "`model` must be the name of one model, got `orders__typo`"),
        ("drop_snapshots", {"model": "orders__never"}, "one argument must be `before`, `keep_last` or `dates`, got"),
        (
            "drop_snapshots",
            {"model": "orders__never", "before": JANUARY, "keep_last": 3},
            "one argument must be `before`, `keep_last` or `dates`, got `before, keep_last`",
        ),
        (
            "drop_snapshots",
            {"model": "orders__never", "keep_last": 0},
            "`keep_last` must be a whole number of at least",
        ),
        ("drop_snapshots", {"model": "orders__never", "dates": []}, "`dates` must be a list of dates, got"),
        ("drop_snapshots", {"model": "orders__never", "dates": ["soon"]}, "`dates` must be a date like"),
        (
            "drop_snapshots",
            {"model": "orders__never", "keep_last": 1, "dry_run": "false"},
            "`dry_run` must be true or false, got `false`",
        ),
        ("compact_snapshots", {"model": "orders__never", "dry_run": 0}, "`dry_run` must be true or false, got `0`"),
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
    with pytest.raises(CompilationError) as error:
        hive.call(name, **arguments)
    assert f"derived_tables.{name}: {message}" in str(error.value)


# Listing


def test_list(store: Store) -> None:
    store.fill("listed", [(FEBRUARY, 1), (JANUARY, 2), (JANUARY, 3)])
    found = store.call("list_snapshots", model="orders__listed")
    expected: list[dict[str, Any]] = [{"date": JANUARY, "rows": 2}, {"date": FEBRUARY, "rows": 1}]
    sizes = {} if store.kind == "duckdb" else store.files("listed")
    for each in expected:
        each["bytes"] = sum(sizes[each["date"]]) if sizes else 0
        each["files"] = len(sizes[each["date"]]) if sizes else 0
    assert found == expected
    assert store.call("list_snapshots", model="orders__never") == []


@pytest.mark.long
def test_the_list_is_printed(hive: Store) -> None:
    hive.fill("marked", [(FEBRUARY, 1)])
    run = hive.warehouse.dbt("run-operation", "derived_tables.list_snapshots", "--args", "model: orders__marked")
    printed = [message for message in run.passed().messages if message.startswith(("date", "2024", '"aws'))]
    [size] = hive.files("marked")[FEBRUARY]
    assert printed[0].split() == ["date", "rows", "bytes", "files"]
    assert printed[1].split() == [FEBRUARY, "1", f"{size:,}", "1"]
    assert printed[2].endswith('."marked": 1 snapshot')
    assert len(printed) == 3


# Dropping


@pytest.mark.parametrize(
    ("table", "arguments", "dropped"),
    [
        ("kept", {"keep_last": 2}, [JANUARY]),
        ("before", {"before": MARCH}, [JANUARY, FEBRUARY]),
        ("dated", {"dates": [FEBRUARY, "2024-02-01"]}, [FEBRUARY]),
        ("protected", {"dates": [MARCH]}, []),
        ("gone", {"before": "2030-01-01"}, [JANUARY, FEBRUARY]),
    ],
)
def test_drop(store: Store, table: str, arguments: Mapping[str, Any], dropped: Sequence[str]) -> None:
    days = [JANUARY, FEBRUARY, MARCH]
    store.fill(table, [(day, number) for number, day in enumerate(days)])
    model = f"orders__{table}"
    assert store.call("drop_snapshots", model=model, **arguments) == dropped
    assert [day for day, _ in store.days(table)] == days, "a dry run by default"

    now = {"snapshot_grace_minutes": 0}
    given = {"model": model, "dry_run": False, **arguments}
    assert store.call("drop_snapshots", variables=now, **given) == dropped
    left = [day for day in days if day not in dropped]
    assert store.days(table) == [(day, "1") for day in left]
    assert [found["date"] for found in store.call("list_snapshots", model=model)] == left
    if store.kind == "hive":
        assert [key.split("/")[2] for key in store.below(table)] == [f"snapshot_date={day}" for day in left]
        assert store.notes(table) == []
    before = store.days(table), store.warehouse.objects()
    assert store.call("drop_snapshots", variables=now, **given) == []
    assert (store.days(table), store.warehouse.objects()) == before, "the second run finds nothing to do"


def test_data_stay_for_queries_that_began_before(hive: Store) -> None:
    hive.fill("leaves", [(JANUARY, 1), (FEBRUARY, 2)], regions=["north", "south"])
    before = hive.below("leaves")
    assert hive.call("list_snapshots", model="orders__leaves") == [
        {"date": day, "rows": 2, "bytes": sum(sizes), "files": 2} for day, sizes in sorted(hive.files("leaves").items())
    ]
    hive.call("drop_snapshots", model="orders__leaves", keep_last=1, dry_run=False)
    assert hive.days("leaves") == [(FEBRUARY, "2")]
    assert hive.below("leaves") == before
    now = {"snapshot_grace_minutes": 0}
    hive.call("drop_snapshots", model="orders__leaves", keep_last=1, dry_run=False, variables=now)
    assert hive.days("leaves") == [(FEBRUARY, "2")]
    assert hive.below("leaves") == [key for key in before if FEBRUARY in key]
    assert hive.notes("leaves") == []


# Interrupted


def interrupted_at_every_call(
    store: Store, rule: str, before: Callable[[], None], call: Callable[[], Any]
) -> Iterator[int]:
    """Runs an operation with a fault at the first call that a rule matches, then anew at the second, until none is met.

    Yields:
        The number of the call after each run.
    """
    faults = store.warehouse.athena.faults
    for number in itertools.count(1):
        before()
        with (
            faults.during(f"{rule}#{number}") as [fault],
            contextlib.suppress(DbtRuntimeError, ClientError, AthenaError),
        ):
            call()
        if not fault.struck:
            return
        yield number


def test_a_drop_that_ends_before_the_data_are_deleted_is_finished(hive: Store) -> None:
    hive.fill("half", [(JANUARY, 1), (FEBRUARY, 2)])
    given = {"model": "orders__half", "keep_last": 1, "dry_run": False, "variables": {"snapshot_grace_minutes": 0}}
    died = pytest.raises((DbtRuntimeError, ClientError))
    with hive.warehouse.athena.faults.during("fail(AccessDeniedException,400):glue.DeleteTable#1"), died:
        hive.call("drop_snapshots", **given)
    assert hive.days("half") == [(FEBRUARY, "1")]
    assert len(hive.below("half")) == 2
    assert len(hive.notes("half")) == 2

    assert hive.call("drop_snapshots", **given) == []
    assert hive.days("half") == [(FEBRUARY, "1")]
    assert len(hive.below("half")) == 1
    assert hive.notes("half") == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("rule", "least"),
    [
        pytest.param("fail(AccessDeniedException,400):*.*", 40, id="refused"),
        pytest.param("after:fail:engine.Run", 6, id="done_but_failed"),
    ],
)
@pytest.mark.parametrize(
    ("table", "name", "arguments", "left"),
    [
        ("leaf_sweep", "drop_snapshots", {"keep_last": 1}, [(FEBRUARY, "4")]),
        ("leaf_pack", "compact_snapshots", {"dates": [JANUARY]}, [(JANUARY, "4"), (FEBRUARY, "4")]),
    ],
)
def test_what_was_interrupted_is_finished_by_the_next_run(
    hive: Store, rule: str, least: int, table: str, name: str, arguments: Mapping[str, Any], left: Rows
) -> None:
    both = [(JANUARY, "4"), (FEBRUARY, "4")]
    given = {"model": f"orders__{table}", "dry_run": False, "variables": {"snapshot_grace_minutes": 0}, **arguments}

    def anew() -> None:
        hive.warehouse.athena.create_database(hive.warehouse.database)
        if table in hive.warehouse.tables():
            hive.write(f"drop table {hive.warehouse.database}.{table}")
            hive.empty(f"tables/{table}/")
        hive.fill(
            table, [(day, number) for day in (JANUARY, FEBRUARY) for number in (1, 2)], regions=["north", "south"]
        )

    count = 0
    for number in interrupted_at_every_call(hive, rule, anew, lambda: hive.call(name, **given)):
        assert hive.days(table) in (both, left), f"readers, after a fault at call {number}"
        hive.call(name, **given)
        assert hive.days(table) == left, f"after a fault at call {number}"
        assert hive.notes(table) == [], f"after a fault at call {number}"
        files = hive.warehouse.query(f'select distinct "$path" as file from {{orders}}.{table}')
        assert len(hive.below(table)) == len(files), f"orphans after a fault at call {number}"
        count = number
    print(f"{name}, {rule}: {count} faults")  # noqa: T201
    assert count >= least


# Packing


def test_pack(hive: Store) -> None:
    hive.fill("packed", [(JANUARY, number) for number in range(4)] + [(FEBRUARY, 9)])
    rows = hive.warehouse.rows("packed")
    one = hive.files("packed")[FEBRUARY]
    assert [found["files"] for found in hive.call("compact_snapshots", model="orders__packed")] == [4]
    assert len(hive.files("packed")[JANUARY]) == 4, "a dry run by default"

    now = {"snapshot_grace_minutes": 0}
    packed = hive.call("compact_snapshots", model="orders__packed", dry_run=False, variables=now)
    assert packed == [{"name": f"snapshot_date={JANUARY}", "files": 4, "files_after": 1}]
    assert hive.warehouse.rows("packed") == rows
    assert len(hive.files("packed")[JANUARY]) == 1
    assert hive.files("packed")[FEBRUARY] == one
    assert len(hive.below("packed")) == 2, "the old files are gone"
    assert hive.notes("packed") == []
    assert hive.call("compact_snapshots", model="orders__packed", dry_run=False) == []


@pytest.mark.long
def test_runs_go_on_after_packing(hive: Store) -> None:
    hive.fill("resumed", [(JANUARY, 1), (JANUARY, 2), (FEBRUARY, 9)])
    now = {"snapshot_grace_minutes": 0}
    assert len(hive.call("compact_snapshots", model="orders__resumed", dry_run=False, variables=now)) == 1
    hive.warehouse.run(JANUARY, 7, "orders__resumed", **now).passed()
    assert hive.days("resumed") == [(JANUARY, "1"), (FEBRUARY, "1")]
    assert len(hive.below("resumed")) == 2
    assert hive.notes("resumed") == []


def test_packing_leaves_alone_what_a_run_is_writing(hive: Store) -> None:
    hive.fill("dry", [(JANUARY, 1), (JANUARY, 2)])
    mark = f"{hive.warehouse.database}.dry__dbt_snapshot_2024_01_31"
    location = f"s3://{hive.warehouse.bucket}/tables/dry/a-run"
    hive.write(f"create external table {mark} (`run` string) stored as textfile location '{location}/'")
    assert hive.call("compact_snapshots", model="orders__dry", dry_run=False) == []
    assert len(hive.files("dry")[JANUARY]) == 2
    assert hive.notes("dry") == ["dry__dbt_snapshot_2024_01_31"]


def test_packing_stops_when_a_run_takes_over(hive: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    hive.fill("raced", [(JANUARY, 1), (JANUARY, 2)])
    before = hive.files("raced")
    mark = f"{hive.warehouse.database}.raced__dbt_snapshot_2024_01_31"
    folder = f"s3://{hive.warehouse.bucket}/tables/raced/another-run/"
    faults = hive.warehouse.athena.faults
    monkeypatch.setattr(faults, "crash", lambda: hive.write(f"alter table {mark} set location '{folder}'"))
    stopped = pytest.raises(
        CompilationError, match="another run writes the same snapshot of .*raced and has taken over"
    )
    with faults.during("crash:glue.GetTable@*.raced__dbt_snapshot_2024_01_31_compact*#1") as [fault], stopped:
        hive.call("compact_snapshots", model="orders__raced", dry_run=False)
    assert fault.struck == 1
    assert hive.files("raced") == before
    assert "raced__dbt_snapshot_2024_01_31" in hive.notes("raced"), "the mark of the other run"
    assert any(name.startswith("raced__dbt_interrupted_") for name in hive.notes("raced"))


@pytest.mark.parametrize(
    ("table", "statement", "message"),
    [
        ("disturbed", r"create table \S+_compact", "had 2 rows, but 3 were written. Another tool writes it"),
        ("disturbed_late", r"count\S+ from \S+_compact", "the files of 2024-01-31 of .* have changed. Another tool"),
    ],
)
def test_packing_stops_when_rows_are_inserted_meanwhile(hive: Store, table: str, statement: str, message: str) -> None:
    hive.fill(table, [(JANUARY, 1), (JANUARY, 2)])
    insert = f"insert into {hive.warehouse.database}.{table} select 3, 'x', date '{JANUARY}'"
    rule = Meanwhile("delay", "engine.Run", statement=statement, do=lambda: hive.write(insert))
    with hive.warehouse.athena.faults.during(rule), pytest.raises(CompilationError, match=message):
        hive.call("compact_snapshots", model=f"orders__{table}", dry_run=False)
    assert hive.days(table) == [(JANUARY, "3")]
    assert len(hive.files(table)[JANUARY]) == 3

    hive.call("compact_snapshots", model=f"orders__{table}", dry_run=False)
    assert hive.days(table) == [(JANUARY, "3")]
    assert len(hive.files(table)[JANUARY]) == 1


def test_pack_iceberg(iceberg: Store) -> None:
    iceberg.fill("six", [(JANUARY, number) for number in range(6)] + [(FEBRUARY, 9), (FEBRUARY, 10)])
    rows = iceberg.warehouse.rows("six")
    assert iceberg.call("compact_snapshots", model="orders__six", dry_run=False) == [
        {"name": f"snapshot_date={JANUARY}", "files": 6, "files_after": 1}
    ]
    assert iceberg.warehouse.rows("six") == rows
    assert {day: len(files) for day, files in iceberg.files("six").items()} == {JANUARY: 1, FEBRUARY: 2}


def test_nothing_to_pack_on_duckdb(store_of: Callable[[str], Store]) -> None:
    store = store_of("duckdb")
    store.fill("packed", [(JANUARY, 1)])
    assert store.call("compact_snapshots", model="orders__packed", dry_run=False) == []
    assert store.days("packed") == [(JANUARY, "1")]


# What an operation leaves alone

NOW = {"snapshot_grace_minutes": 0}


@pytest.mark.long
def test_what_another_materialization_writes_again_is_not_mixed_with_what_was_dropped(hive: Store) -> None:
    hive.fill("rewritten", [(JANUARY, 1), (JANUARY, 2), (FEBRUARY, 3)])
    with pytest.raises(CompilationError, match=r"`materialized: snapshot_append`, got `incremental`"):
        hive.call("compact_snapshots", model="orders__rewritten", dry_run=False)
    hive.call("drop_snapshots", model="orders__rewritten", dates=[JANUARY], dry_run=False)
    hive.write(f"insert into {hive.warehouse.database}.rewritten select 9, 'x', date '{JANUARY}'")
    hive.call("drop_snapshots", model="orders__rewritten", before=JANUARY, dry_run=False)
    assert hive.warehouse.rows("rewritten", "id, snapshot_date") == [("3", FEBRUARY), ("9", JANUARY)]
    assert hive.notes("rewritten") == []


@pytest.mark.long
def test_other_snapshots_in_the_same_folder_stay(hive: Store) -> None:
    hive.fill("nested", [(FEBRUARY, 3)])
    database, root = hive.warehouse.database, f"s3://{hive.warehouse.bucket}/tables/nested/2024/01"
    for number, day in ((30, "2024-01-30"), (31, JANUARY)):
        place = f"external_location = '{root}/{number}/'"
        hive.write(f"create table {database}.part_{number} with ({place}) as select {number} as id, 'x' as name")
        hive.write(f"alter table {database}.nested add partition (snapshot_date = '{day}') location '{root}/{number}/'")
    for _ in range(2):
        hive.call("drop_snapshots", model="orders__nested", dates=["2024-01-30"], dry_run=False, variables=NOW)
    assert hive.days("nested") == [(JANUARY, "1"), (FEBRUARY, "1")]
    assert hive.notes("nested") == []
    assert not [key for key in hive.below("nested") if "/30/" in key]


@pytest.mark.long
def test_data_of_a_drop_that_failed_stay_while_other_dates_are_packed(hive: Store) -> None:
    hive.fill("halted", [(JANUARY, 1), (FEBRUARY, 2), (MARCH, 3)])
    rule = Meanwhile("fail", "engine.Run", statement=r"^alter table \S+halted\S* drop if exists")
    with hive.warehouse.athena.faults.during(rule), pytest.raises(DbtRuntimeError):
        hive.call("drop_snapshots", model="orders__halted", dates=[JANUARY], dry_run=False)
    for _ in range(2):
        hive.call("compact_snapshots", model="orders__halted", dates=[MARCH], dry_run=False, variables=NOW)
    assert hive.days("halted") == [(JANUARY, "1"), (FEBRUARY, "1"), (MARCH, "1")]
    arguments = {"model": "orders__halted", "dates": [JANUARY], "dry_run": False}
    assert hive.call("drop_snapshots", variables=NOW, **arguments) == [JANUARY]
    assert hive.days("halted") == [(FEBRUARY, "1"), (MARCH, "1")]


@pytest.mark.long
def test_a_snapshot_that_a_run_takes_over_is_not_dropped(hive: Store) -> None:
    hive.fill("overtaken", [(JANUARY, 1), (FEBRUARY, 2), (MARCH, 3)])
    mark = f"{hive.warehouse.database}.overtaken__dbt_snapshot_2024_01_31"
    folder = f"s3://{hive.warehouse.bucket}/tables/overtaken/another-run/"
    rule = Meanwhile(
        "delay",
        "engine.Run",
        statement=r"overtaken\$partitions. where .snapshot_date. in",
        do=lambda: hive.write(f"alter table {mark} set location '{folder}'"),
    )
    with hive.warehouse.athena.faults.during(rule):
        dropped = hive.call("drop_snapshots", model="orders__overtaken", before=MARCH, dry_run=False)
    assert rule.done
    assert dropped == [FEBRUARY]
    assert hive.days("overtaken") == [(JANUARY, "1"), (MARCH, "1")]
    assert "overtaken__dbt_snapshot_2024_01_31" in hive.notes("overtaken"), "the mark of the other run"


@pytest.mark.long
def test_a_table_with_buckets_is_not_packed(hive: Store) -> None:
    hive.make_database()
    location = f"s3://{hive.warehouse.bucket}/tables/bucketed/"
    hive.write(
        f"create table {hive.warehouse.database}.bucketed with (external_location = '{location}', "
        "bucketed_by = array['id'], bucket_count = 2, partitioned_by = array['snapshot_date']) "
        f"as select 1 as id, date '{JANUARY}' as snapshot_date"
    )
    with pytest.raises(CompilationError, match="must be a table without buckets, got `bucketed by id`"):
        hive.call("compact_snapshots", model="orders__bucketed", dry_run=False)
