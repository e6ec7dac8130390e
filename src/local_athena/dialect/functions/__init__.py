"""Trino's functions: their signatures, and each as DuckDB SQL or Python."""

from __future__ import annotations

from local_athena.dialect.functions.calls import aggregate, kind, scalar, window
from local_athena.dialect.functions.forms import at_time_zone, concat, extract

__all__ = ["aggregate", "at_time_zone", "concat", "extract", "kind", "scalar", "window"]
