"""Grants, which neither adapter has."""

import pytest
from dbt.tests.adapter.grants.test_incremental_grants import BaseIncrementalGrants
from dbt.tests.adapter.grants.test_invalid_grants import BaseInvalidGrants
from dbt.tests.adapter.grants.test_model_grants import BaseModelGrants
from dbt.tests.adapter.grants.test_seed_grants import BaseSeedGrants
from dbt.tests.adapter.grants.test_snapshot_grants import BaseSnapshotGrants

pytestmark = pytest.mark.skip(
    reason="DuckDB has no users (duckdb__apply_grants warns); dbt-athena grants by Lake Formation, config `lf_grants`."
)


class TestModelGrants(BaseModelGrants):
    """Grants on models."""


class TestIncrementalGrants(BaseIncrementalGrants):
    """Grants on incremental models."""


class TestSeedGrants(BaseSeedGrants):
    """Grants on seeds."""


class TestSnapshotGrants(BaseSnapshotGrants):
    """Grants on snapshots."""


class TestInvalidGrants(BaseInvalidGrants):
    """Grants that do not exist."""
