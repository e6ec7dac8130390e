"""Takes each request to its service, with faults around it and a line in the log behind it."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from xml.sax.saxutils import escape

from local_athena.faults import Faults
from local_athena.log import CallLog, Record
from local_athena.protocol.api import ApiError, JsonService, json_error, json_response, not_implemented
from local_athena.protocol.calls import Call, form_call, json_call, service_of, tables_of_key
from local_athena.protocol.http import CutConnectionError, Handler, Request, Response
from local_athena.protocol.s3_operations import operation_of, split_path
from local_athena.server import sts
from local_athena.server.private import PRIVATE, Private

_CONTENT_TYPES = {"athena": "application/x-amz-json-1.1", "glue": "application/x-amz-json-1.1"}
_REST_JSON = "application/json"
_CODE = re.compile(rb'<Code>([^<]*)</Code>|"__type":"([^"]*)"')

_Answer = Callable[[], Response]
_Render = Callable[[ApiError], Response]


class Gateway:
    """The handler of all requests.

    Args:
        services: those that speak JSON, by their names.
        s3: answers S3's requests.
        faults: what goes wrong on purpose.
        log: where calls are written down.
    """

    def __init__(self, services: Mapping[str, JsonService], s3: Handler, faults: Faults, log: CallLog) -> None:
        self._services = services
        self._s3 = s3
        self._faults = faults
        self._log = log
        self._private = Private(faults, log)
        self._tables: dict[str, frozenset[str]] = {}

    def __call__(self, request: Request) -> Response:
        """Answers one request."""
        if request.path.startswith(PRIVATE):
            return self._private.answer(request)
        began = time.perf_counter()
        call, answer, render = self._route(service_of(request), request)
        response: Response | None = None
        try:
            with self._faults.around(call):
                response = answer()
        except CutConnectionError:
            response = None
            raise
        except ApiError as error:
            response = render(error)
        except Exception as error:  # a mistake of ours is the service's internal error
            response = render(ApiError("InternalFailure", repr(error), status=500))
        finally:
            self._record(call, response, time.perf_counter() - began)
        return replace(response, headers={"x-amzn-RequestId": str(uuid.uuid4()), **response.headers})

    def _route(self, service: str, request: Request) -> tuple[Call, _Answer, _Render]:
        if service in self._services:
            call = self._resumed(json_call(service, request))
            content_type = _CONTENT_TYPES.get(service, _REST_JSON)
            return call, lambda: self._json(call, content_type), lambda error: json_error(error, content_type)
        if service == "sts":
            call = form_call(service, request)
            return call, lambda: sts.answer(call.operation, call.payload), sts.xml_error
        if service == "s3":
            operation = operation_of(request)
            call = Call(service, operation or request.method, {}, tables_of_key(split_path(request)[1]))
            return call, lambda: self._s3(request) if operation else _refuse("S3", request), _s3_error
        call = json_call(service, request)
        refused = replace(call, operation=call.operation or form_call(service, request).operation or request.method)
        return refused, lambda: _refuse(service, request), lambda error: json_error(error, _REST_JSON)

    def _resumed(self, call: Call) -> Call:
        """A call about an execution has the tables of its statement."""
        tables = self._tables.get(call.query_id or "", frozenset())
        return replace(call, tables=call.tables | tables) if tables else call

    def _json(self, call: Call, content_type: str) -> Response:
        payload = self._services[call.service].call(call.operation, call.payload)
        if call.operation == "StartQueryExecution":
            self._tables[payload["QueryExecutionId"]] = call.tables
        return json_response(payload, content_type)

    def _record(self, call: Call, response: Response | None, seconds: float) -> None:
        error = "ConnectionCut" if response is None else None
        if response is not None and response.status >= 400:
            found = _CODE.search(response.body)
            error = (found[1] or found[2]).decode() if found else str(response.status)
        query_id = call.query_id
        if call.operation == "StartQueryExecution" and response is not None and not error:
            query_id = json.loads(response.body)["QueryExecutionId"]
        self._log.add(
            Record(
                call.service,
                call.operation,
                tables=tuple(sorted(call.tables)),
                statement=call.statement,
                query_id=query_id,
                status=response.status if response else None,
                error=error,
                duration_ms=round(seconds * 1000, 3),
            )
        )


def _refuse(service: str, request: Request) -> Response:
    raise not_implemented(service, f"{request.method} {request.target.partition('?')[2] or request.path}")


def _s3_error(error: ApiError) -> Response:
    code = "NotImplemented" if error.status == 501 else error.code
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{escape(code)}</Code>'
        f"<Message>{escape(error.message)}</Message><RequestId>{uuid.uuid4()}</RequestId></Error>"
    )
    return Response(error.status, body.encode(), {"Content-Type": "application/xml"})
