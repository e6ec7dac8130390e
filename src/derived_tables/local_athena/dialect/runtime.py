"""The DuckDB in which plans run: its settings, and the macros and Python functions that generated SQL calls.

Every module of the dialect may define

- `PYTHON`: `PythonFunction`s, registered first;
- `MACROS`: texts of macros without `CREATE MACRO`, e.g. `trino_abs(x) AS abs(x)`; a macro may use Python functions and
  the macros above it in its module.

Their names begin with `trino_`, so that they never hide a function of DuckDB.
"""

from __future__ import annotations

import importlib
import pkgutil
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
from duckdb.func import FunctionNullHandling

_MEMORY = "4GB"


@dataclass(frozen=True)
class PythonFunction:
    """A Python function that DuckDB calls row by row.

    Errors are raised with `errors.raise_text`. One that Trino gives NULL for when an argument is NULL never sees None.

    Attributes:
        name: in SQL; begins with `trino_`.
        function: takes and gives Python values.
        parameters: DuckDB types.
        result: DuckDB type.
        sees_nulls: whether it is called with None, too.
        volatile: whether the same arguments may give different results.
    """

    name: str
    function: Callable[..., Any]
    parameters: Sequence[str]
    result: str
    sees_nulls: bool = False
    volatile: bool = False


def connect() -> duckdb.DuckDBPyConnection:
    """A new DuckDB in memory, ready for plans; each statement takes a `.cursor()` of it."""
    spill = Path(tempfile.gettempdir()) / f"local_athena_{uuid.uuid4().hex}"
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            "memory_limit": _MEMORY,
            "temp_directory": str(spill),
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    for function in _python():
        connection.create_function(
            function.name,
            function.function,
            list(function.parameters),
            function.result,
            null_handling=FunctionNullHandling.SPECIAL if function.sees_nulls else FunctionNullHandling.DEFAULT,
            side_effects=function.volatile,
        )
    connection.execute(";".join(f"CREATE MACRO {macro}" for macro in _macros()))
    return connection


@cache
def _modules() -> tuple[ModuleType, ...]:
    package = importlib.import_module(__name__.rpartition(".")[0])
    return tuple(_walk(package))


def _walk(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(found.name)
        if found.ispkg:
            yield from _walk(module)
        else:
            yield module


@cache
def _python() -> tuple[PythonFunction, ...]:
    return tuple(function for module in _modules() for function in getattr(module, "PYTHON", ()))


@cache
def _macros() -> tuple[str, ...]:
    return tuple(macro for module in _modules() for macro in getattr(module, "MACROS", ()))
