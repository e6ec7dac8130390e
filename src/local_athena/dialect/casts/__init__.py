"""CAST, TRY_CAST, the conversions Trino makes by itself, and the texts of results, as DuckDB SQL."""

from __future__ import annotations

from local_athena.dialect.casts.assign import assign, can_assign
from local_athena.dialect.casts.convert import cast, coerce
from local_athena.dialect.casts.json_from import JSON_MACROS
from local_athena.dialect.casts.printed import PRINT_MACROS, result_text
from local_athena.dialect.casts.times import PARSE_MACROS
from local_athena.dialect.texts import TEXT_MACROS
from local_athena.dialect.zones import ZONE_MACROS

# Each uses those before it.
MACROS = (*ZONE_MACROS, *TEXT_MACROS, *PARSE_MACROS, *JSON_MACROS, *PRINT_MACROS)

__all__ = ["MACROS", "assign", "can_assign", "cast", "coerce", "result_text"]
