"""DT101: names that can be placed, and nothing that would place tables elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from derived_tables.conventions.model import Context, Finding, Rule
from derived_tables.conventions.names import expected_path, name_problems
from derived_tables.conventions.places import place_problems


def _check(context: Context) -> Iterator[Finding]:
    for node in context.nodes:
        problems = name_problems(node, context.environment.suffix)
        if problems:
            path = expected_path(node)
            remedy = f"rename it to {path}" if path != node.path else "correct its `schema` and `alias`"
            yield Finding(node.path, 1, "; ".join(problems), remedy)
    yield from place_problems(context)


NAMES = Rule(
    id="DT101",
    name="names",
    statement="A node lies in <domain>/<database>/ and is called <database>__<table>, in snake case.",
    why="Names decide where tables land, with nothing configured per model. A name that cannot be placed stops every "
    "run; one that looks like another environment's could overwrite its tables. So could a location that a config "
    "fixes for all environments, or a project that is not wired to the package: that is told here as well.",
    fix="Rename the file, or set `schema` and `alias` in dbt_project.yml or with config().",
    severity="error",
    check=_check,
)
