"""Aggregates that collect all values before they say anything: maps, percentiles, checksums, reduce_agg.

Source: https://trino.io/docs/current/functions/aggregate.html
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

from local_athena.dialect.functions.hashing import PRIME, xxhash64
from local_athena.dialect.functions.orders import require_native_equality
from local_athena.dialect.functions.registry import Call, Table
from local_athena.dialect.functions.sqls import each, escaped, first_places, invalid_text
from local_athena.dialect.representation import MOST_DIGITS, duckdb_type
from local_athena.dialect.runtime import PythonFunction
from local_athena.errors import not_supported, raise_text
from local_athena.types.model import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    IPADDRESS,
    JSON,
    REAL,
    SMALLINT,
    TINYINT,
    UUID,
    VARBINARY,
    Decimal,
    Simple,
    Time,
    Timestamp,
    Type,
    Varchar,
)

_LONGEST_SHORT_DECIMAL = 18
_MS_DIGITS = 3
_ENTRIES = "@list({{'key': {0}, 'value': {1}}})"
_ENTRIES_OF_MAPS = "flatten(list_transform(@list({0}), lambda m: map_entries(m)))"
_WITH_KEYS = "list_transform([list_filter($, lambda e: e.key IS NOT NULL)], lambda entries: "
_KEYS = "list_transform(entries, lambda o: o.key)"
_UNIQUE = f"list_unique({_KEYS})"
_UNIQUE_TEXTS = f"list_unique(list_transform({_KEYS}, lambda o: CAST(o + 0.0 AS VARCHAR)))"
# Of several values for one key, Trino keeps the first.
_FIRST_WINS = (
    f"{_WITH_KEYS}CASE WHEN coalesce(len(entries), 0) = 0 THEN NULL "
    f"WHEN {_UNIQUE} = len(entries) THEN map_from_entries(entries) "
    f"ELSE map_from_entries(list_select(entries, {first_places(_KEYS)})) END)[1]"
)
# The entries in the order of their keys, each with its place; where a key begins; and where the next one does.
_SORTED = "list_sort(list_transform(entries, lambda e, i: {{'k': e.key, 'i': i}}))"
_BEGINNINGS = (
    "list_filter(list_transform(list_zip(s, list_prepend(NULL, s[:-2])), lambda p, j: "
    "CASE WHEN p[2] IS NULL OR p[1].k IS DISTINCT FROM p[2].k THEN j END), lambda j: j IS NOT NULL)"
)
_VALUES = "list_transform(list_select(entries, list_transform(s, lambda x: x.i)), lambda e: e.value)"
# A slice would copy the list for each key; a selection does not.
_PARTS = (
    "list_transform(list_zip(starts, list_append(starts[2:], len(s) + 1)), "
    "lambda p: list_select(ordered, range(p[1], p[2])))"
)
_BY_KEY = (
    f"list_transform([{_BEGINNINGS}], lambda starts: list_transform([{_VALUES}], lambda ordered: "
    f"map(list_transform(starts, lambda j: s[j].k), {_PARTS}))[1])[1]"
)
_GROUPED = (
    f"{_WITH_KEYS}CASE WHEN coalesce(len(entries), 0) > 0 "
    f"THEN list_transform([{_SORTED}], lambda s: {_BY_KEY})[1] END)[1]"
)


def _map(template: str) -> Callable[[Call], str]:
    def made(call: Call) -> str:
        require_native_equality(call.types["K"])
        # DuckDB tells NaN from itself here.
        return template.replace(_UNIQUE, _UNIQUE_TEXTS) if call.types["K"] in (DOUBLE, REAL) else template

    return made


# The value at a percentile of what an exact t-digest holds: the one at that place of the ordered values.
_BAD_PERCENTILE = invalid_text("Percentile must be between 0 and 1")
_VALUE_AT = (
    f"CASE WHEN all_.n = 0 THEN NULL WHEN $ < 0 OR $ > 1 THEN {_BAD_PERCENTILE} "
    "WHEN $ IS NOT NULL THEN all_.s[least(floor($ * all_.n)::BIGINT, all_.n - 1) + 1] END"
)
_ORDERED = (
    "list_transform([{{'s': list_sort(@list({0}), 'ASC', 'NULLS LAST'), 'n': @count({0}), 'q': @any_value({1})}}], "
    "lambda all_: $)[1]"
)
_PERCENTILE = _ORDERED.replace("$", _VALUE_AT.replace("$", "all_.q"))
_PERCENTILES = _ORDERED.replace(
    "$", f"CASE WHEN all_.n > 0 THEN list_transform(all_.q, lambda q: {_VALUE_AT.replace('$', 'q')}) END"
)
_WEIGHTED = "trino_percentile(@list({0}::DOUBLE), @list({1}::DOUBLE), $)"
_NUMBERS = {"bigint": "CAST(floor($ + 0.5) AS BIGINT)", "double": "$", "real": "CAST($ AS FLOAT)"}


def _weighted(type_: str, *, several: bool) -> str:
    value = _NUMBERS[type_].replace("$", _WEIGHTED.replace("$", "q" if several else "@any_value({2})"))
    if not several:
        return value
    lists = "[{{'v': @list({0}::DOUBLE), 'w': @list({1}::DOUBLE), 'q': @any_value({2})}}]"
    one = _NUMBERS[type_].replace("$", "trino_percentile(all_.v, all_.w, q)")
    return f"list_transform({lists}, lambda all_: list_transform(all_.q, lambda q: {one}))[1]"


def _percentile(values: Sequence[float | None], weights: Sequence[float | None], percentile: float) -> float | None:
    """What a t-digest says that has merged nothing; it interpolates between values of a weight above 1."""
    pairs = [(v, w) for v, w in zip(values, weights, strict=True) if v is not None and w is not None]
    for _, weight in pairs:
        if weight < 1:
            raise_text("INVALID_FUNCTION_ARGUMENT", f"weight must be >= 1, was {weight}")
    if not 0 <= percentile <= 1:
        raise_text("INVALID_FUNCTION_ARGUMENT", "Percentile must be between 0 and 1")
    if not pairs:
        return None
    pairs.sort()
    means, sizes = [value for value, _ in pairs], [weight for _, weight in pairs]
    total = sum(sizes)
    index = percentile * total
    if len(means) == 1 or index < 1:
        return means[0]
    if index > total - 1 or total - index <= sizes[-1] / 2:
        return means[-1]
    if index < sizes[0] / 2:
        return means[0]
    return _between(means, sizes, index)


def _between(means: Sequence[float], sizes: Sequence[float], index: float) -> float:
    before = sizes[0] / 2
    for left, right, size, following in zip(means, means[1:], sizes, sizes[1:], strict=False):
        step = (size + following) / 2
        if before + step > index:
            from_left, from_right = index - before, before + step - index
            if size == 1 and from_left < 0.5:
                return left
            if following == 1 and from_right <= 0.5:
                return right
            near, far = from_left - (0.5 if size == 1 else 0), from_right - (0.5 if following == 1 else 0)
            return (left * far + right * near) / (far + near)
        before += step
    return means[-1]


_CHECKED: dict[Type, str] = {
    **dict.fromkeys((TINYINT, SMALLINT, INTEGER, BIGINT), "{0}::BIGINT"),
    BOOLEAN: "{0}::BIGINT",
    DATE: "date_diff('day', DATE '1970-01-01', {0})",
    DOUBLE: "{0}",
}


def _checksum(call: Call) -> str:
    type_ = call.types["T"]
    if isinstance(type_, Varchar):
        return "trino_checksum_text(@list({0}))"
    if isinstance(type_, Decimal) and type_.precision <= _LONGEST_SHORT_DECIMAL:
        return f"trino_checksum_integer(@list(({{0}} * {10**type_.scale})::BIGINT))"
    if type_ not in _CHECKED:
        raise not_supported(f"The local Athena has no checksum of values of type {type_}")
    return f"trino_checksum_{'double' if type_ == DOUBLE else 'integer'}(@list({_CHECKED[type_]}))"


def _sum_of_hashes(pack: Callable[[Any], bytes]) -> Callable[[Sequence[Any]], bytes]:
    def checksum(values: Sequence[Any]) -> bytes:
        hashes = (PRIME if value is None else xxhash64(pack(value)) * PRIME for value in values)
        return (sum(hashes) % 2**64).to_bytes(8, "little")

    return checksum


def _is_held_in_64_bits(type_: Type) -> bool:
    match type_:
        case Decimal(precision, _):
            return precision <= _LONGEST_SHORT_DECIMAL
        case Timestamp(precision, zoned):
            return precision <= (_MS_DIGITS if zoned else MOST_DIGITS)
    return isinstance(type_, Simple | Time) and type_ not in (VARBINARY, JSON, UUID, IPADDRESS)


def _reduce_agg(call: Call) -> str:
    """The states of parallel parts are never combined here: there is one part."""
    state = call.types["S"]
    if not _is_held_in_64_bits(state):
        raise not_supported(f"State type not supported for reduce_agg: {state}")
    step = call.function(2)
    first, second = step.names
    held, taken = duckdb_type(state), duckdb_type(call.types["T"])
    values = "list_filter(@list({0}), lambda x: x IS NOT NULL)"
    items = f"list_transform({values}, lambda x: {{{{'s': NULL::{held}, 'x': x}}}})"
    start = f"{{{{'s': @any_value({{1}}), 'x': NULL::{taken}}}}}"
    body = escaped(step.body.sql)
    inner = f"list_transform([b.x], lambda {second}: {body})[1]"
    folded = f"list_transform([a.s], lambda {first}: {inner})[1]"
    next_ = f"{{{{'s': {folded}, 'x': NULL::{taken}}}}}"
    state_sql = f"list_reduce(list_prepend({start}, {items}), lambda a, b: {next_}).s"
    return f"CASE WHEN @count({{0}}) > 0 THEN {state_sql} END"


AGGREGATES: Table = {
    "map_agg(k, v) -> map(k,v) for K:comparable": _map(_FIRST_WINS.replace("$", _ENTRIES)),
    "map_union(map(k,v)) -> map(k,v) for K:comparable": _map(_FIRST_WINS.replace("$", _ENTRIES_OF_MAPS)),
    "multimap_agg(k, v) -> map(k,array(v)) for K:comparable": _map(_GROUPED.replace("$", _ENTRIES)),
    **each(
        ("bigint", "double", "real"),
        {
            "approx_percentile($, double) -> $": _PERCENTILE,
            "approx_percentile($, array(double)) -> array($)": _PERCENTILES,
        },
    ),
    **{f"approx_percentile({name}, double, double) -> {name}": _weighted(name, several=False) for name in _NUMBERS},
    **{
        f"approx_percentile({name}, double, double, double) -> {name}": _weighted(name, several=False)
        for name in _NUMBERS
    },
    **{
        f"approx_percentile({name}, double, array(double)) -> array({name})": _weighted(name, several=True)
        for name in _NUMBERS
    },
    "checksum(t) -> varbinary for T:comparable": _checksum,
    "reduce_agg(T, S, function(S,T,S), function(S,S,S)) -> S for T, S": _reduce_agg,
}

PYTHON = (
    PythonFunction("trino_percentile", _percentile, ("DOUBLE[]", "DOUBLE[]", "DOUBLE"), "DOUBLE"),
    PythonFunction(
        "trino_checksum_integer", _sum_of_hashes(lambda value: struct.pack("<q", value)), ("BIGINT[]",), "BLOB"
    ),
    PythonFunction(
        "trino_checksum_double", _sum_of_hashes(lambda value: struct.pack("<d", value + 0.0)), ("DOUBLE[]",), "BLOB"
    ),
    PythonFunction("trino_checksum_text", _sum_of_hashes(lambda value: value.encode()), ("VARCHAR[]",), "BLOB"),
)
