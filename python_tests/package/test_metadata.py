"""The package says the same of itself wherever it does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from derived_tables import __version__
from derived_tables.harness.projects import SHIMS


@pytest.fixture
def dbt_project(repository: Path) -> dict[str, Any]:
    """dbt_project.yml of the package."""
    loaded: dict[str, Any] = yaml.safe_load((repository / "dbt_project.yml").read_text(encoding="utf-8"))
    return loaded


def test_one_version(repository: Path, dbt_project: dict[str, Any]) -> None:
    assert dbt_project["version"] == __version__
    assert f"## {__version__}" in (repository / "CHANGELOG.md").read_text(encoding="utf-8")


def test_package_pulls_nothing_else_in(repository: Path) -> None:
    assert yaml.safe_load((repository / "packages.yml").read_text(encoding="utf-8")) == {"packages": []}


def test_shims_are_the_same_everywhere(repository: Path) -> None:
    assert (repository / "integration_tests/flights/macros/derived_tables.sql").read_text(encoding="utf-8") == SHIMS
    assert f"```sql\n{SHIMS}```" in (repository / "README.md").read_text(encoding="utf-8")


def test_constraints_carry_names_and_versions_only(repository: Path) -> None:
    lines = (repository / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if not line.startswith("#")]
    assert len(pinned) > 100
    for line in pinned:
        assert re.fullmatch(
            r"[a-z0-9._-]+==[0-9][a-z0-9.]*(?: ; [a-z_ <>=!'0-9.*PyCwinemscrit]+)?", line, re.IGNORECASE
        ), line


def test_links_between_documents_lead_somewhere(repository: Path) -> None:
    for file in [
        *repository.glob("*.md"),
        *repository.glob("docs/**/*.md"),
        *repository.glob("integration_tests/*/*.md"),
        *repository.glob("src/*/*.md"),
    ]:
        text = re.sub(r"```.*?```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        for link in re.findall(r"\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)", text):
            assert not link or (file.parent / link).exists(), f"{file.name}: {link}"
