"""Stopping while clients are at work: it ends, and leaves neither threads nor files. A hang fails, slowness does not.

`benchmarks/stopping.py` does the same three hundred times, and measures.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from local_athena import LocalAthena
from local_athena.outcome import Outcome, Request
from local_athena.server.athena.workers import Workers

from .support import Clients

PATIENCE = 60
WORK = (
    "select count(*) from table(sequence(start => 1, stop => 3000000)) as t (n) where n % 7 = 3",
    "select json_extract_scalar('[' || cast(n as varchar) || ']', '$[0]')"
    " from table(sequence(start => 1, stop => 20000)) as t (n)",
    "select * from table(sequence(start => 1, stop => 30000)) as t (n)",
    "create table work.hive_{0} as select n from table(sequence(start => 1, stop => 10000)) as t (n)",
    "create table work.ice_{0} with (table_type = 'ICEBERG', is_external = false, location = 's3://lake/ice_{0}/')"
    " as select n from table(sequence(start => 1, stop => 1000)) as t (n)",
)


class Client(Thread):
    """Runs statements and writes objects until the server has gone."""

    def __init__(self, url: str, number: int) -> None:
        super().__init__(name=f"client-{number}", daemon=True)
        self._clients = Clients(url)
        self._number = number
        self.working = Event()

    def run(self) -> None:
        try:
            for turn, statement in enumerate(itertools.cycle(WORK[self._number % len(WORK) :] + WORK)):
                name = f"{self._number}_{turn}"
                self._clients.s3.put_object(Bucket="lake", Key=name, Body=b"x" * 100_000)
                self.working.set()
                self._clients.run(statement.format(name), "lake")
        except (BotoCoreError, ClientError):
            pass  # the server goes
        finally:
            self.working.set()


@contextmanager
def clients_at_work(url: str, count: int) -> Iterator[None]:
    """Clients that are at work in the block; behind it, the server is gone, and so are they."""
    clients = [Client(url, number) for number in range(count)]
    for client in clients:
        client.start()
    for client in clients:
        assert client.working.wait(PATIENCE)
    yield
    for client in clients:
        client.join(PATIENCE)
        assert not client.is_alive()


@contextmanager
def served(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, whose temporary files are in the folder."""
    command = [sys.executable, "-m", "local_athena", "serve", "--port", "0", "--bucket", "lake", "--database", "work"]
    pipe, variables = subprocess.PIPE, {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=variables) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().split()[-1]
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("clients", [0, 1, 8])
def test_a_process_ends_while_clients_are_at_work(tmp_path: Path, clients: int, number: signal.Signals) -> None:
    with served(tmp_path) as (process, url):
        with clients_at_work(url, clients):
            process.send_signal(number)
            assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert list(tmp_path.rglob("*")) == []


def test_a_process_that_is_told_twice_ends_once(tmp_path: Path) -> None:
    with served(tmp_path) as (process, url), clients_at_work(url, 4):
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux to look at a process's threads")
def test_no_thread_takes_the_signal_from_the_one_that_waits_for_it(tmp_path: Path) -> None:
    # A handler would be noted in whatever thread got the signal, and run when the main thread wakes up: maybe never.
    with served(tmp_path) as (process, url), clients_at_work(url, 4):
        masks = [
            int(line.split()[1], 16)
            for status in Path(f"/proc/{process.pid}/task").glob("*/status")
            for line in status.read_text(encoding="utf-8").splitlines()
            if line.startswith("SigBlk:")
        ]
        assert len(masks) > 4
        wanted = 1 << (signal.SIGTERM - 1) | 1 << (signal.SIGINT - 1)
        waiting = [mask for mask in masks if mask & wanted != wanted]
        # The one that waits has them open while it does.
        assert len(waiting) <= 1
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_a_server_inside_of_a_process_leaves_no_thread_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(threading.enumerate())
    for clients in (0, 6, 6):
        athena = LocalAthena().start()
        athena.create_bucket("lake")
        athena.create_database("work")
        with clients_at_work(athena.url, clients):
            assert athena.stop(PATIENCE)
        assert set(threading.enumerate()) <= before
        assert list(tmp_path.rglob("*")) == []


class DeafEngine:
    """Its statement ends only when the test lets it."""

    def __init__(self) -> None:
        self.running, self.let_go = Event(), Event()

    def run(self, _request: Request) -> Outcome:
        self.running.set()
        assert self.let_go.wait(PATIENCE)
        return Outcome("DDL", "DROP_TABLE")


def test_a_statement_that_does_not_listen_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    engine = DeafEngine()
    athena = LocalAthena(engine=lambda _stores: engine).start()
    athena.create_bucket("lake")
    Clients(athena).start("anything", "lake")
    assert engine.running.wait(PATIENCE)
    try:
        assert athena.stop(0.1) is False
        assert list(tmp_path.rglob("*")) == []
    finally:
        engine.let_go.set()


def test_work_that_begins_while_it_stops_is_interrupted() -> None:
    workers = Workers(1)
    begun, asked = Event(), Event()

    def job() -> None:
        begun.set()
        assert asked.wait(PATIENCE)

    def interrupt() -> None:
        # The first time, nobody hears it.
        if begun.is_set():
            interrupt.times += 1  # type: ignore[attr-defined]
        if interrupt.times > 1:  # type: ignore[attr-defined]
            asked.set()

    interrupt.times = 0  # type: ignore[attr-defined]
    assert workers.submit(job)
    assert workers.stop(PATIENCE, interrupt)
    assert not workers.submit(job)
