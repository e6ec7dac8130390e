"""`1.5` is a double in Athena, `DECIMAL '1.5'` a decimal: in queries, tables, comparisons and what is refused.

Sources: the functional test of number conversion of dbt-athena, run on AWS, expects inf, -inf and nan of divisions by
`0.0`; the data types page of the AWS user guide says how a decimal is written. Trino 426, told to parse decimal
literals as doubles, answers the same.
"""

from __future__ import annotations

import pytest

from local_athena.errors import AthenaError

from .support import Athena

ANSWERS = {
    "1 / 0.0": ("double", "Infinity"),
    "-1 / 0.0": ("double", "-Infinity"),
    "0 / 0.0": ("double", "NaN"),
    "0.1 + 0.2": ("double", "0.30000000000000004"),
    "typeof(1.5)": ("varchar", "double"),
    "decimal '0.1' + decimal '0.2'": ("decimal(2,1)", "0.3"),
    "decimal '1.5' + 1.5": ("double", "3.0"),
    "real '1.5' + 1.5": ("double", "3.0"),
    "1 + 1.5": ("double", "2.5"),
    "round(2.675, 2)": ("double", "2.68"),
    "round(decimal '2.675', 2)": ("decimal(5,3)", "2.680"),
    "sum(x)": ("double", "3.0"),
    "avg(x)": ("double", "1.5"),
    "array_agg(x)": ("array(double)", "[1.5, 1.5]"),
    "cast(1.10 as varchar)": ("varchar", "1.1E0"),
    "cast(1.005 as decimal(4,2))": ("decimal(4,2)", "1.01"),
    "coalesce(null, 1.50)": ("double", "1.5"),
    "0.1 + 0.2 = 0.3": ("boolean", "false"),
    "decimal '0.30' = 0.3": ("boolean", "true"),
    "3 in (3.0)": ("boolean", "true"),
    "99999999999999999999999999999999999999999.": ("double", "1.0E41"),
}


@pytest.mark.parametrize("call", ["truncate(1.25, 1)", "bitwise_and(1.0, 2)", "chr(1.0)"])
def test_what_takes_decimals_takes_no_such_literal(athena: Athena, call: str) -> None:
    with pytest.raises(AthenaError, match=r"FUNCTION_NOT_FOUND.*\(double"):
        athena.run(f"select {call}")


@pytest.mark.parametrize("expression", ANSWERS)
def test_an_expression(athena: Athena, expression: str) -> None:
    answer = athena.run(f"select {expression} from (values 1.5, 1.5) t (x) limit 1")
    assert (answer.columns[0][1], answer.rows[0][0]) == ANSWERS[expression]


@pytest.mark.parametrize("kind", ["hive", "iceberg"])
def test_a_table_made_from_them_has_doubles(athena: Athena, kind: str) -> None:
    place = f"{athena.location}/{kind}/"
    properties = f"external_location = '{place}'"
    if kind == "iceberg":
        properties = f"table_type = 'ICEBERG', is_external = false, location = '{place}'"
    athena.run(f"create table t with ({properties}) as select 1.5 as x, 1 / 0.0 as y, decimal '1.50' as z")
    assert athena.run("select * from t").columns == [("x", "double"), ("y", "double"), ("z", "decimal(3,2)")]
    assert athena.rows("select * from t") == [("1.5", "Infinity", "1.50")]
    types = [column["Type"] for column in athena.table("t")["StorageDescriptor"]["Columns"]]
    assert types == ["double", "double", "decimal(3,2)"]


def test_a_decimal_column_takes_doubles_and_compares_as_one(athena: Athena) -> None:
    athena.run(f"create table t with (external_location = '{athena.location}/t/') as select decimal '1.50' as x")
    # As Trino 470: the corpus has it, too.
    athena.run("insert into t values (2.505)")
    athena.run("insert into t values (decimal '2.50')")
    assert athena.rows("select x from t where x > 1.6 order by x") == [("2.50",), ("2.51",)]
    assert athena.rows("select x from t where x = 2.5") == [("2.50",)]


def test_a_parameter_is_read_as_a_literal(athena: Athena) -> None:
    assert athena.run("select ? as x", "1.50").columns == [("x", "double")]
    assert athena.run("select ? as x", "decimal '1.50'").columns == [("x", "decimal(3,2)")]


def test_a_view_of_them_gives_doubles(athena: Athena) -> None:
    athena.run("create view v as select 1.50 as x")
    assert athena.run("select * from v").columns == [("x", "double")]
