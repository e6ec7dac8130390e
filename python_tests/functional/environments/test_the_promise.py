"""The promise: no run touches another environment, and no snapshot is gone that nobody discarded.

Random sequences of runs by production, a deployment, dev, two sandboxes and two pull requests, while somebody changes
the materialization, the format, the names, the location, the default target and the variables. After each step every
other environment is byte for byte what it was, whether the run succeeded or not.
"""

from __future__ import annotations

import hashlib
import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import duckdb
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from derived_tables.harness.projects import Project, athena_target, create_project, duckdb_target
from local_athena import LocalAthena


@dataclass(frozen=True)
class Environment:
    """Somebody who runs dbt.

    Attributes:
        suffix: of the databases that are theirs.
        target: the target in profiles.yml that they use.
        variables: what they pass.
        env: what they have set.
    """

    suffix: str
    target: str = "dev"
    variables: dict[str, Any] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)


def sandbox(user: str) -> Environment:
    return Environment(
        f"_sandbox_{user}", env={"DERIVED_TABLES_ENVIRONMENT": "sandbox", "DERIVED_TABLES_USER": user.upper()}
    )


def pull_request(number: str) -> Environment:
    return Environment(f"_ci_{number}", variables={"environment": "ci"}, env={"DERIVED_TABLES_CI_ID": number})


PROD = Environment("", target="prod")
ENVIRONMENTS = {
    "prod": PROD,
    "deploy": Environment("_dbt_deploy", target="prod", variables={"deploy": True}),
    "dev": Environment("_dev_dbt"),
    "ann": sandbox("ann"),
    "ann_ci": sandbox("ann_ci"),
    "ci_1": pull_request("1"),
    "ci_dev": pull_request("dev"),
}
#: Longest first: what a database belongs to is told by the longest suffix that it ends with.
SUFFIXES = sorted(
    (each.suffix for name, each in ENVIRONMENTS.items() if each.suffix and name != "deploy"), key=len, reverse=True
)

MATERIALIZED = ["snapshot_append", "snapshot_append", "snapshot_append", "table", "incremental", "view"]
DAYS = ["2024-01-01", "2024-01-02", "2024-01-03"]
SLIPS: list[dict[str, Any]] = [
    {"environment": "prod", "prod_targets": ["dev"]},
    {"enviroment": "prod"},
    {"environment": "prod"},
]


@dataclass(frozen=True)
class Step:
    """One run, and what somebody has changed before it.

    Attributes:
        who: runs dbt.
        day: the snapshot date.
        config: of the model that keeps snapshots.
        number: a value in its rows.
        discards: whether it is run with `--full-refresh` and `discard_snapshots`.
        default: the default target in profiles.yml; the run names none then.
        slip: variables that cross environments, if they are let.
    """

    who: str
    day: str
    config: dict[str, Any]
    number: int
    discards: bool
    default: str | None
    slip: dict[str, Any]


CONFIGS = st.fixed_dictionaries(
    {"materialized": st.sampled_from(MATERIALIZED)},
    optional={
        "format": st.sampled_from(["parquet", "orc"]),
        "table_type": st.sampled_from(["hive", "iceberg"]),
        "alias": st.sampled_from(["daily", "daily", "fixed"]),
        "schema": st.sampled_from(
            ["{prefix}orders", "{prefix}orders", "{prefix}orders_dev_dbt", "{prefix}orders_ci_1"]
        ),
        "external_location": st.just("s3://{bucket}/tables/shared/"),
    },
)
STEPS = st.builds(
    Step,
    who=st.sampled_from(sorted(ENVIRONMENTS)),
    day=st.sampled_from(DAYS),
    config=CONFIGS,
    number=st.integers(1, 3),
    discards=st.sampled_from([False, False, False, True]),
    default=st.sampled_from([None, None, "dev", "prod"]),
    slip=st.sampled_from([{}, {}, {}, {}, *SLIPS]),
)


@dataclass
class World:
    """A project of one example, and the places that it writes to.

    Attributes:
        project: the project.
        kind: `duckdb` or `athena`.
        prefix: what the names of its databases begin with.
        held: rows of each snapshot that a run has written and nobody discarded, by database, table and date.
    """

    project: Project
    kind: str
    prefix: str
    held: dict[tuple[str, str, str], list[Any]] = field(default_factory=dict)

    @property
    def bucket(self) -> str:
        return self.prefix.rstrip("_").replace("_", "-")

    def databases(self) -> dict[str, str]:
        """A digest of all that is in each database, empty ones left out."""
        found = self._duckdb_state() if self.kind == "duckdb" else self._athena_state()
        return {
            name: hashlib.sha256(repr(sorted(state, key=repr)).encode()).hexdigest()
            for name, state in found.items()
            if state
        }

    def _duckdb_state(self) -> dict[str, list[Any]]:
        file = self.project.path / "all.duckdb"
        found: dict[str, list[Any]] = {}
        if file.exists():
            with duckdb.connect(str(file), read_only=True) as connection:
                for schema, table, type_ in connection.execute(
                    "select table_schema, table_name, table_type from information_schema.tables"
                ).fetchall():
                    rows = connection.execute(
                        f'select cast(columns(*) as varchar) from "{schema}"."{table}"'
                    ).fetchall()
                    found.setdefault(schema, []).append((table, type_, sorted(map(repr, rows))))
        return found

    def _athena_state(self) -> dict[str, list[Any]]:
        glue, s3 = client("glue"), client("s3")
        objects = [
            (each["Key"], each["ETag"])
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix="tables/")
            for each in page.get("Contents", ())
        ]
        found: dict[str, list[Any]] = {}
        for page in glue.get_paginator("get_databases").paginate():
            for database in (each["Name"] for each in page["DatabaseList"] if each["Name"].startswith(self.prefix)):
                state = found.setdefault(database, [])
                for tables in glue.get_paginator("get_tables").paginate(DatabaseName=database):
                    for table in tables["TableList"]:
                        place = table["StorageDescriptor"].get("Location", "").rstrip("/")
                        below = f"{place.removeprefix(f's3://{self.bucket}/')}/"
                        files = [each for each in objects if place and each[0].startswith(below)]
                        state.append((table["Name"], place, repr(table["Parameters"]), files))
                        if table.get("PartitionKeys"):
                            state.extend(partitions(glue, database, table["Name"]))
        return found

    def snapshots(self, database: str, table: str) -> dict[str, list[Any]]:
        """Rows of a table by date, if it has dates."""
        sql = f"select * from {database}.{table}"
        if self.kind == "duckdb":
            with duckdb.connect(str(self.project.path / "all.duckdb"), read_only=True) as connection:
                relation = connection.sql(f"select cast(columns(*) as varchar) from ({sql}) as q")
                rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
        else:
            rows = LocalAthena.query(ATHENA[0], sql)
        found: dict[str, list[Any]] = {}
        for row in rows:
            if row.get("snapshot_date"):
                found.setdefault(str(row["snapshot_date"]), []).append(sorted(row.items()))
        return {day: sorted(each) for day, each in found.items()}


ATHENA: list[LocalAthena] = []


def client(service: str) -> Any:
    make: Any = boto3.client  # typed loosely: there are no stubs for all services among the dependencies
    return make(service, endpoint_url=ATHENA[0].url, region_name="eu-west-1")


def partitions(glue: Any, database: str, table: str) -> Iterator[Any]:
    for page in glue.get_paginator("get_partitions").paginate(DatabaseName=database, TableName=table):
        for each in page["Partitions"]:
            yield table, each["Values"], each["StorageDescriptor"]["Location"]


def owner(database: str) -> str:
    """The suffix of the environment that a database belongs to."""
    return next((suffix for suffix in SUFFIXES if database.endswith(suffix)), "")


_NUMBERS = itertools.count()


@pytest.fixture(scope="module", params=["duckdb", "athena"])
def make_world(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    repository: Path,
    local_athena: LocalAthena,
) -> Callable[[], World]:
    """Makes a project for an example; packages are installed once."""
    kind: str = request.param
    ATHENA[:] = [local_athena]
    base = tmp_path_factory.mktemp(f"promise_{kind}_")
    template = create_project(
        base / "template",
        package=repository,
        files={
            "utils/dbt_project.yml": "{name: utils, version: 1.0.0, config-version: 2}\n",
            "utils/models/calendar.sql": "{{ config(materialized='table') }} select 1 as id, '{{ target.name }}' as t",
        },
    )
    packages = template.path / "packages.yml"
    packages.write_text(packages.read_text() + "- local: utils\n")
    template.dbt("deps").passed()

    def make() -> World:
        number = next(_NUMBERS)
        path = base / f"example{number}"
        shutil.copytree(template.path, path, symlinks=True)
        world = World(Project(path), kind, f"{base.name}_{number}_")
        if kind == "athena":
            local_athena.create_bucket(world.bucket)
            # Those of packages land in the schema of the target.
            options: dict[str, Any] = {"poll_interval": 0.01, "num_retries": 0, "schema": f"{world.prefix}main"}
            target = athena_target(bucket=world.bucket, **options)
        else:
            target = duckdb_target(path / "all.duckdb")
        profile = {"consumer": {"target": "dev", "outputs": {"dev": target, "prod": target}}}
        world.project.write(
            {
                "profiles.yml": yaml.safe_dump(profile),
                "models/sales/orders/orders__fixed_source.sql": "select 1 as id",
            }
        )
        return world

    return make


def allowed(step: Step) -> str | None:
    """The suffix of the databases that a step may write; None if it may write nothing.

    A variable comes first, then an environment variable, then the name of the target; production needs the target prod.
    """
    who = ENVIRONMENTS[step.who]
    target = step.default or who.target
    given = {**who.variables, **step.slip}
    if "prod_targets" in given or "enviroment" in given:
        return None
    named = given.get("environment", who.env.get("DERIVED_TABLES_ENVIRONMENT", target))
    if named == "prod" and target != "prod":
        return None
    own = {"prod": "", "dev": "_dev_dbt"}.get(named, who.suffix)
    return own + ("_dbt_deploy" if given.get("deploy") else "")


def take(world: World, step: Step) -> None:
    """Makes the changes of a step, runs it, and checks the promise."""
    who = ENVIRONMENTS[step.who]
    config = {
        key: value.format(prefix=world.prefix, bucket=world.bucket) if isinstance(value, str) else value
        for key, value in step.config.items()
    }
    config.setdefault("schema", f"{world.prefix}orders")
    if config["materialized"] == "snapshot_append":
        config["partitioned_by"] = ["snapshot_date"]
    world.project.write(
        {
            "models/sales/orders/orders__daily.sql": (
                f"{{{{ config(**{config!r}) }}}}\n"
                f"select {step.number} as id, {{{{ derived_tables.snapshot_date() }}}} as snapshot_date"
            ),
            "models/sales/orders/orders__fixed_source.sql": (
                f"{{{{ config(schema='{world.prefix}orders') }}}}\nselect 1 as id"
            ),
        }
    )
    if step.default:
        file = world.project.path / "profiles.yml"
        profile = yaml.safe_load(file.read_text())
        profile["consumer"]["target"] = step.default
        file.write_text(yaml.safe_dump(profile))
    variables = {**who.variables, **step.slip, "snapshot_date": step.day}
    if step.discards:
        variables["discard_snapshots"] = True

    before = world.databases()
    own = allowed(step)
    run = world.project.dbt(
        "run",
        *(["--full-refresh"] if step.discards else []),
        target=None if step.default else who.target,
        variables=variables,
        env=who.env,
    )
    after = world.databases()
    for database in {*before, *after}:
        if own is None or not belongs(database, own):
            assert after.get(database) == before.get(database), f"{database} was touched by {step}\n{run.output}"

    keep_account(world, step, f"{config['schema']}{own or ''}", config.get("alias", "daily"), run.success)


def keep_account(world: World, step: Step, written: str, table: str, succeeded: bool) -> None:
    """Checks that no snapshot is gone or changed but by its own run, and notes what there is now."""
    for (database, name, day), rows in world.held.items():
        is_written = (database, name) == (written, table)
        if not (is_written and (step.discards or day == step.day)):
            assert world.snapshots(database, name).get(day) == rows, f"{database}.{name} of {day} was lost by {step}"
    if step.discards:
        world.held = {key: rows for key, rows in world.held.items() if key[:2] != (written, table)}
    if succeeded and step.config["materialized"] == "snapshot_append":
        for day, rows in world.snapshots(written, table).items():
            world.held[written, table, day] = rows


def belongs(database: str, suffix: str) -> bool:
    """Whether a database is one of the environment with a suffix."""
    deployed = "_dbt_deploy"
    if suffix.endswith(deployed) != database.endswith(deployed):
        return False
    return owner(database.removesuffix(deployed)) == suffix.removesuffix(deployed)


def check(make_world: Callable[[], World], steps: list[Step]) -> None:
    world = make_world()
    try:
        for step in steps:
            take(world, step)
    finally:
        shutil.rmtree(world.project.path)


_OPTIONS: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
}


@settings(max_examples=4, derandomize=True, phases=[Phase.generate], **_OPTIONS)
@given(steps=st.lists(STEPS, min_size=4, max_size=6))
def test_a_handful_of_sequences(make_world: Callable[[], World], steps: list[Step]) -> None:
    check(make_world, steps)


@pytest.mark.long
@settings(max_examples=100, print_blob=True, **_OPTIONS)
@given(steps=st.lists(STEPS, min_size=3, max_size=8))
def test_a_hundred_sequences_on_each(make_world: Callable[[], World], steps: list[Step]) -> None:
    check(make_world, steps)


def test_what_the_model_of_it_says() -> None:
    """The check itself: whose a database is."""
    assert belongs("x_orders", "")
    assert belongs("x_orders_dev_dbt", "_dev_dbt")
    assert not belongs("x_orders_dev_dbt", "")
    assert belongs("x_orders_sandbox_ann_ci", "_sandbox_ann_ci")
    assert not belongs("x_orders_sandbox_ann_ci", "_sandbox_ann")
    assert not belongs("x_orders_dbt_deploy", "")
    assert belongs("x_orders_dbt_deploy", "_dbt_deploy")
