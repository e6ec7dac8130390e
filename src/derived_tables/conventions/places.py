"""What would stop a build though every name is right: tables would land elsewhere, or all environments in one place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from derived_tables.conventions.model import Context, Finding
from derived_tables.conventions.names import place_of
from derived_tables.project.manifest import Node

_S3_FOLDER = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/(?!\.+(?:/|$))[^/\s]+)*/?")
_SHIMS = "macros/derived_tables.sql"


def place_problems(context: Context) -> Iterator[Finding]:
    """What `check_run` would refuse, apart from names."""
    for node in context.nodes:
        for problem, remedy in _of_node(node, context):
            yield Finding(node.path, 1, problem, remedy)
    yield from _of_wiring(context)
    yield from _of_packages(context)
    if context.adapter == "athena":
        yield from _of_athena(context)


def _of_node(node: Node, context: Context) -> Iterator[tuple[str, str]]:
    config, suffix = node.config, context.environment.suffix
    if config.get("external_location"):
        yield (
            "its `external_location` is the same in every environment",
            "remove it, or let the macro that makes it return none (docs/adopting.md)",
        )
    if node.materialized == "external" and node.relation.schema not in str(config.get("location") or ""):
        yield "its `location` is the same in every environment", f"put `{node.relation.schema}` into it"
    if config.get("temp_schema") and not str(config["temp_schema"]).endswith(suffix):
        yield (
            "its `temp_schema` is the same in every environment",
            "add {{ derived_tables.database_suffix() }} to it, or remove it",
        )
    if context.adapter == "athena" and config.get("s3_data_naming") not in (None, "table_unique"):
        yield "its `s3_data_naming` is not `table_unique`", "remove it"


def _of_wiring(context: Context) -> Iterator[Finding]:
    """One finding for all names: a shim is missing, or the project has macros of its own in its place."""
    for node in context.nodes:
        expected = place_of(node, context.environment.suffix)
        landing = node.relation.schema.removesuffix("_dbt_deploy"), node.relation.identifier
        if expected and expected != landing:
            yield Finding(
                _SHIMS,
                1,
                f"`{node.name}` lands in {node.relation.label}, not in {'.'.join(expected)}",
                "let `generate_schema_name` and `generate_alias_name` call those of the package, as the README shows; "
                "keep macros of your own as `project_schema_name` and `project_alias_name` (docs/adopting.md)",
            )
            return


def _of_packages(context: Context) -> Iterator[Finding]:
    suffix = context.environment.suffix
    for package in sorted({node.package for node in context.others if suffix not in node.relation.schema}):
        yield Finding(
            "packages.yml",
            1,
            f"the package `{package}` places its nodes itself, in the same databases in every environment",
            "disable its models, or fork it without its macro `generate_schema_name`",
        )


def _of_athena(context: Context) -> Iterator[Finding]:
    naming, folder = (_text(context.settings, key) for key in ("s3_data_naming", "s3_data_dir"))
    if naming != "table_unique":
        yield Finding("profiles.yml", 1, f"`s3_data_naming` is `{naming}`", "set `s3_data_naming: table_unique`")
    if not _S3_FOLDER.fullmatch(folder):
        yield Finding("profiles.yml", 1, f"`s3_data_dir` is `{folder}`", "set it to `s3://<bucket>/<folder>`")
    order = next((each["search_order"] for each in context.dispatch if each["macro_namespace"] == "athena"), ())
    if "derived_tables" not in order:
        yield Finding(
            "dbt_project.yml",
            1,
            "`create_table_as` for Athena is not dispatched to `derived_tables`",
            "add `dispatch` as the README shows",
        )


def _text(settings: Mapping[str, Any], key: str) -> str:
    value = settings.get(key)
    return str(getattr(value, "value", value))
