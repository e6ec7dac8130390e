"""A fresh project installs the package in each way that dbt knows, parses, builds, and gets its names."""

from __future__ import annotations

import functools
import json
import subprocess
import tarfile
import threading
from collections.abc import Iterator, Mapping
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from derived_tables.harness.projects import Project, create_project

#: What of the repository is the dbt package; nothing else may be needed.
PACKAGE_FILES = ("dbt_project.yml", "packages.yml", "macros", "tests")

FILES = {
    "models/sales/orders/orders__daily.sql": "select 1 as id",
    "models/sales/orders/orders__daily.yml": """\
        models:
          - name: orders__daily
            columns: [{name: id, data_tests: [unique, not_null]}]
        """,
    "seeds/sales/lookups/lookups__bands.csv": "id\n1\n",
}


def git(folder: Path, *args: str) -> str:
    """Runs git in a folder as somebody whose settings do not matter."""
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *args], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def package_repository(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> tuple[Path, str]:
    """A git repository with just the package as it is now, and its revision; one commit before it is no package."""
    folder = tmp_path_factory.mktemp("package")
    git(folder, "init", "--quiet")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "Nothing yet")
    for name in PACKAGE_FILES:
        source = repository / name
        files = [source] if source.is_file() else sorted(file for file in source.rglob("*") if file.is_file())
        for file in files:
            copy = folder / file.relative_to(repository)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "The package")
    return folder, git(folder, "rev-parse", "HEAD")


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Keeps the test's output clean."""


@pytest.fixture(scope="module")
def tarball_address(package_repository: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a tarball of the package, as a release page serves it."""
    folder = tmp_path_factory.mktemp("tarball")
    with tarfile.open(folder / "derived_tables.tar.gz", "w:gz") as archive:
        archive.add(package_repository[0], arcname="derived_tables", filter=lambda m: None if ".git" in m.name else m)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_QuietHandler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/derived_tables.tar.gz"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(params=["local", "git", "tarball"])
def entry(request: pytest.FixtureRequest, package_repository: tuple[Path, str]) -> Mapping[str, Any]:
    """An entry of packages.yml."""
    folder, revision = package_repository
    if request.param == "local":
        return {"local": str(folder)}
    if request.param == "git":
        return {"git": folder.as_uri(), "revision": revision}
    return {"tarball": request.getfixturevalue("tarball_address"), "name": "derived_tables"}


def listed(project: Project) -> dict[str, tuple[str, str]]:
    """What `dbt ls --output json` says: (schema, alias) by name."""
    run = project.dbt("ls", "--output", "json", "--output-keys", "name", "schema", "alias").passed()
    rows = [json.loads(line) for line in run.result]
    return {row["name"]: (row["schema"], row["alias"]) for row in rows}


def test_installed_parsed_and_built(entry: Mapping[str, Any], tmp_path: Path) -> None:
    project = create_project(tmp_path, package=entry, files=FILES)
    project.dbt("deps").passed()
    assert not project.dbt("parse").passed().warnings
    project.dbt("build").passed()
    audit = "orders_dbt_test__audit_dev_dbt"
    assert listed(project) == {
        "orders__daily": ("orders_dev_dbt", "daily"),
        "lookups__bands": ("lookups_dev_dbt", "bands"),
        "unique_orders__daily_id": (audit, "unique_orders__daily_id"),
        "not_null_orders__daily_id": (audit, "not_null_orders__daily_id"),
    }


def test_nothing_else_is_installed(entry: Mapping[str, Any], tmp_path: Path) -> None:
    project = create_project(tmp_path, package=entry, files=FILES)
    project.dbt("deps").passed()
    assert [folder.name for folder in (project.path / "dbt_packages").iterdir()] == ["derived_tables"] or entry.get(
        "local"
    )
    assert len(list((project.path / "dbt_packages").iterdir())) == 1


def test_no_warning_and_no_deprecation(entry: Mapping[str, Any], tmp_path: Path) -> None:
    project = create_project(tmp_path, package=entry, files=FILES, config={"flags": {"validate_macro_args": True}})
    project.dbt("deps").passed()
    run = project.dbt("--warn-error", "--show-all-deprecations", "build", "--no-partial-parse").passed()
    assert not run.warnings
    assert "Deprecat" not in run.output
