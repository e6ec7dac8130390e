"""Fixtures: an engine for a module, and a database for a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local_athena.engine import LocalEngine
from local_athena.stores.open import Stores, open_stores

from .support import BUCKET, Athena


@pytest.fixture(scope="module")
def stores() -> Iterator[Stores]:
    """Empty stores with a bucket."""
    with open_stores() as opened:
        opened.objects.create_bucket(BUCKET)
        yield opened


@pytest.fixture(scope="module")
def engine(stores: Stores) -> Iterator[LocalEngine]:
    """An engine on the stores."""
    made = LocalEngine(stores.objects, stores.glue, stores.prepared)
    yield made
    made.close()


@pytest.fixture
def athena(stores: Stores, engine: LocalEngine) -> Athena:
    """The engine, with a database of the test's own."""
    return Athena(stores, engine)
