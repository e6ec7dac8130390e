"""What a rule of a cast works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from local_athena.dialect.representation import duckdb_type
from local_athena.dialect.snippets import checked, or_else
from local_athena.errors import raise_sql
from local_athena.types.model import (
    BIGINT,
    INTEGER,
    SMALLINT,
    TINYINT,
    Array,
    Char,
    Decimal,
    Map,
    Row,
    Time,
    Timestamp,
    Type,
    Varchar,
)

INVALID = "INVALID_CAST_ARGUMENT"
WHOLE: dict[Type, int] = {TINYINT: 8, SMALLINT: 16, INTEGER: 32, BIGINT: 64}


@dataclass(frozen=True)
class Conversion:
    """One cast.

    Attributes:
        value: DuckDB SQL of what is cast, cheap enough to mention more than once.
        source: its type.
        target: the type it becomes.
        safe: whether a value that cannot be cast is null, as TRY_CAST has it.
    """

    value: str
    source: Type
    target: Type
    safe: bool

    @property
    def duckdb(self) -> str:
        """The DuckDB type of the result."""
        return duckdb_type(self.target)

    def plain(self) -> str:
        """DuckDB's own cast, which never fails here."""
        return f"CAST({self.value} AS {self.duckdb})"

    def fails(self, message_sql: str, name: str = INVALID) -> str:
        """What stands in place of a value that cannot be cast."""
        return "NULL" if self.safe else raise_sql(name, message_sql)

    def checked(self, condition: str, result: str, message_sql: str, name: str = INVALID) -> str:
        """`result` where the condition holds; else the cast fails."""
        return checked(self.value, condition, result, self.fails(message_sql, name))

    def attempted(self, attempt: str, message_sql: str, name: str = INVALID) -> str:
        """`attempt`, which is null where the cast fails."""
        if self.safe:
            return attempt
        failure = f"CASE WHEN {self.value} IS NOT NULL THEN {self.fails(message_sql, name)} END"
        return or_else(attempt, failure)


Rule = Callable[[Conversion], str]
Rules = Mapping[tuple[str, str], Rule]


def kind_of(type_: Type) -> str:
    """The family of a type, by which casts are found: `whole`, `decimal`, `varchar`, `timestamp`, …."""
    match type_:
        case Decimal():
            return "decimal"
        case Varchar():
            return "varchar"
        case Char():
            return "char"
        case Time(_, zoned):
            return "time with time zone" if zoned else "time"
        case Timestamp(_, zoned):
            return "timestamp with time zone" if zoned else "timestamp"
        case Array():
            return "array"
        case Map():
            return "map"
        case Row():
            return "row"
    return "whole" if type_ in WHOLE else str(type_)
