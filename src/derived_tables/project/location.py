"""Finds the folders of a dbt project and of its profiles."""

from __future__ import annotations

import os
from pathlib import Path

from derived_tables.errors import RefusedError


def find_project(given: Path | None) -> Path:
    """The folder with dbt_project.yml: the one given, else the one in DBT_PROJECT_DIR, else the closest one above.

    Raises:
        RefusedError: there is none.
    """
    named = given or os.environ.get("DBT_PROJECT_DIR")
    folders = [Path(named).absolute()] if named else [Path.cwd(), *Path.cwd().parents]
    for folder in folders:
        if (folder / "dbt_project.yml").is_file():
            return folder
    raise RefusedError(
        f"There is no dbt_project.yml in {folders[0]}.\nGo to a dbt project, or name its folder with `--project-dir`."
    )


def find_profiles(given: Path | None, project_dir: Path) -> Path:
    """The folder of profiles.yml, as dbt looks for it, and in the project's folder as well.

    Raises:
        RefusedError: there is none.
    """
    named = given or os.environ.get("DBT_PROFILES_DIR")
    folders = [Path(named).absolute()] if named else [Path.cwd(), project_dir, Path.home() / ".dbt"]
    for folder in folders:
        if (folder / "profiles.yml").is_file():
            return folder
    raise RefusedError(
        f"There is no profiles.yml in {' or '.join(dict.fromkeys(map(str, folders)))}.\n"
        "Write one (the README shows it), or name its folder with `--profiles-dir`."
    )
