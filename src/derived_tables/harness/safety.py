"""No test reaches an AWS account by accident."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

#: Commands that never connect to a warehouse.
_OFFLINE = ("clean", "deps")


class UnsafeTargetError(RuntimeError):
    """A dbt command would talk to Athena, and nothing says that it is a local one."""


def check_target(project_dir: Path, command: str, target: str | None, env: Mapping[str, str]) -> None:
    """Refuses to run a command on a target of the type athena unless `AWS_ENDPOINT_URL` is set.

    dbt-athena's own clients ignore an endpoint in the profile: the variable is the only one that redirects them all.

    Args:
        project_dir: folder with dbt_project.yml and profiles.yml.
        command: dbt's command, e.g. `build`.
        target: the target that is asked for; None for the profile's default.
        env: the environment that dbt will have.

    Raises:
        UnsafeTargetError: the command could reach AWS.
    """
    if command in _OFFLINE:
        return
    unsafe = _unsafe_because(env)
    if unsafe is None:
        return
    for name, output in _targets(project_dir, target or env.get("DBT_TARGET")):
        if output.get("type") == "athena":
            raise UnsafeTargetError(
                f"`dbt {command}` would run on the target {name!r}, which is Athena, while {unsafe}: it could reach an "
                "AWS account. Use the fixture `local_athena`, or run `local-athena serve` and set what "
                "`local-athena env` prints."
            )


def _unsafe_because(env: Mapping[str, str]) -> str | None:
    if not env.get("AWS_ENDPOINT_URL"):
        return "AWS_ENDPOINT_URL is not set"
    if env.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS makes clients ignore AWS_ENDPOINT_URL"
    return None


def _targets(project_dir: Path, target: str | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The target that dbt will take; all of the file where that cannot be told without dbt."""
    profiles = _read(project_dir / "profiles.yml")
    profile = profiles.get(str(_read(project_dir / "dbt_project.yml").get("profile")), {})
    chosen = target or profile.get("target", "default")
    outputs = profile.get("outputs", {})
    if chosen in outputs:
        yield chosen, outputs[chosen]
        return
    for each in profiles.values():
        yield from (each.get("outputs", {}) if isinstance(each, dict) else {}).items()


def _read(file: Path) -> dict[str, Any]:
    content = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else None
    return content if isinstance(content, dict) else {}
