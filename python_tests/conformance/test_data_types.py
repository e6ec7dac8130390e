"""The names that dbt's macros have for data types."""

# ruff: noqa: F401 -- pytest runs the classes that are imported.

from __future__ import annotations

from typing import Any

import pytest
from dbt.tests.adapter.column_types.test_column_types import BaseColumnTypes, BasePostgresColumnTypes
from dbt.tests.adapter.utils.data_types.test_type_bigint import BaseTypeBigInt as TestTypeBigInt
from dbt.tests.adapter.utils.data_types.test_type_boolean import BaseTypeBoolean as TestTypeBoolean
from dbt.tests.adapter.utils.data_types.test_type_float import BaseTypeFloat
from dbt.tests.adapter.utils.data_types.test_type_int import BaseTypeInt as TestTypeInt
from dbt.tests.adapter.utils.data_types.test_type_numeric import BaseTypeNumeric as TestTypeNumeric
from dbt.tests.adapter.utils.data_types.test_type_string import BaseTypeString as TestTypeString
from dbt.tests.adapter.utils.data_types.test_type_timestamp import BaseTypeTimestamp as TestTypeTimestamp


class TestTypeFloat(BaseTypeFloat):
    """`dbt.type_float`; the seed gets the same type, because seeds are read as doubles."""

    @pytest.fixture(scope="class")
    def project_config_update(self, target_name: str) -> dict[str, Any]:
        float_type = {"duckdb": "float", "athena_local": "double"}[target_name]
        return {"seeds": {"test": {"expected": {"+column_types": {"float_col": float_type}}}}}
