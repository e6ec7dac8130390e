"""A local Athena: Amazon Athena's API on one machine, with real SQL, real files and real Glue entries."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from local_athena.server.app import LocalAthena

__all__ = ["LocalAthena"]

#: What the extra `local-athena` installs and the server imports only when a statement needs it.
_REQUIRED = ("duckdb", "fastavro", "moto", "numpy", "pyarrow", "pyiceberg")


def __getattr__(name: str) -> Any:
    """`LocalAthena`, imported when it is asked for: `local-athena --help` need not wait for DuckDB.

    Raises:
        ImportError: the extra `local-athena` is not installed.
    """
    if name != "LocalAthena":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    missing = [package for package in _REQUIRED if find_spec(package) is None]
    if missing:
        raise ImportError(
            f"the local Athena needs {', '.join(missing)}: run `pip install 'derived-tables[local-athena]'`"
        )
    from local_athena.server.app import LocalAthena  # noqa: PLC0415

    return LocalAthena
