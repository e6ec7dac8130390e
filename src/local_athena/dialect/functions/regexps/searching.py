"""Functions of regular expressions: RE2 where it answers as Trino does, else Python.

Source: https://trino.io/docs/current/functions/regexp.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from local_athena.dialect.functions.collections.lambdas import applied
from local_athena.dialect.functions.regexps.patterns import Pattern, pattern
from local_athena.dialect.functions.registry import Call, Table
from local_athena.dialect.functions.sqls import escaped
from local_athena.dialect.representation import literal
from local_athena.dialect.runtime import PythonFunction
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError, raise_text
from local_athena.types.model import Varchar

_INVALID = "INVALID_FUNCTION_ARGUMENT"
_LONGEST = 2147483647


def _read(text: str) -> Pattern:
    try:
        return pattern(text)
    except AthenaError as error:
        raise_text(error.name, error.message)


def _like(text: str, expression: str) -> bool:
    return _read(expression).python.search(text) is not None


def _checked_group(expression: Pattern, group: int) -> None:
    if group < 0:
        raise_text(_INVALID, "Group cannot be negative")
    if group > expression.groups:
        raise_text(_INVALID, f"Pattern has {expression.groups} groups. Cannot access group {group}")


def _extract(text: str, expression: str, group: int) -> str | None:
    read = _read(expression)
    _checked_group(read, group)
    found = read.python.search(text)
    return None if found is None else found[group]


def _extract_all(text: str, expression: str, group: int) -> list[str | None]:
    read = _read(expression)
    _checked_group(read, group)
    return [found[group] for found in read.python.finditer(text)]


def _count(text: str, expression: str) -> int:
    return sum(1 for _ in _read(expression).python.finditer(text))


def _position(text: str, expression: str, start: int, occurrence: int) -> int:
    if start < 1:
        raise_text(_INVALID, "start position cannot be smaller than 1")
    if occurrence < 1:
        raise_text(_INVALID, "occurrence cannot be smaller than 1")
    if start > len(text):
        return -1
    for number, found in enumerate(_read(expression).python.finditer(text, start - 1), 1):
        if number == occurrence:
            return found.start() + 1
    return -1


def _split(text: str, expression: str) -> list[str]:
    parts, start = [], 0
    for found in _read(expression).python.finditer(text):
        parts.append(text[start : found.start()])
        start = found.end()
    return [*parts, text[start:]]


def _replacement(text: str, expression: Pattern) -> Iterator[str | int]:
    """Texts and numbers of groups of a replacement: `$1`, `${name}`, and a backslash before what is meant as it is."""
    at = 0
    while at < len(text):
        character = text[at]
        if character not in "\\$":
            yield character
            at += 1
        elif at + 1 == len(text):
            raise AthenaError(_INVALID, f"Illegal replacement sequence: {text}")
        elif character == "\\":
            yield text[at + 1]
            at += 2
        else:
            group, at = _group_of(text, at + 1, expression)
            yield group


def _group_of(text: str, at: int, expression: Pattern) -> tuple[int, int]:
    if named := re.compile(r"\{([^}]*)\}").match(text, at):
        if named[1] not in expression.names:
            raise AthenaError(_INVALID, f"Illegal replacement sequence: unknown group {{ {named[1]} }}")
        return expression.names[named[1]], named.end()
    if not text[at].isdigit():
        raise AthenaError(_INVALID, f"Illegal replacement sequence: {text}")
    group, at = int(text[at]), at + 1
    if group > expression.groups:
        raise AthenaError(_INVALID, f"Illegal replacement sequence: unknown group {group}")
    while at < len(text) and text[at].isdigit() and group * 10 + int(text[at]) <= expression.groups:
        group, at = group * 10 + int(text[at]), at + 1
    return group, at


def _replace(text: str, expression: str, new: str) -> str:
    read = _read(expression)
    if read.python.search(text) is None:
        return text
    try:
        parts = list(_replacement(new, read))
    except AthenaError as error:
        raise_text(error.name, error.message)
    return read.python.sub(
        lambda found: "".join(part if isinstance(part, str) else found[part] or "" for part in parts), text
    )


def _pieces(text: str, expression: str) -> dict[str, object]:
    """What stands around the matches, and the groups of each match."""
    between, groups, start = [], [], 0
    for found in _read(expression).python.finditer(text):
        between.append(text[start : found.start()])
        groups.append(list(found.groups()))
        start = found.end()
    return {"between": [*between, text[start:]], "groups": groups}


_PLAIN = "strlen({0}) = length({0}) AND NOT ends_with({0}, chr(10))"


def _chosen(native: Callable[[Call, Pattern], str | None], python: str) -> Callable[[Call], str]:
    """RE2's template for a constant pattern that it takes, else Python's."""

    def made(call: Call) -> str:
        text = call.constant(1)
        if not isinstance(text, str):
            return call.filled(python)
        read = pattern(text)
        template = None if read.native is None else native(call, read)
        if template is None or read.native is None:
            return call.filled(python)
        template = template.replace("$", escaped(literal(read.native)))
        return call.filled(f"CASE WHEN {_PLAIN} THEN {template} ELSE {python} END" if read.ascii_only else template)

    return made


def _native_extract(call: Call, read: Pattern) -> str | None:
    group = call.constant(2) if len(call.arguments) > 2 else 0
    if not isinstance(group, int) or not 0 <= group <= read.groups or read.can_be_empty:
        return None
    if group and read.optional_groups:
        return f"regexp_extract_all({{0}}, $, {group})[1]"
    return f"CASE WHEN regexp_matches({{0}}, $) THEN regexp_extract({{0}}, $, {group}) END"


def _native_extract_all(call: Call, read: Pattern) -> str | None:
    group = call.constant(2) if len(call.arguments) > 2 else 0
    if not isinstance(group, int) or not 0 <= group <= read.groups or read.can_be_empty:
        return None
    return f"regexp_extract_all({{0}}, $, {group})"


def _native_replace(call: Call, read: Pattern) -> str | None:
    new = call.constant(2) if len(call.arguments) > 2 else ""
    if not isinstance(new, str) or read.can_be_empty:
        return None
    try:
        parts = list(_replacement(new, read))
    except AthenaError:
        return None
    if any(isinstance(part, int) and part > 9 for part in parts):
        return None
    written = "".join(f"\\{part}" if isinstance(part, int) else part.replace("\\", "\\\\") for part in parts)
    quoted = escaped(literal(written))
    return None if "$" in quoted else f"regexp_replace({{0}}, $, {quoted}, 'g')"


def _native_split(_call: Call, read: Pattern) -> str | None:
    # DuckDB looks at each rest by itself, as if nothing stood before it.
    return None if read.can_be_empty or read.anchored else "string_split_regex({0}, $)"


def _replaced(call: Call) -> Typed:
    """The result is as long as if every character matched."""
    text, new = (type_.length if isinstance(type_, Varchar) else None for type_ in (call.typed(i).type for i in (0, 2)))
    length = None if text is None or new is None else text + max(text * new // 2, new) * (text + 1)
    sql = _chosen(_native_replace, "trino_regexp_replace({0}, {1}, {2})")(call)
    return Typed(f"({sql})", Varchar(None if length is None or length > _LONGEST else length))


def _replaced_by_lambda(call: Call) -> str:
    answer = applied(call.function(2), "pieces.groups[i]")
    parts = f"list_transform(range(1, len(pieces.groups) + 1), lambda i: pieces.between[i] || {answer})"
    joined = f"coalesce(array_to_string({parts}, ''), '') || pieces.between[-1]"
    return f"list_transform([trino_regexp_pieces({call.sqls[0]}, {call.sqls[1]})], lambda pieces: {joined})[1]"


_EXTRACT = _chosen(_native_extract, "trino_regexp_extract({0}, {1}, 0)")
_EXTRACT_GROUP = _chosen(_native_extract, "trino_regexp_extract({0}, {1}, {2})")
_EXTRACT_ALL = _chosen(_native_extract_all, "trino_regexp_extract_all({0}, {1}, 0)")
_EXTRACT_ALL_GROUP = _chosen(_native_extract_all, "trino_regexp_extract_all({0}, {1}, {2})")

SCALARS: Table = {
    "regexp_count(varchar(x), joniregexp) -> bigint": _chosen(
        lambda _, read: None if read.can_be_empty else "len(regexp_extract_all({0}, $))", "trino_regexp_count({0}, {1})"
    ),
    "regexp_extract(varchar(x), joniregexp) -> varchar(x)": _EXTRACT,
    "regexp_extract(varchar(x), joniregexp, bigint) -> varchar(x)": _EXTRACT_GROUP,
    "regexp_extract_all(varchar(x), joniregexp) -> array(varchar(x))": _EXTRACT_ALL,
    "regexp_extract_all(varchar(x), joniregexp, bigint) -> array(varchar(x))": _EXTRACT_ALL_GROUP,
    "regexp_like(varchar(x), joniregexp) -> boolean": _chosen(
        lambda _call, _read: "regexp_matches({0}, $)", "trino_regexp_like({0}, {1})"
    ),
    "regexp_position(varchar(x), joniregexp) -> integer": "trino_regexp_position({0}, {1}, 1, 1)",
    "regexp_position(varchar(x), joniregexp, integer) -> integer": "trino_regexp_position({0}, {1}, {2}, 1)",
    "regexp_position(varchar(x), joniregexp, integer, integer) -> integer": "trino_regexp_position({all})",
    "regexp_replace(varchar(x), joniregexp) -> varchar(x)": _chosen(
        _native_replace, "trino_regexp_replace({0}, {1}, '')"
    ),
    "regexp_replace(varchar(x), joniregexp, varchar(y)) -> varchar(z)": _replaced,
    "regexp_replace(varchar, joniregexp, function(array(varchar),varchar(x))) -> varchar": _replaced_by_lambda,
    "regexp_split(varchar(x), joniregexp) -> array(varchar(x))": _chosen(_native_split, "trino_regexp_split({0}, {1})"),
}

_TWO = ("VARCHAR", "VARCHAR")
PYTHON = (
    PythonFunction("trino_regexp_like", _like, _TWO, "BOOLEAN"),
    PythonFunction("trino_regexp_extract", _extract, (*_TWO, "BIGINT"), "VARCHAR"),
    PythonFunction("trino_regexp_extract_all", _extract_all, (*_TWO, "BIGINT"), "VARCHAR[]"),
    PythonFunction("trino_regexp_count", _count, _TWO, "BIGINT"),
    PythonFunction("trino_regexp_position", _position, (*_TWO, "INTEGER", "INTEGER"), "INTEGER"),
    PythonFunction("trino_regexp_replace", _replace, (*_TWO, "VARCHAR"), "VARCHAR"),
    PythonFunction("trino_regexp_split", _split, _TWO, "VARCHAR[]"),
    PythonFunction("trino_regexp_pieces", _pieces, _TWO, "STRUCT(between VARCHAR[], groups VARCHAR[][])"),
)
