"""A project that already exists adopts the package step by step, exactly as docs/adopting.md tells."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from derived_tables.cli.main import main
from derived_tables.harness.projects import Project

#: A small project of the shape that many projects have: layers as folders, no database in any name.
FILES = {
    "models/staging/stg_customers.sql": "select 1 as customer_id, 'a' as region",
    "models/staging/stg_orders.sql": "select 7 as order_id, 1 as customer_id",
    "models/marts/finance/Revenue-Daily.sql": "select count(*) as orders from {{ ref('stg_orders') }}",
    "models/marts/finance/finance__regions.sql": "select distinct region from {{ ref('stg_customers') }}",
    "models/orders_wide.sql": "select * from {{ ref('stg_orders') }} cross join {{ ref('stg_customers') }}",
    "seeds/regions.csv": "region\na\n",
}

#: What the check must say, without what is wrong with each name; the same lines stand in docs/adopting.md.
MOVES = {
    "models/marts/finance/Revenue-Daily.sql": "models/marts/finance/finance__revenue_daily.sql",
    "models/orders_wide.sql": "models/<domain>/<database>/<database>__orders_wide.sql",
    "models/staging/stg_customers.sql": "models/staging/<database>/<database>__stg_customers.sql",
    "models/staging/stg_orders.sql": "models/staging/<database>/<database>__stg_orders.sql",
    "seeds/regions.csv": "seeds/<domain>/<database>/<database>__regions.csv",
}


@pytest.fixture
def existing(consumer: Callable[..., Project]) -> Project:
    """The existing project, already wired to the package."""
    return consumer(FILES)


def test_without_the_variable_the_first_bad_name_stops_the_parse(existing: Project) -> None:
    run = existing.dbt("parse")
    assert not run.success
    assert "must be `models/" in run.output
    assert "derived-tables conventions check --rule names" in run.output


def test_with_warn_the_project_builds_as_before_with_the_suffix(existing: Project) -> None:
    run = existing.dbt("build", variables={"on_bad_name": "warn"}).passed()
    places = {
        result.node.name: (result.node.schema, result.node.alias)
        for result in run.result
        if "hook" not in result.node.name and result.node.resource_type != "operation"
    }
    assert places == {
        "stg_customers": ("main_dev_dbt", "stg_customers"),
        "stg_orders": ("main_dev_dbt", "stg_orders"),
        "Revenue-Daily": ("main_dev_dbt", "Revenue-Daily"),
        "finance__regions": ("finance_dev_dbt", "regions"),
        "orders_wide": ("main_dev_dbt", "orders_wide"),
        "regions": ("main_dev_dbt", "regions"),
    }
    warned = {match[1] for text in run.warnings if (match := re.search("generate_schema_name: `(.*?)` must be", text))}
    assert warned == {file for file in FILES if "finance__" not in file}
    assert len(run.warnings) == 5


def test_warnings_come_once_though_dbt_names_a_model_twice(existing: Project) -> None:
    existing.write({"models/marts/finance/p.yml": "models: [{name: Revenue-Daily, config: {tags: [daily]}}]\n"})
    run = existing.dbt("parse", "--no-partial-parse", variables={"on_bad_name": "warn"}).passed()
    assert sum("Revenue-Daily.sql` must be" in text for text in run.warnings) == 1


def check_names(project: Project, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    """Runs the check; returns its exit code and what it printed below the first line."""
    capsys.readouterr()
    where = ["--project-dir", str(project.path), "--profiles-dir", str(project.path)]
    code = main(["conventions", "check", "--rule", "names", *where])
    return code, capsys.readouterr().out.splitlines()[1:]


def test_the_check_lists_all_at_once(existing: Project, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = check_names(existing, capsys)
    assert code == 1
    assert {line.split(":1  ")[0]: line.split(" → rename it to ")[-1] for line in lines[:-1]} == MOVES
    assert lines[-1] == "6 nodes checked, 5 violations found"
    assert "\n".join(lines) in (repository / "docs/adopting.md").read_text(encoding="utf-8")


def test_once_every_file_has_its_name_the_variable_can_go(
    existing: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Moves each file where the check says; the author chooses what stands in <...>."""
    chosen = {"<domain>": "sales", "<database>": "orders"}
    for old, proposed in MOVES.items():
        new = proposed
        for placeholder, name in chosen.items():
            new = new.replace(placeholder, name)
        (existing.path / new).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(existing.path / old, existing.path / new)
        for file in (existing.path / "models").rglob("*.sql"):
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace(f"ref('{Path(old).stem}')", f"ref('{Path(new).stem}')"), encoding="utf-8")
    run = existing.dbt("build").passed()
    assert not run.warnings
    assert check_names(existing, capsys) == (0, ["6 nodes checked, no violations"])
