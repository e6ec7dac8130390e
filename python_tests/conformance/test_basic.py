"""Materializations, tests and adapter methods in their simplest form."""

from __future__ import annotations

from typing import Any

import pytest
from dbt.tests.adapter.basic.test_adapter_methods import BaseAdapterMethod
from dbt.tests.adapter.basic.test_base import BaseSimpleMaterializations as TestSimpleMaterializations
from dbt.tests.adapter.basic.test_empty import BaseEmpty as TestEmpty
from dbt.tests.adapter.basic.test_ephemeral import BaseEphemeral as TestEphemeral
from dbt.tests.adapter.basic.test_generic_tests import BaseGenericTests as TestGenericTests
from dbt.tests.adapter.basic.test_get_catalog_for_single_relation import BaseGetCatalogForSingleRelation
from dbt.tests.adapter.basic.test_incremental import BaseIncremental as TestIncremental
from dbt.tests.adapter.basic.test_incremental import BaseIncrementalBadStrategy, BaseIncrementalNotSchemaChange
from dbt.tests.adapter.basic.test_singular_tests import BaseSingularTests as TestSingularTests
from dbt.tests.adapter.basic.test_singular_tests_ephemeral import (
    BaseSingularTestsEphemeral as TestSingularTestsEphemeral,
)
from dbt.tests.adapter.basic.test_table_materialization import BaseTableMaterialization as TestTableMaterialization
from dbt.tests.adapter.basic.test_validate_connection import BaseValidateConnection as TestValidateConnection
from dbt.tests.util import run_dbt

NOT_SCHEMA_CHANGE_SQL = """
{{ config(materialized="incremental", unique_key="user_id_current_time", on_schema_change="sync_all_columns") }}
select
    '1-' || cast(current_timestamp as {{ dbt.type_string() }}) as user_id_current_time,
    cast('{{ "thisis18characters" if is_incremental() else "okthisis20characters" }}' as {{ dbt.type_string() }})
        as platform
"""


class TestAdapterMethod(BaseAdapterMethod):
    """Schemas and relations made, found and dropped while a model compiles."""

    @pytest.fixture(scope="class")
    def project_files(self, project_files: None) -> None:
        """All files, those of the package as well; the suite's class writes two folders only."""


class TestIncrementalNotSchemaChange(BaseIncrementalNotSchemaChange):
    """A text of another length is no change of the schema; Trino does not join a number to a text."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        return {"incremental_not_schema_change.sql": NOT_SCHEMA_CHANGE_SQL}


class TestIncrementalBadStrategy(BaseIncrementalBadStrategy):
    """Each adapter refuses an unknown strategy in its own words, dbt-duckdb on the first run that needs one."""

    def test_incremental_invalid_strategy(self, project: Any, target_name: str) -> None:
        run_dbt(["seed"])
        if target_name == "duckdb":
            run_dbt(["run"])
        results = run_dbt(["run"], expect_pass=False)
        assert {
            "duckdb": "dbt could not find an incremental strategy macro",
            "athena_local": "Invalid incremental strategy provided: bad_strategy",
        }[target_name] in results.results[0].message


@pytest.mark.skip(reason="Neither adapter implements get_catalog_for_single_relation (dbt/adapters/base/impl.py).")
class TestGetCatalogForSingleRelation(BaseGetCatalogForSingleRelation):
    """The catalog of one relation."""
