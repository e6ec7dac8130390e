"""Reads function calls, windows, and the forms that begin with a word of their own."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.json_forms import JsonParser
from local_athena.dialect.syntax.tokens import syntax_error
from local_athena.dialect.syntax.tree import Expression

_CURRENT = (
    "CURRENT_DATE",
    "CURRENT_USER",
    "CURRENT_CATALOG",
    "CURRENT_SCHEMA",
    "CURRENT_PATH",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "LOCALTIME",
    "LOCALTIMESTAMP",
)
_WITH_PRECISION = ("CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP")
_TRIMS = {"BOTH": "trim", "LEADING": "ltrim", "TRAILING": "rtrim"}
_EXTRACT_FIELDS = frozenset(
    {
        *("year", "quarter", "month", "week", "day", "day_of_month", "day_of_week", "dow", "day_of_year", "doy"),
        *("year_of_week", "yow", "hour", "minute", "second", "timezone_minute", "timezone_hour"),
    }
)
_NORMAL_FORMS = ("NFD", "NFC", "NFKD", "NFKC")
_FRAME_UNITS = ("ROWS", "RANGE", "GROUPS")


class CallParser(JsonParser):
    """Reads calls and special forms."""

    def special(self) -> Expression | None:
        """Takes a form that is no plain call."""
        key = self.token.key
        if key in _CURRENT:
            return self._current()
        read = self._forms().get(key)
        if read is not None:
            return read()
        if self.ahead().key == "(":
            read = self._forms_with_parenthesis().get(key)
            return read() if read else None
        return self._array() if self.is_at("ARRAY", "[") else None

    def _forms(self) -> dict[str, Callable[[], Expression]]:
        forms: dict[str, Callable[[], Expression]] = {
            "CASE": self._case,
            "CAST": self._cast,
            "EXISTS": self._exists,
            "EXTRACT": self._extract,
            "TRIM": self._trim,
            "NORMALIZE": self._normalize,
            "LISTAGG": self._listagg,
            "GROUPING": self._grouping,
        }
        return forms | self.json_forms()

    def _forms_with_parenthesis(self) -> dict[str, Callable[[], Expression]]:
        return {
            "TRY_CAST": self._cast,
            "ROW": self._row,
            "POSITION": lambda: self.either(self._position, self.call),
            "SUBSTRING": lambda: self.either(self._substring, self.call),
        }

    # --- calls

    def call(self) -> Expression:
        """Takes a function call."""
        at = self.token.at
        name = self.qualified_name()
        self.expect("(")
        if self.accept("*"):
            self.expect(")")
            condition = self._filter()
            return tree.Call(name, (), star=True, condition=condition, over=self._over(), at=at)
        distinct = self.accept("DISTINCT")
        if not distinct:
            self._accept_quantifier_all()
        arguments: tuple[Expression, ...] = ()
        if distinct or not (self.token.key == ")" or self.is_at("ORDER", "BY")):
            arguments = self.separated(self.expression)
        order_by = self.order_by()
        self.expect(")", ",")
        condition = self._filter()
        nulls = None
        if self.token.key in ("IGNORE", "RESPECT") and self.ahead().key == "NULLS":
            nulls = self.advance().key.lower()
            self.advance()
            if self.token.key != "OVER":
                raise self.mismatch("'OVER'")
        over = self._over()
        return tree.Call(
            name,
            arguments,
            distinct=distinct,
            order_by=order_by,
            condition=condition,
            over=over,
            nulls=nulls,
            at=at,
        )

    def _accept_quantifier_all(self) -> None:
        """ALL before the arguments; the word may also be a column."""
        after = self.ahead()
        if self.peek("ALL") and after.kind != "end" and after.key not in (")", ",", ".", "->", "FROM", "ORDER"):
            self.advance()

    def order_by(self) -> tuple[tree.SortItem, ...]:
        """Takes ORDER BY, if it is there."""
        if not self.accept("ORDER"):
            return ()
        self.expect("BY")
        return self.separated(self._sort_item)

    def _sort_item(self) -> tree.SortItem:
        at = self.token.at
        key = self.expression()
        descending = self.accept("DESC")
        if not descending:
            self.accept("ASC")
        nulls_first = False
        if self.accept("NULLS"):
            nulls_first = self.accept("FIRST")
            if not nulls_first:
                self.expect("LAST", "FIRST")
        return tree.SortItem(key, descending, nulls_first, at=at)

    def _filter(self) -> Expression | None:
        if not self.is_at("FILTER", "("):
            return None
        self.index += 2
        self.expect("WHERE")
        condition = self.expression()
        self.expect(")")
        return condition

    # --- windows

    def _over(self) -> tree.Window | tree.Identifier | None:
        if self.token.key != "OVER" or not (self.ahead().key == "(" or self.ahead().is_name):
            return None
        self.advance()
        return self.window() if self.token.key == "(" else self.identifier()

    def window(self) -> tree.Window:
        """Takes `(… PARTITION BY … ORDER BY … frame)`."""
        self.expect("(")
        at = self.token.at
        base = None
        frame_follows = self.token.key in _FRAME_UNITS and self.ahead().key != ")"
        if self.token.is_name and not self.at_words("PARTITION", "BY") and not frame_follows:
            base = self.identifier()
        partition_by = self.separated(self.expression) if self.accept("PARTITION", "BY") else ()
        order_by = self.order_by()
        frame = self._frame() if self.token.key in _FRAME_UNITS else None
        self.expect(")")
        return tree.Window(base, partition_by, order_by, frame, at=at)

    def _frame(self) -> tree.Frame:
        token = self.advance()
        between = self.accept("BETWEEN")
        start = self._frame_bound()
        end = None
        if between:
            self.expect("AND")
            end = self._frame_bound()
        return tree.Frame(token.key.lower(), start, end, at=token.at)

    def _frame_bound(self) -> tree.FrameBound:
        at = self.token.at
        if self.token.key == "UNBOUNDED" and self.ahead().key in ("PRECEDING", "FOLLOWING"):
            self.advance()
            return tree.FrameBound(f"unbounded {self.advance().key.lower()}", at=at)
        if self.accept("CURRENT", "ROW"):
            return tree.FrameBound("current row", at=at)
        offset = self.expression()
        if self.token.key not in ("PRECEDING", "FOLLOWING"):
            raise self.mismatch("'FOLLOWING'", "'PRECEDING'")
        return tree.FrameBound(self.advance().key.lower(), offset, at=at)

    # --- special forms

    def _current(self) -> Expression:
        token = self.advance()
        precision = None
        if token.key in _WITH_PRECISION and self.accept("("):
            precision = self.integer()
            self.expect(")")
        return tree.Current(token.key.lower(), precision, at=token.at)

    def _case(self) -> Expression:
        at = self.advance().at
        operand = None if self.token.key == "WHEN" else self.expression()
        whens: list[tree.When] = []
        while self.peek("WHEN") or not whens:
            start = self.expect("WHEN")
            condition = self.expression()
            self.expect("THEN")
            whens.append(tree.When(condition, self.expression(), at=start.at))
        default = self.expression() if self.accept("ELSE") else None
        self.expect("END", *(() if default else ("ELSE", "WHEN")))
        return tree.Case(operand, tuple(whens), default, at=at)

    def _cast(self) -> Expression:
        word = self.advance()
        self.expect("(")
        value = self.expression()
        self.expect("AS")
        type_text = self.type_text()
        self.expect(")", "(", "ARRAY")
        return tree.Cast(value, type_text, word.key == "TRY_CAST", at=word.at)

    def _exists(self) -> Expression:
        at = self.advance().at
        return tree.Exists(self.parenthesized_query(), at=at)

    def _extract(self) -> Expression:
        at = self.advance().at
        self.expect("(")
        field = self.identifier()
        if field.name not in _EXTRACT_FIELDS:
            raise syntax_error(at, f"Invalid EXTRACT field: {field.value}")
        self.expect("FROM")
        value = self.value()
        self.expect(")")
        return tree.Extract(field.name, value, at=at)

    def _array(self) -> Expression:
        at = self.advance().at
        self.expect("[")
        elements = () if self.token.key == "]" else self.separated(self.expression)
        self.expect("]", ",")
        return tree.ArrayOf(elements, at=at)

    def _row(self) -> Expression:
        at = self.advance().at
        self.expect("(")
        fields = self.separated(self.expression)
        self.expect(")", ",")
        return tree.RowOf(fields, at=at)

    def _position(self) -> Expression:
        at = self.token.at
        self.index += 2
        part = self.value()
        self.expect("IN")
        whole = self.value()
        self.expect(")")
        return _plain_call("strpos", (whole, part), at)

    def _substring(self) -> Expression:
        at = self.token.at
        self.index += 2
        arguments = [self.value()]
        self.expect("FROM")
        arguments.append(self.value())
        if self.accept("FOR"):
            arguments.append(self.value())
        self.expect(")")
        return _plain_call("substring", tuple(arguments), at)

    def _trim(self) -> Expression:
        at = self.advance().at
        self.expect("(")
        name = "trim"
        if self.token.key in _TRIMS and self.ahead().key not in (")", ",", ".", "||"):
            name = _TRIMS[self.advance().key]
            if self.accept("FROM"):
                value = self.value()
                self.expect(")")
                return _plain_call(name, (value,), at)
        first = self.value()
        if self.accept("FROM"):
            arguments: tuple[Expression, ...] = (self.value(), first)
        elif name == "trim" and self.accept(","):
            arguments = (first, self.value())
        else:
            arguments = (first,)
        self.expect(")")
        return _plain_call(name, arguments, at)

    def _normalize(self) -> Expression:
        at = self.advance().at
        self.expect("(")
        value = self.value()
        form = "NFC"
        if self.accept(","):
            if self.token.key not in _NORMAL_FORMS:
                raise self.mismatch(*(f"'{word}'" for word in _NORMAL_FORMS))
            form = self.advance().key
        self.expect(")", ",")
        return _plain_call("normalize", (value, tree.String(form, at=at)), at)

    def _grouping(self) -> Expression:
        at = self.advance().at
        self.expect("(")
        columns: tuple[Expression, ...] = ()
        if self.token.key != ")":
            columns = self.separated(self._grouping_column)
        self.expect(")", ",")
        return tree.Grouping(columns, at=at)

    def _grouping_column(self) -> Expression:
        name = self.qualified_name()
        column: Expression = name.parts[0]
        for part in name.parts[1:]:
            column = tree.Dereference(column, part, at=name.at)
        return column

    def _listagg(self) -> Expression:
        """LISTAGG: its overflow clause becomes arguments: whether to fail, what to fill in, whether to count."""
        at = self.advance().at
        self.expect("(")
        distinct = self.accept("DISTINCT")
        if not distinct:
            self._accept_quantifier_all()
        value = self.expression()
        separator = self.string() if self.accept(",") else tree.String("", at=at)
        overflow = self._overflow(at)
        self.expect(")")
        for word in ("WITHIN", "GROUP", "("):
            self.expect(word)
        if self.token.key != "ORDER":
            raise self.mismatch("'ORDER'")
        order_by = self.order_by()
        self.expect(")", ",")
        condition = self._filter()
        name = tree.Name((tree.Identifier("listagg", at=at),), at=at)
        return tree.Call(
            name, (value, separator, *overflow), distinct=distinct, order_by=order_by, condition=condition, at=at
        )

    def _overflow(self, at: tree.At) -> tuple[Expression, ...]:
        if not self.accept("ON"):
            return ()
        self.expect("OVERFLOW")
        if self.accept("ERROR"):
            return ()
        self.expect("TRUNCATE", "ERROR")
        filler = self.string() if self.token.kind in ("string", "unicode") else tree.String("...", at=at)
        counted = self.accept("WITH")
        if not counted:
            self.expect("WITHOUT", "WITH")
        self.expect("COUNT")
        return (tree.Boolean(False, at=at), filler, tree.Boolean(counted, at=at))


def _plain_call(name: str, arguments: tuple[Expression, ...], at: tree.At) -> tree.Call:
    return tree.Call(tree.Name((tree.Identifier(name, at=at),), at=at), arguments, at=at)
