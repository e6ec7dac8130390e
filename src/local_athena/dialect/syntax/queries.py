"""Reads queries and what stands in FROM."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.calls import CallParser
from local_athena.dialect.syntax.tree import Body, Expression, Relation

_JOIN_KINDS = {"INNER": "inner", "LEFT": "left", "RIGHT": "right", "FULL": "full"}
# Words of clauses that are not reserved: before one of these signs they are an alias after all.
_CLAUSES = frozenset({"LIMIT", "OFFSET", "FETCH", "WINDOW", "TABLESAMPLE", "MATCH_RECOGNIZE"})
_AFTER_ALIAS = frozenset(
    [
        ",",
        ")",
        "AS",
        "ON",
        "USING",
        "WHERE",
        "GROUP",
        "HAVING",
        "ORDER",
        "UNION",
        "INTERSECT",
        "EXCEPT",
        "CROSS",
        "JOIN",
        "INNER",
        "LEFT",
        "RIGHT",
        "FULL",
        "NATURAL",
        "FROM",
    ]
)


class QueryParser(CallParser):
    """Reads queries."""

    def query(self) -> tree.Query:
        """Takes a query with its WITH, ORDER BY, OFFSET and LIMIT."""
        at = self.token.at
        recursive = False
        with_queries: tuple[tree.WithQuery, ...] = ()
        if self.accept("WITH"):
            recursive = self.accept("RECURSIVE")
            with_queries = self.separated(self._with_query)
        return self._query_without_with(at, with_queries, recursive)

    def _query_without_with(
        self, at: tree.At, with_queries: tuple[tree.WithQuery, ...] = (), recursive: bool = False
    ) -> tree.Query:
        start = self.token.at
        body = self._union()
        order_by = self.order_by()
        offset = self._offset()
        limit = self._limit()
        if isinstance(body, tree.Query) and not (with_queries or order_by or offset or limit):
            return body
        return tree.Query(body, with_queries, recursive, order_by, offset, limit, at=start if with_queries else at)

    def _with_query(self) -> tree.WithQuery:
        at = self.token.at
        name = self.identifier()
        columns = self.identifiers() if self.token.key == "(" else ()
        self.expect("AS", *(() if columns else ("(",)))
        return tree.WithQuery(name, self.parenthesized_query(), columns, at=at)

    def _count(self, *others: str) -> int | tree.Parameter:
        if self.token.key == "?":
            at = self.advance().at
            self.parameters += 1
            return tree.Parameter(self.parameters - 1, at=at)
        return self.integer("'?'", *others)

    def _offset(self) -> tree.Offset | None:
        at = self.token.at
        if not self.accept("OFFSET"):
            return None
        count = self._count()
        if self.token.key in ("ROW", "ROWS"):
            self.advance()
        return tree.Offset(count, at=at)

    def _limit(self) -> tree.Limit | None:
        at = self.token.at
        if self.accept("LIMIT"):
            return tree.Limit(None if self.accept("ALL") else self._count("'ALL'"), at=at)
        if not self.accept("FETCH"):
            return None
        if self.token.key not in ("FIRST", "NEXT"):
            raise self.mismatch("'FIRST'", "'NEXT'")
        self.advance()
        count: int | tree.Parameter = 1
        if self.token.key not in ("ROW", "ROWS"):
            count = self._count()
        if self.token.key not in ("ROW", "ROWS"):
            raise self.mismatch("'ROW'", "'ROWS'")
        self.advance()
        ties = self.accept("WITH", "TIES")
        if not ties:
            self.expect("ONLY", "WITH")
        return tree.Limit(count, ties, fetch=True, at=at)

    # --- set operations

    def _union(self) -> Body:
        left = self._intersect()
        while self.peek("UNION", "EXCEPT"):
            left = self._operation(left, self._intersect)
        return left

    def _intersect(self) -> Body:
        left = self._body()
        while self.peek("INTERSECT"):
            left = self._operation(left, self._body)
        return left

    def _operation(self, left: Body, operand: Callable[[], Body]) -> Body:
        token = self.advance()
        distinct = not self.accept("ALL")
        if distinct:
            self.accept("DISTINCT")
        return tree.SetOperation(token.key.lower(), left, operand(), distinct, at=token.at)

    def _body(self) -> Body:
        token = self.token
        if token.key == "SELECT":
            return self._select()
        if self.accept("VALUES"):
            return tree.Values(self.separated(self.expression), at=token.at)
        if self.accept("TABLE"):
            return tree.TableRef(self.qualified_name(), at=token.at)
        if self.accept("("):
            query = self._query_without_with(self.token.at)
            self.expect(")")
            return query
        raise self.mismatch("'('", "'SELECT'", "'TABLE'", "'VALUES'")

    # --- SELECT

    def _select(self) -> tree.Select:
        at = self.advance().at
        distinct = self.accept("DISTINCT")
        if not distinct:
            self._accept_quantifier_all()
        items = self.separated(self._select_item)
        relation = self._relations() if self.accept("FROM") else None
        where = self.expression() if self.accept("WHERE") else None
        group_by = self._group_by() if self.accept("GROUP") else None
        having = self.expression() if self.accept("HAVING") else None
        windows = self.separated(self._named_window) if self._window_clause_follows() else ()
        return tree.Select(items, distinct, relation, where, group_by, having, windows, at=at)

    def _select_item(self) -> tree.SelectItem | tree.Star:
        at = self.token.at
        if self.accept("*"):
            return tree.Star(at=at)
        value = self.expression()
        if self.accept(".", "*"):
            return tree.Star(value, self.identifiers() if self.accept("AS") else (), at=at)
        if self.accept("AS"):
            return tree.SelectItem(value, self.identifier(), at=at)
        self.note("<identifier>")
        alias = self.identifier() if self.token.is_name and not self._window_clause_follows(peek=True) else None
        if alias is None or not self._is_clause(alias):
            return tree.SelectItem(value, alias, at=at)
        self.index -= 1
        return tree.SelectItem(value, at=at)

    def _is_clause(self, alias: tree.Identifier) -> bool:
        """Whether a word that was taken for an alias begins a clause."""
        ends = self.token.kind == "end" or self.token.key in _AFTER_ALIAS
        return not alias.quoted and alias.value.upper() in _CLAUSES and not ends

    def _window_clause_follows(self, *, peek: bool = False) -> bool:
        found = self.peek("WINDOW") and self.ahead().is_name and self.ahead(2).key == "AS"
        if found and not peek:
            self.advance()
        return found

    def _named_window(self) -> tuple[tree.Identifier, tree.Window]:
        name = self.identifier()
        self.expect("AS")
        return name, self.window()

    def _group_by(self) -> tree.GroupBy:
        at = self.expect("BY").at
        distinct = self.accept("DISTINCT")
        if not distinct:
            self._accept_quantifier_all()
        return tree.GroupBy(self.separated(self._grouping_element), distinct, at=at)

    def _grouping_element(self) -> tree.GroupingElement:
        at = self.token.at
        for kind in ("ROLLUP", "CUBE"):
            if self.accept(kind):
                self.expect("(")
                sets = () if self.token.key == ")" else self.separated(self._grouping_set)
                self.expect(")", ",")
                return tree.GroupingElement(kind.lower(), sets, at=at)
        if self.accept("GROUPING", "SETS"):
            self.expect("(")
            sets = self.separated(self._grouping_set)
            self.expect(")", ",")
            return tree.GroupingElement("grouping sets", sets, at=at)
        return tree.GroupingElement("simple", (self._grouping_set(),), at=at)

    def _grouping_set(self) -> tuple[Expression, ...]:
        return self.either(self._parenthesized_set, lambda: (self.expression(),))

    def _parenthesized_set(self) -> tuple[Expression, ...]:
        """`(a, b)` or `()`, if it is not the beginning of an expression."""
        self.expect("(")
        members = () if self.token.key == ")" else self.separated(self.expression)
        self.expect(")", ",")
        if self.token.key not in ("", ",", ")", ";") and not self.token.is_name and self.token.kind != "word":
            raise self.mismatch("','")
        return members

    # --- FROM

    def _relations(self) -> Relation:
        at = self.token.at
        left = self._relation()
        while self.accept(","):
            left = tree.Join("cross", left, self._relation(), at=at)
        return left

    def _relation(self) -> Relation:
        at = self.token.at
        left = self._sampled()
        while True:
            if self.accept("CROSS"):
                self.expect("JOIN")
                left = tree.Join("cross", left, self._sampled(), at=at)
            elif self.accept("NATURAL"):
                kind = self._join_kind()
                left = tree.Join(kind, left, self._sampled(), natural=True, at=at)
            elif self.peek(*_JOIN_KINDS, "JOIN"):
                kind = self._join_kind()
                left = self._joined(kind, left, self._relation(), at)
            else:
                return left

    def _join_kind(self) -> str:
        kind = "inner"
        if self.token.key in _JOIN_KINDS:
            kind = _JOIN_KINDS[self.advance().key]
            if kind != "inner":
                self.accept("OUTER")
        self.expect("JOIN")
        return kind

    def _joined(self, kind: str, left: Relation, right: Relation, at: tree.At) -> Relation:
        if self.accept("ON"):
            return tree.Join(kind, left, right, self.expression(), at=at)
        self.expect("USING", "ON")
        return tree.Join(kind, left, right, using=self.identifiers(), at=at)

    def _sampled(self) -> Relation:
        at = self.token.at
        relation = self._aliased()
        if not self.accept("TABLESAMPLE"):
            return relation
        if self.token.key not in ("BERNOULLI", "SYSTEM"):
            raise self.mismatch("'BERNOULLI'", "'SYSTEM'")
        method = self.advance().key.lower()
        self.expect("(")
        percentage = self.expression()
        self.expect(")")
        return tree.Sampled(relation, method, percentage, at=at)

    def _aliased(self) -> Relation:
        at = self.token.at
        relation = self._alias(self._relation_primary(), at)
        if self.at_words("MATCH_RECOGNIZE", "("):
            self.advance()
            self._skip_parentheses()
            return self._alias(tree.PatternMatch(relation, at=at), at)
        return relation

    def _alias(self, relation: Relation, at: tree.At) -> Relation:
        start = self.index
        self.note("<identifier>")
        if self.accept("AS"):
            alias = self.identifier()
        elif self.token.is_name:
            alias = self.identifier()
            if self._is_clause(alias):
                self.index = start
                return relation
        else:
            return relation
        return tree.Aliased(relation, alias, self.identifiers() if self.token.key == "(" else (), at=at)

    def _skip_parentheses(self) -> None:
        depth = 0
        while depth or self.token.key == "(":
            depth += {"(": 1, ")": -1}.get(self.token.key, 0)
            if self.advance().kind == "end":
                self.index -= 1
                raise self.mismatch("')'")

    def _relation_primary(self) -> Relation:
        token = self.token
        if token.key == "(":
            return self.either(lambda: tree.Derived(self.parenthesized_query(), at=token.at), self._parenthesized_join)
        if self.accept("UNNEST"):
            self.expect("(")
            values = self.separated(self.expression)
            self.expect(")", ",")
            return tree.Unnest(values, self.accept("WITH", "ORDINALITY"), at=token.at)
        if self.accept("LATERAL", "("):
            self.index -= 1
            return tree.Derived(self.parenthesized_query(), lateral=True, at=token.at)
        if self.accept("TABLE"):
            return self._table_call(token.at)
        if not token.is_name:
            raise self.mismatch("'('", "'LATERAL'", "'TABLE'", "'UNNEST'", "<identifier>")
        return self._table(self.qualified_name(), token.at)

    def _table(self, name: tree.Name, at: tree.At) -> tree.TableRef:
        if not self.accept("FOR"):
            return tree.TableRef(name, at=at)
        if self.token.key not in ("TIMESTAMP", "VERSION"):
            raise self.mismatch("'TIMESTAMP'", "'VERSION'")
        kind = self.advance().key.lower()
        self.expect("AS")
        self.expect("OF")
        return tree.TableRef(name, kind, self.value(), at=at)

    def _parenthesized_join(self) -> Relation:
        self.expect("(")
        relation = self._relation()
        self.expect(")")
        return relation

    # --- table functions

    def _table_call(self, at: tree.At) -> Relation:
        self.expect("(")
        name = self.qualified_name()
        self.expect("(")
        arguments = () if self.token.key == ")" else self.separated(self._table_argument)
        self.expect(")", ",")
        self.expect(")")
        return tree.TableCall(name, arguments, at=at)

    def _table_argument(self) -> tree.TableArgument:
        at = self.token.at
        name = None
        if self.token.is_name and self.ahead().key == "=>":
            name = self.identifier()
            self.advance()
        if self.at_words("DESCRIPTOR", "("):
            self.advance()
            return tree.TableArgument(name, self.identifiers(), at=at)
        if self.at_words("TABLE", "("):
            self.advance()
            start = self.token.at
            table: tree.Derived | tree.TableRef
            if self.ahead().is_name:
                table = self._argument_table()
            else:
                table = tree.Derived(self.parenthesized_query(), at=start)
            return tree.TableArgument(name, table, at=start)
        return tree.TableArgument(name, self.expression(), at=at)

    def _argument_table(self) -> tree.TableRef:
        self.expect("(")
        at = self.token.at
        table = tree.TableRef(self.qualified_name(), at=at)
        self.expect(")")
        return table
