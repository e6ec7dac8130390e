"""Types of columns: as Glue, queries and DDL name them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derived_tables.harness.macros import Macros

MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

#: A type as Glue and as queries name it.
SIMPLE = [
    ("int", "integer"),
    ("bigint", "bigint"),
    ("string", "varchar"),
    ("float", "real"),
    ("double", "double"),
    ("binary", "varbinary"),
    ("boolean", "boolean"),
    ("date", "date"),
    ("timestamp", "timestamp"),
    ("decimal(10,2)", "decimal(10,2)"),
]
#: Names of fields that look like types, too.
FIELDS = st.sampled_from(["a", "string", "int", "integer", "real", "row", "varbinary", "decimal", "x_1"])

Pair = tuple[str, str]


def _structs(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    fields = st.lists(st.tuples(FIELDS, inner), min_size=1, max_size=3, unique_by=lambda field: field[0])
    return fields.map(_struct)


def _struct(fields: list[tuple[str, Pair]]) -> Pair:
    of_hive = ",".join(f"{name}:{hive}" for name, (hive, _) in fields)
    of_queries = ",".join(f'"{name}" {trino}' for name, (_, trino) in fields)
    return f"struct<{of_hive}>", f"row({of_queries})"


TYPES: st.SearchStrategy[Pair] = st.recursive(
    st.sampled_from(SIMPLE),
    lambda inner: st.one_of(
        inner.map(lambda pair: (f"array<{pair[0]}>", f"array({pair[1]})")),
        st.tuples(inner, inner).map(
            lambda pairs: (f"map<{pairs[0][0]},{pairs[1][0]}>", f"map({pairs[0][1]},{pairs[1][1]})")
        ),
        _structs(inner),
    ),
    max_leaves=5,
)


@MANY
@given(pair=TYPES)
def test_types_of_glue_as_queries_name_them(macros: Macros, pair: Pair) -> None:
    hive, trino = pair
    assert macros.call("_query_type", type=hive) == trino


@MANY
@given(pair=TYPES)
def test_types_of_queries_as_glue_names_them(macros: Macros, pair: Pair) -> None:
    hive, trino = pair
    for text in (trino, trino.replace(",", ", "), trino.replace('"', "").replace(",", ", ")):
        assert macros.call("_hive_type", type=text).replace("`", "") == hive


@pytest.mark.parametrize(
    ("trino", "hive"),
    [
        ("varchar(3)", "string"),
        ("char(3)", "string"),
        ("timestamp(3)", "timestamp"),
        ("timestamp(6) with time zone", "timestamp"),
        ("map(varchar(1), decimal(5, 2))", "map<string,decimal(5,2)>"),
        ("row(varchar varchar(3), at timestamp(6) with time zone)", "struct<`varchar`:string,`at`:timestamp>"),
        ('array(row("int" integer, b array(real)))', "array<struct<`int`:int,`b`:array<float>>>"),
    ],
)
def test_types_with_parameters_and_names_in_ddl(macros: Macros, trino: str, hive: str) -> None:
    assert macros.call("_hive_type", type=trino) == hive
