"""The variables that a project and `--vars` set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import yaml

from derived_tables.errors import must_be

#: What the package reads.
OURS = (
    "environment",
    "prod_targets",
    "deploy",
    "deploy_databases",
    "on_bad_name",
    "snapshot_date",
    "allow_future_snapshots",
    "discard_snapshots",
    "snapshot_grace_minutes",
    "price_per_tb",
    "artefacts_dir",
)
#: By how many letters a slip differs.
_SLIPS = 2
#: Names of ours that are no longer than this are near only to what begins alike.
_SHORT = 8


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


def refuse_near_names(names: Iterable[str], where: str) -> None:
    """Refuses variables that are not ours, but nearly: `enviroment: sandbox` would run in dev without a word.

    Args:
        names: the variables that are set.
        where: what sets them, e.g. `--vars`.

    Raises:
        RefusedError: one of them could be a slip for one of ours.
    """
    for name in names:
        for known in OURS if name not in OURS else ():
            if is_near(name, known):
                remedy = f"Write `{known}`, if you mean that; a variable of your own needs a name less like it."
                raise must_be(f"each variable of {where}", "ours or clearly another one", name, remedy)


def is_near(given: str, meant: str) -> bool:
    """Whether a name could be a slip for another one, as the macro `_is_near` decides it.

    They differ by at most two letters, and short ones begin alike. The order of letters, case, `_` and `-` do not
    count.
    """
    slip, target = (re.sub("[-_ ]", "", name.lower()) for name in (given, meant))
    missing, extra = Counter(target) - Counter(slip), Counter(slip) - Counter(target)
    begins_alike = slip[:1] == target[:1] or len(target) > _SHORT
    return begins_alike and (missing + extra).total() <= _SLIPS
