"""Literals."""

from __future__ import annotations

import re

from local_athena.dialect.casts.conversion import kind_of
from local_athena.dialect.operators.literal_forms import FORMS, NotLiteralError, floating
from local_athena.dialect.representation import literal
from local_athena.dialect.snippets import null_of
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError
from local_athena.types.model import BIGINT, BOOLEAN, INTEGER, UNKNOWN, VARBINARY, Varchar
from local_athena.types.parse import trino_type

_FLOATING = re.compile(r"-?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?")
_LIMITS = {INTEGER: 2**31, BIGINT: 2**63}
_BLANKS = re.compile(r"[ \r\n\t]")
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]*")


def number(text: str) -> Typed:
    """A number literal: `1` is integer or bigint, `1.0` and `1e0` are double.

    Trino takes `1.0` for a decimal unless it is told to parse decimal literals as doubles, as Athena's is.
    """
    plain = text.replace("_", "")
    if _FLOATING.fullmatch(plain):
        return floating(plain)
    value = int(plain, 10 if plain.lstrip("-").isdigit() else 0)
    for type_, limit in _LIMITS.items():
        if -limit <= value < limit:
            # DuckDB reads -2147483648 as the negative of a bigint.
            sql = f"CAST({value} AS {type_})" if value < 0 else str(value)
            return Typed(sql, type_, value)
    raise AthenaError("SYNTAX_ERROR", f"Invalid numeric literal: {text}")


def string(text: str) -> Typed:
    """A string literal: varchar of its length."""
    return Typed(literal(text), Varchar(len(text)), text)


def boolean(value: bool) -> Typed:
    """TRUE or FALSE."""
    return Typed("TRUE" if value else "FALSE", BOOLEAN, value)


def null() -> Typed:
    """NULL, of type unknown."""
    return Typed(null_of(UNKNOWN), UNKNOWN, None)


def typed_literal(type_name: str, text: str) -> Typed:
    """`DATE '…'`, `TIMESTAMP '…'`, `TIME '…'`, `DECIMAL '…'`, `REAL '…'`, `JSON '…'`, `UUID '…'`, `CHAR 'x'`, ….

    Raises:
        AthenaError: TYPE_NOT_FOUND; INVALID_LITERAL if the text is no value of the type.
    """
    try:
        type_ = trino_type(type_name)
    except AthenaError:
        raise AthenaError("TYPE_NOT_FOUND", f"Unknown resolvedType: {type_name.lower()}") from None
    form = FORMS.get(kind_of(type_) if str(type_) not in FORMS else str(type_))
    if form is None:
        raise AthenaError("OPERATOR_NOT_FOUND", f"Cannot cast varchar to {type_}")
    try:
        return form(text, type_)
    except NotLiteralError:
        raise _invalid(text, type_name.upper()) from None


def binary_literal(digits: str) -> Typed:
    """`X'…'`."""
    plain = _BLANKS.sub("", digits)
    if not _HEXADECIMAL.fullmatch(plain):
        raise AthenaError("SYNTAX_ERROR", "Binary literal can only contain hexadecimal digits")
    if len(plain) % 2:
        raise AthenaError("SYNTAX_ERROR", "Binary literal must contain an even number of digits")
    return Typed(f"unhex('{plain}')", VARBINARY)


def _invalid(text: str, what: str) -> AthenaError:
    return AthenaError("INVALID_LITERAL", f"'{text}' is not a valid {what} literal")
