"""Reads JSON as Trino does: from the front, only as far as it needs to.

What stands behind the value that a path leads to is never looked at, so a text that is cut off there still answers.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NoReturn

from local_athena.dialect.casts.json_text import java_double, quoted
from local_athena.errors import AthenaError

_STEP = re.compile(
    r"\.(?P<name>[\w:]+)|\[(?P<subscript>\w+)\]|\[\"(?P<quoted>(?:[^\"\\]|\\.)*)\"\]",
)
_BLANKS = re.compile(r"[ \t\n\r]*")
_TOKEN = re.compile(r"(?P<number>-?(?:0|[1-9]\d*)(?P<fraction>\.\d+)?(?P<exponent>[eE][+-]?\d+)?)|true|false|null")


class Pairs(list[tuple[str, Any]]):
    """An object: its members in the order of the text, with those that appear twice."""


class Fraction(str):
    """A number with a fraction or an exponent, as written."""


class Whole(str):
    """A number without, as written."""


class MalformedError(ValueError):
    """A text that is no JSON, as far as it was read."""


def _refuse(_constant: str) -> NoReturn:
    raise MalformedError


_DECODER = json.JSONDecoder(object_pairs_hook=Pairs, parse_float=Fraction, parse_int=Whole, parse_constant=_refuse)


@lru_cache(maxsize=1000)
def path_steps(path: str) -> tuple[str, ...]:
    """The keys and places that a path names, e.g. `$.a[0]["b c"]`.

    Raises:
        AthenaError: INVALID_FUNCTION_ARGUMENT.
    """
    steps, at = [], 1
    if path.startswith("$"):
        while found := _STEP.match(path, at):
            quoted = found["quoted"]
            steps.append(found["name"] or found["subscript"] or re.sub(r"\\(.)", r"\1", quoted or ""))
            at = found.end()
    if not path.startswith("$") or at != len(path):
        raise AthenaError("INVALID_FUNCTION_ARGUMENT", f"Invalid JSON path: '{path}'")
    return tuple(steps)


def find(text: str, steps: tuple[str, ...]) -> int | None:
    """Where the value stands that the steps lead to; None if there is none.

    Raises:
        MalformedError: the text before it is no JSON.
    """
    at: int | None = _skip(text, 0)
    for step in steps:
        if at is None:
            return None
        at = _member(text, at, step)
    return at


def value_at(text: str, at: int) -> Any:
    """The value at a place: `Pairs`, list, text, `Whole`, `Fraction`, bool or None."""
    if text[at : at + 1] in ('"', "{", "["):
        return _decoded(text, at)[0]
    found = _TOKEN.match(text, at)
    if found is None or text[found.end() : found.end() + 1].isalnum():
        raise MalformedError
    if found["number"] is None:
        return {"true": True, "false": False, "null": None}[found[0]]
    return Fraction(found[0]) if found["fraction"] or found["exponent"] else Whole(found[0])


def elements(text: str) -> Any:
    """The elements of an array one after the other, as far as they are read; None if the text is no array."""
    at = _skip(text, 0)
    return _elements(text, at) if text[at : at + 1] == "[" else None


def _elements(text: str, at: int) -> Any:
    at = _skip(text, at + 1)
    if text[at : at + 1] == "]":
        return
    while True:
        yield value_at(text, at)
        at = _skip(text, _decoded(text, at)[1])
        if text[at : at + 1] == "]":
            return
        if text[at : at + 1] != ",":
            raise MalformedError
        at = _skip(text, at + 1)


def written(value: Any, quote: Callable[[str], str] = quoted) -> str:
    """JSON as Trino writes it: no blanks, numbers as Java prints them, members as they came."""
    match value:
        case Pairs():
            return "{" + ",".join(f"{quote(key)}:{written(member, quote)}" for key, member in value) + "}"
        case list():
            return "[" + ",".join(written(element, quote) for element in value) + "]"
        case Fraction():
            number = float(value)
            return java_double(number) if math.isfinite(number) else f'"{"-" if number < 0 else ""}Infinity"'
        case Whole():
            return str(int(value))
        case str():
            return quote(value)
    return json.dumps(value)


def _skip(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return at if found is None else found.end()


def _decoded(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        raise MalformedError from None


def _member(text: str, at: int, step: str) -> int | None:
    """Where the member of an object or the element of an array begins."""
    opening = text[at : at + 1]
    if opening not in ("{", "["):
        return None
    closing = "}" if opening == "{" else "]"
    at, place = _skip(text, at + 1), 0
    while text[at : at + 1] != closing:
        key = str(place)
        if opening == "{":
            key, at = _key(text, at)
        if key == step or (opening == "[" and step.isdigit() and int(step) == place):
            return at
        at = _skip(text, _decoded(text, at)[1])
        if text[at : at + 1] == closing:
            return None
        if text[at : at + 1] != ",":
            raise MalformedError
        at, place = _skip(text, at + 1), place + 1
    return None


def _key(text: str, at: int) -> tuple[str, int]:
    if text[at : at + 1] != '"':
        raise MalformedError
    key, at = _decoded(text, at)
    at = _skip(text, at)
    if text[at : at + 1] != ":":
        raise MalformedError
    return key, _skip(text, at + 1)
