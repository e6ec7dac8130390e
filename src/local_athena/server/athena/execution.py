"""One execution of one statement, as GetQueryExecution describes it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from threading import Event, Lock
from typing import Any

from local_athena.errors import SYSTEM, AthenaError
from local_athena.execution.kinds import Kind, kind_of
from local_athena.outcome import Outcome, Request
from local_athena.results import Result

QUEUED, RUNNING = "QUEUED", "RUNNING"
SUCCEEDED, FAILED, CANCELLED = "SUCCEEDED", "FAILED", "CANCELLED"

# Types of errors of Athena's error catalog. Clients, dbt-athena among them, try again what is an error of Iceberg.
_ENGINE_ERROR, _ICEBERG_ERROR, _USER_ERROR = 200, 233, 1000

#: What Athena calls its engine; the only one that is emulated.
ENGINE_VERSION = {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"}


class Cancellation:
    """Asks running work to stop; work that begins later is stopped at once.

    Attributes:
        asked: set when somebody has asked.
    """

    def __init__(self) -> None:
        self.asked = Event()
        self._interrupts: list[Callable[[], None]] = []

    def register(self, interrupt: Callable[[], None]) -> None:
        """Takes what interrupts the work."""
        self._interrupts.append(interrupt)
        if self.asked.is_set():
            interrupt()

    def ask(self) -> None:
        """Interrupts the work."""
        self.asked.set()
        for interrupt in list(self._interrupts):
            interrupt()


@dataclass
class Execution:
    """An execution; its worker changes it, calls read it.

    Attributes:
        request: what the engine runs.
        cancellation: how it is stopped.
        configuration: ResultConfiguration without OutputLocation.
        output: OutputLocation, the address of the result once it is known.
        manifest: DataManifestLocation.
        ended: set at the end.
    """

    request: Request
    cancellation: Cancellation
    configuration: dict[str, Any] = field(default_factory=dict)
    output: str = ""
    manifest: str | None = None
    state: str = QUEUED
    outcome: Outcome | None = None
    result: Result | None = None
    error: AthenaError | None = None
    submitted: float = field(default_factory=time.time)
    started: float | None = None
    completed: float | None = None
    ended: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def id(self) -> str:
        """QueryExecutionId."""
        return self.request.query_id

    @cached_property
    def kind(self) -> Kind:
        """What it is called until it has succeeded."""
        return kind_of(self.request.sql)

    @property
    def scanned_bytes(self) -> int:
        """DataScannedInBytes."""
        return self.outcome.scanned_bytes if self.outcome else 0

    def begin(self) -> bool:
        """Makes it RUNNING; False if it was cancelled before."""
        with self._lock:
            if self.state != QUEUED:
                return False
            self.state, self.started = RUNNING, time.time()
            return True

    def cancel(self) -> None:
        """Stops it: at once if it waits, else as soon as the engine lets go."""
        with self._lock:
            if self.state == QUEUED:
                self._end(CANCELLED, None)
        self.cancellation.ask()

    def finish(self, state: str, error: AthenaError | None = None) -> None:
        """Ends it."""
        with self._lock:
            self._end(state, error)

    def _end(self, state: str, error: AthenaError | None) -> None:
        self.state, self.error, self.completed = state, error, time.time()
        self.ended.set()

    def describe(self) -> dict[str, Any]:
        """QueryExecution of the API."""
        kind = self.outcome or self.kind
        context = {"Catalog": self.request.catalog.lower(), "Database": self.request.database}
        described = {
            "QueryExecutionId": self.id,
            "Query": self.request.sql,
            "StatementType": kind.statement_type,
            "ResultConfiguration": {**self.configuration, "OutputLocation": self.output},
            "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": False}},
            "QueryExecutionContext": {name: value for name, value in context.items() if value},
            "Status": self._status(),
            "Statistics": self._statistics(),
            "WorkGroup": self.request.work_group,
            "EngineVersion": ENGINE_VERSION,
        }
        if self.request.parameters:
            described["ExecutionParameters"] = list(self.request.parameters)
        if kind.substatement_type is not None:
            described["SubstatementType"] = kind.substatement_type
        return described

    def runtime_statistics(self) -> dict[str, Any]:
        """QueryRuntimeStatistics of the API; the stages of a plan are not emulated."""
        rows = self.result.count if self.result else 0
        written = (self.outcome.update_count if self.outcome else None) or rows
        return {"Timeline": self._timeline(), "Rows": {"InputBytes": self.scanned_bytes, "OutputRows": written}}

    def _status(self) -> dict[str, Any]:
        status: dict[str, Any] = {"State": self.state, "SubmissionDateTime": round(self.submitted, 3)}
        if self.completed is not None:
            status["CompletionDateTime"] = round(self.completed, 3)
        if self.state == CANCELLED:
            status["StateChangeReason"] = self.error.message if self.error else "Query cancelled by user"
        elif self.error is not None:
            status["StateChangeReason"] = self.error.reason
            status["AthenaError"] = {
                "ErrorCategory": self.error.category,
                "ErrorType": _error_type(self.error),
                "Retryable": False,
                "ErrorMessage": self.error.reason,
            }
        return status

    def _statistics(self) -> dict[str, Any]:
        statistics = {
            **self._timeline(),
            "DataScannedInBytes": self.scanned_bytes,
            "ResultReuseInformation": {"ReusedPreviousResult": False},
        }
        if self.manifest:
            statistics["DataManifestLocation"] = self.manifest
        return statistics

    def _timeline(self) -> dict[str, int]:
        end = time.time() if self.completed is None else self.completed
        start = end if self.started is None else self.started
        return {
            "QueryQueueTimeInMillis": _milliseconds(start - self.submitted),
            "ServicePreProcessingTimeInMillis": 0,
            "QueryPlanningTimeInMillis": 0,
            "EngineExecutionTimeInMillis": _milliseconds(end - start),
            "ServiceProcessingTimeInMillis": 0,
            "TotalExecutionTimeInMillis": _milliseconds(end - self.submitted),
        }


def _milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1000))


def _error_type(error: AthenaError) -> int:
    if error.name.startswith("ICEBERG_"):
        return _ICEBERG_ERROR
    return _ENGINE_ERROR if error.category == SYSTEM else _USER_ERROR
