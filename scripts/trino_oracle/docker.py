"""Starts a Trino from a container image, for people who have Docker and no Java."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trino_oracle import configuration
from trino_oracle.client import TrinoClient
from trino_oracle.errors import OracleError
from trino_oracle.server import RunningTrino, await_answer

WAREHOUSE = "/tmp/warehouse"  # inside the container, where its user may write  # noqa: S108
START_SECONDS = 180


def run_command(image: str, catalogs: Path) -> list[str]:
    """The command that starts the image in the background on a free port of the loopback interface."""
    volume = f"{catalogs}:/etc/trino/catalog:ro"
    return ["docker", "run", "--rm", "--detach", "--publish", "127.0.0.1::8080", "--volume", volume, image]


@contextmanager
def running_container(image: str) -> Iterator[RunningTrino]:
    """A Trino of this image, for as long as the context lasts."""
    with tempfile.TemporaryDirectory(prefix="trino-oracle-") as folder:
        catalogs = Path(folder)
        catalogs.chmod(0o755)  # the container's user is another one
        warehouse = Path(WAREHOUSE).as_uri()
        configuration.write_catalogs(catalogs, warehouse)
        container = _docker(run_command(image, catalogs))
        try:
            address = _docker(["docker", "port", container, "8080/tcp"]).splitlines()[0]
            url = f"http://{address}"
            await_answer(url, START_SECONDS)
            client = TrinoClient(url, catalog="memory", schema="default")
            version = client.server_version()
            client.close()
            yield RunningTrino(url, version, warehouse=warehouse)
        finally:
            _docker(["docker", "stop", container])


def _docker(command: list[str]) -> str:
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise OracleError("`docker` is not installed") from None
    if result.returncode != 0:
        raise OracleError(f"docker failed: {result.stderr.strip()[:500]}")
    return result.stdout.strip()
