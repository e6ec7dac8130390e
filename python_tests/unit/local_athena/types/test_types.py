"""Names of types, and what Trino converts by itself."""

from __future__ import annotations

import pytest

from local_athena.errors import AthenaError
from local_athena.types.coercion import as_decimal, can_coerce, common_type, is_comparable, is_orderable
from local_athena.types.model import UNKNOWN, Decimal, Function, Simple
from local_athena.types.parse import hive_name, hive_type, trino_type


# As `typeof(cast(null as …))` of Trino 435 prints them.
@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("INT", "integer"),
        ("double precision", "double"),
        ("decimal", "decimal(38,0)"),
        ("decimal( 5 )", "decimal(5,0)"),
        ("varchar(2147483647)", "varchar"),
        ("char", "char(1)"),
        ("time(6) without time zone", "time(6)"),
        ("timestamp with time zone", "timestamp(3) with time zone"),
        ('"timestamp with time zone"', "timestamp(3) with time zone"),
        ("interval day to second", "interval day to second"),
        ("hyperloglog", "HyperLogLog"),
        ("integer array", "array(integer)"),
        ("array<map<varchar, bigint>>", "array(map(varchar, bigint))"),
        ('row("A b" integer, C array(row(d integer)))', "row(A b integer, c array(row(d integer)))"),
        ("row(bigint, varchar)", "row(bigint, varchar)"),
        ("row(x double precision, y timestamp(6) with time zone)", "row(x double, y timestamp(6) with time zone)"),
        ("row(x array(integer), y interval year to month)", "row(x array(integer), y interval year to month)"),
    ],
)
def test_names_of_trino(text: str, printed: str) -> None:
    assert str(trino_type(text)) == printed


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("STRING", "TYPE_MISMATCH: Unknown type: STRING"),
        ("float", "TYPE_MISMATCH: Unknown type: float"),
        ("numeric(3,1)", "TYPE_MISMATCH: Unknown type: numeric(3, 1)"),
        (
            'map(varchar, row(x string, "Y" int))',
            'TYPE_MISMATCH: Unknown type: map(varchar, ROW(x string, "Y" int))',
        ),
        ("array<string>", "TYPE_MISMATCH: Unknown type: array(string)"),
        ("integer(3)", "TYPE_MISMATCH: Unknown type: integer(3)"),
        ("decimal(3,2,1)", "TYPE_MISMATCH: Unknown type: decimal(3, 2, 1)"),
        ("char(65537)", "TYPE_MISMATCH: Unknown type: char(65537)"),
        ("timestamp(13) with time zone", "TYPE_MISMATCH: Unknown type: timestamp(13) with time zone"),
        ("array", "TYPE_MISMATCH: Unknown type: array"),
        ("map(integer)", "TYPE_MISMATCH: Unknown type: map(integer)"),
        ("row", "TYPE_MISMATCH: Unknown type: row"),
        ("unknown", "TYPE_MISMATCH: UNKNOWN is not a valid type"),
        ("decimal(39,0)", "INVALID_FUNCTION_ARGUMENT: DECIMAL precision must be in range [1, 38]: 39"),
        ("array(decimal(2,3))", "INVALID_FUNCTION_ARGUMENT: DECIMAL scale must be in range [0, precision (2)]: 3"),
        ("interval day to hour", "NOT_SUPPORTED: INTERVAL DAY TO HOUR type not supported"),
        ("row()", "SYNTAX_ERROR: mismatched input ')'. Expecting: <type>"),
        ("array(integer", "SYNTAX_ERROR: mismatched input '<EOF>'. Expecting: <type>"),
        ("integer integer", "SYNTAX_ERROR: mismatched input 'integer'. Expecting: <type>"),
        ("", "SYNTAX_ERROR: mismatched input '<EOF>'. Expecting: <type>"),
    ],
)
def test_bad_names_of_trino(text: str, error: str) -> None:
    with pytest.raises(AthenaError) as raised:
        trino_type(text)
    assert raised.value.reason == error


@pytest.mark.parametrize(
    ("hive", "trino"),
    [
        ("string", "varchar"),
        ("int", "integer"),
        ("float", "real"),
        ("binary", "varbinary"),
        ("timestamp", "timestamp(3)"),
        ("decimal(10,2)", "decimal(10,2)"),
        ("varchar(5)", "varchar(5)"),
        ("char(5)", "char(5)"),
        ("array<struct<a:int,b:map<string,decimal(10,2)>>>", "array(row(a integer, b map(varchar, decimal(10,2))))"),
    ],
)
def test_names_of_hive(hive: str, trino: str) -> None:
    assert str(hive_type(hive)) == trino
    assert hive_name(hive_type(hive)) == hive


@pytest.mark.parametrize(
    ("hive", "trino"),
    [("INTEGER", "integer"), ("decimal", "decimal(10,0)"), (" struct< `A b` : INT > ", "row(a b integer)")],
)
def test_other_spellings_of_hive(hive: str, trino: str) -> None:
    assert str(hive_type(hive)) == trino


@pytest.mark.parametrize(
    "text",
    [
        "varchar",
        "strin",
        "array<int",
        "array<int,int>",
        "struct<>",
        "struct<a>",
        "int>",
        "decimal(39,0)",
        "char(0)",
        "",
    ],
)
def test_bad_names_of_hive(text: str) -> None:
    with pytest.raises(AthenaError, match="HIVE_INVALID_METADATA: Unsupported Hive type"):
        hive_type(text)


# As CTAS into a Hive table answers, Trino 470.
@pytest.mark.parametrize(
    ("trino", "message"),
    [
        ("json", "Unsupported Hive type: json"),
        ("time(0)", "Unsupported Hive type: time(0)"),
        ("timestamp(3) with time zone", "Unsupported Hive type: timestamp(3) with time zone"),
        ("char(256)", "Unsupported Hive type: char(256). Supported CHAR types: CHAR(<=255)."),
        (
            "varchar(65536)",
            "Unsupported Hive type: varchar(65536). Supported VARCHAR types: VARCHAR(<=65535), VARCHAR.",
        ),
        (
            "row(integer)",
            "Anonymous row type is not supported in Hive. Please give each field a name: row(integer)",
        ),
    ],
)
def test_types_that_hive_cannot_hold(trino: str, message: str) -> None:
    with pytest.raises(AthenaError) as raised:
        hive_name(trino_type(trino))
    assert raised.value.reason == f"NOT_SUPPORTED: {message}"


# As `typeof(coalesce(…, …))` of Trino 435 answers; None where it finds no common type.
@pytest.mark.parametrize(
    ("left", "right", "common"),
    [
        ("tinyint", "bigint", "bigint"),
        ("bigint", "decimal(2,1)", "decimal(20,1)"),
        ("integer", "decimal(2,1)", "decimal(11,1)"),
        ("decimal(38,10)", "decimal(38,0)", "decimal(38,10)"),
        ("bigint", "real", "real"),
        ("real", "double", "double"),
        ("decimal(5,2)", "real", "real"),
        ("varchar(3)", "varchar(5)", "varchar(5)"),
        ("varchar(3)", "varchar", "varchar"),
        ("char(3)", "varchar(6)", "char(6)"),
        ("char(3)", "varchar", "char(65536)"),
        ("date", "timestamp(6)", "timestamp(6)"),
        ("date", "timestamp(3) with time zone", "timestamp(3) with time zone"),
        ("timestamp(0)", "timestamp(3)", "timestamp(3)"),
        ("timestamp(6)", "timestamp(0) with time zone", "timestamp(6) with time zone"),
        ("time(0)", "time(1) with time zone", "time(1) with time zone"),
        ("array(integer)", "array(decimal(2,1))", "array(decimal(11,1))"),
        ("map(varchar(1), integer)", "map(varchar(2), bigint)", "map(varchar(2), bigint)"),
        ("row(a integer, b integer)", "row(a integer, c bigint)", "row(a integer, bigint)"),
        ("integer", "varchar", None),
        ("boolean", "integer", None),
        ("date", "varchar(10)", None),
        ("date", "time(3)", None),
        ("json", "varchar", None),
        ("varbinary", "varchar", None),
        ("interval day to second", "interval year to month", None),
        ("array(integer)", "array(varchar)", None),
        ("row(integer)", "row(integer, integer)", None),
    ],
)
def test_common_type(left: str, right: str, common: str | None) -> None:
    expected = None if common is None else trino_type(common)
    assert common_type(trino_type(left), trino_type(right)) == expected
    assert common_type(trino_type(right), trino_type(left)) == expected


def test_null_meets_everything() -> None:
    for text in ("integer", "array(integer)", "row(a json)"):
        assert common_type(UNKNOWN, trino_type(text)) == common_type(trino_type(text), UNKNOWN) == trino_type(text)


@pytest.mark.parametrize(
    ("source", "target", "answer"),
    [
        ("integer", "decimal(10,0)", True),
        ("integer", "decimal(9,0)", False),
        ("bigint", "integer", False),
        ("varchar(3)", "varchar(2)", False),
        ("timestamp(6)", "timestamp(3)", False),
        ("row(integer)", "row(a integer)", False),
        ("row(a integer)", "row(a bigint)", True),
    ],
)
def test_can_coerce(source: str, target: str, *, answer: bool) -> None:
    assert can_coerce(trino_type(source), trino_type(target)) is answer


def test_decimals_of_whole_numbers() -> None:
    assert as_decimal(trino_type("bigint")) == Decimal(19, 0)
    assert as_decimal(trino_type("decimal(5,2)")) == Decimal(5, 2)
    assert as_decimal(trino_type("double")) is None


@pytest.mark.parametrize(
    ("text", "comparable", "orderable"),
    [
        ("integer", True, True),
        ("char(3)", True, True),
        ("json", True, False),
        ("array(json)", True, False),
        ("map(integer, integer)", True, False),
        ("row(a map(integer, integer))", True, False),
        ("row(a integer)", True, True),
        ("HyperLogLog", False, False),
        ("array(tdigest)", False, False),
        ("map(integer, Geometry)", False, False),
    ],
)
def test_what_is_compared(text: str, *, comparable: bool, orderable: bool) -> None:
    assert is_comparable(trino_type(text)) is comparable
    assert is_orderable(trino_type(text)) is orderable


def test_lambdas_are_not_compared() -> None:
    function = Function((Simple("integer"),), Simple("integer"))
    assert not is_comparable(function)
    assert not is_orderable(function)
