"""Threads that run statements. They are daemons: a statement that hangs keeps no process alive."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread


class Workers:
    """A pool that grows with the work up to a limit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._waiting = 0
        self._busy = 0
        self._lock = Lock()

    def submit(self, job: Callable[[], None]) -> None:
        """Runs a job as soon as a thread is free; a job raises nothing."""
        with self._lock:
            self._waiting += 1
            if self._waiting > len(self._threads) - self._busy:
                self._grow()
        self._jobs.put(job)

    def stop(self) -> None:
        """Ends the threads that have nothing to do, and the others after what they do."""
        with self._lock:
            for _ in self._threads:
                self._jobs.put(None)

    def _grow(self) -> None:
        if len(self._threads) < self._most:
            thread = Thread(target=self._run, name=f"statement-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _run(self) -> None:
        while job := self._jobs.get():
            with self._lock:
                self._waiting -= 1
                self._busy += 1
            job()
            with self._lock:
                self._busy -= 1
