"""A line on a terminal that says how far something is."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

#: How long something lasts before its progress is shown, and how often the line changes, in seconds.
_PATIENCE, _BEAT = 2.0, 0.5
_CLEAR = "\r\x1b[2K"


class Progress:
    """A line on stderr that says how far something is; it comes after two seconds and goes with `stop`.

    Args:
        what: in a few words.
        show: whether there is somebody to see it.
        patience: how long to wait before it is shown, in seconds.
    """

    def __init__(self, what: str, *, show: bool, patience: float = _PATIENCE) -> None:
        self._what = what
        self._patience = patience
        self._started = time.monotonic()
        self._done, self._total = 0, 0
        self._lock = threading.RLock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True) if show else None
        if self._thread is not None:
            self._thread.start()

    def total(self, number: int) -> None:
        """How many steps there are."""
        self._total = number

    def step(self) -> None:
        """One step is done."""
        self._done += 1

    @contextmanager
    def out_of_the_way(self) -> Iterator[None]:
        """The line is away while the block prints others."""
        with self._lock:
            self._write(_CLEAR)
            yield

    def stop(self) -> None:
        """Takes the line away for good."""
        self._stopped.set()
        with self._lock:
            self._write(_CLEAR)

    def _run(self) -> None:
        wait = self._patience
        while not self._stopped.wait(wait):
            with self._lock:
                if not self._stopped.is_set():
                    self._write(_CLEAR + self._text()[: columns_of(sys.stderr) - 1])
            wait = _BEAT

    def _write(self, text: str) -> None:
        if self._thread is not None and time.monotonic() >= self._started + self._patience:
            sys.stderr.write(text)
            sys.stderr.flush()

    def _text(self) -> str:
        done = f", {self._done} of {self._total} done" if self._total else ""
        return f"{self._what} … {time.monotonic() - self._started:.0f} s{done}"


def columns_of(terminal: TextIO) -> int:
    """How wide a terminal is; 80 if it does not say."""
    return os.get_terminal_size(terminal.fileno()).columns or 80
