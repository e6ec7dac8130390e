"""JSON_EXISTS, JSON_VALUE and JSON_QUERY as Python functions that generated SQL calls."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from local_athena.dialect.casts.json_text import java_double, quoted
from local_athena.dialect.json_path.evaluate import Items, PathError, items_of
from local_athena.dialect.json_path.parse import parse_path
from local_athena.dialect.runtime import PythonFunction
from local_athena.errors import raise_text

_EMPTY = {"null": None, "empty array": "[]", "empty object": "{}"}
_TRUTHS = {"true": True, "false": False, "unknown": None}


class _FailedError(Exception):
    """What ends a call, unless its ON ERROR clause has something better."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message


def read_json(text: str) -> Any:
    """The parsed value; keys stay in their order, fractions are doubles.

    Raises:
        ValueError: it is no JSON.
    """
    return json.loads(text, parse_float=float, parse_constant=_refuse)


def json_text(value: Any) -> str:
    """The text of a value, its keys in their order."""
    match value:
        case dict():
            return "{" + ",".join(f"{quoted(key)}:{json_text(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ",".join(map(json_text, value)) + "]"
        case float():
            return java_double(value)
        case Decimal():
            return format(value, "f")
        case str():
            return quoted(value)
    return json.dumps(value)


def _refuse(constant: str) -> Any:
    raise ValueError(f"not JSON: {constant}")


def _items(text: str, path: str, names: list[str], values: list[str | None]) -> Items:
    try:
        value = read_json(text)
    except (ValueError, RecursionError):
        raise _FailedError("JSON_INPUT_CONVERSION_ERROR", "conversion to JSON failed: ") from None
    variables = {name: None if given is None else read_json(given) for name, given in zip(names, values, strict=True)}
    try:
        return items_of(parse_path(path), value, variables)
    except PathError as error:
        raise _FailedError("PATH_EVALUATION_ERROR", f"path evaluation failed: {error}") from None


def _exists(text: str | None, path: str, names: list[str], values: list[str | None], on_error: str) -> bool | None:
    if text is None:
        return None
    try:
        return bool(_items(text, path, names, values))
    except _FailedError as error:
        if on_error == "error":
            raise_text(error.name, error.message)
        return _TRUTHS[on_error]


def _value(
    text: str | None, path: str, names: list[str], values: list[str | None], on_empty: str, on_error: str
) -> dict[str, str | None]:
    """The scalar: its kind (`varchar`, `bigint`, `double`, `decimal`, `boolean`) and text; or the default to take."""
    nothing: dict[str, str | None] = {"kind": None, "text": None}
    if text is None:
        return nothing
    try:
        items = _items(text, path, names, values)
        if not items:
            if on_empty == "error":
                raise_text("JSON_VALUE_RESULT_ERROR", "cannot extract SQL scalar from JSON: JSON path found no items")
            return nothing | {"kind": "on empty" if on_empty == "default" else None}
        if len(items) > 1 or not _is_scalar(items[0]):
            what = "multiple items" if len(items) > 1 else "an item that cannot be converted to an SQL value"
            raise _FailedError(
                "JSON_VALUE_RESULT_ERROR", f"cannot extract SQL scalar from JSON: JSON path found {what}"
            )
    except _FailedError as error:
        if on_error == "error":
            raise_text(error.name, error.message)
        return nothing | {"kind": "on error" if on_error == "default" else None}
    return nothing if items[0] is None else {"kind": _kind(items[0]), "text": _scalar_text(items[0])}


def _is_scalar(item: Any) -> bool:
    """Whether SQL has a value for an item."""
    if isinstance(item, int):
        return -(2**63) <= item < 2**63
    return not isinstance(item, (dict, list))


def _kind(item: Any) -> str:
    kinds = {bool: "boolean", int: "bigint", float: "double", Decimal: "decimal"}
    return kinds.get(type(item), "varchar")


def _scalar_text(item: Any) -> str:
    return item if isinstance(item, str) else json_text(item)


def _query(
    text: str | None,
    path: str,
    names: list[str],
    values: list[str | None],
    wrapper: str,
    quotes: str,
    on_empty: str,
    on_error: str,
) -> str | None:
    if text is None:
        return None
    try:
        items = _items(text, path, names, values)
        if not items:
            if on_empty == "error":
                raise_text("JSON_OUTPUT_CONVERSION_ERROR", "conversion from JSON failed: JSON path found no items")
            return _EMPTY[on_empty]
        if len(items) > 1 and wrapper == "without":
            message = "conversion from JSON failed: JSON path found multiple items"
            raise _FailedError("JSON_OUTPUT_CONVERSION_ERROR", message)
    except _FailedError as error:
        if on_error == "error":
            raise_text(error.name, error.message)
        return _EMPTY[on_error]
    single = len(items) == 1 and isinstance(items[0], (dict, list))
    wrapped = wrapper == "unconditional" or (wrapper == "conditional" and not single)
    item = items if wrapped else items[0]
    return item if quotes == "omit" and isinstance(item, str) else json_text(item)


def _normal(text: str | None) -> str | None:
    """The text of FORMAT JSON input, without blanks."""
    if text is None:
        return None
    try:
        return json_text(read_json(text))
    except (ValueError, RecursionError):
        raise_text("JSON_INPUT_CONVERSION_ERROR", "conversion to JSON failed: ")


_INPUT = ["VARCHAR", "VARCHAR", "VARCHAR[]", "VARCHAR[]"]
PYTHON = (
    PythonFunction("trino_json_exists", _exists, [*_INPUT, "VARCHAR"], "BOOLEAN", sees_nulls=True),
    PythonFunction(
        "trino_json_value",
        _value,
        [*_INPUT, "VARCHAR", "VARCHAR"],
        "STRUCT(kind VARCHAR, text VARCHAR)",
        sees_nulls=True,
    ),
    PythonFunction("trino_json_query", _query, [*_INPUT, *["VARCHAR"] * 4], "VARCHAR", sees_nulls=True),
    PythonFunction("trino_format_json", _normal, ["VARCHAR"], "VARCHAR", sees_nulls=True),
)
