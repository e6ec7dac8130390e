"""Calls of functions: scalar, aggregate, window."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from local_athena.dialect.functions.names import NAMES
from local_athena.dialect.functions.registry import (
    KINDS,
    Call,
    Implementation,
    bound_call,
    finished,
    overloads,
    special,
)
from local_athena.dialect.operators.indeterminate import checked_order, order_sql
from local_athena.dialect.operators.keys import is_plain, key_sql
from local_athena.dialect.representation import duckdb_type
from local_athena.dialect.typed import Argument, Typed
from local_athena.errors import AthenaError, not_supported
from local_athena.types.model import Array

# A DuckDB aggregate in a template: `@sum({0})`; in its parentheses there are others at most two deep.
_MARKED = re.compile(r"@(\w+)\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")

_COUNTING = ("count", "approx_distinct")
# Which argument an aggregate orders.
_ORDERING = {"min_by": 1, "max_by": 1}


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
    made = finished(call, implementation)
    # Of a null DuckDB forgets what it is an array or map of.
    return (
        replace(made, sql=f"CAST({made.sql} AS {duckdb_type(made.type)})") if call.binding.signature.generic else made
    )


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
    call = _of_distinct(call) if distinct else _of_ordered(call)
    order = ", ".join(f"{order_sql(key.sql, key.type)} {direction}" for key, direction in order_by)
    before = "DISTINCT " if distinct else ""
    inside = f" ORDER BY {order}" if order else ""
    after = f" FILTER (WHERE {condition.sql})" if condition is not None else ""
    after += f" OVER {over}" if over is not None else ""
    made = finished(call, _marked(call, implementation), repeat=True, before=before, inside=inside, after=after)
    return replace(made, aggregate=over is None, window=over is not None)


def _of_distinct(call: Call) -> Call:
    """The call with its arguments as DuckDB tells apart what is distinct to Trino.

    Raises:
        AthenaError: NOT_SUPPORTED where the result holds the arguments themselves.
    """
    arguments = [argument for argument in call.arguments if isinstance(argument, Typed)]
    if all(is_plain(argument.type) for argument in arguments):
        return call
    if call.name not in _COUNTING:
        raise not_supported(f"The local Athena has no {call.name} of distinct values of type {arguments[0].type}")
    return replace(call, arguments=tuple(replace(each, sql=key_sql(each.sql, each.type)) for each in arguments))


def _of_ordered(call: Call) -> Call:
    """The call, which fails where Trino does not order the arrays that it is given."""
    index = _ORDERING.get(call.name, -1)
    if index < 0 or not isinstance(call.typed(index).type, Array):
        return call
    arguments = list(call.arguments)
    arguments[index] = replace(call.typed(index), sql=checked_order(call.typed(index).sql, call.typed(index).type))
    return replace(call, arguments=tuple(arguments))


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
