"""Reads the names of types as Trino's client protocol spells them, e.g. `map(varchar(1), row(x bigint))`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"\d+")
_NAME_AND_REST = re.compile(r'(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^\s"]+))\s+(?P<rest>.+)', re.DOTALL)
# Types of several words: a space in them does not separate a field's name from its type.
_LONG_NAME = re.compile(r"time(stamp)?(\(\d+\))? with time zone|interval (day to second|year to month)", re.IGNORECASE)


@dataclass(frozen=True)
class TrinoType:
    """One type.

    Attributes:
        base: lower-case name without parameters, e.g. `timestamp with time zone`, `row`.
        numbers: length, precision or scale, in the order of the name.
        children: element of an array, key and value of a map, fields of a row.
        names: names of a row's fields; None where a field has none.
    """

    base: str
    numbers: tuple[int, ...] = ()
    children: tuple[TrinoType, ...] = ()
    names: tuple[str | None, ...] = ()


def parse_type(text: str) -> TrinoType:
    """Parse the name of a type.

    Raises:
        ValueError: the text is not the name of a type.
    """
    text = text.strip()
    if "(" not in text:
        return TrinoType(text.lower())
    base, _, rest = text.partition("(")
    inner, _, suffix = rest.rpartition(")")
    if not base or text.count("(") != text.count(")"):
        raise ValueError(f"not the name of a type: {text!r}")
    name = f"{base.strip()}{suffix}".lower()
    arguments = _split(inner)
    if name == "row":
        fields = [_field(argument) for argument in arguments]
        return TrinoType(name, children=tuple(t for _, t in fields), names=tuple(n for n, _ in fields))
    if name in ("array", "map"):
        return TrinoType(name, children=tuple(parse_type(argument) for argument in arguments))
    if all(_NUMBER.fullmatch(argument) for argument in arguments):
        return TrinoType(name, numbers=tuple(int(argument) for argument in arguments))
    return TrinoType(name, children=tuple(parse_type(argument) for argument in arguments))


def _field(text: str) -> tuple[str | None, TrinoType]:
    """Name and type of one field of a row; the name may be missing."""
    match = _NAME_AND_REST.fullmatch(text)
    if match is None or _LONG_NAME.fullmatch(text):
        return None, parse_type(text)
    quoted, plain = match.group("quoted"), match.group("plain")
    if quoted is None and "(" in plain:
        return None, parse_type(text)
    name = plain if quoted is None else quoted.replace('""', '"')
    return name, parse_type(match.group("rest"))


def _split(text: str) -> list[str]:
    """Split at the commas that are outside of parentheses and quotes."""
    parts, depth, quoted, start = [], 0, False, 0
    for position, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif not quoted and character in "()":
            depth += 1 if character == "(" else -1
        elif not quoted and character == "," and depth == 0:
            parts.append(text[start:position].strip())
            start = position + 1
    return [*parts, text[start:].strip()]
