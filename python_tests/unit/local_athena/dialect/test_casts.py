"""Casts: what Trino answered, and what holds for all of them."""

from __future__ import annotations

import re

import duckdb
import pytest

from local_athena.dialect import casts, operators
from local_athena.dialect.casts.hash_order import hash_order
from local_athena.dialect.casts.json_text import canonical_json
from local_athena.dialect.representation import duckdb_type
from local_athena.dialect.typed import NOT_CONSTANT, Typed
from local_athena.errors import AthenaError, raised
from local_athena.types.parse import trino_type

from .answered import Answered, answered, check


@answered("casts", "json_casts")
def test_as_trino_answered(unoptimized: duckdb.DuckDBPyConnection, case: Answered) -> None:
    check(unoptimized, case)


# Each type, and to which of them Trino casts it: asked of Trino 435 with `cast(cast(null as …) as …)`.
_NUMBERS = "boolean tinyint integer bigint real double decimal(10,2) varchar json"
_TIMES = "varchar time(3) time(3)_with_time_zone timestamp(3) timestamp(3)_with_time_zone"
_CASTS = {
    "boolean": _NUMBERS,
    "tinyint": _NUMBERS,
    "integer": _NUMBERS,
    "bigint": _NUMBERS,
    "real": _NUMBERS,
    "double": _NUMBERS,
    "decimal(10,2)": _NUMBERS,
    "varchar": f"{_NUMBERS} char(3) varbinary date {_TIMES} uuid ipaddress",
    "char(3)": "varchar char(3)",
    "varbinary": "varbinary uuid ipaddress",
    "date": "varchar date timestamp(3) timestamp(3)_with_time_zone json",
    "time(3)": _TIMES,
    "time(3) with time zone": _TIMES,
    "timestamp(3)": f"{_TIMES} date json",
    "timestamp(3) with time zone": f"{_TIMES} date",
    "interval day to second": "varchar interval_day_to_second",
    "interval year to month": "varchar interval_year_to_month",
    "json": f"{_NUMBERS} array(integer) map(varchar,integer) row(integer)",
    "uuid": "varchar varbinary uuid",
    "ipaddress": "varchar varbinary ipaddress",
    "array(integer)": "json array(integer)",
    "map(varchar,integer)": "json map(varchar,integer)",
    "row(integer)": "json row(integer)",
}


@pytest.mark.parametrize("source", _CASTS)
def test_which_types_are_cast(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    have = trino_type(source)
    value = Typed(f"CAST(NULL AS {duckdb_type(have)})", have)
    for target in _CASTS:
        want = trino_type(target)
        if target.replace(" ", "_") not in _CASTS[source].split():
            with pytest.raises(AthenaError, match=re.escape(f"TYPE_MISMATCH: Cannot cast {have} to {want}")):
                casts.cast(value, want)
            continue
        for safe in (False, True):
            made = casts.cast(value, want, safe=safe)
            assert made.type == want
            assert connection.execute(f"SELECT {made.sql}").fetchall() == [(None,)]


def test_columns_with_nulls(connection: duckdb.DuckDBPyConnection) -> None:
    column = Typed("x", trino_type("varchar"))
    numbers = casts.cast(column, trino_type("integer"), safe=True)
    times = casts.cast(column, trino_type("timestamp(0) with time zone"), safe=True)
    printed = casts.result_text(times.sql, times.type)
    query = f"SELECT {numbers.sql}, {printed} FROM (VALUES ('1'), (NULL), ('x'), ('2020-01-01 UTC')) AS t(x)"
    assert connection.execute(query).fetchall() == [
        (1, None),
        (None, None),
        (None, None),
        (None, "2020-01-01 00:00:00.000 UTC"),
    ]


@pytest.mark.parametrize("type_name", [*_CASTS, "map(date,array(integer))", "row(a map(integer,integer))"])
def test_null_is_printed_as_none(connection: duckdb.DuckDBPyConnection, type_name: str) -> None:
    type_ = trino_type(type_name)
    printed = casts.result_text("x", type_)
    query = f"SELECT {printed} FROM (SELECT CAST(NULL AS {duckdb_type(type_)}) AS x FROM range(2))"
    assert connection.execute(query).fetchall() == [(None,), (None,)]


def test_operand_is_evaluated_once(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE OR REPLACE TEMP SEQUENCE calls")
    value = Typed("CAST(nextval('calls') AS VARCHAR)", trino_type("varchar"))
    made = casts.cast(value, trino_type("integer"))
    assert [connection.execute(f"SELECT {made.sql}").fetchall()[0][0] for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("literal", "target", "constant"),
    [
        (operators.number("5"), "bigint", 5),
        (operators.number("5"), "double", 5.0),
        (operators.number("5"), "decimal(12,2)", 5),
        (operators.number("9007199254740993"), "double", NOT_CONSTANT),
        (operators.number("5"), "real", NOT_CONSTANT),
        (operators.number("5"), "varchar", NOT_CONSTANT),
        (operators.string("a"), "varchar", "a"),
        (operators.string("5"), "integer", NOT_CONSTANT),
        (operators.string("abc"), "varchar(2)", NOT_CONSTANT),
        (operators.null(), "date", None),
    ],
)
def test_constants_that_stay(literal: Typed, target: str, constant: object) -> None:
    assert casts.cast(literal, trino_type(target)).constant == constant


def test_assign_cuts_blanks_only(connection: duckdb.DuckDBPyConnection) -> None:
    def assigned(text: str) -> str:
        made = casts.assign(Typed(f"'{text}'", trino_type("varchar")), trino_type("varchar(2)"))
        try:
            return str(connection.execute(f"SELECT {made.sql}").fetchall()[0][0])
        except duckdb.Error as error:
            raise raised(error) or error from None

    assert assigned("ab  ") == "ab"
    with pytest.raises(AthenaError, match="Cannot truncate non-space characters .* on INSERT"):
        assigned("abc")


def test_assign_refuses_other_types() -> None:
    with pytest.raises(AthenaError, match="TYPE_MISMATCH"):
        casts.assign(Typed("'1'", trino_type("varchar")), trino_type("integer"))


# By hand, from Java's hashCode: "foo" is 101574, "bar" 97299, "baz" 97307; of 16 buckets they fall into 7, 2 and 10.
def test_hash_order_of_texts() -> None:
    assert hash_order(["foo", "bar", "baz"], "varchar(3)") == [2, 1, 3]


def test_hash_order_grows_at_three_quarters() -> None:
    assert hash_order([str(number) for number in (16, 0)], "integer") == [1, 2]
    thirteen = [str(number) for number in (16, *range(12))]
    assert hash_order(thirteen, "integer")[-1] == 1


def test_hash_order_of_unknown_types_is_the_given_one() -> None:
    assert hash_order(["b", "a"], "row(integer)") == [1, 2]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (' {"b": 1, "a": [1.0, 1e2, -0.5]} ', '{"a":[1.0,100.0,-0.5],"b":1}'),
        ("1e-7", "1.0E-7"),
        ("12345678.9", "1.23456789E7"),
        ('"\\u00e9"', '"é"'),
        ("NaN", None),
        ("{a: 1}", None),
        ("", None),
        ("[1,]", None),
    ],
)
def test_canonical_json(text: str, canonical: str | None) -> None:
    assert canonical_json(text) == canonical
