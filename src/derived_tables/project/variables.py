"""The variables that `--vars` sets."""

from __future__ import annotations

from typing import Any

import yaml

from derived_tables.errors import must_be


def parse_variables(text: str) -> dict[str, Any]:
    """What `--vars` says.

    Raises:
        RefusedError: it is no mapping in YAML, or sets what only the project may set.
    """
    remedy = "Write e.g. `--vars 'environment: dev'`."
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise must_be("`--vars`", "YAML", text, remedy) from error
    except ValueError as error:  # YAML makes a date of what looks like one
        raise must_be("`--vars`", "YAML with dates that exist", text, "Write e.g. `2024-01-31`.") from error
    if not isinstance(found, dict):
        raise must_be("`--vars`", "a mapping in YAML", text, remedy)
    if "prod_targets" in found:
        raise must_be(
            "var `prod_targets`",
            "set in dbt_project.yml",
            "--vars",
            "It says which targets may write to production, so it belongs to the project.",
        )
    return {str(name): value for name, value in found.items()}
