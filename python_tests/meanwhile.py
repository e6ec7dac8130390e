"""Something that happens while a command is under way: all the time, or exactly where a test wants it to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

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


@contextmanager
def again_and_again(act: Callable[[], object]) -> Iterator[None]:
    """Does something in a thread until the block ends, or until it raises, which is then raised here."""
    errors: list[Exception] = []
    ended = Event()

    def repeat() -> None:
        try:
            while not ended.is_set():
                act()
        except Exception as error:  # it is raised again where the test can see it
            errors.append(error)

    thread = Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
    if errors:
        raise errors[0]
