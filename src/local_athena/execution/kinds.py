"""What kind of statement a text is, by its first words: also of one that fails, or whose syntax is wrong.

Source: https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html, which calls SHOW, DESCRIBE and
EXPLAIN utilities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from local_athena.statements.tokens import has_query_after_name, tokenize

DDL = "DDL"
DML = "DML"
UTILITY = "UTILITY"

_OF_DML = (
    "SELECT",
    "INSERT",
    "DELETE",
    "UPDATE",
    "MERGE",
    "CREATE_TABLE_AS_SELECT",
    "UNLOAD",
    "OPTIMIZE",
    "VACUUM_TABLE",
)
# What is behind these words may be anything.
_BY_FIRST_WORDS = (
    ("select", "SELECT"),
    ("with", "SELECT"),
    ("values", "SELECT"),
    ("table", "SELECT"),
    ("insert", "INSERT"),
    ("delete", "DELETE"),
    ("update", "UPDATE"),
    ("merge", "MERGE"),
    ("unload", "UNLOAD"),
    ("optimize", "OPTIMIZE"),
    ("vacuum", "VACUUM_TABLE"),
    ("explain", "EXPLAIN"),
    ("prepare", "PREPARE"),
    ("deallocate", "DEALLOCATE"),
    ("create database", "CREATE_DATABASE"),
    ("create schema", "CREATE_DATABASE"),
    ("create external", "CREATE_TABLE"),
    ("create table", "CREATE_TABLE"),
    ("create view", "CREATE_VIEW"),
    ("create or replace view", "CREATE_VIEW"),
    ("drop database", "DROP_DATABASE"),
    ("drop schema", "DROP_DATABASE"),
    ("drop table", "DROP_TABLE"),
    ("drop view", "DROP_VIEW"),
    ("alter table", "ALTER_TABLE"),
    ("msck", "MSCK_REPAIR_TABLE"),
    ("show databases", "SHOW_DATABASES"),
    ("show schemas", "SHOW_DATABASES"),
    ("show tables", "SHOW_TABLES"),
    ("show views", "SHOW_VIEWS"),
    ("show columns", "SHOW_COLUMNS"),
    ("show partitions", "SHOW_PARTITIONS"),
    ("show create table", "SHOW_CREATE_TABLE"),
    ("show create view", "SHOW_CREATE_VIEW"),
    ("show tblproperties", "SHOW_TBLPROPERTIES"),
    ("describe", "DESCRIBE_TABLE"),
    ("desc", "DESCRIBE_TABLE"),
)
_FIRST_WORDS = [(words.split(), found) for words, found in _BY_FIRST_WORDS]
_FIRST_WORDS_OF_UTILITIES = ("show", "describe", "desc", "explain")
_STATEMENT_TYPES: Mapping[str, str] = {
    **dict.fromkeys(_OF_DML, DML),
    **{found: UTILITY for words, found in _FIRST_WORDS if words[0] in _FIRST_WORDS_OF_UTILITIES},
}
_FIRST_WORDS_OF_DDL = ("create", "drop", "alter")


@dataclass(frozen=True)
class Kind:
    """What GetQueryExecution calls a statement.

    Attributes:
        statement_type: `DDL`, `DML` or `UTILITY`.
        substatement_type: e.g. `SELECT`; None if the first words do not tell.
    """

    statement_type: str
    substatement_type: str | None = None


def statement_type_of(substatement_type: str) -> str:
    """The StatementType of a SubstatementType."""
    return _STATEMENT_TYPES.get(substatement_type, DDL)


def kind_of(sql: str) -> Kind:
    """The kind of a statement. What EXECUTE runs is not known before it runs: DML, nearly always."""
    words = [token.word for token in tokenize(sql) if token.text != "("]
    if words[:2] == ["create", "table"] and has_query_after_name(tokenize(sql)):
        return Kind(DML, "CREATE_TABLE_AS_SELECT")
    for first_words, found in _FIRST_WORDS:
        if words[: len(first_words)] == first_words:
            return Kind(statement_type_of(found), found)
    if words[0] in _FIRST_WORDS_OF_DDL:
        return Kind(DDL)
    return Kind(UTILITY if words[0] in _FIRST_WORDS_OF_UTILITIES else DML)
