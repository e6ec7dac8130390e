"""The DuckDB in which plans run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import duckdb
import pytest

from local_athena.dialect import runtime
from local_athena.dialect.runtime import PythonFunction, connect
from local_athena.errors import raise_sql, raise_text, raised


def _fail(text: str) -> str:
    raise_text("INVALID_FUNCTION_ARGUMENT", f"no {text}")


_FUNCTIONS = (
    PythonFunction("trino_test_fail", _fail, ("VARCHAR",), "VARCHAR"),
    PythonFunction("trino_test_half", lambda x: x / 2, ("DOUBLE",), "DOUBLE"),
    PythonFunction("trino_test_nothing", lambda _x: None, ("VARCHAR",), "VARCHAR"),
    PythonFunction("trino_test_count", lambda *given: len(given), ("INTEGER", "INTEGER"), "INTEGER"),
    PythonFunction("trino_test_sees", lambda x: x is None, ("INTEGER",), "BOOLEAN", sees_nulls=True),
)


@pytest.fixture(scope="module")
def connected() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB with a few more functions."""
    connection = connect()
    for function in _FUNCTIONS:
        runtime._register(connection, function, Event())
    yield connection
    connection.close()


def _value(connection: duckdb.DuckDBPyConnection, sql: str) -> object:
    row = connection.cursor().execute(f"SELECT {sql}").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("TimeZone", "Etc/UTC"),
        ("autoinstall_known_extensions", False),
        ("autoload_known_extensions", False),
        ("python_enable_replacements", False),
    ],
)
def test_settings(connected: duckdb.DuckDBPyConnection, setting: str, expected: object) -> None:
    assert _value(connected, f"current_setting('{setting}')") == expected


def test_python_variables_are_no_tables(connected: duckdb.DuckDBPyConnection) -> None:
    secret = [1]
    with pytest.raises(duckdb.CatalogException):
        connected.cursor().execute("SELECT * FROM secret")
    assert secret


def test_every_name_begins_with_trino() -> None:
    names = [function.name for function in runtime._python()] + list(runtime._macros())
    assert [name for name in names if not name.startswith("trino_")] == []


def test_names_are_unique() -> None:
    names = [function.name for function in runtime._python()] + [macro.split("(")[0] for macro in runtime._macros()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("trino_test_half(3)", 1.5),
        ("trino_test_half(NULL)", None),
        ("trino_test_half('infinity'::DOUBLE)", math.inf),
        ("trino_test_nothing('a')", None),
        ("trino_test_count(1, 2)", 2),
        ("trino_test_count(1, NULL)", None),
        ("trino_test_sees(NULL)", True),
        ("trino_test_sees(1)", False),
        ("try(trino_test_fail('x'))", None),
        (f"try({raise_sql('DIVISION_BY_ZERO', chr(39) + 'Division by zero' + chr(39))})", None),
    ],
)
def test_python_functions(connected: duckdb.DuckDBPyConnection, sql: str, expected: object) -> None:
    assert _value(connected, sql) == expected


def test_not_a_number_is_not_null(connected: duckdb.DuckDBPyConnection) -> None:
    assert _value(connected, "isnan(trino_test_half('nan'::DOUBLE))") is True


def test_an_error_keeps_its_name(connected: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error) as error:
        _value(connected, "trino_test_fail('x')")
    found = raised(error.value)
    assert found is not None
    assert found.reason == "INVALID_FUNCTION_ARGUMENT: no x"


def test_several_threads_share_functions_and_macros() -> None:
    connection = connect()

    def work(number: int) -> object:
        return _value(connection, f"sum(trino_crc32(encode((x + {number})::VARCHAR))) FROM range(2000) AS t(x)")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, [7] * 8)) == [work(7)] * 8
    connection.close()


def test_connections_are_apart() -> None:
    first, second = connect(), connect()
    first.execute("CREATE TABLE t AS SELECT 1 AS x")
    with pytest.raises(duckdb.CatalogException):
        second.execute("SELECT * FROM t")
    first.close()
    second.close()


def test_python_functions_fail_when_it_ends() -> None:
    ending = Event()
    with connect(ending=ending) as connection:
        rows = "SELECT count(trino_json_quoted(range::VARCHAR)) FROM range(10)"
        assert connection.execute(rows).fetchall() == [(10,)]
        ending.set()
        with pytest.raises(duckdb.Error, match="InterruptedError"):
            connection.execute(rows)
