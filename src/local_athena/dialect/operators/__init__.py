"""Operators, literals and special forms: typed as Trino types them, written as DuckDB SQL.

Every function takes analysed operands, converts them to their common type, and raises AthenaError TYPE_MISMATCH
in Trino's words if Trino would, e.g. `Cannot apply operator: integer = varchar(1)`.
"""

from __future__ import annotations

from local_athena.dialect.operators.arithmetic import arithmetic, unary
from local_athena.dialect.operators.clock import current
from local_athena.dialect.operators.comparison import compare
from local_athena.dialect.operators.intervals import interval
from local_athena.dialect.operators.like import like
from local_athena.dialect.operators.literals import (
    binary_literal,
    boolean,
    null,
    number,
    string,
    typed_literal,
)
from local_athena.dialect.operators.logical import case, coalesce, is_null, logical, nullif, try_
from local_athena.dialect.operators.membership import between, in_list, quantified
from local_athena.dialect.operators.structures import array, dereference, row, subscript

__all__ = [
    "arithmetic",
    "array",
    "between",
    "binary_literal",
    "boolean",
    "case",
    "coalesce",
    "compare",
    "current",
    "dereference",
    "in_list",
    "interval",
    "is_null",
    "like",
    "logical",
    "null",
    "nullif",
    "number",
    "quantified",
    "row",
    "string",
    "subscript",
    "try_",
    "typed_literal",
    "unary",
]
