"""Rules at work: they count calls and strike."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from local_athena.errors import AthenaError
from local_athena.faults.rules import AFTER, BEFORE, Point, Rule
from local_athena.protocol.api import ApiError
from local_athena.protocol.calls import Call
from local_athena.protocol.http import CutConnectionError

# How each service says that it broke, and that it is asked too often: name and status.
_BROKEN = {
    "s3": ("InternalError", 500),
    "athena": ("InternalServerException", 500),
    "sts": ("InternalFailure", 500),
    "engine": ("GENERIC_INTERNAL_ERROR", 500),
}
_BROKEN_ELSEWHERE = ("InternalServiceException", 500)
_BUSY = {"s3": ("SlowDown", 503), "sts": ("Throttling", 400)}
_BUSY_ELSEWHERE = ("ThrottlingException", 400)


@dataclass
class Active:
    """A rule at work.

    Attributes:
        rule: the rule.
        matched: how many calls it has counted.
        struck: how often it has done something.
    """

    rule: Rule
    matched: int = 0
    struck: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def count(self, call: Call) -> bool:
        """Counts the call if it matches, and says whether the rule strikes."""
        if not self.rule.matches(call):
            return False
        with self._lock:
            self.matched += 1
            strikes = self.rule.strikes(self.matched)
            self.struck += strikes
        return strikes


class Faults:
    """The rules of one server.

    Args:
        crash: what the action `crash` does. The server process ends itself; a server inside of another process stops
            to answer, unless it is given something else, e.g. to kill the client.
    """

    def __init__(self, crash: Callable[[], None]) -> None:
        self.crash = crash
        self._active: list[Active] = []
        self._traces: list[tuple[Counter[str], list[Point]]] = []
        self._lock = Lock()

    @property
    def active(self) -> list[Active]:
        """The rules at work, in the order in which they were added."""
        with self._lock:
            return list(self._active)

    def add(self, rule: Rule | str) -> Active:
        """Puts a rule to work.

        Raises:
            FaultSyntaxError: the text of the rule makes no sense.
        """
        active = Active(Rule.parse(rule) if isinstance(rule, str) else rule)
        with self._lock:
            self._active.append(active)
        return active

    def remove(self, active: Active) -> None:
        """Ends a rule; it is no error if it has ended."""
        with self._lock:
            self._active = [other for other in self._active if other is not active]

    def clear(self) -> None:
        """Ends all rules."""
        with self._lock:
            self._active.clear()

    @contextmanager
    def during(self, *rules: Rule | str) -> Iterator[list[Active]]:
        """Has rules at work while the block runs."""
        actives = [self.add(rule) for rule in rules]
        try:
            yield actives
        finally:
            for active in actives:
                self.remove(active)

    @contextmanager
    def trace(self) -> Iterator[list[Point]]:
        """Lists every call while the block runs: the points that a sweep can go through, in their order."""
        trace: tuple[Counter[str], list[Point]] = (Counter(), [])
        with self._lock:
            self._traces.append(trace)
        try:
            yield trace[1]
        finally:
            with self._lock:
                self._traces = [other for other in self._traces if other is not trace]

    @contextmanager
    def around(self, call: Call) -> Iterator[None]:
        """Runs the block as the effect of a call, with what the rules do to it.

        Raises:
            ApiError: the call fails.
            CutConnectionError: its connection ends.
        """
        with self._lock:
            for counts, points in self._traces:
                counts[call.name] += 1
                points.append(Point(call.name, counts[call.name], call.tables))
            active = list(self._active)
        striking = [entry.rule for entry in active if entry.count(call)]
        self._strike(call, striking, BEFORE)
        try:
            yield
        except (ApiError, AthenaError):  # an error is an answer, too
            self._strike(call, striking, AFTER)
            raise
        self._strike(call, striking, AFTER)

    def _strike(self, call: Call, rules: list[Rule], when: str) -> None:
        for rule in rules:
            if rule.when == when:
                self._do(call, rule)

    def _do(self, call: Call, rule: Rule) -> None:
        if rule.action == "delay":
            time.sleep(rule.seconds)
        elif rule.action == "fail":
            own = (rule.code, rule.status) if rule.code else None
            code, status = own or _BROKEN.get(call.service, _BROKEN_ELSEWHERE)
            raise ApiError(code, f"A fault on purpose: {rule}", status=status)
        elif rule.action == "throttle":
            code, status = _BUSY.get(call.service, _BUSY_ELSEWHERE)
            raise ApiError(code, f"Rate exceeded: {rule}", status=status)
        else:
            if rule.action == "kill":
                os.kill(rule.pid, signal.SIGKILL)
            if rule.action == "crash":
                self.crash()
            raise CutConnectionError(str(rule))
