"""Hooks before and after runs, models, seeds and snapshots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dbt.tests.adapter.hooks import fixtures
from dbt.tests.adapter.hooks.test_model_hooks import BaseDuplicateHooksInConfigs as TestDuplicateHooksInConfigs
from dbt.tests.adapter.hooks.test_model_hooks import (
    BaseHookRefs,
    BasePrePostModelHooks,
    BasePrePostModelHooksInConfig,
    BasePrePostModelHooksInConfigKwargs,
    BasePrePostModelHooksInConfigWithCount,
    BasePrePostModelHooksOnSeeds,
    BasePrePostModelHooksOnSeedsPlusPrefixed,
    BasePrePostModelHooksOnSeedsPlusPrefixedWhitespace,
    BasePrePostModelHooksOnSnapshots,
    BasePrePostSnapshotHooksInConfigKwargs,
)
from dbt.tests.adapter.hooks.test_model_hooks import BaseHooksRefsOnSeeds as TestHooksRefsOnSeeds
from dbt.tests.adapter.hooks.test_model_hooks import TestPrePostModelHooksUnderscores as PrePostModelHooksUnderscores
from dbt.tests.adapter.hooks.test_run_hooks import BaseAfterRunHooks, BasePrePostRunHooks
from dbt.tests.util import run_dbt
from dbt_common.exceptions import DbtRuntimeError

#: The columns of the tables into which the suite's hooks write, all but one of them texts.
COLUMNS = (
    "test_state",
    "target_dbname",
    "target_host",
    "target_name",
    "target_schema",
    "target_type",
    "target_user",
    "target_pass",
    "target_threads",
    "run_started_at",
    "invocation_id",
    "thread_id",
)

#: What hooks write into a column that they add; Athena changes rows of Iceberg tables only.
NEW_COLUMN = {
    "duckdb": ["alter table {{ this }} add column new_col int", "update {{ this }} set new_col = 1"],
    "athena_local": [
        "alter table {{ this.render_hive() }} add columns (new_col int)",
        "update {{ this }} set new_col = 1",
    ],
}
MACRO_IN_A_HOOK = "select cast(null as {{ dbt.type_int() }}) as id"
TABLES = {"duckdb": {}, "athena_local": {"+table_type": "iceberg"}}


def create_hook_table(project: Any, target_name: str, table: str) -> None:
    """Makes an empty table for hooks, in Athena an Iceberg table, which takes VACUUM."""
    columns = ", ".join(f"{name} {'int' if name == 'target_threads' else 'varchar(100)'}" for name in COLUMNS)
    if target_name == "duckdb":
        project.run_sql(f"create or replace table {{schema}}.{table} ({columns})")
        return
    project.run_sql(f"drop table if exists {{schema}}.{table}")
    project.run_sql(
        f"create table {{schema}}.{table} ({columns.replace('varchar(100)', 'string')}) "
        f"location 's3://derived-tables/hooks/{{schema}}/{table}' tblproperties ('table_type' = 'ICEBERG')"
    )


def assert_context(context: dict[str, Any], project: Any, state: str) -> None:
    """Checks what a hook wrote, of the target only what every adapter has."""
    assert context["test_state"] == state
    assert context["target_name"] == "default"
    assert context["target_schema"] == project.test_schema
    assert context["target_threads"] == 4
    assert context["target_type"] == project.adapter_type
    assert context["run_started_at"]
    assert context["invocation_id"]
    assert context["thread_id"].startswith(("Thread-", "MainThread"))


class ModelHooks:
    """The table that model hooks write into; the suite's own is in PostgreSQL's words."""

    @pytest.fixture(scope="class", autouse=True)
    def setUp(self, project: Any, target_name: str) -> None:
        create_hook_table(project, target_name, "on_model_hook")

    def check_hooks(self, state: str, project: Any, host: str | None, count: int = 1) -> None:
        """Compares what the hooks wrote with this target."""
        for context in self.get_ctx_vars(state, count, project):  # type: ignore[attr-defined]
            assert_context(context, project, state)


class TestPrePostModelHooks(ModelHooks, BasePrePostModelHooks):
    """Hooks of the project."""


class TestPrePostModelHooksUnderscores(ModelHooks, PrePostModelHooksUnderscores):
    """Hooks of the project, in the spelling with an underscore."""


class TestHookRefs(ModelHooks, BaseHookRefs):
    """Hooks that refer to models."""


class TestPrePostModelHooksInConfig(ModelHooks, BasePrePostModelHooksInConfig):
    """Hooks of a model."""


class TestPrePostModelHooksInConfigWithCount(ModelHooks, BasePrePostModelHooksInConfigWithCount):
    """Hooks of a model and of the project together."""


class TestPrePostModelHooksInConfigKwargs(ModelHooks, BasePrePostModelHooksInConfigKwargs):
    """Hooks of a model, as keyword arguments."""


class TestHooksOnSeeds(BasePrePostModelHooksOnSeeds):
    """Hooks of seeds, one of which calls a macro."""

    @pytest.fixture(scope="class")
    def project_config_update(self, target_name: str) -> dict[str, Any]:
        hooks = [*NEW_COLUMN[target_name], MACRO_IN_A_HOOK]
        return {"seeds": {"post-hook": hooks, "quote_columns": False, **TABLES[target_name]}}


class TestHooksOnSeedsPlusPrefixed(BasePrePostModelHooksOnSeedsPlusPrefixed):
    """Hooks of seeds, with `+`."""

    @pytest.fixture(scope="class")
    def project_config_update(self, target_name: str) -> dict[str, Any]:
        return {"seeds": {"+post-hook": NEW_COLUMN[target_name], "quote_columns": False, **TABLES[target_name]}}


class TestHooksOnSeedsPlusPrefixedWhitespace(BasePrePostModelHooksOnSeedsPlusPrefixedWhitespace):
    """Hooks of seeds, with `+ `."""

    @pytest.fixture(scope="class")
    def project_config_update(self, target_name: str) -> dict[str, Any]:
        return {"seeds": {"+ post-hook": NEW_COLUMN[target_name], "quote_columns": False, **TABLES[target_name]}}


class SnapshotHooks:
    """Hooks of a snapshot in a folder of its own, without `target_schema`, which the package refuses."""

    folder: str

    @pytest.fixture(scope="class", autouse=True)
    def setUp(self, project: Any) -> None:
        folder = Path(project.project_root) / self.folder
        folder.mkdir()
        text = fixtures.snapshots__test_snapshot.replace("target_schema=schema, ", "")
        (folder / "snapshot.sql").write_text(text, encoding="utf-8")

    @pytest.fixture(scope="class")
    def project_config_update(self, target_name: str) -> dict[str, Any]:
        return {
            "snapshot-paths": [self.folder],
            "snapshots": {"post-hook": NEW_COLUMN[target_name], **TABLES[target_name]},
            "seeds": {"quote_columns": False},
        }


class TestHooksOnSnapshots(SnapshotHooks, BasePrePostModelHooksOnSnapshots):
    """Hooks of snapshots."""

    folder = "test-snapshots"


class TestSnapshotHooksInConfigKwargs(SnapshotHooks, BasePrePostSnapshotHooksInConfigKwargs):
    """Hooks of snapshots, as keyword arguments."""

    folder = "test-kwargs-snapshots"


class TestPrePostRunHooks(BasePrePostRunHooks):
    """Hooks of a run, in order. Athena makes tables of rows by CTAS only."""

    @pytest.fixture
    def setUp(self, project: Any, target_name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        create_hook_table(project, target_name, "on_run_hook")
        project.run_sql("drop table if exists {schema}.schemas")
        project.run_sql("drop table if exists {schema}.db_schemas")
        monkeypatch.setenv("TERM_TEST", "TESTING")

    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {
            "on-run-start": [
                "{{ custom_run_hook('start', target, run_started_at, invocation_id) }}",
                "create table {{ target.schema }}.start_hook_order_test as select 1 as id",
                "drop table {{ target.schema }}.start_hook_order_test",
                "{{ log(env_var('TERM_TEST'), info=True) }}",
            ],
            "on-run-end": [
                "{{ custom_run_hook('end', target, run_started_at, invocation_id) }}",
                "create table {{ target.schema }}.end_hook_order_test as select 1 as id",
                "drop table {{ target.schema }}.end_hook_order_test",
                "create table {{ target.schema }}.schemas as "
                "{% for schema in schemas %}{{ 'union all ' if not loop.first }}"
                "select '{{ schema }}' as schema_name {% endfor %}",
                "create table {{ target.schema }}.db_schemas as "
                "{% for db, schema in database_schemas %}{{ 'union all ' if not loop.first }}"
                "select '{{ db }}' as db, '{{ schema }}' as schema_name {% endfor %}",
            ],
            "seeds": {"quote_columns": False},
        }

    def check_hooks(self, state: str, project: Any, host: str | None) -> None:
        """Compares what the hook wrote with this target."""
        assert_context(self.get_ctx_vars(state, project), project, state)


class TestAfterRunHooks(BaseAfterRunHooks):
    """A hook that reads a table that is not there; both adapters raise the parent of the suite's error."""

    def test_missing_column_pre_hook(self, project: Any) -> None:
        with pytest.raises(DbtRuntimeError, match="test_column"):
            run_dbt(["run"], expect_pass=False)
