"""Functions of arrays without lambdas.

Source: https://trino.io/docs/current/functions/array.html
"""

from __future__ import annotations

from collections.abc import Callable

from local_athena.dialect.casts import cast
from local_athena.dialect.functions.orders import in_order, require_native_equality, require_native_order
from local_athena.dialect.functions.registry import Call, Table
from local_athena.dialect.functions.signatures.resolution import signature_text
from local_athena.dialect.functions.sqls import escaped, first_places, invalid, invalid_text, joined
from local_athena.dialect.operators.comparison import compared
from local_athena.dialect.operators.indeterminate import indeterminate
from local_athena.dialect.operators.keys import is_plain
from local_athena.dialect.representation import duckdb_type
from local_athena.dialect.snippets import fail, once_each
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError, not_supported
from local_athena.types.model import DOUBLE, REAL, UNKNOWN, VARCHAR, Array, Field, Map, Row, Type

_FLOATS = (DOUBLE, REAL)
_NOT_TEXT = (Array, Map, Row)


def _equal(template: str) -> Callable[[Call], str]:
    """The template, for elements that DuckDB finds equal when Trino does."""

    def made(call: Call) -> str:
        for type_ in call.types.values():
            require_native_equality(type_)
        return call.filled(template)

    return made


def _searched(native: str, missing: str, of_verdicts: str) -> Callable[[Call], str]:
    """Looks for the second argument in the first.

    Args:
        native: what DuckDB makes of types that it compares like Trino.
        missing: the answer for NaN, which is equal to nothing.
        of_verdicts: the answer from `found`, what `_verdicts` says, and from `first`, the first that is not 0.
    """

    def made(call: Call) -> str:
        type_ = call.typed(1).type
        known = "CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL $ END"
        if _is_native(type_):
            not_a_number = f"WHEN isnan({{1}}) THEN {missing}" if type_ in _FLOATS else ""
            return call.filled(known.replace("$", f"{not_a_number} ELSE {native}"))
        failure = fail(
            "NOT_SUPPORTED", f"{call.name} does not support arrays with elements that are null or contain null"
        )
        answer = of_verdicts.replace("{failure}", failure)

        def searched(items: str, wanted: str) -> str:
            verdicts = f"list_transform([{_verdicts(items, wanted, type_)}], lambda found: {answer})[1]"
            return f"CASE WHEN {items} IS NOT NULL AND {wanted} IS NOT NULL THEN {verdicts} END"

        return once_each(call.sqls, searched)

    return made


def _is_native(type_: Type) -> bool:
    return is_plain(type_) and not isinstance(type_, _NOT_TEXT)


def _verdicts(items: str, wanted: str, type_: Type) -> str:
    """For each element whether it is equal, 1, or not, 0, or neither because of a null inside, 2; null for null."""
    equal = compared("=", "e", wanted, type_)
    return f"list_transform({items}, lambda e: CASE WHEN e IS NOT NULL THEN coalesce(CAST({equal} AS INTEGER), 2) END)"


def _remove(call: Call) -> str:
    type_ = call.typed(1).type
    if _is_native(type_):
        kept = "NOT coalesce(e = {1} AND NOT isnan(e), FALSE)" if type_ in _FLOATS else "e IS DISTINCT FROM {1}"
        return call.filled(f"CASE WHEN {{1}} IS NOT NULL THEN list_filter({{0}}, lambda e: {kept}) END")
    failure = fail("NOT_SUPPORTED", "array_remove does not support arrays with elements that are null or contain null")

    def removed(items: str, wanted: str) -> str:
        kept = f"list_select({items}, list_filter(range(1, len({items}) + 1), lambda i: found[i] IS DISTINCT FROM 1))"
        checked = f"CASE WHEN list_contains(found, 2) THEN {failure} ELSE {kept} END"
        made = f"list_transform([{_verdicts(items, wanted, type_)}], lambda found: {checked})[1]"
        return f"CASE WHEN {items} IS NOT NULL AND {wanted} IS NOT NULL THEN {made} END"

    return once_each(call.sqls, removed)


def _sorted(call: Call) -> str:
    require_native_order(call.types["E"])
    return call.filled(in_order("{0}", call.types["E"], "ordered"))


_OVERLAPPING = "CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL WHEN len({0}) = 0 OR len({1}) = 0 THEN false $ END"


def _overlap(call: Call) -> str:
    type_ = call.types["E"]
    require_native_equality(type_)
    inside = indeterminate("e", type_)
    if inside is None:
        return call.filled(_OVERLAP)
    kind = (
        "ARRAY comparison not supported for arrays"
        if isinstance(type_, Array)
        else "ROW comparison not supported for fields"
    )
    failure = fail("NOT_SUPPORTED", f"{kind} with null elements")
    has_some = f"list_contains(list_transform({{0}} || {{1}}, lambda e: {inside}), TRUE)"
    return call.filled(_OVERLAPPING.replace("$", f"WHEN {has_some} THEN {failure} ELSE {_OVERLAP}"))


def _extreme(call: Call) -> str:
    """Null if an element is null; NaN only if there is no number."""
    require_native_order(call.types["T"])
    function = f"list_{call.name[-3:]}"
    if call.types["T"] in _FLOATS:
        numbers = f"{function}(list_filter({{0}}, lambda e: NOT isnan(e)))"
        return call.filled(f"CASE WHEN list_count({{0}}) = len({{0}}) THEN coalesce({numbers}, {{0}}[1]) END")
    place = 1 if function == "list_min" else -1
    extreme = (
        in_order("{0}", call.types["T"], f"ordered[{place}]")
        if isinstance(call.types["T"], (Array, Row))
        else f"{function}({{0}})"
    )
    return call.filled(f"CASE WHEN list_count({{0}}) = len({{0}}) THEN {extreme} END")


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
    if len(call.arguments) < 2:
        raise AthenaError("INVALID_FUNCTION_ARGUMENT", "There must be two or more concatenation arguments")
    # list_concat takes a null list for an empty one; the operator does not.
    return " || ".join(call.sqls)


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
_ABSENT = "CASE WHEN list_count({0}) = len({0}) THEN false END"
_CONTAINS = f"CASE WHEN list_contains({{0}}, {{1}}) THEN true ELSE {_ABSENT} END"
_POSITION = "coalesce(list_position({0}, {1}), 0)::BIGINT"
_FIRST_VERDICT = "CASE list_filter(found, lambda v: v > 0)[1] WHEN 1 THEN $ WHEN 2 THEN {failure}"
_CONTAINS_OF_VERDICTS = (
    f"{_FIRST_VERDICT.replace('$', 'true')} ELSE CASE WHEN list_count(found) = len(found) THEN false END END"
)
_POSITION_OF_VERDICTS = f"{_FIRST_VERDICT.replace('$', 'CAST(list_position(found, 1) AS BIGINT)')} ELSE 0 END"
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
    wrong = "be negative" if size < 0 else f"exceed {_MOST_COMBINED}" if size > _MOST_COMBINED else None
    if wrong is not None:
        failure = invalid_text(f"combination size must not {wrong}: {size}")
        return f"CASE WHEN {call.sqls[0]} IS NOT NULL THEN {failure} END"
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
    "array_position(array(t), t) -> bigint for T:comparable": _searched(_POSITION, "0", _POSITION_OF_VERDICTS),
    "array_remove(array(e), e) -> array(e) for E:comparable": _remove,
    "array_sort(array(e)) -> array(e) for E:orderable": _sorted,
    "arrays_overlap(array(e), array(e)) -> boolean for E:orderable": _overlap,
    "cardinality(array(e)) -> bigint": "len({0})",
    "combinations(array(t), integer) -> array(array(t))": _combinations,
    "concat(E, array(E)) -> array(E)": "CASE WHEN {0} IS NOT NULL THEN [{0}] || {1} END",
    "concat(array(E), E) -> array(E)": "CASE WHEN {1} IS NOT NULL THEN {0} || [{1}] END",
    "concat(array(E)...) -> array(E)": _concat,
    "contains(array(t), t) -> boolean for T:comparable": _searched(_CONTAINS, _ABSENT, _CONTAINS_OF_VERDICTS),
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
