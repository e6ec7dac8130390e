"""Fixtures of the dialect's tests."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from local_athena.dialect.runtime import connect


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB that plans run in."""
    connected = connect()
    yield connected
    connected.close()


@pytest.fixture(scope="module")
def unoptimized() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB that computes nothing while it plans."""
    connected = connect()
    connected.execute("SET disabled_optimizers = 'common_subexpressions,expression_rewriter,statistics_propagation'")
    yield connected
    connected.close()
