"""dbt's cross-database macros."""

from __future__ import annotations

import re
from typing import Any

import pytest
from dbt.tests.adapter.utils import fixture_date_spine, fixture_equals, fixture_get_intervals_between
from dbt.tests.adapter.utils.test_any_value import BaseAnyValue as TestAnyValue
from dbt.tests.adapter.utils.test_array_append import BaseArrayAppend as TestArrayAppend
from dbt.tests.adapter.utils.test_array_concat import BaseArrayConcat as TestArrayConcat
from dbt.tests.adapter.utils.test_array_construct import BaseArrayConstruct as TestArrayConstruct
from dbt.tests.adapter.utils.test_bool_or import BaseBoolOr as TestBoolOr
from dbt.tests.adapter.utils.test_cast import BaseCast as TestCast
from dbt.tests.adapter.utils.test_cast_bool_to_text import BaseCastBoolToText as TestCastBoolToText
from dbt.tests.adapter.utils.test_concat import BaseConcat as TestConcat
from dbt.tests.adapter.utils.test_current_timestamp import BaseCurrentTimestampAware, BaseCurrentTimestampNaive
from dbt.tests.adapter.utils.test_date import BaseDate as TestDate
from dbt.tests.adapter.utils.test_date_spine import BaseDateSpine
from dbt.tests.adapter.utils.test_date_trunc import BaseDateTrunc as TestDateTrunc
from dbt.tests.adapter.utils.test_dateadd import BaseDateAdd as TestDateAdd
from dbt.tests.adapter.utils.test_datediff import BaseDateDiff as TestDateDiff
from dbt.tests.adapter.utils.test_equals import BaseEquals
from dbt.tests.adapter.utils.test_escape_single_quotes import (
    BaseEscapeSingleQuotesBackslash,
    BaseEscapeSingleQuotesQuote,
)
from dbt.tests.adapter.utils.test_escape_single_quotes import BaseEscapeSingleQuotesQuote as TestEscapeSingleQuotesQuote
from dbt.tests.adapter.utils.test_except import BaseExcept as TestExcept
from dbt.tests.adapter.utils.test_generate_series import BaseGenerateSeries as TestGenerateSeries
from dbt.tests.adapter.utils.test_get_intervals_between import BaseGetIntervalsBetween
from dbt.tests.adapter.utils.test_get_powers_of_two import BaseGetPowersOfTwo as TestGetPowersOfTwo
from dbt.tests.adapter.utils.test_hash import BaseHash as TestHash
from dbt.tests.adapter.utils.test_intersect import BaseIntersect as TestIntersect
from dbt.tests.adapter.utils.test_last_day import BaseLastDay as TestLastDay
from dbt.tests.adapter.utils.test_length import BaseLength as TestLength
from dbt.tests.adapter.utils.test_listagg import BaseListagg as TestListagg
from dbt.tests.adapter.utils.test_null_compare import BaseMixedNullCompare as TestMixedNullCompare
from dbt.tests.adapter.utils.test_null_compare import BaseNullCompare as TestNullCompare
from dbt.tests.adapter.utils.test_position import BasePosition as TestPosition
from dbt.tests.adapter.utils.test_replace import BaseReplace as TestReplace
from dbt.tests.adapter.utils.test_right import BaseRight as TestRight
from dbt.tests.adapter.utils.test_safe_cast import BaseSafeCast as TestSafeCast
from dbt.tests.adapter.utils.test_source_freshness_custom_info import (
    BaseCalculateFreshnessMethod as TestCalculateFreshnessMethod,
)
from dbt.tests.adapter.utils.test_split_part import BaseSplitPart as TestSplitPart
from dbt.tests.adapter.utils.test_string_literal import BaseStringLiteral as TestStringLiteral
from dbt.tests.adapter.utils.test_timestamps import BaseCurrentTimestamps
from dbt.tests.adapter.utils.test_validate_sql import BaseValidateSqlMethod as TestValidateSqlMethod

from .marks import athena_only, duckdb_only, not_on_athena, not_on_duckdb


@duckdb_only
class TestCurrentTimestampAware(BaseCurrentTimestampAware):
    """DuckDB's `current_timestamp` has a time zone."""


@athena_only
class TestCurrentTimestampNaive(BaseCurrentTimestampNaive):
    """dbt-athena casts `now()` to `timestamp`."""


class TestDateSpine(BaseDateSpine):
    """`dbt.date_spine`; both engines compare dates with dates only."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        sql = re.sub(r"'(\d{4}-\d\d-\d\d)'", r"cast('\1' as date)", fixture_date_spine.models__test_date_spine_sql)
        return {"test_date_spine.yml": fixture_date_spine.models__test_date_spine_yml, "test_date_spine.sql": sql}


class TestGetIntervalsBetween(BaseGetIntervalsBetween):
    """`dbt.get_intervals_between`; both engines read ISO dates."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        sql = re.sub(
            r"'(\d\d)/(\d\d)/(\d{4})'",
            r"cast('\3-\1-\2' as date)",
            fixture_get_intervals_between.models__test_get_intervals_between_sql,
        )
        yml = fixture_get_intervals_between.models__test_get_intervals_between_yml
        return {"test_get_intervals_between.yml": yml, "test_get_intervals_between.sql": sql}


class TestEquals(BaseEquals):
    """`equals` with nulls, which dbt-duckdb reads from an empty field only."""

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        return {"data_equals.csv": fixture_equals.SEEDS__DATA_EQUALS_CSV.replace("null", "")}


@pytest.mark.skip(reason="Both engines escape a quote by doubling it: TestEscapeSingleQuotesQuote.")
class TestEscapeSingleQuotesBackslash(BaseEscapeSingleQuotesBackslash):
    """Quotes escaped by a backslash."""


class TestCurrentTimestamps(BaseCurrentTimestamps):
    """The types of `dbt.current_timestamp` and its older forms."""

    @pytest.fixture(scope="class")
    def expected_sql(self) -> None:
        """Each adapter has SQL of its own; the suite allows to leave it out."""

    @pytest.fixture(scope="class")
    def expected_schema(self, target_name: str) -> dict[str, str]:
        aware = "TIMESTAMP WITH TIME ZONE" if target_name == "duckdb" else "timestamp"
        naive = "TIMESTAMP" if target_name == "duckdb" else "timestamp"
        return {
            "current_timestamp": aware,
            "current_timestamp_in_utc_backcompat": naive,
            "current_timestamp_backcompat": naive,
        }
