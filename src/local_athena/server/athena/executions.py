"""Starts, stops and describes executions, and pages through their results."""

from __future__ import annotations

import base64
import re
import time
import uuid
from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any

from local_athena.errors import SYSTEM, AthenaError
from local_athena.execution.submission import refusal
from local_athena.faults import Faults
from local_athena.log import CallLog, Record
from local_athena.outcome import Engine, Request
from local_athena.protocol.api import ApiError, Payload, page, validation_error
from local_athena.protocol.calls import run_call
from local_athena.results import PAGE
from local_athena.server.athena.errors import invalid
from local_athena.server.athena.execution import (
    CANCELLED,
    FAILED,
    SUCCEEDED,
    Cancellation,
    Execution,
)
from local_athena.server.athena.output import write_output
from local_athena.server.athena.work_groups import PRIMARY, WorkGroups
from local_athena.server.athena.workers import Workers
from local_athena.stores.objects import FileObjects

MOST_BYTES = 262_144
#: How long GetQueryExecution waits for the end, so that it does not matter how seldom a client asks.
WAIT_SECONDS = 2.0
#: How many statements run at once; others are QUEUED.
WORKERS = 20

_LOCATION = re.compile(r"s3://(?P<bucket>[^/]+)(?P<prefix>/.*)?")
_CATALOG = "awsdatacatalog"


class Executions:
    """The executions of one server; they are forgotten when it ends, their results in S3 stay."""

    def __init__(
        self, engine: Engine, objects: FileObjects, work_groups: WorkGroups, faults: Faults, log: CallLog
    ) -> None:
        self._engine = engine
        self._objects = objects
        self._work_groups = work_groups
        self._faults = faults
        self._log = log
        self._executions: dict[str, Execution] = {}
        self._tokens: dict[str, Execution] = {}
        self._lock = RLock()
        self._workers = Workers(WORKERS)
        self.operations: Mapping[str, Callable[[Payload], Payload]] = {
            "StartQueryExecution": self.start,
            "StopQueryExecution": self.stop,
            "GetQueryExecution": self.get,
            "BatchGetQueryExecution": self.get_batch,
            "ListQueryExecutions": self.list,
            "GetQueryResults": self.results,
            "GetQueryRuntimeStatistics": self.runtime_statistics,
        }

    def start(self, payload: Payload) -> Payload:
        """StartQueryExecution."""
        _check_length(payload.get("QueryString") or "")
        group = self._work_groups.usable(payload.get("WorkGroup") or PRIMARY)
        configuration = dict(payload.get("ResultConfiguration") or {})
        location = self._location(group, configuration.pop("OutputLocation", None))
        cancellation = Cancellation()
        request = _request(payload, group, location, cancellation)
        if refused := refusal(request):
            raise invalid(refused)
        token = payload.get("ClientRequestToken")
        with self._lock:
            known = self._tokens.get(token) if token else None
            if known is not None:
                if (known.request.sql, known.request.database) != (request.sql, request.database):
                    raise invalid("Idempotent parameters do not match")
                return {"QueryExecutionId": known.id}
            execution = Execution(request, cancellation, configuration, f"{location}{request.query_id}.csv")
            self._executions[execution.id] = execution
            if token:
                self._tokens[token] = execution
        cutoff = group["Configuration"].get("BytesScannedCutoffPerQuery")
        if not self._workers.submit(lambda: self._run(execution, cutoff)):
            execution.cancel()
        return {"QueryExecutionId": execution.id}

    def stop(self, payload: Payload) -> Payload:
        """StopQueryExecution; nothing happens to an execution that has ended."""
        execution = self._find(payload)
        if not execution.ended.is_set():
            execution.cancel()
        return {}

    def get(self, payload: Payload) -> Payload:
        """GetQueryExecution."""
        execution = self._find(payload)
        execution.ended.wait(WAIT_SECONDS)
        return {"QueryExecution": execution.describe()}

    def get_batch(self, payload: Payload) -> Payload:
        """BatchGetQueryExecution."""
        ids = payload.get("QueryExecutionIds") or []
        if not 1 <= len(ids) <= 50:
            limit = "Member must have length less than or equal to 50, greater than or equal to 1"
            raise invalid(validation_error(ids, "queryExecutionIds", limit).message)
        found = [(id_, self._executions.get(id_)) for id_ in ids]
        unknown = [
            {
                "QueryExecutionId": id_,
                "ErrorCode": "INVALID_QUERY_EXECUTION_ID",
                "ErrorMessage": f"QueryExecution {id_} was not found",
            }
            for id_, execution in found
            if execution is None
        ]
        described = [execution.describe() for _, execution in found if execution is not None]
        return {"QueryExecutions": described, "UnprocessedQueryExecutionIds": unknown}

    def list(self, payload: Payload) -> Payload:
        """ListQueryExecutions, newest first."""
        group = self._work_groups.need(payload.get("WorkGroup") or PRIMARY)["Name"]
        with self._lock:
            ids = [id_ for id_, execution in self._executions.items() if execution.request.work_group == group]
        shown, token = page(ids[::-1], payload, default=50, most=50)
        return {"QueryExecutionIds": shown, **token}

    def results(self, payload: Payload) -> Payload:
        """GetQueryResults."""
        execution = self._find(payload)
        limit = payload.get("MaxResults") or PAGE
        if not 1 <= limit <= PAGE:
            raise invalid("MaxResults is more than maximum allowed length 1000")
        if execution.state in (FAILED, CANCELLED):
            raise invalid(f"Query did not finish successfully. Final query state: {execution.state}")
        if execution.result is None or execution.state != SUCCEEDED:
            raise invalid(f"Query has not yet finished. Current state: {execution.state}")
        answer, following = execution.result.page(_start(execution, payload.get("NextToken")), limit)
        if following is not None:
            answer["NextToken"] = base64.urlsafe_b64encode(f"{execution.id} {following}".encode()).decode()
        return answer

    def runtime_statistics(self, payload: Payload) -> Payload:
        """GetQueryRuntimeStatistics."""
        return {"QueryRuntimeStatistics": self._find(payload).runtime_statistics()}

    def close(self, seconds: float) -> bool:
        """Cancels what runs; False if some of it still runs after so many seconds."""
        return self._workers.stop(seconds, self._cancel_all)

    def _cancel_all(self) -> None:
        with self._lock:
            executions = list(self._executions.values())
        for execution in executions:
            if not execution.ended.is_set():
                execution.cancel()

    def _find(self, payload: Payload) -> Execution:
        query_id = payload.get("QueryExecutionId")
        execution = self._executions.get(query_id) if query_id else None
        if execution is None:
            raise invalid(f"QueryExecution {query_id} was not found")
        return execution

    def _location(self, group: Mapping[str, Any], asked: str | None) -> str:
        configuration = group["Configuration"]
        own = (configuration.get("ResultConfiguration") or {}).get("OutputLocation")
        location = own if configuration.get("EnforceWorkGroupConfiguration") else asked or own
        if not location:
            raise invalid(
                "No output location provided. An output location is required either through the Workgroup result "
                "configuration setting or as an API input."
            )
        found = _LOCATION.fullmatch(location)
        if not found:
            raise invalid("outputLocation is not a valid S3 path.")
        if not self._objects.bucket_exists(found["bucket"]):
            raise invalid(f"Unable to verify/create output bucket {found['bucket']}")
        return location if location.endswith("/") else f"{location}/"

    def _run(self, execution: Execution, cutoff: int | None) -> None:
        if not execution.begin():
            self._record(execution, CANCELLED, None)
            return
        state, error = FAILED, None
        try:
            with self._faults.around(run_call(execution.request)):
                outcome = execution.outcome = self._engine.run(execution.request)
                execution.result = write_output(execution, outcome, self._objects)
            state = SUCCEEDED
        except AthenaError as raised:
            error = raised
        except ApiError as raised:
            error = AthenaError(raised.code, raised.message, category=SYSTEM)
        except Exception as raised:  # a mistake of ours must end the statement, not the worker
            error = AthenaError("GENERIC_INTERNAL_ERROR", repr(raised), category=SYSTEM)
        if state == FAILED and execution.request.cancelled.is_set():
            state, error = CANCELLED, None
        elif state == SUCCEEDED and cutoff and execution.scanned_bytes > cutoff:
            state, error = CANCELLED, AthenaError("EXCEEDED_SCAN_LIMIT", "Bytes scanned limit was exceeded")
        self._record(execution, state, error)
        execution.finish(state, error)

    def _record(self, execution: Execution, state: str, error: AthenaError | None) -> None:
        rows = execution.outcome.update_count if execution.outcome else None
        self._log.add(
            Record(
                "athena",
                "Execution",
                tables=tuple(sorted(run_call(execution.request).tables)),
                statement=execution.request.sql,
                query_id=execution.id,
                state=state,
                scanned_bytes=execution.scanned_bytes,
                rows=execution.result.count if rows is None and execution.result else rows,
                error=error.name if error else None,
                duration_ms=round((time.time() - execution.submitted) * 1000, 1),
            )
        )


def _check_length(sql: str) -> None:
    limit = None
    if not sql.strip():
        limit = "Member must have length greater than or equal to 1"
    elif len(sql.encode()) > MOST_BYTES:
        limit = f"Member must have length less than or equal to {MOST_BYTES}"
    if limit:
        raise invalid(validation_error(sql, "queryString", limit).message)


def _request(payload: Payload, group: Mapping[str, Any], location: str, cancellation: Cancellation) -> Request:
    context = payload.get("QueryExecutionContext") or {}
    catalog = context.get("Catalog") or ""
    if catalog.lower() not in ("", _CATALOG):
        raise invalid(f"Data Catalog {catalog} is not supported by the local Athena.")
    return Request(
        sql=payload["QueryString"],
        database=context.get("Database") or "default",
        catalog=catalog,
        work_group=group["Name"],
        parameters=tuple(payload.get("ExecutionParameters") or ()),
        output_location=location,
        query_id=str(uuid.uuid4()),
        cancelled=cancellation.asked,
        on_cancel=cancellation.register,
        location_enforced=bool(group["Configuration"].get("EnforceWorkGroupConfiguration")),
    )


def _start(execution: Execution, token: str | None) -> int:
    if not token:
        return 0
    try:
        query_id, start = base64.urlsafe_b64decode(token).decode().split()
        if query_id == execution.id:
            return int(start)
    except ValueError:
        pass
    raise invalid("The NextToken is not one of this query.")
