"""Aggregate functions that DuckDB has in the same sense, or nearly.

Source: https://trino.io/docs/current/functions/aggregate.html
"""

from __future__ import annotations

from collections.abc import Sequence

from local_athena.dialect.casts import cast
from local_athena.dialect.functions.orders import require_native_equality, require_native_order
from local_athena.dialect.functions.registry import Call, Table
from local_athena.dialect.functions.sqls import each, escaped, invalid, invalid_text
from local_athena.dialect.operators import arithmetic
from local_athena.dialect.operators.comparison import compared
from local_athena.dialect.operators.keys import key_sql
from local_athena.dialect.representation import literal
from local_athena.dialect.runtime import PythonFunction
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError, not_supported, raise_sql
from local_athena.types.model import BIGINT, DOUBLE, REAL, Array, Decimal, Row, Varchar

_INTERVALS = ("interval day to second", "interval year to month")
_FLOATS = (DOUBLE, REAL)
# A sum of decimals this narrow cannot outgrow 38 digits.
_SAFE_DIGITS = 26
_MOST = 10_000
_LONGEST_TEXT = 1_048_576


def _sum_of_decimals(call: Call) -> str:
    given = call.typed(0).type
    if isinstance(given, Decimal) and given.precision <= _SAFE_DIGITS:
        return "@sum({0})"
    scale = call.numbers["s"] or 0
    largest = f"'{'9' * (38 - scale)}.{'9' * scale}'::DECIMAL(38, {scale})"
    overflow = raise_sql("NUMERIC_VALUE_OUT_OF_RANGE", literal("Decimal overflow"))
    checked = f"CASE WHEN abs(total) > {largest} THEN {overflow} ELSE total END"
    return f"list_transform([@sum({{0}})], lambda total: {checked})[1]"


def _average_of_decimals(call: Call) -> str:
    """The sum divided as Trino divides decimals, which rounds half up."""
    given = call.typed(0).type
    if not isinstance(given, Decimal):
        raise TypeError("avg of decimals takes a decimal")
    total, count = Typed("@sum({0})", Decimal(38, given.scale)), Typed("nullif(@count({0}), 0)", BIGINT)
    return escaped(cast(arithmetic("/", total, count), given).sql).replace("{{0}}", "{0}")


def _extreme(call: Call) -> str:
    """NaN is neither the least nor the greatest while there is another number."""
    type_ = call.types["T"]
    require_native_order(type_)
    if isinstance(type_, (Array, Row)):
        # Trino surely compares these two, and fails where a null decides.
        both = escaped(compared("<=", "first[1]", "first[2]", type_))
        checked = f"CASE WHEN len(first) > 1 AND {both} IS NULL THEN NULL ELSE first[1] END"
        return f"list_transform([@{call.name}({{0}}, 2)], lambda first: {checked})[1]"
    plain = f"@{call.name}({{0}})"
    return f"coalesce(@{call.name}(CASE WHEN NOT isnan({{0}}) THEN {{0}} END), {plain})" if type_ in _FLOATS else plain


def _several_extremes(call: Call) -> str:
    require_native_order(call.types["E"])
    if isinstance(call.types["E"], Array):
        raise not_supported(f"The local Athena has no {call.name} of several arrays")
    count = _count_of(call, 1, "second", f"{call.name}_n")
    # NaN is the least of all to max, and the greatest to min; DuckDB has it the greatest to both.
    counted = call.types["E"] in _FLOATS and call.name == "max"
    value = "CASE WHEN NOT isnan({0}) THEN {0} END" if counted else "{0}"
    return count or f"@{call.name}({value}, {{1}})"


def _count_of(call: Call, index: int, ordinal: str, name: str) -> str | None:
    """An error for a number of values that Trino refuses; None if it takes it."""
    count = call.constant(index)
    if not isinstance(count, int):
        raise not_supported(f"The local Athena wants a literal as {ordinal} argument of {call.name}")
    if count <= 0 and name.endswith("_by"):
        return invalid_text(f"{ordinal} argument of {name} must be a positive integer")
    if count <= 0:
        return invalid_text(f"{ordinal} argument of {name} must be positive")
    if count > _MOST:
        return invalid_text(f"{ordinal} argument of {name} must be less than or equal to {_MOST}; found {count}")
    return None


def _key_of(call: Call) -> str:
    """NaN as a key loses against every number."""
    require_native_order(call.types["K"])
    if call.types["K"] not in _FLOATS:
        return "{1}"
    return f"CASE WHEN isnan({{1}}) THEN '{'-' if call.name == 'max_by' else ''}infinity' ELSE {{1}} END"


def _by_key(call: Call) -> str:
    return f"@arg_{call.name[:3]}_null({{0}}, {_key_of(call)})"


def _several_by_key(call: Call) -> str:
    count = _count_of(call, 2, "third", call.name)
    kept = f"@arg_{call.name[:3]}({{{{'kept': {{0}}}}}}, {_key_of(call)}, {{2}})"
    return count or f"list_transform({kept}, lambda e: e.kept)"


def _approximate_distinct(call: Call) -> str:
    distinct = f"count(DISTINCT {key_sql('{0}', call.typed(0).type)}){{after}}"
    if len(call.arguments) == 1:
        return distinct
    wrong = invalid("'Max standard error must be in [0.0040625, 0.26]: ' || any_value({1}){after}")
    fitting = "any_value(CASE WHEN {0} IS NOT NULL THEN {1} END){after} NOT BETWEEN 0.0040625 AND 0.26"
    return f"CASE WHEN {fitting} THEN {wrong} ELSE {distinct} END"


def _histogram(call: Call) -> str:
    require_native_equality(call.types["T"])
    # DuckDB counts NaN among the numbers, and tells the zeros apart.
    counted = "{0} + 0.0 AS VARCHAR" if call.types["T"] in _FLOATS else "{0} AS {T}"
    return f"CAST(@histogram(CAST({counted})) AS {{result}})"


def _not_a_number(sql: str) -> str:
    """Null in place of NaN."""
    return f"nullif({sql}, 'nan'::DOUBLE)"


_CORRELATION = _not_a_number("@regr_sxy({0}, {1}) / sqrt(@regr_sxx({0}, {1})) / sqrt(@regr_syy({0}, {1}))")
_PAIRED = {
    "corr": _CORRELATION,
    "covar_pop": "@covar_pop({0}, {1})",
    "covar_samp": _not_a_number("@covar_samp({0}, {1})"),
    "regr_slope": _not_a_number("@regr_slope({0}, {1})"),
    "regr_intercept": _not_a_number("@regr_intercept({0}, {1})"),
}
_SPREAD = {
    "stddev": "stddev_samp",
    "stddev_samp": "stddev_samp",
    "stddev_pop": "stddev_pop",
    "variance": "var_samp",
    "var_samp": "var_samp",
    "var_pop": "var_pop",
}
# DuckDB fails where an infinite number makes the answer NaN.
_FINITE = "CASE WHEN @bool_or(NOT isfinite({0})) THEN 'nan'::DOUBLE ELSE @$(CASE WHEN isfinite({0}) THEN {0} END) END"
# DuckDB corrects skewness for samples, Trino does not.
_UNCORRECTED = "(@count({0}) - 2) / sqrt(@count({0}) * (@count({0}) - 1))"
_EVEN = "CASE WHEN @count({0}) > $ AND @min({0}) = @max({0}) THEN 'nan'::DOUBLE"
_GEOMETRIC = (
    "CASE WHEN @min({0}) < 0 THEN 'nan'::DOUBLE WHEN @min({0}) = 0 THEN 0 "
    "ELSE @geometric_mean(CASE WHEN {0} > 0 THEN {0} END) END"
)
_TOO_LONG = raise_sql(
    "EXCEEDED_FUNCTION_MEMORY_LIMIT",
    literal(f"Concatenated string has the length in bytes larger than the maximum output length {_LONGEST_TEXT}"),
)
_FITTING = f"CASE WHEN strlen(made) > {_LONGEST_TEXT} THEN {_TOO_LONG} ELSE made END"
_CHECKED = f"list_transform([$], lambda made: {_FITTING})[1]"


def _listagg(call: Call) -> str:
    if not isinstance(call.types["T"], Varchar):
        raise AthenaError("TYPE_MISMATCH", f"Expected expression of varchar, but it has {call.types['T']} type")
    separator = "{1}" if len(call.arguments) > 1 else "''"
    if len(call.arguments) == 5 and call.constant(2) is False:
        return "trino_listagg(@list({0}), any_value({1}){after}, any_value({3}){after}, any_value({4}){after})"
    return _CHECKED.replace("$", f"@string_agg({{0}}, {separator})")


def _cut_text(texts: Sequence[str | None], separator: str, filler: str, count: bool) -> str | None:
    """Joins texts until there is no more room, and says how many are missing."""
    known = [text for text in texts if text is not None]
    taken, size = 0, 0
    for text in known:
        size += len(text.encode()) + (len(separator.encode()) if taken else 0)
        if size > _LONGEST_TEXT:
            break
        taken += 1
    if taken == len(known):
        return separator.join(known) if known else None
    missing = f"({len(known) - taken})" if count else ""
    return separator.join([*known[:taken], filler + missing])


AGGREGATES: Table = {
    "count() -> bigint": "@count(*)",
    "count(t) -> bigint": "@count({0})",
    "count_if(boolean) -> bigint": "CAST(coalesce(@count_if({0}), 0) AS BIGINT)",
    "sum(bigint) -> bigint": "CAST(@sum({0}) AS BIGINT)",
    "sum(double) -> double": "@sum({0})",
    "sum(real) -> real": "CAST(@sum({0}::DOUBLE) AS FLOAT)",
    "sum(decimal(p,s)) -> decimal(38,s)": _sum_of_decimals,
    **{f"sum({name}) -> {name}": "CAST(@sum({0}) AS BIGINT)" for name in _INTERVALS},
    "avg(bigint) -> double": "@avg({0})",
    "avg(double) -> double": "@avg({0})",
    "avg(real) -> real": "CAST(@avg({0}::DOUBLE) AS FLOAT)",
    "avg(decimal(p,s)) -> decimal(p,s)": _average_of_decimals,
    **{f"avg({name}) -> {name}": "CAST(round(@avg({0}), 0) AS BIGINT)" for name in _INTERVALS},
    **each(
        ("min", "max"),
        {"$(t) -> t for T:orderable": _extreme, "$(e, bigint) -> array(e) for E:orderable": _several_extremes},
    ),
    **each(
        ("min_by", "max_by"),
        {"$(v, k) -> v for K:orderable": _by_key, "$(v, k, bigint) -> array(v) for K:orderable": _several_by_key},
    ),
    **each(("arbitrary", "any_value"), {"$(t) -> t": "@any_value({0})"}),
    "array_agg(t) -> array(t)": "@list({0})",
    "bool_and(boolean) -> boolean": "@bool_and({0})",
    "bool_or(boolean) -> boolean": "@bool_or({0})",
    "every(boolean) -> boolean": "@bool_and({0})",
    "bitwise_and_agg(bigint) -> bigint": "@bit_and({0})",
    "bitwise_or_agg(bigint) -> bigint": "@bit_or({0})",
    **each(
        ("boolean", "unknown"),
        {
            "approx_distinct($) -> bigint": _approximate_distinct,
            "approx_distinct($, double) -> bigint": _approximate_distinct,
        },
    ),
    "approx_distinct(t) -> bigint for T:comparable": _approximate_distinct,
    "approx_distinct(t, double) -> bigint for T:comparable": _approximate_distinct,
    **{
        f"{name}({type_}, {type_}) -> {type_}": template if type_ == "double" else f"CAST({template} AS FLOAT)"
        for name, template in _PAIRED.items()
        for type_ in ("double", "real")
    },
    **{f"{name}(bigint) -> double": f"@{native}({{0}}::DOUBLE)" for name, native in _SPREAD.items()},
    **{f"{name}(double) -> double": _FINITE.replace("$", native) for name, native in _SPREAD.items()},
    **each(
        ("bigint", "double"),
        {
            "skewness($) -> double": f"{_EVEN.replace('$', '2')} ELSE @skewness({{0}}::DOUBLE) * {_UNCORRECTED} END",
            "kurtosis($) -> double": f"{_EVEN.replace('$', '3')} ELSE @kurtosis({{0}}::DOUBLE) END",
            "geometric_mean($) -> double": _GEOMETRIC,
        },
    ),
    "geometric_mean(real) -> real": f"CAST({_GEOMETRIC} AS FLOAT)",
    "histogram(t) -> map(t,bigint) for T:comparable": _histogram,
    **each(("t", "t, varchar", "t, varchar, boolean, varchar, boolean"), {"listagg($) -> varchar": _listagg}),
}

PYTHON = (PythonFunction("trino_listagg", _cut_text, ("VARCHAR[]", "VARCHAR", "VARCHAR", "BOOLEAN"), "VARCHAR"),)
