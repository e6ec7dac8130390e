"""Trino's functions: their signatures, and each as DuckDB SQL or Python."""

from __future__ import annotations

from collections.abc import Sequence

from derived_tables.local_athena.dialect.typed import Argument, Typed


def kind(name: str) -> str | None:
    """`scalar`, `aggregate` or `window` (only with OVER); None for a function that Trino does not have."""
    raise NotImplementedError


def scalar(name: str, arguments: Sequence[Argument]) -> Typed:
    """A call of a scalar function.

    Raises:
        AthenaError: FUNCTION_NOT_FOUND, also in Trino's words for arguments that fit no signature; NOT_SUPPORTED for a
            function of Trino that the local Athena does not have.
    """
    raise NotImplementedError


def aggregate(
    name: str,
    arguments: Sequence[Argument],
    *,
    distinct: bool = False,
    order_by: Sequence[tuple[Typed, str]] = (),
    condition: Typed | None = None,
    over: str | None = None,
) -> Typed:
    """A call of an aggregate function.

    Args:
        name: in lower case; `count` without arguments is `count(*)`.
        arguments: analysed.
        distinct: `agg(DISTINCT …)`.
        order_by: `agg(… ORDER BY …)`: expressions with `asc nulls last`, `desc nulls first` and so on.
        condition: of `FILTER (WHERE …)`.
        over: DuckDB's text of the window, e.g. `(partition by "x" order by "y")`; the call is then a window's.
    """
    raise NotImplementedError


def window(name: str, arguments: Sequence[Argument], *, over: str, ignore_nulls: bool = False) -> Typed:
    """A call of a window function: row_number, rank, lag, first_value, …."""
    raise NotImplementedError
