"""Mathematical functions, and `greatest` and `least`.

Source: https://trino.io/docs/current/functions/math.html
"""

from __future__ import annotations

from functools import reduce

from local_athena.dialect.functions.orders import require_native_order
from local_athena.dialect.functions.registry import Call, Table
from local_athena.dialect.functions.sqls import each, invalid_text, out_of_range
from local_athena.dialect.operators import arithmetic
from local_athena.dialect.operators.comparison import compared
from local_athena.dialect.representation import duckdb_type
from local_athena.dialect.snippets import once_each
from local_athena.dialect.typed import Typed
from local_athena.types.model import DOUBLE, REAL, Array, Decimal, Row, Type

_INTEGERS = {"tinyint": 8, "smallint": 16, "integer": 32, "bigint": 64}
_FLOATS = ("real", "double")
_NOT_A_NUMBER = "'nan'::DOUBLE"


def _lowest(bits: int) -> str:
    return f"(-{2 ** (bits - 1) - 1} - 1)"


def _absolute(name: str, bits: int) -> str:
    error = out_of_range(f"'Value {-(2 ** (bits - 1))} is out of range for abs({name})'")
    return f"CASE WHEN {{0}} = {_lowest(bits)} THEN {error} ELSE abs({{0}}) END"


def _decimal(call: Call) -> Decimal:
    type_ = call.typed(0).type
    if not isinstance(type_, Decimal):
        raise TypeError(f"{call.name} of decimals takes a decimal")
    return type_


def _whole(call: Call, sql: str, *, carry: bool) -> Typed:
    """A decimal without a fraction; rounding can carry into one more digit."""
    given = _decimal(call)
    precision = min(38, given.precision - given.scale + (1 if carry and given.scale > 0 else 0))
    made = Decimal(max(precision, 1), 0)
    return Typed(f"({sql}::DECIMAL({made.precision}, 0))", made)


def _ceiling(call: Call) -> Typed:
    return _whole(call, f"ceil({call.sqls[0]})", carry=True)


def _floor(call: Call) -> Typed:
    return _whole(call, f"floor({call.sqls[0]})", carry=True)


def _round(call: Call) -> Typed:
    return _whole(call, f"round({call.sqls[0]}, 0)", carry=True)


def _truncate(call: Call) -> Typed:
    return _whole(call, f"trunc({call.sqls[0]})", carry=False)


def _digits(call: Call, function: str, made: Decimal) -> Typed:
    """DuckDB wants the number of digits of a decimal as a constant: one case for each that matters."""
    given = _decimal(call)
    wide = f"{call.sqls[0]}::DECIMAL(38, {given.scale})"
    kept = duckdb_type(made)

    def cut(digits: int) -> str:
        if digits >= given.scale:
            return f"CAST({call.sqls[0]} AS {kept})"
        if digits < given.scale - given.precision:
            return f"CASE WHEN {call.sqls[0]} IS NOT NULL THEN CAST(0 AS {kept}) END"
        return f"CAST({function}({wide}, {digits}) AS {kept})"

    digits = call.constant(1)
    if isinstance(digits, int):
        return Typed(cut(digits), made)
    lowest = given.scale - given.precision
    cases = "".join(f" WHEN {number} THEN {cut(number)}" for number in range(lowest, given.scale))
    others = (
        f"WHEN {call.sqls[1]} >= {given.scale} THEN {cut(given.scale)} WHEN {call.sqls[1]} < {lowest} THEN {cut(-99)}"
    )
    return Typed(f"(CASE {call.sqls[1]}{cases} ELSE CASE {others} END END)", made)


def _round_digits(call: Call) -> Typed:
    given = _decimal(call)
    return _digits(call, "round", Decimal(min(38, given.precision + 1), given.scale))


def _truncate_digits(call: Call) -> Typed:
    return _digits(call, "trunc", _decimal(call))


def _modulus(call: Call) -> Typed:
    return arithmetic("%", call.typed(0), call.typed(1))


def _extreme(call: Call) -> str:
    type_ = call.types["E"]
    require_native_order(type_)
    nulls = " OR ".join(f"{sql} IS NULL" for sql in call.sqls)
    return f"CASE WHEN NOT ({nulls}) THEN {_of_numbers(call, type_)} END"


def _of_numbers(call: Call, type_: Type) -> str:
    """NaN is neither the greatest nor the least while there is another number."""
    if isinstance(type_, (Array, Row)):
        return _of_containers(call, type_)
    if type_ not in (DOUBLE, REAL) or call.name == "least":
        return f"{call.name}({', '.join(call.sqls)})"
    numbers = ", ".join(f"CASE WHEN NOT isnan({sql}) THEN {sql} END" for sql in call.sqls)
    return f"coalesce(greatest({numbers}), {call.sqls[0]})"


def _of_containers(call: Call, type_: Type) -> str:
    """One after the other is compared, which fails where a null would decide."""
    operator = "<" if call.name == "least" else ">"

    def nearer(kept: str, next_: str) -> str:
        return once_each(
            (kept, next_), lambda a, b: f"CASE WHEN {compared(operator, b, a, type_)} THEN {b} ELSE {a} END"
        )

    return reduce(nearer, call.sqls)


def _logarithm(function: str, argument: str = "{0}") -> str:
    template = "CASE WHEN {0} = 0 THEN '-infinity'::DOUBLE WHEN {0} < 0 THEN 'nan'::DOUBLE ELSE $({0}) END"
    return template.replace("$", function).replace("{0}", argument)


# DuckDB's comes out a little beside it: one step of Newton's method mends that.
_CUBE_ROOT = (
    "list_transform([cbrt({0})], lambda root: CASE WHEN root = 0 OR NOT isfinite(root) THEN root "
    "ELSE root - (root * root * root - {0}) / (3 * root * root) END)[1]"
)
# DuckDB loses infinity when it rounds to tens, and keeps the sign of zero.
_ROUND = (
    "CASE WHEN {0} = 0 AND $ IS NOT NULL THEN 0 WHEN isfinite({0}) THEN round({0}, $) WHEN $ IS NOT NULL THEN {0} END"
)
_OVERFLOW = out_of_range("'numerical overflow: ' || {0}")
# Half a unit is added away from zero, in numbers wide enough to see an overflow.
_UNIT = "(10 ** -{1})::HUGEINT"
_ROUNDED = f"((({{0}}::HUGEINT + sign({{0}}) * ({_UNIT} // 2)) // {_UNIT}) * {_UNIT})"


def _rounded(name: str, bits: int) -> str:
    error = out_of_range(f"'Out of range for {name}: ' || {_ROUNDED}")
    return (
        "CASE WHEN {1} >= 0 THEN {0} "
        f"WHEN {{1}} < -18 AND {{0}} IS NOT NULL THEN {_OVERFLOW} "
        f"WHEN {_ROUNDED} NOT BETWEEN {_lowest(bits)} AND {2 ** (bits - 1) - 1} THEN {error} "
        f"ELSE CAST({_ROUNDED} AS {{result}}) END"
    )


_UNBOUND = invalid_text("bound must be positive")
_UNORDERED = invalid_text("start value must be less than stop value")


def _constants(names: dict[str, str]) -> dict[str, str]:
    return {f"{name}() -> double": f"{value}::DOUBLE" for name, value in names.items()}


SCALARS: Table = {
    **{f"abs({name}) -> {name}": _absolute(name, bits) for name, bits in _INTEGERS.items()},
    **{f"abs({name}) -> {name}": "abs({0})" for name in _FLOATS},
    "abs(decimal(p,s)) -> decimal(p,s)": "abs({0})",
    **each(
        ("ceil", "ceiling"),
        {
            **{f"$({name}) -> {name}": "{0}" for name in _INTEGERS},
            **{f"$({name}) -> {name}": "ceil({0})" for name in _FLOATS},
            "$(decimal(p,s)) -> decimal(rp,0)": _ceiling,
        },
    ),
    **{f"floor({name}) -> {name}": "{0}" for name in _INTEGERS},
    **{f"floor({name}) -> {name}": "floor({0})" for name in _FLOATS},
    "floor(decimal(p,s)) -> decimal(rp,0)": _floor,
    **{f"round({name}) -> {name}": "{0}" for name in _INTEGERS},
    **{f"round({name}, integer) -> {name}": _rounded(name, bits) for name, bits in _INTEGERS.items()},
    **{f"round({name}) -> {name}": _ROUND.replace("$", "0") for name in _FLOATS},
    **{f"round({name}, integer) -> {name}": _ROUND.replace("$", "{1}") for name in _FLOATS},
    "round(decimal(p,s)) -> decimal(rp,rs)": _round,
    "round(decimal(p,s), integer) -> decimal(rp,rs)": _round_digits,
    **{f"truncate({name}) -> {name}": "trunc({0})" for name in _FLOATS},
    "truncate(decimal(p,s)) -> decimal(rp,0)": _truncate,
    "truncate(decimal(p,s), integer) -> decimal(p,s)": _truncate_digits,
    **{f"sign({name}) -> {name}": "sign({0})::{result}" for name in _INTEGERS},
    **{
        f"sign({name}) -> {name}": "CASE WHEN isnan({0}) OR {0} = 0 THEN {0} ELSE sign({0})::{result} END"
        for name in _FLOATS
    },
    "sign(decimal(p,s)) -> decimal(1,0)": "sign({0})::DECIMAL(1, 0)",
    **{f"mod({name}, {name}) -> {name}": _modulus for name in (*_INTEGERS, *_FLOATS)},
    "mod(decimal(a_precision,a_scale), decimal(b_precision,b_scale)) -> decimal(r_precision,r_scale)": _modulus,
    **{f"{name}(double) -> double": f"{name}({{0}})" for name in ("cosh", "sinh", "tanh", "exp", "atan")},
    **{f"{name}(double) -> double": f"{name}({{0}})" for name in ("degrees", "radians")},
    **{
        f"{name}(double) -> double": f"CASE WHEN isinf({{0}}) THEN {_NOT_A_NUMBER} ELSE {name}({{0}}) END"
        for name in ("sin", "cos", "tan")
    },
    **{
        f"{name}(double) -> double": f"CASE WHEN abs({{0}}) > 1 THEN {_NOT_A_NUMBER} ELSE {name}({{0}}) END"
        for name in ("asin", "acos")
    },
    "atan2(double, double) -> double": "atan2({0}, {1})",
    "cbrt(double) -> double": _CUBE_ROOT,
    "sqrt(double) -> double": f"CASE WHEN {{0}} < 0 THEN {_NOT_A_NUMBER} ELSE sqrt({{0}}) END",
    "ln(double) -> double": _logarithm("ln"),
    "log(double, double) -> double": f"{_logarithm('ln', '{1}')} / {_logarithm('ln')}",
    "log2(double) -> double": f"{_logarithm('ln')} / ln(2::DOUBLE)",
    "log10(double) -> double": _logarithm("log10"),
    **each(("pow", "power"), {"$(double, double) -> double": "pow({0}, {1})"}),
    **_constants({"e": "2.718281828459045", "pi": "pi()", "nan": "'nan'", "infinity": "'infinity'"}),
    "is_finite(double) -> boolean": "isfinite({0})",
    "is_infinite(double) -> boolean": "isinf({0})",
    **{f"is_nan({name}) -> boolean": "isnan({0})" for name in _FLOATS},
    **each(("rand", "random"), {"$() -> double": "random()"}),
    **each(
        ("rand", "random"),
        {
            f"$({name}) -> {name}": f"CASE WHEN {{0}} <= 0 THEN {_UNBOUND} ELSE floor(random() * {{0}})::{{result}} END"
            for name in _INTEGERS
        },
    ),
    **each(
        ("rand", "random"),
        {
            f"$({name}, {name}) -> {name}": f"CASE WHEN {{0}} >= {{1}} THEN {_UNORDERED} "
            "ELSE ({0} + floor(random() * ({1}::HUGEINT - {0})))::{result} END"
            for name in _INTEGERS
        },
    ),
    **each(("greatest", "least"), {"$(E...) -> E for E:orderable": _extreme}),
}
