"""Functions of dates, times and time zones: what Trino answered, and what holds for all of them."""

from __future__ import annotations

import duckdb
import pytest

from local_athena.dialect import zones
from local_athena.dialect.functions.datetimes.parsing import parse_joda, parse_mysql

from .answered import Answered, answered, check
from .support import answer


@answered("datetime_functions", "datetime_patterns")
def test_as_trino_answered(unoptimized: duckdb.DuckDBPyConnection, case: Answered) -> None:
    check(unoptimized, case)


_TEXTS = (
    "2020-02-29 13:04:05.123",
    "2020-2-9 1:2:3.4",
    "2020-02-29",
    "20200229",
    "29/02/2020",
    "2020-02-30",
    "2020-02-29 24:00:00.0",
    " 2020-02-29",
    "02020-02-29",
    "2020-02-29T13:04:05",
    "13:04",
    "",
)
_MYSQL = ("%Y-%m-%d %H:%i:%s.%f", "%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%Y-%m-%dT%T", "%H:%i")
_JODA = ("yyyy-MM-dd HH:mm:ss.SSS", "yyyy-MM-dd", "yyyyMMdd", "dd/MM/yyyy", "yyyy-MM-dd'T'HH:mm:ss", "HH:mm")


@pytest.mark.parametrize("pattern", _MYSQL)
def test_duckdb_reads_as_python_does_mysql_patterns(connection: duckdb.DuckDBPyConnection, pattern: str) -> None:
    for text in _TEXTS:
        try:
            expected = f"{parse_mysql(text, pattern):%Y-%m-%d %H:%M:%S.%f}"[:23]
        except ValueError:
            expected = None
        sql = f"select try(date_parse(x, '{pattern}')) from (values '{text}') t(x)"
        assert answer(connection, sql).rows == [(expected,)], text


@pytest.mark.parametrize("pattern", _JODA)
def test_duckdb_reads_as_python_does_joda_patterns(connection: duckdb.DuckDBPyConnection, pattern: str) -> None:
    quoted = pattern.replace("'", "''")
    for text in _TEXTS:
        try:
            expected = f"{parse_joda(text, pattern)['shown']:%Y-%m-%d %H:%M:%S.%f}"[:23] + " UTC"
        except ValueError:
            expected = None
        sql = f"select try(parse_datetime(x, '{quoted}')) from (values '{text}') t(x)"
        assert answer(connection, sql).rows == [(expected,)], text


def test_pattern_of_a_column_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(Exception, match="NOT_SUPPORTED: .*only a literal as the pattern of date_format"):
        answer(connection, "select date_format(date '2020-01-01', x) from (values '%Y') t(x)")


def test_unit_of_a_column(connection: duckdb.DuckDBPyConnection) -> None:
    sql = "select date_trunc(x, date '2020-05-11') from (values 'month', 'YEAR', null) t(x)"
    assert sorted(map(str, answer(connection, sql).rows)) == ["('2020-01-01',)", "('2020-05-01',)", "(None,)"]
    with pytest.raises(Exception, match="'hour' is not a valid DATE field"):
        answer(connection, "select date_trunc(x, date '2020-05-11') from (values 'hour') t(x)")


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("Z", "UTC"),
        ("Etc/GMT+5", "-05:00"),
        ("UTC+0530", "+05:30"),
        ("+5", "+05:00"),
        ("+14:00", "+14:00"),
        ("Europe/Kyiv", "Europe/Kyiv"),
        ("PRC", "PRC"),
        ("+14:01", None),
        ("+530", None),
        ("EST", None),
        ("utc", None),
        ("Mars/Olympus", None),
        ("", None),
    ],
)
def test_names_of_zones(name: str, canonical: str | None) -> None:
    assert zones.canonical(name) == canonical
