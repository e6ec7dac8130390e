"""Contracts and constraints."""

from __future__ import annotations

import pytest
from dbt.tests.adapter.constraints.test_constraints import (
    BaseConstraintQuotedColumn,
    BaseConstraintsRollback,
    BaseConstraintsRuntimeDdlEnforcement,
    BaseIncrementalConstraintsColumnsEqual,
    BaseIncrementalConstraintsRollback,
    BaseIncrementalConstraintsRuntimeDdlEnforcement,
    BaseIncrementalContractSqlHeader,
    BaseIncrementalForeignKeyConstraint,
    BaseModelConstraintsRuntimeEnforcement,
    BaseTableConstraintsColumnsEqual,
    BaseTableContractSqlHeader,
    BaseViewConstraintsColumnsEqual,
)

from .marks import not_on_athena, not_on_duckdb

not_enforced = not_on_athena("dbt-athena renders no constraints (CONSTRAINT_SUPPORT in its impl.py).")
no_header_before = not_on_duckdb("dbt-duckdb renders sql_header with a contract since 1.11.", before=(1, 11))
no_header = not_on_athena("dbt-athena's create_table_as renders no sql_header.")

#: A value, the type that its column has in the contract, and what dbt calls that type in an error.
DATA_TYPES = {
    "duckdb": [
        ["1", "INT", "INT"],
        ["'1'", "VARCHAR", "VARCHAR"],
        ["true", "bool", "BOOL"],
        ["timestamp '2013-11-03 00:00:00'", "TIMESTAMP", "TIMESTAMP"],
        ["timestamptz '2013-11-03 00:00:00-07'", "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"],
        ["['a', 'b', 'c']", "VARCHAR[]", "VARCHAR[]"],
        ["[1, 2, 3]", "INTEGER[]", "INTEGER[]"],
        ["'1'::numeric", "numeric", "DECIMAL"],
        ["""'{"bar": "baz"}'::json""", "json", "JSON"],
    ],
    "athena_local": [
        ["1", "integer", "integer"],
        ["'1'", "varchar", "varchar"],
        ["true", "boolean", "boolean"],
        ["cast('2013-11-03 00:00:00' as timestamp)", "timestamp", "timestamp"],
        ["date '2013-11-03'", "date", "date"],
        ["cast(1 as bigint)", "bigint", "bigint"],
        ["1e0", "double", "double"],
        ["cast('1' as decimal(10, 2))", "decimal(10, 2)", "decimal"],
        ["array['a', 'b', 'c']", "array(varchar)", "array"],
    ],
}


class ColumnTypes:
    """The types of each engine."""

    @pytest.fixture
    def int_type(self, target_name: str) -> str:
        return {"duckdb": "INT", "athena_local": "integer"}[target_name]

    @pytest.fixture
    def string_type(self) -> str:
        return "VARCHAR"

    @pytest.fixture
    def data_types(self, target_name: str) -> list[list[str]]:
        return DATA_TYPES[target_name]


class NotNullMessage:
    """What DuckDB says of a null where none may be."""

    @pytest.fixture(scope="class")
    def expected_error_messages(self) -> list[str]:
        return ["NOT NULL constraint failed"]


class TestTableConstraintsColumnsEqual(ColumnTypes, BaseTableConstraintsColumnsEqual):
    """The columns of a table are those of its contract."""


class TestViewConstraintsColumnsEqual(ColumnTypes, BaseViewConstraintsColumnsEqual):
    """The columns of a view are those of its contract."""


class TestIncrementalConstraintsColumnsEqual(ColumnTypes, BaseIncrementalConstraintsColumnsEqual):
    """The columns of an incremental model are those of its contract."""


@not_enforced
class TestTableConstraintsRuntimeDdlEnforcement(ColumnTypes, BaseConstraintsRuntimeDdlEnforcement):
    """Constraints of columns stand in the DDL of a table."""


@not_enforced
class TestIncrementalConstraintsRuntimeDdlEnforcement(ColumnTypes, BaseIncrementalConstraintsRuntimeDdlEnforcement):
    """Constraints of columns stand in the DDL of an incremental model."""


@not_enforced
class TestModelConstraintsRuntimeEnforcement(ColumnTypes, BaseModelConstraintsRuntimeEnforcement):
    """Constraints of a model stand in its DDL."""


@not_enforced
@not_on_duckdb("dbt-duckdb quotes the columns of a contract since 1.11.", before=(1, 11))
class TestConstraintQuotedColumn(BaseConstraintQuotedColumn):
    """A constraint on a column whose name is a reserved word."""


@not_enforced
class TestTableConstraintsRollback(NotNullMessage, BaseConstraintsRollback):
    """A table stays as it was when a constraint fails."""


@not_enforced
class TestIncrementalConstraintsRollback(NotNullMessage, BaseIncrementalConstraintsRollback):
    """An incremental model stays as it was when a constraint fails."""


class TestIncrementalForeignKeyConstraint(BaseIncrementalForeignKeyConstraint):
    """A contract with a foreign key, which dbt-athena leaves out."""


@no_header
@no_header_before
class TestTableContractSqlHeader(BaseTableContractSqlHeader):
    """A contract of a table with a SQL header."""


@no_header
@no_header_before
class TestIncrementalContractSqlHeader(BaseIncrementalContractSqlHeader):
    """A contract of an incremental model with a SQL header."""
