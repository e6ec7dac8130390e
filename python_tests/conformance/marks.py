"""What decides whether a class runs: the target, the release of dbt."""

from __future__ import annotations

from importlib.metadata import version

import pytest

#: The release of dbt that is installed, e.g. (1, 11).
DBT = tuple(int(part) for part in version("dbt-core").split(".")[:2])

#: A release of dbt that is still to come.
NEVER = (99, 0)

#: Every class runs on each of these, unless it is marked otherwise.
TARGETS = ("duckdb", "athena_local")

#: The class is written for one adapter; another class covers the other.
duckdb_only = pytest.mark.only_on("duckdb")
athena_only = pytest.mark.only_on("athena_local")


def not_on_duckdb(reason: str, *, before: tuple[int, int] = NEVER) -> pytest.MarkDecorator:
    """Skips a class on DuckDB, because dbt-duckdb does not support what it tests, or not before a release."""
    return pytest.mark.not_on("duckdb", reason=reason, before=before)


def not_on_athena(reason: str) -> pytest.MarkDecorator:
    """Skips a class on Athena, because dbt-athena does not support what it tests."""
    return pytest.mark.not_on("athena_local", reason=reason, before=NEVER)


def new_in(release: tuple[int, int], what: str) -> pytest.MarkDecorator:
    """Skips a class where dbt itself is too old for it."""
    return pytest.mark.skipif(release > DBT, reason=f"{what} is new in dbt {release[0]}.{release[1]}.")
