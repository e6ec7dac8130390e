"""Takes subqueries and windows out of an expression: DuckDB's TRY does not take them."""

from __future__ import annotations

import re

from local_athena.errors import not_supported

_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\w+|[^\w\s]")
_PREDICATES = ("EXISTS", "IN", "ANY", "ALL")


def hoisted(sql: str) -> tuple[str, dict[str, str]]:
    """The expression with names in place of what was taken out, and what the names stand for.

    The names are fields of `hoisted`.

    Raises:
        AthenaError: NOT_SUPPORTED for a predicate with a subquery.
    """
    names: dict[str, str] = {}
    result, copied = "", 0
    for start, end in _spans(sql):
        name = f"h{len(names)}"
        names[name] = sql[start:end]
        result += f"{sql[copied:start]}hoisted.{name}"
        copied = end
    return result + sql[copied:], names


def _spans(sql: str) -> list[tuple[int, int]]:
    """Where subqueries and calls with a window stand; of those inside of each other the outer one."""
    tokens = list(_TOKEN.finditer(sql))
    words = [token[0].upper() for token in tokens]
    partner = _partners(words)
    found = []
    for index, word in enumerate(words):
        if word == "(" and words[index + 1] == "SELECT":
            if index and words[index - 1] in _PREDICATES:
                raise not_supported("The local Athena has no TRY around a predicate with a subquery")
            found.append((index, partner[index]))
        elif word == "OVER":
            # Before it stand the arguments, and before them the function's name.
            found.append((partner[index - 1] - 1, partner[index + 1]))
    outer = [
        (first, last)
        for first, last in sorted(found)
        if not any(other_first < first and last < other_last for other_first, other_last in found)
    ]
    return [(tokens[first].start(), tokens[last].end()) for first, last in outer]


def _partners(words: list[str]) -> dict[int, int]:
    """Of each parenthesis the other one."""
    partner: dict[int, int] = {}
    opened: list[int] = []
    for index, word in enumerate(words):
        if word == "(":
            opened.append(index)
        elif word == ")":
            partner[index] = opened.pop()
            partner[partner[index]] = index
    return partner
