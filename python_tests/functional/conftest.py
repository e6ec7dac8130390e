"""Fixtures of tests that build projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from derived_tables.harness.warehouses import Warehouse, create_warehouse
from derived_tables.local_athena import LocalAthena


@pytest.fixture(scope="module")
def warehouse_of(
    local_athena: LocalAthena, tmp_path_factory: pytest.TempPathFactory, repository: Path
) -> Callable[[str, Mapping[str, str]], Warehouse]:
    """Makes a project of some files on a database of a kind; for each kind once in a module."""
    made: dict[str, Warehouse] = {}

    def create(kind: str, files: Mapping[str, str]) -> Warehouse:
        if kind not in made:
            path = tmp_path_factory.mktemp(f"snapshots_{kind}_")
            made[kind] = create_warehouse(path, kind, local_athena, package=repository, files=files)
        return made[kind]

    return create
