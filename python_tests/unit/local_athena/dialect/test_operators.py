"""Operators and literals: what Trino answered, and what holds for all of them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from local_athena.dialect import casts, operators
from local_athena.dialect.casts import result_text
from local_athena.dialect.operators.decimals import divided
from local_athena.dialect.operators.keys import key_sql
from local_athena.dialect.typed import NOT_CONSTANT, Typed
from local_athena.errors import AthenaError, raised
from local_athena.types.model import DATE
from local_athena.types.parse import trino_type

from .answered import Answered, answered, check
from .support import answer


@answered("operators", "literals")
def test_as_trino_answered(unoptimized: duckdb.DuckDBPyConnection, case: Answered) -> None:
    check(unoptimized, case)


def _value(connection: duckdb.DuckDBPyConnection, made: Typed, source: str = "") -> Any:
    try:
        return connection.execute(f"SELECT {made.sql} {source}").fetchall()[0][0]
    except duckdb.Error as error:
        raise raised(error) or error from None


@pytest.mark.parametrize(
    ("made", "constant"),
    [
        (operators.number("-2147483648"), -(2**31)),
        (operators.number("1_000"), 1000),
        (operators.number("0x1F"), 31),
        (operators.number("1.50"), 1.5),
        (operators.number("-.5"), -0.5),
        (operators.number("5."), 5.0),
        (operators.typed_literal("decimal", "1.50"), Decimal("1.50")),
        (operators.number("1e3"), 1000.0),
        (operators.string("a''b"), "a''b"),
        (operators.boolean(True), True),
        (operators.null(), None),
        (operators.typed_literal("date", "2020-2-29"), date(2020, 2, 29)),
        (
            operators.typed_literal("timestamp", "2020-02-29 01:02:03.5"),
            datetime.fromisoformat("2020-02-29T01:02:03.500"),
        ),
        (operators.current("current_date", 1_600_000_000_000_000), date(2020, 9, 13)),
        (operators.unary("-", operators.number("5")), -5),
        (operators.arithmetic("+", operators.number("1"), operators.number("1")), NOT_CONSTANT),
    ],
)
def test_constants(made: Typed, constant: Any) -> None:
    assert made.constant == constant
    assert type(made.constant) is type(constant)


@pytest.mark.parametrize(
    ("what", "precision", "type_name", "text"),
    [
        ("current_timestamp", None, "timestamp(3) with time zone", "2020-09-13 12:26:40.123 UTC"),
        ("now", None, "timestamp(3) with time zone", "2020-09-13 12:26:40.123 UTC"),
        ("localtimestamp", 6, "timestamp(6)", "2020-09-13 12:26:40.123456"),
        ("localtimestamp", 0, "timestamp(0)", "2020-09-13 12:26:40.000"),
        ("localtime", None, "time(3)", "12:26:40.123"),
        ("current_time", None, "time(3) with time zone", "12:26:40.123+00:00"),
    ],
)
def test_clock(
    connection: duckdb.DuckDBPyConnection, what: str, precision: int | None, type_name: str, text: str
) -> None:
    made = operators.current(what, 1_600_000_000_123_456, precision)
    assert str(made.type) == type_name
    assert connection.execute(f"SELECT {result_text(made.sql, made.type)}").fetchall() == [(text,)]


def test_clock_is_not_finer_than_a_picosecond() -> None:
    with pytest.raises(AthenaError, match="TIMESTAMP precision must be in range"):
        operators.current("current_timestamp", 0, 13)


def test_sql_grows_with_nesting_no_more_than_the_expression() -> None:
    column = Typed("x", trino_type("bigint"))

    def nested(depth: int) -> int:
        made = column
        for _ in range(depth):
            made = operators.arithmetic("/", operators.number("1"), operators.arithmetic("+", made, column))
            made = operators.subscript(operators.array([column]), operators.arithmetic("%", made, column))
            made = casts.cast(casts.cast(made, trino_type("varchar")), trino_type("bigint"))
        return len(made.sql)

    assert nested(20) < 21 * nested(1)


@pytest.mark.parametrize(
    ("left", "right", "answers"),
    [
        # value, =, <>, <, <=, >, >= by the rules of IEEE 754, as Trino has them
        ("nan", "nan", (False, True, False, False, False, False)),
        ("nan", "1", (False, True, False, False, False, False)),
        ("1", "nan", (False, True, False, False, False, False)),
        ("1", "1", (True, False, False, True, False, True)),
        ("1", "2", (False, True, True, True, False, False)),
        ("-inf", "nan", (False, True, False, False, False, False)),
        (None, "nan", (None,) * 6),
        ("nan", None, (None,) * 6),
    ],
)
def test_comparisons_with_nan(
    connection: duckdb.DuckDBPyConnection, left: str | None, right: str | None, answers: tuple[bool | None, ...]
) -> None:
    columns = [Typed(name, trino_type("double")) for name in ("x", "y")]
    made = [operators.compare(operator, *columns) for operator in ("=", "<>", "<", "<=", ">", ">=")]
    query = (
        f"SELECT {', '.join(each.sql for each in made)} FROM (SELECT CAST(? AS DOUBLE) AS x, CAST(? AS DOUBLE) AS y)"
    )
    assert connection.execute(query, [left, right]).fetchall() == [answers]


@pytest.mark.parametrize("operator", ["=", "<>", "<", "<=", ">", ">="])
def test_comparisons_of_columns_with_constants(connection: duckdb.DuckDBPyConnection, operator: str) -> None:
    column, other, one = (Typed(name, trino_type("double")) for name in ("x", "y", "CAST(1 AS DOUBLE)"))
    constant = operators.number("1e0")
    pairs = [(column, constant, other, one), (constant, column, one, other)]
    made = [each for left, right, *_ in pairs for each in (operators.compare(operator, left, right),)]
    plain = [operators.compare(operator, first, second) for *_, first, second in pairs]
    query = ", ".join(each.sql for each in made)
    again = ", ".join(each.sql for each in plain)
    values = "(VALUES ('nan'::DOUBLE), (0), (1), (2), (NULL))"
    assert (
        connection.execute(f"SELECT {query} FROM {values} AS t(x)").fetchall()
        == connection.execute(f"SELECT {again} FROM {values} AS t(y)").fetchall()
    )


@pytest.mark.parametrize(
    ("dividend", "divisor", "scale", "quotient"),
    [
        ("1", "3", 2, "0.33"),
        ("2", "3", 2, "0.67"),
        ("-2", "3", 2, "-0.67"),
        ("0.5", "1", 0, "1"),
        (
            "99999999999999999999.999999999999999999",
            "1.000000000000000000",
            18,
            "99999999999999999999.999999999999999999",
        ),
    ],
)
def test_division_of_wide_decimals(dividend: str, divisor: str, scale: int, quotient: str) -> None:
    assert divided(dividend, divisor, 38, scale) == quotient


def test_division_beyond_38_digits_overflows() -> None:
    with pytest.raises(ValueError, match="Decimal overflow"):
        divided("99999999999999999999999999999999999999", "0.1", 38, 0)


@pytest.mark.parametrize(
    ("type_name", "same"),
    [
        (
            "timestamp(3) with time zone",
            (
                "struct_pack(instant := TIMESTAMP '2020-01-01', zone := 'UTC')",
                "struct_pack(instant := TIMESTAMP '2020-01-01', zone := 'Asia/Tokyo')",
            ),
        ),
        (
            "time(0) with time zone",
            (
                "struct_pack(local := TIME '23:00', minutes := 0)",
                "struct_pack(local := TIME '04:30', minutes := 330)",
            ),
        ),
        ("map(integer, varchar)", ("map([1, 2], ['a', 'b'])", "map([2, 1], ['b', 'a'])")),
        (
            "array(map(integer, integer))",
            ("[map([1, 2], [3, 4])]", "[map([2, 1], [4, 3])]"),
        ),
    ],
)
def test_keys_of_the_same_value(connection: duckdb.DuckDBPyConnection, type_name: str, same: tuple[str, str]) -> None:
    first, second = (key_sql(sql, trino_type(type_name)) for sql in same)
    assert connection.execute(f"SELECT {first} = {second}").fetchall() == [(True,)]


def test_keys_order_addresses_by_their_bytes(connection: duckdb.DuckDBPyConnection) -> None:
    key = key_sql("x", trino_type("ipaddress"))
    query = f"SELECT list(x ORDER BY {key}) FROM (VALUES ('10.0.0.10'), ('10.0.0.9'), ('::1')) AS t(x)"
    assert connection.execute(query).fetchall() == [(["::1", "10.0.0.9", "10.0.0.10"],)]


def test_parts_pass_on_that_they_aggregate() -> None:
    total = Typed("sum(x)", trino_type("bigint"), aggregate=True)
    made = operators.case([(operators.is_null(total), operators.number("0"))], operators.arithmetic("/", total, total))
    assert made.aggregate
    assert not operators.current("current_date", 0).aggregate


# As Trino 435 answers.
@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("select try(x / lag(x) over (order by x)) from (values 0, 1, 2) t(x) order by x", [None, None, "2"]),
        ("select try(coalesce(1 / lag(x) over (order by x), 7)) from (values 0, 1) t(x) order by x", ["7", None]),
        ("select try(first_value(x) ignore nulls over (order by x) / 0) from (values 1) t(x)", [None]),
        ("select try(1 / (select 0))", [None]),
        ("select try((select 1) + (select max(x) from (values 1, 2) t(x)))", ["3"]),
        ("select try(sum(x) / count(y)) from (values (4, 2)) t(x, y) group by y", ["4"]),
        ("select try(sum(x) / 0) from (values 1) t(x)", [None]),
        ("select try(cast('OVER (' as integer))", [None]),
        ("select try(cast('(SELECT' as integer))", [None]),
    ],
)
def test_try_around_windows_and_queries(
    connection: duckdb.DuckDBPyConnection, query: str, texts: list[str | None]
) -> None:
    assert [text for (text,) in answer(connection, query).rows] == texts


def test_try_around_a_predicate_with_a_query_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(AthenaError, match="NOT_SUPPORTED: .*TRY around a predicate"):
        answer(connection, "select try(1 in (select 1))")


# Trino's TRY lets these errors through, DuckDB's would catch them.
@pytest.mark.parametrize(
    ("expression", "error"),
    [("array[1] < array[null]", "NOT_SUPPORTED"), ("cast(true as varchar(3))", "GENERIC_INTERNAL_ERROR")],
)
def test_try_around_what_it_does_not_catch_is_refused(
    connection: duckdb.DuckDBPyConnection, expression: str, error: str
) -> None:
    with pytest.raises(AthenaError, match=f"NOT_SUPPORTED: .*no TRY around what may fail with {error}"):
        answer(connection, f"select try({expression})")


def test_dates_are_what_a_partition_is_compared_with(connection: duckdb.DuckDBPyConnection) -> None:
    made = operators.compare("=", Typed("d", DATE), operators.typed_literal("date", "2020-01-01"))
    assert _value(connection, made, "FROM (SELECT DATE '2020-01-01' AS d)") is True
