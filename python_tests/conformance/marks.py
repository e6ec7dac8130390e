"""Marks that say on which targets a class runs, and why not on one."""

from __future__ import annotations

import pytest

#: Every class runs on each of these, unless it is marked otherwise.
TARGETS = ("duckdb", "athena_local")

#: The class is written for one adapter; another class covers the other.
duckdb_only = pytest.mark.only_on("duckdb")
athena_only = pytest.mark.only_on("athena_local")


def not_on_duckdb(reason: str) -> pytest.MarkDecorator:
    """Skips a class or a test on DuckDB, because dbt-duckdb does not support what it tests."""
    return pytest.mark.not_on("duckdb", reason=reason)


def not_on_athena(reason: str) -> pytest.MarkDecorator:
    """Skips a class or a test on Athena, because dbt-athena does not support what it tests."""
    return pytest.mark.not_on("athena_local", reason=reason)
