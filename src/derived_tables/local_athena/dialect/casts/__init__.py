"""CAST, TRY_CAST, the conversions Trino makes by itself, and the texts of results, as DuckDB SQL."""

from __future__ import annotations

from derived_tables.local_athena.dialect.casts.convert import assign, can_assign, cast, coerce
from derived_tables.local_athena.dialect.casts.printed import result_text

__all__ = ["assign", "can_assign", "cast", "coerce", "result_text"]
