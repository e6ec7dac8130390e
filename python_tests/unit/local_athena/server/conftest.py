"""A server with a tiny engine, and clients for it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from local_athena import LocalAthena
from local_athena.stores.open import Stores

from .support import Clients, TinyEngine


@pytest.fixture(scope="session")
def engine() -> TinyEngine:
    """The engine of the session's server."""
    return TinyEngine()


@pytest.fixture(scope="session")
def athena(engine: TinyEngine) -> Iterator[LocalAthena]:
    """A server for all tests that leave it as it was, apart from names of their own."""

    def make(_stores: Stores) -> TinyEngine:
        return engine

    with LocalAthena(engine=make) as server:
        yield server


@pytest.fixture(scope="session")
def aws(athena: LocalAthena) -> Clients:
    """Clients of the session's server."""
    return Clients(athena)


_NUMBERS = itertools.count()


@pytest.fixture
def bucket(athena: LocalAthena) -> str:
    """A bucket of the test's own."""
    name = f"bucket-{next(_NUMBERS)}"
    athena.create_bucket(name)
    return name


@pytest.fixture
def database(athena: LocalAthena) -> str:
    """A database of the test's own."""
    name = f"database_{next(_NUMBERS)}"
    athena.create_database(name)
    return name
