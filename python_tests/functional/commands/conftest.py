"""Fixtures: stores, one of a kind for all tests of commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from derived_tables.harness.warehouses import KINDS
from local_athena import LocalAthena

from .store import Store, create_store


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sends all tests of one store to one worker, so that it is made once."""
    here = Path(__file__).parent
    for item in items:
        if isinstance(item, pytest.Function) and here in item.path.parents:
            given = item.callspec.params if hasattr(item, "callspec") else {}
            used = (
                given.get("store")
                or given.get("kind")
                or next((name for name in KINDS if name in item.fixturenames), "duckdb")
            )
            item.add_marker(pytest.mark.xdist_group("commands_hive" if used == "hive" else "commands_others"))


@pytest.fixture(scope="session")
def store_of(
    local_athena: LocalAthena, tmp_path_factory: pytest.TempPathFactory, repository: Path
) -> Callable[[str], Store]:
    """Makes the store of a kind, once."""
    made: dict[str, Store] = {}

    def create(kind: str) -> Store:
        if kind not in made:
            made[kind] = create_store(tmp_path_factory.mktemp(f"commands_{kind}_"), kind, local_athena, repository)
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
