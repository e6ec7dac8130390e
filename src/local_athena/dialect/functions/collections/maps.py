"""Functions of maps.

Source: https://trino.io/docs/current/functions/map.html
"""

from __future__ import annotations

from local_athena.dialect.casts import result_text
from local_athena.dialect.functions.collections.lambdas import applied
from local_athena.dialect.functions.orders import require_native_equality
from local_athena.dialect.functions.registry import Call, Table
from local_athena.dialect.functions.sqls import invalid, invalid_text
from local_athena.dialect.operators.indeterminate import indeterminate
from local_athena.errors import AthenaError
from local_athena.types.model import DOUBLE, REAL, Type

_NULL_KEY = invalid_text("map key cannot be null")


def checked_map(keys: str, values: str, key_type: Type, *, determinate: bool = True) -> str:
    """A map of two arrays of the same length; null if one is null.

    Raises, when it runs, INVALID_FUNCTION_ARGUMENT for a null key and for one that appears twice.
    """
    require_native_equality(key_type)
    keyed = "pair.k"
    if key_type in (DOUBLE, REAL):
        # DuckDB tells NaN from itself here.
        keyed = "list_transform(pair.k, lambda e: CAST(e + 0.0 AS VARCHAR))"
    null_inside = _of_nulls(key_type) if determinate else ""
    twice = "list_filter(pair.k, lambda e, i: list_position(pair.k, e) < i)[1]"
    duplicate = invalid(f"'Duplicate map keys (' || {result_text(twice, key_type)} || ') are not allowed'")
    return (
        f"list_transform([{{'k': {keys}, 'v': {values}}}], lambda pair: "
        "CASE WHEN pair.k IS NULL OR pair.v IS NULL THEN NULL "
        f"WHEN list_count(pair.k) < len(pair.k) THEN {_NULL_KEY} "
        f"WHEN list_unique({keyed}) < len(pair.k) THEN {duplicate} {null_inside}ELSE map(pair.k, pair.v) END)[1]"
    )


def _of_nulls(key_type: Type) -> str:
    """Refuses keys with nulls inside."""
    inside = indeterminate("e", key_type)
    if inside is None:
        return ""
    first = f"list_filter(pair.k, lambda e: {inside})[1]"
    message = invalid(f"'map key cannot be indeterminate: ' || {result_text(first, key_type)}")
    return f"WHEN len(list_filter(pair.k, lambda e: {inside})) > 0 THEN {message} "


_LENGTHS = invalid_text("Key and value arrays must be the same length")
_NULL_ENTRY = invalid_text("map entry cannot be null")


def _map(call: Call) -> str:
    keys, values = call.sqls
    made = checked_map(keys, values, call.types["K"])
    return f"CASE WHEN len({keys}) <> len({values}) THEN {_LENGTHS} ELSE {made} END"


def _field(call: Call, index: int) -> str:
    """The keys or the values of an array of entries."""
    return f"list_transform({call.sqls[0]}, lambda e: e.f{index})"


def _checked_entries(call: Call, made: str) -> str:
    entries = call.sqls[0]
    return f"CASE WHEN len(list_filter({entries}, lambda e: e IS NULL)) > 0 THEN {_NULL_ENTRY} ELSE {made} END"


def _from_entries(call: Call) -> str:
    return _checked_entries(call, checked_map(_field(call, 1), _field(call, 2), call.types["K"]))


def _multimap(call: Call) -> str:
    require_native_equality(call.types["K"])
    keys = _field(call, 1)
    values = f"list_transform(list_filter({call.sqls[0]}, lambda e: e.f1 = k), lambda e: e.f2)"
    made = (
        f"list_transform([list_distinct({keys})], lambda keys: map(keys, list_transform(keys, lambda k: {values})))[1]"
    )
    return _checked_entries(call, f"CASE WHEN list_count({keys}) < len({keys}) THEN {_NULL_KEY} ELSE {made} END")


def _concat(call: Call) -> str:
    if len(call.arguments) < 2:
        raise AthenaError(
            "INVALID_FUNCTION_ARGUMENT", "There must be two or more concatenation arguments to map_concat"
        )
    require_native_equality(call.types["K"])
    nulls = " OR ".join(f"{sql} IS NULL" for sql in call.sqls)
    # The values of the last map count, and its keys come first.
    maps = ", ".join((*reversed(call.sqls), *call.sqls[1:]))
    return f"CASE WHEN NOT ({nulls}) THEN map_concat({maps}) END"


def _each_entry(call: Call) -> str:
    """The lambda's answers for the entries of the first argument."""
    answer = applied(call.function(1), "e.key", "e.value")
    return f"list_transform(map_entries({call.sqls[0]}), lambda e: {answer})"


def _filter(call: Call) -> str:
    kept = applied(call.function(1), "e.key", "e.value")
    return f"map_from_entries(list_filter(map_entries({call.sqls[0]}), lambda e: {kept}))"


def _transform_keys(call: Call) -> str:
    return checked_map(_each_entry(call), f"map_values({call.sqls[0]})", call.types["K2"], determinate=False)


def _transform_values(call: Call) -> str:
    return f"map(map_keys({call.sqls[0]}), {_each_entry(call)})"


def _zip_with(call: Call) -> str:
    require_native_equality(call.types["K"])
    left, right = call.sqls[0], call.sqls[1]
    answer = applied(call.function(2), "k", f"{left}[k]", f"{right}[k]")
    keys = f"list_distinct(map_keys({left}) || map_keys({right}))"
    made = f"list_transform([{keys}], lambda keys: map(keys, list_transform(keys, lambda k: {answer})))[1]"
    return f"CASE WHEN {left} IS NOT NULL AND {right} IS NOT NULL THEN {made} END"


def _element_at(call: Call) -> str:
    require_native_equality(call.types["K"])
    # NaN is a key, but nobody finds it.
    found = "CASE WHEN NOT isnan({1}) THEN {0}[{1}] END" if call.types["K"] in (DOUBLE, REAL) else "{0}[{1}]"
    return call.filled(found)


SCALARS: Table = {
    "cardinality(map(k,v)) -> bigint": "cardinality({0})::BIGINT",
    "element_at(map(K,V), K) -> V": _element_at,
    "map() -> map(unknown,unknown)": "map([]::INTEGER[], []::INTEGER[])",
    "map(array(K), array(V)) -> map(K,V) for K:comparable": _map,
    "map_concat(map(K,V)...) -> map(K,V)": _concat,
    "map_entries(map(k,v)) -> array(row(k,v))": "list_transform(map_entries({0}), "
    "lambda e: {{'f1': e.key, 'f2': e.value}})",
    "map_filter(map(K,V), function(K,V,boolean)) -> map(K,V)": _filter,
    "map_from_entries(array(row(k,v))) -> map(k,v) for K:comparable": _from_entries,
    "map_keys(map(k,v)) -> array(k)": "map_keys({0})",
    "map_values(map(k,v)) -> array(v)": "map_values({0})",
    "map_zip_with(map(K,V1), map(K,V2), function(K,V1,V2,V3)) -> map(K,V3)": _zip_with,
    "multimap_from_entries(array(row(k,v))) -> map(k,array(v)) for K:comparable": _multimap,
    "transform_keys(map(K1,V), function(K1,V,K2)) -> map(K2,V)": _transform_keys,
    "transform_values(map(K,V1), function(K,V1,V2)) -> map(K,V2)": _transform_values,
}
