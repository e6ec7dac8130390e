"""Reads words one by one: what every part of the parser stands on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from local_athena.dialect.syntax.tokens import Token, syntax_error, tokenize
from local_athena.dialect.syntax.tree import Identifier, Name
from local_athena.errors import AthenaError

T = TypeVar("T")


class Cursor:
    """A place in the words of a statement."""

    def __init__(self, sql: str, *, noting: bool = False) -> None:
        """Begins at the first word; what could stand where a word does not fit is noted only if asked for."""
        self.sql = sql
        self.noting = noting
        self.tokens = tokenize(sql)
        self.index = 0
        self.parameters = 0
        self._tried: set[str] = set()
        self._tried_at = 0

    @property
    def token(self) -> Token:
        """The next word."""
        return self.tokens[self.index]

    def ahead(self, distance: int = 1) -> Token:
        """A later word."""
        return self.tokens[min(self.index + distance, len(self.tokens) - 1)]

    def advance(self) -> Token:
        """Takes the next word."""
        token = self.token
        self.index += 1
        return token

    def note(self, *expected: str) -> None:
        """Notes what could stand next, for the message if nothing of it does."""
        if self._tried_at != self.index:
            self._tried = set()
            self._tried_at = self.index
        self._tried.update(expected)

    def peek(self, *keys: str) -> bool:
        """Whether the next word is one of these, each of which could stand here."""
        if self.noting:
            self.note(*map(_quoted, keys))
        return self.tokens[self.index].key in keys

    def is_at(self, *keys: str) -> bool:
        """Whether the next words are these."""
        if self.tokens[self.index].key != keys[0]:
            return False
        return all(self.ahead(distance).key == key for distance, key in enumerate(keys))

    def at_words(self, *keys: str) -> bool:
        """Whether the next words are these, which could stand here."""
        if self.noting:
            self.note(_quoted(keys[0]))
        return self.is_at(*keys)

    def accept(self, *keys: str) -> bool:
        """Takes the next words if they are these."""
        if not self.at_words(*keys):
            return False
        self.index += len(keys)
        return True

    def expect(self, key: str, *others: str) -> Token:
        """Takes the next word, which must be this; the others are what could stand there too."""
        if self.token.key != key:
            raise self.mismatch(*map(_quoted, (key, *others)))
        return self.advance()

    def mismatch(self, *expected: str) -> AthenaError:
        """The next word is none of the expected, nor of what was noted."""
        self.note(*expected)
        token = self.token
        text = "<EOF>" if token.kind == "end" else token.text
        return syntax_error(token.at, f"mismatched input '{text}'. Expecting: {', '.join(sorted(self._tried))}")

    def identifier(self) -> Identifier:
        """Takes a name."""
        token = self.token
        if not token.is_name:
            raise self.mismatch("<identifier>")
        self.advance()
        if token.kind == "quoted":
            return Identifier(token.text[1:-1].replace('""', '"'), quoted=True, at=token.at)
        return Identifier(token.text, at=token.at)

    def qualified_name(self) -> Name:
        """Takes a name of one or more parts."""
        at = self.token.at
        parts = [self.identifier()]
        while self.accept("."):
            parts.append(self.identifier())
        return Name(tuple(parts), at=at)

    def integer(self, *others: str) -> int:
        """Takes an unsigned integer."""
        token = self.token
        if token.kind != "number" or not token.text.isdigit():
            raise self.mismatch(*others, "<integer>")
        self.advance()
        return int(token.text)

    def separated(self, item: Callable[[], T]) -> tuple[T, ...]:
        """Takes one or more items with commas between."""
        items = [item()]
        while self.accept(","):
            items.append(item())
        return tuple(items)

    def identifiers(self) -> tuple[Identifier, ...]:
        """Takes `(a, b)`."""
        self.expect("(")
        names = self.separated(self.identifier)
        self.expect(")", ",")
        return names

    def either(self, first: Callable[[], T], second: Callable[[], T]) -> T:
        """What the first makes of the words, or else the second; of two errors the one that is further."""
        start, parameters = self.index, self.parameters
        try:
            return first()
        except AthenaError as error:
            first_error, reached = error, self.index
        self.index, self.parameters = start, parameters
        try:
            return second()
        except AthenaError as error:
            raise (first_error if reached > self.index else error) from None


def _quoted(key: str) -> str:
    return f"'{key}'"
