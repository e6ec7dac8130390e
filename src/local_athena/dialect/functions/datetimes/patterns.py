"""date_format, date_parse, format_datetime and parse_datetime.

Source: https://trino.io/docs/current/functions/datetime.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from local_athena.dialect.functions.datetimes.elements import (
    Element,
    is_number,
    joda_elements,
    mysql_elements,
)
from local_athena.dialect.functions.datetimes.zoned import local
from local_athena.dialect.functions.registry import Call, Table
from local_athena.dialect.representation import literal
from local_athena.dialect.snippets import fail, failing, null_of, once, or_else
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError, not_supported
from local_athena.types.model import Timestamp

_MS_DIGITS = 3
_US_OF_MS = 1000
_INVALID = "INVALID_FUNCTION_ARGUMENT"
_NO_ZONE = (
    "format_datetime for TIMESTAMP type, cannot use 'Z' nor 'z' in format, as this type does not contain TZ information"
)
_NO_NAME = fail("NOT_SUPPORTED", "The local Athena does not know the names of time zones")
_OF_ZONES = ("zone", "offset", "zone name")
# Elements with so many digits at least, as strftime of DuckDB knows them.
_STRFTIME = {
    ("year", 4): "%Y",
    ("year of century", 2): "%y",
    ("lenient year of century", 2): "%y",
    ("week year", 4): "%G",
    ("month", 1): "%-m",
    ("month", 2): "%m",
    ("month name", 3): "%b",
    ("month name", 4): "%B",
    ("week", 2): "%V",
    ("day", 1): "%-d",
    ("day", 2): "%d",
    ("day of year", 1): "%-j",
    ("day of year", 3): "%j",
    ("weekday", 1): "%u",
    ("weekday name", 3): "%a",
    ("weekday name", 4): "%A",
    ("half day name", 1): "%p",
    ("hour", 1): "%-H",
    ("hour", 2): "%H",
    ("clock hour of half day", 1): "%-I",
    ("clock hour of half day", 2): "%I",
    ("minute", 1): "%-M",
    ("minute", 2): "%M",
    ("second", 1): "%-S",
    ("second", 2): "%S",
    ("fraction", 3): "%g",
}
# What others print, from the timestamp `{0}`.
_NUMBERS = {
    "year": "year({0})",
    "week year": "isoyear({0})",
    "century": "(year({0}) // 100)",
    "month": "month({0})",
    "week": "week({0})",
    "day": "day({0})",
    "day of year": "dayofyear({0})",
    "weekday": "isodow({0})",
    "hour": "hour({0})",
    "clock hour": "((hour({0}) + 23) % 24 + 1)",
    "hour of half day": "(hour({0}) % 12)",
    "clock hour of half day": "((hour({0}) + 11) % 12 + 1)",
    "minute": "minute({0})",
    "second": "second({0})",
}

MACROS = (
    "trino_padded(number, least) AS (CASE WHEN number < 0 THEN '-' ELSE '' END"
    " || CASE WHEN length(CAST(abs(number) AS VARCHAR)) >= least THEN CAST(abs(number) AS VARCHAR)"
    " ELSE lpad(CAST(abs(number) AS VARCHAR), least, '0') END)",
)

Read = Callable[[str], tuple[Element, ...]]


def _elements(call: Call, index: int, read: Read) -> tuple[Element, ...] | None:
    """Of a pattern that is a literal; None if it is null.

    Raises:
        AthenaError: NOT_SUPPORTED if the pattern is no literal.
    """
    original = call.original[index]
    constant = original.constant if isinstance(original, Typed) else ""
    if constant is None:
        return None
    if not isinstance(constant, str):
        raise not_supported(f"The local Athena takes only a literal as the pattern of {call.name}")
    return read(constant)


def _unless_null(call: Call, failure: str) -> str:
    """Of null, a function makes null whatever its pattern is."""
    return f"CASE WHEN {call.sqls[0]} IS NOT NULL THEN {failure} END"


def _formatting(read: Read, *, zoned: bool) -> Callable[[Call], str]:
    def implementation(call: Call) -> str:
        try:
            elements = _elements(call, 1, read)
        except AthenaError as error:
            if error.name != _INVALID:
                raise
            return _unless_null(call, failing(call.result, error.name, error.message))
        if elements is None:
            return "CAST(NULL AS VARCHAR)"
        if not zoned and any(element.kind in _OF_ZONES for element in elements):
            return _unless_null(call, failing(call.result, _INVALID, _NO_ZONE))
        fine = isinstance(type_ := call.typed(0).type, Timestamp) and type_.precision > _MS_DIGITS
        return once(call.sqls[0], lambda value: _formatted(value, elements, zoned=zoned, fine=fine))

    return implementation


def _formatted(value: str, elements: tuple[Element, ...], *, zoned: bool, fine: bool) -> str:
    shown = local(value) if zoned else value
    if fine:
        shown = f"trino_round_timestamp({shown}, {_US_OF_MS})"
    return " || ".join(_pieces(value, shown, elements))


def _pieces(value: str, shown: str, elements: tuple[Element, ...]) -> Iterator[str]:
    for simple, group in groupby(elements, lambda element: _directive(element) is not None):
        if simple:
            directives = "".join(filter(None, map(_directive, group)))
            yield f"strftime({shown}, {literal(directives)})"
        else:
            yield from (_piece(value, shown, element) for element in group)


def _directive(element: Element) -> str | None:
    if element.kind == "literal":
        return element.text.replace("%", "%%")
    return _STRFTIME.get((element.kind, element.least))


def _piece(value: str, shown: str, element: Element) -> str:
    minutes = f"trino_minutes_of({value}.instant, {value}.zone)"
    match element.kind:
        case "fraction":
            return f"rpad(strftime({shown}, '%g'), {element.least}, '0')"
        case "zone":
            return f"{value}.zone"
        case "zone name":
            plain = f"left({value}.zone, 1) IN ('+', '-') OR {value}.zone = 'UTC'"
            return f"(CASE WHEN {plain} THEN {value}.zone ELSE {_NO_NAME} END)"
        case "offset":
            text = f"trino_offset_text({minutes})"
            return f"replace({text}, ':', '')" if element.least == 1 else text
        case "era name":
            return f"(CASE WHEN year({shown}) < 1 THEN 'BC' ELSE 'AD' END)"
        case kind if kind in _NUMBERS:
            return f"trino_padded({_NUMBERS[kind].format(shown)}, {element.least})"
    raise not_supported(f"The local Athena does not print the {element.kind} of a time")


# What DuckDB reads by itself of a text: groups of a regular expression, and where they stand in a timestamp.
_READ = {
    "year": r"[0-9]{4}",
    "month": "[0-9]{1,2}",
    "day": "[0-9]{1,2}",
    "hour": "(?:[01]?[0-9]|2[0-3])",
    "minute": "[0-5]?[0-9]",
    "second": "[0-5]?[0-9]",
    "fraction": "[0-9]+",
}
_READ_BEFORE_NUMBER = {
    "year": r"[0-9]{4}",
    "month": "[0-9]{2}",
    "day": "[0-9]{2}",
    "hour": "(?:[01][0-9]|2[0-3])",
    "minute": "[0-5][0-9]",
    "second": "[0-5][0-9]",
    "fraction": None,
}
_PLACES = (
    ("year", "", None),
    ("month", "-", "01"),
    ("day", "-", "01"),
    ("hour", " ", "00"),
    ("minute", ":", "00"),
    ("second", ":", "00"),
    ("fraction", ".", "0"),
)


def _native(value: str, elements: tuple[Element, ...]) -> str | None:
    """What DuckDB makes of a text of the usual form, null for others; None if the pattern is an unusual one."""
    form = ""
    groups: dict[str, int] = {}
    for element, after in zip(elements, (*elements[1:], Element("literal")), strict=True):
        if element.kind == "literal":
            form += re.escape(element.text)
            continue
        part = (_READ_BEFORE_NUMBER if is_number(after) else _READ).get(element.kind)
        if part is not None and element.kind == "fraction":
            part = f"[0-9]{{1,{element.most}}}"
        if part is None or element.kind in groups:
            return None
        form += f"({part})"
        groups[element.kind] = len(groups) + 1
    text = ""
    for kind, mark, default in _PLACES:
        part = f"\\{groups[kind]}" if kind in groups else default
        if part is None:
            return None
        text += mark + part
    rewritten = f"regexp_replace({value}, {literal(f'^{form}$')}, {literal(text)})"
    matches = f"regexp_full_match({value}, {literal(form)})"
    return f"CASE WHEN {matches} THEN date_trunc('millisecond', TRY_CAST({rewritten} AS TIMESTAMP)) END"


def _parsing(read: Read, python: str, native: str, otherwise: str) -> Callable[[Call], str]:
    """A function that reads a text.

    Args:
        read: the elements of its pattern.
        python: the Python function that reads any text.
        native: the result, from a timestamp `{0}` that DuckDB read.
        otherwise: the result, from what the Python function gave, `{0}`.
    """

    def implementation(call: Call) -> str:
        try:
            elements = _elements(call, 1, read)
        except AthenaError as error:
            if error.name != _INVALID:
                raise
            return _unless_null(call, failing(call.result, error.name, error.message))
        if elements is None:
            return null_of(call.result)
        if any(element.kind == "century" for element in elements):
            raise not_supported("The local Athena does not read the century of a time")
        return once(call.sqls[0], lambda value: _read(value, elements, call.sqls[1]))

    def _read(value: str, elements: tuple[Element, ...], pattern: str) -> str:
        slow = once(f"{python}({value}, {pattern})", otherwise.format)
        attempt = _native(value, elements)
        if attempt is None:
            return f"(CASE WHEN {value} IS NOT NULL THEN {slow} END)"
        fast = once(attempt, native.format)
        return once(fast, lambda read: or_else(read, f"CASE WHEN {value} IS NOT NULL THEN {slow} END"))

    return implementation


_ZONED, _STAMP = "timestamp(p) with time zone", "timestamp(p)"
_PARSED = "trino_parse_mysql", "{0}", "{0}"
_PARSED_ZONED = (
    "trino_parse_joda",
    "(CASE WHEN {0} IS NOT NULL THEN struct_pack(instant := {0}, zone := 'UTC') END)",
    "trino_zoned({0}.shown, {0}.zone)",
)

SCALARS: Table = {
    f"date_format({_ZONED}, varchar(x)) -> varchar": _formatting(mysql_elements, zoned=True),
    f"date_format({_STAMP}, varchar(x)) -> varchar": _formatting(mysql_elements, zoned=False),
    "date_parse(varchar(x), varchar(y)) -> timestamp(3)": _parsing(mysql_elements, *_PARSED),
    f"format_datetime({_ZONED}, varchar(x)) -> varchar": _formatting(joda_elements, zoned=True),
    f"format_datetime({_STAMP}, varchar(x)) -> varchar": _formatting(joda_elements, zoned=False),
    "parse_datetime(varchar(x), varchar(y)) -> timestamp(3) with time zone": _parsing(joda_elements, *_PARSED_ZONED),
}
