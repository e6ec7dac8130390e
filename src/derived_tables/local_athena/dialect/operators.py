"""Operators, literals and special forms: typed as Trino types them, written as DuckDB SQL.

Every function takes analysed operands, converts them to their common type, and raises AthenaError TYPE_MISMATCH
in Trino's words if Trino would, e.g. `Cannot apply operator: integer = varchar(1)`.
"""

from __future__ import annotations

from collections.abc import Sequence

from derived_tables.local_athena.dialect.typed import Typed
from derived_tables.local_athena.types.model import Type


def number(text: str) -> Typed:
    """A number literal: `1` is integer or bigint, `1.0` decimal(2,1), `1e0` double."""
    raise NotImplementedError


def string(text: str) -> Typed:
    """A string literal: varchar of its length."""
    raise NotImplementedError


def boolean(value: bool) -> Typed:
    """TRUE or FALSE."""
    raise NotImplementedError


def null() -> Typed:
    """NULL, of type unknown."""
    raise NotImplementedError


def typed_literal(type_name: str, text: str) -> Typed:
    """`DATE '…'`, `TIMESTAMP '…'`, `TIME '…'`, `DECIMAL '…'`, `REAL '…'`, `JSON '…'`, `UUID '…'`, `CHAR 'x'`, …."""
    raise NotImplementedError


def binary_literal(digits: str) -> Typed:
    """`X'…'`."""
    raise NotImplementedError


def interval(text: str, unit: str, to_unit: str | None = None, *, negative: bool = False) -> Typed:
    """`INTERVAL '…' unit [TO unit]`."""
    raise NotImplementedError


def current(what: str, now: int, precision: int | None = None) -> Typed:
    """`current_date`, `current_time`, `current_timestamp`, `localtime`, `localtimestamp`, `now`; from `now` in µs."""
    raise NotImplementedError


def unary(operator: str, value: Typed) -> Typed:
    """`-`, `+` or `not`."""
    raise NotImplementedError


def arithmetic(operator: str, left: Typed, right: Typed) -> Typed:
    """`+`, `-`, `*`, `/`, `%` of numbers, dates, times, timestamps and intervals."""
    raise NotImplementedError


def concat(left: Typed, right: Typed) -> Typed:
    """`||` of strings, varbinaries, arrays, or an array and an element."""
    raise NotImplementedError


def compare(operator: str, left: Typed, right: Typed) -> Typed:
    """`=`, `<>`, `<`, `<=`, `>`, `>=`, `is distinct from`, `is not distinct from`."""
    raise NotImplementedError


def logical(operator: str, operands: Sequence[Typed]) -> Typed:
    """`and` or `or`."""
    raise NotImplementedError


def is_null(value: Typed) -> Typed:
    """`IS NULL`."""
    raise NotImplementedError


def between(value: Typed, low: Typed, high: Typed) -> Typed:
    """`BETWEEN low AND high`."""
    raise NotImplementedError


def in_list(value: Typed, options: Sequence[Typed]) -> Typed:
    """`IN (…)` of expressions."""
    raise NotImplementedError


def like(value: Typed, pattern: Typed, escape: Typed | None = None) -> Typed:
    """`LIKE … [ESCAPE …]`."""
    raise NotImplementedError


def case(whens: Sequence[tuple[Typed, Typed]], default: Typed | None) -> Typed:
    """`CASE WHEN condition THEN value … ELSE default END`; conditions are booleans."""
    raise NotImplementedError


def coalesce(values: Sequence[Typed]) -> Typed:
    """`COALESCE`."""
    raise NotImplementedError


def nullif(left: Typed, right: Typed) -> Typed:
    """`NULLIF`."""
    raise NotImplementedError


def try_(value: Typed) -> Typed:
    """`TRY`: null for the errors Trino catches (division by zero, invalid casts and arguments, out of range)."""
    raise NotImplementedError


def subscript(value: Typed, index: Typed) -> Typed:
    """`value[index]` of an array, a map or a row."""
    raise NotImplementedError


def dereference(value: Typed, field: str) -> Typed:
    """`value.field` of a row."""
    raise NotImplementedError


def array(elements: Sequence[Typed]) -> Typed:
    """`ARRAY[…]`."""
    raise NotImplementedError


def row(fields: Sequence[Typed]) -> Typed:
    """`ROW(…)` or `(a, b)`: anonymous fields."""
    raise NotImplementedError


def extract(field: str, value: Typed) -> Typed:
    """`EXTRACT(field FROM value)`."""
    raise NotImplementedError


def at_time_zone(value: Typed, zone: Typed) -> Typed:
    """`value AT TIME ZONE zone`; a zone is a varchar or an interval."""
    raise NotImplementedError


def quantified(operator: str, quantifier: str, value: Typed, subquery_sql: str, subquery_type: Type) -> Typed:
    """`value <operator> ANY|SOME|ALL (subquery)`, and `IN (subquery)` as `= ANY`."""
    raise NotImplementedError
