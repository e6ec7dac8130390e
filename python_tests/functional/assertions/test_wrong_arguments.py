"""assertions__hold given what it cannot take: refused by an error that names it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from derived_tables.harness.warehouses import Warehouse

#: An assertion, or arguments, and what the error says.
WRONG = {
    "no kind": ("{column: id}", "`kind` must be one of `not_null`"),
    "unknown kind": ("{kind: not_nul, column: id}", "got `not_nul`"),
    "no mapping": ("not_null", "`kind` must be one of"),
    "missing column": ("{kind: not_null}", "`not_null` must be given `column`"),
    "misspelt key": ("{kind: not_null, column: id, serverity: warn}", "got `kind`, `column`, `serverity`"),
    "no bounds": ("{kind: between, column: id}", "`between` must be given `column`"),
    "severity": ("{kind: not_null, column: id, severity: warning}", "`severity` must be one of `error`"),
    "nulls": (
        "{kind: unique, column: id, nulls: both}",
        "`nulls` must be one of `ignore`, `equal`, `fail`, got `both`",
    ),
    "gaps": ("{kind: mutually_exclusive_ranges, lower: id, upper: id, gaps: none}", "`gaps` must be one of `allowed`"),
    "limit": (
        "{kind: not_null, column: id, max_failures: few}",
        "`max_failures` must be a number of rows or a percentage",
    ),
    "negative limit": ("{kind: not_null, column: id, max_failures: -1}", "`max_failures` must be a number of rows"),
    "values as text": ("{kind: accepted_values, column: id, values: a}", "`values` must be a list of values, got `a`"),
    "no values": ("{kind: accepted_values, column: id, values: []}", "`values` must be a list of values"),
    "expression as column": ("{kind: not_null, column: lower(id)}", "each column must be the name of a column"),
    "pattern": ("{kind: matches, column: id, pattern: 7}", "`pattern` must be a regular expression, got `7`"),
    "same name": (
        "{kind: not_null, column: id}, {kind: not_null, column: id, where: id > 1}",
        "`name` must be another for each assertion, got `not_null id`",
    ),
    "no assertions": ("", "`assertions` must be a list of assertions"),
}


@pytest.fixture(scope="module")
def warehouse(make_warehouse: Callable[..., Warehouse]) -> Warehouse:
    return make_warehouse("duckdb", {"models/x/a/a__b.sql": "select 1 as id"})


def refusal(warehouse: Warehouse, arguments: str, config: str = "{}") -> str:
    """What `dbt test` says of a test with these arguments."""
    test = f"{{name: wrong, arguments: {arguments}, config: {config}}}"
    text = f"models: [{{name: a__b, data_tests: [{{derived_tables.assertions__hold: {test}}}]}}]"
    warehouse.project.write({"models/x/a/a__b.yml": text})
    run = warehouse.dbt("test", "--select", "wrong")
    assert not run.success
    return run.output


@pytest.mark.parametrize(("given", "said"), WRONG.values(), ids=WRONG)
def test_wrong_assertions_are_refused(given: str, said: str, warehouse: Warehouse) -> None:
    assert said in refusal(warehouse, f"{{assertions: [{given}]}}")


def test_a_plan_that_is_none_is_refused(warehouse: Warehouse) -> None:
    said = refusal(warehouse, "{plan: fast, assertions: [{kind: not_null, column: id}]}")
    assert "`plan` must be one of `pass`, `branches`" in said


def test_dbts_limit_is_refused(warehouse: Warehouse) -> None:
    """It would cut off whole assertions with their rows."""
    said = refusal(warehouse, "{assertions: [{kind: not_null, column: id}]}", "{limit: 5}")
    assert "`limit` must be left out" in said
    assert "Write `max_rows` under `arguments`" in said
