"""Without AWS_ENDPOINT_URL, the harness starts nothing on Athena."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any, NoReturn

import pytest

from derived_tables.harness.projects import Project, athena_target, create_project, duckdb_target
from derived_tables.harness.safety import UnsafeTargetError, check_target

SAFE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with a target on DuckDB, which is the default, and one on Athena."""
    targets = {"duckdb": duckdb_target(tmp_path / "file.duckdb"), "athena_local": athena_target()}
    return create_project(tmp_path, package=None, targets=targets, files={"models/one.sql": "select 1 as id"})


def test_no_request_is_made(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any) -> NoReturn:
        raise AssertionError("a connection was tried")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for command in ("build", "run", "seed", "parse", "debug"):
        with pytest.raises(UnsafeTargetError, match="AWS_ENDPOINT_URL is not set: it could reach an AWS account"):
            project.dbt(command, target="athena_local", env={"AWS_ENDPOINT_URL": None})
    assert not (project.path / "target").exists(), "dbt was not even started"


def test_duckdb_needs_no_endpoint(project: Project) -> None:
    project.dbt("run", env={"AWS_ENDPOINT_URL": None}).passed()


@pytest.mark.parametrize(
    ("command", "target", "env", "refused"),
    [
        ("build", "athena_local", {}, True),
        ("build", "athena_local", {"AWS_ENDPOINT_URL": ""}, True),
        ("build", "athena_local", SAFE, False),
        ("build", "athena_local", {**SAFE, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "TRUE"}, True),
        ("build", None, {}, False),
        ("build", None, {"DBT_TARGET": "athena_local"}, True),
        ("build", "no_such_target", {}, True),
        ("deps", "athena_local", {}, False),
        ("clean", "athena_local", {}, False),
    ],
)
def test_what_is_refused(
    project: Project, command: str, target: str | None, env: dict[str, str], *, refused: bool
) -> None:
    if not refused:
        check_target(project.path, command, target, env)
        return
    with pytest.raises(UnsafeTargetError, match="local-athena"):
        check_target(project.path, command, target, env)


def test_a_default_that_only_dbt_can_tell_may_be_athena(project: Project) -> None:
    profiles = project.path / "profiles.yml"
    text = profiles.read_text(encoding="utf-8").replace("target: duckdb", "target: \"{{ env_var('T', 'duckdb') }}\"")
    profiles.write_text(text, encoding="utf-8")
    with pytest.raises(UnsafeTargetError):
        check_target(project.path, "build", None, {})


def test_a_folder_without_profiles_is_dbts_matter(tmp_path: Path) -> None:
    check_target(tmp_path, "build", None, {})
