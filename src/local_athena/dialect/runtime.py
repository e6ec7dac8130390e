"""The DuckDB in which plans run: its settings, and the macros and Python functions that generated SQL calls.

Every module of the dialect may define

- `PYTHON`: `PythonFunction`s, registered first;
- `MACROS`: texts of macros without `CREATE MACRO`, e.g. `trino_abs(x) AS abs(x)`; a macro may use Python functions and
  the macros above it in its module.

Their names begin with `trino_`, so that they never hide a function of DuckDB.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import Any

import duckdb
from duckdb.func import FunctionNullHandling

_MEMORY = "4GB"
_FLOATS = ("FLOAT", "DOUBLE")


@dataclass(frozen=True)
class PythonFunction:
    """A Python function that DuckDB calls row by row.

    Errors are raised with `errors.raise_text`.

    Attributes:
        name: in SQL; begins with `trino_`.
        function: takes and gives Python values.
        parameters: DuckDB types.
        result: DuckDB type.
        sees_nulls: whether it is called with None, too; else the result is NULL if an argument is.
        volatile: whether the same arguments may give different results.
    """

    name: str
    function: Callable[..., Any]
    parameters: Sequence[str]
    result: str
    sees_nulls: bool = False
    volatile: bool = False


def connect(spill: Path | None = None, ending: Event | None = None) -> duckdb.DuckDBPyConnection:
    """A new DuckDB in memory, ready for plans; each statement takes a `.cursor()` of it.

    Args:
        spill: the folder that takes what does not fit into memory; made when it is needed.
        ending: when it is set, the Python functions fail: DuckDB looks whether it is interrupted only once in some
            thousand rows.
    """
    ending = ending or Event()
    spill = spill or Path(tempfile.gettempdir()) / f"local_athena_{uuid.uuid4().hex}"
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
    # It evaluates what stands twice before everything else, also what TRY or coalesce would keep from failing.
    connection.execute("SET disabled_optimizers = 'common_subexpressions'")
    for function in _python():
        _register(connection, function, ending)
    connection.execute(";".join(f"CREATE MACRO {macro}" for macro in _macros()))
    return connection


def _register(connection: duckdb.DuckDBPyConnection, function: PythonFunction, ending: Event) -> None:
    """Makes a Python function known to SQL.

    DuckDB takes NaN for NULL when Python returns it, so floating numbers come back as texts, which a macro converts.
    """
    name, result = function.name, function.result
    if result in _FLOATS:
        name, result = f"{name}_text", "VARCHAR"
    connection.create_function(
        name,
        _called(function, ending),
        list(function.parameters),
        result,
        # DuckDB's default would not let the function answer NULL.
        null_handling=FunctionNullHandling.SPECIAL,
        side_effects=function.volatile,
    )
    if result != function.result:
        parameters = ", ".join(f"p{number}" for number in range(len(function.parameters)))
        connection.execute(
            f"CREATE MACRO {function.name}({parameters}) AS CAST({name}({parameters}) AS {function.result})"
        )


def _called(function: PythonFunction, ending: Event) -> Callable[..., Any]:
    convert = {"VARCHAR": _encodable, **dict.fromkeys(_FLOATS, repr)}.get(function.result)

    def called(*arguments: Any) -> Any:
        if ending.is_set():
            raise InterruptedError
        if None in arguments and not function.sees_nulls:
            return None
        result = function.function(*arguments)
        return result if convert is None or result is None else convert(result)

    # DuckDB counts the parameters.
    names = (f"p{number}" for number in range(len(function.parameters)))
    parameters = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in names]
    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return called


def _encodable(text: str) -> str:
    """As Java writes half of a surrogate pair, which JSON may name and UTF-8 cannot hold: a question mark."""
    return text if text.isascii() else text.encode(errors="replace").decode()


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
