"""`derived-tables conventions`, on real projects."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from derived_tables.cli.main import main
from derived_tables.harness.projects import Project, athena_target

INCREMENTAL = "{{ config(materialized='incremental') }}\nselect 1 as id, current_date as day"
FILES = {
    "models/sales/orders/orders__daily.sql": INCREMENTAL,
    "models/sales/orders/orders__table.sql": "{{ config(materialized='table') }}\nselect 1 as id",
    "models/sales/orders/Revenue.sql": "select 1 as id",
    "seeds/regions.csv": "region\na\n",
}
BAD_NAMES = {"models/sales/orders/Revenue.sql", "seeds/regions.csv"}


@pytest.fixture
def project(consumer: Callable[..., Project]) -> Project:
    """A project with two bad names and a model that appends; its names are errors when it is built."""
    return consumer(FILES)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs the command on a project; returns its exit code, stdout and stderr."""

    def call(project: Project, *arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        where = ["--project-dir", str(project.path), "--profiles-dir", str(project.path)]
        code = main(["conventions", *arguments, *where])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_bad_names_are_findings_that_do_not_end_the_parse(project: Project, run: Callable[..., Any]) -> None:
    assert not project.dbt("parse").success
    code, out, errors = run(project, "check", "--rule", "names")
    assert (code, errors) == (1, "")
    head, *lines, verdict = out.splitlines()
    assert head == "project consumer, target duckdb, environment dev"
    assert {line.split(":1  DT101  error  ")[0] for line in lines} == BAD_NAMES
    assert any(line.endswith(" → rename it to models/sales/orders/orders__revenue.sql") for line in lines)
    assert verdict == "4 nodes checked, 2 violations found"
    assert not project.dbt("parse").success, "the check leaves nothing behind that dbt would take for its own"


def test_all_rules(project: Project, run: Callable[..., Any]) -> None:
    code, out, _ = run(project, "check", "--format", "json")
    assert code == 1
    found = json.loads(out)
    assert found["environment"] == "dev"
    assert found["rules"] == ["DT101", "DT501"]
    assert [(each["path"], each["rule"]) for each in found["violations"]] == [
        ("models/sales/orders/Revenue.sql", "DT101"),
        ("models/sales/orders/orders__daily.sql", "DT501"),
        ("seeds/regions.csv", "DT101"),
    ]


def test_a_selection_narrows_what_is_checked(project: Project, run: Callable[..., Any]) -> None:
    assert run(project, "check", "--select", "orders__table")[:2] == (
        0,
        "project consumer, target duckdb, environment dev\n1 node checked, no violations\n",
    )
    code, out, _ = run(project, "check", "--select", "orders__table", "regions", "--quiet")
    assert code == 1
    assert out.startswith("seeds/regions.csv:1  DT101")
    assert out.endswith("2 nodes checked, 1 violation found\n")
    assert run(project, "check", "--exclude", "Revenue", "regions", "orders__daily")[0] == 0


def test_the_adapter_decides_what_appends(consumer: Callable[..., Project], run: Callable[..., Any]) -> None:
    """No database is asked: nothing listens where this target points."""
    model = "{{ config(materialized='incremental', partitioned_by=['day']) }}\nselect 1 as id, current_date as day"
    project = consumer({"models/sales/orders/orders__daily.sql": model}, targets={"athena": athena_target()})
    assert run(project, "check")[0] == 0
    project.write({"models/sales/orders/orders__daily.sql": INCREMENTAL})
    code, out, _ = run(project, "check")
    assert code == 1
    assert "which appends without `partitioned_by`" in out


def test_what_is_wrong_is_refused(project: Project, run: Callable[..., Any]) -> None:
    code, out, errors = run(project, "check", "--rule", "nmaes")
    assert (code, out) == (2, "")
    assert errors.startswith("derived-tables conventions check: `--rule` must be the id or the name of a rule")
    project.write({"models/sales/orders/orders__broken.sql": "select * from {{ ref( }}"})
    code, out, errors = run(project, "check")
    assert code == 2
    assert "orders__broken.sql" in errors


def test_rules_are_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conventions", "list"]) == 0
    assert "DT101" in (listed := capsys.readouterr().out) and "incremental-appends" in listed
    assert main(["conventions", "explain", "names"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("DT101  names  error\n")
    assert "\n\nWhy: " in text and "\n\nFix: " in text
    assert main(["conventions", "explain", "DT101", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "names"
    assert main(["conventions", "explain", "DT999"]) == 2
