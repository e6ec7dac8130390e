"""What the server answers for itself, below a path that no service of AWS has."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from local_athena.faults import Faults, FaultSyntaxError, Rule
from local_athena.log import CallLog
from local_athena.protocol.api import Payload, json_response
from local_athena.protocol.http import Request, Response

PRIVATE = "/_local_athena/"


class Private:
    """Faults and the log for other processes.

    `GET health` tells that the server answers. `GET faults` lists the rules with their counts, `POST faults` adds
    rules (`{"faults": ["after:cut:glue.CreateTable#2"]}`), `DELETE faults` ends all. `GET calls` lists the log from
    entry `?from=` on.
    """

    def __init__(self, faults: Faults, log: CallLog) -> None:
        self._faults = faults
        self._log = log

    def answer(self, request: Request) -> Response:
        """Answers one request."""
        answers: dict[tuple[str, str], Callable[[], Payload]] = {
            ("GET", "health"): lambda: {"status": "ready"},
            ("GET", "faults"): self._list,
            ("POST", "faults"): lambda: self._add(request),
            ("DELETE", "faults"): self._clear,
            ("GET", "calls"): lambda: self._calls(request),
        }
        name = request.path.removeprefix(PRIVATE)
        found = answers.get((request.method, name))
        if found is None:
            known = ", ".join(f"{method} {PRIVATE}{path}" for method, path in answers)
            return _json({"error": f"There is no {request.method} {request.path}; there is {known}."}, 404)
        try:
            return _json(found())
        except (FaultSyntaxError, ValueError) as error:
            return _json({"error": str(error)}, 400)

    def _list(self) -> Payload:
        active = self._faults.active
        return {"faults": [{"rule": str(each.rule), "matched": each.matched, "struck": each.struck} for each in active]}

    def _add(self, request: Request) -> Payload:
        body = json.loads(request.body)
        texts = body.get("faults") if isinstance(body, dict) else None
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise ValueError('Send {"faults": ["…"]}.')
        rules = [Rule.parse(text) for text in texts]  # all of them or none
        for rule in rules:
            self._faults.add(rule)
        return self._list()

    def _clear(self) -> Payload:
        self._faults.clear()
        return self._list()

    def _calls(self, request: Request) -> Payload:
        start = parse_qs(urlsplit(request.target).query).get("from", ["0"])[0]
        return {"calls": [json.loads(record.line()) for record in self._log.records()[int(start) :]]}


def _json(payload: Payload, status: int = 200) -> Response:
    return json_response(payload, "application/json", status)
