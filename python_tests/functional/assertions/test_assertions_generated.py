"""assertions__hold on generated rows: what plain Python counts, on both engines and with both plans."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derived_tables.harness.warehouses import Warehouse

#: Columns and types of the table; `position` is unique.
TYPES = {
    "position": "integer",
    "id": "integer",
    "name": "varchar",
    "score": "double",
    "day": "date",
    "lower": "integer",
    "upper": "integer",
}
OWNERS = (1, 2, 3, None)
ASSERTIONS = """\
{kind: not_null, column: id},
{kind: not_null, column: day, max_failures: 34%},
{kind: unique, columns: [id]},
{kind: unique, columns: [id, name], nulls: equal, name: equal},
{kind: unique, columns: [id, name], nulls: fail, name: fail},
{kind: unique, columns: [id], where: score < 2, name: unique where},
{kind: accepted_values, column: name, values: [a, é, '']},
{kind: not_accepted_values, column: id, values: [2, 3]},
{kind: between, column: score, min: -1, max: 2},
{kind: between, column: score, min: -1, max: 2, inclusive: false, name: inside},
{kind: between, column: day, min: 2024-02-28, max: 2024-03-01, where: id = 1},
{kind: matches, column: name, pattern: '^[a-z]'},
{kind: length_between, column: name, min: 1, max: 2},
{kind: not_empty_string, column: name},
{kind: expression, expression: id < 3 or name = 'a'},
{kind: relationships, column: id, to: ref('people__owners'), field: id},
{kind: monotonic, column: id, order_by: position},
{kind: monotonic, column: id, order_by: position, strictly: true, partition_by: [name], name: strictly},
{kind: mutually_exclusive_ranges, lower: lower, upper: upper},
{kind: mutually_exclusive_ranges, lower: lower, upper: upper, gaps: not_allowed, partition_by: [name], name: no gaps},
{kind: mutually_exclusive_ranges, lower: lower, upper: upper, gaps: required, zero_length: true, name: gaps},
{kind: row_count_between, min: 2, max: 5},
{kind: row_count_between, max: 1, where: name is null, name: few nameless},
{kind: at_least_one, column: day},
{kind: proportion_not_null, column: name, min: 0.5}"""
MODELS = {
    "models/people/people/people__owners.sql": (
        "{{ config(materialized='table') }} select id from (values (1), (2), (3), (null)) as listed (id)"
    ),
    "models/people/people/people__seen.sql": "{{ config(materialized='table') }} select "
    + ", ".join(f"cast(null as {kind}) as {name}" for name, kind in TYPES.items()),
    "models/people/people/people__seen.yml": "models: [{name: people__seen, data_tests: ["
    + ", ".join(
        f"{{derived_tables.assertions__hold: {{name: plan_{plan}, arguments: "
        f"{{plan: {plan}, key_columns: [position], assertions: [\n{ASSERTIONS}\n]}}}}}}"
        for plan in ("pass", "branches")
    )
    + "]}]",
}

Row = dict[str, Any]


def _repeated(rows: list[Row], columns: list[str]) -> int:
    """How many combinations of values are there twice."""
    return sum(number > 1 for number in Counter(tuple(row[column] for column in columns) for row in rows).values())


def _falls(rows: list[Row], partition: str | None = None, *, strictly: bool = False) -> int:
    """How many ids are smaller than the one before them, or equal to it, by position."""
    found = 0
    last: dict[Any, int] = {}
    for row in sorted(rows, key=lambda row: row["position"]):
        group = row[partition] if partition else None
        if row["id"] is None:
            continue
        if group in last and (row["id"] < last[group] or (strictly and row["id"] == last[group])):
            found += 1
        last[group] = row["id"]
    return found


def _meet(rows: list[Row], fits: Callable[[int, int], bool], *, empty: bool = False, partition: bool = False) -> int:
    """How many ranges are the wrong way round, or do not fit the next one."""
    groups: dict[Any, list[tuple[int, int]]] = {}
    for row in rows:
        groups.setdefault(row["name"] if partition else None, []).append((row["lower"], row["upper"]))
    found = 0
    for ranges in map(sorted, groups.values()):
        for number, (lower, upper) in enumerate(ranges):
            follows = number + 1 == len(ranges) or fits(upper, ranges[number + 1][0])
            found += not ((lower < upper or (empty and lower == upper)) and follows)
    return found


def failures(rows: list[Row]) -> dict[str, int]:
    """By the name of each assertion, how often it fails, worked out without SQL."""
    ids = [row["id"] for row in rows]
    names = [row["name"] for row in rows if row["name"] is not None]
    scores = [row["score"] for row in rows if row["score"] is not None]
    no_day = sum(row["day"] is None for row in rows)
    incomplete = [row for row in rows if row["id"] is None or row["name"] is None]
    complete = [row for row in rows if row not in incomplete]
    low = [row for row in rows if row["score"] is not None and row["score"] < 2]
    days = [row["day"] for row in rows if row["day"] is not None and row["id"] == 1]
    false = [
        row
        for row in rows
        if row["id"] is not None and row["id"] >= 3 and row["name"] is not None and row["name"] != "a"
    ]
    nameless = len(rows) - len(names)
    found = {
        "not_null id": ids.count(None),
        "not_null day": no_day if no_day * 100 > 34 * len(rows) else 0,
        "unique id": _repeated([row for row in rows if row["id"] is not None], ["id"]),
        "equal": _repeated(rows, ["id", "name"]),
        "fail": _repeated(complete, ["id", "name"]) + len(incomplete),
        "unique where": _repeated([row for row in low if row["id"] is not None], ["id"]),
        "accepted_values name": sum(name not in ("a", "é", "") for name in names),
        "not_accepted_values id": sum(number in (2, 3) for number in ids),
        "between score": sum(not -1 <= score <= 2 for score in scores),
        "inside": sum(not -1 < score < 2 for score in scores),
        "between day": sum(not date(2024, 2, 28) <= day <= date(2024, 3, 1) for day in days),
        "matches name": sum(not re.search("^[a-z]", name) for name in names),
        "length_between name": sum(not 1 <= len(name) <= 2 for name in names),
        "not_empty_string name": sum(not name.strip(" ") for name in names),
        "expression id < 3 or name = 'a'": len(false),
        "relationships id": sum(number is not None and number not in OWNERS for number in ids),
        "monotonic id": _falls(rows),
        "strictly": _falls(rows, "name", strictly=True),
        "mutually_exclusive_ranges lower, upper": _meet(rows, lambda upper, lower: upper <= lower),
        "no gaps": _meet(rows, lambda upper, lower: upper == lower, partition=True),
        "gaps": _meet(rows, lambda upper, lower: upper < lower, empty=True),
        "row_count_between": not 2 <= len(rows) <= 5,
        "few nameless": nameless > 1,
        "at_least_one day": no_day == len(rows),
        "proportion_not_null name": bool(rows) and len(names) / len(rows) < 0.5,
    }
    return {name: int(number) for name, number in found.items() if number}


_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.one_of(st.none(), st.integers(0, 4)),
            "name": st.one_of(st.none(), st.sampled_from(["a", "ab", "B", "é", "", "  ", "日本語", "a'b"])),
            "score": st.one_of(st.none(), st.sampled_from([0.0, -1.0, 2.0, 1.5, math.nan, math.inf, -math.inf])),
            "day": st.one_of(st.none(), st.sampled_from([date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 2)])),
            "lower": st.integers(0, 5),
            "upper": st.integers(0, 5),
        }
    ),
    max_size=7,
).map(lambda rows: [{"position": (number * 5) % 7, **row} for number, row in enumerate(rows)])


def as_sql(rows: list[Row]) -> str:
    """A query for these rows."""
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in TYPES.items())
    lines = ["(" + ", ".join(_literal(row[name]) for name in TYPES) + ")" for row in rows or [dict.fromkeys(TYPES)]]
    listed = f"select {columns} from (values {', '.join(lines)}) as listed ({', '.join(TYPES)})"
    return f"({listed}{'' if rows else ' where false'})"


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("inf", "Infinity").replace("nan", "NaN").replace("'", "''") + "'"


Count = Callable[[str, list[Row]], dict[str, int]]


@pytest.fixture(scope="module", params=["duckdb", "hive"])
def count(request: pytest.FixtureRequest, make_warehouse: Callable[..., Warehouse]) -> Count:
    """By plan, a function that asks the compiled test for its failures on some rows."""
    warehouse = make_warehouse(request.param, MODELS)
    run = warehouse.dbt("build")
    tests = {result.node.name: result.node for result in run.result.results if result.node.resource_type == "test"}
    assert set(tests) == {"plan_pass", "plan_branches"}, run.output
    seen = next(result.node.relation_name for result in run.result.results if result.node.name == "people__seen")
    owners = "(select cast(id as integer) as id from (values (1), (2), (3), (null)) as listed (id))"

    def ask(plan: str, rows: list[Row]) -> dict[str, int]:
        sql = tests[f"plan_{plan}"].compiled_code
        assert seen in sql
        sql = sql.replace(seen, as_sql(rows)).replace(
            seen.replace("people__seen", "x").replace("seen", "owners"), owners
        )
        sql = f"select assertion, failures from (\n{sql}\n) as rows_of_the_test"
        if warehouse.kind == "duckdb":
            return {name: int(number) for name, number in duckdb.sql(sql).fetchall()}
        return {str(row["assertion"]): int(row["failures"] or 0) for row in warehouse.athena.query(sql)}

    return ask


@pytest.mark.parametrize("plan", ["pass", "branches"])
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_ROWS)
def test_failures_are_those_that_python_counts(plan: str, rows: list[Row], count: Count) -> None:
    assert count(plan, rows) == failures(rows)
