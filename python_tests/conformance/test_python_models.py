"""Models in Python."""

from __future__ import annotations

from typing import Any

import pytest
from dbt.tests.adapter.python_model import test_python_model as suite
from dbt.tests.adapter.python_model.test_spark import BasePySparkTests

from .marks import new_in, not_on_athena

needs_spark = not_on_athena("dbt-athena runs Python in Athena for Apache Spark, which the local Athena has not.")


@needs_spark
class TestPythonModels(suite.BasePythonModelTests):
    """A table made of a model, and a model made of that table."""


@needs_spark
class TestPythonIncremental(suite.BasePythonIncrementalTests):
    """An incremental model; DuckDB's relations take filters in SQL."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        return {
            "m_1.sql": suite.m_1,
            "incremental.py": suite.incremental_python.replace("df.filter(df.id > 5)", "df.filter('id > 5')"),
        }


@needs_spark
@new_in((1, 11), "`config.meta_get`")
class TestPythonMetaGet(suite.BasePythonMetaGetTests):
    """`config.meta_get`; dbt-duckdb takes frames of pandas, the suite's own are Spark's."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        return {
            "meta_test.py": _with_pandas(suite.python_model_meta_get),
            "meta_from_schema.py": _with_pandas(suite.python_model_meta_from_schema),
            "schema.yml": suite.schema_yml_with_meta,
        }


class Timestamps:
    """The suite's input without an offset, `-0`, which DuckDB does not read."""

    @pytest.fixture(scope="class")
    def input_model_sql(self) -> str:
        return str(suite._input_model_sql).replace(":00-0'", ":00'")


@needs_spark
class TestPythonEmpty(Timestamps, suite.BasePythonEmptyTests):
    """`--empty` reaches no Python model."""


@needs_spark
class TestPythonSample(Timestamps, suite.BasePythonSampleTests):
    """`--sample` reaches no Python model."""


@pytest.mark.skip(reason="dbt-duckdb runs Python without Spark; the local Athena has no Spark either.")
class TestPySpark(BasePySparkTests):
    """Frames of pandas and of Spark."""


def _with_pandas(model: str) -> str:
    """Makes a model return a frame of pandas in place of one of Spark."""
    return "import pandas as pd\n" + model.replace("session.createDataFrame(data, [", "pd.DataFrame(data, columns=[")
