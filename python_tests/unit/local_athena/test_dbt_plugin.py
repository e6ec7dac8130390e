"""dbt's connections share what botocore reads, on the local Athena only."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from local_athena.environment import is_local

SCRIPT = """
from botocore.session import Session
from dbt.plugins import set_up_plugin_manager

set_up_plugin_manager("project")
loaders = [Session().get_component("data_loader") for _ in range(2)]
print(loaders[0] is loaders[1])
"""


@pytest.mark.parametrize(
    ("url", "shared"),
    [
        ("http://127.0.0.1:5005", "True"),
        ("https://athena.eu-west-1.amazonaws.com", "False"),
        (None, "False"),
    ],
)
def test_sessions_share_a_loader_on_this_machine_only(url: str | None, shared: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {"AWS_ENDPOINT_URL": url} if url else {}
    run = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == f"{shared}\n"


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:1", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:5005", True),
        ("http://10.0.0.1:5005", False),
        ("http://localhost.example.com", False),
        ("https://glue.eu-west-1.amazonaws.com", False),
        ("127.0.0.1:5005", False),
        ("", False),
    ],
)
def test_addresses_of_this_machine(url: str, local: bool) -> None:
    assert is_local(url) is local
