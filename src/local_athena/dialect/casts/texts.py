"""Casts from text, and to text, of everything but dates and times."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.dialect.casts.conversion import INVALID, WHOLE, Conversion, Rule, Rules
from local_athena.dialect.representation import literal
from local_athena.types.model import (
    BIGINT,
    INTEGER,
    MAX_DECIMAL_PRECISION,
    SMALLINT,
    TINYINT,
    Char,
    Decimal,
    Type,
    Varchar,
)

_WHOLE_NAMES: dict[Type, str] = {TINYINT: "TINYINT", SMALLINT: "SMALLINT", INTEGER: "INT", BIGINT: "BIGINT"}
_WHOLE_FORM = "[+-]?[0-9]+"
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
# What Double.parseDouble takes: blanks and control characters around it, and a letter for the type behind it.
_FLOATING_FORM = rf"[\x00-\x20]*(?:{_NUMBER}|[+-]?(?:NaN|Infinity))[fFdD]?[\x00-\x20]*"
# So many digits fit in 64 bits.
_FAST_DIGITS = 18
_TRUE = ("t", "true", "1")
_FALSE = ("f", "false", "0")


def _from(form: str, target: Callable[[Conversion], str]) -> Rule:
    """A rule for text of a form, whose failure says `Cannot cast 'x' to …`."""

    def rule(cast: Conversion) -> str:
        attempt = f"CASE WHEN regexp_full_match({cast.value}, {literal(form)}) THEN {target(cast)} END"
        return cast.attempted(attempt, f"'Cannot cast ''' || {cast.value} || ''' to {_shown(cast)}'")

    return rule


def _shown(cast: Conversion) -> str:
    return _WHOLE_NAMES[cast.target] if cast.target in WHOLE else str(cast.target).upper()


def _tried(cast: Conversion) -> str:
    return f"TRY_CAST({cast.value} AS {cast.duckdb})"


def _parsed_floating(cast: Conversion) -> str:
    return rf"TRY_CAST(regexp_replace({cast.value}, '[fFdD]?[\x00-\x20]*$|^[\x00-\x20]+', '', 'g') AS {cast.duckdb})"


def _to_boolean(cast: Conversion) -> str:
    lower = f"lower({cast.value})"
    true, false = (", ".join(map(literal, words)) for words in (_TRUE, _FALSE))
    attempt = f"CASE WHEN {lower} IN ({true}) THEN TRUE WHEN {lower} IN ({false}) THEN FALSE END"
    return cast.attempted(attempt, f"'Cannot cast ''' || {cast.value} || ''' to BOOLEAN'")


def _to_decimal(cast: Conversion) -> str:
    target = cast.target
    assert isinstance(target, Decimal), "a rule for decimals"
    message = f"'Cannot cast VARCHAR ''' || {cast.value} || ''' to DECIMAL({target.precision}, {target.scale}). Value '"
    is_number = f"regexp_full_match({cast.value}, {literal(_NUMBER)})"
    reason = f"CASE WHEN {is_number} THEN 'too large.' ELSE 'is not a number.' END"
    attempt = f"CASE WHEN {is_number} THEN {_tried_decimal(cast, target)} END"
    return cast.attempted(attempt, f"{message} || {reason}")


def _tried_decimal(cast: Conversion, target: Decimal) -> str:
    if target.precision == target.scale:
        # DuckDB does not find room for a negative exponent there.
        return f"TRY_CAST(TRY_CAST({cast.value} AS DECIMAL({MAX_DECIMAL_PRECISION}, {target.scale})) AS {cast.duckdb})"
    if target.precision <= _FAST_DIGITS or target.scale >= _FAST_DIGITS - 1:
        return _tried(cast)
    # DuckDB is slow with decimals of 128 bits: short texts are read as narrower ones.
    short = f"length({cast.value}) < {_FAST_DIGITS - target.scale}"
    narrow = f"CASE WHEN {short} THEN TRY_CAST({cast.value} AS DECIMAL({_FAST_DIGITS}, {target.scale})) END"
    return f"coalesce(CAST({narrow} AS {cast.duckdb}), {_tried(cast)})"


def _to_varchar(cast: Conversion) -> str:
    target = cast.target
    assert isinstance(target, Varchar), "a rule for varchar"
    value = cast.value
    if isinstance(cast.source, Char):
        value = f"rpad({value}, {cast.source.length}, ' ')"
    elif isinstance(cast.source, Varchar) and _within(cast.source, target):
        return value
    return value if target.length is None else f"left({value}, {target.length})"


def _within(source: Varchar, target: Varchar) -> bool:
    return target.length is None or (source.length is not None and source.length <= target.length)


def _to_char(cast: Conversion) -> str:
    assert isinstance(cast.target, Char), "a rule for char"
    return f"rtrim(left({cast.value}, {cast.target.length}), ' ')"


def as_text(text: Callable[[str], str], shown: Callable[[str], str] | None = None) -> Rule:
    """A rule for a cast to varchar.

    Args:
        text: DuckDB expression of the text, from that of the value.
        shown: of what a message says when varchar(n) is too short; without it Trino fails in another way.
    """

    def rule(cast: Conversion) -> str:
        target = cast.target
        assert isinstance(target, Varchar), "a rule for varchar"
        made = text(cast.value)
        if target.length is None:
            return made
        if shown is None:
            message, name = f"'Value [' || {made} || '] does not fit in type {target}'", "GENERIC_INTERNAL_ERROR"
        else:
            message, name = f"'Value ' || {shown(cast.value)} || ' cannot be represented as {target}'", INVALID
        return cast.checked(f"length({made}) <= {target.length}", made, message, name)

    return rule


def decimal_text(value: str, type_: Decimal) -> str:
    """Text of a decimal; DuckDB leaves out the zero before the point where there is never another digit."""
    if type_.precision > type_.scale:
        return _plain_text(value)
    return f"regexp_replace(CAST({value} AS VARCHAR), '^(-?)\\.', '\\10.')"


def _decimal_to_varchar(cast: Conversion) -> str:
    source = cast.source
    assert isinstance(source, Decimal), "a rule for decimals"
    return as_text(lambda value: decimal_text(value, source), lambda value: decimal_text(value, source))(cast)


def _plain_text(value: str) -> str:
    return f"CAST({value} AS VARCHAR)"


def _floating_text(value: str) -> str:
    return f"trino_floating_text({value})"


def _real_text(value: str) -> str:
    return f"trino_real_text({value})"


def _real_shown(value: str) -> str:
    return f"trino_java_real_text({value}) || ' (' || trino_real_text({value}) || ')'"


def _floating_shown(value: str) -> str:
    return f"trino_java_floating_text({value}) || ' (' || trino_floating_text({value}) || ')'"


def _unchanged(cast: Conversion) -> str:
    return cast.value


RULES: Rules = {
    ("varchar", "boolean"): _to_boolean,
    ("varchar", "whole"): _from(_WHOLE_FORM, _tried),
    ("varchar", "real"): _from(_FLOATING_FORM, _parsed_floating),
    ("varchar", "double"): _from(_FLOATING_FORM, _parsed_floating),
    ("varchar", "decimal"): _to_decimal,
    ("varchar", "varchar"): _to_varchar,
    ("varchar", "char"): _to_char,
    ("varchar", "varbinary"): lambda cast: f"encode({cast.value})",
    ("char", "char"): _to_char,
    ("char", "varchar"): _to_varchar,
    ("varbinary", "varbinary"): _unchanged,
    ("boolean", "varchar"): as_text(_plain_text),
    ("whole", "varchar"): as_text(_plain_text, _plain_text),
    ("decimal", "varchar"): _decimal_to_varchar,
    ("real", "varchar"): as_text(_real_text, _real_shown),
    ("double", "varchar"): as_text(_floating_text, _floating_shown),
}
