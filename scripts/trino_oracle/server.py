"""Starts a Trino on the loopback interface and stops it again."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from trino_oracle import configuration
from trino_oracle.client import TrinoClient
from trino_oracle.errors import OracleError
from trino_oracle.installations import Launch, prepare_engine, prepare_server

START_SECONDS = 180
STOP_SECONDS = 20
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class RunningTrino:
    """A Trino that answers.

    Attributes:
        url: its address.
        version: Trino's version, e.g. `470`.
        java: major version of its Java; None if it was not started here.
        warehouse: URI below which it keeps tables; None if it has only the memory connector or was not
            started here.
    """

    url: str
    version: str
    java: int | None = None
    warehouse: str | None = None


@contextmanager
def running_engine() -> Iterator[RunningTrino]:
    """The engine with the memory connector, for as long as the context lasts."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="trino-oracle-") as folder:
        data = Path(folder)
        launch = prepare_engine(port, data)
        with _running(launch, port, data) as url:
            yield RunningTrino(url, launch.version, launch.java)


@contextmanager
def running_server() -> Iterator[RunningTrino]:
    """The server with the Hive and Iceberg connectors, for as long as the context lasts."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="trino-oracle-") as folder:
        data = Path(folder)
        launch = prepare_server(port, data)
        with _running(launch, port, data) as url:
            warehouse = configuration.warehouse_folder(data).as_uri()
            yield RunningTrino(url, launch.version, launch.java, warehouse)


@contextmanager
def _running(launch: Launch, port: int, folder: Path) -> Iterator[str]:
    """Run the command in `folder` until the context ends; the value is the address."""
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(launch.command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
    try:
        _await_ready(process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise OracleError(f"Trino ended while it started: {_last_errors(log)}")
        if _answers(f"http://127.0.0.1:{port}"):
            return
        time.sleep(POLL_SECONDS)
    raise OracleError(f"Trino was not ready after {START_SECONDS} s: {_last_errors(log)}")


def await_answer(url: str, seconds: float) -> None:
    """Wait until the Trino at `url` runs a query.

    Raises:
        OracleError: it does not within so many seconds.
    """
    deadline = time.monotonic() + seconds
    while not _answers(url):
        if time.monotonic() > deadline:
            raise OracleError(f"Trino at {url} does not answer")
        time.sleep(POLL_SECONDS)


def _answers(url: str) -> bool:
    """Whether a query succeeds: a server that listens may still lack its own worker."""
    client = TrinoClient(url, catalog="memory", schema="default")
    try:
        return client.run("select 1").error is None
    except OracleError:
        return False
    finally:
        client.close()


def _last_errors(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    errors = [line for line in lines if "ERROR" in line or "Error" in line or "Exception" in line]
    return " | ".join((errors or lines)[-3:])


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
