"""What dbt wrote of a run into its target folder: run_results.json, or sources.json after `dbt source freshness`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from derived_tables.errors import RefusedError, must_be
from derived_tables.project.project import Project

#: What a run writes at its end; `dbt source freshness` writes the second.
_FILES = ("run_results.json", "sources.json")


@dataclass(frozen=True)
class Result:
    """What became of a node.

    Attributes:
        node: its unique_id.
        status: as dbt has it: `success`, `error`, `skipped`, `pass`, `fail`, `warn`, …
        seconds: how long it took; with dbt's own work, and with waiting for answers.
        rows: rows written, as the adapter tells it; None where it does not.
        failures: rows that a test found; None of what is no test.
        response: what else the adapter told of its last statement.
    """

    node: str
    status: str
    seconds: float
    rows: int | None
    failures: int | None
    response: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """E.g. `model`, `test` or `operation`."""
        return self.node.partition(".")[0]


@dataclass(frozen=True)
class Run:
    """A run that has ended.

    Attributes:
        invocation: dbt's id of it.
        command: e.g. `build`.
        target: what `--target` said; None for the default.
        variables: what `--vars` said.
        started: with a time zone.
        ended: likewise.
        seconds: how long its nodes and hooks took together, side by side.
        results: in the order in which they ended.
    """

    invocation: str
    command: str
    target: str | None
    variables: Mapping[str, Any]
    started: datetime
    ended: datetime
    seconds: float
    results: tuple[Result, ...]


def read_run(folder: Path) -> Run:
    """The last run that wrote into a folder.

    Raises:
        RefusedError: there is none, or its file is not whole.
    """
    found = [_run(content) for name in _FILES if (content := _content(folder / name))]
    if not found:
        raise must_be(
            "the target folder",
            "one with the run_results.json of a run",
            folder,
            "Run dbt first, without `--no-write-json`; name a folder other than the project's with `--target-path`.",
        )
    return max(found, key=lambda run: run.ended)


def require_same_target(run: Run, project: Project) -> None:
    """Refuses to look for a run where it did not happen.

    Raises:
        RefusedError: the run had another target or environment than the command.
    """
    environment = run.variables.get("environment")
    for option, had, has in (
        ("--target", run.target, project.target.name),
        ("--vars", environment and f"environment: {environment}", f"environment: {project.environment.name}"),
    ):
        if had and had != has:
            raise must_be(
                f"`{option}`", f"`{had}`, as in the last run", has, f"Add `{option} '{had}'`, or run dbt with `{has}`."
            )


def _content(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except json.JSONDecodeError as error:
        raise RefusedError(
            f"{file} is not whole: dbt may be writing it.\nRepeat this command when dbt has ended."
        ) from error


def _run(content: Mapping[str, Any]) -> Run:
    told, arguments = content["metadata"], content.get("args", {})
    seconds = content.get("elapsed_time") or 0.0
    ended = _moment(told["generated_at"])
    started = told.get("invocation_started_at")
    return Run(
        invocation=told["invocation_id"],
        command=str(arguments.get("which") or "source freshness"),
        target=arguments.get("target"),
        variables=arguments.get("vars") or {},
        started=_moment(started) if started else ended - timedelta(seconds=seconds),
        ended=ended,
        seconds=seconds,
        results=tuple(_result(each) for each in content["results"]),
    )


def _result(found: Mapping[str, Any]) -> Result:
    response = found.get("adapter_response") or {}
    rows = response.get("rows_affected")
    is_test = found["unique_id"].startswith("test.")
    return Result(
        node=found["unique_id"],
        status=str(found["status"]),
        seconds=found.get("execution_time") or 0.0,
        # What is no count is -1; tests write nothing, and the rows of their one statement are none of the table's.
        rows=rows if isinstance(rows, int) and rows >= 0 and not is_test else None,
        failures=found.get("failures") if is_test else None,
        response=response,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
