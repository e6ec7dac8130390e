"""The DuckDB in which plans run: its settings, and the macros and Python functions that generated SQL calls."""

from __future__ import annotations

import duckdb


def connect() -> duckdb.DuckDBPyConnection:
    """A new DuckDB in memory, ready for plans; each statement takes a `.cursor()` of it."""
    raise NotImplementedError
