"""Fixtures of all tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from derived_tables.harness.projects import Project, create_project

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """No test sees the person's own environment; none can reach AWS by accident."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith(("DERIVED_TABLES_", "DBT_", "AWS_", "FLIGHTS_")):
                patch.delenv(name)
        patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of this repository."""
    return REPOSITORY


@pytest.fixture
def consumer(tmp_path: Path) -> Callable[..., Project]:
    """Writes a project that consumes the package and runs `dbt deps`; see create_project for the arguments."""

    def create(files: Mapping[str, str], **options: Any) -> Project:
        project = create_project(tmp_path / "consumer", package=REPOSITORY, files=files, **options)
        project.dbt("deps").passed()
        return project

    return create
