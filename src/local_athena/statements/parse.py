"""Tells statements apart, and reads them."""

from __future__ import annotations

from collections.abc import Callable

from local_athena.errors import AthenaError, not_supported
from local_athena.statements import alterations, around_queries, databases, definitions, shows
from local_athena.statements.model import Change, Insert, Query, Statement
from local_athena.statements.reader import HiveReader, Reader
from local_athena.statements.tokens import has_query_after_name

_QUERIES = ("select", "with", "values", "table", "(")
_CHANGES = ("delete", "update", "merge")
_BY_QUERY: dict[str, Callable[[Reader], Statement]] = {
    "unload": around_queries.unload,
    "prepare": around_queries.prepare,
    "execute": around_queries.execute,
    "deallocate": around_queries.deallocate,
    "explain": around_queries.explain,
    "optimize": around_queries.optimize,
    "vacuum": around_queries.vacuum,
}
_BY_HIVE: dict[str, Callable[[HiveReader], Statement]] = {
    "alter": alterations.alter,
    "show": shows.show,
    "describe": shows.describe,
    "desc": shows.describe,
    "msck": definitions.repair,
}
# fmt: off
_OF_TRINO_ONLY = (
    "analyze", "call", "comment", "commit", "deny", "grant", "refresh", "reset", "revoke", "rollback", "set",
    "start", "truncate", "use",
)
_FIRST_WORDS = (
    "ALTER", "ANALYZE", "CALL", "COMMENT", "COMMIT", "CREATE", "DEALLOCATE", "DELETE", "DENY", "DESC",
    "DESCRIBE", "DROP", "EXECUTE", "EXPLAIN", "GRANT", "INSERT", "MERGE", "PREPARE", "REFRESH", "RESET",
    "REVOKE", "ROLLBACK", "SET", "SHOW", "START", "TRUNCATE", "UPDATE", "USE", "WITH",
)
# fmt: on


def parse(sql: str, database: str) -> Statement:
    """Reads a statement.

    Args:
        sql: as it was sent, comments and all.
        database: of names without one.

    Raises:
        AthenaError: SYNTAX_ERROR, or FAILED with a ParseException for DDL; NOT_SUPPORTED for what Athena does not have.
    """
    reader = Reader(sql, database)
    _refuse_second_statement(reader)
    first = reader.token.word or reader.token.text
    query = sql[: reader.end_of_query()]
    if first in _QUERIES:
        return Query(query)
    if first == "insert":
        return Insert(query)
    if first in _CHANGES:
        return Change(first.upper(), query)
    if first in _BY_QUERY:
        return _BY_QUERY[first](reader)
    if first in _BY_HIVE:
        return _BY_HIVE[first](HiveReader(sql, database))
    if first == "create":
        return _create(reader)
    if first == "drop":
        return _drop(reader)
    if first in _OF_TRINO_ONLY:
        raise not_supported("Queries of this type are not supported")
    raise reader.failure(*(f"'{word}'" for word in _FIRST_WORDS), "<query>")


def _refuse_second_statement(reader: Reader) -> None:
    ends = [index for index, token in enumerate(reader.rest) if token.text == ";"]
    if ends and ends[0] + 1 < len(reader.rest):
        raise AthenaError("SYNTAX_ERROR", f"Only one sql statement is allowed. Got: {reader.sql}")


def _create(reader: Reader) -> Statement:
    hive = HiveReader(reader.sql, reader.database)
    if reader.at("create", "database") or reader.at("create", "schema"):
        return databases.create(hive)
    if reader.at("create", "external"):
        return definitions.create_table(hive)
    if reader.at("create", "table"):
        has_query = has_query_after_name(reader.rest)
        return around_queries.create_table_as(reader) if has_query else definitions.create_table(hive)
    if reader.at("create", "view") or reader.at("create", "or", "replace", "view"):
        return around_queries.create_view(reader)
    reader.expect("create")
    if reader.at("or", "replace"):
        reader.expect("or", "replace")
        raise reader.failure("'VIEW'")
    raise reader.failure("'EXTERNAL'", "'OR'", "'SCHEMA'", "'TABLE'", "'VIEW'")


def _drop(reader: Reader) -> Statement:
    hive = HiveReader(reader.sql, reader.database)
    if reader.at("drop", "view"):
        return around_queries.drop_view(reader)
    if reader.at("drop", "table"):
        return definitions.drop_table(hive)
    if reader.at("drop", "database") or reader.at("drop", "schema"):
        return databases.drop(hive)
    reader.expect("drop")
    raise reader.failure("'SCHEMA'", "'TABLE'", "'VIEW'")
