"""dbt's unit tests."""

from __future__ import annotations

import pytest
from dbt.tests.adapter.unit_testing.test_case_insensitivity import BaseUnitTestCaseInsensivity as TestCaseInsensitivity
from dbt.tests.adapter.unit_testing.test_invalid_input import BaseUnitTestInvalidInput as TestInvalidInput
from dbt.tests.adapter.unit_testing.test_quoted_reserved_word_column_names import (
    BaseUnitTestQuotedReservedWordColumnNames as TestQuotedReservedWordColumnNames,
)
from dbt.tests.adapter.unit_testing.test_types import BaseUnitTestingTypes, BaseUnitTestingVarcharFixtureNoTruncation

from .marks import not_on_athena

#: Expressions of each engine, and how a row of a unit test spells their value.
DATA_TYPES = {
    "duckdb": [
        ["1", "1"],
        ["2.0", "2.0"],
        ["'1'", "1"],
        ["true", "true"],
        ["date '2020-01-02'", "2020-01-02"],
        ["timestamp '2013-11-03 00:00:00'", "2013-11-03 00:00:00"],
        ["timestamptz '2013-11-03 00:00:00-0'", "2013-11-03 00:00:00-0"],
        ["'1'::numeric", "1"],
        ["""'{"bar": "baz"}'::json""", """'{"bar": "baz"}'"""],
        ["['a', 'b']", "['a', 'b']"],
        ["[1, 2, 3]", "[1, 2, 3]"],
        ["{'a': 1}", "{'a': 1}"],
    ],
    "athena_local": [
        ["1", "1"],
        ["2.0", "2.0"],
        ["'1'", "1"],
        ["true", "true"],
        ["date '2020-01-02'", "2020-01-02"],
        ["cast('2013-11-03 00:00:00' as timestamp)", "2013-11-03 00:00:00"],
        ["cast('1' as decimal(10, 2))", "1"],
        ["cast(1 as bigint)", "1"],
    ],
}


@not_on_athena("dbt-athena's Column keeps `varchar(5)`, and dbt casts the row to the column's type.")
class TestVarcharFixtureNoTruncation(BaseUnitTestingVarcharFixtureNoTruncation):
    """A row with a text that is longer than the column."""


class TestUnitTestingTypes(BaseUnitTestingTypes):
    """Values of every type that a row can spell."""

    @pytest.fixture
    def data_types(self, target_name: str) -> list[list[str]]:
        return DATA_TYPES[target_name]
