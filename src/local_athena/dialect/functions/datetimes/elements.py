"""The patterns of dates and times, MySQL's and Joda's, as the same elements.

Source: https://trino.io/docs/current/functions/datetime.html#mysql-date-functions, and Joda's `DateTimeFormat`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from local_athena.errors import AthenaError

_INVALID = "INVALID_FUNCTION_ARGUMENT"


@dataclass(frozen=True)
class Element:
    """A part of a pattern.

    Attributes:
        kind: a field, e.g. `year`, `month`, `hour`; with `name` for one in words; `literal`; `zone`, `offset`.
        least: digits it is printed with at least; of a name, 3 for the short one and 4 for the long one.
        most: digits that are read at most.
        text: of a literal.
    """

    kind: str
    least: int = 1
    most: int = 2
    text: str = ""


def literal_element(text: str) -> Element:
    """Text that stands for itself."""
    return Element("literal", text=text)


_LONGEST_YEAR = 9
_SHORT, _LONG = 3, 4
_MYSQL: dict[str, tuple[Element, ...]] = {
    "a": (Element("weekday name", _SHORT),),
    "b": (Element("month name", _SHORT),),
    "c": (Element("month"),),
    "d": (Element("day", 2),),
    "e": (Element("day"),),
    "f": (Element("fraction", 6, 9),),
    "H": (Element("hour", 2),),
    "h": (Element("clock hour of half day", 2),),
    "I": (Element("clock hour of half day", 2),),
    "i": (Element("minute", 2),),
    "j": (Element("day of year", 3, 3),),
    "k": (Element("hour"),),
    "l": (Element("clock hour of half day"),),
    "M": (Element("month name", _LONG),),
    "m": (Element("month", 2),),
    "p": (Element("half day name"),),
    "S": (Element("second", 2),),
    "s": (Element("second", 2),),
    "v": (Element("week", 2),),
    "W": (Element("weekday name", _LONG),),
    "x": (Element("week year", 4, 4),),
    "Y": (Element("year", 4, 4),),
    "y": (Element("year of century", 2),),
}
_CLOCK = (_MYSQL["i"][0], literal_element(":"), _MYSQL["s"][0])
_MYSQL["T"] = (_MYSQL["H"][0], literal_element(":"), *_CLOCK)
_MYSQL["r"] = (_MYSQL["h"][0], literal_element(":"), *_CLOCK, literal_element(" "), _MYSQL["p"][0])
_NOT_OF_TRINO = "DUuVwX"

_JODA = re.compile(r"(?P<letters>([A-Za-z])\2*)|'(?P<quoted>(?:[^']|'')*)'?|(?P<other>[^A-Za-z']+)")
_JODA_NUMBERS = {
    "d": ("day", 2),
    "D": ("day of year", 3),
    "e": ("weekday", 1),
    "h": ("clock hour of half day", 2),
    "H": ("hour", 2),
    "k": ("clock hour", 2),
    "K": ("hour of half day", 2),
    "m": ("minute", 2),
    "s": ("second", 2),
    "w": ("week", 2),
}
_JODA_YEARS = {"x": "week year", "y": "year", "Y": "year"}
_DIGITS = frozenset((*(kind for kind, _ in _JODA_NUMBERS.values()), *_JODA_YEARS.values(), "month", "fraction"))


@lru_cache(maxsize=256)
def mysql_elements(pattern: str) -> tuple[Element, ...]:
    """The elements of a pattern of date_format and date_parse.

    Raises:
        AthenaError: INVALID_FUNCTION_ARGUMENT.
    """
    elements = _merged(_read_mysql(pattern))
    if not elements:
        raise AthenaError(_INVALID, "Both printing and parsing not supported")
    return elements


def _read_mysql(pattern: str) -> Iterator[Element]:
    characters = iter(pattern)
    for character in characters:
        if character != "%":
            yield literal_element(character)
            continue
        letter = next(characters, "")
        if letter and letter in _NOT_OF_TRINO:
            raise AthenaError(_INVALID, f"%{letter} not supported in date format string")
        yield from _MYSQL.get(letter, (literal_element(letter),))


@lru_cache(maxsize=256)
def joda_elements(pattern: str) -> tuple[Element, ...]:
    """The elements of a pattern of format_datetime and parse_datetime.

    Raises:
        AthenaError: INVALID_FUNCTION_ARGUMENT.
    """
    if not pattern:
        raise AthenaError(_INVALID, "Invalid pattern specification")
    elements = _merged(_read_joda(match) for match in _JODA.finditer(pattern))
    follow = [*elements[1:], literal_element("")]
    return tuple(
        replace(element, most=element.least) if element.kind in _JODA_YEARS.values() and is_number(after) else element
        for element, after in zip(elements, follow, strict=True)
    )


def is_number(element: Element) -> bool:
    """Whether it is read from digits."""
    return element.kind in _DIGITS or element.kind in ("year of century", "lenient year of century")


def _read_joda(match: re.Match[str]) -> Element:
    letters = match["letters"]
    if letters is None:
        quoted = match["quoted"]
        if quoted is None:
            return literal_element(match["other"])
        return literal_element("'" if match[0] == "''" else quoted.replace("''", "'"))
    letter, count = letters[0], len(letters)
    if letter in _JODA_NUMBERS:
        kind, most = _JODA_NUMBERS[letter]
        return Element(kind, count, most)
    if letter in _JODA_YEARS:
        two = count == 2
        return Element("lenient year of century", 2) if two else Element(_JODA_YEARS[letter], count, _LONGEST_YEAR)
    match letter:
        case "M":
            return Element("month name", min(count, _LONG)) if count >= _SHORT else Element("month", count)
        case "E":
            return Element("weekday name", _LONG if count >= _LONG else _SHORT)
        case "S":
            return Element("fraction", count, count)
        case "a":
            return Element("half day name")
        case "C":
            return Element("century", count, count)
        case "G":
            return Element("era name")
        case "Z":
            return Element("zone" if count >= _SHORT else "offset", count)
        case "z":
            return Element("zone name", count)
    raise AthenaError(_INVALID, f"Illegal pattern component: {letters}")


def _merged(elements: Iterator[Element]) -> tuple[Element, ...]:
    """With one literal for those that stand side by side."""
    merged: list[Element] = []
    for element in elements:
        if merged and element.kind == merged[-1].kind == "literal":
            merged[-1] = literal_element(merged[-1].text + element.text)
        elif element != literal_element(""):
            merged.append(element)
    return tuple(merged)
