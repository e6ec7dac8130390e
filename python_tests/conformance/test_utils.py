"""dbt's cross-database macros."""

from __future__ import annotations

import re

import pytest
from dbt.tests.adapter.utils import (
    fixture_date_spine,
    fixture_datediff,
    fixture_equals,
    fixture_get_intervals_between,
    fixture_null_compare,
    fixture_split_part,
)
from dbt.tests.adapter.utils.test_any_value import BaseAnyValue as TestAnyValue
from dbt.tests.adapter.utils.test_array_append import BaseArrayAppend as TestArrayAppend
from dbt.tests.adapter.utils.test_array_concat import BaseArrayConcat as TestArrayConcat
from dbt.tests.adapter.utils.test_array_construct import BaseArrayConstruct as TestArrayConstruct
from dbt.tests.adapter.utils.test_bool_or import BaseBoolOr as TestBoolOr
from dbt.tests.adapter.utils.test_cast import BaseCast as TestCast
from dbt.tests.adapter.utils.test_cast_bool_to_text import BaseCastBoolToText as TestCastBoolToText
from dbt.tests.adapter.utils.test_concat import BaseConcat as TestConcat
from dbt.tests.adapter.utils.test_current_timestamp import BaseCurrentTimestampAware, BaseCurrentTimestampNaive
from dbt.tests.adapter.utils.test_date import BaseDate
from dbt.tests.adapter.utils.test_date_spine import BaseDateSpine
from dbt.tests.adapter.utils.test_date_trunc import BaseDateTrunc as TestDateTrunc
from dbt.tests.adapter.utils.test_dateadd import BaseDateAdd as TestDateAdd
from dbt.tests.adapter.utils.test_datediff import BaseDateDiff
from dbt.tests.adapter.utils.test_equals import BaseEquals
from dbt.tests.adapter.utils.test_escape_single_quotes import BaseEscapeSingleQuotesBackslash
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
from dbt.tests.adapter.utils.test_null_compare import BaseMixedNullCompare, BaseNullCompare
from dbt.tests.adapter.utils.test_position import BasePosition as TestPosition
from dbt.tests.adapter.utils.test_replace import BaseReplace as TestReplace
from dbt.tests.adapter.utils.test_right import BaseRight as TestRight
from dbt.tests.adapter.utils.test_safe_cast import BaseSafeCast as TestSafeCast
from dbt.tests.adapter.utils.test_source_freshness_custom_info import (
    BaseCalculateFreshnessMethod as TestCalculateFreshnessMethod,
)
from dbt.tests.adapter.utils.test_split_part import BaseSplitPart
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


@not_on_athena("dbt-athena has no macro for dbt.date; dbt's own calls to_date, which Athena has not.")
@not_on_duckdb("dbt-duckdb has a macro for dbt.date since 1.11.", before=(1, 11))
class TestDate(BaseDate):
    """`dbt.date`."""


@duckdb_only
class TestDateDiff(BaseDateDiff):
    """`dbt.datediff`."""


@athena_only
class TestDateDiffOnAthena(BaseDateDiff):
    """`dbt.datediff`, which dbt-athena computes to the millisecond."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        lines = fixture_datediff.models__test_datediff_sql.splitlines()
        sql = "\n".join(line for line in lines if "microsecond" not in line).replace("59.999999", "59.999")
        return {"test_datediff.yml": fixture_datediff.models__test_datediff_yml, "test_datediff.sql": sql}


@duckdb_only
class TestSplitPart(BaseSplitPart):
    """`dbt.split_part`."""


@athena_only
class TestSplitPartOnAthena(BaseSplitPart):
    """`dbt.split_part`; Athena counts parts from the start only."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        sql = fixture_split_part.models__test_split_part_sql.rsplit("union all", 1)[0]
        return {"test_split_part.yml": fixture_split_part.models__test_split_part_yml, "test_split_part.sql": sql}


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


class TestNullCompare(BaseNullCompare):
    """Two nulls compared; Trino makes no view of a null without a type."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        return {
            "test_null_compare.yml": fixture_null_compare.MODELS__TEST_NULL_COMPARE_YML,
            "test_null_compare.sql": _typed_nulls(fixture_null_compare.MODELS__TEST_NULL_COMPARE_SQL),
        }


class TestMixedNullCompare(BaseMixedNullCompare):
    """A null compared with a number; Trino makes no view of a null without a type."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        return {
            "test_mixed_null_compare.yml": fixture_null_compare.MODELS__TEST_MIXED_NULL_COMPARE_YML,
            "test_mixed_null_compare.sql": _typed_nulls(fixture_null_compare.MODELS__TEST_MIXED_NULL_COMPARE_SQL),
        }


@not_on_athena("dbt-athena has no current_timestamp_backcompat; dbt's own casts by `::`, which Athena has not.")
class TestCurrentTimestamps(BaseCurrentTimestamps):
    """The types of `dbt.current_timestamp` and its older forms."""

    @pytest.fixture(scope="class")
    def expected_sql(self) -> None:
        """PostgreSQL's; the suite allows to leave it out."""

    @pytest.fixture(scope="class")
    def expected_schema(self) -> dict[str, str]:
        return {
            "current_timestamp": "TIMESTAMP WITH TIME ZONE",
            "current_timestamp_in_utc_backcompat": "TIMESTAMP",
            "current_timestamp_backcompat": "TIMESTAMP",
        }


def _typed_nulls(sql: str) -> str:
    """Makes integers of nulls."""
    return sql.replace("null as", "cast(null as integer) as")
