"""Runs dbt in this process, the way its command line does, and keeps what a person would see."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from dbt.cli.main import dbtRunner
from dbt.deprecations import reset_deprecations
from dbt_common.events.base_types import EventLevel, EventMsg

from derived_tables.harness.safety import check_target

#: dbt must not send usage statistics from a test; nothing may leave the machine.
QUIET = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"}

_SHOWN = {level.value for level in (EventLevel.INFO, EventLevel.WARN, EventLevel.ERROR)}


class DbtRunError(AssertionError):
    """A dbt command that should have passed did not; the message holds all that dbt printed."""


@dataclass(frozen=True)
class DbtRun:
    """What one dbt command did.

    Attributes:
        args: the command line, without `dbt`.
        success: what the exit code says.
        error: text of the exception that ended the command; empty when there was none.
        messages: what dbt printed, a text an event, without times and colours.
        warnings: those of `messages` that are warnings.
        result: dbt's own result: a Manifest, a RunExecutionResult, a list of lines; depends on the command.
    """

    args: tuple[str, ...]
    success: bool
    error: str
    messages: tuple[str, ...]
    warnings: tuple[str, ...]
    result: Any

    @property
    def output(self) -> str:
        """Everything a person would have read, errors included."""
        return "\n".join((*self.messages, self.error))

    def passed(self) -> DbtRun:
        """Returns the run itself.

        Raises:
            DbtRunError: if the command failed.
        """
        if not self.success:
            raise DbtRunError(f"dbt {' '.join(self.args)}\n{self.output}")
        return self


@contextmanager
def environment(variables: Mapping[str, str | None]) -> Iterator[None]:
    """Sets environment variables (None: unset) while the block runs. Not for use from several threads at once."""
    with patch.dict(os.environ):
        for name, value in variables.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        yield


def run_dbt(
    project_dir: Path,
    *args: str,
    target: str | None = None,
    variables: Mapping[str, Any] | None = None,
    env: Mapping[str, str | None] | None = None,
) -> DbtRun:
    """Runs one dbt command on a project whose profiles.yml lies beside its dbt_project.yml.

    Args:
        project_dir: folder of the project; its target/ and logs/ are used as dbt does.
        args: the command and its flags, e.g. `"build", "--select", "staging"`.
        target: a target of profiles.yml; None for its default.
        variables: what `--vars` gets.
        env: environment variables for this command only; None removes one.

    Returns:
        The run, whether it passed or failed; see DbtRun.passed.

    Raises:
        UnsafeTargetError: the target is Athena, and `AWS_ENDPOINT_URL` is not set.
    """
    command = [*args, "--project-dir", str(project_dir), "--profiles-dir", str(project_dir)]
    if args[0] not in ("deps", "clean"):
        command += ["--target-path", str(project_dir / "target")]
    command += ["--log-path", str(project_dir / "logs")]
    if target is not None:
        command += ["--target", target]
    if variables is not None:
        command += ["--vars", yaml.safe_dump(dict(variables))]

    messages: list[str] = []
    warnings: list[str] = []

    def keep(event: EventMsg) -> None:
        if event.info.level in _SHOWN and event.info.msg:
            messages.append(event.info.msg)
        if event.info.level == EventLevel.WARN.value:
            warnings.append(event.info.msg)

    with environment({**QUIET, **(env or {})}):
        check_target(project_dir, args[0], target, os.environ)
        reset_deprecations()  # else the summary would count those of earlier commands of this process
        try:
            outcome = dbtRunner(callbacks=[keep]).invoke(["--log-level", "none", *command])
        finally:
            _close_log()
            _close_duckdb()
    return DbtRun(
        args=tuple(args),
        success=outcome.success,
        error=str(outcome.exception or ""),
        messages=tuple(messages),
        warnings=tuple(warnings),
        result=outcome.result,
    )


def _close_log() -> None:
    """dbt drops the log of an earlier command of this process without closing it."""
    for handler in logging.getLogger("file_log").handlers:
        handler.close()


def _close_duckdb() -> None:
    """dbt-duckdb, if it was needed, keeps its file open for the next command here; others want to read it."""
    connections = sys.modules.get("dbt.adapters.duckdb.connections")
    if connections is not None:
        connections.DuckDBConnectionManager.close_all_connections()
