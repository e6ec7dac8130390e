"""No command touches another environment, whatever dbt has parsed before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import yaml

from derived_tables.harness.projects import Project, duckdb_target
from derived_tables.harness.warehouses import snapshot_model

from .store import FEBRUARY, JANUARY, Answer, run

QUERY = "select 1 as id, {{ today }} as snapshot_date"
BOTH = [(JANUARY,), (FEBRUARY,)]


@pytest.fixture
def two_targets(consumer: Callable[..., Project], tmp_path: Path) -> Project:
    """A project whose snapshots are in production and in dev; its default target is prod."""
    file = tmp_path / "warehouse.duckdb"
    project = consumer(
        {"models/sales/orders/orders__daily.sql": snapshot_model(QUERY)},
        targets={name: duckdb_target(file) for name in ("prod", "dev")},
    )
    with duckdb.connect(str(file)) as connection:
        for schema in ("orders", "orders_dev_dbt"):
            connection.execute(f"create schema {schema}")
            connection.execute(f"create table {schema}.daily (id int, snapshot_date date)")
            for day in (JANUARY, FEBRUARY):
                connection.execute(f"insert into {schema}.daily values (1, '{day}')")
    return project


def held(project: Project, schema: str) -> list[tuple[str]]:
    """The snapshots of a schema."""
    with duckdb.connect(str(project.path.parent / "warehouse.duckdb"), read_only=True) as connection:
        sql = f"select cast(snapshot_date as varchar) from {schema}.daily order by 1"
        return [(day,) for (day,) in connection.execute(sql).fetchall()]


def switch(project: Project, target: str) -> None:
    """Makes a target of profiles.yml the default."""
    path = project.path / "profiles.yml"
    profiles = yaml.safe_load(path.read_text(encoding="utf-8"))
    profiles["consumer"]["target"] = target
    path.write_text(yaml.safe_dump(profiles), encoding="utf-8")


def drop(project: Project) -> Answer:
    path = str(project.path)
    chosen = ("--select", "config.materialized:snapshot_append")
    arguments = (
        *chosen,
        "--keep-last",
        "1",
        "--apply",
        "--format",
        "json",
        "--project-dir",
        path,
        "--profiles-dir",
        path,
    )
    return run("snapshots", "drop", *arguments)


@pytest.mark.parametrize(
    "setting",
    [
        "nothing",
        pytest.param("target-path", marks=pytest.mark.long),
        pytest.param("partial-parse", marks=pytest.mark.long),
        pytest.param("no-json", marks=pytest.mark.long),
    ],
)
def test_production_stays_when_the_target_was_switched_to_dev(
    two_targets: Project, setting: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if setting == "target-path":
        monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "artefacts"))
    two_targets.dbt("parse").passed()
    path = str(two_targets.path)
    listed = run("snapshots", "list", "--format", "json", "--project-dir", path, "--profiles-dir", path)
    assert listed.document["environment"] == "prod"
    if setting == "partial-parse":
        monkeypatch.setenv("DBT_PARTIAL_PARSE_FILE_PATH", str(two_targets.path / "target/partial_parse.msgpack"))
    if setting == "no-json":
        monkeypatch.setenv("DBT_WRITE_JSON", "false")

    switch(two_targets, "dev")
    answer = drop(two_targets)
    assert held(two_targets, "orders") == BOTH
    if answer.code == 0:
        assert (answer.document["target"], answer.document["environment"]) == ("dev", "dev")
        assert answer.table["relation"] == "orders_dev_dbt.daily"
        assert held(two_targets, "orders_dev_dbt") == [(FEBRUARY,)]
    else:
        assert setting == "partial-parse"
        assert "must be one of the environment dev, which ends in `_dev_dbt`, got `orders`" in answer.err
        assert held(two_targets, "orders_dev_dbt") == BOTH


def test_dev_stays_when_the_target_was_switched_to_production(
    two_targets: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(two_targets, "dev")
    two_targets.dbt("parse").passed()
    monkeypatch.setenv("DBT_PARTIAL_PARSE_FILE_PATH", str(two_targets.path / "target/partial_parse.msgpack"))
    switch(two_targets, "prod")
    answer = drop(two_targets)
    assert held(two_targets, "orders_dev_dbt") == BOTH
    assert answer.code in (0, 2)


def test_a_project_without_the_naming_macros_is_refused(two_targets: Project) -> None:
    (two_targets.path / "macros/derived_tables.sql").unlink()
    two_targets.write({"models/sales/orders/orders__daily.sql": snapshot_model(QUERY, schema="orders", alias="daily")})
    switch(two_targets, "dev")
    answer = drop(two_targets)
    assert answer.code == 2
    assert "macros/derived_tables.sql lacks the macros that the README shows" in answer.err
    assert held(two_targets, "orders") == held(two_targets, "orders_dev_dbt") == BOTH
