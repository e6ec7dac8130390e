"""Which models a backfill runs for which dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derived_tables.errors import RefusedError
from derived_tables.project.manifest import Manifest, Node
from derived_tables.project.project import Selection
from derived_tables.relation import Relation
from derived_tables.snapshots.backfill import State, plan_backfill, require_models_that_can
from derived_tables.snapshots.dates import GRAINS, snapshot_of


def node(name: str, materialized: str = "snapshot_append", **config: object) -> Node:
    """A model."""
    relation = Relation("shop", "orders_dev_dbt", name)
    whole = {"materialized": materialized, **config}
    return Node(f"model.shop.{name}", name, "model", "shop", f"models/{name}.sql", relation, whole, {})


def state(name: str, *held: str, grain: str | None = None) -> State:
    """What is known of a model."""
    return State(node(name, snapshot_grain=grain), frozenset(map(date.fromisoformat, held)))


def planned(states: Sequence[State], *days: str, replace: bool = False) -> list[tuple[str, list[str]]]:
    """A plan, as texts."""
    steps = plan_backfill(states, map(date.fromisoformat, days), replace=replace)
    return [(step.day.isoformat(), [each.name for each in step.models]) for step in steps]


def test_dates_are_run_once_and_in_their_order() -> None:
    found = planned([state("daily", "2024-01-02")], "2024-01-03", "2024-01-01", "2024-01-03", "2024-01-02")
    assert found == [("2024-01-01", ["daily"]), ("2024-01-02", []), ("2024-01-03", ["daily"])]


def test_each_model_has_dates_and_a_grain_of_its_own() -> None:
    states = [state("daily"), state("weekly", "2024-01-29", grain="week"), state("monthly", grain="month")]
    assert planned(states, "2024-01-31", "2024-02-01", "2024-02-05") == [
        ("2024-01-31", ["daily", "monthly"]),  # a Wednesday, of the week that begins on 29 January
        ("2024-02-01", ["daily", "monthly"]),
        ("2024-02-05", ["daily", "weekly"]),
    ]


def test_replace_runs_what_is_there_but_no_snapshot_twice() -> None:
    monthly = state("monthly", "2024-01-01", grain="month")
    assert planned([monthly], "2024-01-31", "2024-01-30", replace=True) == [
        ("2024-01-30", ["monthly"]),
        ("2024-01-31", []),
    ]


DAYS = st.dates(date(2023, 12, 1), date(2024, 3, 31))


@given(held=st.sets(DAYS), grain=st.sampled_from(GRAINS), days=st.lists(DAYS, max_size=40), replace=st.booleans())
def test_afterwards_the_table_holds_every_date_and_a_second_plan_is_empty(
    held: set[date], grain: str, days: list[date], replace: bool
) -> None:
    before = frozenset(snapshot_of(day, grain) for day in held)
    model = State(node("any", snapshot_grain=grain), before)
    steps = plan_backfill([model], days, replace=replace)
    written = [snapshot_of(step.day, grain) for step in steps if step.models]
    wanted = {snapshot_of(day, grain) for day in days}
    assert [step.day for step in steps] == sorted(set(days))
    assert len(set(written)) == len(written), "no snapshot is written twice"
    assert set(written) == (wanted if replace else wanted - before)
    after = State(model.node, before | set(written))
    assert not any(step.models for step in plan_backfill([after], days, replace=False))


def test_a_year_of_days() -> None:
    days = [date(2024, 1, 1) + timedelta(number) for number in range(366)]
    assert sum(bool(step.models) for step in plan_backfill([state("w", grain="week")], days, replace=False)) == 53


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (node("table", "table"), "`table` must be a model with `materialized: snapshot_append` or `incremental`"),
        (node("anew", "incremental", full_refresh=True), "the config `full_refresh` of `anew` must be left out"),
    ],
)
def test_models_that_would_lose_earlier_dates_are_refused(chosen: Node, message: str) -> None:
    kept = (node("daily"), node("kept", "incremental", full_refresh=False))
    require_models_that_can(Selection(Manifest({}, ""), kept))
    with pytest.raises(RefusedError, match=message):
        require_models_that_can(Selection(Manifest({}, ""), (*kept, chosen)))
