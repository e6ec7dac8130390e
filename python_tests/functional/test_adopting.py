"""A project that already exists adopts the package step by step, exactly as docs/adopting.md tells."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

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

#: What check_names must say; the same text stands in docs/adopting.md.
LISTED = """\
models/marts/finance/Revenue-Daily.sql
    should be models/marts/finance/finance__revenue_daily.sql
    - its name `Revenue-Daily` has no `__` between database and table
    - its name `Revenue-Daily` has upper case letters
    - its name `Revenue-Daily` has a hyphen
models/orders_wide.sql
    should be models/<domain>/<database>/<database>__orders_wide.sql
    - it lies directly under its root folder; it must lie in <domain>/<database>/
    - its name `orders_wide` has no `__` between database and table
models/staging/stg_customers.sql
    should be models/staging/<database>/<database>__stg_customers.sql
    - it lies in a domain but in no database; it must lie in <domain>/<database>/
    - its name `stg_customers` has no `__` between database and table
models/staging/stg_orders.sql
    should be models/staging/<database>/<database>__stg_orders.sql
    - it lies in a domain but in no database; it must lie in <domain>/<database>/
    - its name `stg_orders` has no `__` between database and table
seeds/regions.csv
    should be seeds/<domain>/<database>/<database>__regions.csv
    - it lies directly under its root folder; it must lie in <domain>/<database>/
    - its name `regions` has no `__` between database and table
5 of 6 names must change."""


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


def test_check_names_lists_all_at_once(existing: Project, repository: Path) -> None:
    run = existing.dbt("run-operation", "derived_tables.check_names", variables={"on_bad_name": "warn"}).passed()
    assert LISTED in run.output
    assert LISTED in (repository / "docs/adopting.md").read_text(encoding="utf-8")


def test_check_names_can_fail(existing: Project) -> None:
    run = existing.dbt(
        "run-operation", "derived_tables.check_names", "--args", "fail: true", variables={"on_bad_name": "warn"}
    )
    assert not run.success
    assert "derived_tables.check_names: 5 of 6 names must change." in run.output


def test_check_names_refuses_a_bad_argument(existing: Project) -> None:
    run = existing.dbt(
        "run-operation", "derived_tables.check_names", "--args", "fail: 'yes'", variables={"on_bad_name": "warn"}
    )
    assert not run.success
    assert "derived_tables.check_names: `fail` must be true or false, got `yes`." in run.output


def test_once_every_file_has_its_name_the_variable_can_go(existing: Project) -> None:
    """Moves each file where check_names says; the author chooses what stands in <...>."""
    chosen = {"<domain>": "sales", "<database>": "orders"}
    for listed in re.findall(r"^(\S+)\n    should be (\S+)$", LISTED, flags=re.MULTILINE):
        old, new = listed
        for placeholder, name in chosen.items():
            new = new.replace(placeholder, name)
        (existing.path / new).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(existing.path / old, existing.path / new)
        for file in (existing.path / "models").rglob("*.sql"):
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace(f"ref('{Path(old).stem}')", f"ref('{Path(new).stem}')"), encoding="utf-8")
    run = existing.dbt("build").passed()
    assert not run.warnings
    run = existing.dbt("run-operation", "derived_tables.check_names").passed()
    assert "All 6 names are good." in run.messages
