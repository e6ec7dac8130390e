"""More partitions in one snapshot than Athena writes at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from .support import DATABASE, Dbt, Lake, day, forking, project_of

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.long]

TODAY, TOMORROW = day(0), day(1)
MANY = 250
_MODEL = """\
{{ config(materialized='snapshot_append', partitioned_by=['snapshot_date', 'leaf']) }}
select
    leaf * {{ var('generation', 1) }} as amount,
    {{ derived_tables.snapshot_date() }} as snapshot_date,
    leaf
from unnest(sequence({{ var('first', 1) }}, {{ var('first', 1) + 249 }})) as numbers (leaf)
"""


@pytest.fixture(scope="module")
def dbt(lake: Lake, tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[Dbt]:
    """dbt processes that write many partitions."""
    project = project_of(tmp_path_factory.mktemp("many") / "project", repository, {"many": _MODEL})
    with forking(project, "athena", lake.athena.environment()) as started:
        yield started


def _content(number: int, first: int) -> list[tuple[str, ...]]:
    return sorted((str(leaf * number), str(leaf)) for leaf in range(first, first + MANY))


def _stored(lake: Lake, today: date) -> list[tuple[str, ...]]:
    found = lake.athena.query(f"select amount, leaf from many where snapshot_date = date '{today}'", DATABASE)
    return sorted((str(row["amount"]), str(row["leaf"])) for row in found)


def test_a_day_of_250_leaves_appears_and_is_written_again(lake: Lake, dbt: Dbt) -> None:
    with lake.athena.faults.trace() as trace:
        dbt.run("many", 1, TODAY, first=1).passed()
    assert _stored(lake, TODAY) == _content(1, 1)
    assert len(trace) < MANY, "a new day needs no call for each leaf"

    dbt.run("many", 2, TOMORROW, first=1).passed()
    dbt.run("many", 3, TODAY, first=11, snapshot_grace_minutes=0).passed()
    assert _stored(lake, TODAY) == _content(3, 11)
    assert _stored(lake, TOMORROW) == _content(2, 1)
    assert lake.tables() == ["many"]
    assert lake.stray("many") == []
    expected = {(TODAY.isoformat(), str(leaf)) for leaf in range(11, 261)}
    expected |= {(TOMORROW.isoformat(), str(leaf)) for leaf in range(1, 251)}
    assert set(lake.partitions("many")) == expected
