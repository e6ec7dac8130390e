"""Which environment the command works in: the same answer as the macros `environment` and `database_suffix` give.

The command needs it before dbt has parsed anything, because it parses each environment into a folder of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from derived_tables.errors import must_be

_NAMES = ("prod", "dev", "sandbox", "ci")
_IDENTITIES = {"sandbox": ("DERIVED_TABLES_USER", "jane_doe"), "ci": ("DERIVED_TABLES_CI_ID", "pr_123")}


@dataclass(frozen=True)
class Environment:
    """An environment.

    Attributes:
        name: `prod`, `dev`, `sandbox` or `ci`.
        suffix: what it adds to the names of databases, e.g. `_sandbox_jane_doe`; empty in production.
    """

    name: str
    suffix: str


def resolve_environment(variables: Mapping[str, Any], env: Mapping[str, str], target_name: str) -> Environment:
    """The environment that is set: by var `environment`, else by environment variable, else by the target's name.

    Args:
        variables: of the project, with those of `--vars`.
        env: environment variables.
        target_name: the target that dbt works with.

    Raises:
        RefusedError: it is unknown, or production from a target that may not write there, or nobody's.
    """
    if variables.get("environment") is not None:
        setting, name = "var `environment`", variables["environment"]
    elif "DERIVED_TABLES_ENVIRONMENT" in env:
        setting, name = "environment variable `DERIVED_TABLES_ENVIRONMENT`", env["DERIVED_TABLES_ENVIRONMENT"]
    else:
        setting, name = "the name of the target", target_name if target_name in _NAMES else "dev"
    _require_one_of(setting, _NAMES, name, "Correct it or remove it: by default the environment is `dev`.")
    if name == "prod":
        _require_production_target(variables.get("prod_targets", ["prod"]), target_name, setting)
    return Environment(name, _suffix(name, env, setting))


def _require_production_target(prod_targets: object, target_name: str, setting: str) -> None:
    if isinstance(prod_targets, str) or not isinstance(prod_targets, Sequence):
        remedy = f"Write it as a list, e.g. `prod_targets: [{prod_targets}]`."
        raise must_be("var `prod_targets`", "a list of names", prod_targets, remedy)
    _require_one_of(
        "a target that writes to production",
        prod_targets,
        target_name,
        f"Var `prod_targets` lists these targets, and {setting} chooses the environment `prod`. Production is for the "
        "scheduled run: to work on your own tables, choose another environment, e.g. `--vars 'environment: dev'`.",
    )


def _require_one_of(subject: str, allowed: Sequence[object], value: object, remedy: str) -> None:
    if value not in allowed:
        listed = "`, `".join(map(str, allowed))
        raise must_be(subject, f"{'one of ' if len(allowed) > 1 else ''}`{listed}`", value, remedy)


def _suffix(name: str, env: Mapping[str, str], setting: str) -> str:
    if name in _IDENTITIES:
        return f"_{name}_{_identity(name, env, setting)}"
    return "" if name == "prod" else "_dev_dbt"


def _identity(name: str, env: Mapping[str, str], setting: str) -> str:
    """What cannot stand in the name of a database is refused, not replaced: two people could be one."""
    variable, example = _IDENTITIES[name]
    given = env.get(variable)
    identity = (given or "").lower()
    if not re.fullmatch("[a-z0-9_]{1,40}", identity) or identity.endswith("_dbt_deploy"):
        fit = re.sub("[^a-z0-9]+", "_", identity)[:40].strip("_")
        proposed = fit if fit and not fit.endswith("_dbt_deploy") else example
        chosen = f" It is chosen by {setting}; `export DERIVED_TABLES_ENVIRONMENT=dev` chooses another."
        raise must_be(
            f"environment variable `{variable}`",
            "1 to 40 letters, digits or `_` that do not end in `_dbt_deploy`",
            given,
            f"The environment `{name}` needs it, e.g. `export {variable}={proposed}`."
            + (chosen if setting.startswith("the name") else ""),
        )
    return identity
