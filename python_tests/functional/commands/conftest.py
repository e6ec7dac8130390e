"""Fixtures: stores, one of a kind for each module, with the models that the module names in MODELS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from derived_tables.harness.warehouses import KINDS
from local_athena import LocalAthena

from .store import Store, create_store


@pytest.fixture(scope="module")
def store_of(
    request: pytest.FixtureRequest,
    local_athena: LocalAthena,
    tmp_path_factory: pytest.TempPathFactory,
    repository: Path,
) -> Callable[[str], Store]:
    """Makes the store of a kind, once in a module."""
    made: dict[str, Store] = {}

    def create(kind: str) -> Store:
        if kind not in made:
            path = tmp_path_factory.mktemp(f"commands_{kind}_")
            made[kind] = create_store(path, kind, local_athena, repository, request.module.MODELS)
        return made[kind]

    return create


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, store_of: Callable[[str], Store]) -> Store:
    """A store of each kind."""
    return store_of(request.param)


@pytest.fixture
def hive(store_of: Callable[[str], Store]) -> Store:
    """The one with Hive tables."""
    return store_of("hive")


@pytest.fixture
def iceberg(store_of: Callable[[str], Store]) -> Store:
    """The one with Iceberg tables."""
    return store_of("iceberg")


@pytest.fixture
def duckdb(store_of: Callable[[str], Store]) -> Store:
    """The one with DuckDB tables."""
    return store_of("duckdb")
