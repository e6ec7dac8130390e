"""Executions of Athena: what became of statements, and what they read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from derived_tables.warehouse.aws import Service

#: What BatchGetQueryExecution takes at once.
EXECUTIONS_AT_ONCE = 50
#: Where Athena puts what names no work group.
_PRIMARY = "primary"


@dataclass(frozen=True)
class Execution:
    """An execution of a statement.

    Attributes:
        id: its id.
        sql: the statement, with its comment.
        state: `QUEUED`, `RUNNING`, `SUCCEEDED`, `FAILED` or `CANCELLED`.
        kind: `DDL`, `DML` or `UTILITY`.
        what: e.g. `SELECT` or `CREATE_TABLE_AS_SELECT`; empty if Athena does not say.
        scanned: bytes that it read.
        seconds: from its submission to its end.
        submitted: with a time zone.
        is_reused: whether its result is that of an earlier one.
        capacity: data processing units that it took of reserved capacity; None if it took none.
    """

    id: str
    sql: str
    state: str
    kind: str
    what: str
    scanned: int
    seconds: float
    submitted: datetime
    is_reused: bool = False
    capacity: float | None = None

    @property
    def has_ended(self) -> bool:
        """Whether its numbers are final."""
        return self.state not in ("QUEUED", "RUNNING")


class Executions:
    """Executions that Athena remembers, for 45 days.

    Args:
        athena: the service.
        work_group: that of the target; None for Athena's own.
    """

    def __init__(self, athena: Service, work_group: str | None) -> None:
        self._athena = athena
        self._work_group = work_group or _PRIMARY

    def batches(self, ids: Sequence[str]) -> Iterator[Sequence[Execution]]:
        """What Athena knows of executions, one call after the other; what it does not know is missing.

        Raises:
            WarehouseError: Athena does not answer.
        """
        for start in range(0, len(ids), EXECUTIONS_AT_ONCE):
            given = list(ids[start : start + EXECUTIONS_AT_ONCE])
            answer = self._athena.call("batch_get_query_execution", QueryExecutionIds=given)
            yield [described(each) for each in answer["QueryExecutions"]]

    def since(self, moment: datetime) -> Iterator[Execution]:
        """The executions of the work group from a moment on, newest first.

        Athena allows few of these calls a second.

        Raises:
            WarehouseError: Athena does not answer.
        """
        for page in self._athena.pages("list_query_executions", WorkGroup=self._work_group):
            found = [each for batch in self.batches(page["QueryExecutionIds"]) for each in batch]
            recent = [each for each in found if each.submitted >= moment]
            yield from recent
            if not recent:
                return


def described(found: Mapping[str, Any]) -> Execution:
    """What Athena says of an execution."""
    statistics, status = found.get("Statistics", {}), found["Status"]
    return Execution(
        id=found["QueryExecutionId"],
        sql=found.get("Query", ""),
        state=status["State"],
        kind=found.get("StatementType", ""),
        what=found.get("SubstatementType", ""),
        scanned=statistics.get("DataScannedInBytes", 0),
        seconds=statistics.get("TotalExecutionTimeInMillis", 0) / 1000,
        submitted=status["SubmissionDateTime"],
        is_reused=statistics.get("ResultReuseInformation", {}).get("ReusedPreviousResult", False),
        capacity=statistics.get("DpuCount"),
    )
