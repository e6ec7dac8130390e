"""Reads JSON paths."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from local_athena.dialect.json_path import tree
from local_athena.dialect.json_path.tree import Path, Predicate
from local_athena.errors import AthenaError, not_supported

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<variable>\$[A-Za-z_][A-Za-z0-9_]*)
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<symbol>\.\.|&&|\|\||==|<>|!=|<=|>=|[$@.,*/%+\-?()\[\]!<>])
  | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_COMPARISONS = {"==": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_METHODS = frozenset({"abs", "ceiling", "double", "floor", "size", "type"})
_REFUSED = {"datetime": "datetime method", "keyvalue": "keyvalue method", "like_regex": "like_regex predicate"}
_WORDS = {"true": True, "false": False, "null": None}


@cache
def parse_path(text: str) -> tree.JsonPath:
    """The tree of a path.

    Raises:
        AthenaError: SYNTAX_ERROR; NOT_SUPPORTED for what Trino does not support either.
    """
    return _Parser(text).whole()


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while True:
        found = _TOKEN.match(text, position)
        if found is None:
            raise AthenaError("SYNTAX_ERROR", f"invalid JSON path: {text}")
        kind = str(found.lastgroup)
        yield kind, found[kind]
        if kind == "end":
            return
        position = found.end()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.index = 0

    def whole(self) -> tree.JsonPath:
        kind, word = self._next()
        if kind != "word" or word not in ("lax", "strict"):
            raise AthenaError("SYNTAX_ERROR", f"missing {{'lax', 'strict'}} at '{word or '<EOF>'}'")
        path = self._sum()
        if self.tokens[self.index][0] != "end":
            raise self._mismatch()
        return tree.JsonPath(path, word == "lax")

    # --- words

    @property
    def _token(self) -> tuple[str, str]:
        return self.tokens[self.index]

    def _next(self) -> tuple[str, str]:
        token = self.tokens[self.index]
        self.index += token[0] != "end"
        return token

    def _accept(self, *texts: str) -> bool:
        ahead = [text for kind, text in self.tokens[self.index :][: len(texts)] if kind in ("word", "symbol")]
        if ahead != list(texts):
            return False
        self.index += len(texts)
        return True

    def _expect(self, *texts: str) -> None:
        if not self._accept(*texts):
            raise self._mismatch()

    def _mismatch(self) -> AthenaError:
        kind, text = self._token
        return AthenaError("SYNTAX_ERROR", f"mismatched input '{'<EOF>' if kind == 'end' else text}' in JSON path")

    # --- paths

    def _sum(self) -> Path:
        left = self._product()
        while self._token[1] in ("+", "-") and self._token[0] == "symbol":
            left = tree.Arithmetic(self._next()[1], left, self._product())
        return left

    def _product(self) -> Path:
        left = self._signed()
        while self._token[1] in ("*", "/", "%") and self._token[0] == "symbol":
            left = tree.Arithmetic(self._next()[1], left, self._signed())
        return left

    def _signed(self) -> Path:
        if self._token in (("symbol", "+"), ("symbol", "-")):
            return tree.Sign(self._next()[1], self._signed())
        return self._accessors(self._primary())

    def _primary(self) -> Path:
        kind, text = self._next()
        if kind == "number":
            return tree.Literal(_number(text))
        if kind == "string":
            return tree.Literal(_string(text))
        if kind == "variable":
            return tree.Variable(text[1:])
        if kind == "word" and text in _WORDS:
            return tree.Literal(_WORDS[text])
        if kind == "word" and text == "last":
            return tree.Last()
        if text == "$":
            return tree.Root()
        if text == "@":
            return tree.Current()
        if text == "(":
            path = self._sum()
            self._expect(")")
            return path
        self.index -= kind != "end"
        raise self._mismatch()

    def _accessors(self, base: Path) -> Path:
        while True:
            if self._accept(".."):
                base = tree.Descendants(base, self._key())
            elif self._accept(".", "*"):
                base = tree.Member(base, None)
            elif self._accept("."):
                base = self._member(base)
            elif self._accept("[", "*", "]"):
                base = tree.Elements(base, None)
            elif self._accept("["):
                base = tree.Elements(base, self._subscripts())
            elif self._accept("?"):
                self._expect("(")
                base = tree.Filter(base, self._predicate())
                self._expect(")")
            else:
                return base

    def _key(self) -> str:
        kind, text = self._next()
        if kind == "word":
            return text
        if kind == "string":
            return _string(text)
        self.index -= kind != "end"
        raise self._mismatch()

    def _member(self, base: Path) -> Path:
        name = self._key()
        if not self._accept("("):
            return tree.Member(base, name)
        if name in _REFUSED:
            raise not_supported(f"{_REFUSED[name]} in JSON path is not yet supported")
        if name not in _METHODS:
            raise self._mismatch()
        self._expect(")")
        return tree.Method(base, name)

    def _subscripts(self) -> tuple[tuple[Path, Path], ...]:
        subscripts: list[tuple[Path, Path]] = []
        while not subscripts or self._accept(","):
            first = self._sum()
            subscripts.append((first, self._sum() if self._accept("to") else first))
        self._expect("]")
        return tuple(subscripts)

    # --- predicates

    def _predicate(self) -> Predicate:
        left = self._conjunction()
        while self._accept("||"):
            left = tree.Connective("||", left, self._conjunction())
        return left

    def _conjunction(self) -> Predicate:
        left = self._term()
        while self._accept("&&"):
            left = tree.Connective("&&", left, self._term())
        return left

    def _term(self) -> Predicate:
        if self._accept("!"):
            return tree.Negation(self._delimited())
        if self._token in (("word", "exists"), ("symbol", "(")):
            start = self.index
            try:
                return self._delimited()
            except AthenaError:
                self.index = start  # a path in parentheses
        return self._comparison()

    def _delimited(self) -> Predicate:
        if self._accept("exists"):
            self._expect("(")
            path = self._sum()
            self._expect(")")
            return tree.Exists(path)
        self._expect("(")
        predicate = self._predicate()
        self._expect(")")
        return tree.IsUnknown(predicate) if self._accept("is", "unknown") else predicate

    def _comparison(self) -> Predicate:
        left = self._sum()
        if self._accept("starts", "with"):
            return tree.StartsWith(left, self._primary())
        kind, text = self._token
        if kind == "word" and text in _REFUSED:
            raise not_supported(f"{_REFUSED[text]} in JSON path is not yet supported")
        if text not in _COMPARISONS:
            raise self._mismatch()
        self.index += 1
        return tree.Comparison(_COMPARISONS[text], left, self._sum())


def _number(text: str) -> int | float | Decimal:
    if "e" in text.lower():
        return float(text)
    return Decimal(text) if "." in text else int(text)


def _string(text: str) -> str:
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        raise AthenaError("SYNTAX_ERROR", f"invalid string in JSON path: {text}") from None
