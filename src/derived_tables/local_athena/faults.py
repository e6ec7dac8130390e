"""Faults on purpose: a call fails, comes late, loses its connection, or the server dies, exactly where a rule says.

A rule is data, and can be written as text:

    [before:|after:]ACTION[(ARGUMENTS)]:SERVICE.OPERATION[@TABLE][#WHICH]

    after:cut:glue.CreateTable#2               the second CreateTable happens, but its answer never arrives
    throttle:athena.StartQueryExecution#1-3    the first three are turned away with ThrottlingException
    fail(AccessDeniedException,400):s3.Put*    every call of an operation whose name begins with Put is refused
    delay(250ms):glue.*@sales.*                calls that name a table of the database sales wait before
    crash:athena.StartQueryExecution@*.orders  the server dies when the first statement names a table orders
    after:fail:engine.Run@*.orders#1           a statement does all that it does and then ends as FAILED

`before` (the default) is before the call has an effect, `after` is after it. SERVICE.OPERATION and TABLE are patterns
with `*` and `?` in which case does not matter. Services are athena, glue, s3, sts and lakeformation; `engine.Run` is
what happens to a statement after it has started: there, `fail(NAME)` takes an error name of Trino.

WHICH is `2`, `2-4` or `2-`, counted over the calls that the patterns match, from when the rule was added; without it,
all of them. Each try of a client counts: boto3 tries again after throttling, status 500, 502, 503 and 504, and lost
connections, up to four times with its defaults, and dbt-athena sets the number with `num_boto3_retries`.

ARGUMENTS: `delay(1.5s)`, `fail(CODE)`, `fail(CODE,STATUS)`, `kill(PID)`.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import Lock

from derived_tables.local_athena.server.api import ApiError
from derived_tables.local_athena.server.calls import Call
from derived_tables.local_athena.server.http import CutConnectionError

BEFORE = "before"
AFTER = "after"

_TEXT = re.compile(
    r"(?:(?P<when>before|after):)?(?P<action>[a-z]+)(?:\((?P<arguments>[^()]*)\))?"
    r":(?P<calls>[\w*?]+\.[\w*?]+)(?:@(?P<table>[^#@]+))?(?:#(?P<which>.+))?"
)
_WHICH = re.compile(r"(?P<first>[1-9]\d*)(?:(?P<dash>-)(?P<last>\d+)?)?")
_DURATION = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>ms|s)")
_GRAMMAR = "[before:|after:]ACTION[(ARGUMENTS)]:SERVICE.OPERATION[@TABLE][#WHICH]"
_ACTIONS = ("fail", "throttle", "delay", "cut", "crash", "kill")

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


class FaultSyntaxError(ValueError):
    """The text of a rule makes no sense; the message says what would."""


@dataclass(frozen=True)
class Rule:
    """What goes wrong, and when.

    Attributes:
        action: `fail`, `throttle`, `delay`, `cut` (the connection), `crash` (the server), `kill` (another process).
        calls: pattern of `service.Operation`.
        table: pattern of `database.table`; None for any call. A call matches if one of its tables does.
        first: the first of the matching calls that it strikes, from 1.
        last: the last one; None for all that follow.
        when: `before` the effect of the call or `after` it.
        code: of the error, for `fail`; None for the service's own internal error.
        status: of HTTP, for `fail`.
        seconds: for `delay`.
        pid: for `kill`.
    """

    action: str
    calls: str = "*.*"
    table: str | None = None
    first: int = 1
    last: int | None = None
    when: str = BEFORE
    code: str | None = None
    status: int = 400
    seconds: float = 0.0
    pid: int = 0

    @classmethod
    def parse(cls, text: str) -> Rule:
        """A rule from its text.

        Raises:
            FaultSyntaxError: the text makes no sense.
        """
        found = _TEXT.fullmatch(text.strip())
        if not found:
            raise FaultSyntaxError(f"{text!r} is no fault: write {_GRAMMAR}, e.g. after:cut:glue.CreateTable#2.")
        first, last = _which(text, found["which"])
        rule = cls(found["action"], found["calls"], found["table"], first, last, found["when"] or BEFORE)
        arguments = [argument.strip() for argument in (found["arguments"] or "").split(",") if argument.strip()]
        return Rule(**{**rule.__dict__, **_settings(text, rule.action, arguments)})

    def __str__(self) -> str:
        arguments = {
            "fail": self.code and f"({self.code},{self.status})",
            "delay": f"({self.seconds:g}s)",
            "kill": f"({self.pid})",
        }
        which = "" if (self.first, self.last) == (1, None) else f"#{self.first}"
        if which and self.last != self.first:
            which += f"-{self.last or ''}"
        table = f"@{self.table}" if self.table else ""
        return f"{self.when}:{self.action}{arguments.get(self.action) or ''}:{self.calls}{table}{which}"

    def matches(self, call: Call) -> bool:
        """Whether the call is one that the rule counts."""
        if not fnmatchcase(call.name.lower(), self.calls.lower()):
            return False
        pattern = self.table.lower() if self.table else None
        return pattern is None or any(fnmatchcase(table, pattern) for table in call.tables)

    def strikes(self, count: int) -> bool:
        """Whether the `count`-th matching call is meant, from 1."""
        return self.first <= count and (self.last is None or count <= self.last)


@dataclass(frozen=True)
class Point:
    """A place where a fault can strike: the `count`-th call of an operation in a run."""

    call: str
    count: int
    tables: frozenset[str] = frozenset()

    def rule(self, action: str, *, when: str = BEFORE) -> Rule:
        """A rule for this call alone; `action` is as in a rule's text, e.g. `fail(AccessDeniedException)`."""
        return Rule.parse(f"{when}:{action}:{self.call}#{self.count}")

    def __str__(self) -> str:
        return f"{self.call}#{self.count}"


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
        yield
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


def _which(text: str, which: str | None) -> tuple[int, int | None]:
    if which is None:
        return 1, None
    found = _WHICH.fullmatch(which)
    if not found:
        raise FaultSyntaxError(f"{text!r}: after # stands a number or a range, e.g. #2, #2-4 or #2-.")
    first = int(found["first"])
    last = int(found["last"]) if found["last"] else None if found["dash"] else first
    if last is not None and last < first:
        raise FaultSyntaxError(f"{text!r}: the range ends before it begins.")
    return first, last


def _settings(text: str, action: str, arguments: list[str]) -> dict[str, str | int | float]:
    if action not in _ACTIONS:
        raise FaultSyntaxError(f"{text!r}: {action} is no action; there are {', '.join(_ACTIONS)}.")
    if action == "delay":
        duration = _DURATION.fullmatch(arguments[0]) if len(arguments) == 1 else None
        if not duration:
            raise FaultSyntaxError(f"{text!r}: say how long, e.g. delay(250ms) or delay(1.5s).")
        return {"seconds": float(duration["number"]) / (1000 if duration["unit"] == "ms" else 1)}
    if action == "kill":
        if len(arguments) != 1 or not arguments[0].isdigit() or int(arguments[0]) < 1:
            raise FaultSyntaxError(f"{text!r}: say which process, e.g. kill(4711).")
        return {"pid": int(arguments[0])}
    if action == "fail" and arguments:
        status = arguments[1] if len(arguments) == 2 else "400"
        if len(arguments) > 2 or not re.fullmatch(r"[45]\d\d", status):
            raise FaultSyntaxError(f"{text!r}: write fail(CODE) or fail(CODE,STATUS) with a status from 400 to 599.")
        return {"code": arguments[0], "status": int(status)}
    if arguments:
        raise FaultSyntaxError(f"{text!r}: {action} takes no arguments.")
    return {}
