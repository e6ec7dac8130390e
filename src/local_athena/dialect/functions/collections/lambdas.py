"""Functions of arrays that take lambdas.

Source: https://trino.io/docs/current/functions/lambda.html and …/array.html
"""

from __future__ import annotations

from local_athena.dialect.functions.registry import BoundLambda, Call, Table
from local_athena.dialect.functions.sqls import escaped, invalid_text
from local_athena.dialect.representation import duckdb_type


def applied(function: BoundLambda, *values: str) -> str:
    """The body of a lambda with values for its parameters."""
    made = function.body.sql
    for name, value in reversed(list(zip(function.names, values, strict=True))):
        made = f"list_transform([{value}], lambda {name}: {made})[1]"
    return made


def _matched(decisive: str, otherwise: str) -> str:
    """A match: one decisive answer denies what holds otherwise; without one, a null makes it unknown."""
    return (
        "list_transform([list_transform({0}, {1})], lambda answers: CASE WHEN answers IS NULL THEN NULL "
        f"WHEN list_contains(answers, {decisive}) THEN NOT {otherwise} "
        f"WHEN list_count(answers) = len(answers) THEN {otherwise} END)[1]"
    )


def _reduce(call: Call) -> str:
    """State and elements may be of two types: both stand in one, as fields of which the other is null."""
    held, taken = duckdb_type(call.types["S"]), duckdb_type(call.types["T"])
    no_element, no_state = f"'x': NULL::{taken}", f"'s': NULL::{held}"
    start = f"{{'s': {call.sqls[1]}, {no_element}}}"
    items = f"list_transform({call.sqls[0]}, lambda x: {{{no_state}, 'x': x}})"
    step = applied(call.function(2), "a.s", "b.x")
    state = f"list_reduce(list_prepend({start}, {items}), lambda a, b: {{'s': {step}, {no_element}}}).s"
    return f"CASE WHEN {call.sqls[0]} IS NOT NULL THEN {applied(call.function(3), state)} END"


_SIGN = invalid_text("Lambda comparator must return either -1, 0, or 1")


def _sort(call: Call) -> str:
    """Each element goes behind those that are not greater."""
    function = call.function(1)
    element = function.names[0]
    compared = applied(BoundLambda(function.names[1:], function.body), "item[1]")
    order = f"list_transform([{compared}], lambda sign: CASE WHEN sign IN (-1, 0, 1) THEN sign ELSE {_SIGN} END)[1]"
    before = f"list_filter(sorted, lambda {element}: {order} <= 0)"
    after = f"list_filter(sorted, lambda {element}: {order} > 0)"
    folded = f"list_reduce(list_transform({{0}}, lambda e: [e]), lambda sorted, item: {before} || item || {after})"
    template = escaped(folded).replace("{{0}}", "{0}")
    return call.filled(f"CASE WHEN len({{0}}) < 2 THEN {{0}} ELSE {template} END")


def _zip_with(call: Call) -> str:
    left, right = call.sqls[0], call.sqls[1]
    made = applied(call.function(2), f"{left}[i]", f"{right}[i]")
    together = f"list_transform(range(1, greatest(len({left}), len({right})) + 1), lambda i: {made})"
    return f"CASE WHEN {left} IS NOT NULL AND {right} IS NOT NULL THEN {together} END"


SCALARS: Table = {
    "all_match(array(t), function(t,boolean)) -> boolean": _matched("false", "true"),
    "any_match(array(t), function(t,boolean)) -> boolean": _matched("true", "false"),
    "none_match(array(t), function(t,boolean)) -> boolean": _matched("true", "true"),
    "array_sort(array(t), function(t,t,integer)) -> array(t)": _sort,
    "filter(array(t), function(t,boolean)) -> array(t)": "list_filter({0}, {1})",
    "reduce(array(T), S, function(S,T,S), function(S,R)) -> R for T, S, R": _reduce,
    "transform(array(T), function(T,U)) -> array(U)": "list_transform({0}, {1})",
    "zip_with(array(T), array(U), function(T,U,R)) -> array(R) for T, U, R": _zip_with,
}
