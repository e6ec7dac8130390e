"""Holds a run at a call until a test lets it go on: two runs meet where the test wants them to, without clocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event

from local_athena import LocalAthena
from local_athena.faults import Rule
from local_athena.protocol.calls import Call

_PATIENCE = 120


@dataclass(frozen=True)
class Gate(Rule):
    """A rule that holds one of the calls of its pattern before it has an effect, and does nothing else.

    Attributes:
        statement: regular expression for the SQL of the calls that count.
        reached: the call is held.
        opened: it may go on.
    """

    statement: str = ""
    reached: Event = field(default_factory=Event)
    opened: Event = field(default_factory=Event)
    counted: count[int] = field(default_factory=lambda: count(1))

    def matches(self, call: Call) -> bool:
        """Waits in the call that is meant; `strikes` would hold all other calls, too."""
        is_one = super().matches(call) and re.search(self.statement, call.statement or "")
        if is_one and self.strikes(next(self.counted)):
            self.reached.set()
            assert self.opened.wait(_PATIENCE), "the test never opened the gate"
        return False

    def wait(self) -> None:
        """Waits until the call is held."""
        assert self.reached.wait(_PATIENCE), "no call came to the gate"


@contextmanager
def gate(
    athena: LocalAthena, calls: str, table: str | None = None, *, statement: str = "", which: int = 1
) -> Iterator[Gate]:
    """A gate, as long as the block runs."""
    built = Gate("delay", calls, table, which, which, statement=statement)
    with athena.faults.during(built):
        try:
            yield built
        finally:
            built.opened.set()
