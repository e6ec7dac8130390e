"""`--sample`: part of the rows."""

from __future__ import annotations

import re

import pytest
from dbt.tests.adapter.sample_mode import fixtures
from dbt.tests.adapter.sample_mode.test_sample_mode import BaseSampleModeTest


class TestSampleMode(BaseSampleModeTest):
    """The rows of one day. Neither engine reads the offset `-0`; Athena's Hive tables hold milliseconds."""

    @pytest.fixture(scope="class")
    def input_model_sql(self) -> str:
        return re.sub(r"TIMESTAMP '(.*)-0'", r"cast('\1' as timestamp)", fixtures.input_model_sql)
