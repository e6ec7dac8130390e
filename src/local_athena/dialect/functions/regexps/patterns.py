"""Regular expressions of Trino (Joni with Java's syntax), read once and written for RE2 (DuckDB) and for Python.

RE2 is fast; Python knows look-arounds and back-references. What neither can do in the same sense is refused.

Source: https://trino.io/docs/current/functions/regexp.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from local_athena.dialect.functions.regexps.classes import (
    CLASSES,
    CODE,
    CONTROLS,
    PROPERTY,
    ClassReader,
    malformed,
    refused,
)
from local_athena.errors import not_supported

_QUANTIFIER = re.compile(r"(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?")
_GROUP = re.compile(
    r"\((?:\?(?:(?P<look>[=!]|<[=!])|(?P<atomic>>)|<(?P<name>\w+)>|(?P<on>[imsx]*)(?P<off>-[imsx]+)?(?P<end>[:)])))?"
)
_MOST_REPEATS = 1000


@dataclass(frozen=True)
class Pattern:
    """A regular expression.

    Attributes:
        python: compiled for Python.
        native: for RE2; None if RE2 cannot do it.
        ascii_only: whether `native` means the same only for ASCII texts that do not end in a new line.
        groups: number of capturing groups.
        names: of the named groups, with their numbers.
        optional_groups: whether a group can be left out of a match.
        can_be_empty: whether it matches without taking a character.
        anchored: whether it asks what stands before it.
    """

    python: re.Pattern[str]
    native: str | None
    ascii_only: bool
    groups: int
    names: dict[str, int]
    optional_groups: bool
    can_be_empty: bool
    anchored: bool


@lru_cache(maxsize=1000)
def pattern(text: str) -> Pattern:
    """Reads a regular expression.

    Raises:
        AthenaError: INVALID_FUNCTION_ARGUMENT for a malformed one; NOT_SUPPORTED.
    """
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._python: list[str] = []
        self._native: list[str] = []
        self._bare: list[str] = []
        self._open = 0
        self._names: dict[str, int] = {}
        self._groups = 0
        self._runs_natively = True
        self._ascii_only = False
        self._optional_groups = False
        self._anchored = False
        self._last = "nothing"
        self._readers = {"(": self._group, ")": self._close, "[": self._class, "\\": self._escape}

    def read(self) -> Pattern:
        while self._at < len(self._text):
            self._token(self._text[self._at])
        if self._open:
            raise malformed("end pattern with unmatched parenthesis")
        try:
            compiled = re.compile("".join(self._python))
            empty = re.compile("".join(self._bare)).fullmatch("") is not None
        except (re.error, OverflowError, RecursionError):
            raise refused(self._text) from None
        return Pattern(
            python=compiled,
            native="".join(self._native) if self._runs_natively else None,
            ascii_only=self._ascii_only,
            groups=self._groups,
            names=self._names,
            optional_groups=self._optional_groups,
            can_be_empty=empty,
            anchored=self._anchored,
        )

    def _token(self, character: str) -> None:
        if found := _QUANTIFIER.match(self._text, self._at):
            self._quantifier(found[0])
        elif character in self._readers:
            self._readers[character]()
        elif character in "^$.|":
            self._sign(character)
        else:
            self._literal(character)
            self._at += 1

    def _emit(self, python: str, native: str | None = None, *, bare: str | None = None, last: str = "item") -> None:
        self._python.append(python)
        self._native.append(python if native is None else native)
        self._bare.append(python if bare is None else bare)
        self._last = last

    def _literal(self, character: str) -> None:
        self._emit(re.escape(character) if not character.isalnum() else character)
        self._native[-1] = "\\" + character if character.isascii() and not character.isalnum() else character

    def _sign(self, character: str) -> None:
        self._at += 1
        if character == "$":
            # RE2's is the very end; Trino's may stand before a last new line.
            self._ascii_only = True
        self._emit(
            character, bare="" if character in "^$" else character, last="item" if character == "." else "nothing"
        )
        self._optional_groups |= character == "|"
        self._anchored |= character == "^"

    def _quantifier(self, text: str) -> None:
        bounds = [int(number) for number in re.findall(r"\d+", text)]
        if self._last == "nothing":
            raise malformed("target of repeat operator is not specified")
        if len(bounds) == 2 and bounds[0] > bounds[1]:
            raise malformed("upper is smaller than lower in repeat range")
        if self._last == "quantifier" or text.endswith("}+"):
            raise refused(self._text)
        if (len(text) > 1 and text[-1] == "+") or max(bounds, default=0) > _MOST_REPEATS:
            self._runs_natively = False
        self._emit(text, last="quantifier")
        self._optional_groups |= text[0] in "*?{"
        self._at += len(text)

    def _group(self) -> None:
        found = _GROUP.match(self._text, self._at)
        if found is None or (found[0] == "(" and self._text.startswith("(?", self._at)):
            self._odd_group()
            return
        self._at = found.end()
        if found["end"] == ")":
            self._flags(found)
            return
        text = found[0]
        if found["look"] or found["atomic"]:
            self._runs_natively = False
            self._emit(text, bare="(?:" if found["atomic"] else "(?:|", last="nothing")
        elif found["name"]:
            self._groups += 1
            self._names[found["name"]] = self._groups
            self._emit(f"(?P<{found['name']}>", last="nothing")
        elif text == "(":
            self._groups += 1
            self._emit("(", last="nothing")
        else:
            self._mode(found)
            self._emit(text, last="nothing")
        self._open += 1

    def _flags(self, found: re.Match[str]) -> None:
        """Flags for the rest of the group: Python wants a group of its own for them."""
        self._mode(found)
        if self._python or found["off"]:
            raise refused(self._text)
        self._emit(found[0], last="nothing")

    def _mode(self, found: re.Match[str]) -> None:
        flags = (found["on"] or "") + (found["off"] or "")
        self._ascii_only |= "i" in flags
        if "x" in flags:
            raise not_supported("The local Athena has no regular expressions with comments (?x)")

    def _odd_group(self) -> None:
        comment = re.compile(r"\(\?#[^)]*\)").match(self._text, self._at)
        if comment is None and re.compile(r"\(\?<?\w*$").match(self._text, self._at):
            raise malformed("end pattern with unmatched parenthesis")
        if comment is None:
            raise malformed("undefined group option")
        self._at = comment.end()

    def _close(self) -> None:
        if not self._open:
            raise malformed("unmatched close parenthesis")
        self._open -= 1
        self._at += 1
        self._emit(")")

    def _escape(self) -> None:
        if self._at + 1 >= len(self._text):
            raise malformed("end pattern at escape")
        letter = self._text[self._at + 1]
        if found := CODE.match(self._text, self._at):
            self._at = found.end()
            self._literal(chr(int(found["braced"] or found["hex"] or found["unicode"], 16)))
        elif PROPERTY.match(self._text, self._at):
            reader = ClassReader(self._text, self._at)
            self._emit_class(*reader.property())
            self._take(reader)
        elif letter == "Q":
            self._quoted()
        elif letter in "123456789k":
            self._back_reference()
        else:
            self._at += 2
            self._letter(letter)

    def _letter(self, letter: str) -> None:
        if letter in CONTROLS:
            self._literal(CONTROLS[letter])
        elif letter.lower() in CLASSES:
            ranges = ("^" if letter.isupper() else "") + CLASSES[letter.lower()]
            self._emit_class(ranges, ranges)
        elif letter in "AzZbB":
            self._anchor(letter)
        elif letter.isascii() and letter.isalnum():
            raise refused(self._text)
        else:
            self._literal(letter)

    def _anchor(self, letter: str) -> None:
        self._anchored = True
        if letter in "bBZ":
            self._ascii_only = True
        python = {"z": r"\Z", "Z": r"(?=\n?\Z)"}.get(letter, f"\\{letter}")
        self._emit(python, {"Z": r"\z"}.get(letter, f"\\{letter}"), bare="", last="nothing")

    def _quoted(self) -> None:
        end = self._text.find(r"\E", self._at)
        quoted = self._text[self._at + 2 : end if end >= 0 else None]
        for character in quoted:
            self._literal(character)
        self._at = len(self._text) if end < 0 else end + 2

    def _back_reference(self) -> None:
        if re.compile(r"\\\d\d").match(self._text, self._at):
            raise refused(self._text)
        found = re.compile(r"\\(?:(?P<number>\d)|k<(?P<name>\w+)>)").match(self._text, self._at)
        if found is None:
            raise malformed("invalid backref number/name")
        number = int(found["number"]) if found["number"] else self._names.get(found["name"], 0)
        if not 0 < number <= self._groups:
            raise malformed("invalid backref number/name")
        self._at = found.end()
        self._runs_natively = False
        self._emit(f"(?:\\{number})")

    def _emit_class(self, python: str, native: str) -> None:
        self._emit(f"[{python}]", f"[{native}]")

    def _class(self) -> None:
        reader = ClassReader(self._text, self._at + 1)
        self._emit_class(*reader.read())
        self._take(reader)

    def _take(self, reader: ClassReader) -> None:
        self._at = reader.at
        self._ascii_only |= reader.ascii_only
        self._runs_natively &= reader.runs_natively
