"""The log: one line of JSON for each call of an API and for each statement that ends."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from threading import Lock

#: How many records stay in memory; the file has all.
KEPT = 100_000


@dataclass(frozen=True)
class Record:
    """What happened.

    Attributes:
        service: `athena`, `glue`, `s3`, `sts`, `lakeformation`.
        operation: as the API names it, e.g. `StartQueryExecution`; `Execution` when a statement ends.
        tables: `database.table` of what the call names, as far as can be seen.
        statement: SQL, of StartQueryExecution and Execution.
        query_id: id of the execution that is meant.
        state: how the execution ended.
        scanned_bytes: as Athena bills.
        rows: rows of the result, or written.
        status: HTTP status of the answer; None without an answer, and for executions.
        error: name of the error.
        duration_ms: how long it took.
        time: when it ended, ISO 8601 in UTC.
    """

    service: str
    operation: str
    tables: tuple[str, ...] = ()
    statement: str | None = None
    query_id: str | None = None
    state: str | None = None
    scanned_bytes: int | None = None
    rows: int | None = None
    status: int | None = None
    error: str | None = None
    duration_ms: float = 0.0
    time: str = ""

    def line(self) -> str:
        """The record as JSON on one line, without what it does not know."""
        known = {name: value for name, value in asdict(self).items() if value not in (None, ())}
        return json.dumps({"time": known.pop("time"), **known})


class CallLog:
    """Keeps records in memory and, if it has one, writes them to a file at once."""

    def __init__(self, file: Path | None = None) -> None:
        self._records: deque[Record] = deque(maxlen=KEPT)
        self._lock = Lock()
        self._file = file.open("a", encoding="utf-8", buffering=1) if file else None

    def add(self, record: Record) -> None:
        """Adds a record and the time."""
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record = Record(**{**record.__dict__, "time": now})
        with self._lock:
            self._records.append(record)
            if self._file:
                self._file.write(record.line() + "\n")

    def records(self) -> list[Record]:
        """The records so far, oldest first."""
        with self._lock:
            return list(self._records)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            if self._file:
                self._file.close()
                self._file = None
