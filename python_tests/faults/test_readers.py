"""What queries see while snapshots are written again, and for how long the data they may still read stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import pytest
from meanwhile import again_and_again

from .support import DATABASE, Dbt, Lake, Row, day, generation

pytestmark = pytest.mark.xdist_group("faults")

TODAY, TOMORROW = day(0), day(1)


@contextmanager
def _reading(lake: Lake, name: str) -> Iterator[list[list[Row]]]:
    """Reads one day again and again while the block runs; what was read, in order. Raises what a query raised."""
    seen: list[list[Row]] = [lake.rows(name, TODAY)]

    def read() -> None:
        rows = lake.rows(name, TODAY)
        if rows != seen[-1]:
            seen.append(rows)

    with again_and_again(read):
        yield seen


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        ("one", 8),
        pytest.param("one", 50, marks=pytest.mark.long),
        pytest.param("ice", 50, marks=pytest.mark.long),
    ],
)
def test_a_reader_sees_one_generation_after_the_other(name: str, runs: int, lake: Lake, dbt: Dbt) -> None:
    dbt.run(name, 0, TODAY).passed()
    with _reading(lake, name) as seen:
        for number in range(1, runs + 1):
            dbt.run(name, number, TODAY).passed()
    possible = [generation(number, TODAY) for number in range(runs + 1)]
    places = [possible.index(rows) for rows in seen]
    assert places == sorted(places)
    assert places[0] == 0
    assert lake.rows(name, TODAY) == possible[-1]


def test_what_is_replaced_stays_until_no_query_can_read_it(lake: Lake, dbt: Dbt) -> None:
    dbt.run("one", 1, TODAY).passed()
    first = set(lake.files())
    dbt.run("one", 2, TODAY).passed()
    [folder] = lake.noted("one")
    assert {file for file in first if file.startswith(folder)} == first
    assert first < set(lake.files())

    _age(lake, "one", minutes=30)
    dbt.run("one", 3, TOMORROW).passed()
    assert lake.noted("one") == [folder]
    assert first < set(lake.files())

    _age(lake, "one", minutes=40)
    dbt.run("one", 4, TOMORROW).passed()
    [other] = lake.noted("one")
    assert other != folder
    assert not first & set(lake.files())
    assert lake.rows("one") == generation(2, TODAY) + generation(4, TOMORROW)


@pytest.mark.long
def test_what_an_interrupted_run_may_still_use_stays(lake: Lake, dbt: Dbt) -> None:
    dbt.run("one", 1, TODAY).passed()
    process = dbt.process()
    with lake.athena.faults.during(f"after:kill({process.pid}):engine.Run@*.one__dbt_replaced_*#1"):
        process.go("one", 2, TODAY, {}).wait()
    assert len(lake.noted("one")) == 1, "it is noted, and still current"

    _age(lake, "one", minutes=90)
    dbt.run("one", 3, TOMORROW).passed()
    assert lake.rows("one") == generation(1, TODAY) + generation(3, TOMORROW)

    dbt.run("one", 4, TODAY).passed()
    assert set(lake.stray("one")), "the hour begins again when the snapshot is replaced at last"
    dbt.run("one", 5, TOMORROW, snapshot_grace_minutes=0).passed()
    assert lake.tables() == ["one"]
    assert lake.stray("one") == []
    assert lake.rows("one") == generation(4, TODAY) + generation(5, TOMORROW)


@pytest.mark.parametrize(
    "minutes", ["an hour", *(pytest.param(each, marks=pytest.mark.long) for each in (-1, 1.5, True))]
)
def test_a_grace_that_is_no_number_is_refused_before_anything_is_written(minutes: object, lake: Lake, dbt: Dbt) -> None:
    refused = dbt.run("one", 1, TODAY, snapshot_grace_minutes=minutes)
    assert f"var `snapshot_grace_minutes` must be a whole number of minutes, got `{minutes}`." in refused.output
    assert lake.tables() == []


def _age(lake: Lake, name: str, *, minutes: int) -> None:
    """Makes all notes beside a table older."""
    glue = lake.athena.stores.glue
    for note in lake.tables():
        found = re.fullmatch(f"({name}__dbt_(?:replaced|interrupted)_[0-9a-f]+_)([0-9]{{12}})(_[0-9_]+)", note)
        if found:
            time = datetime.strptime(found[2], "%Y%m%d%H%M").replace(tzinfo=timezone.utc) - timedelta(minutes=minutes)
            entry = glue.table(DATABASE, note)
            assert entry
            glue.create_table(DATABASE, {**entry, "Name": f"{found[1]}{time:%Y%m%d%H%M}{found[3]}"})
            glue.delete_table(DATABASE, note)
