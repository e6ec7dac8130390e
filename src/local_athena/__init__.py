"""A local Athena: Amazon Athena's API on one machine, with real SQL, real files and real Glue entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from local_athena.server.app import LocalAthena

__all__ = ["LocalAthena"]


def __getattr__(name: str) -> Any:
    """`LocalAthena`, imported when it is asked for: `local-athena --help` need not wait for DuckDB."""
    if name != "LocalAthena":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from local_athena.server.app import LocalAthena  # noqa: PLC0415

    return LocalAthena
