"""What clients get of EXPLAIN: its header is its first row, as the functional tests of dbt-athena found on AWS."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local_athena import LocalAthena

from .support import Clients


@pytest.fixture(scope="module")
def real() -> Iterator[Clients]:
    """Clients of a server that runs SQL."""
    with LocalAthena() as server:
        server.create_bucket("lake")
        server.create_database("default")
        yield Clients(server)


@pytest.mark.parametrize(
    ("sql", "header"),
    [
        ("explain select 1", "Query Plan"),
        ("EXPLAIN (FORMAT JSON) SELECT 1", "Query Plan"),
        ("explain (format graphviz) select 1", "Query Plan"),
        ("explain (type io, format json) select 1", "Query Plan"),
        ("explain analyze select 1", "Query Plan"),
        ("explain create table default.t as select 1 as id", "Query Plan"),
        ("explain (type validate) select 1", "Valid"),
    ],
)
def test_the_first_row_is_the_header(real: Clients, sql: str, header: str) -> None:
    execution = real.run(sql, "lake")
    assert (execution["StatementType"], execution["SubstatementType"]) == ("UTILITY", "EXPLAIN")
    result = real.athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])["ResultSet"]
    rows = [row["Data"][0]["VarCharValue"] for row in result["Rows"]]
    assert rows[0] == header
    assert header not in rows[1:]
    assert len(rows) > 1
    assert [column["Name"] for column in result["ResultSetMetadata"]["ColumnInfo"]] == [header]
    # A result of text, not of CSV: nothing stands in quotation marks.
    address = execution["ResultConfiguration"]["OutputLocation"]
    assert address.endswith(".txt")
    assert real.content(address).splitlines()[0] == header


def test_the_header_counts_as_an_entry_of_the_first_page(real: Clients) -> None:
    query_id = real.run("explain select 1", "lake")["QueryExecutionId"]
    first = real.athena.get_query_results(QueryExecutionId=query_id, MaxResults=1)
    assert [row["Data"][0]["VarCharValue"] for row in first["ResultSet"]["Rows"]] == ["Query Plan"]
    second = real.athena.get_query_results(QueryExecutionId=query_id, MaxResults=1, NextToken=first["NextToken"])
    assert second["ResultSet"]["Rows"][0]["Data"][0]["VarCharValue"] == "Fragment 0"


@pytest.mark.parametrize("sql", ["show databases", "show tables in default"])
def test_other_statements_that_print_lines_have_none(real: Clients, sql: str) -> None:
    query_id = real.run(sql, "lake")["QueryExecutionId"]
    result = real.athena.get_query_results(QueryExecutionId=query_id)["ResultSet"]
    name = result["ResultSetMetadata"]["ColumnInfo"][0]["Name"]
    assert name not in [row["Data"][0]["VarCharValue"] for row in result["Rows"]]
