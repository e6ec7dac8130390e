"""Functions of JSON.

Source: https://trino.io/docs/current/functions/json.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from local_athena.dialect.casts.json_text import briefly_quoted
from local_athena.dialect.functions.json_values import (
    Fraction,
    MalformedError,
    Whole,
    elements,
    find,
    path_steps,
    value_at,
    written,
)
from local_athena.dialect.functions.registry import Call, Table
from local_athena.dialect.functions.sqls import each, escaped, invalid
from local_athena.dialect.representation import literal
from local_athena.dialect.runtime import PythonFunction
from local_athena.errors import AthenaError, raise_text

_INVALID = "INVALID_FUNCTION_ARGUMENT"
_SIMPLE_STEP = re.compile(r"[^\W\d][\w\- ]*|\d+")


def _found(text: str, path: str) -> tuple[Any] | None:
    """The value that a path leads to, in a tuple; None if there is none or the text is no JSON."""
    try:
        steps = path_steps(path)
    except AthenaError as error:
        raise_text(error.name, error.message)
    try:
        at = find(text, steps)
        return None if at is None else (value_at(text, at),)
    except MalformedError:
        return None


def _extract(text: str, path: str) -> str | None:
    found = _found(text, path)
    return None if found is None else written(found[0])


def _extract_scalar(text: str, path: str) -> str | None:
    found = _found(text, path)
    if found is None or found[0] is None or isinstance(found[0], list):
        return None
    return str(found[0]).lower() if isinstance(found[0], bool) else str(found[0])


def _size(text: str, path: str) -> int | None:
    found = _found(text, path)
    if found is None:
        return None
    return len(found[0]) if isinstance(found[0], list) else 0


def _array_length(text: str) -> int | None:
    try:
        listed = elements(text)
        return None if listed is None else sum(1 for _ in listed)
    except MalformedError:
        return None


def _array_get(text: str, index: int) -> str | None:
    """Trino gives a text without its quotation marks, though it calls it JSON."""
    try:
        listed = list(elements(text) or ()) if index < 0 else elements(text) or ()
        for place, value in enumerate(listed, -len(listed) if isinstance(listed, list) else 0):
            if place == index and value is not None:
                return str(value) if isinstance(value, str) else written(value, briefly_quoted)
    except MalformedError:
        pass
    return None


def _array_contains(matches: Callable[[Any, Any], bool]) -> Callable[[str, Any], bool | None]:
    def contains(text: str, wanted: Any) -> bool | None:
        try:
            listed = elements(text)
            return None if listed is None else any(matches(value, wanted) for value in listed)
        except MalformedError:
            return None

    return contains


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Whole | Fraction)


_MATCHES: dict[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "boolean": ("BOOLEAN", lambda value, wanted: isinstance(value, bool) and value is wanted),
    "bigint": ("BIGINT", lambda value, wanted: isinstance(value, Whole) and int(value) == wanted),
    "double": ("DOUBLE", lambda value, wanted: isinstance(value, Fraction) and float(value) == wanted),
    "varchar(y)": ("VARCHAR", lambda value, wanted: _is_text(value) and value == wanted),
}


_WHOLE_VALUE = re.compile(r"\s*(?:[^\s\[{\"]+|[\[{\"].*[\]}\"])\s*", re.DOTALL)


def _is_scalar(text: str) -> bool:
    """A JSON value must be all there is."""
    try:
        value = value_at(text, find(text, ()) or 0)
    except MalformedError:
        value = None if _WHOLE_VALUE.fullmatch(text) is None else ()
    if value == () or _WHOLE_VALUE.fullmatch(text) is None:
        raise_text(_INVALID, f"Invalid JSON value: {text}")
    return not isinstance(value, list)


def _checked_path(call: Call) -> str | None:
    """The path if it is constant; an invalid one is an error."""
    path = call.constant(1)
    if not isinstance(path, str) or call.typed(0).constant is None:
        return None
    path_steps(path)
    return path


def _with_path(function: str) -> Callable[[Call], str]:
    def made(call: Call) -> str:
        _checked_path(call)
        return call.filled(f"{function}({{0}}, {{1}})")

    return made


def _native_path(call: Call) -> str | None:
    """The path as DuckDB writes it, as a template; None if it is not constant or means something else there."""
    path = _checked_path(call)
    steps = path_steps(path) if path is not None else ()
    if path is None or not all(_SIMPLE_STEP.fullmatch(step) for step in steps):
        return None
    return escaped(literal("$" + "".join(f"[{step}]" if step.isdigit() else f'."{step}"' for step in steps)))


# DuckDB also takes commas at the end, NaN and Infinity for JSON.
_LENIENT = escaped(r"',\s*[\]}]|[:\[,]\s*-?(?i:nan|inf)'")
# What DuckDB may write otherwise: escapes, characters outside of ASCII, fractions, and zero with a sign.
_ALTERED = escaped(r"'\\|[^ -~]|\d\.\d|\d[eE]|(?:^|[:\[,])-0'")


def _unless_lenient(call: Call, python: str, path: str, body: str) -> str:
    """DuckDB finds the value, if the text is JSON to Trino, too; else Python does, and where DuckDB finds nothing.

    Args:
        call: of the function.
        python: the whole answer.
        path: for DuckDB.
        body: parts of CASE for what was found, with the name `found`.
    """
    # A number may also be the name of a member.
    missing = python if any(character.isdigit() for character in path) else "NULL"
    return call.filled(
        f"CASE WHEN NOT json_valid({{0}}) OR regexp_matches({{0}}, {_LENIENT}) THEN {python} ELSE "
        f"list_transform([json_extract({{0}}, {path})::VARCHAR], lambda found: "
        f"CASE WHEN found IS NULL THEN {missing} {body} ELSE found END)[1] END"
    )


def _scalar(call: Call) -> str:
    """Numbers with a fraction, of which DuckDB loses digits, are left to Python."""
    python, path = "trino_json_extract_scalar({0}, {1})", _native_path(call)
    if path is None:
        return call.filled(python)
    text = "WHEN found[1] = '\"' THEN json_extract_string(found, '$') WHEN found[1] IN ('{{', '[', 'n') THEN NULL"
    number = f"WHEN found[1] NOT IN ('t', 'f') AND regexp_matches(found, '[.eE]') THEN {python}"
    return _unless_lenient(call, python, path, f"{text} {number}")


def _extracted(call: Call) -> str:
    python, path = "trino_json_extract({0}, {1})", _native_path(call)
    if path is None:
        return call.filled(python)
    return _unless_lenient(call, python, path, f"WHEN regexp_matches(found, {_ALTERED}) THEN {python}")


_NOT_JSON = invalid("'Cannot convert value to JSON: ''' || {0} || ''''")
_PARSED = (
    "list_transform([trino_canonical_json({0})], lambda parsed: "
    f"CASE WHEN parsed IS NULL AND {{0}} IS NOT NULL THEN {_NOT_JSON} ELSE parsed END)[1]"
)
_JSON_OR_TEXT = ("json", "varchar(x)")

SCALARS: Table = {
    **each(
        _JSON_OR_TEXT,
        {
            "is_json_scalar($) -> boolean": "trino_is_json_scalar({0})",
            "json_array_get($, bigint) -> json": "trino_json_array_get({0}, {1})",
            "json_array_length($) -> bigint": "trino_json_array_length({0})",
            "json_extract($, jsonpath) -> json": _extracted,
            "json_size($, jsonpath) -> bigint": _with_path("trino_json_size"),
        },
    ),
    **{
        f"json_array_contains({text}, {wanted.replace('y', 'x') if text == 'json' else wanted}) -> boolean": (
            f"trino_json_array_contains_{type_.lower()}({{0}}, {{1}})"
        )
        for text in _JSON_OR_TEXT
        for wanted, (type_, _) in _MATCHES.items()
    },
    "json_extract_scalar(json, jsonpath) -> varchar": _scalar,
    "json_extract_scalar(varchar(x), jsonpath) -> varchar(x)": _scalar,
    "json_format(json) -> varchar": "{0}",
    "json_parse(varchar(x)) -> json": _PARSED,
}

_TWO = ("VARCHAR", "VARCHAR")
PYTHON = (
    PythonFunction("trino_json_extract", _extract, _TWO, "VARCHAR"),
    PythonFunction("trino_json_extract_scalar", _extract_scalar, _TWO, "VARCHAR"),
    PythonFunction("trino_json_size", _size, _TWO, "BIGINT"),
    PythonFunction("trino_json_array_length", _array_length, ("VARCHAR",), "BIGINT"),
    PythonFunction("trino_json_array_get", _array_get, ("VARCHAR", "BIGINT"), "VARCHAR"),
    PythonFunction("trino_is_json_scalar", _is_scalar, ("VARCHAR",), "BOOLEAN"),
    *(
        PythonFunction(
            f"trino_json_array_contains_{type_.lower()}", _array_contains(matches), ("VARCHAR", type_), "BOOLEAN"
        )
        for type_, matches in _MATCHES.values()
    ),
)
