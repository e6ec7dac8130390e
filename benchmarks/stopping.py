"""Stops the local Athena while clients are at work, many times: how long each stop takes, and what it leaves.

Each time a server starts in a process of its own, with a folder of its own for temporary files; clients keep it busy
with statements of every kind and with S3; SIGTERM comes at another moment of their work each time.
"""

from __future__ import annotations

import argparse
import itertools
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from serving import BUCKET, DUMMY, Server, run

CLIENTS = 12
PATIENCE = 60
_ROWS = "table(sequence(start => 1, stop => {})) as t (n)"
STATEMENTS = (
    "select count(*) from " + _ROWS.format(3_000_000) + " where n % 7 = 3",
    "select json_extract_scalar('[' || cast(n as varchar) || ']', '$[0]') from " + _ROWS.format(20_000),
    "select max(regexp_replace(cast(n as varchar), '([0-9])', 'x$1')) from " + _ROWS.format(50_000),
    "create table benchmark.hive_{} as select n, n % 10 as p from " + _ROWS.format(10_000),
    "create table benchmark.ice_{} with (table_type = 'ICEBERG', is_external = false, location ="
    f" 's3://{BUCKET}/ice_{{}}/') as select n, cast(n as varchar) as t from " + _ROWS.format(5_000),
    "select * from " + _ROWS.format(30_000),
    "show tables in benchmark",
)


@dataclass(frozen=True)
class Stop:
    """What came of one stop.

    Attributes:
        seconds: from the signal to the end of the process; None if it had to be killed.
        code: its exit code.
        left: what it left in its folder for temporary files.
        errors: what it printed.
        done: statements that had succeeded before.
    """

    seconds: float | None
    code: int
    left: tuple[str, ...]
    errors: str
    done: int

    def faults(self, most_seconds: float) -> list[str]:
        """What is wrong with it."""
        found = []
        if self.seconds is None or self.seconds > most_seconds:
            found.append(f"took {self.seconds} s")
        if self.code:
            found.append(f"exit code {self.code}")
        found += [f"left {name}" for name in self.left]
        return found + ([f"printed {self.errors[-500:]}"] if self.errors else [])


class _Client(Thread):
    """Runs statements until the server has gone."""

    def __init__(self, url: str, number: int) -> None:
        super().__init__(daemon=True)
        self._number = number
        options = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=PATIENCE)
        self._make: Callable[[str], Any] = lambda name: boto3.client(
            name,  # type: ignore[call-overload]
            endpoint_url=url,
            config=options,
            region_name=DUMMY["AWS_DEFAULT_REGION"],
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106, no secret
        )
        self.working = Event()
        self.done = 0

    def run(self) -> None:
        """Works."""
        try:
            athena, s3 = self._make("athena"), self._make("s3")
            for statement in itertools.islice(itertools.cycle(STATEMENTS), self._number, None):
                name = f"{self._number}_{self.done}"
                self.working.set()
                s3.put_object(Bucket=BUCKET, Key=f"put/{name}", Body=b"x" * 100_000)
                run(athena, statement.format(name, name))
                self.done += 1
        except (BotoCoreError, ClientError, AssertionError):
            pass  # the server goes
        finally:
            self.working.set()


def stops(count: int, *, clients: int = CLIENTS, seed: int = 1) -> Iterator[Stop]:
    """Starts and stops servers."""
    moments = random.Random(seed)  # noqa: S311, no secret
    for _ in range(count):
        yield _stop(clients, moments.uniform(0.0, 1.5))


def _stop(clients: int, after: float) -> Stop:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as errors:
        server = Server(errors=errors, environment={"TMPDIR": folder})
        working = [_Client(server.url, number) for number in range(clients)]
        for client in working:
            client.start()
        for client in working:
            client.working.wait(PATIENCE)
        time.sleep(after)
        began = time.perf_counter()
        server.process.send_signal(signal.SIGTERM)
        seconds: float | None = None
        try:
            server.process.wait(PATIENCE)
            seconds = time.perf_counter() - began
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()
        for client in working:
            client.join(PATIENCE)
        errors.seek(0)
        left = tuple(sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*")))
        return Stop(seconds, server.process.returncode, left, errors.read(), sum(client.done for client in working))


def main() -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stops", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=2.0, help="the longest that a stop may take")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    seconds, wrong = [], 0
    for number, stop in enumerate(stops(options.stops, seed=options.seed), 1):
        seconds.append(PATIENCE if stop.seconds is None else stop.seconds)
        faults = stop.faults(options.seconds)
        wrong += bool(faults)
        for fault in faults[:5]:
            print(f"{number}: {fault}", flush=True)
    print(f"{wrong} of {len(seconds)} stops went wrong; median {median(seconds):.2f} s, slowest {max(seconds):.2f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
