"""Errors of DuckDB as Athena names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from local_athena.errors import OTHER, SYSTEM, AthenaError, not_supported, raised

_OF_DUCKDB = re.compile(r"[A-Za-z ]+ Error: ")
_INTERRUPTED = "INTERRUPT Error"
# DuckDB refuses to plan what was generated for a statement: Trino may well have an answer, the local Athena has not.
_NOT_PLANNED = re.compile(r"(Binder|Catalog|Not implemented|Parser) Error: ")
_NAMED: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"More than one row returned by a subquery", re.IGNORECASE),
        "SUBQUERY_MULTIPLE_ROWS",
        "Scalar sub-query has returned multiple rows",
    ),
    (
        re.compile(r"Out of Memory|could not allocate", re.IGNORECASE),
        "EXCEEDED_LOCAL_MEMORY_LIMIT",
        "Query exceeded the memory limit of the local Athena",
    ),
    (
        re.compile(r"No files found that match|Cannot open file .*No such file", re.IGNORECASE | re.DOTALL),
        "HIVE_CANNOT_OPEN_SPLIT",
        "Error opening Hive split: The specified key does not exist.",
    ),
)


@contextmanager
def named() -> Iterator[None]:
    """Raises errors of DuckDB as errors of Athena.

    Raises:
        AthenaError: for every error of DuckDB. NOT_SUPPORTED if it cannot plan the statement; GENERIC_INTERNAL_ERROR
            with its text if it means nothing to Trino.
    """
    try:
        yield
    except duckdb.Error as error:
        raise _named(error) from error
    except (OSError, pa.ArrowException) as error:
        # So Arrow passes on what DuckDB raises while it reads a result.
        if not _OF_DUCKDB.match(str(error)):
            raise
        raise _named(error) from error


def _named(error: Exception) -> AthenaError:
    found = raised(error)
    if found is not None:
        return found
    if isinstance(error, duckdb.InterruptException) or str(error).startswith(_INTERRUPTED):
        return AthenaError("USER_CANCELED", "Query was canceled", category=OTHER)
    for pattern, name, message in _NAMED:
        if pattern.search(str(error)):
            return AthenaError(name, message)
    if _NOT_PLANNED.match(str(error)):
        return not_supported(f"The local Athena cannot run this statement: {error}")
    return AthenaError("GENERIC_INTERNAL_ERROR", str(error), category=SYSTEM)
