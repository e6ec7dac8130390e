"""assertions__hold with hundreds of assertions: a query that Athena takes, or a refusal that says what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from derived_tables.harness.warehouses import Warehouse

#: What Athena takes as the text of a statement: its service quotas.
LONGEST_QUERY = 262_144
COLUMNS = [f"measured_value_number_{number:02}" for number in range(60)]
#: Five for each column.
KINDS_OF_FIVE = (
    "{{kind: not_null, column: {0}}}",
    "{{kind: between, column: {0}, min: 0, max: 1000, severity: warn, max_failures: 1%}}",
    "{{kind: accepted_values, column: {0}, values: [1, 2, 3], where: {0} > 0}}",
    "{{kind: not_accepted_values, column: {0}, values: [8, 9]}}",
    "{{kind: unique, column: {0}}}",
)
MODEL = "{{ config(materialized='table') }} select " + ", ".join(f"1 as {column}" for column in COLUMNS)


def properties(*assertions: str) -> str:
    """The YAML of one test with these assertions."""
    return (
        f"models: [{{name: a__b, data_tests: [{{derived_tables.assertions__hold: {{name: many, arguments: "
        f"{{key_columns: [{COLUMNS[0]}], assertions: [{', '.join(assertions)}]}}}}}}]}}]"
    )


@pytest.fixture(scope="module", params=["duckdb", "hive"])
def warehouse(request: pytest.FixtureRequest, make_warehouse: Callable[..., Warehouse]) -> Warehouse:
    return make_warehouse(request.param, {"models/x/a/a__b.sql": MODEL})


def test_three_hundred_in_one_query(warehouse: Warehouse) -> None:
    assertions = [kind.format(column) for column in COLUMNS for kind in KINDS_OF_FIVE]
    assert len(assertions) == 300
    warehouse.project.write({"models/x/a/a__b.yml": properties(*assertions)})
    run = warehouse.dbt("build")
    [test] = [result for result in run.result.results if result.node.resource_type == "test"]
    assert (test.status.value, test.failures) == ("pass", 0), run.output
    assert len(test.node.compiled_code.encode()) < LONGEST_QUERY - 1000


def test_more_than_fit_are_refused(warehouse: Warehouse) -> None:
    values = ", ".join(f"value number {number} with a long name" for number in range(8_000))
    assertion = f"{{kind: accepted_values, column: {COLUMNS[0]}, values: [{values}]}}"
    warehouse.project.write({"models/x/a/a__b.yml": properties(assertion)})
    run = warehouse.dbt("test", "--select", "many")
    assert not run.success
    assert "derived_tables.assertions__hold: `assertions` must be fewer" in run.output
    assert "Split them into two tests" in run.output
