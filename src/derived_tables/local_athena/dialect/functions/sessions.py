"""Functions that ask about the call itself: the type of an expression, a new UUID."""

from __future__ import annotations

from derived_tables.local_athena.dialect.functions.registry import Call, Table
from derived_tables.local_athena.dialect.representation import literal


def _typeof(call: Call) -> str:
    argument = call.typed(0)
    name = literal(str(argument.type))
    # An aggregate has to stay one, or the query would not be grouped.
    kept = argument.aggregate or argument.window
    return f"CASE WHEN {argument.sql} IS NULL THEN {name} ELSE {name} END" if kept else name


SCALARS: Table = {"typeof(t) -> varchar": _typeof, "uuid() -> uuid": "uuid()"}
