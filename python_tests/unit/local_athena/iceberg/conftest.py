"""Fixtures: stores with Iceberg tables."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local_athena.stores.open import open_stores
from local_athena.types.model import INTEGER, VARCHAR

from .support import Lake


@pytest.fixture
def lake() -> Iterator[Lake]:
    """An empty lake."""
    with open_stores() as stores:
        yield Lake(stores)


@pytest.fixture
def people(lake: Lake) -> Lake:
    """A lake with the table t of ids and names: (1, a), (2, b), (3, null)."""
    rows = "select * from (values (1, 'a'), (2, 'b'), (3, null)) v(c0, c1)"
    lake.create({"id": INTEGER, "name": VARCHAR}, rows)
    return lake
