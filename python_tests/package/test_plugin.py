"""The wheel gives other projects its fixtures and its command: the example of docs/testing-your-project.md runs."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from .environments import Wheel, create_environment

#: Blocks of the page that are files: the line before them is the path.
FILES = re.compile(r"`([\w./]+)`:\n\n```\w*\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    """The page."""
    return (repository / "docs/testing-your-project.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def python(wheel: Wheel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment made as the page says."""
    return create_environment(tmp_path_factory.mktemp("fresh"), wheel, "local-athena", others=["pytest"])


def _run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTEST_", "PYTHON"))}
    return subprocess.run([python, *arguments], cwd=folder, env=clean, capture_output=True, text=True, check=False)


def test_the_example_runs_as_it_stands(python: Path, page: str, tmp_path: Path) -> None:
    for name, content in FILES.findall(page):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    run = _run(python, tmp_path, "-m", "pytest", "tests", "-p", "no:cacheprovider")
    assert run.returncode == 0, run.stdout + run.stderr
    [shown] = re.findall(r"^\d+ passed$", page, re.MULTILINE)
    assert shown in run.stdout
    assert not (tmp_path / "target").exists(), "the project's own folder stays as it is"


def test_the_fixtures_come_from_the_wheel(python: Path, tmp_path: Path) -> None:
    script = "import derived_tables.pytest_plugin as plugin; print(plugin.__file__)"
    assert _run(python, tmp_path, "-c", script).stdout.startswith(str(python.parent.parent))
    fixtures = _run(python, tmp_path, "-m", "pytest", "--fixtures", "-q").stdout
    assert "local_athena [session scope]" in fixtures
    assert "dbt_project -- " in fixtures


def test_the_plugin_is_quick_to_load(python: Path, tmp_path: Path) -> None:
    """Every pytest run of an environment loads it: dbt, DuckDB and moto wait until a fixture needs them."""
    script = (
        "import sys, derived_tables.pytest_plugin; print(sorted({'dbt', 'duckdb', 'moto', 'boto3'} & set(sys.modules)))"
    )
    assert _run(python, tmp_path, "-c", script).stdout == "[]\n"


def test_the_command_is_installed(python: Path, tmp_path: Path) -> None:
    run = subprocess.run(
        [python.parent / "local-athena", "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "ready http://127.0.0.1:5005" in run.stdout


def test_the_sweep_of_the_page_compiles(page: str) -> None:
    [sweep] = re.findall(r"```python\n(with local_athena.*?)```", page, flags=re.DOTALL)
    compile(sweep, "docs/testing-your-project.md", "exec")


def test_the_plugin_of_dbt_comes_from_the_wheel(python: Path, tmp_path: Path) -> None:
    script = "import dbt_local_athena; print(dbt_local_athena.__file__)"
    assert _run(python, tmp_path, "-c", script).stdout.startswith(str(python.parent.parent))


def test_the_local_athena_starts_as_its_page_says(python: Path, repository: Path, tmp_path: Path) -> None:
    page = (repository / "src/local_athena/README.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert _run(python, tmp_path, "-c", example).stdout.startswith("[{'one': '1'}] http://127.0.0.1:")
