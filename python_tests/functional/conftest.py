"""Fixtures of tests that build projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from derived_tables.harness.warehouses import Warehouse, create_warehouse
from local_athena import LocalAthena


@pytest.fixture(scope="session")
def make_warehouse(
    local_athena: LocalAthena, tmp_path_factory: pytest.TempPathFactory, repository: Path
) -> Callable[..., Warehouse]:
    """Makes a new project of some files on a database of a kind; see create_warehouse for the arguments."""

    def create(kind: str, files: Mapping[str, str], **options: Any) -> Warehouse:
        path = tmp_path_factory.mktemp(f"snapshots_{kind}_")
        return create_warehouse(path, kind, local_athena, package=repository, files=files, **options)

    return create
