"""The variables of a project: those of its files, and those of `--vars`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from derived_tables.errors import must_be


def parse_variables(text: str) -> dict[str, Any]:
    """What `--vars` says.

    Raises:
        RefusedError: it is no mapping in YAML.
    """
    remedy = "Write e.g. `--vars 'environment: dev'`."
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise must_be("`--vars`", "YAML", text, remedy) from error
    if not isinstance(found, dict):
        raise must_be("`--vars`", "a mapping in YAML", text, remedy)
    return {str(name): value for name, value in found.items()}


def project_variables(project_dir: Path, name: str) -> Mapping[str, Any]:
    """The variables that a project sets for itself, in dbt_project.yml or, from dbt 1.12 on, in vars.yml.

    Args:
        project_dir: folder with dbt_project.yml.
        name: the project's name; what stands below it in `vars` belongs to the project as well, and wins.
    """
    found: dict[str, Any] = {}
    for file in ("dbt_project.yml", "vars.yml"):
        path = project_dir / file
        content = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None
        given = content.get("vars") if isinstance(content, dict) else None
        if isinstance(given, dict):
            own = given.get(name)
            found |= {**given, **(own if isinstance(own, dict) else {})}
    return found
