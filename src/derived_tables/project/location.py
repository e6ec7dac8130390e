"""Finds the folders of a dbt project and of its profiles."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from derived_tables.errors import RefusedError


def setting(name: str) -> str | None:
    """An option of dbt that is set by environment variable: DBT_<name>, or as newer releases of dbt have it."""
    return os.environ.get(f"DBT_ENGINE_{name}") or os.environ.get(f"DBT_{name}") or None


def find_project(given: Path | None) -> Path:
    """The folder with dbt_project.yml: the one given, else the one in DBT_PROJECT_DIR, else the closest one above.

    Raises:
        RefusedError: there is none.
    """
    named = given or setting("PROJECT_DIR")
    folders = [Path(named).absolute()] if named else [Path.cwd(), *Path.cwd().parents]
    for folder in folders:
        if (folder / "dbt_project.yml").is_file():
            return folder
    where = str(folders[0]) if named else f"{folders[0]} or a folder above it"
    raise RefusedError(
        f"There is no dbt_project.yml in {where}.\nGo to a dbt project, or name its folder with `--project-dir`."
    )


def find_profiles(given: Path | None, project_dir: Path) -> Path:
    """The folder of profiles.yml: where dbt looks for it, and the project's folder.

    Raises:
        RefusedError: there is none.
    """
    named = given or setting("PROFILES_DIR")
    folders = [Path(named).absolute()] if named else [Path.cwd(), project_dir, Path.home() / ".dbt"]
    for folder in folders:
        if (folder / "profiles.yml").is_file():
            return folder
    raise RefusedError(
        f"There is no profiles.yml in {' or '.join(dict.fromkeys(map(str, folders)))}.\n"
        "Write one (the README shows it), or name its folder with `--profiles-dir`."
    )


def folder_name(profile: str, target: str, suffix: str) -> str:
    """The name of the folder for what dbt parses for a target in an environment; no two have the same.

    Args:
        profile: name of the profile.
        target: name of the target; may hold any characters.
        suffix: what the environment adds to the names of databases; empty in production.
    """
    readable = re.sub("[^A-Za-z0-9_]", "_", target)[:40]
    digest = hashlib.sha256("\0".join((profile, target, suffix)).encode()).hexdigest()[:8]
    return f"{readable}{suffix or '_prod'}_{digest}"
