"""Arithmetic of decimals: Trino's types of results, and its rounding.

Source: https://trino.io/docs/current/functions/decimal.html
"""

from __future__ import annotations

import decimal

from local_athena.dialect.operators.combine import combined
from local_athena.dialect.representation import duckdb_type
from local_athena.dialect.runtime import PythonFunction
from local_athena.dialect.snippets import fail, failing, once_each
from local_athena.dialect.typed import Typed
from local_athena.errors import raise_text
from local_athena.types.model import MAX_DECIMAL_PRECISION, Decimal

DIVIDED_BY_ZERO = fail("DIVISION_BY_ZERO", "Division by zero")
_EXACT = decimal.Context(prec=120)


def decimal_arithmetic(operator: str, left: Typed, right: Typed) -> Typed:
    """An operation on two decimals."""
    first, second = left.type, right.type
    assert isinstance(first, Decimal), "a decimal"
    assert isinstance(second, Decimal), "a decimal"
    type_ = _TYPES[operator](first, second)
    if type_.scale > MAX_DECIMAL_PRECISION:
        message = f"DECIMAL scale must be in range [0, precision ({MAX_DECIMAL_PRECISION})]: {type_.scale}"
        type_ = Decimal(MAX_DECIMAL_PRECISION, 0)
        return combined(failing(type_, "INVALID_FUNCTION_ARGUMENT", message), type_, left, right)
    sqls = (left.sql, right.sql)
    if operator in "+-*":
        sql = f"({left.sql} {operator} {right.sql})"
    elif operator == "/":
        sql = once_each(sqls, lambda dividend, divisor: _quotient(dividend, first, divisor, second, type_))
    else:
        sql = once_each(sqls, lambda dividend, divisor: _remainder(dividend, first, divisor, second))
    return combined(f"CAST({sql} AS {duckdb_type(type_)})", type_, left, right)


def _sum_type(left: Decimal, right: Decimal) -> Decimal:
    scale = max(left.scale, right.scale)
    return _capped(max(left.precision - left.scale, right.precision - right.scale) + scale + 1, scale)


def _product_type(left: Decimal, right: Decimal) -> Decimal:
    return _capped(left.precision + right.precision, left.scale + right.scale)


def _quotient_type(left: Decimal, right: Decimal) -> Decimal:
    more = max(right.scale - left.scale, 0)
    return _capped(left.precision + right.scale + more, max(left.scale, right.scale))


def _remainder_type(left: Decimal, right: Decimal) -> Decimal:
    scale = max(left.scale, right.scale)
    return _capped(min(left.precision - left.scale, right.precision - right.scale) + scale, scale)


def _capped(precision: int, scale: int) -> Decimal:
    return Decimal(min(MAX_DECIMAL_PRECISION, precision), scale)


_TYPES = {"+": _sum_type, "-": _sum_type, "*": _product_type, "/": _quotient_type, "%": _remainder_type}


def _quotient(dividend: str, first: Decimal, divisor: str, second: Decimal, type_: Decimal) -> str:
    """Both as whole numbers of 128 bits where they fit, which is nearly always; else Python divides."""
    shift = type_.scale + second.scale
    fits = " AND ".join(filter(None, (_fits(dividend, first, shift), _fits(divisor, second, second.scale))))
    text = f"trino_divide(CAST({dividend} AS VARCHAR), CAST({divisor} AS VARCHAR), {type_.precision}, {type_.scale})"
    exact = f"CAST({text} AS DECIMAL(38, {type_.scale}))"
    if "FALSE" in fits:
        result = exact
    else:
        quotient = f"trino_rounded_quotient({_whole(dividend, shift)}, {_whole(divisor, second.scale)})"
        result = f"CAST({quotient} * (sign({dividend}) * sign({divisor})) AS DECIMAL(38, 0))"
        if type_.scale:
            result += f" * CAST('0.{1:0>{type_.scale}}' AS DECIMAL({type_.scale}, {type_.scale}))"
        if fits:
            result = f"CASE WHEN {fits} THEN {result} ELSE {exact} END"
    return f"(CASE WHEN {divisor} = 0 AND {dividend} IS NOT NULL THEN {DIVIDED_BY_ZERO} ELSE {result} END)"


def _whole(value: str, shift: int) -> str:
    """`abs(value)` times a power of ten."""
    return f"CAST(abs({value}) * CAST('1e{shift}' AS DECIMAL({shift + 1}, 0)) AS HUGEINT)"


def _fits(value: str, type_: Decimal, shift: int) -> str:
    """The condition that `_whole` does not overflow; empty if it never does."""
    if type_.precision + shift <= MAX_DECIMAL_PRECISION:
        return ""
    room = MAX_DECIMAL_PRECISION - shift - type_.scale
    return f"abs({value}) < CAST('1e{room}' AS DOUBLE)" if room > 0 else "FALSE"


def _remainder(dividend: str, first: Decimal, divisor: str, second: Decimal) -> str:
    scale = max(first.scale, second.scale)
    whole = max(first.precision - first.scale, second.precision - second.scale)
    common = duckdb_type(_capped(whole + scale, scale))
    remainder = f"CAST({dividend} AS {common}) % CAST({divisor} AS {common})"
    return f"(CASE WHEN {divisor} = 0 AND {dividend} IS NOT NULL THEN {DIVIDED_BY_ZERO} ELSE {remainder} END)"


def divided(dividend: str, divisor: str, precision: int, scale: int) -> str:
    """The quotient of two decimals, rounded half up, as text; for operands too large for 128 bits."""
    unit = decimal.Decimal(1).scaleb(-scale)
    quotient = _EXACT.divide(decimal.Decimal(dividend), decimal.Decimal(divisor))
    rounded = quotient.quantize(unit, rounding=decimal.ROUND_HALF_UP, context=_EXACT)
    if len(rounded.as_tuple().digits) > precision:
        raise_text("NUMERIC_VALUE_OUT_OF_RANGE", "Decimal overflow")
    return f"{rounded:f}"


PYTHON = (PythonFunction("trino_divide", divided, ["VARCHAR", "VARCHAR", "INTEGER", "INTEGER"], "VARCHAR"),)
MACROS = ("trino_rounded_quotient(n, d) AS list_transform([d], lambda q: (n + q // 2) // q)[1]",)
