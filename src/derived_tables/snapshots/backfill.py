"""Runs models for dates that their tables do not hold yet."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from derived_tables.errors import RefusedError, must_be
from derived_tables.project.manifest import Node
from derived_tables.project.project import Project, Selection
from derived_tables.snapshots.contents import read_interrupted, read_snapshots
from derived_tables.snapshots.dates import snapshot_of
from derived_tables.snapshots.tables import Found
from derived_tables.warehouse.interface import Warehouse


@dataclass(frozen=True)
class State:
    """What is known of one model.

    Attributes:
        node: the model.
        held: the dates of the whole snapshots that its table holds.
    """

    node: Node
    held: frozenset[date]

    @property
    def grain(self) -> str:
        """`day`, `week` or `month`."""
        return str(self.node.config.get("snapshot_grain") or "day")


@dataclass(frozen=True)
class Step:
    """One date of a backfill.

    Attributes:
        day: the date.
        models: those to run for it, by name; none if they all have it already.
    """

    day: date
    models: tuple[Node, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of one step.

    Attributes:
        step: the step.
        seconds: how long dbt ran.
        error: what dbt said if it failed; empty if all is well.
    """

    step: Step
    seconds: float
    error: str = ""


def read_states(warehouse: Warehouse, found: Found) -> list[State]:
    """What the tables of models hold, by the models' names."""
    states = [State(node, frozenset()) for node in found.unbuilt]
    for table in found.tables:
        dates = {each.date for each in read_snapshots(warehouse, table)}
        held = dates - read_interrupted(warehouse, table, dates)
        states.append(State(table.node, frozenset(each.day for each in held)))
    return sorted(states, key=lambda state: state.node.selector)


def plan_backfill(states: Sequence[State], days: Iterable[date], *, replace: bool) -> list[Step]:
    """Which models to run for which dates, oldest first.

    Of the dates in one week or month of a model with that grain, the first counts.

    Args:
        states: what the models have already.
        days: in any order.
        replace: also run dates that are there.
    """
    seen = [set() if replace else set(state.held) for state in states]
    steps = []
    for day in sorted(set(days)):
        missing = []
        for state, dates in zip(states, seen, strict=True):
            snapshot = snapshot_of(day, state.grain)
            if snapshot not in dates:
                missing.append(state.node)
                dates.add(snapshot)
        steps.append(Step(day, tuple(missing)))
    return steps


def backfill(project: Project, steps: Sequence[Step]) -> Iterator[Outcome]:
    """Runs models for dates, a date each time the next outcome is asked for; ends with the first that fails.

    dbt parses the project once, for the first date: it would do so for each, because their variables are others.

    Args:
        project: the project.
        steps: oldest first; those without a model are left out.

    Raises:
        RefusedError: the project cannot be parsed for the first date.
        KeyboardInterrupt: Ctrl-C was pressed; dbt has cancelled its queries.
    """
    from derived_tables.project.dbt import DbtError  # noqa: PLC0415, dbt takes a second to import

    due = [step for step in steps if step.models]
    if not due:
        return
    try:
        dbt = project.dbt.beside("backfill").parse({"snapshot_date": due[0].day.isoformat()})
    except DbtError as error:
        raise RefusedError(str(error)) from error
    for step in due:
        started = time.monotonic()
        chosen = [f"{node.selector},package:{node.package}" for node in step.models]
        try:
            dbt.run(["run", "--select", *chosen], {"snapshot_date": step.day.isoformat()})
        except DbtError as error:
            yield Outcome(step, time.monotonic() - started, str(error))
            return
        yield Outcome(step, time.monotonic() - started)


def require_models_that_can(selection: Selection) -> None:
    """Refuses a selection with models that replace what earlier dates have left.

    Raises:
        RefusedError: there is such a model.
    """
    for node in selection.models:
        if node.materialized not in ("snapshot_append", "incremental"):
            raise must_be(
                f"`{node.selector}`",
                "a model with `materialized: snapshot_append` or `incremental`",
                node.materialized,
                "A run of any other model replaces what earlier dates have left: leave it out with `--exclude`.",
            )
        if node.config.get("full_refresh"):
            raise must_be(
                f"the config `full_refresh` of `{node.selector}`",
                "left out",
                "true",
                "Each run of the model would replace what earlier dates have left.",
            )


def require_snapshot_columns(found: Found) -> None:
    """Refuses incremental models whose tables do not tell which dates they hold.

    Raises:
        RefusedError: there is such a model.
    """
    for node in found.others:
        raise must_be(
            f"the table of `{node.selector}`",
            "one with a snapshot column, to tell which dates it holds",
            node.relation.label,
            "Name that column first in `partitioned_by` of the model, or leave the model out with `--exclude`.",
        )
