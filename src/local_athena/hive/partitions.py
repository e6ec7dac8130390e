"""Values of partition columns: in paths, in Glue, and as values.

Source: https://cwiki.apache.org/confluence/display/Hive/LanguageManual+DDL, Hive's escaping of path names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

from local_athena.catalogue.model import Column
from local_athena.dialect.representation import duckdb_type, literal
from local_athena.errors import AthenaError, raise_sql
from local_athena.types.model import Char

#: What stands for null.
DEFAULT = "__HIVE_DEFAULT_PARTITION__"

_ESCAPED = re.compile(r"""[\x01-\x1f\x7f"#%'*/:=?\\{\[\]^]""")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")


def escape(text: str) -> str:
    """A name or value as it stands in a path."""
    return _ESCAPED.sub(lambda found: f"%{ord(found[0]):02X}", text) or DEFAULT


def unescape(text: str) -> str:
    """The name or value that stands in a path."""
    return unquote(text) if _ESCAPE.search(text) else text


def path_name(columns: Sequence[str], values: Sequence[str]) -> str:
    """`a=1/b=x`: the folder of a partition, and its name in SHOW PARTITIONS."""
    return "/".join(f"{escape(name)}={escape(value)}" for name, value in zip(columns, values, strict=True))


def values_in_path(path: str, columns: Sequence[str]) -> tuple[str, ...] | None:
    """The values in a path like `a=1/b=x/…`; None if it names other columns, or in capitals."""
    found = []
    for part, column in zip(path.split("/"), columns, strict=False):
        name, equals, value = part.partition("=")
        if not equals or unescape(name) != column:
            return None
        found.append(unescape(value))
    return tuple(found) if len(found) == len(columns) else None


def check_printable(values: Sequence[str]) -> None:
    """Refuses values that Hive does not take.

    Raises:
        AthenaError: HIVE_INVALID_PARTITION_VALUE.
    """
    for value in values:
        if not all(" " <= character <= "~" for character in value):
            found = " ".join(f"{byte:02X}" for byte in value.encode())
            message = (
                f"Hive partition keys can only contain printable ASCII characters (0x20 - 0x7E). Invalid value: {found}"
            )
            raise AthenaError("HIVE_INVALID_PARTITION_VALUE", message)


def value_sql(text_sql: str, column: Column) -> str:
    """A DuckDB expression for the value of a partition column, from one of the text that Glue holds."""
    type_ = duckdb_type(column.type)
    text = f"nullif(nullif({text_sql}, {literal(DEFAULT)}), '')"
    if type_ == "VARCHAR":
        return f"rtrim({text}, ' ')" if isinstance(column.type, Char) else text
    before = literal("Invalid partition value '")
    behind = literal(f"' for {str(column.type).upper()} partition key: {column.name}=")
    error = raise_sql("HIVE_INVALID_PARTITION_VALUE", f"{before} || {text} || {behind} || {text}")
    value = f"coalesce(try_cast({text} as {type_}), cast({error} as {type_}))"
    return f"case when {text} is null then null else {value} end"
