"""Functions of arrays without lambdas.

Source: https://trino.io/docs/current/functions/array.html
"""

from __future__ import annotations

from collections.abc import Callable

from derived_tables.local_athena.dialect.casts import cast
from derived_tables.local_athena.dialect.functions.orders import require_native_equality, require_native_order
from derived_tables.local_athena.dialect.functions.registry import Call, Table
from derived_tables.local_athena.dialect.functions.resolution import signature_text
from derived_tables.local_athena.dialect.functions.sqls import escaped, first_places, invalid, invalid_text, joined
from derived_tables.local_athena.dialect.representation import duckdb_type
from derived_tables.local_athena.dialect.typed import Typed
from derived_tables.local_athena.errors import AthenaError, not_supported
from derived_tables.local_athena.types.model import DOUBLE, REAL, UNKNOWN, VARCHAR, Array, Field, Map, Row

_FLOATS = (DOUBLE, REAL)
_NOT_TEXT = (Array, Map, Row)


def _equal(template: str) -> Callable[[Call], str]:
    """The template, for elements that DuckDB finds equal when Trino does."""

    def made(call: Call) -> str:
        for type_ in call.types.values():
            require_native_equality(type_)
        return call.filled(template)

    return made


def _searched(found: str, missing: str) -> Callable[[Call], str]:
    """Looks for the second argument in the first; unlike DuckDB's, Trino's NaN is equal to nothing."""

    def made(call: Call) -> str:
        require_native_equality(call.types["T"])
        not_a_number = f"WHEN isnan({{1}}) THEN {missing}" if call.types["T"] in _FLOATS else ""
        return call.filled(f"CASE WHEN {{0}} IS NULL OR {{1}} IS NULL THEN NULL {not_a_number} ELSE {found} END")

    return made


def _ordered(template: str) -> Callable[[Call], str]:
    """The template, for elements that DuckDB orders as Trino does."""

    def made(call: Call) -> str:
        for type_ in call.types.values():
            require_native_order(type_)
        return call.filled(template)

    return made


def _extreme(call: Call) -> str:
    """Null if an element is null; NaN only if there is no number."""
    require_native_order(call.types["T"])
    function = f"list_{call.name[-3:]}"
    if call.types["T"] in _FLOATS:
        numbers = f"{function}(list_filter({{0}}, lambda e: NOT isnan(e)))"
        return call.filled(f"CASE WHEN list_count({{0}}) = len({{0}}) THEN coalesce({numbers}, {{0}}[1]) END")
    return call.filled(f"CASE WHEN list_count({{0}}) = len({{0}}) THEN {function}({{0}}) END")


def _as_texts(call: Call, index: int) -> str:
    """A template of the array as an array of varchar."""
    given = call.typed(index).type
    element = given.element if isinstance(given, Array) else UNKNOWN
    if isinstance(element, _NOT_TEXT):
        raise AthenaError("OPERATOR_NOT_FOUND", f"Cannot cast {signature_text(element)} to varchar")
    if element == UNKNOWN:
        return f"{{{index}}}::VARCHAR[]"
    try:
        text = escaped(cast(Typed("element_", element), VARCHAR).sql)
    except AthenaError as error:
        raise AthenaError("OPERATOR_NOT_FOUND", error.message) from None
    return f"list_transform({{{index}}}, lambda element_: {text})"


def _join(call: Call) -> str:
    texts = _as_texts(call, 0)
    if len(call.arguments) == 3:
        texts = f"list_transform({texts}, lambda text_: coalesce(text_, {{2}}))"
    known = " AND ".join(f"{{{index}}} IS NOT NULL" for index in range(len(call.arguments)))
    return call.filled(f"CASE WHEN {known} THEN {joined(call, texts, 1)} END")


def _concat(call: Call) -> str:
    made = call.sqls[0] if isinstance(call.typed(0).type, Array) else f"[{call.sqls[0]}]"
    for index in range(1, len(call.arguments)):
        part = call.sqls[index]
        made = _joined(made, part if call.typed(index).type == call.result else f"[{part}]")
    return made


def _joined(left: str, right: str) -> str:
    # list_concat takes a null list for an empty one; the operator does not.
    return f"({left} || {right})"


def _concat_arrays(call: Call) -> str:
    if len(call.arguments) < 2:
        raise AthenaError("INVALID_FUNCTION_ARGUMENT", "There must be two or more concatenation arguments")
    return _concat(call)


def _zip(call: Call) -> Typed:
    """The shorter arrays are filled with nulls."""
    elements = [
        type_.element for type_ in (call.typed(i).type for i in range(len(call.arguments))) if isinstance(type_, Array)
    ]
    row = Row(tuple(Field(None, element) for element in elements))
    fields = ", ".join(f"f{number}: {sql}[i]" for number, sql in enumerate(call.sqls, 1))
    longest = f"greatest({', '.join(f'len({sql})' for sql in call.sqls)})"
    nulls = " OR ".join(f"{sql} IS NULL" for sql in call.sqls)
    made = f"list_transform(range(1, {longest} + 1), lambda i: {{{fields}}})"
    return Typed(f"(CASE WHEN NOT ({nulls}) THEN {made} END)", Array(row))


_START = invalid_text("SQL array indices start at 1")
_ELEMENT_AT = f"CASE WHEN {{0}} IS NULL THEN NULL WHEN {{1}} = 0 THEN {_START} ELSE {{0}}[{{1}}] END"
_SLICE = (
    f"CASE WHEN {{2}} < 0 THEN {invalid_text('length must be greater than or equal to 0')} "
    f"WHEN {{1}} = 0 THEN {_START} WHEN {{0}} IS NULL OR {{1}} IS NULL OR {{2}} IS NULL THEN NULL "
    "WHEN abs({1}) > len({0}) OR {2} = 0 THEN [] "
    "WHEN {1} > 0 THEN {0}[{1}:least({1} + {2} - 1, len({0}))] "
    "ELSE {0}[len({0}) + {1} + 1:least(len({0}) + {1} + {2}, len({0}))] END"
)
_NEGATIVE = invalid("'size must not be negative: ' || {1}")
_TOO_MANY = invalid("'size must not exceed array cardinality ' || len({0}) || ': ' || {1}")
_TRIM = (
    f"CASE WHEN {{1}} < 0 THEN {_NEGATIVE} WHEN {{1}} > len({{0}}) THEN {_TOO_MANY} ELSE {{0}}[:len({{0}}) - {{1}}] END"
)
_CONTAINS = "CASE WHEN list_contains({0}, {1}) THEN true WHEN list_count({0}) = len({0}) THEN false END"
_POSITION = "coalesce(list_position({0}, {1}), 0)::BIGINT"
# DuckDB's own functions of sets lose nulls and the order; these keep both, as Trino does.
_FIRST = (
    f"list_transform([{{0}}], lambda l: CASE WHEN len(l) < 2 THEN l ELSE list_select(l, {first_places('l')}) END)[1]"
)


def _distinct(list_sql: str) -> str:
    return _FIRST.replace("{0}", list_sql)


_HAS_NULL = "list_count($) < len($)"
_IN = f"CASE WHEN e IS NULL THEN {_HAS_NULL} ELSE list_contains($, e) END"
_IF_BOTH = "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL THEN $ END"
_IN_FIRST, _IN_SECOND = (
    _distinct(f"list_filter({{{1 - n}}}, lambda e: {_IN.replace('$', f'{{{n}}}')})") for n in (0, 1)
)
# The longer array gives the order.
_INTERSECT = _IF_BOTH.replace("$", f"CASE WHEN len({{0}}) < len({{1}}) THEN {_IN_FIRST} ELSE {_IN_SECOND} END")
_NOT_IN_SECOND = _distinct(f"list_filter({{0}}, lambda e: NOT {_IN.replace('$', '{1}')})")
_EXCEPT = _IF_BOTH.replace("$", f"CASE WHEN len({{1}}) = 0 THEN {{0}} ELSE {_NOT_IN_SECOND} END")
_OVERLAP = (
    "CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL WHEN list_has_any({0}, {1}) THEN true "
    f"WHEN len({{0}}) > 0 AND len({{1}}) > 0 AND ({_HAS_NULL.replace('$', '{0}')} OR {_HAS_NULL.replace('$', '{1}')}) "
    "THEN NULL ELSE false END"
)
_HISTOGRAM = "CASE WHEN list_count({0}) = 0 THEN map([], []) ELSE list_aggregate({0}, 'histogram') END::{result}"
_REPEAT = (
    f"CASE WHEN {{1}} < 0 "
    f"THEN {invalid_text('count argument of repeat function must be greater than or equal to 0')} "
    f"WHEN {{1}} > 10000 THEN {invalid_text('count argument of repeat function must be less than or equal to 10000')} "
    "WHEN {1} IS NOT NULL THEN list_transform(range({1}), lambda i: {0}) END"
)
_NGRAMS = (
    f"CASE WHEN {{1}} <= 0 THEN {invalid_text('N must be positive')} WHEN {{1}} >= len({{0}}) THEN [{{0}}] "
    "ELSE list_transform(range(1, len({0}) - {1} + 2), lambda i: list_select({0}, range(i, i + {1}))) END"
)
_CONTAINS_SEQUENCE = (
    "CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL WHEN len({1}) = 0 THEN true "
    "ELSE len(list_filter(range(1, len({0}) - len({1}) + 2), "
    "lambda i: list_select({0}, range(i, i + len({1}))) IS NOT DISTINCT FROM {1})) > 0 END"
)
_MOST_COMBINED = 5


def _combinations(call: Call) -> str:
    """Grows combinations one element at a time, as lists of places."""
    type_ = duckdb_type(call.result)
    size = call.constant(1)
    if not isinstance(size, int):
        raise not_supported("The local Athena wants a literal as second argument of combinations")
    if size < 0:
        return invalid_text(f"combination size must not be negative: {size}")
    if size > _MOST_COMBINED:
        return invalid_text(f"combination size must not exceed {_MOST_COMBINED}: {size}")
    places = "[[]::BIGINT[]]"
    for _ in range(size):
        longer = "list_transform(range(coalesce(c[-1], 0) + 1, len({0}) + 1), lambda i: list_append(c, i))"
        places = f"flatten(list_transform({places}, lambda c: {longer}))"
    # Trino orders them by their last elements.
    ordered = f"list_sort(list_transform({places}, lambda c: list_reverse(c)))"
    chosen = f"list_transform({ordered}, lambda c: list_transform(list_reverse(c), lambda i: {{0}}[i]))"
    return call.filled(f"CASE WHEN {{0}} IS NOT NULL THEN {chosen}::{type_} END")


SCALARS: Table = {
    "array_distinct(array(e)) -> array(e) for E:comparable": _equal(_FIRST),
    "array_except(array(e), array(e)) -> array(e) for E:comparable": _equal(_EXCEPT),
    "array_intersect(array(e), array(e)) -> array(e) for E:comparable": _equal(_INTERSECT),
    "array_union(array(e), array(e)) -> array(e) for E:comparable": _equal(_distinct("{0} || {1}")),
    "array_histogram(array(t)) -> map(t,bigint) for T:comparable": _equal(_HISTOGRAM),
    "array_join(array(e), varchar) -> varchar": _join,
    "array_join(array(e), varchar, varchar) -> varchar": _join,
    "array_max(array(t)) -> t for T:orderable": _extreme,
    "array_min(array(t)) -> t for T:orderable": _extreme,
    "array_position(array(t), t) -> bigint for T:comparable": _searched(
        "coalesce(list_position({0}, {1}), 0)::BIGINT", "0"
    ),
    "array_remove(array(e), e) -> array(e) for E:comparable": _equal(
        "CASE WHEN {1} IS NOT NULL THEN list_filter({0}, lambda e: e IS DISTINCT FROM {1}) END"
    ),
    "array_sort(array(e)) -> array(e) for E:orderable": _ordered("list_sort({0}, 'ASC', 'NULLS LAST')"),
    "arrays_overlap(array(e), array(e)) -> boolean for E:orderable": _equal(_OVERLAP),
    "cardinality(array(e)) -> bigint": "len({0})",
    "combinations(array(t), integer) -> array(array(t))": _combinations,
    "concat(E, array(E)) -> array(E)": _concat,
    "concat(array(E), E) -> array(E)": _concat,
    "concat(array(E)...) -> array(E)": _concat_arrays,
    "contains(array(t), t) -> boolean for T:comparable": _searched(_CONTAINS, "false"),
    "contains_sequence(array(t), array(t)) -> boolean for T:comparable": _equal(_CONTAINS_SEQUENCE),
    "element_at(array(e), bigint) -> e": _ELEMENT_AT,
    "flatten(array(array(E))) -> array(E)": "flatten(list_filter({0}, lambda e: e IS NOT NULL))",
    "ngrams(array(t), integer) -> array(array(t))": _NGRAMS,
    "repeat(t, integer) -> array(t)": _REPEAT,
    "reverse(array(e)) -> array(e)": "list_reverse({0})",
    "shuffle(array(e)) -> array(e)": "list_transform(list_sort(list_transform({0}, "
    "lambda e: {{'r': random(), 'e': e}})), lambda s: s.e)",
    "slice(array(e), bigint, bigint) -> array(e)": _SLICE,
    "trim_array(array(e), bigint) -> array(e)": _TRIM,
    **{
        f"zip({', '.join(f'array(T{n})' for n in range(1, count + 1))})"
        f" -> array(row({','.join(f'T{n}' for n in range(1, count + 1))}))": _zip
        for count in range(2, 6)
    },
}
