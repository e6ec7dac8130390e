"""convention_incremental_appends() and check_conventions(): which models a second run would double, what is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from derived_tables.harness.macros import Macros
from derived_tables.harness.projects import Project, athena_target, create_project

HOOK = "pre_hook='{{ derived_tables.idempotent_append() }}'"

#: Configs of models; whether they offend on DuckDB and on Athena, worked out from what the two adapters do.
MODELS = {
    "plain": ("", True, True),
    "append": ("incremental_strategy='append', partitioned_by=['day']", True, True),
    "append_with_hook": (f"incremental_strategy='append', partitioned_by=['day'], {HOOK}", False, True),
    "another_hook": ("incremental_strategy='append', pre_hook='select 1'", True, True),
    "partitioned": ("partitioned_by=['day']", True, False),
    "with_key": ("unique_key='id', partitioned_by=['day']", False, False),
    "hive_overwrite": (
        "table_type='hive', incremental_strategy='insert_overwrite', partitioned_by=['day']",
        None,
        False,
    ),
    "hive_overwrite_all": ("table_type='hive', incremental_strategy='insert_overwrite'", None, True),
    "delete_insert": ("incremental_strategy='delete+insert'", True, None),
    "delete_insert_with_key": ("incremental_strategy='delete+insert', unique_key='id'", False, None),
    "iceberg_append": ("table_type='iceberg', incremental_strategy='append', partitioned_by=['day']", True, True),
    "iceberg_append_with_hook": (f"table_type='iceberg', incremental_strategy='append', {HOOK}", False, False),
    "iceberg_merge": ("table_type='iceberg', incremental_strategy='merge', unique_key='id'", False, False),
}
TABLE = "{{ config(materialized='table', incremental_strategy='append') }}\nselect 1 as id"
INCREMENTAL = "{{{{ config(materialized='incremental'{}) }}}}\nselect 1 as id, current_date as day"


def project_of(path: Path, repository: Path, column: int, **options: Any) -> Project:
    """A project of those models that the adapter knows."""
    files = {
        f"models/sales/orders/orders__{name}.sql": INCREMENTAL.format(f", {model[0]}" if model[0] else "")
        for name, model in MODELS.items()
        if model[column] is not None
    }
    files["models/sales/orders/orders__table.sql"] = TABLE
    project = create_project(path, package=repository, files=files, **options)
    project.dbt("deps").passed()
    return project


@pytest.mark.parametrize("adapter", ["duckdb", "athena"])
def test_models_that_append(adapter: str, tmp_path: Path, repository: Path) -> None:
    column = ["", "duckdb", "athena"].index(adapter)
    options = {"targets": {"athena": athena_target()}} if adapter == "athena" else {}
    project = project_of(tmp_path, repository, column, **options)
    found = Macros(project, adapter_type=adapter).call("convention_incremental_appends")
    expected = sorted(f"orders__{name}" for name, model in MODELS.items() if model[column])
    assert [each["model"] for each in found] == expected
    assert [each["path"] for each in found] == [f"models/sales/orders/{name}.sql" for name in expected]
    by_name = {each["model"]: each for each in found}
    key, strategy = ("unique_key", "delete+insert") if adapter == "duckdb" else ("partitioned_by", "insert_overwrite")
    doubles = ": running it again for the same day doubles the rows"
    default = f"its `incremental_strategy` is `{strategy}`, which appends without `{key}`{doubles}"
    assert by_name["orders__plain"]["problem"] == default
    assert by_name["orders__append"]["problem"] == f"its `incremental_strategy` is `append`{doubles}"
    hook = "Add the pre-hook `{{ derived_tables.idempotent_append() }}`"
    hive = hook if adapter == "duckdb" else "Set `incremental_strategy: insert_overwrite` and `partitioned_by`"
    assert by_name["orders__append"]["remedy"].startswith(hive)
    assert by_name["orders__iceberg_append"]["remedy"].startswith(hook)


def test_the_operation_prints_and_fails_and_the_hook_stops_a_run(
    tmp_path: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = create_project(
        tmp_path,
        package=repository,
        files={
            "models/sales/orders/orders__daily.sql": INCREMENTAL.format(""),
            "models/sales/orders/orders__table.sql": TABLE,
        },
        config={"on-run-start": ["{{ derived_tables.check_run() }}", "{{ derived_tables.check_conventions() }}"]},
    )
    project.dbt("deps").passed()
    run = project.dbt("run-operation", "derived_tables.check_conventions")
    assert not run.success
    printed = run.output + capsys.readouterr().out
    assert "models/sales/orders/orders__daily.sql\n    its `incremental_strategy` is `delete+insert`, which" in printed
    assert "\n    Add the pre-hook `{{ derived_tables.idempotent_append() }}`, or set `materialized: snap" in printed
    verdict = "derived_tables.check_conventions: 1 of the models breaks a convention: orders__daily"
    assert verdict in printed

    run = project.dbt("build")
    assert not run.success
    assert verdict in run.output
    assert "OK created" not in run.output

    project.write({"models/sales/orders/orders__daily.sql": INCREMENTAL.format(f", {HOOK}")})
    capsys.readouterr()
    run = project.dbt("build").passed()
    assert "All models keep the conventions." in run.output + capsys.readouterr().out
    assert "OK created" in run.output
