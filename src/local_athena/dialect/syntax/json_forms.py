"""Reads JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT and JSON_ARRAY."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.expressions import ExpressionParser
from local_athena.dialect.syntax.tree import Expression
from local_athena.errors import not_supported

_BEHAVIOURS = {
    "JSON_EXISTS": (("TRUE",), ("FALSE",), ("UNKNOWN",), ("ERROR",)),
    "JSON_VALUE": (("NULL",), ("ERROR",), ("DEFAULT",)),
    "JSON_QUERY": (("NULL",), ("ERROR",), ("EMPTY", "ARRAY"), ("EMPTY", "OBJECT")),
}
_WRAPPERS = {
    "without": (("WITHOUT", "ARRAY", "WRAPPER"), ("WITHOUT", "WRAPPER")),
    "conditional": (("WITH", "CONDITIONAL", "ARRAY", "WRAPPER"), ("WITH", "CONDITIONAL", "WRAPPER")),
    "unconditional": (
        ("WITH", "UNCONDITIONAL", "ARRAY", "WRAPPER"),
        ("WITH", "UNCONDITIONAL", "WRAPPER"),
        ("WITH", "ARRAY", "WRAPPER"),
        ("WITH", "WRAPPER"),
    ),
}


class JsonParser(ExpressionParser):
    """Reads the JSON functions that have a grammar of their own."""

    def json_forms(self) -> dict[str, Callable[[], Expression]]:
        """The forms, by the word they begin with."""
        return {
            "JSON_EXISTS": self._path_call,
            "JSON_VALUE": self._path_call,
            "JSON_QUERY": self._path_call,
            "JSON_OBJECT": self._object,
            "JSON_ARRAY": self._array_form,
        }

    def _path_call(self) -> Expression:
        word = self.advance()
        self.expect("(")
        source = self._json_value()
        self.expect(",")
        path = self.string()
        if self.accept("AS"):
            self.identifier()
        passing = self.separated(self._argument) if self.accept("PASSING") else ()
        returning = None if word.key == "JSON_EXISTS" else self._returning()
        wrapper, quotes = self._output() if word.key == "JSON_QUERY" else ("without", None)
        on_empty = None if word.key == "JSON_EXISTS" else self._behaviour(word.key, "EMPTY")
        on_error = self._behaviour(word.key, "ERROR")
        self.expect(")", ",")
        return tree.JsonPathCall(
            word.key.lower(), source, path, passing, returning, wrapper, quotes, on_empty, on_error, at=word.at
        )

    def _json_value(self) -> tree.JsonValue:
        at = self.token.at
        return tree.JsonValue(self.expression(), self._format(), at=at)

    def _format(self) -> bool:
        if not self.accept("FORMAT"):
            return False
        self.expect("JSON")
        if self.token.key == "ENCODING":
            raise not_supported("FORMAT JSON ENCODING is not supported")
        return True

    def _argument(self) -> tree.JsonValue:
        at = self.token.at
        value = self.expression()
        formatted = self._format()
        self.expect("AS", "FORMAT")
        return tree.JsonValue(value, formatted, self.identifier(), at=at)

    def _returning(self) -> str | None:
        if not self.accept("RETURNING"):
            return None
        text = self.type_text()
        self._format()
        return text

    def _output(self) -> tuple[str, str | None]:
        wrapper = "without"
        for name, spellings in _WRAPPERS.items():
            if any(self.accept(*words) for words in spellings):
                wrapper = name
                break
        quotes = None
        if self.token.key in ("KEEP", "OMIT") and self.ahead().key == "QUOTES":
            quotes = self.advance().key.lower()
            self.advance()
            self.accept("ON", "SCALAR", "STRING")
        return wrapper, quotes

    def _behaviour(self, name: str, event: str) -> tree.JsonBehaviour | None:
        start, at = self.index, self.token.at
        for words in _BEHAVIOURS[name]:
            if self.accept(*words):
                value = self.expression() if words == ("DEFAULT",) else None
                if self.accept("ON", event):
                    return tree.JsonBehaviour(" ".join(words).lower(), value, at=at)
                self.index = start
        return None

    # --- JSON_OBJECT and JSON_ARRAY

    def _object(self) -> Expression:
        at = self.advance().at
        self.expect("(")
        members: tuple[tree.JsonMember, ...] = ()
        absent = unique = False
        if self.token.key not in (")", "RETURNING"):
            members = self.separated(self._member)
            absent = self._absent(otherwise=False)
            if self.accept("WITH", "UNIQUE"):
                unique = True
                self.accept("KEYS")
            elif self.accept("WITHOUT", "UNIQUE"):
                self.accept("KEYS")
        returning = self._returning()
        self.expect(")", "RETURNING", "WITH", "WITHOUT")
        return tree.JsonBuild("json_object", members, absent, unique, returning, at=at)

    def _member(self) -> tree.JsonMember:
        at = self.token.at
        if self.token.key == "KEY" and self.ahead().key not in (":", "VALUE", ".", "("):
            self.advance()
            key = self.expression()
            self.expect("VALUE")
        else:
            key = self.expression()
            if not self.accept("VALUE"):
                self.expect(":", "VALUE")
        return tree.JsonMember(key, self._json_value(), at=at)

    def _array_form(self) -> Expression:
        at = self.advance().at
        self.expect("(")
        members: tuple[tree.JsonMember, ...] = ()
        absent = True
        if self.token.key not in (")", "RETURNING"):
            members = self.separated(self._element)
            absent = self._absent(otherwise=True)
        returning = self._returning()
        self.expect(")", ",", "RETURNING")
        return tree.JsonBuild("json_array", members, absent, False, returning, at=at)

    def _element(self) -> tree.JsonMember:
        at = self.token.at
        return tree.JsonMember(None, self._json_value(), at=at)

    def _absent(self, *, otherwise: bool) -> bool:
        if self.accept("ABSENT", "ON", "NULL"):
            return True
        return False if self.accept("NULL", "ON", "NULL") else otherwise
