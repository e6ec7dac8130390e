"""Fixtures of all tests."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from derived_tables.harness import nyc_flights
from derived_tables.harness.projects import Project, create_project
from local_athena import LocalAthena

REPOSITORY = Path(__file__).parent.parent

#: What `dbt` and people leave in a project's folder.
LEFTOVERS = shutil.ignore_patterns("target", "logs", "dbt_packages", "*.duckdb", "*.duckdb.wal")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sends all tests of one built project to one worker, so that it is built once."""
    for item in items:
        for fixture in ("flights_athena", "flights_duckdb"):
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(fixture))
                break


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """No test sees the person's own environment; none can reach AWS by accident."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("DERIVED_TABLES_", "DBT_", "AWS_", "CASES_", "FLIGHTS_")):
                patch.delenv(name)
        patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background job; programs would inherit it
            signal.signal(signal.SIGINT, signal.default_int_handler)
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


def copy_of_flights(path: Path) -> Project:
    """A copy of the flights project that tests may run; `dbt deps` is done."""
    shutil.copytree(REPOSITORY / "integration_tests/flights", path, ignore=LEFTOVERS)
    (path / "packages.yml").write_text(f"packages: [{{local: {REPOSITORY}}}]\n", encoding="utf-8")
    project = Project(path)
    project.dbt("deps").passed()
    return project


@pytest.fixture(scope="session")
def flights_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the flights project that tests may run; `dbt deps` is done."""
    return copy_of_flights(tmp_path_factory.mktemp("flights") / "flights")


@pytest.fixture(scope="session")
def flights_duckdb(flights_project: Project) -> Path:
    """The DuckDB file of the flights project, loaded and built in the environment dev; read it only."""
    file = flights_project.path / "flights.duckdb"
    nyc_flights.load_into_duckdb(file)
    flights_project.dbt("build", env={"FLIGHTS_DUCKDB_PATH": str(file)}).passed()
    return file


@pytest.fixture(scope="session")
def flights_athena(local_athena: LocalAthena, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The flights project, loaded and built in the environment dev on the local Athena; read it only."""
    project = copy_of_flights(tmp_path_factory.mktemp("flights_athena") / "flights")
    nyc_flights.load_into_athena("derived-tables-local")
    project.dbt("build", target="athena_local", env=local_athena.environment()).passed()
    return project
