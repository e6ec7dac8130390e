"""LIKE."""

from __future__ import annotations

from local_athena.dialect.casts import coerce
from local_athena.dialect.operators.combine import combined
from local_athena.dialect.representation import literal
from local_athena.dialect.snippets import fail, failing, once_each
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError
from local_athena.types.model import BOOLEAN, UNKNOWN, VARCHAR, Char, Varchar

_INVALID = "INVALID_FUNCTION_ARGUMENT"
_BAD_ESCAPE = "Escape string must be a single character"
_BAD_PATTERN = "Escape character must be followed by '%', '_' or the escape character itself"

MACROS = (
    # Whether each escape character stands before what it may escape.
    "trino_is_pattern(pattern, mark) AS NOT contains(replace(replace(replace(pattern, mark || mark, ''),"
    " mark || '%', ''), mark || '_', ''), mark)",
)


def like(value: Typed, pattern: Typed, escape: Typed | None = None) -> Typed:
    """`LIKE … [ESCAPE …]`."""
    text = _text(value, "Left side of LIKE expression")
    form = _varchar(pattern, "Pattern for LIKE expression")
    if escape is None:
        return combined(f"({text} LIKE {form})", BOOLEAN, value, pattern)
    mark = _varchar(escape, "Escape for LIKE expression")
    if isinstance(pattern.constant, str) and isinstance(escape.constant, str):
        sql = _constant_like(text, pattern.constant, escape.constant)
    else:
        sql = once_each((text, form, mark), _checked_like)
    return combined(sql, BOOLEAN, value, pattern, escape)


def _constant_like(text: str, pattern: str, mark: str) -> str:
    if len(mark) != 1:
        return failing(BOOLEAN, _INVALID, _BAD_ESCAPE)
    rest = pattern
    for escaped in (mark, "%", "_"):
        rest = rest.replace(mark + escaped, "")
    if mark in rest:
        return failing(BOOLEAN, _INVALID, _BAD_PATTERN)
    return f"({text} LIKE {literal(pattern)} ESCAPE {literal(mark)})"


def _checked_like(text: str, pattern: str, mark: str) -> str:
    # DuckDB takes only a constant after ESCAPE: its function takes any.
    return (
        f"(CASE WHEN {text} IS NULL OR {pattern} IS NULL OR {mark} IS NULL THEN NULL"
        f" WHEN length({mark}) <> 1 THEN {fail(_INVALID, _BAD_ESCAPE)}"
        f" WHEN NOT trino_is_pattern({pattern}, {mark}) THEN {fail(_INVALID, _BAD_PATTERN)}"
        f" ELSE like_escape({text}, {pattern}, {mark}) END)"
    )


def _text(value: Typed, what: str) -> str:
    if isinstance(value.type, Char):
        return f"rpad({value.sql}, {value.type.length}, ' ')"
    return _varchar(value, what)


def _varchar(value: Typed, what: str) -> str:
    if not isinstance(value.type, Varchar) and value.type != UNKNOWN:
        raise AthenaError("TYPE_MISMATCH", f"{what} must evaluate to a varchar (actual: {value.type})")
    return coerce(value, VARCHAR).sql
