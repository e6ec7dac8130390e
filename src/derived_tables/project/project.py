"""Opens a dbt project for a command: where it is, what it works with, and which models are meant."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from derived_tables.errors import RefusedError, must_be
from derived_tables.project.environment import Environment, resolve_environment
from derived_tables.project.location import find_profiles, find_project
from derived_tables.project.manifest import Manifest, Node, read_manifest
from derived_tables.project.target import Target
from derived_tables.project.variables import parse_variables, project_variables

#: Databases that are not production's, as the macro `generate_schema_name` names them.
_OF_OTHERS = re.compile("_dev_dbt$|_(?:sandbox|ci)(?:_|$)")


@dataclass(frozen=True)
class Options:
    """What every command takes, as a person typed it.

    Attributes:
        project_dir: None for the folder dbt would take.
        profiles_dir: None for the folder dbt would take.
        target: None for the default target.
        variables: YAML.
    """

    project_dir: Path | None = None
    profiles_dir: Path | None = None
    target: str | None = None
    variables: str = "{}"


@dataclass(frozen=True)
class Project:
    """A project, and the target and environment that a command works in; dbt has not parsed it yet.

    Attributes:
        name: of dbt_project.yml.
        project_dir: folder of dbt_project.yml.
        target: the target, with the default resolved.
        environment: the environment.
        variables: those of the project, with those of `--vars`.
        dbt: runs dbt for this target, in a target-path of this environment's own.
    """

    name: str
    project_dir: Path
    target: Target
    environment: Environment
    variables: Mapping[str, Any]
    dbt: Any = field(repr=False)

    def select(self, select: Sequence[str] = (), exclude: Sequence[str] = ()) -> Selection:
        """Has dbt parse the project and choose models.

        Raises:
            RefusedError: dbt cannot do that, or finds nothing to choose.
        """
        from derived_tables.project.dbt import DbtError  # noqa: PLC0415, dbt takes seconds to import

        try:
            chosen = self.dbt.select_models(select, exclude)
        except DbtError as error:
            raise RefusedError(str(error)) from error
        manifest = read_manifest(self.dbt.target_path / "manifest.json")
        models = tuple(sorted((manifest.nodes[key] for key in chosen), key=lambda node: node.name))
        return Selection(manifest, models)

    def require_own(self, node: Node) -> Node:
        """Returns a node that lands in this environment.

        Raises:
            RefusedError: its database is another environment's, or nobody's.
        """
        suffix = self.environment.suffix
        database = node.relation.schema.removesuffix("_dbt_deploy")
        is_own = database.endswith(suffix) if suffix else not _OF_OTHERS.search(database)
        if not is_own:
            ending = f", which ends in `{suffix}`" if suffix else ""
            raise must_be(
                f"the database of `{node.name}`",
                f"one of the environment {self.environment.name}{ending}",
                node.relation.schema,
                "macros/derived_tables.sql lacks the macros that the README shows, or the model is of a package "
                "that places its tables itself.",
            )
        return node


@dataclass(frozen=True)
class Selection:
    """A parsed project and the models that are meant.

    Attributes:
        manifest: the project.
        models: by name.
    """

    manifest: Manifest
    models: tuple[Node, ...]


def open_project(options: Options) -> Project:
    """Finds the project, and resolves its target and environment; nothing is parsed yet.

    Raises:
        RefusedError: there is none, or its settings do not fit together.
    """
    project_dir = find_project(options.project_dir)
    profiles_dir = find_profiles(options.profiles_dir, project_dir)
    given = parse_variables(options.variables)
    if "prod_targets" in given:
        raise must_be(
            "var `prod_targets`",
            "set in dbt_project.yml",
            "a value of `--vars`",
            "It says which targets may write to production, so it belongs to the project.",
        )
    content = yaml.safe_load((project_dir / "dbt_project.yml").read_text(encoding="utf-8")) or {}
    name = str(content.get("name"))
    variables = {**project_variables(project_dir, name), **given}

    from derived_tables.project.dbt import Dbt, DbtError, resolve_target  # noqa: PLC0415, dbt takes seconds to import

    try:
        target = resolve_target(project_dir, profiles_dir, options.target, given)
    except DbtError as error:
        raise RefusedError(str(error)) from error
    environment = resolve_environment(variables, os.environ, target.name)
    artefacts = Path(os.environ.get("DBT_TARGET_PATH") or content.get("target-path") or "target")
    folder = f"{target.name}{environment.suffix or '_prod'}"
    target_path = project_dir / artefacts / "derived_tables" / folder
    dbt = Dbt(project_dir, profiles_dir, target.name, given, target_path)
    return Project(name, project_dir, target, environment, variables, dbt)
