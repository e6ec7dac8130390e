"""Aliases, also where names collide."""

from __future__ import annotations

import pytest
from dbt.tests.adapter.aliases import fixtures
from dbt.tests.adapter.aliases.test_aliases import (
    BaseAliasErrors,
    BaseAliases,
    BaseSameAliasDifferentDatabases,
    BaseSameAliasDifferentSchemas,
)


class PortableText:
    """`string_literal` of both engines; the suite's own is PostgreSQL's `::text`."""

    @pytest.fixture(scope="class")
    def macros(self) -> dict[str, str]:
        return {
            "cast.sql": fixtures.MACROS__CAST_SQL.replace("'{{ s }}'::text", "cast('{{ s }}' as varchar)"),
            "expect_value.sql": fixtures.MACROS__EXPECT_VALUE_SQL,
        }


class TestAliases(PortableText, BaseAliases):
    """Aliases of models and of the project."""


class TestAliasErrors(PortableText, BaseAliasErrors):
    """Two models with one alias in one schema."""


class TestSameAliasDifferentSchemas(PortableText, BaseSameAliasDifferentSchemas):
    """Two models with one alias in two schemas."""


class TestSameAliasDifferentDatabases(PortableText, BaseSameAliasDifferentDatabases):
    """Two models with one alias in two places."""
