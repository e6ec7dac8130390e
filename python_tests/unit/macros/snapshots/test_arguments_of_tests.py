"""Generic tests of snapshots: arguments that cannot work are refused while dbt parses, with what to write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dbt_common.exceptions import CompilationError

from derived_tables.harness.macros import Macros
from derived_tables.harness.projects import Project, create_project

CALL = """\
    {%- macro call_test(test, given) -%}
        {{- return(context['derived_tables']['test_' ~ test]('sales.orders', **given)) -}}
    {%- endmacro -%}
"""


@pytest.fixture(scope="module")
def render(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Callable[..., str]:
    """Renders a generic test with some arguments, as on DuckDB."""
    project = create_project(
        tmp_path_factory.mktemp("arguments"), package=repository, files={"macros/call_test.sql": CALL}
    )
    project.dbt("deps").passed()
    macros = Macros(project)

    def call(test: str, **arguments: Any) -> str:
        return str(macros.call("call_test", package="consumer", test=test, given=arguments))

    return call


@pytest.mark.parametrize("percent", [None, "10", "ten", True, -1, [10]])
def test_percent_is_a_number(render: Callable[..., str], percent: Any) -> None:
    with pytest.raises(CompilationError) as caught:
        render("snapshots__rows_within", percent=percent)
    got = "none" if percent is None else f"`{percent}`"
    assert f"derived_tables.snapshots__rows_within: `percent` must be a number, 0 or more, got {got}." in str(
        caught.value
    )
    assert "Write e.g. `percent: 10`" in str(caught.value)


@pytest.mark.parametrize("percent", [0, 10, 0.5])
def test_percent_is_taken_as_it_is(render: Callable[..., str], percent: float) -> None:
    assert f" > {percent} * previous_rows" in render("snapshots__rows_within", percent=percent)


@pytest.mark.parametrize("age", ["1", 1.5, -1, True])
def test_age_is_a_whole_number(render: Callable[..., str], age: Any) -> None:
    with pytest.raises(CompilationError) as caught:
        render("snapshots__latest_not_empty", max_age_days=age)
    assert f"snapshots__latest_not_empty: `max_age_days` must be a whole number, 0 or more, got `{age}`." in str(
        caught.value
    )


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ({"grain": "year"}, "`grain` must be one of `day`, `week`, `month`, got `year`."),
        ({"grain": None}, "`grain` must be one of `day`, `week`, `month`, got none."),
        ({"start": "2024-13-01"}, "`start` must be a date like `2024-01-31`, got `2024-13-01`."),
        ({"end": "yesterday"}, "`end` must be a date like `2024-01-31`, got `yesterday`."),
        (
            {"start": "2024-02-01", "end": "2024-01-31"},
            "`end` must be no earlier than `start`, 2024-02-01, got `2024-01-31`.",
        ),
        ({"ignore": "2024-12-25"}, "`ignore` must be a list of dates, got `2024-12-25`."),
        ({"ignore": [20241225]}, "each of `ignore` must be a date like `2024-01-31`, got `20241225`."),
        ({"weekdays_only": "yes"}, "`weekdays_only` must be `true` or `false`, got `yes`."),
        ({"weekdays_only": True, "grain": "week"}, "`grain` must be `day` with `weekdays_only`, got `week`."),
    ],
)
def test_missing_dates(render: Callable[..., str], arguments: dict[str, Any], refusal: str) -> None:
    with pytest.raises(CompilationError) as caught:
        render("snapshots__no_missing_dates", **arguments)
    assert f"derived_tables.snapshots__no_missing_dates: {refusal}\n" in str(caught.value)


def test_dates_are_taken_as_yaml_gives_them(render: Callable[..., str]) -> None:
    sql = render("snapshots__no_missing_dates", start=dt.date(2024, 1, 1), ignore=[dt.date(2024, 1, 2), "2024-01-03"])
    assert "date '2024-01-01' as first_date" in sql
    assert "not in (date '2024-01-02', date '2024-01-03')" in sql


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ({"columns": "id"}, "`columns` must be a list of the columns that are unique together, got `id`."),
        ({"columns": []}, "`columns` must be a list of the columns that are unique together, got none."),
        ({"columns": ["lower(id)"]}, "each of `columns` must be the name of a column, got `lower(id)`."),
        ({"columns": ["id", "ID"]}, "`columns` must be without repetition and without `snapshot_date`, got `id, ID`."),
        (
            {"columns": ["id", "Snapshot_Date"]},
            "`columns` must be without repetition and without `snapshot_date`, got `id, Snapshot_Date`.",
        ),
        ({"columns": ["id"], "latest_only": "no"}, "`latest_only` must be `true` or `false`, got `no`."),
    ],
)
def test_unique_columns(render: Callable[..., str], arguments: dict[str, Any], refusal: str) -> None:
    with pytest.raises(CompilationError) as caught:
        render("snapshots__unique_per_snapshot", **arguments)
    assert f"derived_tables.snapshots__unique_per_snapshot: {refusal}\n" in str(caught.value)


@pytest.mark.parametrize(
    ("test", "arguments"),
    [
        ("snapshots__no_missing_dates", {}),
        ("snapshots__rows_within", {"percent": 1}),
        ("snapshots__latest_not_empty", {}),
        ("snapshots__unique_per_snapshot", {"columns": ["id"]}),
    ],
)
def test_column_and_format_of_all(render: Callable[..., str], test: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(CompilationError, match=f"{test}: `column` must be the name of a column, got `a b`."):
        render(test, column="a b", **arguments)
    with pytest.raises(CompilationError, match=f"{test}: the format of a snapshot date must be made of `%Y`"):
        render(test, format="YYYYMMDD", **arguments)
    assert '"extracted_on"' in render(test, column="extracted_on", format="%Y%m%d", **arguments)


def test_dbt_stops_while_it_parses(tmp_path: Path, repository: Path) -> None:
    project: Project = create_project(
        tmp_path,
        package=repository,
        files={
            "models/sales/orders/orders__daily.sql": "select 1 as id",
            "models/sales/orders/orders__daily.yml": """\
                models:
                  - name: orders__daily
                    data_tests:
                      - derived_tables.snapshots__rows_within:
                          arguments:
                            percent: 10%
            """,
        },
    )
    project.dbt("deps").passed()
    run = project.dbt("parse")
    assert not run.success
    assert "derived_tables.snapshots__rows_within: `percent` must be a number, 0 or more, got `10%`." in run.output
