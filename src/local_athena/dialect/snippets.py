"""Small pieces of DuckDB SQL from which casts, operators and functions are made."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence

from local_athena.dialect.representation import duckdb_type, literal
from local_athena.errors import raise_sql
from local_athena.types.model import Array, Map, Row, Type

# Names, numbers and texts, with fields or a cast around them at most: what costs nothing to write twice.
_NAME = r'(?:"(?:[^"]|"")*"|\w+)'
_CHEAP = re.compile(rf"(?:CAST)?\(*(?:'(?:[^']|'')*'|-?[\d.]+|{_NAME}(?:\.{_NAME})*)\)*(?: AS [\w, ()]+\)+)?")


def once(sql: str, body: Callable[[str], str]) -> str:
    """`body` of an expression that it mentions more than once: evaluated once, and not repeated in the SQL."""
    return once_each((sql,), body)


def once_each(sqls: Sequence[str], body: Callable[..., str]) -> str:
    """As `once`, of several expressions. They may hold subqueries; other parts of the body may not."""
    bound = [sql for sql in sqls if not _CHEAP.fullmatch(sql)]
    if not bound:
        return body(*sqls)
    name = f"v{zlib.crc32(' '.join(bound).encode()):08x}"
    if len(bound) == 1:
        return f"list_transform([{bound[0]}], lambda {name}: {body(*(_if_bound(sql, name) for sql in sqls))})[1]"
    fields = {sql: f"f{number}" for number, sql in enumerate(bound)}
    packed = ", ".join(f"{field} := {sql}" for sql, field in fields.items())
    values = (f"{name}.{fields[sql]}" if sql in fields else sql for sql in sqls)
    return f"list_transform([struct_pack({packed})], lambda {name}: {body(*values)})[1]"


def _if_bound(sql: str, name: str) -> str:
    return sql if _CHEAP.fullmatch(sql) else name


def null_of(type_: Type) -> str:
    """A null in the representation of a type."""
    return f"CAST(NULL AS {duckdb_type(type_)})"


def fail(name: str, message: str) -> str:
    """Raises an error whose message is known."""
    return raise_sql(name, literal(message))


def failing(type_: Type, name: str, message: str) -> str:
    """As `fail`, where DuckDB needs to know the type."""
    return f"CAST({fail(name, message)} AS {duckdb_type(type_)})"


def checked(value: str, condition: str, result: str, otherwise: str) -> str:
    """`result` where the condition holds, null where `value` is null, else `otherwise`."""
    return f"(CASE WHEN {condition} THEN {result} WHEN {value} IS NOT NULL THEN {otherwise} END)"


def or_else(attempt: str, otherwise: str) -> str:
    """As coalesce of two, of which DuckDB 1.5 crashes in TRY() where the second one fails."""
    return f"(CASE WHEN {attempt} IS NULL THEN {otherwise} ELSE {attempt} END)"


def depth(type_: Type) -> int:
    """A number that no type inside of this one has: lambdas inside of each other need different names."""
    match type_:
        case Array(element):
            return 1 + depth(element)
        case Map(key, value):
            return 1 + max(depth(key), depth(value))
        case Row(fields):
            return 1 + max(depth(field.type) for field in fields)
    return 0
