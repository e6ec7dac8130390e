"""`format`, whose arguments may be of any types.

Source: https://trino.io/docs/current/functions/conversion.html
"""

from __future__ import annotations

from collections.abc import Sequence

from local_athena.dialect.casts import cast, result_text
from local_athena.dialect.functions.texts.formatter import formatted
from local_athena.dialect.representation import literal
from local_athena.dialect.runtime import PythonFunction
from local_athena.dialect.typed import Argument, Lambda, Typed
from local_athena.errors import AthenaError, not_supported
from local_athena.types.model import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    INTERVAL_DAY_TO_SECOND,
    INTERVAL_YEAR_TO_MONTH,
    IPADDRESS,
    JSON,
    REAL,
    SMALLINT,
    TINYINT,
    UNKNOWN,
    UUID,
    VARCHAR,
    Char,
    Decimal,
    Time,
    Timestamp,
    Type,
    Varchar,
)

_KINDS: dict[Type, str] = {
    **dict.fromkeys((TINYINT, SMALLINT, INTEGER, BIGINT), "whole"),
    **dict.fromkeys((UNKNOWN, JSON, UUID, IPADDRESS, INTERVAL_DAY_TO_SECOND, INTERVAL_YEAR_TO_MONTH), "text"),
    DOUBLE: "double",
    REAL: "real",
    BOOLEAN: "boolean",
    DATE: "date",
}
_MOST_DIGITS = 6


def format_call(arguments: Sequence[Argument]) -> Typed:
    """A call of `format`, whose arguments may be of any types.

    Raises:
        AthenaError: TYPE_MISMATCH if the first argument is no text; NOT_SUPPORTED for a type that cannot be formatted.
    """
    if any(isinstance(argument, Lambda) for argument in arguments):
        raise AthenaError("TYPE_MISMATCH", "Lambda expression should always be used inside a function")
    pattern, *values = [argument for argument in arguments if isinstance(argument, Typed)]
    if not isinstance(pattern.type, Varchar):
        message = f"Type of first argument to format() must be VARCHAR (actual: {pattern.type})"
        raise AthenaError("TYPE_MISMATCH", message)
    kinds = ", ".join(literal(_kind(value.type)) for value in values)
    texts = ", ".join(_text(value) for value in values)
    sql = f"trino_format({pattern.sql}, [{kinds}]::VARCHAR[], [{texts}]::VARCHAR[])"
    return Typed(
        sql,
        VARCHAR,
        aggregate=any(a.aggregate for a in (pattern, *values)),
        window=any(a.window for a in (pattern, *values)),
    )


SPECIAL = {"format": format_call}


def _kind(type_: Type) -> str:
    match type_:
        case Varchar() | Char():
            return "text"
        case Decimal():
            return "decimal"
        case Timestamp(precision, False) if precision <= _MOST_DIGITS:
            return "timestamp"
        case Time(precision, False) if precision <= _MOST_DIGITS:
            return "time"
        case Timestamp() | Time():
            raise not_supported(f"The local Athena cannot format values of type {type_}")
    if type_ not in _KINDS:
        raise AthenaError("NOT_SUPPORTED", f"Type not supported for formatting: {type_}")
    return _KINDS[type_]


def _text(value: Typed) -> str:
    if value.type == UNKNOWN:
        return "NULL"
    if value.type in (DOUBLE, REAL, JSON):
        return result_text(value.sql, value.type)
    return cast(value, VARCHAR).sql


PYTHON = (PythonFunction("trino_format", formatted, ("VARCHAR", "VARCHAR[]", "VARCHAR[]"), "VARCHAR"),)
