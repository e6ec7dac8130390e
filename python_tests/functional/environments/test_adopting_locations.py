"""A project whose 20 models say `external_location=generate_s3_location()` adopts the package without an edit in them.

Its tables in production lie at `…/table_name=x/`, without a unique last part; some are incremental and hold history.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from meanwhile import again_and_again

from derived_tables.harness.projects import Project, athena_target, create_project
from local_athena import LocalAthena

TABLES = [f"t{number:02}" for number in range(20)]
#: How each model is built, by its number; all of them say where it lies.
KINDS = {
    0: "materialized='table'",
    1: "materialized='table', ha=true",
    2: "materialized='table', table_type='iceberg'",
    3: "materialized='incremental', incremental_strategy='append'",
    4: "materialized='incremental', incremental_strategy='append', table_type='iceberg'",
    5: "materialized='incremental', incremental_strategy='insert_overwrite', partitioned_by=['day']",
}
#: The macro that every model calls, as docs/adopting.md has it.
SHIM = """\
{#- The package places each table by itself: models that still ask for a location get none. -#}

{%- macro generate_s3_location() -%}
    {{- return(none) -}}
{%- endmacro -%}
"""
OLD_ROWS, NEW_DAY = [("1", "2024-01-01"), ("2", "2024-01-02")], "2024-01-03"
NEW_ROWS = [("3", NEW_DAY)]


def kind_of(number: int) -> str:
    return KINDS[number % len(KINDS)]


def model(number: int) -> str:
    return (
        f"{{{{ config({kind_of(number)}, external_location=generate_s3_location()) }}}}\n"
        f"select 3 as id, date '{NEW_DAY}' as day"
    )


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the databases begin with, and the bucket's name."""
    return tmp_path_factory.mktemp("adopted").name


@pytest.fixture(scope="module")
def project(
    tmp_path_factory: pytest.TempPathFactory, repository: Path, local_athena: LocalAthena, prefix: str
) -> Project:
    """The project, wired to the package, and its tables in production as the project made them before."""
    bucket = prefix.replace("_", "-")
    local_athena.create_bucket(bucket)
    target = athena_target(bucket=bucket, poll_interval=0.01, num_retries=0)
    created = create_project(
        tmp_path_factory.mktemp("project"),
        package=repository,
        files={
            "macros/generate_s3_location.sql": SHIM,
            **{f"models/sales/{prefix}/{prefix}__{name}.sql": model(number) for number, name in enumerate(TABLES)},
        },
        targets={"dev": target, "prod": target},
    )
    created.dbt("deps").passed()
    local_athena.query(f"create database {prefix}")
    for number, name in enumerate(TABLES):
        place = f"s3://{bucket}/tables/prod/models/domain_name=sales/database_name={prefix}/table_name={name}/"
        rows = "values (1, date '2024-01-01'), (2, date '2024-01-02')"
        if "iceberg" in kind_of(number):
            settings = f"table_type = 'iceberg', is_external = false, location = '{place}'"
        else:
            settings = f"external_location = '{place}'"
            settings += ", partitioned_by = array['day']" if "partitioned_by" in kind_of(number) else ""
        local_athena.query(
            f"create table {prefix}.{name} with ({settings}) as select id, day from ({rows}) as r (id, day)"
        )
    return created


def rows_of(athena: LocalAthena, table: str) -> list[tuple[str | None, ...]]:
    return sorted(tuple(row.values()) for row in athena.query(f"select id, day from {table}"))


def expected(number: int, runs: int) -> list[tuple[str, str]]:
    """What a table holds after so many runs in production."""
    kind = kind_of(number)
    if "append" in kind:
        return OLD_ROWS + runs * NEW_ROWS
    if "insert_overwrite" in kind:
        return OLD_ROWS + NEW_ROWS[: runs and 1]
    return NEW_ROWS if runs else OLD_ROWS


@contextmanager
def reading(athena: LocalAthena, prefix: str) -> Iterator[dict[str, list[Any]]]:
    """Reads the tables in turns while the block runs: what was read of each, without what was there before."""
    seen: dict[str, list[Any]] = {name: [rows_of(athena, f"{prefix}.{name}")] for name in TABLES}

    def read() -> None:
        for name in TABLES:
            try:
                found = rows_of(athena, f"{prefix}.{name}")
            except Exception:  # noqa: S112 dbt-athena drops a table before it builds it anew
                continue
            if found != seen[name][-1]:
                seen[name].append(found)

    with again_and_again(read):
        yield seen


def test_every_step_of_the_adoption(project: Project, local_athena: LocalAthena, prefix: str) -> None:
    """0 rows lost, 0 doubled: in dev, in production once and again, for readers meanwhile."""
    before = {name: rows_of(local_athena, f"{prefix}.{name}") for name in TABLES}
    assert all(rows == OLD_ROWS for rows in before.values())

    with reading(local_athena, prefix) as seen:
        project.dbt("build", target="dev").passed()
    assert {name: found for name, found in seen.items() if len(found) > 1} == {}, "dev touches nothing of production"
    assert all(rows_of(local_athena, f"{prefix}_dev_dbt.{name}") == NEW_ROWS for name in TABLES)

    for runs in (1, 2):
        with reading(local_athena, prefix) as seen:
            project.dbt("build", target="prod").passed()
        for number, name in enumerate(TABLES):
            assert rows_of(local_athena, f"{prefix}.{name}") == expected(number, runs), (kind_of(number), runs)
            possible = [expected(number, runs - 1), expected(number, runs)]
            if kind_of(number) == "materialized='table'":
                possible.append([])  # dbt-athena deletes the files of a table without `ha` before it builds it anew
            elif "insert_overwrite" in kind_of(number):
                possible.append(OLD_ROWS)  # and the files of a partition before it writes it
            assert all(found in possible for found in seen[name]), (kind_of(number), seen[name])
    assert all(rows_of(local_athena, f"{prefix}_dev_dbt.{name}") == NEW_ROWS for name in TABLES)


def test_without_the_macro_the_run_stops_before_anything_is_written(
    project: Project, local_athena: LocalAthena, prefix: str
) -> None:
    """The models keep a location of their own making: it is refused, in every environment."""
    own = "{% macro generate_s3_location() %}s3://" + prefix.replace("_", "-") + "/tables/mine/{% endmacro %}"
    project.write({"macros/generate_s3_location.sql": own})
    before = {name: rows_of(local_athena, f"{prefix}.{name}") for name in TABLES}
    run = project.dbt("build", target="prod")
    assert not run.success
    assert "must be one for each environment, because all would write there" in run.output
    assert "docs/adopting.md" in run.output
    assert {name: rows_of(local_athena, f"{prefix}.{name}") for name in TABLES} == before
    project.write({"macros/generate_s3_location.sql": SHIM})
