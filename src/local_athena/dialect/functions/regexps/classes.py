"""Classes of characters in regular expressions, `[…]` and those of Unicode, written for RE2 (DuckDB) and for Python.

Source: https://trino.io/docs/current/functions/regexp.html
"""

from __future__ import annotations

import re

from local_athena.dialect.functions.regexps.properties import ascii_class, python_property
from local_athena.errors import AthenaError, not_supported

CODE = re.compile(r"\\(?:x\{(?P<braced>[0-9A-Fa-f]+)\}|x(?P<hex>[0-9A-Fa-f]{2})|u(?P<unicode>[0-9A-Fa-f]{4}))")
PROPERTY = re.compile(r"\\(?P<kind>[pP])(?:\{(?P<not>\^?)(?P<name>[^}]*)\}|(?P<letter>\w))")
CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}
# Trino's classes are ASCII; a boundary of words is not.
CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r"\t-\r "}
# A minus behind a class or before one stands for itself.
_NO_RANGE = re.compile(r"\\[dwsDWS]-|..-(?:\\[dwsDWSpP]|\[:)", re.DOTALL)


def malformed(message: str) -> AthenaError:
    """The error for an expression that is none."""
    return AthenaError("INVALID_FUNCTION_ARGUMENT", message)


def refused(text: str) -> AthenaError:
    """The error for an expression that means something else, or nothing, to Python and RE2."""
    return not_supported(f"The local Athena cannot run the regular expression '{text}'")


class ClassReader:
    """Reads one class.

    Attributes:
        at: where the reader stands in the text.
        ascii_only: whether RE2's class is the same only for ASCII texts.
        runs_natively: whether RE2 has the class.
    """

    def __init__(self, text: str, at: int) -> None:
        """Reads from a place: behind `[`, or before a property of Unicode."""
        self.at = at
        self.ascii_only = False
        self.runs_natively = True
        self._text = text

    def property(self) -> tuple[str, str]:
        """The class a property stands for: ranges for Python, and as RE2 writes it."""
        found = PROPERTY.match(self._text, self.at)
        assert found is not None, "the caller looked"
        self.at = found.end()
        name, negated = found["name"] or found["letter"], (found["kind"] == "P") != bool(found["not"])
        ranges = python_property(name, negated=negated)
        if (known := ascii_class(name)) is None:
            return ranges, f"\\{'P' if negated else 'p'}{{{name}}}"
        self.ascii_only = True
        self.runs_natively &= not negated
        return ranges, known

    def read(self) -> tuple[str, str]:
        """`[…]`: characters, ranges, classes and properties; no classes of classes."""
        negated = self._text.startswith("^", self.at)
        self.at += negated
        python, native, first = "", "", True
        while True:
            if self.at >= len(self._text):
                raise malformed("premature end of char-class")
            character = self._text[self.at]
            if character == "]" and not first:
                break
            one, other = self._member(character)
            python, native, first = python + one, native + other, False
        self.at += 1
        sign = "^" if negated else ""
        try:
            re.compile(f"[{sign}{python}]")
        except re.error:
            raise malformed("empty range in char class") from None
        return f"{sign}{python}", f"{sign}{native}"

    def _member(self, character: str) -> tuple[str, str]:
        text = self._text
        if found := re.compile(r"\[:(\^?)(\w+):\]").match(text, self.at):
            ranges = python_property(found[2].capitalize(), negated=bool(found[1]))
            self.ascii_only = True
            self.runs_natively &= not found[1]
            self.at = found.end()
            return ranges, ascii_class(found[2]) or ranges
        if character == "[" or text.startswith("&&", self.at):
            raise refused(self._text)
        if character == "-" and _NO_RANGE.match(text, self.at - 2):
            self.at += 1
            return "\\-", "\\-"
        if character != "\\":
            self.at += 1
            escaped = character if character.isalnum() or character == "-" else "\\" + character
            return (escaped, escaped) if character.isascii() else (character, character)
        return self._escaped_member()

    def _escaped_member(self) -> tuple[str, str]:
        if found := CODE.match(self._text, self.at):
            self.at = found.end()
            character = chr(int(found["braced"] or found["hex"] or found["unicode"], 16))
        elif PROPERTY.match(self._text, self.at):
            return self.property()
        elif self.at + 1 >= len(self._text):
            raise malformed("end pattern at escape")
        else:
            letter = self._text[self.at + 1]
            self.at += 2
            if letter in CLASSES:
                return CLASSES[letter], CLASSES[letter]
            if letter.isascii() and letter.isalnum() and letter not in CONTROLS:
                raise refused(self._text)
            character = CONTROLS.get(letter, letter)
        escaped = character if character.isalnum() or not character.isascii() else "\\" + character
        if character in "\t\n\r\f\v\a\x1b":
            escaped = f"\\x{ord(character):02x}"
        return escaped, escaped
