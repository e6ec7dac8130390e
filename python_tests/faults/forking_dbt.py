"""A process that has parsed a dbt project once and then runs `dbt run` in processes of their own, which it forks.

Each run is a real dbt process that can be killed, and costs half a second where a new interpreter would cost three.
Started by `Dbt` (support.py):

    python forking_dbt.py PROJECT TARGET [MODEL]

runs MODEL first, so that what dbt and boto3 read and compile once is there for all, and prints a port of 127.0.0.1.
Each connection gets a process of its own; it writes `{"pid": ...}`, reads one line with the command's arguments and
variables, runs, and answers `{"success": ..., "output": ...}`. All are lines of JSON.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
import threading
from typing import Any

from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventLevel, EventMsg

_SHOWN = {level.value for level in (EventLevel.INFO, EventLevel.WARN, EventLevel.ERROR)}


def main(project: str, target: str, first: str = "") -> None:
    """Parses the project and serves until it is killed."""
    command = ["--log-level", "none", "--log-level-file", "none"]
    where = ["--project-dir", project, "--profiles-dir", project, "--target", target]
    parsed = dbtRunner().invoke([*command, "parse", *where])
    if not parsed.success:
        sys.exit(f"dbt parse failed: {parsed.exception}")
    if first:
        for _ in range(2):
            outcome = _run(parsed.result, [*command, "run", *where, "--select", first], [])
            if not outcome.success:
                sys.exit(f"dbt run failed: {outcome.exception}")
        if threading.active_count() > 1:  # a fork would copy their locks, not the threads
            sys.exit(f"dbt left threads behind: {threading.enumerate()}")
    gc.disable()
    gc.freeze()  # a collection in a child would copy all memory
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    with socket.create_server(("127.0.0.1", 0)) as server:
        sys.stdout.write(f"{server.getsockname()[1]}\n")
        sys.stdout.flush()
        while True:
            connection, _ = server.accept()
            with connection:
                if os.fork() == 0:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    server.close()
                    _serve(connection, command, where, parsed.result)


def _serve(connection: socket.socket, command: list[str], where: list[str], manifest: Any) -> None:
    """Runs what one connection asks for, and ends the process."""
    with connection.makefile("rw", encoding="utf-8") as stream:
        _write(stream, {"pid": os.getpid()})
        asked = json.loads(stream.readline() or "null")
        if asked:
            messages: list[str] = []
            asked_for = [*asked["args"], "--vars", json.dumps(asked["vars"])]
            outcome = _run(manifest, [*command, "run", *where, *asked_for], messages)
            output = "\n".join([*messages, str(outcome.exception or "")])
            _write(stream, {"success": outcome.success, "output": output})
    os._exit(0)


def _run(manifest: Any, command: list[str], messages: list[str]) -> Any:
    """Runs a command; what a person would have read goes to `messages`."""

    def keep(event: EventMsg) -> None:
        if event.info.level in _SHOWN:
            messages.append(event.info.msg)

    target_path = ["--target-path", f"{command[command.index('--project-dir') + 1]}/target_{os.getpid()}"]
    return dbtRunner(manifest=manifest, callbacks=[keep]).invoke([*command, "--no-write-json", *target_path])


def _write(stream: Any, message: dict[str, Any]) -> None:
    stream.write(json.dumps(message) + "\n")
    stream.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
