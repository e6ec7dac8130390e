"""How a value of a Trino type is held in DuckDB.

| Trino | DuckDB |
|---|---|
| boolean, tinyint … bigint, real, double, decimal, date, uuid | the same (real is FLOAT) |
| varchar, varchar(n) | VARCHAR |
| char(n) | VARCHAR without blanks at the end; padded where it is read as text |
| varbinary | BLOB |
| time(p), timestamp(p) to 6 digits | TIME, TIMESTAMP, rounded to p digits; more digits are refused |
| timestamp(p) with time zone | STRUCT(instant TIMESTAMP, zone VARCHAR): UTC, and the zone it is shown in |
| time(p) with time zone | STRUCT(local TIME, minutes INTEGER): time of day, and the offset from UTC in minutes |
| interval day to second, interval year to month | BIGINT: milliseconds, months |
| json | VARCHAR: Trino's canonical text |
| ipaddress | VARCHAR: canonical text |
| array, map | T[], MAP(K, V) |
| row | STRUCT with the fields' names in lower case; `f1`, `f2`, … if one is anonymous or appears twice |
| unknown (the type of null) | INTEGER, always null |
"""

from __future__ import annotations

from local_athena.errors import not_supported
from local_athena.types.model import (
    Array,
    Char,
    Decimal,
    Map,
    Row,
    Simple,
    Time,
    Timestamp,
    Type,
    Varchar,
)

MOST_DIGITS = 6
_SIMPLE = {
    "boolean": "BOOLEAN",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "real": "FLOAT",
    "double": "DOUBLE",
    "varbinary": "BLOB",
    "date": "DATE",
    "json": "VARCHAR",
    "uuid": "UUID",
    "ipaddress": "VARCHAR",
    "interval day to second": "BIGINT",
    "interval year to month": "BIGINT",
    "unknown": "INTEGER",
}


def duckdb_type(type_: Type) -> str:
    """The DuckDB type that holds values of `type_`.

    Raises:
        AthenaError: NOT_SUPPORTED for a type without one.
    """
    match type_:
        case Simple(name) if name in _SIMPLE:
            return _SIMPLE[name]
        case Decimal(precision, scale):
            return f"DECIMAL({precision}, {scale})"
        case Varchar() | Char():
            return "VARCHAR"
        case Time(precision, zoned) if precision <= MOST_DIGITS:
            return "STRUCT(local TIME, minutes INTEGER)" if zoned else "TIME"
        case Timestamp(precision, zoned) if precision <= MOST_DIGITS:
            return "STRUCT(instant TIMESTAMP, zone VARCHAR)" if zoned else "TIMESTAMP"
        case Array(element):
            return f"{duckdb_type(element)}[]"
        case Map(key, value):
            return f"MAP({duckdb_type(key)}, {duckdb_type(value)})"
        case Row(fields):
            members = zip(field_names(type_), fields, strict=True)
            return f"STRUCT({', '.join(f'{quoted(name)} {duckdb_type(field.type)}' for name, field in members)})"
    raise not_supported(f"The local Athena has no values of type {type_}")


def field_names(row: Row) -> tuple[str, ...]:
    """Names of the members of the STRUCT that holds a row."""
    names = [field.name.lower() for field in row.fields if field.name is not None]
    if len(set(names)) == len(row.fields):
        return tuple(names)
    return tuple(f"f{number}" for number in range(1, len(row.fields) + 1))


def quoted(name: str) -> str:
    """A DuckDB identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A DuckDB string literal."""
    return "'" + text.replace("'", "''") + "'"
