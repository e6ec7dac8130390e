"""Reads tokens one after the other, in Trino's manner or in Hive's."""

from __future__ import annotations

import re

from local_athena.catalogue.model import TableName
from local_athena.dialect.syntax.tokens import RESERVED
from local_athena.errors import AthenaError
from local_athena.statements import hive_words
from local_athena.statements.tokens import (
    BACKTICK,
    DOUBLE,
    END,
    NUMBER,
    SINGLE,
    SYMBOL,
    WORD,
    Token,
    blanked,
    position,
    tokenize,
)

CATALOG = "awsdatacatalog"


class Reader:
    """A place in the tokens of a statement; this one speaks Trino's language.

    Attributes:
        sql: the statement.
        database: of names without one.
    """

    hive = False

    def __init__(self, sql: str, database: str) -> None:
        self.sql = sql
        self.database = database
        self._tokens = tokenize(sql, hive=self.hive)
        self._next = 0

    @property
    def token(self) -> Token:
        """The next token."""
        return self._tokens[self._next]

    @property
    def rest(self) -> list[Token]:
        """The tokens to come, without the end."""
        return self._tokens[self._next : -1]

    @property
    def at_end(self) -> bool:
        """Whether nothing comes but a semicolon."""
        return self.token.kind == END or self.at(";")

    def at(self, *words: str) -> bool:
        """Whether the next tokens are these words or symbols."""
        coming = self._tokens[self._next : self._next + len(words)]
        return [self._plain(token) for token in coming] == list(words)

    def accept(self, *words: str) -> bool:
        """Steps over these words or symbols if they come next."""
        if not self.at(*words):
            return False
        self._next += len(words)
        return True

    def expect(self, *words: str) -> None:
        """Steps over these words or symbols, one after the other."""
        for word in words:
            if not self.accept(word):
                raise self.failure(f"'{word.upper()}'")

    def one_of(self, *words: str) -> str:
        """Steps over the one of the words that comes next."""
        for word in words:
            if self.accept(word):
                return word
        raise self.failure(*(f"'{word.upper()}'" for word in words))

    def take(self) -> Token:
        """Steps over the next token."""
        token = self.token
        if token.kind != END:
            self._next += 1
        return token

    def finish(self) -> None:
        """Requires that the statement ends here; a semicolon may."""
        self.accept(";")
        if self.token.kind != END:
            raise self.failure("<EOF>")

    def end_of_query(self) -> int:
        """Index behind the query that ends the statement; its semicolon does not belong to it."""
        last = self._tokens[-2] if len(self._tokens) > 1 else self.token
        return last.start if last.text == ";" else self._tokens[-1].end

    def part(self, start: int, end: int) -> str:
        """A part of the statement, in its place."""
        return blanked(self.sql, start, end)

    def identifier(self) -> str:
        """A name, in lower case."""
        token = self.token
        if token.kind == DOUBLE:
            self.take()
            return token.text[1:-1].replace('""', '"').lower()
        if token.kind == WORD and not token.text[0].isdigit() and token.text.upper() not in RESERVED:
            return self.take().word
        raise self.failure("<identifier>")

    def table_name(self, *, catalog: bool = True) -> TableName:
        """A name of a table or view, with its database or without; with its catalog only if that is allowed."""
        start = self.token
        parts = [self.identifier()]
        while self.accept("."):
            parts.append(self.identifier())
        if len(parts) > (3 if catalog else 2):
            self._next = self._tokens.index(start) + (6 if catalog else 4) - 1
            raise self.failure("<EOF>")
        if len(parts) == 3 and parts[0] != CATALOG:
            raise AthenaError("CATALOG_NOT_FOUND", f"{self.where(start)}Catalog '{parts[0]}' does not exist")
        return TableName(parts[-2] if len(parts) > 1 else self.database, parts[-1])

    def string(self) -> str:
        """A string literal."""
        if self.token.kind != SINGLE:
            raise self.failure("<string>")
        return self.take().text[1:-1].replace("''", "'")

    def integer(self) -> int:
        """A number without a point."""
        if self.token.kind != NUMBER or not self.token.text.isdigit():
            raise self.failure("<integer>")
        return int(self.take().text)

    def where(self, token: Token) -> str:
        """The position of a token as it stands before a message."""
        line, column = position(self.sql, token.start)
        return f"line {line}:{column}: "

    def failure(self, *expected: str) -> AthenaError:
        """The syntax error of what comes next."""
        wanted = f" Expecting: {', '.join(expected)}"
        found = self.token.text or "<EOF>"
        return AthenaError("SYNTAX_ERROR", f"{self.where(self.token)}mismatched input '{found}'.{wanted}")

    @staticmethod
    def _plain(token: Token) -> str:
        return token.text if token.kind == SYMBOL else token.word


class HiveReader(Reader):
    """The same for DDL, which is Hive's language: backticks, strings in either quotes, other reserved words."""

    hive = True

    def identifier(self) -> str:
        """A name, in lower case; backticks make a name of anything."""
        token = self.token
        if token.kind == BACKTICK:
            self.take()
            return token.text[1:-1].replace("``", "`").lower()
        plain = token.kind == WORD and not token.text.startswith("_")
        if plain and token.word not in hive_words.RESERVED:
            return self.take().word
        raise self.failure("identifier")

    def string(self) -> str:
        """A string literal in single or double quotes, with Hive's escapes."""
        if self.token.kind not in (SINGLE, DOUBLE):
            raise self.failure("StringLiteral")
        return _unescaped(self.take().text[1:-1])

    def failure(self, *expected: str) -> AthenaError:
        """The error of Hive's parser about what comes next."""
        line, column = position(self.sql, self.token.start)
        found = self.token.text or "<EOF>"
        wanted = " or ".join(expected)
        message = f"ParseException line {line}:{column - 1} mismatched input '{found}' expecting {wanted}"
        return AthenaError("FAILED", message)


_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[0-3][0-7]{2}|.)", re.DOTALL)
_ESCAPES = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "%": r"\%", "_": r"\_"}


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match[1]
        if len(code) == 5:
            return chr(int(code[1:], 16))
        return chr(int(code, 8)) if len(code) == 3 else _ESCAPES.get(code, code)

    return _ESCAPE.sub(character, text)
