"""The contracts of pyproject.toml on imports are kept, and each of them is broken by an import against it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = "derived_tables: the command, what its groups do, the warehouse, the project"
ATHENA = "local_athena: server, execution, kinds of tables, dialect, catalogue, types"

#: A module, new or not, a line that is added to it, and the contract that this breaks.
WRONG = [
    ("local_athena/errors.py", "import derived_tables", "local_athena lies below derived_tables"),
    ("derived_tables/cli/new.py", "import local_athena", "Only the harness and the plugin of dbt import local_athena"),
    ("derived_tables/cli/new.py", "import derived_tables.harness", "Only the pytest plugin imports the harness"),
    ("derived_tables/snapshots/new.py", "import dbt.cli", "Only project.dbt and the harness know dbt's Python"),
    ("derived_tables/project/new.py", "import dbt.cli", "Only project.dbt and the harness know dbt's Python"),
    ("derived_tables/project/new.py", "import duckdb", "Only warehouse and the harness talk to AWS and DuckDB"),
    ("derived_tables/snapshots/new.py", "import typer", "Only cli knows Typer and Rich"),
    ("derived_tables/costs/new.py", "import derived_tables.snapshots", COMMAND),
    ("derived_tables/project/new.py", "import derived_tables.warehouse", COMMAND),
    ("derived_tables/unforeseen.py", "", COMMAND),
    ("local_athena/execution/locks.py", "import local_athena.server.app", ATHENA),
    ("local_athena/hive/arrow.py", "import local_athena.iceberg.bounds", ATHENA),
    ("local_athena/catalogue/model.py", "import local_athena.dialect.plan", ATHENA),
    ("local_athena/unforeseen.py", "", ATHENA),
    (
        "local_athena/stores/glue.py",
        "import local_athena.catalogue.views",
        "local_athena: what serves and stores knows no SQL",
    ),
    ("local_athena/dialect/plan.py", "import local_athena.store", "local_athena: the dialect touches no data"),
    (
        "local_athena/dialect/operators/like.py",
        "import local_athena.dialect.functions",
        "local_athena: from Trino's SQL to DuckDB's",
    ),
    ("local_athena/server/app.py", "import moto.s3", "Only moto_bridge reaches into moto"),
    ("local_athena/hive/arrow.py", "import pyiceberg.types", "Only iceberg uses pyiceberg"),
    (
        "local_athena/dialect/analysis/windows.py",
        "if False:\n    import local_athena.dialect.analysis.calls",
        "No circles, in any folder",
    ),
]

RIGHT = [
    ("derived_tables/cli/new.py", "import derived_tables.costs.new"),
    ("derived_tables/costs/new.py", "import derived_tables.project.new\nimport derived_tables.warehouse.new"),
    ("derived_tables/project/new.py", "import derived_tables.project.dbt"),
    ("derived_tables/warehouse/new.py", "import boto3\nimport duckdb"),
]


def verdicts(source: Path) -> dict[str, str]:
    """What import-linter says of each contract, KEPT or BROKEN."""
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=source.parent,
        env={**os.environ, "PYTHONPATH": str(source), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.rpartition(" ") for line in run.stdout.splitlines() if line.endswith((" KEPT", " BROKEN"))]
    assert lines, run.stdout + run.stderr
    return {name: verdict for name, _, verdict in lines}


def broken(source: Path) -> set[str]:
    """The contracts that are not kept."""
    return {name for name, verdict in verdicts(source).items() if verdict == "BROKEN"}


def copied(repository: Path, folder: Path) -> Path:
    """A copy of `src` beside one of pyproject.toml; in it is a group of commands that is not there yet."""
    shutil.copyfile(repository / "pyproject.toml", folder / "pyproject.toml")
    source = folder / "src"
    shutil.copytree(repository / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    package = source / "derived_tables/costs"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").touch()
    return source


def test_the_contracts_are_kept(repository: Path) -> None:
    assert broken(repository / "src") == set()


def test_every_contract_can_be_broken(repository: Path) -> None:
    assert set(verdicts(repository / "src")) == {contract for _, _, contract in WRONG}


def test_imports_that_are_right(repository: Path, tmp_path: Path) -> None:
    source = copied(repository, tmp_path)
    for module, line in RIGHT:
        (source / module).write_text(f"{line}\n", encoding="utf-8")
    assert broken(source) == set()


@pytest.mark.parametrize(("module", "line", "contract"), WRONG)
def test_imports_that_are_wrong(repository: Path, tmp_path: Path, module: str, line: str, contract: str) -> None:
    source = copied(repository, tmp_path)
    with (source / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    assert contract in broken(source)
