"""A project that already exists adopts the package step by step, exactly as docs/adopting.md tells."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from derived_tables.cli.main import main
from derived_tables.harness.projects import Project, duckdb_target

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
    [warning] = run.warnings
    assert "5 of 6 names cannot be placed, e.g. `" in warning
    assert "var `on_bad_name: warn` lets them pass" in warning
    assert "derived-tables conventions check --rule names" in warning


#: Macros of the kind that projects have: the layer is the schema, and a dot in a name parts schema and table.
OWN_MACROS = """\
{% macro project_schema_name(custom_schema_name, node) -%}
    {{ node.name.split('.')[0] if '.' in node.name else 'layer_' ~ node.fqn[1] }}
{%- endmacro %}

{% macro project_alias_name(custom_alias_name=none, node=none) -%}
    {{ (custom_alias_name or node.name.split('.')[-1]) | lower }}
{%- endmacro %}
"""


def test_with_project_bad_names_are_the_projects_and_environments_still_hold(
    consumer: Callable[..., Project], tmp_path: Path
) -> None:
    project = consumer(
        {
            **FILES,
            "models/census/census.vw_x.sql": "select 1 as id",
            "seeds/census/census.codes.csv": "id\n1\n",
            "macros/own_names.sql": OWN_MACROS,
        },
        config={"vars": {"on_bad_name": "project"}},
        targets={name: duckdb_target(tmp_path / "all.duckdb") for name in ("dev", "prod")},
    )
    for target, suffix in (("dev", "_dev_dbt"), ("prod", "")):
        run = project.dbt("build", target=target).passed()
        places = {
            result.node.name: (result.node.schema, result.node.alias)
            for result in run.result
            if result.node.resource_type != "operation"
        }
        assert places == {
            "stg_customers": ("layer_staging" + suffix, "stg_customers"),
            "stg_orders": ("layer_staging" + suffix, "stg_orders"),
            "Revenue-Daily": ("layer_marts" + suffix, "revenue-daily"),
            "finance__regions": ("finance" + suffix, "regions"),
            "orders_wide": ("layer_orders_wide" + suffix, "orders_wide"),
            "regions": ("layer_regions" + suffix, "regions"),
            "census.vw_x": ("census" + suffix, "vw_x"),
            "census.codes": ("census" + suffix, "codes"),
        }


def test_a_change_of_the_projects_macros_is_seen_by_a_partial_parse(consumer: Callable[..., Project]) -> None:
    project = consumer(
        {"models/a/one.sql": "select 1 as id", "macros/own_names.sql": OWN_MACROS},
        config={"vars": {"on_bad_name": "project"}},
    )
    project.dbt("run").passed()
    file = project.path / "macros/own_names.sql"
    file.write_text(file.read_text().replace("layer_", "tier_"))
    run = project.dbt("run")
    if run.success:
        [model] = [result.node for result in run.result.results if result.node.resource_type == "model"]
        assert model.schema == "tier_a_dev_dbt"
    else:
        assert "must be `tier_a_dev_dbt`, got `layer_a_dev_dbt`" in run.output
        assert "--no-partial-parse" in run.output


def test_the_projects_macros_do_not_cross_environments(consumer: Callable[..., Project]) -> None:
    project = consumer(
        {
            "models/a/one.sql": "select 1 as id",
            "macros/own_names.sql": "{% macro project_schema_name(custom, node) %}sales_ci_7{% endmacro %}",
        },
        config={"vars": {"on_bad_name": "project"}},
    )
    run = project.dbt("parse")
    assert not run.success
    assert "must be one that looks like no other environment" in run.output


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
