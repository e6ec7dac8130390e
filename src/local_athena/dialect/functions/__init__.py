"""Trino's functions: their signatures, and each as DuckDB SQL or Python."""

from __future__ import annotations

from local_athena.dialect.functions.calls import aggregate, kind, scalar, window

__all__ = ["aggregate", "kind", "scalar", "window"]
