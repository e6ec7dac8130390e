"""Runs dbt in this process, as its command line would, without its output."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt_common.events.base_types import EventLevel, EventMsg

_OF_MACROS = re.compile(r"> in |> called by |Encountered an error while running operation: \w+ Error in macro _")


class DbtError(Exception):
    """A dbt command failed; the message is what dbt printed of it."""


@dataclass(frozen=True)
class Dbt:
    """dbt with one project and target.

    Attributes:
        project_dir: None for where dbt looks itself.
        profiles_dir: None for where dbt looks itself.
        target: None for the profile's default.
        variables: what every command gets by `--vars`.
        manifest: the project, if it is parsed; else each command parses it, in full if its variables are others.
    """

    project_dir: Path | None
    profiles_dir: Path | None
    target: str | None
    variables: Mapping[str, Any]
    manifest: Manifest | None = None

    def parsed(self, variables: Mapping[str, Any]) -> Dbt:
        """The same with the project parsed, with some more variables; commands may then have other values for them.

        Raises:
            DbtError: the project cannot be parsed.
        """
        return replace(self, manifest=self._invoke(["parse"], variables, [], None))

    def run(self, command: Sequence[str], variables: Mapping[str, Any] | None = None) -> list[str]:
        """Runs a command and returns what macros have printed.

        Args:
            command: e.g. `["run", "--select", "orders__daily"]`.
            variables: added to those of all commands.

        Raises:
            DbtError: it failed.
            KeyboardInterrupt: Ctrl-C was pressed; dbt has cancelled its queries.
        """
        printed: list[str] = []
        # A copy, because commands write into it: a second one would find the SQL of the first.
        self._invoke(command, variables or {}, printed, self.manifest and self.manifest.deepcopy())
        return printed

    def _invoke(
        self, command: Sequence[str], variables: Mapping[str, Any], printed: list[str], manifest: Manifest | None
    ) -> Any:
        errors: list[str] = []

        def keep(event: EventMsg) -> None:
            if event.info.name == "PrintEvent":
                printed.append(event.info.msg)
            elif event.info.level == EventLevel.ERROR.value:
                errors.append(event.info.msg)

        arguments = ["--log-level", "none", "--log-level-file", "debug", "--no-use-colors", *command, *self._options()]
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

    def _options(self) -> list[str]:
        named = {"--project-dir": self.project_dir, "--profiles-dir": self.profiles_dir, "--target": self.target}
        return [part for name, value in named.items() if value is not None for part in (name, str(value))]


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
