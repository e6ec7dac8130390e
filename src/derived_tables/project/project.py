"""Opens a dbt project for a command: where it is, what it works with, and which models are meant."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from derived_tables.errors import RefusedError, must_be
from derived_tables.project.environment import Environment, resolve_environment
from derived_tables.project.location import find_profiles, find_project, folder_name
from derived_tables.project.manifest import Manifest, Node, read_manifest
from derived_tables.project.target import Target
from derived_tables.project.variables import parse_variables, refuse_near_names

#: Databases of other environments, as the macro `_reserved_databases` has them.
_OTHERS = re.compile("_dev_dbt$|_(?:sandbox|ci)(?:_|$)")
_DEPLOY = "_dbt_deploy"
#: How often the project is parsed anew because another command has parsed it in between.
_TRIES = 3


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
        dispatch: as in dbt_project.yml.
        artefacts: the folder into which dbt writes run_results.json.
        logs: the folder into which it writes dbt.log.
        dbt: runs dbt for this target, in a target-path of this environment's own.
    """

    name: str
    project_dir: Path
    target: Target
    environment: Environment
    variables: Mapping[str, Any]
    dispatch: Sequence[Mapping[str, Any]]
    artefacts: Path
    logs: Path
    dbt: Any = field(repr=False)

    def select(self, select: Sequence[str] = (), exclude: Sequence[str] = ()) -> Selection:
        """Has dbt parse the project and choose models.

        Raises:
            RefusedError: dbt cannot do that.
        """
        found = self._select(select, exclude, ("model",))
        return replace(found, models=tuple(sorted(found.models, key=lambda node: node.selector)))

    def select_nodes(self, select: Sequence[str] = (), exclude: Sequence[str] = ()) -> Selection:
        """Has dbt parse the project and choose models, seeds and dbt snapshots.

        Raises:
            RefusedError: dbt cannot do that.
        """
        return self._select(select, exclude, ("model", "seed", "snapshot"))

    def tolerating_bad_names(self) -> Project:
        """The same project, parsed so that names which cannot be placed do not end the parse."""
        lenient = "project" if self.variables.get("on_bad_name") == "project" else "warn"
        return replace(self, dbt=self.dbt.beside("conventions", {"on_bad_name": lenient}))

    def _select(self, select: Sequence[str], exclude: Sequence[str], kinds: Sequence[str]) -> Selection:
        from derived_tables.project.dbt import DbtError  # noqa: PLC0415, dbt takes a second to import

        for _ in range(_TRIES):
            try:
                chosen = self.dbt.select(select, exclude, kinds)
            except DbtError as error:
                raise RefusedError(str(error)) from error
            manifest = read_manifest(self.dbt.target_path / "manifest.json")
            # Another command, with other variables, would have other names: never act on those.
            if manifest.invocation == chosen.invocation:
                return Selection(manifest, tuple(manifest.nodes[key] for key in chosen.nodes), chosen.unmatched)
        raise RefusedError("Other commands parse the project at the same time.\nRepeat this one.")

    def require_own(self, node: Node) -> Node:
        """Returns a node that lands in this environment.

        Raises:
            RefusedError: its database is another environment's, or nobody's.
        """
        suffix, schema = self.environment.suffix, node.relation.schema
        deploys = self.variables.get("deploy") is True
        # With var `deploy_databases`, some are deployed and others are not.
        is_deployed = schema.endswith(_DEPLOY)
        if is_deployed != deploys and not (deploys and self.variables.get("deploy_databases")):
            raise must_be(
                f"the database of `{node.name}`",
                f"one {'with' if deploys else 'without'} `{_DEPLOY}` at its end, as var `deploy` says",
                schema,
                "Name another `schema` in the config of the model.",
            )
        if not suffix and _OTHERS.search(schema.removesuffix(_DEPLOY)):
            raise must_be(
                f"the database of `{node.name}`",
                "one of the environment prod, without the suffix of another environment",
                schema,
                "It looks like the database of another environment: correct the `schema` of the model.",
            )
        if not schema.removesuffix(_DEPLOY).endswith(suffix):
            raise must_be(
                f"the database of `{node.name}`",
                f"one of the environment {self.environment.name}, whose databases end in `{suffix}`",
                schema,
                "Either macros/derived_tables.sql lacks the macros that the README shows, or the model comes from a "
                "package that places its tables itself.",
            )
        return node


@dataclass(frozen=True)
class Selection:
    """A parsed project and the nodes that are meant.

    Attributes:
        manifest: the project.
        models: the nodes; if they are all models, by name.
        unmatched: the parts of the selection that match nothing.
    """

    manifest: Manifest
    models: tuple[Node, ...]
    unmatched: tuple[str, ...] = ()


def open_project(options: Options) -> Project:
    """Finds the project, and resolves its target and environment; nothing is parsed yet.

    Raises:
        RefusedError: there is none, or its settings do not fit together.
    """
    project_dir = find_project(options.project_dir)
    profiles_dir = find_profiles(options.profiles_dir, project_dir)
    given = parse_variables(options.variables)
    refuse_near_names(given, "`--vars`")

    from derived_tables.project.dbt import Dbt, DbtError, read_settings  # noqa: PLC0415, dbt takes seconds to import

    try:
        settings = read_settings(project_dir, profiles_dir, options.target, given)
    except DbtError as error:
        raise RefusedError(str(error)) from error
    # Mappings are those of packages.
    own = (name for name, value in settings.variables.items() if not isinstance(value, dict))
    refuse_near_names(own, "the project")
    variables = {**settings.variables, **given}
    target = settings.target
    environment = resolve_environment(variables, os.environ, target.name)
    folder = folder_name(settings.profile, target.name, environment.suffix)
    dbt = Dbt(project_dir, profiles_dir, target.name, given, settings.artefacts / "derived_tables" / folder)
    return Project(
        settings.name,
        project_dir,
        target,
        environment,
        variables,
        settings.dispatch,
        settings.artefacts,
        settings.logs,
        dbt,
    )
