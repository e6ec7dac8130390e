"""What people ran into who used the command for the first time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from functional.commands.running import Ran, run

from derived_tables.harness.projects import Project
from derived_tables.harness.warehouses import snapshot_model
from derived_tables.project.dbt import Dbt

FILES = {
    "models/sales/orders/orders__daily.sql": snapshot_model("select 1 as id, {{ today }} as snapshot_date"),
    "models/sales/orders/orders__events.sql": (
        "{{ config(materialized='incremental', unique_key='id', partitioned_by=['event_date']) }}\n"
        "select 1 as id, date '2024-01-31' as event_date union all select 2, date '2024-02-01'"
    ),
}
DROP = ("snapshots", "drop", "--keep-last", "1", "--select", "orders__daily")


@pytest.fixture
def project(consumer: Callable[..., Project]) -> Project:
    """A model that keeps snapshots, and a fact table by date; neither is built."""
    return consumer(FILES)


@pytest.mark.parametrize("verb", [DROP, ("snapshots", "compact"), ("snapshots", "list"), ("snapshots", "vacuum")])
def test_models_without_a_table_are_named(project: Project, verb: tuple[str, ...]) -> None:
    ran = run(project, *verb)
    assert ran.code == 0, ran.err
    assert "orders__daily has no table yet." in ran.lines


def test_looking_makes_no_database(project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(project, "snapshots", "list").code == 0
    assert list(tmp_path.rglob("*.duckdb")) == []


def test_a_fact_table_by_date_holds_no_snapshots(project: Project) -> None:
    """Rows of an incremental table cannot be made again by another run."""
    project.dbt("run").passed()
    refused = run(project, "snapshots", "drop", "--keep-last", "1", "--select", "orders__events", "--apply")
    assert refused.code == 2
    assert "`--select` must be models that keep snapshots, got `orders__events`" in refused.err
    model = FILES["models/sales/orders/orders__events.sql"].replace(
        "'incremental'", "'incremental', snapshot_grain='day'"
    )
    project.write({"models/sales/orders/orders__events.sql": model})
    listed = run(project, "snapshots", "list", "--select", "orders__events", "--format", "json").document
    assert [each["date"] for each in listed["tables"][0]["snapshots"]] == ["2024-01-31", "2024-02-01"]


def test_drop_needs_a_selection(project: Project) -> None:
    ran = run(project, "snapshots", "drop", "--keep-last", "1")
    assert ran.code == 2
    assert "Missing option '--select'" in ran.err


@pytest.mark.parametrize("variables", ["snapshot_date: 2024-02-30", "snapshot_date: 2024-13-01"])
def test_a_date_that_does_not_exist_is_no_bug(project: Project, variables: str) -> None:
    ran = run(project, "snapshots", "list", "--vars", variables)
    assert ran.code == 2
    assert f"`--vars` must be YAML with dates that exist, got `{variables}`" in ran.err


@pytest.mark.parametrize("every", ["day", "week", "month"])
def test_the_end_of_time_is_no_bug(project: Project, every: str) -> None:
    ran = run(project, "snapshots", "backfill", "-s", "orders__daily", "--start", "9999-12-31", "--every", every)
    assert ran.code == 2
    assert "the last date must be no later than" in ran.err


def test_a_selection_of_nothing_keeps_no_convention(project: Project) -> None:
    """A misspelt name in CI would be green for ever."""
    ran = run(project, "conventions", "check", "--select", "odrers__daily")
    assert ran.code == 2
    assert "Nothing matches `odrers__daily`." in ran.err


def test_the_argument_of_explain_is_named(project: Project) -> None:
    ran = run(project, "conventions", "check", "--rule", "foo")
    assert "`--rule` must be" in ran.err


def test_names_that_another_command_computed_are_not_acted_on(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another command parses the project for other variables, between our parse and our look at what it wrote."""
    project.dbt("run").passed()
    select = Dbt.select
    meanwhile: list[int] = []

    def and_then_another(dbt: Dbt, *arguments: Any) -> Any:
        chosen = select(dbt, *arguments)
        if not meanwhile:
            meanwhile.append(1)
            manifest = dbt.target_path / "manifest.json"
            content = json.loads(manifest.read_text(encoding="utf-8"))
            for node in content["nodes"].values():
                node["schema"] = f"other_{node['schema']}"
            content["metadata"]["invocation_id"] = "another"
            manifest.write_text(json.dumps(content), encoding="utf-8")
        return chosen

    monkeypatch.setattr(Dbt, "select", and_then_another)
    ran: Ran = run(project, "snapshots", "list", "--select", "orders__daily", "--format", "json")
    assert ran.code == 0, ran.err
    assert [table["relation"] for table in ran.document["tables"]] == ["orders_dev_dbt.daily"]


def test_a_deployed_table_is_not_taken_for_the_live_one(project: Project) -> None:
    project.dbt("run").passed()
    ran = run(project, "snapshots", "list", "--select", "orders__daily", "--vars", "deploy: true")
    assert (ran.code, ran.lines) == (0, ["orders__daily has no table yet."])
