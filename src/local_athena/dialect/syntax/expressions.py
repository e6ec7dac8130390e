"""Reads expressions, by the precedence of Trino's grammar."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.tokens import decode_unicode, plain_number, syntax_error
from local_athena.dialect.syntax.tree import Expression
from local_athena.dialect.syntax.types import TypeParser

_COMPARISONS = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_QUANTIFIERS = ("ALL", "ANY", "SOME")
_QUERY_WORDS = ("SELECT", "WITH", "VALUES", "TABLE")
_INTERVAL_UNITS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")


class ExpressionParser(TypeParser, ABC):
    """Reads expressions. What is in parentheses after a word is read by `CallParser`."""

    @abstractmethod
    def query(self) -> tree.Query:
        """Takes a query."""

    @abstractmethod
    def special(self) -> Expression | None:
        """Takes a form that begins with a word of its own and is no plain call; None if there is none."""

    @abstractmethod
    def call(self) -> Expression:
        """Takes a function call."""

    # --- booleans

    def expression(self) -> Expression:
        """Takes an expression of any kind."""
        if not self.noting and self.token.kind in ("number", "string") and self.ahead().key in (",", ")"):
            return self._primary()  # long VALUES and IN lists
        return self._logical("or", self._and)

    def _and(self) -> Expression:
        return self._logical("and", self._not)

    def _logical(self, operator: str, operand: Callable[[], Expression]) -> Expression:
        at = self.token.at
        terms: list[Expression] = [operand()]
        while self.accept(operator.upper()):
            terms.append(operand())
        return terms[0] if len(terms) == 1 else tree.Logical(operator, tuple(terms), at=at)

    def _not(self) -> Expression:
        at = self.token.at
        if self.token.key != "NOT":
            return self._predicated()
        self.advance()
        return tree.Not(self._not(), at=at)

    def _predicated(self) -> Expression:
        """A value with at most one predicate: `a < b < c` is none of Trino's."""
        value = self.value()
        self.note("<predicate>")
        token = self.token
        if token.key in _COMPARISONS:
            self.advance()
            operator = _COMPARISONS[token.key]
            self.note(*(f"'{quantifier}'" for quantifier in _QUANTIFIERS))
            if self.token.key in _QUANTIFIERS and self.ahead().key == "(" and self.ahead(2).key in (*_QUERY_WORDS, "("):
                quantifier = self.advance().key.lower()
                return tree.Quantified(operator, quantifier, value, self.parenthesized_query(), at=token.at)
            return tree.Compare(operator, value, self.value(), at=token.at)
        if token.key == "IS":
            return self._is(value)
        if token.key == "NOT" and self.ahead().key in ("BETWEEN", "IN", "LIKE"):
            self.advance()
            return tree.Not(self._predicate(value, token.at), at=token.at)
        if token.key in ("BETWEEN", "IN", "LIKE"):
            return self._predicate(value, token.at)
        return value

    def _is(self, value: Expression) -> Expression:
        at = self.advance().at
        negated = self.accept("NOT")
        test: Expression
        if self.accept("NULL"):
            test = tree.IsNull(value, at=at)
        elif self.accept("DISTINCT"):
            self.expect("FROM")
            operator = "is not distinct from" if negated else "is distinct from"
            return tree.Compare(operator, value, self.value(), at=at)
        else:
            raise self.mismatch("'DISTINCT'", *(() if negated else ("'NOT'",)), "'NULL'")
        return tree.Not(test, at=at) if negated else test

    def _predicate(self, value: Expression, at: tree.At) -> Expression:
        word = self.advance().key
        if word == "BETWEEN":
            low = self.value()
            self.expect("AND")
            return tree.Between(value, low, self.value(), at=at)
        if word == "LIKE":
            pattern = self.value()
            return tree.Like(value, pattern, self.value() if self.accept("ESCAPE") else None, at=at)
        if self.token.key == "(" and self._query_follows():
            return self.either(
                lambda: tree.InQuery(value, self.parenthesized_query(), at=at), lambda: self._in_list(value, at)
            )
        return self._in_list(value, at)

    def _in_list(self, value: Expression, at: tree.At) -> Expression:
        self.expect("(")
        options = self.separated(self.expression)
        self.expect(")", ",")
        return tree.InList(value, options, at=at)

    # --- values

    def value(self) -> Expression:
        """Takes an expression without predicates and logic."""
        left = self._sum()
        while self.peek("||"):
            at = self.advance().at
            left = tree.Concat(left, self._sum(), at=at)
        return left

    def _sum(self) -> Expression:
        left = self._product()
        while self.peek("+", "-"):
            operator = self.advance()
            left = tree.Arithmetic(operator.key, left, self._product(), at=operator.at)
        return left

    def _product(self) -> Expression:
        left = self._unary()
        while self.peek("*", "/", "%"):
            operator = self.advance()
            left = tree.Arithmetic(operator.key, left, self._unary(), at=operator.at)
        return left

    def _unary(self) -> Expression:
        token = self.token
        if token.key in ("+", "-") and not self._number_follows():
            self.advance()
            return tree.Unary(token.key, self._unary(), at=token.at)
        value = self.primary()
        while self.at_words("AT", "TIME", "ZONE"):
            at = self.token.at
            self.index += 3
            value = tree.AtTimeZone(value, self._zone(), at=at)
        return value

    def _number_follows(self) -> bool:
        """Whether a minus belongs to the number behind it."""
        return self.token.key == "-" and self.ahead().kind == "number"

    def _zone(self) -> Expression:
        if self.token.kind in ("string", "unicode"):
            return self.string()
        if self.token.key == "INTERVAL":
            interval = self._interval()
            if interval is not None:
                return interval
        raise self.mismatch("'INTERVAL'", "<string>")

    # --- primaries

    def primary(self) -> Expression:
        """Takes a value that needs no parentheses, with its subscripts and fields."""
        at = self.token.at
        value = self._primary()
        while True:
            if self.peek(".") and self.ahead().is_name:
                self.advance()
                value = tree.Dereference(value, self.identifier(), at=at)
            elif self.accept("["):
                value = tree.Subscript(value, self.value(), at=at)
                self.expect("]")
            else:
                return value

    def _primary(self) -> Expression:
        token = self.token
        if token.key == "(":
            return self._parenthesized()
        literal = self._literal()
        if literal is not None:
            return literal
        special = self.special()
        if special is not None:
            return special
        if not token.is_name:
            raise self.mismatch("<expression>")
        if self.ahead().key == "->":
            return self._lambda((self.identifier(),), token.at)
        return self.call() if self._call_follows() else self.identifier()

    def _call_follows(self) -> bool:
        distance = 0
        while self.ahead(distance + 1).key == "." and self.ahead(distance + 2).is_name:
            distance += 2
        return self.ahead(distance + 1).key == "("

    def _literal(self) -> Expression | None:
        token = self.token
        if token.kind == "number" or self._number_follows():
            sign = "-" if self.accept("-") else ""
            return tree.Number(sign + plain_number(self.advance().text), at=token.at)
        if token.kind in ("string", "unicode"):
            return self.string()
        if token.kind == "binary":
            return self._binary()
        if token.key in ("TRUE", "FALSE"):
            self.advance()
            return tree.Boolean(token.key == "TRUE", at=token.at)
        if token.key == "NULL":
            self.advance()
            return tree.Null(at=token.at)
        if token.key == "?":
            self.advance()
            self.parameters += 1
            return tree.Parameter(self.parameters - 1, at=token.at)
        return self._worded_literal()

    def _worded_literal(self) -> Expression | None:
        """`INTERVAL '1' DAY`, `DATE '…'`, `DOUBLE PRECISION '…'`."""
        token = self.token
        if token.key == "INTERVAL":
            interval = self._interval()
            if interval is not None:
                return interval
        words = 2 if self.is_at("DOUBLE", "PRECISION") else 1
        if not token.is_name or self.ahead(words).kind not in ("string", "unicode"):
            return None
        name = "double" if words == 2 else self.identifier().value
        self.index += 2 if words == 2 else 0
        return tree.TypedLiteral(name, self.string().value, at=token.at)

    def _interval(self) -> tree.Interval | None:
        """An interval, or None where the word is something else: a column, or a type of that name."""
        start, at = self.index, self.advance().at
        negative = self.token.key == "-"
        if self.token.key in ("+", "-"):
            self.advance()
        if self.token.kind in ("string", "unicode"):
            text = self.string().value
            unit = self.token.key
            if unit in _INTERVAL_UNITS:
                self.advance()
                to_unit = None
                if self.accept("TO"):
                    if self.token.key not in _INTERVAL_UNITS:
                        raise self.mismatch(*(f"'{word}'" for word in _INTERVAL_UNITS))
                    to_unit = self.advance().key.lower()
                return tree.Interval(text, unit.lower(), to_unit, negative, at=at)
        self.index = start
        return None

    def string(self) -> tree.String:
        """Takes a string literal."""
        token = self.token
        if token.kind not in ("string", "unicode"):
            raise self.mismatch("<string>")
        self.advance()
        if token.kind == "string":
            return tree.String(token.text[1:-1].replace("''", "'"), at=token.at)
        escape = "\\"
        if self.accept("UESCAPE"):
            escape = self.string().value
            if len(escape) != 1 or escape in "+'\" \t\r\n0123456789abcdefABCDEF":
                raise syntax_error(token.at, "Invalid Unicode escape character")
        return tree.String(decode_unicode(token.text[3:-1].replace("''", "'"), escape, token.at), at=token.at)

    def _binary(self) -> Expression:
        token = self.advance()
        digits = "".join(token.text[2:-1].split())
        if not all(digit in "0123456789abcdefABCDEF" for digit in digits):
            raise syntax_error(token.at, "Binary literal can only contain hexadecimal digits")
        if len(digits) % 2:
            raise syntax_error(token.at, "Binary literal must contain an even number of digits")
        return tree.Binary(digits, at=token.at)

    # --- parentheses

    def parenthesized_query(self) -> tree.Query:
        """Takes `(query)`."""
        self.expect("(")
        query = self.query()
        self.expect(")")
        return query

    def _query_follows(self) -> bool:
        """Whether a query may begin behind the parentheses that open here."""
        distance = 0
        while self.ahead(distance).key == "(":
            distance += 1
        return self.ahead(distance).key in _QUERY_WORDS

    def _parenthesized(self) -> Expression:
        at = self.token.at
        if self._lambda_follows():
            self.advance()
            names = () if self.token.key == ")" else self.separated(self.identifier)
            self.expect(")")
            return self._lambda(names, at)
        if self._query_follows():
            return self.either(lambda: tree.Subquery(self.parenthesized_query(), at=at), self._row_or_expression)
        return self._row_or_expression()

    def _row_or_expression(self) -> Expression:
        at = self.advance().at
        fields = self.separated(self.expression)
        self.expect(")", ",")
        return fields[0] if len(fields) == 1 else tree.RowOf(fields, at=at)

    def _lambda_follows(self) -> bool:
        distance = 1
        while self.ahead(distance).is_name or self.ahead(distance).key == ",":
            distance += 1
        empty = distance == 1
        return self.ahead(distance).key == ")" and (empty or self.ahead(distance + 1).key == "->")

    def _lambda(self, parameters: tuple[tree.Identifier, ...], at: tree.At) -> Expression:
        self.expect("->")
        return tree.LambdaOf(parameters, self.expression(), at=at)
