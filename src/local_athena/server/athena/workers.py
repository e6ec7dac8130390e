"""Threads that run statements. They are daemons: a statement that hangs keeps no process alive."""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread

_AGAIN_SECONDS = 0.02


class Workers:
    """A pool that grows with the work up to a limit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._waiting = 0
        self._busy = 0
        self._stopped = False
        self._lock = Lock()

    def submit(self, job: Callable[[], None]) -> bool:
        """Runs a job as soon as a thread is free; a job raises nothing. False after `stop`: it does not run."""
        with self._lock:
            if self._stopped:
                return False
            self._waiting += 1
            if self._waiting > len(self._threads) - self._busy:
                self._grow()
            self._jobs.put(job)
        return True

    def stop(self, seconds: float, interrupt: Callable[[], None]) -> bool:
        """Ends the threads, and waits for those that are at work.

        Args:
            seconds: how long it waits at most.
            interrupt: asks what runs to end. It is asked again and again: work that begins just now does not hear it.

        Returns:
            Whether all have ended.
        """
        with self._lock:
            self._stopped = True
            threads = [*self._threads]
        for _ in threads:
            self._jobs.put(None)
        deadline = time.monotonic() + seconds
        for thread in threads:
            while thread.is_alive() and time.monotonic() < deadline:
                interrupt()
                thread.join(_AGAIN_SECONDS)
        return not any(thread.is_alive() for thread in threads)

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
