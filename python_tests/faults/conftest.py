"""Fixtures: a lake of their own, because faults strike everybody, and dbt processes that write to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from derived_tables.harness.projects import Project
from local_athena import LocalAthena

from .support import BUCKET, Dbt, Lake, forking, model, project_of

MODELS = {
    "one": model(),
    "two": model(leaves=True),
    "ice": model(table_type="iceberg"),
    "warm_up": model(leaves=True),
}


@pytest.fixture(scope="session")
def lake() -> Iterator[Lake]:
    """A local Athena."""
    with LocalAthena() as athena:
        athena.create_bucket(BUCKET)
        yield Lake(athena)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A project with a model of each kind."""
    return project_of(tmp_path_factory.mktemp("faults") / "project", repository, MODELS)


@pytest.fixture(scope="session")
def dbt(lake: Lake, project: Project) -> Iterator[Dbt]:
    """dbt processes that write to the lake."""
    with forking(project, "athena", lake.athena.environment(), first="orders__warm_up") as started:
        lake.drop("warm_up")
        yield started


@pytest.fixture(autouse=True)
def _empty(request: pytest.FixtureRequest) -> None:
    """Each test of the lake begins without tables."""
    if "lake" in request.fixturenames:
        lake: Lake = request.getfixturevalue("lake")
        for table in lake.tables():
            lake.drop(table)
