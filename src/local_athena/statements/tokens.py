"""Cuts SQL into tokens; what a quoted token means is for the grammar to say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import takewhile

WORD = "word"
NUMBER = "number"
SINGLE = "single"
DOUBLE = "double"
BACKTICK = "backtick"
SYMBOL = "symbol"
END = "end"

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*|/\*.*?\*/)
    | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?(?![A-Za-z0-9_]))
    | (?P<word>[A-Za-z0-9_]+)
    | (?P<single>'(?:[^']|'')*')
    | (?P<double>"(?:[^"]|"")*")
    | (?P<backtick>`(?:[^`]|``)*`)
    | (?P<symbol>.)
    """,
    re.VERBOSE | re.DOTALL,
)
# Hive escapes a quote with a backslash, and has no comments between /* and */.
_OF_HIVE = (
    ("'(?:[^']|'')*'", r"'(?:[^'\\]|\\.)*'"),
    ('"(?:[^"]|"")*"', r'"(?:[^"\\]|\\.)*"'),
    (r"|/\*.*?\*/", ""),
)
_HIVE_TOKEN = re.compile(
    reduce(lambda pattern, change: pattern.replace(*change), _OF_HIVE, _TOKEN.pattern), re.VERBOSE | re.DOTALL
)


@dataclass(frozen=True)
class Token:
    """A token.

    Attributes:
        kind: one of the constants of this module.
        text: as it stands in the statement, quotes and all; empty at the end.
        start: index of its first character.
        end: index behind its last character.
    """

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The word in lower case; empty for other tokens."""
        return self.text.lower() if self.kind == WORD else ""


def tokenize(sql: str, *, hive: bool = False) -> list[Token]:
    """The tokens of a statement without blanks and comments; the last one has the kind `END`."""
    found = (_HIVE_TOKEN if hive else _TOKEN).finditer(sql)
    tokens = [
        Token(match.lastgroup, match.group(), match.start(), match.end())
        for match in found
        if match.lastgroup is not None and match.lastgroup != "space"
    ]
    behind = tokens[-1].end if tokens else len(sql)
    return [*tokens, Token(END, "", max(behind, len(sql.rstrip())), len(sql))]


def position(sql: str, index: int) -> tuple[int, int]:
    """Line and column of a character, both from 1."""
    before = sql[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def blanked(sql: str, start: int, end: int) -> str:
    """A part of a statement behind blanks, so that positions in it are those in the statement."""
    return re.sub(r"[^\n]", " ", sql[:start]) + sql[start:end]


def has_query_after_name(tokens: Iterable[Token]) -> bool:
    """Whether AS or WITH follows the name of a table to be made, and not its columns."""
    return any(token.word in ("as", "with") for token in takewhile(lambda token: token.text != "(", tokens))
