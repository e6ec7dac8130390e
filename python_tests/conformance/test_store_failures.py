"""Rows that fail a test, kept in tables and views where the package puts them."""

from __future__ import annotations

from typing import Any

import pytest
from dbt.tests.adapter.store_test_failures_tests.basic import (
    StoreTestFailuresAsBase,
    StoreTestFailuresAsExceptions,
    StoreTestFailuresAsGeneric,
    StoreTestFailuresAsInteractions,
    StoreTestFailuresAsProjectLevelEphemeral,
    StoreTestFailuresAsProjectLevelOff,
    StoreTestFailuresAsProjectLevelView,
)
from dbt.tests.adapter.store_test_failures_tests.test_store_test_failures import (
    BaseStoreTestFailures,
    BaseStoreTestFailuresLimit,
)
from dbt.tests.util import get_connection, run_dbt


class NextToTheModel(StoreTestFailuresAsBase):
    """The package's database for the failures of `chipmunks`, and what lies there."""

    audit_schema = "chipmunks_dbt_test__audit"

    @pytest.fixture(autouse=True)
    def setup_method(self, project: Any, setup_class: None) -> None:
        run_dbt(["run"])

    def run_and_assert(self, project: Any, expected_results: set[Any], expect_pass: bool = False) -> None:
        """Runs the tests; the suite then looks into dbt's database, this looks into the package's as well."""
        super().run_and_assert(project, expected_results, expect_pass)
        with get_connection(project.adapter):
            found = project.adapter.list_relations_without_caching(
                project.adapter.Relation.create(database=project.database, schema=self.audit_schema)
            )
        assert {r.identifier[:60]: str(r.type) for r in found} == {
            result.name[:60]: result.type for result in expected_results if result.type
        }


class TestStoreFailuresAsInteractions(NextToTheModel, StoreTestFailuresAsInteractions):
    """`store_failures_as` against `store_failures`."""


class TestStoreFailuresAsProjectLevelOff(NextToTheModel, StoreTestFailuresAsProjectLevelOff):
    """Switched off in the project, on in a test."""


class TestStoreFailuresAsProjectLevelView(NextToTheModel, StoreTestFailuresAsProjectLevelView):
    """Views by the project."""


class TestStoreFailuresAsProjectLevelEphemeral(NextToTheModel, StoreTestFailuresAsProjectLevelEphemeral):
    """Nothing by the project, views by a test."""


class TestStoreFailuresAsGeneric(NextToTheModel, StoreTestFailuresAsGeneric):
    """Generic tests."""


class TestStoreFailuresAsExceptions(NextToTheModel, StoreTestFailuresAsExceptions):
    """A kind of relation that does not exist."""


class TestStoreFailures(BaseStoreTestFailures):
    """Failures in the database that the project's configuration names."""

    @pytest.fixture(autouse=True)
    def setUp(self, project: Any) -> None:
        self.test_audit_schema = "dbt_test__aud"
        run_dbt(["seed"])
        run_dbt(["run"])


class TestStoreFailuresLimit(BaseStoreTestFailuresLimit):
    """As many failures as the test's `limit`."""

    @pytest.fixture(autouse=True)
    def setUp(self, project: Any) -> None:
        self.test_audit_schema = "people_dbt_test__audit"
        run_dbt(["seed"])
