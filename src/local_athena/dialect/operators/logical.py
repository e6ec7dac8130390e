"""AND, OR, IS NULL, CASE, COALESCE, NULLIF and TRY."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from local_athena.dialect.casts import coerce
from local_athena.dialect.operators.combine import combined, meeting
from local_athena.dialect.operators.comparison import compare
from local_athena.dialect.operators.hoisting import hoisted
from local_athena.dialect.representation import duckdb_type
from local_athena.dialect.snippets import null_of, once_each, or_else
from local_athena.dialect.typed import Typed
from local_athena.errors import AthenaError, not_caught_by_try, not_supported
from local_athena.types.coercion import common_type
from local_athena.types.model import BOOLEAN


def logical(operator: str, operands: Sequence[Typed]) -> Typed:
    """`and` or `or`."""
    terms = f" {operator.upper()} ".join(coerce(operand, BOOLEAN).sql for operand in operands)
    return combined(f"({terms})", BOOLEAN, *operands)


def is_null(value: Typed) -> Typed:
    """`IS NULL`."""
    return combined(f"({value.sql} IS NULL)", BOOLEAN, value)


def case(whens: Sequence[tuple[Typed, Typed]], default: Typed | None) -> Typed:
    """`CASE WHEN condition THEN value … ELSE default END`; conditions are booleans."""
    results = [result for _, result in whens] + ([] if default is None else [default])
    type_ = meeting("All CASE results", results)
    branches = " ".join(
        f"WHEN {coerce(condition, BOOLEAN).sql} THEN {coerce(result, type_).sql}" for condition, result in whens
    )
    otherwise = null_of(type_) if default is None else coerce(default, type_).sql
    conditions = [condition for condition, _ in whens]
    return combined(f"(CASE {branches} ELSE {otherwise} END)", type_, *conditions, *results)


def coalesce(values: Sequence[Typed]) -> Typed:
    """`COALESCE`."""
    type_ = meeting("All COALESCE operands", values)
    sqls = [coerce(value, type_).sql for value in values]
    if not duckdb_type(type_).startswith("STRUCT"):
        return combined(f"coalesce({', '.join(sqls)})", type_, *values)
    # DuckDB 1.5 crashes in TRY() around a coalesce of structs.
    return combined(reduce(lambda rest, sql: or_else(sql, rest), reversed(sqls)), type_, *values)


def nullif(left: Typed, right: Typed) -> Typed:
    """`NULLIF`."""
    if common_type(left.type, right.type) is None:
        raise AthenaError("TYPE_MISMATCH", f"Types are not comparable with NULLIF: {left.type} vs {right.type}")

    def sql(value: str, other: str) -> str:
        equal = compare("=", replace(left, sql=value), replace(right, sql=other)).sql
        return f"(CASE WHEN {equal} THEN NULL ELSE {value} END)"

    return combined(once_each((left.sql, right.sql), sql), left.type, left, right)


def try_(value: Typed) -> Typed:
    """`TRY`: null for the errors Trino catches (division by zero, invalid casts and arguments, out of range).

    Raises:
        AthenaError: NOT_SUPPORTED if another one may happen: DuckDB's TRY catches all.
    """
    sql, parts = hoisted(value.sql)
    if name := not_caught_by_try(sql):
        raise not_supported(f"The local Athena has no TRY around what may fail with {name}")
    attempt = f"TRY({sql})"
    if parts:
        packed = ", ".join(f"{name} := {part}" for name, part in parts.items())
        attempt = f"list_transform([struct_pack({packed})], lambda hoisted: {attempt})[1]"
    return combined(attempt, value.type, value)
