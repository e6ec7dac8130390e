"""Rules of faults, and the points at which they strike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from local_athena.protocol.calls import Call

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
