"""The target of profiles.yml that a command works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Target:
    """A target, with the default resolved.

    Attributes:
        name: its name in profiles.yml.
        type: the adapter, e.g. `athena` or `duckdb`.
        settings: what profiles.yml says of it, with the adapter's defaults; holds secrets, so never print it.
        session: makes a boto3 session with its credentials, on Athena; assumed roles are renewed by calling it again.
    """

    name: str
    type: str
    settings: Mapping[str, Any]
    session: Callable[[], Any]
