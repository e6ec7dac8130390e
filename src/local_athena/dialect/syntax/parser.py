"""Reads statements: queries, INSERT, DELETE, UPDATE, MERGE."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from local_athena.dialect.syntax import tree
from local_athena.dialect.syntax.queries import QueryParser
from local_athena.dialect.syntax.tree import Expression
from local_athena.errors import AthenaError

T = TypeVar("T")

_STATEMENTS = [
    "ALTER",
    "ANALYZE",
    "CALL",
    "COMMENT",
    "COMMIT",
    "CREATE",
    "DEALLOCATE",
    "DELETE",
    "DENY",
    "DESC",
    "DESCRIBE",
    "DROP",
    "EXECUTE",
    "EXPLAIN",
    "GRANT",
    "INSERT",
    "MERGE",
    "PREPARE",
    "REFRESH",
    "RESET",
    "REVOKE",
    "ROLLBACK",
    "SET",
    "SHOW",
    "START",
    "TRUNCATE",
    "UPDATE",
    "USE",
    "WITH",
]


def parse_statement(sql: str) -> tuple[tree.Statement, int]:
    """Reads a query or a change; one semicolon may stand at its end.

    Returns:
        The tree, and the number of its parameters.

    Raises:
        AthenaError: SYNTAX_ERROR.
    """
    return _read(sql, _StatementParser.whole_statement)


def parse_expression(sql: str) -> Expression:
    """Reads a single expression.

    Raises:
        AthenaError: SYNTAX_ERROR.
    """
    return _read(sql, _StatementParser.whole_expression)


def _read(sql: str, read: Callable[[_StatementParser], T]) -> T:
    """Reads once, and only what is refused again, to tell what could have stood there."""
    try:
        return read(_StatementParser(sql))
    except AthenaError:
        return read(_StatementParser(sql, noting=True))


class _StatementParser(QueryParser):
    def whole_statement(self) -> tuple[tree.Statement, int]:
        statement = self.statement()
        if self.is_at(";"):
            self.advance()
        self._end()
        return statement, self.parameters

    def whole_expression(self) -> Expression:
        expression = self.expression()
        self._end()
        return expression

    def _end(self) -> None:
        if self.token.kind != "end":
            raise self.mismatch("<EOF>")

    def statement(self) -> tree.Statement:
        reads: dict[str, Callable[[], tree.Statement]] = {
            "INSERT": self._insert,
            "DELETE": self._delete,
            "UPDATE": self._update,
            "MERGE": self._merge,
        }
        read = reads.get(self.token.key)
        if read is not None:
            return read()
        if self.token.key not in ("SELECT", "WITH", "VALUES", "TABLE", "("):
            raise self.mismatch(*(f"'{word}'" for word in _STATEMENTS), "<query>")
        return self.query()

    def _insert(self) -> tree.Insert:
        at = self.advance().at
        self.expect("INTO")
        table = self.qualified_name()
        columns = self.either(self._columns_before_query, lambda: ()) if self.token.key == "(" else ()
        return tree.Insert(table, columns, self.query(), at=at)

    def _columns_before_query(self) -> tuple[tree.Identifier, ...]:
        return self.identifiers()

    def _delete(self) -> tree.Delete:
        at = self.advance().at
        self.expect("FROM")
        table = self.qualified_name()
        return tree.Delete(table, self._where("."), at=at)

    def _where(self, *others: str) -> Expression | None:
        if self.accept("WHERE"):
            return self.expression()
        if self.token.kind != "end" and self.token.key != ";":
            raise self.mismatch(*(f"'{word}'" for word in others), "'WHERE'", "<EOF>")
        return None

    def _update(self) -> tree.Update:
        at = self.advance().at
        table = self.qualified_name()
        self.expect("SET", ".")
        assignments = self.separated(self._assignment)
        return tree.Update(table, assignments, self._where(","), at=at)

    def _assignment(self) -> tree.Assignment:
        at = self.token.at
        column = self.identifier()
        self.expect("=")
        return tree.Assignment(column, self.expression(), at=at)

    def _merge(self) -> tree.Merge:
        at = self.advance().at
        self.expect("INTO")
        table = self.qualified_name()
        alias = None
        if self.accept("AS") or self.token.is_name:
            alias = self.identifier()
        self.expect("USING")
        source = self._relation()
        self.expect("ON")
        condition = self.expression()
        cases = [self._merge_case()]
        while self.token.key == "WHEN":
            cases.append(self._merge_case())
        return tree.Merge(table, alias, source, condition, tuple(cases), at=at)

    def _merge_case(self) -> tree.MergeCase:
        at = self.expect("WHEN").at
        matched = not self.accept("NOT")
        self.expect("MATCHED", *(("NOT",) if matched else ()))
        condition = self.expression() if self.accept("AND") else None
        self.expect("THEN", *(() if condition else ("AND",)))
        if not matched:
            return self._merge_insert(condition, at)
        if self.accept("DELETE"):
            return tree.MergeCase("delete", condition, at=at)
        self.expect("UPDATE", "DELETE")
        self.expect("SET")
        assignments = self.separated(self._assignment)
        columns = tuple(assignment.column for assignment in assignments)
        return tree.MergeCase("update", condition, columns, tuple(each.value for each in assignments), at=at)

    def _merge_insert(self, condition: Expression | None, at: tree.At) -> tree.MergeCase:
        self.expect("INSERT")
        columns = self.identifiers() if self.token.key == "(" else ()
        self.expect("VALUES", *(() if columns else ("(",)))
        self.expect("(")
        values = self.separated(self.expression)
        self.expect(")", ",")
        return tree.MergeCase("insert", condition, columns, values, at=at)
