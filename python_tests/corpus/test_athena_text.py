"""Tests of the texts that Athena prints; the values are those of its documentation, or well known."""

from __future__ import annotations

import pytest

from .athena_text import ColumnInfo, athena_text, column_info, java_double
from .trino_types import TrinoType, parse_type


@pytest.mark.parametrize(
    ("value", "type_name", "expected"),
    [
        (None, "integer", None),
        (True, "boolean", "true"),
        (False, "boolean", "false"),
        (42, "integer", "42"),
        (-9223372036854775808, "bigint", "-9223372036854775808"),
        ("1.10", "decimal(3, 2)", "1.10"),
        ("0.000", "decimal(3, 3)", "0.000"),
        ("", "varchar(0)", ""),
        ("ab   ", "char(5)", "ab   "),
        ("aGVsbG8=", "varbinary", "68 65 6c 6c 6f"),
        ("", "varbinary", ""),
        ("2020-02-29", "date", "2020-02-29"),
        ("2020-01-01 00:00:00", "timestamp(0)", "2020-01-01 00:00:00.000"),
        ("2020-01-01 00:00:00.5", "timestamp(1)", "2020-01-01 00:00:00.500"),
        ("2020-01-01 00:00:00.000", "timestamp(3)", "2020-01-01 00:00:00.000"),
        ("2023-04-11 20:58:43.130000", "timestamp(6)", "2023-04-11 20:58:43.130000"),
        ("2020-01-01 00:00:00 UTC", "timestamp(0) with time zone", "2020-01-01 00:00:00.000 UTC"),
        (
            "2012-10-30 18:00:00.000 America/Los_Angeles",
            "timestamp(3) with time zone",
            "2012-10-30 18:00:00.000 America/Los_Angeles",
        ),
        ("2020-01-01 00:00:00 +05:30", "timestamp(0) with time zone", "2020-01-01 00:00:00.000 +05:30"),
        ("01:02:03", "time(0)", "01:02:03.000"),
        ("01:02:03-08:00", "time(0) with time zone", "01:02:03.000-08:00"),
        ("1 00:00:00.000", "INTERVAL DAY TO SECOND", "1 00:00:00.000"),
        ('{"a":1}', "json", '{"a":1}'),
        ("12151fd2-7586-11e9-8f9e-2a86e4085a59", "uuid", "12151fd2-7586-11e9-8f9e-2a86e4085a59"),
    ],
)
def test_scalar(value: object, type_name: str, expected: str | None) -> None:
    assert athena_text(value, type_name) == expected


@pytest.mark.parametrize(
    ("value", "type_name", "expected"),
    [
        ([1, 2], "array(integer)", "[1, 2]"),
        ([], "array(unknown)", "[]"),
        ([1, None], "array(integer)", "[1, null]"),
        ([[1], []], "array(array(integer))", "[[1], []]"),
        (["a", "b, c"], "array(varchar(4))", "[a, b, c]"),
        ([1e10, "NaN"], "array(double)", "[1.0E10, NaN]"),
        ({"a": 1, "b": 2}, "map(varchar(1), integer)", "{a=1, b=2}"),
        ({}, "map(unknown, unknown)", "{}"),
        ({"1": None}, "map(integer, varchar)", "{1=null}"),
        (
            {"last": "Smith", "first": "Bob", "age": "35"},
            "map(varchar(5), varchar(5))",
            "{last=Smith, first=Bob, age=35}",
        ),
        (["Bob", 38], "row(varchar(3), integer)", "{field0=Bob, field1=38}"),
        (["Bob", 38], "row(name varchar, age integer)", "{name=Bob, age=38}"),
        ([1, 2], 'row("a b" integer, y integer)', "{a b=1, y=2}"),
        (
            [["Bob", 38], ["Jane", 27]],
            "array(row(name varchar, age integer))",
            "[{name=Bob, age=38}, {name=Jane, age=27}]",
        ),
        (
            ["aws.amazon.com", [True]],
            "row(hostname varchar, flaggedactivity row(isnew boolean))",
            "{hostname=aws.amazon.com, flaggedactivity={isnew=true}}",
        ),
        ([["2020-01-01 00:00:00"]], "array(row(ts timestamp(0)))", "[{ts=2020-01-01 00:00:00.000}]"),
    ],
)
def test_nested(value: object, type_name: str, expected: str) -> None:
    assert athena_text(value, type_name) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (-1.5, "-1.5"),
        (100.0, "100.0"),
        (0.1 + 0.2, "0.30000000000000004"),
        (0.001, "0.001"),
        (0.000999, "9.99E-4"),
        (9999999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (12345678.9, "1.23456789E7"),
        (1e300, "1.0E300"),
        (1.1, "1.1"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("-Infinity", "-Infinity"),
    ],
)
def test_java_double(value: float | str, expected: str) -> None:
    assert java_double(value) == expected


@pytest.mark.parametrize(
    ("type_name", "expected"),
    [
        ("boolean", ColumnInfo("boolean", 0, 0)),
        ("tinyint", ColumnInfo("tinyint", 3, 0)),
        ("smallint", ColumnInfo("smallint", 5, 0)),
        ("integer", ColumnInfo("integer", 10, 0)),
        ("bigint", ColumnInfo("bigint", 19, 0)),
        ("real", ColumnInfo("float", 17, 0)),
        ("double", ColumnInfo("double", 17, 0)),
        ("decimal(10, 1)", ColumnInfo("decimal", 10, 1)),
        ("varchar", ColumnInfo("varchar", 2147483647, 0)),
        ("varchar(10)", ColumnInfo("varchar", 10, 0)),
        ("char(3)", ColumnInfo("char", 3, 0)),
        ("varbinary", ColumnInfo("varbinary", 1073741824, 0)),
        ("date", ColumnInfo("date", 0, 0)),
        ("time(3)", ColumnInfo("time", 3, 0)),
        ("timestamp(3)", ColumnInfo("timestamp", 3, 0)),
        ("timestamp(3) with time zone", ColumnInfo("timestamp with time zone", 3, 0)),
        ("array(integer)", ColumnInfo("array", 0, 0)),
        ("map(varchar, integer)", ColumnInfo("map", 0, 0)),
        ("row(x integer)", ColumnInfo("row", 0, 0)),
        ("json", ColumnInfo("json", 0, 0)),
        ("INTERVAL DAY TO SECOND", ColumnInfo("interval day to second", 0, 0)),
    ],
)
def test_column_info(type_name: str, expected: ColumnInfo) -> None:
    assert column_info(type_name) == expected


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        ("1", "integer"),
        (True, "integer"),
        (1, "boolean"),
        (1, "varchar"),
        ([1], "row(x integer, y integer)"),
        ("not base64!", "varbinary"),
        ("soon", "timestamp(3)"),
    ],
)
def test_value_of_another_type_is_refused(value: object, type_name: str) -> None:
    with pytest.raises(ValueError, match=r"^not |has"):
        athena_text(value, type_name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("integer", TrinoType("integer")),
        ("decimal(3, 2)", TrinoType("decimal", (3, 2))),
        ("timestamp(3) with time zone", TrinoType("timestamp with time zone", (3,))),
        ("map(varchar(1), bigint)", TrinoType("map", (), (TrinoType("varchar", (1,)), TrinoType("bigint")))),
        (
            'row(x bigint, "a, b" timestamp(0) with time zone, varchar(1))',
            TrinoType(
                "row",
                (),
                (
                    TrinoType("bigint"),
                    TrinoType("timestamp with time zone", (0,)),
                    TrinoType("varchar", (1,)),
                ),
                ("x", "a, b", None),
            ),
        ),
        (
            "row(timestamp(3) with time zone)",
            TrinoType("row", (), (TrinoType("timestamp with time zone", (3,)),), (None,)),
        ),
        (
            "row(timestamp timestamp(3))",
            TrinoType("row", (), (TrinoType("timestamp", (3,)),), ("timestamp",)),
        ),
    ],
)
def test_parse_type(text: str, expected: TrinoType) -> None:
    assert parse_type(text) == expected


def test_parse_type_refuses_open_parentheses() -> None:
    with pytest.raises(ValueError, match="not the name of a type"):
        parse_type("array(integer")
