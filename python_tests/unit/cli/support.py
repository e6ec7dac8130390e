"""A terminal for tests."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Terminal:
    """The two ends of a terminal.

    Attributes:
        inner: where a process writes.
        outer: where a person reads.
        shown: what has been read.
    """

    inner: int
    outer: int
    shown: str = field(default="")

    def read_until(self, is_enough: Callable[[str], bool]) -> str:
        """Reads until what was shown is enough, or nobody writes any more."""
        while not is_enough(self.shown):
            try:
                part = os.read(self.outer, 10_000)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            self.shown += part.decode()
        return self.shown


@contextmanager
def terminal(columns: int = 80) -> Iterator[Terminal]:
    """A terminal of a width."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    try:
        yield Terminal(inner, outer)
    finally:
        for end in (outer, inner):
            with suppress(OSError):
                os.close(end)
