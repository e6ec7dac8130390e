"""The project of cases: generic tests pass where they must, and fail with the rows that a person needs to see."""

from __future__ import annotations

import math
import re
import shutil
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import duckdb
import pytest

from derived_tables.harness.dbt_run import DbtRun
from derived_tables.harness.projects import Project
from local_athena import LocalAthena

BUCKET = "derived-tables-local"

#: The date of the run: `max_age_days` counts from it.
VARIABLES = {"snapshot_date": "2024-02-03"}

FAILED_ROWS: dict[str, list[tuple[Any, ...]]] = {
    "no_missing_dates_fails_where_rows_are_on_few_dates": [
        ("2024-01-01", "2024-01-01", "2024-01-03"),
        ("2024-01-02", "2024-01-01", "2024-01-03"),
    ],
    "no_missing_dates_fails": [
        ("2024-01-03", "2024-01-02", "2024-01-08"),
        ("2024-01-05", "2024-01-02", "2024-01-08"),
        ("2024-01-06", "2024-01-02", "2024-01-08"),
        ("2024-01-07", "2024-01-02", "2024-01-08"),
    ],
    "no_missing_dates_fails_on_weekdays": [
        ("2024-01-03", "2024-01-02", "2024-01-08"),
        ("2024-01-05", "2024-01-02", "2024-01-08"),
    ],
    "no_missing_dates_fails_outside": [
        ("2024-01-01", "2024-01-01", "2024-01-09"),
        ("2024-01-09", "2024-01-01", "2024-01-09"),
    ],
    "no_missing_dates_fails_weekly": [("2024-01-15", "2024-01-01", "2024-01-15")],
    "no_missing_dates_fails_without_rows": [
        ("2024-01-01", "2024-01-01", "2024-01-02"),
        ("2024-01-02", "2024-01-01", "2024-01-02"),
    ],
    "no_missing_dates_fails_monthly": [("2024-01-01", "2023-11-01", "2024-02-01")],
    "no_missing_dates_fails_on_iceberg": [("2024-01-02", "2024-01-01", "2024-01-03")],
    "no_missing_dates_fails_on_a_view": [("2024-01-02", "2024-01-01", "2024-01-03")],
    "rows_within_fails_above_the_limit": [("2024-01-02", "2024-01-03", "4", "5", 25.0)],
    "rows_within_fails_after_a_snapshot_without_rows": [("2024-01-02", "2024-01-03", "0", "1", math.inf)],
    "rows_within_fails_where_rows_are_chosen": [("2024-01-02", "2024-01-03", "3", "4", 100 / 3)],
    "rows_within_fails_when_rows_are_gone": [("2024-01-04", "2024-01-08", "2", "1", -50.0)],
    "rows_within_fails_monthly": [("2023-12-01", "2024-02-01", "1", "3", 200.0)],
    "rows_within_fails_with_numbers": [("2024-02-29", "2024-03-01", "1", "2", 100.0)],
    "rows_within_fails_on_iceberg": [("2024-01-01", "2024-01-03", "4", "5", 25.0)],
    "rows_within_fails_on_a_view": [("2024-01-01", "2024-01-03", "4", "5", 25.0)],
    "latest_not_empty_fails_where_no_row_is_chosen": [("2024-01-03", "0", None, "the newest snapshot has no rows")],
    "latest_not_empty_fails_when_it_is_old": [("2024-01-03", "5", "2024-01-04", "the newest snapshot is too old")],
    "latest_not_empty_fails_below_a_column": [("2024-01-03", "5", "2024-01-04", "the newest snapshot is too old")],
    "latest_not_empty_fails_without_rows": [(None, "0", None, "there is no snapshot")],
    "unique_per_snapshot_fails_on_every_date": [
        ("2024-01-01", "1", "savings", "3"),
        ("2024-01-01", "2", None, "2"),
    ],
    "unique_per_snapshot_fails": [("2024-01-02", "1", "2")],
    "unique_per_snapshot_fails_with_a_limit": [
        ("2024-01-01", "1", "3"),
        ("2024-01-01", "2", "2"),
        ("2024-01-02", "1", "2"),
    ],
    "unique_per_snapshot_fails_with_numbers": [("20240301", "1", "2")],
    "unique_per_snapshot_fails_monthly": [("02.2024", "2", "2")],
    "hold_fails": [
        ("not_null account", "account", "not_null", "error", "2", "1", "2", None),
        (
            "unique customer_id, account, snapshot_date",
            "customer_id, account, snapshot_date",
            "unique",
            "error",
            "1",
            "1",
            None,
            "1, savings, 2024-01-01",
        ),
    ],
}

COLUMNS = {
    "no_missing_dates": ["missing_date", "first_date", "last_date"],
    "rows_within": ["previous_date", "newest_date", "previous_rows", "newest_rows", "change_percent"],
    "latest_not_empty": ["newest_date", "newest_rows", "expected_since", "problem"],
    "hold": [
        "assertion",
        "column_name",
        "kind",
        "severity",
        "failures",
        "failing_row",
        "example_key",
        "example_value",
    ],
}


@dataclass(frozen=True)
class Built:
    """The project of cases, built on one target."""

    project: Project
    run: DbtRun
    target: str
    env: dict[str, str]
    athena: LocalAthena | None

    @property
    def tests(self) -> dict[str, Any]:
        """The cases as dbt ran them, by their names."""
        return {each.node.name: each.node for each in self.run.result.results if each.node.resource_type == "test"}

    def query(self, sql: str) -> list[dict[str, str | None]]:
        """Rows of a query as texts by the names of its columns."""
        if self.athena:
            return self.athena.query(sql)
        with duckdb.connect(str(self.project.path / "cases.duckdb"), read_only=True) as connection:
            relation = connection.sql(f"select cast(columns(*) as varchar) from ({sql}) as q")
            return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("duckdb", marks=pytest.mark.xdist_group("cases_duckdb")),
        pytest.param("athena_local", marks=pytest.mark.xdist_group("cases_athena")),
    ],
)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Built:
    """The project of cases, built on one of its targets."""
    path = tmp_path_factory.mktemp("cases") / "cases"
    left_out = shutil.ignore_patterns("target", "logs", "dbt_packages", "*.duckdb")
    shutil.copytree(repository / "integration_tests/cases", path, ignore=left_out)
    project = Project(path)
    project.write({"packages.yml": f"packages: [{{local: {repository}}}]\n"})
    project.dbt("deps").passed()
    athena: LocalAthena | None = None
    env = {"CASES_DUCKDB_PATH": str(path / "cases.duckdb")}
    if request.param == "athena_local":
        athena = request.getfixturevalue("local_athena")
        athena.create_bucket(BUCKET)
        env = athena.environment()
    run = project.dbt("build", target=request.param, variables=VARIABLES, env=env)
    return Built(project, run, request.param, env, athena)


def pinned(node: Any) -> bool:
    """Whether a case is one that fails, with as many rows as it says."""
    return bool(re.fullmatch("!= [1-9][0-9]*", node.config.error_if))


def test_all_cases_are_as_they_say(built: Built) -> None:
    assert not built.run.passed().warnings
    for name, node in built.tests.items():
        assert pinned(node) == ("_fails" in name), name
        assert not pinned(node) or node.config.warn_if == node.config.error_if


def test_every_generic_test_has_a_passing_and_a_failing_case(built: Built, repository: Path) -> None:
    found = defaultdict(set)
    for node in built.tests.values():
        found[node.test_metadata.name].add(pinned(node))
        assert node.name.startswith(node.test_metadata.name.split("__")[1])
    there_are = {file.stem for file in (repository / "tests/generic").glob("*/*.sql")}
    assert there_are == set(found)
    assert all(kinds == {True, False} for kinds in found.values())


def test_failing_cases_find_the_rows(built: Built) -> None:
    failing = {name: node for name, node in built.tests.items() if pinned(node)}
    assert set(failing) == set(FAILED_ROWS)
    for name, node in failing.items():
        found = built.query(node.compiled_code)
        columns = COLUMNS.get(name.split("_fails")[0])
        if columns:
            assert all(list(row) == columns for row in found), name
        rows = [
            tuple(float(str(value)) if key == "change_percent" else value for key, value in row.items())
            for row in found
        ]
        assert sorted(rows, key=str) == sorted(FAILED_ROWS[name], key=str), name


def test_nothing_fails_without_a_table_or_when_dbt_leaves_it_empty(built: Built) -> None:
    env = {**built.env, "DERIVED_TABLES_ENVIRONMENT": "ci", "DERIVED_TABLES_CI_ID": "without_rows"}
    built.project.dbt("compile", "--select", "snapshot_cases__complete", target=built.target, env=env).passed()
    command = ["build", "--empty", "--select", "snapshot_cases__complete", "--exclude", "*_fails*"]
    run = built.project.dbt(*command, target=built.target, env=env).passed()
    tested = {each.node.name for each in run.result.results if each.node.resource_type == "test"}
    assert tested >= {f"{name}_passes" for name in (*COLUMNS, "unique_per_snapshot")}


@pytest.mark.parametrize("test", ["unique_per_snapshot_fails", "latest_not_empty_fails_without_rows"])
def test_failed_rows_are_stored_with_their_types(built: Built, test: str) -> None:
    found = built.query(f"select * from snapshot_cases_dbt_test__audit_dev_dbt.{test}")
    assert [tuple(row.values()) for row in found] == FAILED_ROWS[test]


def test_only_the_partitions_that_are_compared_are_read(built: Built, local_athena: LocalAthena) -> None:
    if not built.athena:
        pytest.skip("DuckDB has no partitions.")
    client: Any = boto3.client("athena", endpoint_url=local_athena.url, region_name="eu-west-1")

    def scanned(sql: str) -> int:
        execution = client.start_query_execution(
            QueryString=sql, ResultConfiguration={"OutputLocation": f"s3://{BUCKET}/query_results/"}
        )["QueryExecutionId"]
        while True:
            answer = client.get_query_execution(QueryExecutionId=execution)["QueryExecution"]
            if answer["Status"]["State"] not in ("QUEUED", "RUNNING"):
                assert answer["Status"]["State"] == "SUCCEEDED"
                return int(answer["Statistics"]["DataScannedInBytes"])

    def by_hand(dates: str) -> int:
        column = "select count(customer_id) from snapshot_cases_dev_dbt.complete where snapshot_date in"
        return scanned(f"{column} ({dates})")

    def by_test(name: str) -> int:
        return scanned(built.tests[name].compiled_code)

    newest, previous, oldest = "date '2024-01-03'", "date '2024-01-02'", "date '2024-01-01'"
    assert 0 < by_hand(newest) < by_hand(f"{newest}, {previous}") < by_hand(f"{newest}, {previous}, {oldest}")
    assert by_test("rows_within_fails_where_rows_are_chosen") == by_hand(f"{newest}, {previous}")
    assert by_test("latest_not_empty_fails_where_no_row_is_chosen") <= by_hand(newest)
    assert by_test("unique_per_snapshot_passes") == by_hand(newest)
    assert by_test("rows_within_fails_above_the_limit") == 0
    assert by_test("no_missing_dates_passes") == 0
