"""The versions that are supported: every file that names some names the same, and each of them is tested."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

PYTHONS = ["3.10", "3.11", "3.12", "3.13"]
DBT = ["1.10", "1.11", "1.12"]
DUCKDB = ["1.4", "newest"]


@pytest.fixture
def read(repository: Path) -> Any:
    """Reads a file of the repository."""
    return lambda name: (repository / name).read_text(encoding="utf-8")


@pytest.fixture
def jobs(read: Any) -> dict[str, Any]:
    """The jobs of the workflow."""
    found: dict[str, Any] = yaml.safe_load(read(".github/workflows/ci.yml"))["jobs"]
    return found


def pins(text: str, package: str) -> list[Version]:
    """The versions that a file of pins has of a package, one for each range of Pythons."""
    return [Version(found) for found in re.findall(rf"^{package}==([^ \n]+)", text, flags=re.MULTILINE)]


def requirements(text: str, package: str) -> list[Requirement]:
    """What pyproject.toml says of a package, wherever it does."""
    return [Requirement(found) for found in re.findall(rf'"({package}[=<>~][^"]*)"', text)]


def release(version: Version) -> str:
    """Of 1.11.16: 1.11."""
    return f"{version.major}.{version.minor}"


def combinations(matrix: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    """Each run of a job, as GitHub makes them of a matrix without `include` and `exclude`."""
    for values in itertools.product(*matrix.values()):
        yield dict(zip(matrix, values, strict=True))


def test_projects_admit_what_is_tested(repository: Path) -> None:
    files = [repository / "dbt_project.yml", *repository.glob("integration_tests/*/dbt_project.yml")]
    assert len(files) == 3
    for file in files:
        admitted = yaml.safe_load(file.read_text(encoding="utf-8"))["require-dbt-version"]
        assert admitted == [">=1.10.5", "<2.0.0"], file


def test_pins_are_those_of_the_releases(repository: Path, read: Any) -> None:
    folder = "python_tests/conformance/releases"
    default = pins(read("constraints.txt"), "dbt-core")
    names = {file.stem for file in (repository / folder).glob("*.txt")}
    others = {name: read(f"{folder}/{name}.txt") for name in names}
    assert {f"dbt-{release(found)}" for found in default} | names == {f"dbt-{each}" for each in DBT} | {
        f"duckdb-{each}" for each in DUCKDB
    }
    for name in ("1.10", "1.12"):
        assert {release(found) for found in pins(others[f"dbt-{name}"], "dbt-core")} == {name}
    assert [release(found) for found in pins(others["duckdb-1.4"], "duckdb")] == ["1.4"]
    assert [found.major for found in pins(others["duckdb-newest"], "duckdb")] == [1, 2], "DuckDB 2 needs Python 3.11"


def test_no_release_needs_the_parser_of_dbt_core(repository: Path) -> None:
    for file in [repository / "constraints.txt", *repository.glob("python_tests/conformance/releases/*.txt")]:
        assert "dbt-core-experimental-parser" not in file.read_text(encoding="utf-8")


def test_the_command_admits_what_is_tested(repository: Path, read: Any) -> None:
    pyproject = read("pyproject.toml")
    files = [repository / "constraints.txt", *repository.glob("python_tests/conformance/releases/dbt-*.txt")]
    for package in ("dbt-core", "dbt-athena", "dbt-duckdb"):
        [requirement] = requirements(pyproject, package)
        found = [each for file in files for each in pins(file.read_text(encoding="utf-8"), package)]
        assert all(each in requirement.specifier for each in found)
        after = Version(f"1.{max(each.minor for each in found) + 1}")
        assert after not in requirement.specifier
    [core] = requirements(pyproject, "dbt-core")
    assert Version("1.10.5") in core.specifier
    assert Version("1.10.4") not in core.specifier


def test_only_the_local_athena_needs_one_duckdb(repository: Path, read: Any) -> None:
    of_projects, of_history, of_the_local_athena = requirements(read("pyproject.toml"), "duckdb")
    assert of_history == of_projects
    files = [repository / "constraints.txt", *repository.glob("python_tests/conformance/releases/duckdb-*.txt")]
    found = {each for file in files for each in pins(file.read_text(encoding="utf-8"), "duckdb")}
    assert all(each in of_projects.specifier for each in found)
    assert [Version(each) in of_projects.specifier for each in ("1.3.2", "1.4.0", "3.0.0")] == [False, True, False]
    assert [each for each in found if each in of_the_local_athena.specifier] == pins(read("constraints.txt"), "duckdb")


def test_readme_says_what_is_tested(read: Any) -> None:
    readme = read("README.md")
    for row in (
        "| dbt | 1.10 (from 1.10.5), 1.11 and 1.12 |",
        "| Adapters | dbt-athena 1.10 and 1.11 (Hive and Iceberg tables), dbt-duckdb 1.10 and 1.11 "
        "(the same project on a laptop) |",
        "| DuckDB | 1.4 to 2; the local Athena brings 1.5 |",
        "| Python | 3.10 to 3.13 |",
    ):
        assert f"\n{row}\n" in readme


def test_pythons_are_those_of_the_wheel(read: Any) -> None:
    pyproject = read("pyproject.toml")
    assert re.findall(r'"Programming Language :: Python :: (3\.\d+)"', pyproject) == PYTHONS
    assert 'requires-python = ">=3.10,<3.14"' in pyproject
    assert "Python 3.10 to 3.13 is needed" in read("Makefile")


def test_workflow_runs_all_versions_on_all_targets(jobs: dict[str, Any], read: Any) -> None:
    targets = set(yaml.safe_load(read("integration_tests/flights/profiles.yml"))["flights"]["outputs"])
    matrices = {name: job["strategy"]["matrix"] for name, job in jobs.items()}
    assert matrices.pop("test") == {"python": PYTHONS}
    assert matrices.pop("dbt") == {"dbt": DBT, "python": PYTHONS, "adapter": ["duckdb", "athena_local"]}
    assert matrices.pop("duckdb") == {"duckdb": DUCKDB, "python": PYTHONS[-1:]}
    assert matrices == {name: {"python": PYTHONS[-1:]} for name in ("workflows", "long", "aws")}
    assert targets == {"duckdb", "athena_local", "athena"}


def test_workflow_calls_nothing_but_make(jobs: dict[str, Any], repository: Path) -> None:
    """And what it calls is there, for each version: make plans it, and runs nothing."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    for name, job in jobs.items():
        commands = [step["run"] for step in job["steps"] if "run" in step]
        assert len(commands) == 1, name
        for values in combinations(job["strategy"]["matrix"]):
            command = commands[0]
            for key, value in values.items():
                command = command.replace(f"${{{{ matrix.{key} }}}}", value)
            assert re.fullmatch(r"make [a-z0-9.-]+( [A-Z]+=[\w.]+)+", command)
            program, *words = command.split()
            plan = subprocess.run(
                [program, "--dry-run", *words], cwd=repository, env=env, capture_output=True, text=True, check=False
            )
            assert plan.returncode == 0, plan.stderr
            assert plan.stdout.strip()


def test_workflow_pins_actions_to_commits(read: Any) -> None:
    uses = re.findall(r"uses: (.*)", read(".github/workflows/ci.yml"))
    assert len(uses) == 3
    for action in uses:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", action)


def test_only_the_job_by_hand_may_ask_for_a_token(jobs: dict[str, Any], read: Any) -> None:
    workflow = yaml.safe_load(read(".github/workflows/ci.yml"))
    assert workflow["permissions"] == {"contents": "read"}
    aws = jobs.pop("aws")
    assert aws["permissions"] == {"contents": "read", "id-token": "write"}
    assert aws["if"] == "github.event_name == 'workflow_dispatch'"
    assert aws["environment"] == "aws"
    assert not any({"permissions", "environment", "env"} & set(job) for job in jobs.values())
    assert "secrets." not in read(".github/workflows/ci.yml")
