"""Runs the classes of dbt-tests-adapter on both adapters, with `derived_tables` installed in each class's project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.tests.fixtures import project as suite_fixtures

from derived_tables.harness.projects import SHIMS, athena_target
from local_athena import LocalAthena

from .marks import DBT, TARGETS

#: Modules that run on Athena by `make test-all` only: they take long, and the corpus or the tests of flights
#: try the same.
LONG_ON_ATHENA = (
    "test_constraints",
    "test_data_types",
    "test_docs",
    "test_hooks",
    "test_incremental",
    "test_query_comment",
    "test_seeds",
    "test_simple_copy",
    "test_snapshots",
    "test_store_failures",
    "test_utils",
)

#: Where tables of the local Athena lie.
BUCKET = "derived-tables"

#: What dbt, its suite and their way of writing fixtures warn about; all other warnings are errors, as everywhere.
WARNINGS_OF_THE_SUITE = ("pytest.PytestRemovedIn10Warning", "ResourceWarning")


def pytest_configure(config: pytest.Config) -> None:
    """Makes the fixtures of dbt-tests-adapter known, so that those below override them."""
    config.pluginmanager.register(suite_fixtures)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs every class that needs a project on each target."""
    if "target_name" not in metafunc.fixturenames:
        return
    only = [mark.args[0] for mark in metafunc.definition.iter_markers("only_on")]
    reasons = {
        mark.args[0]: mark.kwargs["reason"]
        for mark in metafunc.definition.iter_markers("not_on")
        if mark.kwargs["before"] > DBT
    }
    metafunc.parametrize(
        "target_name",
        [
            pytest.param(name, marks=pytest.mark.skip(reason=reasons[name]) if name in reasons else ())
            for name in only or TARGETS
        ],
        scope="class",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the tests of a class together on one worker: they share a project."""
    for item in items:
        if item.path.parent != Path(__file__).parent or not isinstance(item, pytest.Function):
            continue
        for warning in WARNINGS_OF_THE_SUITE:
            item.add_marker(pytest.mark.filterwarnings(f"ignore::{warning}"))
        if item.cls and "target_name" in item.fixturenames:
            target = item.callspec.params["target_name"]
            item.add_marker(pytest.mark.xdist_group(f"{item.path.stem}.{item.cls.__name__}[{target}]"))
            if target == "athena_local" and item.path.stem in LONG_ON_ATHENA:
                item.add_marker(pytest.mark.long)


@pytest.fixture(scope="session", autouse=True)
def no_usage_statistics(clean_environment: None) -> Iterator[None]:
    """Nothing leaves the machine, whatever a class writes into dbt_project.yml."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
        patch.setenv("DO_NOT_TRACK", "1")
        yield


@pytest.fixture(scope="class")
def duckdb_target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A DuckDB file of the class's own."""
    yield {"type": "duckdb", "path": str(tmp_path_factory.mktemp("duckdb") / "dbt.duckdb"), "threads": 4}
    DuckDBConnectionManager.close_all_connections()


@pytest.fixture(scope="class")
def dbt_profile_target(target_name: str, request: pytest.FixtureRequest) -> dict[str, Any]:
    """The connection of the target that the class runs on; the suite adds a schema of its own."""
    if target_name == "duckdb":
        return dict(request.getfixturevalue("duckdb_target"))
    server: LocalAthena = request.getfixturevalue("local_athena")
    server.create_bucket(BUCKET)
    return athena_target(bucket=BUCKET, threads=4)


@pytest.fixture(scope="class")
def project_root(target_name: str, tmpdir_factory: Any) -> Any:
    """A folder for each target that the class runs on; the suite asks for pytest's older kind of path."""
    return tmpdir_factory.mktemp(f"project_{target_name}")


@pytest.fixture(scope="class")
def logs_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Logs go to a temporary folder, not into the repository."""
    with pytest.MonkeyPatch.context() as patch:
        folder = str(tmp_path_factory.mktemp("logs"))
        patch.setenv("DBT_LOG_PATH", folder)
        yield folder


@pytest.fixture(scope="class")
def dbt_project_yml(
    project_root: Path, project_config_update: Mapping[str, Any] | str, dbt_profile_data: Mapping[str, Any]
) -> dict[str, Any]:
    """The class's dbt_project.yml, wired to the package as README.md says, with names left to dbt.

    The hook on-run-start stays out: dbt counts a hook among the results of a run, and the suite counts those.
    """
    update = project_config_update
    config: dict[str, Any] = {"name": "test", "profile": "test"}
    config.update(yaml.safe_load(update) if isinstance(update, str) else update)
    config["dispatch"] = [
        *config.get("dispatch", []),
        {"macro_namespace": "athena", "search_order": [config["name"], "derived_tables", "dbt"]},
    ]
    config["vars"] = {
        "environment": "prod",
        "prod_targets": list(dbt_profile_data["test"]["outputs"]),
        "on_bad_name": "warn",
        **config.get("vars", {}),
    }
    (Path(project_root) / "dbt_project.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return config


@pytest.fixture(scope="class")
def packages(repository: Path) -> dict[str, Any]:
    """The package from this working tree."""
    return {"packages": [{"local": str(repository)}]}


@pytest.fixture(scope="class")
def project_files(project_root: Path, project_files: None, repository: Path) -> None:
    """The class's files, the shims of README.md and the package, where `dbt deps` would put it.

    The package refuses `target_schema`, with which dbt writes a snapshot to one schema in every environment; here it
    would name the schema that dbt chooses anyway.
    """
    root = Path(project_root)
    for file in (root / "snapshots").rglob("*.sql"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"target_schema=\w+(?:\([^)]*\))?,?", "", text), encoding="utf-8")
    (root / "macros").mkdir(exist_ok=True)
    (root / "macros/derived_tables.sql").write_text(SHIMS, encoding="utf-8")
    (root / "dbt_packages").mkdir()
    (root / "dbt_packages/derived_tables").symlink_to(repository)
