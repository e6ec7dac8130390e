"""Casts between numbers and booleans."""

from __future__ import annotations

from local_athena.dialect.casts.conversion import WHOLE, Conversion, Rule, Rules
from local_athena.types.model import BIGINT, MAX_DECIMAL_PRECISION, REAL, Decimal, Type

_OUT_OF_RANGE = "NUMERIC_VALUE_OUT_OF_RANGE"
_KINDS = ("whole", "real", "double", "decimal")
# The widest double that still rounds to a finite real, exclusive.
_REAL_LIMIT = "3.4028235677973366e38"
# Doubles hold whole numbers of so many digits exactly, and so DuckDB's division by a power of ten is right.
_EXACT_DIGITS = 15
_SHORT_DIGITS = 18


def _whole_to_whole(cast: Conversion) -> str:
    if _bits(cast.source) <= _bits(cast.target):
        return cast.plain()
    return cast.attempted(
        f"TRY_CAST({cast.value} AS {cast.duckdb})", f"'Out of range for {cast.target}: ' || {cast.value}", _OUT_OF_RANGE
    )


def _bits(type_: Type) -> int:
    return WHOLE[type_]


def _floating_to_whole(cast: Conversion) -> str:
    value, target, rounded = cast.value, cast.target, f"round({cast.value})"
    limit = 2.0 ** (_bits(target) - 1)
    if target == BIGINT and cast.source == REAL:
        return _real_to_bigint(cast, rounded, limit)
    fits = f"{rounded} >= {-limit} AND {rounded} < {limit}"
    result = f"CAST({rounded} AS {cast.duckdb})"
    if target == BIGINT:
        return cast.checked(fits, result, f"'Unable to cast ' || {_java(cast)} || ' to bigint'")
    bad = cast.fails(f"'Out of range for {target}: ' || {_java(cast)}", _OUT_OF_RANGE)
    nan = cast.fails(f"'Cannot cast {cast.source} NaN to {target}'")
    return f"(CASE WHEN {fits} THEN {result} WHEN isnan({value}) THEN {nan} WHEN {value} IS NOT NULL THEN {bad} END)"


def _real_to_bigint(cast: Conversion, rounded: str, limit: float) -> str:
    nan = cast.fails("'Cannot cast real NaN to bigint'")
    return (
        f"(CASE WHEN isnan({cast.value}) THEN {nan} WHEN {rounded} >= {limit} THEN {2**63 - 1}"
        f" WHEN {rounded} < {-limit} THEN CAST({-(2**63)} AS BIGINT) ELSE CAST({rounded} AS BIGINT) END)"
    )


def _java(cast: Conversion) -> str:
    return f"{'trino_java_real_text' if cast.source == REAL else 'trino_java_floating_text'}({cast.value})"


def _double_to_real(cast: Conversion) -> str:
    infinite = f"CASE WHEN {cast.value} > 0 THEN 'Infinity' ELSE '-Infinity' END"
    return (
        f"(CASE WHEN abs({cast.value}) >= {_REAL_LIMIT} AND isfinite({cast.value}) THEN CAST({infinite} AS FLOAT)"
        f" ELSE {cast.plain()} END)"
    )


def _to_decimal(cast: Conversion) -> str:
    shown = str(cast.source).upper()
    return cast.attempted(
        f"TRY_CAST({cast.value} AS {cast.duckdb})", f"'Cannot cast {shown} ''' || {cast.value} || ''' to {_name(cast)}'"
    )


def _floating_to_decimal(cast: Conversion) -> str:
    # Trino rounds the shortest decimal form of a double, not its binary value.
    shown = str(cast.source).upper()
    return cast.attempted(
        f"TRY_CAST(CAST({cast.value} AS VARCHAR) AS {cast.duckdb})",
        f"'Cannot cast {shown} ''' || {_java(cast)} || ''' to {_name(cast)}'",
    )


def _decimal_to_decimal(cast: Conversion) -> str:
    source, target = cast.source, cast.target
    assert isinstance(source, Decimal), "a rule for decimals"
    assert isinstance(target, Decimal), "a rule for decimals"
    if source.scale <= target.scale and source.precision - source.scale <= target.precision - target.scale:
        return cast.plain()
    return cast.attempted(
        f"TRY_CAST({cast.value} AS {cast.duckdb})",
        f"'Cannot cast DECIMAL({source.precision}, {source.scale}) ''' || {cast.value} || ''' to {_name(cast)}'",
    )


def _name(cast: Conversion) -> str:
    """The target as Trino's messages spell it."""
    target = cast.target
    assert isinstance(target, Decimal), "a rule for decimals"
    return f"DECIMAL({target.precision}, {target.scale})"


def _decimal_to_whole(cast: Conversion) -> str:
    assert isinstance(cast.source, Decimal), "a rule for decimals"
    # Trino rounds short decimals before it looks whether they fit, and long ones after.
    short = cast.source.precision <= _SHORT_DIGITS
    rounded = f"CAST({cast.value} AS DECIMAL(38, 0))" if short else cast.value
    return cast.attempted(
        f"TRY_CAST({cast.value} AS {cast.duckdb})",
        f"'Cannot cast ''' || {rounded} || ''' to {str(cast.target).upper()}'",
    )


def _decimal_to_floating(cast: Conversion) -> str:
    assert isinstance(cast.source, Decimal), "a rule for decimals"
    if cast.source.precision <= _EXACT_DIGITS:
        return cast.plain()
    return f"CAST(CAST({cast.value} AS VARCHAR) AS {cast.duckdb})"


def _boolean_to_decimal(cast: Conversion) -> str:
    target = cast.target
    assert isinstance(target, Decimal), "a rule for decimals"
    wide = f"DECIMAL({min(MAX_DECIMAL_PRECISION, target.precision + 1)}, {target.scale})"
    return cast.attempted(
        f"TRY_CAST(CAST({cast.value} AS INTEGER) AS {cast.duckdb})",
        f"'Cannot cast {wide} ''' || CAST(CAST({cast.value} AS INTEGER) AS {wide}) || ''' to {_name(cast)}'",
    )


def _to_boolean(cast: Conversion) -> str:
    return f"({cast.value} <> 0)"


_BOOLEAN: dict[tuple[str, str], Rule] = {
    ("boolean", "whole"): Conversion.plain,
    ("boolean", "real"): Conversion.plain,
    ("boolean", "double"): Conversion.plain,
    ("boolean", "decimal"): _boolean_to_decimal,
    **{(kind, "boolean"): _to_boolean for kind in _KINDS},
}

RULES: Rules = {
    **_BOOLEAN,
    ("whole", "whole"): _whole_to_whole,
    ("whole", "real"): Conversion.plain,
    ("whole", "double"): Conversion.plain,
    ("whole", "decimal"): _to_decimal,
    ("real", "whole"): _floating_to_whole,
    ("real", "double"): Conversion.plain,
    ("real", "decimal"): _floating_to_decimal,
    ("double", "whole"): _floating_to_whole,
    ("double", "real"): _double_to_real,
    ("double", "decimal"): _floating_to_decimal,
    ("decimal", "whole"): _decimal_to_whole,
    ("decimal", "real"): _decimal_to_floating,
    ("decimal", "double"): _decimal_to_floating,
    ("decimal", "decimal"): _decimal_to_decimal,
}
