"""Locks by name: one statement at a time writes a table; readers need none."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import Lock, RLock


class Locks:
    """A lock for each name that somebody holds or waits for."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._held: dict[Hashable, tuple[RLock, int]] = {}

    @contextmanager
    def hold(self, name: Hashable) -> Iterator[None]:
        """Holds the lock of a name."""
        with self._guard:
            lock, users = self._held.get(name, (RLock(), 0))
            self._held[name] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, users = self._held[name]
                if users == 1:
                    del self._held[name]
                else:
                    self._held[name] = (lock, users - 1)
