"""The names that dbt's macros have for data types."""

from __future__ import annotations

import re
from typing import Any

import pytest
from dbt.tests.adapter.column_types import fixtures
from dbt.tests.adapter.column_types.test_column_types import BasePostgresColumnTypes
from dbt.tests.adapter.utils.data_types.test_type_bigint import BaseTypeBigInt as TestTypeBigInt
from dbt.tests.adapter.utils.data_types.test_type_boolean import BaseTypeBoolean as TestTypeBoolean
from dbt.tests.adapter.utils.data_types.test_type_float import BaseTypeFloat
from dbt.tests.adapter.utils.data_types.test_type_int import BaseTypeInt as TestTypeInt
from dbt.tests.adapter.utils.data_types.test_type_numeric import BaseTypeNumeric
from dbt.tests.adapter.utils.data_types.test_type_string import BaseTypeString as TestTypeString
from dbt.tests.adapter.utils.data_types.test_type_timestamp import BaseTypeTimestamp as TestTypeTimestamp

from .marks import athena_only, duckdb_only

#: Columns whose type an adapter has under a name that dbt does not know: `decimal(10,2)`, `varchar(20)`, Glue's `int`.
UNKNOWN_TYPES = {"duckdb": ("numeric_col",), "athena_local": ("int_col", "numeric_col", "varchar_col")}


class TestColumnTypes(BasePostgresColumnTypes):
    """What the adapter says of columns of every type; the suite's casts are PostgreSQL's."""

    @pytest.fixture(scope="class")
    def models(self, target_name: str) -> dict[str, str]:
        model = re.sub(r"(\S+)::([\w ()]+?) as", r"cast(\1 as \2) as", fixtures.model_sql)
        for name, portable in {"double precision": "double", "numeric": "decimal(10, 2)", "text": "varchar"}.items():
            model = model.replace(f"as {name})", f"as {portable})")
        schema = fixtures.schema_yml
        for column in UNKNOWN_TYPES[target_name]:
            schema = re.sub(rf"\b({column}:).*", r"\1 ['not integer', 'not float']", schema)
        return {"model.sql": model, "schema.yml": schema}


class TestTypeFloat(BaseTypeFloat):
    """`dbt.type_float`; the seed gets the same type, because seeds are read as doubles."""

    @pytest.fixture(scope="class")
    def project_config_update(self, target_name: str) -> dict[str, Any]:
        float_type = {"duckdb": "float", "athena_local": "double"}[target_name]
        return {"seeds": {"test": {"expected": {"+column_types": {"float_col": float_type}}}}}


@duckdb_only
class TestTypeNumeric(BaseTypeNumeric):
    """`dbt.type_numeric`."""


@athena_only
class TestTypeNumericOnAthena(BaseTypeNumeric):
    """`dbt.type_numeric`, which is a decimal in dbt-athena; Athena has no `numeric`."""

    def numeric_fixture_type(self) -> str:
        """The type of the seed."""
        return "decimal(38,6)"
