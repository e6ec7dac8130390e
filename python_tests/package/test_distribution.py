"""What `pip install derived-tables` brings, with its extras and without them."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import venv
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .environments import PIP, Wheel, create_environment, required

PACKAGES = ("dbt_local_athena", "derived_tables", "local_athena")
#: What only the local Athena or an adapter needs; names of distributions and of modules.
NOT_FOR_THE_COMMAND = ("duckdb", "fastavro", "moto", "numpy", "pyarrow", "pyiceberg")
SENTENCE = (
    "the local Athena needs duckdb, fastavro, moto, numpy, pyarrow, pyiceberg: "
    "run `pip install 'derived-tables[local-athena]'`"
)


@pytest.fixture(scope="module")
def bare(wheel: Wheel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel, what it requires without extras, and pytest."""
    return create_environment(tmp_path_factory.mktemp("bare"), wheel, others=["pytest"])


def run(folder: Path, *command: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs a command without what this process's environment says of Python and AWS."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTEST_", "PYTHON"))}
    return subprocess.run(command, cwd=folder, env=clean | env, capture_output=True, text=True, check=False)


def modules_that_are_there(python: Path, folder: Path) -> str:
    """Those of `NOT_FOR_THE_COMMAND` that an environment has, as a list of Python."""
    script = f"import importlib.util as u; print([name for name in {NOT_FOR_THE_COMMAND} if u.find_spec(name)])"
    return run(folder, python, "-c", script).stdout.strip()


def test_what_the_wheel_contains(wheel: Wheel, repository: Path) -> None:
    source = repository / "src"
    files = [file for package in PACKAGES for file in (source / package).rglob("*") if file.is_file()]
    expected = {file.relative_to(source).as_posix() for file in files if "__pycache__" not in file.parts}
    expected.discard("local_athena/README.md")
    information = {name for name in wheel.names if ".dist-info/" in name}
    assert wheel.names - information == expected
    assert expected.issuperset(f"{package}/py.typed" for package in PACKAGES)
    assert {name.partition("/")[2] for name in information} == {
        "METADATA",
        "RECORD",
        "WHEEL",
        "entry_points.txt",
        "licenses/LICENSE",
    }
    assert wheel.description.strip() == (repository / "README.md").read_text(encoding="utf-8").strip()


def test_the_command_needs_nothing_of_the_local_athena(wheel: Wheel, bare: Path, tmp_path: Path) -> None:
    assert {"boto3", "dbt-core", "rich", "typer"} <= set(required(wheel))
    assert not {*NOT_FOR_THE_COMMAND, "dbt-athena", "dbt-duckdb", "pytest"} & set(required(wheel))
    assert modules_that_are_there(bare, tmp_path) == "[]"
    helped = run(tmp_path, bare.parent / "derived-tables", "--help")
    assert helped.returncode == 0, helped.stderr
    assert "derived-tables" in helped.stdout


def test_help_waits_for_nothing_heavy(tmp_path: Path) -> None:
    """What it takes in seconds, benchmarks/command_start.py prints."""
    heavy = ["boto3", "dbt", "duckdb", "moto", "pyarrow", "pyathena"]
    script = (
        "import sys\n"
        "from importlib.metadata import entry_points\n"
        "[command] = entry_points(group='console_scripts', name='derived-tables')\n"
        "sys.argv = ['derived-tables', '--help']\n"
        "try:\n"
        "    command.load()()\n"
        "finally:\n"
        f"    print(sorted({{*{heavy}}} & set(sys.modules)), file=sys.stderr)"
    )
    helped = run(tmp_path, sys.executable, "-c", script)
    assert (helped.returncode, helped.stderr) == (0, "[]\n")


@pytest.mark.long
def test_pip_installs_the_command_alone(wheel: Wheel, repository: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv/bin/python"
    constraints = repository / "constraints.txt"
    subprocess.run([*PIP, "--python", python, "install", "--constraint", constraints, wheel.file], check=True)
    assert modules_that_are_there(python, tmp_path) == "[]"
    listed = run(tmp_path, *PIP[:3], "--python", python, "list", "--format", "freeze").stdout.splitlines()
    assert {canonicalize_name(line.partition("==")[0]) for line in listed} == {*required(wheel), "derived-tables"}
    helped = run(tmp_path, python.parent / "derived-tables", "--help")
    assert helped.returncode == 0, helped.stderr
    assert "derived-tables" in helped.stdout


def test_extras(wheel: Wheel) -> None:
    def of(extra: str) -> dict[str, Requirement]:
        marked = [each for each in wheel.requirements if each.marker and each.marker.evaluate({"extra": extra})]
        return {each.name: each for each in marked}

    assert set(of("athena")) == {"dbt-athena"}
    assert set(of("duckdb")) == {"dbt-duckdb", "duckdb"}
    assert set(of("history")) == {"duckdb"}
    assert str(of("history")["duckdb"].specifier) == str(of("duckdb")["duckdb"].specifier)
    versions = ("1.3.2", "1.4.0", "1.5.6", "2.0.0", "2.9.1", "3.0.0")
    assert list(of("duckdb")["duckdb"].specifier.filter(versions)) == ["1.4.0", "1.5.6", "2.0.0", "2.9.1"]
    assert list(of("local-athena")["duckdb"].specifier.filter(versions)) == ["1.5.6"]
    assert {*NOT_FOR_THE_COMMAND, "dbt-athena", "tzdata"} <= set(required(wheel, "local-athena"))
    assert "dbt-duckdb" not in required(wheel, "local-athena")
    assert set(required(wheel, "athena", "duckdb", "local-athena")) < set(required(wheel, "dev"))


def imported(files: Iterable[Path]) -> set[str]:
    """First names of the modules that files import, those of the standard library and this repository left out."""
    found = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                found.add((node.module or "").partition(".")[0])
            elif isinstance(node, ast.Import):
                found |= {name.name.partition(".")[0] for name in node.names}
    return found - sys.stdlib_module_names - {*PACKAGES}


@pytest.mark.parametrize(
    ("package", "apart", "extras"),
    [
        ("derived_tables", ("harness", "pytest_plugin.py", "warehouse"), ()),
        ("dbt_local_athena", (), ()),
        ("local_athena", (), ("local-athena",)),
    ],
)
def test_what_is_imported_is_required(
    wheel: Wheel, repository: Path, package: str, apart: tuple[str, ...], extras: tuple[str, ...]
) -> None:
    folder = repository / "src" / package
    files = [file for file in folder.rglob("*.py") if file.relative_to(folder).parts[0] not in apart]
    brought = set(required(wheel, *extras))
    modules = packages_distributions()
    modules_of = {name: {canonicalize_name(each) for each in modules.get(name, ())} for name in imported(files)}
    assert modules_of
    assert [name for name, distributions in modules_of.items() if not distributions & brought] == []


# --- without the extra of the local Athena


def test_pytest_runs_as_without_the_plugin(bare: Path, tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n", encoding="utf-8")
    ran = run(tmp_path, bare, "-m", "pytest", "-q", "-W", "error")
    assert "1 passed" in ran.stdout, ran.stdout + ran.stderr


def test_the_fixtures_say_what_to_install(bare: Path, tmp_path: Path) -> None:
    test = "def test_athena(local_athena):\n    pass\n\n\ndef test_project(dbt_project):\n    pass\n"
    (tmp_path / "test_own.py").write_text(test, encoding="utf-8")
    ran = run(tmp_path, bare, "-m", "pytest", "-q")
    assert "2 errors" in ran.stdout
    assert ran.stdout.count(f"\nfixture local_athena: {SENTENCE}\n") == 2
    assert "Traceback" not in ran.stdout


def test_the_server_says_what_to_install(bare: Path, tmp_path: Path) -> None:
    command = bare.parent / "local-athena"
    assert run(tmp_path, command, "--help").returncode == 0
    assert "AWS_ENDPOINT_URL" in run(tmp_path, command, "env").stdout
    served = run(tmp_path, command, "serve", "--port", "0")
    assert (served.returncode, served.stdout, served.stderr) == (2, "", f"local-athena: {SENTENCE}\n")


@pytest.mark.parametrize("missing", ["duckdb", "botocore"])
def test_dbt_starts(bare: Path, tmp_path: Path, missing: str) -> None:
    """dbt imports every module named `dbt_…`: a mistake in ours would end each of its commands."""
    script = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from dbt.plugins import get_plugin_manager\n"
        "print([plugin.name for plugin in get_plugin_manager('project')._plugins])"
    )
    started = run(tmp_path, bare, "-c", script, AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert (started.stdout, started.stderr) == ("['LocalAthenaPlugin']\n", "")


def test_dbt_need_not_wait_for_the_plugin(bare: Path, tmp_path: Path) -> None:
    script = "import sys, dbt_local_athena; print(sorted({'boto3', 'botocore', 'duckdb', 'moto'} & set(sys.modules)))"
    assert run(tmp_path, bare, "-c", script).stdout == "[]\n"
