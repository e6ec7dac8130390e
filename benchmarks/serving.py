"""The local Athena in a process of its own, as a person starts it, and a client of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import boto3

BIN = Path(sys.executable).parent
BUCKET = "derived-tables-local"
DUMMY = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class Server:
    """A running `local-athena serve`, and how long it took to answer."""

    def __init__(self, *, errors: IO[str] | None = None, environment: Mapping[str, str] | None = None) -> None:
        """Starts it.

        Args:
            errors: where what it prints about errors goes; None for the terminal.
            environment: more variables of the process.
        """
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [str(BIN / "local-athena"), "serve", "--port", "0", "--bucket", BUCKET, "--database", "benchmark"],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **DUMMY, **(environment or {})},
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[-1]
        self.start_up = time.perf_counter() - began

    def stop(self) -> None:
        """Ends the process, as a person does."""
        self.process.terminate()
        self.process.wait(timeout=30)

    def peak_bytes(self) -> int:
        """The most memory that was ever resident."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found
        return int(found[1]) * 1024

    def client(self) -> Any:
        """A boto3 client for Athena."""
        return boto3.client("athena", endpoint_url=self.url)


def run(client: Any, sql: str) -> list[list[str | None]]:
    """Runs a statement through the three calls that every client makes; rows without the header."""
    execution = client.start_query_execution(
        QueryString=sql, ResultConfiguration={"OutputLocation": f"s3://{BUCKET}/query_results/"}
    )["QueryExecutionId"]
    while True:
        status = client.get_query_execution(QueryExecutionId=execution)["QueryExecution"]["Status"]
        if status["State"] not in ("QUEUED", "RUNNING"):
            break
    assert status["State"] == "SUCCEEDED", status
    rows = client.get_query_results(QueryExecutionId=execution)["ResultSet"]["Rows"]
    return [[cell.get("VarCharValue") for cell in row["Data"]] for row in rows[1:]]
