"""Calls of functions: scalar, aggregate, window."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from derived_tables.local_athena.dialect.functions.names import NAMES
from derived_tables.local_athena.dialect.functions.registry import (
    KINDS,
    Call,
    Implementation,
    bound_call,
    finished,
    overloads,
    special,
)
from derived_tables.local_athena.dialect.typed import Argument, Typed
from derived_tables.local_athena.errors import AthenaError, not_supported

# A DuckDB aggregate in a template: `@sum({0})`; in its parentheses there are others at most two deep.
_MARKED = re.compile(r"@(\w+)\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")


def kind(name: str) -> str | None:
    """`scalar`, `aggregate` or `window` (only with OVER); None for a function that Trino does not have."""
    return _kinds().get(name)


def scalar(name: str, arguments: Sequence[Argument]) -> Typed:
    """A call of a scalar function.

    Raises:
        AthenaError: FUNCTION_NOT_FOUND, also in Trino's words for arguments that fit no signature; NOT_SUPPORTED for a
            function of Trino that the local Athena does not have.
    """
    if name in special():
        return special()[name](arguments)
    call, implementation = _known_call("scalar", name, arguments)
    return finished(call, implementation)


def aggregate(
    name: str,
    arguments: Sequence[Argument],
    *,
    distinct: bool = False,
    order_by: Sequence[tuple[Typed, str]] = (),
    condition: Typed | None = None,
    over: str | None = None,
) -> Typed:
    """A call of an aggregate function.

    Args:
        name: in lower case; `count` without arguments is `count(*)`.
        arguments: analysed.
        distinct: `agg(DISTINCT …)`.
        order_by: `agg(… ORDER BY …)`: expressions with `asc nulls last`, `desc nulls first` and so on.
        condition: of `FILTER (WHERE …)`.
        over: DuckDB's text of the window, e.g. `(partition by "x" order by "y")`; the call is then a window's.
    """
    call, implementation = _known_call("aggregate", name, arguments)
    order = ", ".join(f"{key.sql} {direction}" for key, direction in order_by)
    before = "DISTINCT " if distinct else ""
    inside = f" ORDER BY {order}" if order else ""
    after = f" FILTER (WHERE {condition.sql})" if condition is not None else ""
    after += f" OVER {over}" if over is not None else ""
    made = finished(call, _marked(call, implementation), repeat=True, before=before, inside=inside, after=after)
    return replace(made, aggregate=over is None, window=over is not None)


def window(name: str, arguments: Sequence[Argument], *, over: str, ignore_nulls: bool = False) -> Typed:
    """A call of a window function: row_number, rank, lag, first_value, …."""
    call, implementation = _known_call("window", name, arguments)
    inside = " IGNORE NULLS" if ignore_nulls else ""
    made = finished(call, _marked(call, implementation), repeat=True, before="", inside=inside, after=f" OVER {over}")
    return replace(made, aggregate=False, window=True)


def _marked(call: Call, implementation: Implementation) -> str:
    """The template, with places for what belongs into or behind each of its aggregates."""
    template = implementation if isinstance(implementation, str) else implementation(call)
    if isinstance(template, Typed):
        raise TypeError(f"the aggregate {call.name} must give a template")
    return _MARKED.sub(r"\1({before}\2{inside}){after}", template)


def _known_call(kind_: str, name: str, arguments: Sequence[Argument]) -> tuple[Call, Implementation]:
    if name in overloads(kind_):
        return bound_call(kind_, name, arguments)
    if kind(name) is None:
        raise AthenaError("FUNCTION_NOT_FOUND", f"Function '{name}' not registered")
    raise not_supported(f"Function '{name}' is not emulated by the local Athena")


@cache
def _kinds() -> dict[str, str]:
    named = {name: kind_ for kind_, names in NAMES.items() for name in names}
    return named | {name: kind_ for kind_ in KINDS for name in overloads(kind_)}
