"""assertions__hold: every kind of assertion on clean and dirty data, on every kind of table, in one query."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest

from derived_tables.harness.dbt_run import DbtRun
from derived_tables.harness.warehouses import KINDS, Warehouse

RESIDENTS = """\
{{ config(materialized='table') }}
select
    cast(id as integer) as id, city, country, cast(age as integer) as age, cast(score as double) as score,
    cast(owner_id as integer) as owner_id, cast(begins as date) as begins, cast(ends as date) as ends
from (values
    (1, 'Leeds', 'GB', 30, '1.5', 1, '2024-01-01', '2024-01-05'),
    (1, 'Hull', 'GB', null, '2.0', 2, '2024-01-04', '2024-01-08'),
    (2, 'Córdoba', 'ES', 130, 'NaN', 3, '2024-01-09', null),
    (null, '', null, -1, '-Infinity', 99, '2024-01-01', '2024-01-05')
) as listed (id, city, country, age, score, owner_id, begins, ends)
"""
FILES = {
    "models/people/people/people__residents.sql": RESIDENTS,
    "models/people/people/people__seen.sql": (
        "{{ config(materialized='view') }} select * from {{ ref('people__residents') }}"
    ),
    "models/people/people/people__nobody.sql": (
        "{{ config(materialized='table') }} select * from {{ ref('people__residents') }} where id > 99"
    ),
    "models/people/people/people__owners.sql": (
        "{{ config(materialized='table') }} select id from (values (1), (2), (3), (null)) as listed (id)"
    ),
    "models/people/people/people__tests.yml": """\
        models:
          - name: people__residents
            data_tests: [&hold {derived_tables.assertions__hold: {arguments: &given {key_columns: [id], assertions: [
              {kind: not_null, column: id},
              {kind: unique, column: id},
              {kind: unique, columns: [id, city], nulls: fail},
              {kind: unique, columns: [begins, ends], nulls: equal, name: days},
              {kind: between, column: age, min: 0, max: 120, severity: warn, max_failures: 49%},
              {kind: between, column: age, min: 0, max: 120, max_failures: 2, name: two may fail},
              {kind: between, column: age, min: 30, inclusive: false, name: above},
              {kind: between, column: begins, min: 2024-01-02},
              {kind: between, column: score, min: -1, max: 5},
              {kind: accepted_values, column: city, values: [Leeds], where: country = 'GB'},
              {kind: accepted_values, column: city, values: [Leeds, "O'Hull", Córdoba], name: cities},
              {kind: accepted_values, column: id, values: [1, 2]},
              {kind: not_accepted_values, column: country, values: [ES, PT]},
              {kind: row_count_between, min: 1, max: 3},
              {kind: row_count_between, min: 2, where: country = 'GB', name: britons},
              {kind: relationships, column: owner_id, to: ref('people__owners'), field: id},
              {kind: not_empty_string, column: city},
              {kind: matches, column: city, pattern: '^[A-Z]'},
              {kind: length_between, column: city, min: 1, max: 5},
              {kind: monotonic, column: begins, order_by: owner_id},
              {kind: monotonic, column: begins, order_by: owner_id, strictly: true, partition_by: [ends], name: strict},
              {kind: monotonic, column: age, order_by: city, name: over a null},
              {kind: mutually_exclusive_ranges, lower: begins, upper: ends},
              {kind: at_least_one, column: country},
              {kind: at_least_one, column: country, where: city = '', name: no country},
              {kind: proportion_not_null, column: ends, min: 0.75},
              {kind: proportion_not_null, column: ends, min: 0.76, name: too few},
              {kind: expression, expression: score > 0}]}}}]
          - name: people__seen
            data_tests: [*hold]
          - name: people__nobody
            data_tests: [*hold]
          - name: people__owners
            data_tests: [{derived_tables.assertions__hold: {arguments: {key_columns: [id], assertions: [
              {kind: not_null, column: id}, {kind: between, column: id, max: 2}]}}}]
        """,
}
#: By hand, from the four rows. An age of 130 and one of -1 are 50%: more than 49%, and not more than two.
BROKEN = [
    ("above", "age", "between", "error", "2"),  # 30 is not above 30, nor is -1
    ("accepted_values city", "city", "accepted_values", "error", "1"),  # Hull
    ("between age", "age", "between", "warn", "2"),
    ("between begins", "begins", "between", "error", "2"),
    ("between score", "score", "between", "error", "2"),  # NaN is in no range, -Infinity is below -1
    ("cities", "city", "accepted_values", "error", "2"),  # Hull and the empty one
    ("days", "begins, ends", "unique", "error", "1"),  # 1 to 5 January twice
    ("expression score > 0", "", "expression", "error", "1"),  # -Infinity; NaN > 0 depends on the database, see below
    ("length_between city", "city", "length_between", "error", "2"),  # Córdoba has 7, '' has 0
    ("matches city", "city", "matches", "error", "1"),  # the empty one
    ("monotonic begins", "begins", "monotonic", "error", "1"),  # owner 99 begins before owner 3
    ("mutually_exclusive_ranges begins, ends", "begins, ends", "mutually_exclusive_ranges", "error", "3"),
    ("no country", "country", "at_least_one", "error", "1"),
    ("not_accepted_values country", "country", "not_accepted_values", "error", "1"),
    ("not_empty_string city", "city", "not_empty_string", "error", "1"),
    ("not_null id", "id", "not_null", "error", "1"),
    ("over a null", "age", "monotonic", "error", "1"),  # 130 in Córdoba, none in Hull, 30 in Leeds
    ("relationships owner_id", "owner_id", "relationships", "error", "1"),
    ("row_count_between", "", "row_count_between", "error", "1"),
    ("strict", "begins", "monotonic", "error", "1"),  # two that end on 5 January begin on the 1st
    ("too few", "ends", "proportion_not_null", "error", "1"),
    ("unique id", "id", "unique", "error", "1"),  # 1
    ("unique id, city", "id, city", "unique", "error", "1"),  # the null
]


@pytest.fixture(scope="module", params=KINDS)
def warehouse(request: pytest.FixtureRequest, make_warehouse: Callable[..., Warehouse]) -> Warehouse:
    files = dict(FILES)
    if request.param != "duckdb":  # a NaN is greater than every number for DuckDB alone
        files["models/people/people/people__tests.yml"] = FILES["models/people/people/people__tests.yml"].replace(
            "expression: score > 0", "name: expression score > 0, expression: score > 0 or is_nan(score)"
        )
    made = make_warehouse(request.param, files)
    made.dbt("run").passed()
    return made


def results(run: DbtRun) -> dict[str, Any]:
    """The result of each test, by the table that it tests."""
    tests = [result for result in run.result.results if result.node.resource_type == "test"]
    return {result.node.attached_node.rsplit("__", 1)[-1]: result for result in tests}


def found(warehouse: Warehouse, result: Any) -> list[tuple[str | None, ...]]:
    """The rows of a test, without its examples."""
    columns = "assertion, column_name, kind, severity, failures"
    sql = result.node.compiled_code.replace("{", "{{").replace("}", "}}")
    return warehouse.query(f"select {columns} from (\n{sql}\n) as rows_of_the_test")


@pytest.mark.parametrize("table", ["residents", "seen"])
def test_each_assertion_counts_its_failures(warehouse: Warehouse, table: str) -> None:
    run = warehouse.dbt("test")
    result = results(run)[table]
    assert found(warehouse, result) == BROKEN
    assert result.status == "fail"
    assert result.failures == sum(int(row[-1]) for row in BROKEN)


def test_nothing_but_what_statistics_can_answer(warehouse: Warehouse) -> None:
    """Red before: with no pass over the table, the columns of the branches had no names."""
    assert found(warehouse, results(warehouse.dbt("test", "--select", "people__owners"))["owners"]) == [
        ("between id", "id", "between", "error", "1"),
        ("not_null id", "id", "not_null", "error", "1"),
    ]


def test_a_table_without_rows(warehouse: Warehouse) -> None:
    """Only the number of rows, and that there is one of something, can be wrong."""
    assert found(warehouse, results(warehouse.dbt("test"))["nobody"]) == [
        ("at_least_one country", "country", "at_least_one", "error", "1"),
        ("britons", "", "row_count_between", "error", "1"),
        ("no country", "country", "at_least_one", "error", "1"),
        ("row_count_between", "", "row_count_between", "error", "1"),
    ]


def test_each_broken_assertion_is_printed(warehouse: Warehouse) -> None:
    """dbt itself prints one number for all of them."""
    printed = [line for line in warehouse.dbt("test", "--select", "people__nobody").messages if "does not hold" in line]
    assert printed == [
        f"derived_tables: {name}: {text}"
        for name in [printed[0].split(": ")[1]]
        for text in (
            "`at_least_one country` does not hold: 1 failure in country",
            "`britons` does not hold: 1 failure",
            "`no country` does not hold: 1 failure in country",
            "`row_count_between` does not hold: 1 failure",
        )
    ]


#: Planted in the table: none may leave the warehouse.
SECRETS = ("QQ123456C", "mary.secret", "LS1 4AP")
PEOPLE = {
    "seeds/people/people/people__patients.csv": """\
        id,number,address,postcode
        1,QQ123456C,mary.secret@example.org,LS1 4AP
        2,QQ123456C,mary.secret@example.org,LS1 4AP
        3,QQ123456C,other@example.org,
        """,
    "seeds/people/people/people__patients.yml": """\
        seeds:
          - name: people__patients
            columns:
              - {name: number, config: {meta: {personal_data: true}}}
              - {name: address, config: {meta: {personal_data: true}}}
            data_tests:
              - derived_tables.assertions__hold: &hold
                  name: kept
                  arguments: &given
                    key_columns: [id]
                    additional_columns: [postcode]
                    max_rows: 2
                    assertions:
                      - {kind: unique, column: number}
                      - {kind: length_between, column: address, max: 20, severity: warn}
                      - {kind: accepted_values, column: number, values: [none]}
                      - {kind: row_count_between, max: 2}
                  config: {store_failures: true}
              - derived_tables.assertions__hold:
                  name: seen
                  arguments: *given
                  config: {store_failures_as: view}
              - derived_tables.assertions__hold: {name: asked, arguments: *given}
        """,
}


@pytest.fixture(scope="module", params=KINDS)
def people(request: pytest.FixtureRequest, make_warehouse: Callable[..., Warehouse]) -> Warehouse:
    config = {"seeds": {"+table_type": "iceberg", "+native_drop": True}} if request.param == "iceberg" else {}
    made = make_warehouse(request.param, PEOPLE, config=config)
    made.dbt("seed").passed()
    shutil.rmtree(made.project.path / "target")  # of the seed, whose statements have its values
    return made


def test_failing_rows_are_stored_up_to_a_limit(people: Warehouse) -> None:
    """Next to the tested table, with what a person needs to find them in front; each assertion has its own limit."""
    results = [each for each in people.dbt("test").result.results if each.node.resource_type == "test"]
    assert {each.node.name: (each.status.value, each.failures) for each in results} == {
        "kept": ("fail", 7),
        "seen": ("fail", 7),
        "asked": ("fail", 7),
    }
    for stored in (each.node.relation_name for each in results if each.node.name != "asked"):
        columns = "id, postcode, assertion, failures, failing_row, failing_value"
        rows = people.query(f"select {columns} from {stored}")
        by_assertion = {each: [row for row in rows if row[2] == each] for each in {row[2] for row in rows}}
        assert by_assertion.pop("row_count_between") == [(None, None, "row_count_between", "1", "1", None)]
        assert by_assertion.pop("length_between address") == [
            ("1", "LS1 4AP", "length_between address", "2", "1", "mary.secret@example.org"),
            ("2", "LS1 4AP", "length_between address", "2", "2", "mary.secret@example.org"),
        ]
        assert [row[:5] for row in by_assertion.pop("unique number")] == [
            ("1", "LS1 4AP", "unique number", "1", "1"),
            ("2", "LS1 4AP", "unique number", "1", "2"),
        ]
        assert [row[:5] for row in by_assertion.pop("accepted_values number")] == [
            ("1", "LS1 4AP", "accepted_values number", "3", "1"),
            ("2", "LS1 4AP", "accepted_values number", "3", "2"),
        ]
        assert by_assertion == {}


def test_failing_values_stay_in_the_warehouse(people: Warehouse) -> None:
    """Neither what is printed nor a file of the run has one; nor has what a test answers when nothing is stored."""
    run = people.dbt("test", "--log-level-file", "debug")
    assert not [secret for secret in SECRETS if secret in run.output]
    files = [file for folder in ("target", "logs") for file in (people.project.path / folder).rglob("*")]
    texts = {file.name: file.read_bytes().decode("utf-8", "replace") for file in files if file.is_file()}
    assert {"run_results.json", "manifest.json", "dbt.log"} <= set(texts)
    assert not [(name, secret) for name, text in texts.items() for secret in SECRETS if secret in text]
    asked = next(each for each in run.result.results if each.node.name == "asked")
    rows = people.query(f"select * from (\n{asked.node.compiled_code}\n) as rows_of_the_test")
    assert not [cell for row in rows for cell in row for secret in SECRETS if secret in str(cell)]
