"""The wheel, for tests of what is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from .environments import Wheel, build_wheel


@pytest.fixture(scope="session")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    """The wheel of this repository."""
    return build_wheel(repository, tmp_path_factory.mktemp("wheel"))
