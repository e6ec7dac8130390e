"""dbt itself: the only module that knows its Python.

dbt runs in this process, as its command line would, but silently: a command waits once for dbt to start, and several
runs share one parsed project. What dbt knows of the project is read from the files that it writes. A dbt without Python
would be started as a process instead, here and nowhere else.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

import yaml
from click import ClickException
from dbt.cli.main import dbtRunner
from dbt.cli.resolvers import default_log_path
from dbt.config.runtime import load_profile, load_project
from dbt.contracts.graph.manifest import Manifest
from dbt.flags import set_from_args
from dbt_common.context import set_invocation_context
from dbt_common.events.base_types import EventLevel, EventMsg
from dbt_common.events.event_manager_client import cleanup_event_logger
from dbt_common.exceptions import DbtBaseException

from derived_tables.project.location import setting
from derived_tables.project.target import Target

_OF_MACROS = re.compile(r"> in |> called by |Encountered an error while running operation: \w+ Error in macro _")

#: Settings that people make for their own runs and that would change what is parsed or run here: DBT_<name>.
_NOT_FOR_US = (
    "EMPTY",
    "EVENT_TIME_END",
    "EVENT_TIME_START",
    "EXCLUDE_RESOURCE_TYPES",
    "FULL_REFRESH",
    "PARTIAL_PARSE_FILE_PATH",
    "RESOURCE_TYPES",
    "SAMPLE",
)


class DbtError(Exception):
    """A dbt command failed; the message is what dbt printed of it."""


@dataclass(frozen=True)
class Settings:
    """What dbt reads in dbt_project.yml, vars.yml and profiles.yml.

    Attributes:
        name: of the project.
        profile: name of the profile.
        target: the target, with the default resolved.
        variables: those that the project sets for itself, without those of `--vars`.
        dispatch: as in dbt_project.yml.
        artefacts: the folder into which dbt would write its artefacts.
        logs: the folder into which it would write its log.
    """

    name: str
    profile: str
    target: Target
    variables: Mapping[str, Any]
    dispatch: Sequence[Mapping[str, Any]]
    artefacts: Path
    logs: Path


@dataclass(frozen=True)
class Chosen:
    """What a selection chooses.

    Attributes:
        nodes: their unique_ids.
        unmatched: the parts of the selection that match nothing.
        invocation: dbt's id of the invocation, which manifest.json has as well.
    """

    nodes: tuple[str, ...]
    unmatched: tuple[str, ...]
    invocation: str


@dataclass(frozen=True)
class Dbt:
    """dbt with one project and target.

    Attributes:
        project_dir: folder of the project.
        profiles_dir: folder of profiles.yml.
        target: the target; every command names it, so that dbt cannot take names of another one.
        variables: what every command gets by `--vars`.
        target_path: where dbt keeps what it parsed and writes its artefacts.
        parsed: the project, if it is parsed; else each command parses it, in full if its variables are others.
    """

    project_dir: Path
    profiles_dir: Path
    target: str
    variables: Mapping[str, Any]
    target_path: Path
    parsed: Manifest | None = None

    def select(self, select: Sequence[str], exclude: Sequence[str], kinds: Sequence[str]) -> Chosen:
        """Parses the project, writes manifest.json, and returns the nodes that a selection chooses.

        Args:
            select: in dbt's syntax; empty for all.
            exclude: likewise; empty for none.
            kinds: types of resources, e.g. `model`.

        Raises:
            DbtError: the project cannot be parsed, or the selection makes no sense.
            KeyboardInterrupt: Ctrl-C was pressed.
        """
        command = ["ls", "--output", "json", "--output-keys", "unique_id", "--write-json"]
        command += [part for kind in kinds for part in ("--resource-type", kind)]
        for option, chosen in (("--select", select), ("--exclude", exclude)):
            command += [option, *chosen] if chosen else []
        unmatched: list[str] = []
        invocations: list[str] = []
        lines = self._invoke(command, {}, self.parsed, unmatched, invocations)
        nodes = tuple(json.loads(line)["unique_id"] for line in lines or [] if line.startswith("{"))
        return Chosen(nodes, tuple(unmatched), invocations[0])

    def beside(self, name: str, variables: Mapping[str, Any] | None = None) -> Dbt:
        """The same with a folder of its own for what dbt parses and writes, so that other commands keep theirs.

        Args:
            name: of the folder.
            variables: added to those of all commands.
        """
        return replace(self, target_path=self.target_path / name, variables={**self.variables, **(variables or {})})

    def parse(self, variables: Mapping[str, Any]) -> Dbt:
        """The same with the project parsed once, with some more variables; commands may then have other values of them.

        Raises:
            DbtError: the project cannot be parsed.
            KeyboardInterrupt: Ctrl-C was pressed.
        """
        return replace(self, parsed=self._invoke(["parse"], variables, None))

    def run(self, command: Sequence[str], variables: Mapping[str, Any] | None = None) -> None:
        """Runs a command.

        Args:
            command: e.g. `["run", "--select", "orders__daily"]`.
            variables: added to those of all commands.

        Raises:
            DbtError: it failed.
            KeyboardInterrupt: Ctrl-C was pressed; dbt has cancelled its queries.
        """
        # A copy, because commands write into it: a second one would find the SQL of the first.
        self._invoke(command, variables or {}, self.parsed and self.parsed.deepcopy())

    def _invoke(
        self,
        command: Sequence[str],
        variables: Mapping[str, Any],
        manifest: Manifest | None,
        unmatched: list[str] | None = None,
        invocations: list[str] | None = None,
    ) -> Any:
        errors: list[str] = []

        def keep(event: EventMsg) -> None:
            if invocations is not None:
                invocations.append(event.info.invocation_id)
            if event.info.level == EventLevel.ERROR.value:
                errors.append(event.info.msg)
            elif event.info.name == "NoNodesForSelectionCriteria" and unmatched is not None:
                unmatched.append(event.data.spec_raw)

        arguments = ["--log-level", "none", "--log-level-file", "debug", "--no-use-colors", "--no-print", *command]
        arguments += ["--project-dir", str(self.project_dir), "--profiles-dir", str(self.profiles_dir)]
        arguments += ["--target", self.target, "--target-path", str(self.target_path), "--write-json"]
        arguments += ["--vars", yaml.safe_dump({**self.variables, **variables})]
        with _quiet():
            try:
                outcome = dbtRunner(manifest, callbacks=[keep]).invoke(arguments)
            finally:
                _let_go_of_files()
        if not outcome.success:
            if isinstance(outcome.exception, KeyboardInterrupt):
                raise outcome.exception
            if isinstance(outcome.exception, OSError):
                raise DbtError(f"dbt cannot work there: {outcome.exception}")
            raise DbtError(_readable(errors or [str(outcome.exception)]))
        return outcome.result


def read_settings(project_dir: Path, profiles_dir: Path, target: str | None, variables: Mapping[str, Any]) -> Settings:
    """What the files of a project say before anything is parsed, as dbt reads and renders them.

    Args:
        project_dir: folder of the project.
        profiles_dir: folder of profiles.yml.
        target: None for DBT_TARGET, else the profile's default.
        variables: those of `--vars`, which the files may use.

    Raises:
        DbtError: a file is not valid, or there is no such profile or target.
    """
    with _quiet():
        # A logger that dbt sets up when it is imported holds on to stdout.
        cleanup_event_logger()
        try:
            # Where dbt keeps its environment and its options; it looks there for the folder.
            set_invocation_context(dict(os.environ))
            set_from_args(argparse.Namespace(PROFILES_DIR=str(profiles_dir), PROJECT_DIR=str(project_dir)), None)
            profile = load_profile(str(project_dir), dict(variables), setting("PROFILE"), target or setting("TARGET"))
            # `ls` checks the version; its message is the same, and comes later.
            project = load_project(str(project_dir), False, profile, dict(variables))
        except ClickException as error:  # an environment variable that is no value of its option
            raise DbtError(error.format_message()) from error
        except DbtBaseException as error:
            raise DbtError(_without_adapter(str(error)) or _readable([str(error)])) from error
    own = project.vars.to_dict()
    below = own.get(project.project_name)
    artefacts = Path(setting("TARGET_PATH") or project.target_path)
    return Settings(
        project.project_name,
        profile.profile_name,
        _target(profile),
        # What stands below the project's name belongs to the project as well, and wins.
        {**own, **(below if isinstance(below, dict) else {})},
        project.dispatch,
        project_dir / artefacts,
        # dbt takes what an environment variable says from the working directory, its own default from the project.
        Path(setting("LOG_PATH") or default_log_path(project_dir)),
    )


def _target(profile: Any) -> Target:
    credentials = profile.credentials

    def session() -> Any:
        from dbt.adapters.athena.session import get_boto3_session  # noqa: PLC0415, an extra

        return get_boto3_session(SimpleNamespace(credentials=credentials))

    return Target(profile.target_name, credentials.type, dict(vars(credentials)), session)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keeps dbt's output, and settings of dbt that are meant for other runs, apart from ours."""
    names = [prefix + name for name in _NOT_FOR_US for prefix in ("DBT_", "DBT_ENGINE_")]
    set_aside = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        # Whatever a library prints would land in the middle of a document; what dbt prints is in its log.
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        os.environ.update(set_aside)


def _without_adapter(error: str) -> str | None:
    """What to install, if the adapter of the target is missing."""
    found = re.search(r"Could not find adapter type (\w+)", error)
    if found is None:
        return None
    adapter = found[1]
    install = f"derived-tables[{adapter}]" if adapter in ("athena", "duckdb") else f"dbt-{adapter}"
    return f"dbt's adapter for `{adapter}` is not installed.\nInstall it: pip install '{install}'"


def _readable(errors: Sequence[str]) -> str:
    """What dbt says of errors, without the macros that called each other and the name of an internal one."""
    lines = (line for error in errors for line in dedent(error).strip().splitlines())
    said = "\n".join(line for line in lines if line.strip() and not _OF_MACROS.match(line.strip()))
    return said.strip()


def _let_go_of_files() -> None:
    """dbt keeps its log open and dbt-duckdb its database, for the next command of this process; others read them."""
    for handler in logging.getLogger("file_log").handlers:
        handler.close()
    duckdb = sys.modules.get("dbt.adapters.duckdb.connections")
    if duckdb is not None:
        duckdb.DuckDBConnectionManager.close_all_connections()
