"""Reads the types that casts name. What they mean is not looked at here: the text is kept."""

from __future__ import annotations

from local_athena.dialect.syntax.cursor import Cursor

_UNITS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")


class TypeParser(Cursor):
    """Reads types."""

    def type_text(self) -> str:
        """Takes a type and gives its text."""
        start = self.token.start
        self._type()
        return self.sql[start : self.tokens[self.index - 1].end]

    def _type(self) -> None:
        if self.at_words("ROW", "("):
            self.index += 2
            self.separated(self._field)
            self.expect(")", ",")
        elif self.at_words("INTERVAL") and self.ahead().key in _UNITS:
            self.index += 2
            self.expect("TO")
            if self.token.key not in _UNITS:
                raise self.mismatch(*(f"'{unit}'" for unit in _UNITS))
            self.advance()
        elif self.token.key in ("TIME", "TIMESTAMP"):
            self.advance()
            self._parameters()
            if not self.accept("WITH", "TIME", "ZONE"):
                self.accept("WITHOUT", "TIME", "ZONE")
        elif not self.accept("DOUBLE", "PRECISION"):
            self.identifier()
            if not self._angles():
                self._parameters()
        while self.accept("ARRAY"):
            if self.accept("["):
                self.integer()
                self.expect("]")

    def _angles(self) -> bool:
        """`array<x>` and `map<x, y>`, which Trino takes too."""
        if self.tokens[self.index - 1].key not in ("ARRAY", "MAP") or not self.accept("<"):
            return False
        self.separated(self._type_only)
        self.expect(">")
        return True

    def _parameters(self) -> None:
        if self.accept("("):
            self.separated(self._parameter)
            self.expect(")", ",")

    def _parameter(self) -> None:
        if self.token.kind == "number":
            self.integer()
        else:
            self._type()

    def _type_only(self) -> None:
        self._type()

    def _field(self) -> None:
        """A field of a row: a type, or a name and a type."""
        self.either(self._named_field, self._type)

    def _named_field(self) -> None:
        self.identifier()
        self._type()
