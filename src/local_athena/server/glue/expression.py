"""The filter of GetPartitions.

Source: Glue API reference, GetPartitions, Expression: comparisons, AND, OR, IN, BETWEEN, LIKE, NOT, IS NULL over
partition keys of the types string, date, timestamp, int, bigint, long, tinyint, smallint and decimal.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

#: How Hive writes null into a path; such a value compares with nothing.
NULL = "__HIVE_DEFAULT_PARTITION__"

Test = Callable[[Mapping[str, Any]], bool | None]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*')|(?P<quoted>"[^"]*"|`[^`]*`)|(?P<number>[+-]?\d+(?:\.\d*)?)"""
    r"""|(?P<word>[A-Za-z_][\w$]*)|(?P<sign><>|!=|<=|>=|[=<>(),]))"""
)
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIMESTAMP = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})(?: (?P<time>\d{2}:\d{2}:\d{2})(?:\.(?P<fraction>\d{1,9}))?)?")
_INTEGERS = frozenset({"int", "integer", "bigint", "long", "tinyint", "smallint"})
_TEXTS = frozenset({"string", "varchar", "char"})


class ExpressionError(ValueError):
    """The expression makes no sense for the table."""


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def compile_expression(expression: str, keys: Sequence[Mapping[str, str]]) -> Callable[[Sequence[str]], bool]:
    """Makes a test of a partition's values.

    Args:
        expression: as GetPartitions takes it.
        keys: PartitionKeys of the table, with `Name` and `Type`.

    Raises:
        ExpressionError: its syntax, its columns or its values are wrong.
    """
    types = {key["Name"].lower(): key.get("Type", "string") for key in keys}
    test = _Parser(expression, types).parse()

    def matches(values: Sequence[str]) -> bool:
        row = {name: _value(text, types[name]) for name, text in zip(types, values, strict=False)}
        return test(row) is True

    return matches


def _value(text: str, type_: str) -> Any:
    """The value of a partition's text; None is null, and what the type cannot be."""
    if text == NULL:
        return None
    try:
        return _convert(text, type_)
    except ExpressionError:
        return None


def _convert(text: str, type_: str) -> Any:
    base = type_.partition("(")[0].strip().lower()
    try:
        if base in _TEXTS:
            return text
        if base in _INTEGERS:
            return int(text)
        if base == "decimal":
            return Decimal(text)
        if base == "date" and _DATE.fullmatch(text):
            return date.fromisoformat(text)
        if base == "timestamp" and (moment := _TIMESTAMP.fullmatch(text)):
            seconds, fraction = moment["time"] or "00:00:00", (moment["fraction"] or "")[:6].ljust(6, "0")
            return datetime.fromisoformat(f"{moment['date']} {seconds}.{fraction}")
        if base == "boolean":
            return {"true": True, "false": False}[text.lower()]
    except (ValueError, InvalidOperation, KeyError) as error:
        raise ExpressionError(f"{text!r} is not a {type_}") from error
    if base in ("date", "timestamp"):
        raise ExpressionError(f"{text!r} is not a {type_}")
    raise ExpressionError(f"Unsupported partition key type: {type_}")


class _Parser:
    """Recursive descent: or, and, not, predicate."""

    def __init__(self, expression: str, types: Mapping[str, str]) -> None:
        self._expression = expression
        self._types = types
        self._tokens = list(self._split(expression))
        self._position = 0

    def parse(self) -> Test:
        test = self._or()
        if self._peek():
            self._fail()
        return test

    def _split(self, expression: str) -> list[_Token]:
        tokens, position = [], 0
        while expression[position:].strip():
            found = _TOKEN.match(expression, position)
            if not found:
                self._fail()
            kind = found.lastgroup or ""
            tokens.append(_Token(kind, found[kind]))
            position = found.end()
        return tokens

    def _or(self) -> Test:
        tests = [self._and()]
        while self._word("or"):
            tests.append(self._and())
        return tests[0] if len(tests) == 1 else _any(tests)

    def _and(self) -> Test:
        tests = [self._not()]
        while self._word("and"):
            tests.append(self._not())
        return tests[0] if len(tests) == 1 else _all(tests)

    def _not(self) -> Test:
        if self._word("not"):
            return _negate(self._not())
        if self._sign("("):
            test = self._or()
            self._expect(")")
            return test
        return self._predicate()

    def _predicate(self) -> Test:
        column = self._next("word", "quoted").text.strip('"`').lower()
        if column not in self._types:
            raise ExpressionError(f"Unknown column '{column}' found in expression")
        if self._word("is"):
            negated = self._word("not")
            self._expect("null")
            return lambda row: (row[column] is None) != negated
        negated = self._word("not")
        test = self._condition(column, negated)
        return _negate(test) if negated else test

    def _condition(self, column: str, negated: bool) -> Test:
        type_ = self._types[column]
        if self._word("in"):
            self._expect("(")
            values = [self._constant(type_)]
            while self._sign(","):
                values.append(self._constant(type_))
            self._expect(")")
            return lambda row: _known(row[column], lambda value: value in values)
        if self._word("between"):
            low = self._constant(type_)
            self._expect("and")
            high = self._constant(type_)
            return lambda row: _known(row[column], lambda value: low <= value <= high)
        if self._word("like"):
            pattern = _like(self._constant("string"))
            return lambda row: _known(row[column], lambda value: bool(pattern.fullmatch(str(value))))
        sign = self._next("sign").text
        if negated or sign not in _COMPARISONS:
            self._fail()
        compare, constant = _COMPARISONS[sign], self._constant(type_)
        return lambda row: _known(row[column], lambda value: compare(value, constant))

    def _constant(self, type_: str) -> Any:
        token = self._next("text", "number", "word")
        if token.kind == "word" and token.text.lower() in ("date", "timestamp"):
            token = self._next("text")
        elif token.kind == "word" and token.text.lower() not in ("true", "false"):
            self._fail()
        text = token.text[1:-1].replace("''", "'") if token.kind == "text" else token.text
        return _convert(text, type_)

    def _peek(self) -> _Token | None:
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def _next(self, *kinds: str) -> _Token:
        token = self._peek()
        if token is None or token.kind not in kinds:
            self._fail()
        self._position += 1
        return token

    def _word(self, word: str) -> bool:
        return self._take("word", word)

    def _sign(self, sign: str) -> bool:
        return self._take("sign", sign)

    def _take(self, kind: str, text: str) -> bool:
        token = self._peek()
        found = token is not None and token.kind == kind and token.text.lower() == text
        self._position += found
        return found

    def _expect(self, text: str) -> None:
        if not (self._word(text) or self._sign(text)):
            self._fail()

    def _fail(self) -> NoReturn:
        raise ExpressionError(f"Unsupported expression '{self._expression}'")


# SQL's logic: None is unknown.
def _known(value: Any, test: Callable[[Any], bool]) -> bool | None:
    return None if value is None else test(value)


def _negate(test: Test) -> Test:
    def negated(row: Mapping[str, Any]) -> bool | None:
        result = test(row)
        return None if result is None else not result

    return negated


def _all(tests: Sequence[Test]) -> Test:
    def every(row: Mapping[str, Any]) -> bool | None:
        results = [test(row) for test in tests]
        return False if False in results else None if None in results else True

    return every


def _any(tests: Sequence[Test]) -> Test:
    def some(row: Mapping[str, Any]) -> bool | None:
        results = [test(row) for test in tests]
        return True if True in results else None if None in results else False

    return some


def _like(pattern: str) -> re.Pattern[str]:
    wild = {"%": ".*", "_": "."}
    return re.compile("".join(wild.get(letter, re.escape(letter)) for letter in pattern), re.DOTALL)
