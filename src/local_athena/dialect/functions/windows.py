"""Window functions.

Source: https://trino.io/docs/current/functions/window.html
"""

from __future__ import annotations

from local_athena.dialect.functions.registry import Table
from local_athena.dialect.functions.sqls import each, invalid_text

_BUCKETS = f"CASE WHEN {{0}} <= 0 THEN {invalid_text('Buckets must be greater than 0')} ELSE {{0}} END"
_PLACE = f"CASE WHEN {{1}} < 1 THEN {invalid_text('Offset must be at least 1')} ELSE {{1}} END"
_OFFSET = (
    f"CASE WHEN {{1}} IS NULL THEN {invalid_text('Offset must not be null')}"
    f" WHEN {{1}} < 0 THEN {invalid_text('Offset must be at least 0')} ELSE {{1}} END"
)

WINDOWS: Table = {
    **{f"{name}() -> bigint": f"@{name}()" for name in ("row_number", "rank", "dense_rank")},
    **{f"{name}() -> double": f"@{name}()" for name in ("percent_rank", "cume_dist")},
    "ntile(bigint) -> bigint": f"ntile({_BUCKETS}{{inside}}){{after}}",
    **each(("first_value", "last_value"), {"$(t) -> t": "@$({0})"}),
    "nth_value(t, bigint) -> t": f"nth_value({{0}}, {_PLACE}{{inside}}){{after}}",
    **each(
        ("lag", "lead"),
        {
            "$(t) -> t": "@$({0})",
            "$(t, bigint) -> t": f"$({{0}}, {_OFFSET}{{inside}}){{after}}",
            "$(t, bigint, t) -> t": f"$({{0}}, {_OFFSET}, {{2}}{{inside}}){{after}}",
        },
    ),
}
