"""`--sample`: part of the rows."""

from __future__ import annotations

import pytest
from dbt.tests.adapter.sample_mode import fixtures
from dbt.tests.adapter.sample_mode.test_sample_mode import BaseSampleModeTest


class TestSampleMode(BaseSampleModeTest):
    """The rows of one day; the input's timestamps have no offset, for neither engine reads `-0`."""

    @pytest.fixture(scope="class")
    def input_model_sql(self) -> str:
        return str(fixtures.input_model_sql).replace(":00-0'", ":00'")
