"""Puts SQL of the suite, which is PostgreSQL's, into Athena's words."""

from __future__ import annotations

import re
from uuid import uuid4

_TYPES = {
    r"timestamp without time zone": "timestamp",
    r"varchar\(\d+\)": "string",
    r"text\b": "string",
    r"integer\b": "int",
}

_EXPRESSIONS = {
    r"\{database\}\.": "",
    r"(?<!timestamp )'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)'": r"timestamp '\1'",
    r"interval '(\d+) (\w+)'": r"interval '\1' \2",
    r"null::timestamp": "cast(null as timestamp(6))",
    r"(\w+)::text": r"cast(\1 as varchar)",
    r"\bid \|\|": "cast(id as varchar) ||",
    r"md5\((.*?)\) as": r"to_hex(md5(to_utf8(\1))) as",
    r"left\((\w+), (\d+)\)": r"substr(\1, 1, \2)",
}


def athena_table(statement: str) -> str:
    """Turns CREATE TABLE into that of an Iceberg table, the kind whose rows Athena changes."""
    text = re.sub(r"--.*", "", statement.strip().rstrip(";"))
    for pattern, replacement in {**_TYPES, r"\{database\}\.": ""}.items():
        text = re.sub(pattern, replacement, text, flags=re.IGNORECASE)
    return f"{text} location 's3://derived-tables/suite/{uuid4()}' tblproperties ('table_type' = 'ICEBERG')"


def athena_statement(statement: str) -> str:
    """Turns INSERT, UPDATE, DELETE or a query into Trino's words."""
    for pattern, replacement in _EXPRESSIONS.items():
        statement = re.sub(pattern, replacement, statement)
    return statement.strip().rstrip(";")
