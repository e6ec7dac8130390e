"""Something that happens while a command is under way, exactly where a test wants it to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from local_athena.faults import Rule
from local_athena.protocol.calls import Call


@dataclass(frozen=True)
class Meanwhile(Rule):
    """A rule that does something before the first call that it matches; only the action `fail` harms that call.

    Attributes:
        statement: regular expression for the SQL.
        do: what to do.
        done: what it happened before.
    """

    statement: str = ""
    do: Callable[[], object] = lambda: None
    done: list[str] = field(default_factory=list)

    def matches(self, call: Call) -> bool:
        """Does it; `strikes` would be too late."""
        if self.done or not super().matches(call) or not re.search(self.statement, call.statement or ""):
            return False
        self.done.append(call.statement or call.name)
        self.do()
        return self.action == "fail"
