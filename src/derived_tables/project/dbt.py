"""dbt itself: the only module that knows its Python.

dbt runs in this process, as its command line would, without its output: starting it once a command is what a person
waits for anyway, and several runs share one parsed project. What dbt knows of the project is read from the files that
it writes. A dbt without Python would be started as a process instead, here and nowhere else.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

import yaml
from dbt.cli.main import dbtRunner
from dbt.config.runtime import load_profile
from dbt.contracts.graph.manifest import Manifest
from dbt.flags import set_from_args
from dbt_common.context import set_invocation_context
from dbt_common.events.base_types import EventLevel, EventMsg
from dbt_common.exceptions import DbtBaseException

from derived_tables.project.target import Target

_OF_MACROS = re.compile(r"> in |> called by |Encountered an error while running operation: \w+ Error in macro _")


class DbtError(Exception):
    """A dbt command failed; the message is what dbt printed of it."""


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

    def select_models(self, select: Sequence[str], exclude: Sequence[str]) -> list[str]:
        """Parses the project, writes manifest.json, and returns the models that a selection chooses, as unique_ids.

        Raises:
            DbtError: the project cannot be parsed, or the selection makes no sense.
        """
        command = ["ls", "--resource-type", "model", "--output", "json", "--output-keys", "unique_id", "--write-json"]
        for option, chosen in (("--select", select), ("--exclude", exclude)):
            command += [option, *chosen] if chosen else []
        lines = self._invoke(command, {}, self.parsed)
        return [json.loads(line)["unique_id"] for line in lines or [] if line.startswith("{")]

    def beside(self, name: str) -> Dbt:
        """The same with a folder of its own for what dbt parses and writes, so that other commands keep theirs."""
        return replace(self, target_path=self.target_path / name)

    def parse(self, variables: Mapping[str, Any]) -> Dbt:
        """The same with the project parsed once, with some more variables; commands may then have other values of them.

        Raises:
            DbtError: the project cannot be parsed.
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

    def _invoke(self, command: Sequence[str], variables: Mapping[str, Any], manifest: Manifest | None) -> Any:
        errors: list[str] = []

        def keep(event: EventMsg) -> None:
            if event.info.level == EventLevel.ERROR.value:
                errors.append(event.info.msg)

        arguments = ["--log-level", "none", "--log-level-file", "debug", "--no-use-colors", *command]
        arguments += ["--project-dir", str(self.project_dir), "--profiles-dir", str(self.profiles_dir)]
        arguments += ["--target", self.target, "--target-path", str(self.target_path)]
        arguments += ["--vars", yaml.safe_dump({**self.variables, **variables})]
        try:
            outcome = dbtRunner(manifest, callbacks=[keep]).invoke(arguments)
        finally:
            _let_go_of_files()
        if not outcome.success:
            if isinstance(outcome.exception, KeyboardInterrupt):
                raise outcome.exception
            raise DbtError(_readable(errors or [str(outcome.exception)]))
        return outcome.result


def resolve_target(project_dir: Path, profiles_dir: Path, target: str | None, variables: Mapping[str, Any]) -> Target:
    """The target that dbt would take, as it reads profiles.yml.

    Args:
        project_dir: folder of the project.
        profiles_dir: folder of profiles.yml.
        target: None for DBT_TARGET, else the profile's default.
        variables: those of `--vars`, which profiles.yml may use.

    Raises:
        DbtError: there is no such profile or target, or it is not valid.
    """
    # Where dbt keeps its environment and its options; it looks there for the folder.
    set_invocation_context(dict(os.environ))
    set_from_args(argparse.Namespace(PROFILES_DIR=str(profiles_dir), PROJECT_DIR=str(project_dir)), None)
    try:
        profile = load_profile(
            str(project_dir),
            dict(variables),
            os.environ.get("DBT_PROFILE"),
            target or os.environ.get("DBT_TARGET"),
        )
    except DbtBaseException as error:
        raise DbtError(_readable([str(error)])) from error
    credentials = profile.credentials

    def session() -> Any:
        from dbt.adapters.athena.session import get_boto3_session  # noqa: PLC0415, an extra

        return get_boto3_session(SimpleNamespace(credentials=credentials))

    # dbt goes to the project's folder before it connects.
    return Target(profile.target_name, credentials.type, dict(vars(credentials)), project_dir, session)


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
