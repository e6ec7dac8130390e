"""Incremental models: strategies, keys, predicates, changed columns, microbatches."""

from __future__ import annotations

import re
from typing import Any

import pytest
from dbt.tests.adapter.incremental import test_incremental_unique_id as unique_id
from dbt.tests.adapter.incremental.test_incremental_merge_exclude_columns import BaseMergeExcludeColumns
from dbt.tests.adapter.incremental.test_incremental_microbatch import BaseMicrobatch
from dbt.tests.adapter.incremental.test_incremental_on_schema_change import BaseIncrementalOnSchemaChange
from dbt.tests.adapter.incremental.test_incremental_predicates import (
    BaseIncrementalPredicates,
)
from dbt.tests.adapter.incremental.test_incremental_predicates import (
    TestPredicatesDeleteInsert as PredicatesDeleteInsert,
)

from .marks import athena_only, duckdb_only

#: Models that dbt-athena merges need Iceberg tables.
MERGE = {"+table_type": "iceberg", "+incremental_strategy": "merge"}

INPUT = """
{{ config(materialized='table', event_time='event_time') }}
select id, cast(event_time as timestamp) as event_time
from (
    values
        (1, timestamp '2020-01-01 00:00:00'),
        (2, timestamp '2020-01-02 00:00:00'),
        (3, timestamp '2020-01-03 00:00:00')
) as input (id, event_time)
"""

DUCKDB_MICROBATCH = """
{{ config(
    materialized='incremental', incremental_strategy='microbatch', event_time='event_time', batch_size='day',
    begin=modules.datetime.datetime(2020, 1, 1, 0, 0, 0)
) }}
select * from {{ ref('input_model') }}
"""

HIVE_MICROBATCH = """
{{ config(
    materialized='incremental', incremental_strategy='microbatch', event_time='event_time', batch_size='day',
    begin=modules.datetime.datetime(2020, 1, 1, 0, 0, 0), partitioned_by=['event_date']
) }}
select id, event_time, cast(event_time as date) as event_date from {{ ref('input_model') }}
"""

ICEBERG_MICROBATCH = """
{{ config(
    materialized='incremental', incremental_strategy='microbatch', event_time='event_time', batch_size='day',
    begin=modules.datetime.datetime(2020, 1, 1, 0, 0, 0), unique_key='id', table_type='iceberg'
) }}
select id, cast(event_time as timestamp(6)) as event_time from {{ ref('input_model') }}
"""


class Microbatch(BaseMicrobatch):
    """Batches of a day; the input's timestamps have no offset, for neither engine reads `-0`."""

    @pytest.fixture(scope="class")
    def input_model_sql(self) -> str:
        return INPUT

    @pytest.fixture(scope="class")
    def insert_two_rows_sql(self, unique_schema: str) -> str:
        return (
            f"insert into {unique_schema}.input_model (id, event_time) values "
            "(4, timestamp '2020-01-04 00:00:00'), (5, timestamp '2020-01-05 00:00:00')"
        )


@duckdb_only
class TestMicrobatch(Microbatch):
    """dbt-duckdb replaces the rows of a batch."""

    @pytest.fixture(scope="class")
    def microbatch_model_sql(self) -> str:
        return DUCKDB_MICROBATCH


@athena_only
class TestMicrobatchOnHive(Microbatch):
    """dbt-athena replaces the partitions of a batch."""

    @pytest.fixture(scope="class")
    def microbatch_model_sql(self) -> str:
        return HIVE_MICROBATCH


@athena_only
class TestMicrobatchOnIceberg(Microbatch):
    """dbt-athena merges a batch into an Iceberg table."""

    @pytest.fixture(scope="class")
    def microbatch_model_sql(self) -> str:
        return ICEBERG_MICROBATCH


class TestMergeExcludeColumns(BaseMergeExcludeColumns):
    """A merge that leaves columns alone."""

    @pytest.fixture(scope="class")
    def project_config_update(self, target_name: str) -> dict[str, Any]:
        return {"models": MERGE if target_name == "athena_local" else {}}


@duckdb_only
class TestIncrementalOnSchemaChange(BaseIncrementalOnSchemaChange):
    """Columns that come and go, with dbt-duckdb's default strategy."""


@athena_only
class TestIncrementalOnSchemaChangeHive(BaseIncrementalOnSchemaChange):
    """Columns that come and go in a Hive table."""

    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"models": {"+incremental_strategy": "append"}}


@athena_only
class TestIncrementalOnSchemaChangeIceberg(BaseIncrementalOnSchemaChange):
    """Columns that come and go in an Iceberg table."""

    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"models": MERGE}


@duckdb_only
class TestIncrementalPredicates(BaseIncrementalPredicates):
    """Predicates of delete+insert."""


@duckdb_only
class TestMergePredicates(PredicatesDeleteInsert):
    """Predicates under their older name, which dbt-athena does not read (its incremental.sql)."""


@athena_only
class TestIncrementalPredicatesOfMerge(BaseIncrementalPredicates):
    """Predicates of merge; a row that they exclude does not match, and is inserted."""

    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"models": {"+incremental_predicates": ["target.id != 2"], **MERGE}}


@duckdb_only
class TestIncrementalUniqueKey(unique_id.BaseIncrementalUniqueKey):
    """One key, several, none, and keys that do not exist."""


@athena_only
class TestIncrementalUniqueKeyOnIceberg(unique_id.BaseIncrementalUniqueKey):
    """The same keys; dbt-athena merges by a key, so models without one append. Trino does not read texts as dates."""

    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        keyless = ("no_unique_key", "empty_unique_key_list", "empty_str_unique_key")
        return {"models": {"test": {**MERGE, **{name: {"+incremental_strategy": "append"} for name in keyless}}}}

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        return {
            "seed.csv": unique_id.seeds__seed_csv,
            "add_new_rows.sql": _with_dates(unique_id.seeds__add_new_rows_sql),
            "duplicate_insert.sql": _with_dates(unique_id.seeds__duplicate_insert_sql),
        }

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, Any]:
        names = (
            "trinary_unique_key_list",
            "nontyped_trinary_unique_key_list",
            "unary_unique_key_list",
            "not_found_unique_key",
            "empty_unique_key_list",
            "no_unique_key",
            "empty_str_unique_key",
            "str_unique_key",
            "duplicated_unary_unique_key_list",
            "not_found_unique_key_list",
        )
        expected = ("one_str__overwrite", "unique_key_list__inplace_overwrite")
        return {
            **{f"{name}.sql": getattr(unique_id, f"models__{name}_sql") for name in names},
            "expected": {
                f"{name}.sql": _with_dates(getattr(unique_id, f"models__expected__{name}_sql")) for name in expected
            },
        }


def _with_dates(sql: str) -> str:
    """Makes a date of each text that follows a comma and looks like one."""
    return re.sub(r",('\d{4}-\d\d-\d\d')", r",date \1", sql)
