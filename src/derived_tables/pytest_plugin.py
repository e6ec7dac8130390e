"""Fixtures for tests of dbt projects on Athena. pytest finds them wherever derived-tables is installed."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# Every pytest run of the environment imports this module: what takes its time is imported by the fixtures.
if TYPE_CHECKING:
    from derived_tables.harness.athena_project import AthenaProject
    from local_athena import LocalAthena

_OPTION = "dbt_project_dir"
_NUMBERS = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option with which a project says where its dbt_project.yml is."""
    parser.addini(_OPTION, "folder of the dbt project that the fixture dbt_project copies", default=".")


@pytest.fixture(scope="session")
def local_athena() -> Iterator[LocalAthena]:
    """A local Athena, one for the session or for each worker of pytest-xdist.

    While it is up, the environment leads all AWS clients to it: `AWS_ENDPOINT_URL`, dummy keys, no profile.
    """
    try:
        from local_athena import LocalAthena  # noqa: PLC0415
    except ImportError as error:
        pytest.fail(f"fixture local_athena: {error}", pytrace=False)
    from local_athena.environment import MISLEADING  # noqa: PLC0415

    with LocalAthena() as server, pytest.MonkeyPatch.context() as patch:
        for name in MISLEADING:
            patch.delenv(name, raising=False)
        # Profiles of a person's own could name another endpoint, region or role.
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            patch.setenv(name, os.devnull)
        for name, value in server.environment().items():
            patch.setenv(name, value)
        yield server


@pytest.fixture
def dbt_project(
    local_athena: LocalAthena, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[..., AthenaProject]:
    """Copies dbt projects into a temporary folder so that they run on the local Athena, each in a database of its own.

    Call it with the project's folder, relative to pytest's root; without one, with the option `dbt_project_dir`. See
    derived_tables.harness.athena_project.copy_to_athena for the other arguments.
    """
    from derived_tables.harness.athena_project import copy_to_athena  # noqa: PLC0415

    def create(source: str | Path | None = None, **options: Any) -> AthenaProject:
        number = next(_NUMBERS)
        folder = request.config.rootpath / (source or str(request.config.getini(_OPTION)))
        options.setdefault("schema", f"dbt_test_{number}")
        return copy_to_athena(folder, tmp_path / f"project_{number}", local_athena, **options)

    return create
