"""`dbt show`, `dbt debug` and `dbt clone`."""

from __future__ import annotations

import pytest
from dbt.tests.adapter.dbt_clone import fixtures
from dbt.tests.adapter.dbt_clone.test_dbt_clone import (
    BaseClonePossible,
    BaseCloneSameSourceAndTarget,
    BaseCloneSameTargetAndState,
)
from dbt.tests.adapter.dbt_clone.test_dbt_clone import TestPostgresCloneNotPossible as CloneNotPossible
from dbt.tests.adapter.dbt_debug.test_dbt_debug import BaseDebugInvalidProjectPostgres as TestDebugInvalidProject
from dbt.tests.adapter.dbt_debug.test_dbt_debug import BaseDebugPostgres as TestDebug
from dbt.tests.adapter.dbt_show.test_dbt_show import BaseShowDoesNotHandleDoubleLimit
from dbt.tests.adapter.dbt_show.test_dbt_show import BaseShowLimit as TestShowLimit
from dbt.tests.adapter.dbt_show.test_dbt_show import BaseShowSqlHeader as TestShowSqlHeader

from .marks import athena_only, duckdb_only


@duckdb_only
class TestShowDoesNotHandleDoubleLimit(BaseShowDoesNotHandleDoubleLimit):
    """A query with a limit gets a second one."""


@athena_only
class TestShowDoesNotHandleDoubleLimitOnAthena(BaseShowDoesNotHandleDoubleLimit):
    """A query with a limit gets a second one, in Trino's words."""

    DATABASE_ERROR_MESSAGE = "mismatched input 'limit'"


class PackageNames:
    """The suite's macros without its generate_schema_name, in whose place the project has the package's."""

    @pytest.fixture(scope="class")
    def macros(self) -> dict[str, str]:
        return {"macros.sql": fixtures.macros_sql, "infinite_macros.sql": fixtures.infinite_macros_sql}


@pytest.mark.skip(reason="Neither adapter overrides dbt's can_clone_table, which says no: TestCloneNotPossible.")
class TestClonePossible(BaseClonePossible):
    """Clones that the database makes."""


class TestCloneNotPossible(PackageNames, CloneNotPossible):
    """Clones that are views."""


class TestCloneSameTargetAndState(PackageNames, BaseCloneSameTargetAndState):
    """A state that is the project's own target folder."""


@pytest.mark.skip(reason="dbt skips a relation only where tables can be cloned (clone.sql): TestClonePossible.")
class TestCloneSameSourceAndTarget(BaseCloneSameSourceAndTarget):
    """A relation cloned to itself."""
