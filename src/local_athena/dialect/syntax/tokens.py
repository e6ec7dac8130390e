"""The words of a statement, as Trino's lexer finds them.

Source: https://trino.io/docs/current/language/reserved.html, and the grammar's behaviour in the corpus.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from local_athena.dialect.syntax.tree import At
from local_athena.errors import AthenaError

RESERVED = frozenset(
    [
        "ALTER",
        "AND",
        "AS",
        "BETWEEN",
        "BY",
        "CASE",
        "CAST",
        "CONSTRAINT",
        "CREATE",
        "CROSS",
        "CUBE",
        "CURRENT_CATALOG",
        "CURRENT_DATE",
        "CURRENT_PATH",
        "CURRENT_ROLE",
        "CURRENT_SCHEMA",
        "CURRENT_TIME",
        "CURRENT_TIMESTAMP",
        "CURRENT_USER",
        "DEALLOCATE",
        "DELETE",
        "DESCRIBE",
        "DISTINCT",
        "DROP",
        "ELSE",
        "END",
        "ESCAPE",
        "EXCEPT",
        "EXECUTE",
        "EXISTS",
        "EXTRACT",
        "FALSE",
        "FOR",
        "FROM",
        "FULL",
        "GROUP",
        "GROUPING",
        "HAVING",
        "IN",
        "INNER",
        "INSERT",
        "INTERSECT",
        "INTO",
        "IS",
        "JOIN",
        "JSON_ARRAY",
        "JSON_EXISTS",
        "JSON_OBJECT",
        "JSON_QUERY",
        "JSON_TABLE",
        "JSON_VALUE",
        "LEFT",
        "LIKE",
        "LISTAGG",
        "LOCALTIME",
        "LOCALTIMESTAMP",
        "NATURAL",
        "NORMALIZE",
        "NOT",
        "NULL",
        "ON",
        "OR",
        "ORDER",
        "OUTER",
        "PREPARE",
        "RECURSIVE",
        "RIGHT",
        "ROLLUP",
        "SELECT",
        "SKIP",
        "TABLE",
        "THEN",
        "TRIM",
        "TRUE",
        "UESCAPE",
        "UNION",
        "UNNEST",
        "USING",
        "VALUES",
        "WHEN",
        "WHERE",
        "WITH",
    ]
)

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\r\n]*(?:\r\n?|\n|\Z)|/\*.*?\*/)
  | (?P<number>
        0[xX](?:_?[0-9a-fA-F])+ | 0[oO](?:_?[0-7])+ | 0[bB](?:_?[01])+
      | (?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+
      | \d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)? | \.\d(?:_?\d)*
    )
  | (?P<binary>[xX]'[^']*')
  | (?P<unicode>[uU]&'(?:[^']|'')*')
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*")
  | (?P<backquoted>`(?:[^`]|``)*`)
  | (?P<symbol><>|!=|<=|>=|\|\||->|=>|[-+*/%=<>(),.\[\]?;:])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_DIGIT_IDENTIFIER = re.compile(r"\d[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Token:
    """A word.

    Attributes:
        kind: `word`, `quoted`, `string`, `unicode`, `binary`, `number`, `symbol`, `other`, `end`.
        text: as written.
        key: a word in upper case or a symbol, to compare with; empty for everything else.
        start: offset of its first character.
        at: line and column, from 1.
    """

    kind: str
    text: str
    key: str
    start: int
    at: At

    @property
    def end(self) -> int:
        """Offset behind its last character."""
        return self.start + len(self.text)

    @property
    def is_name(self) -> bool:
        """Whether it can be an identifier."""
        return self.kind == "quoted" or (self.kind == "word" and self.key not in RESERVED)


def syntax_error(at: At, message: str) -> AthenaError:
    """SYNTAX_ERROR at a place."""
    return AthenaError("SYNTAX_ERROR", f"line {at[0]}:{at[1]}: {message}")


def tokenize(sql: str) -> list[Token]:
    """The words of a statement; the last one is of kind `end`.

    Raises:
        AthenaError: SYNTAX_ERROR for words that no identifier or literal can be.
    """
    tokens: list[Token] = []
    line, line_start, position = 1, 0, 0
    while position < len(sql):
        found = _TOKEN.match(sql, position)
        assert found is not None, "the last alternative matches any character"
        kind, text = str(found.lastgroup), found.group()
        at = (line, position - line_start + 1)
        if kind == "number":
            text = _number(sql, position, text, at)
        if kind == "backquoted":
            raise syntax_error(at, "backquoted identifiers are not supported; use double quotes to quote identifiers")
        if kind == "quoted" and text == '""':
            raise syntax_error(at, "Zero-length delimited identifier not allowed")
        if kind != "space":
            key = text.upper() if kind == "word" else text if kind == "symbol" else ""
            tokens.append(Token(kind, text, key, position, at))
        newlines = text.count("\n")
        if newlines:
            line += newlines
            line_start = position + text.rfind("\n") + 1
        position += len(text)
    tokens.append(Token("end", "", "", position, (line, position - line_start + 1)))
    return tokens


def _number(sql: str, position: int, text: str, at: At) -> str:
    """The number at a position; whatever would be an identifier that starts with a digit is refused."""
    longer = _DIGIT_IDENTIFIER.match(sql, position)
    if longer and len(longer.group()) > len(text):
        raise syntax_error(at, "identifiers must not start with a digit; surround the identifier with double quotes")
    return text


def plain_number(text: str) -> str:
    """A number literal without separators, in decimal notation."""
    bare = text.replace("_", "")
    base = {"x": 16, "o": 8, "b": 2}.get(bare[1:2].lower()) if bare[:1] == "0" else None
    return str(int(bare[2:], base)) if base else bare


_ESCAPED = "(?P<escape>{0}{0})|{0}\\+(?P<long>[0-9A-Fa-f]{{6}})|{0}(?P<short>[0-9A-Fa-f]{{4}})|(?P<bad>{0})"
_LAST_CODE_POINT = 0x10FFFF


def decode_unicode(text: str, escape: str, at: At) -> str:
    r"""The value of `U&'…'`, e.g. of `snow \2603`.

    Raises:
        AthenaError: SYNTAX_ERROR for an escape that is none.
    """

    def replaced(found: re.Match[str]) -> str:
        if found["escape"]:
            return escape
        digits = found["long"] or found["short"]
        if not digits:
            raise syntax_error(at, "Incomplete escape sequence")
        code = int(digits, 16)
        if code > _LAST_CODE_POINT or 0xD800 <= code <= 0xDFFF:
            raise syntax_error(at, f"Invalid escaped character: {digits}")
        return chr(code)

    return re.sub(_ESCAPED.format(re.escape(escape)), replaced, text)
