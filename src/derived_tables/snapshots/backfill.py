"""Runs models for dates that their tables do not hold yet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from derived_tables.errors import FailedError, RefusedError, must_be
from derived_tables.project.manifest import Node
from derived_tables.project.project import Project, Selection
from derived_tables.snapshots.contents import read_snapshots
from derived_tables.snapshots.dates import snapshot_of
from derived_tables.snapshots.locks import lock_relation, read_locks
from derived_tables.snapshots.tables import Found, SnapshotTable
from derived_tables.warehouse.interface import Warehouse
from derived_tables.warehouse.lake import Lake


@dataclass(frozen=True)
class State:
    """What is known of one model.

    Attributes:
        grain: `day`, `week` or `month`.
        held: the dates of the whole snapshots that its table holds.
    """

    grain: str
    held: frozenset[date]


@dataclass(frozen=True)
class Step:
    """One date of a backfill.

    Attributes:
        day: the date.
        models: those to run for it, by name; none if they all have it already.
    """

    day: date
    models: tuple[str, ...]


def read_states(warehouse: Warehouse, found: Found) -> Mapping[str, State]:
    """What the tables of models hold, by the models' names."""
    states = {node.name: State(_grain(node), frozenset()) for node in found.unbuilt}
    for table in found.tables:
        held = {each.date for each in read_snapshots(warehouse, table)} - _interrupted(warehouse, table)
        states[table.node.name] = State(_grain(table.node), frozenset(each.day for each in held))
    return states


def plan_backfill(states: Mapping[str, State], days: Iterable[date], *, replace: bool) -> list[Step]:
    """Which models to run for which dates, oldest first; of the dates in one week or month of a model the first counts.

    Args:
        states: by the models' names.
        days: in any order.
        replace: also run dates that are there.
    """
    seen = {name: set() if replace else set(state.held) for name, state in states.items()}
    steps = []
    for day in sorted(set(days)):
        missing = tuple(name for name, state in states.items() if snapshot_of(day, state.grain) not in seen[name])
        for name in missing:
            seen[name].add(snapshot_of(day, states[name].grain))
        steps.append(Step(day, missing))
    return steps


def backfill(project: Project, steps: Sequence[Step], say: Callable[[str], None]) -> None:
    """Runs models for dates.

    dbt parses the project once, for the first date: it would do so for each, because their variables are others.

    Args:
        project: the project.
        steps: oldest first.
        say: gets a line for each date.

    Raises:
        RefusedError: the project cannot be parsed for the first date.
        FailedError: a date has failed; later dates were not run.
        KeyboardInterrupt: Ctrl-C was pressed; dbt has cancelled its queries.
    """
    from derived_tables.project.dbt import DbtError  # noqa: PLC0415, dbt takes a second to import

    try:
        dbt = project.dbt.beside("backfill").parse({"snapshot_date": steps[0].day.isoformat()})
    except DbtError as error:
        raise RefusedError(str(error)) from error
    for number, step in enumerate(steps, start=1):
        count = f"({number} of {len(steps)})"
        if not step.models:
            say(f"{step.day}  is there already  {count}")
            continue
        started = time.monotonic()
        try:
            dbt.run(["run", "--select", *step.models], {"snapshot_date": step.day.isoformat()})
        except DbtError as error:
            raise FailedError(
                f"{step.day}  failed  {count}\n{error}\n"
                "Later dates were not run. To go on, correct what failed and repeat the command."
            ) from error
        say(f"{step.day}  done in {time.monotonic() - started:.1f} s  {count}")


def require_models_that_can(selection: Selection) -> None:
    """Refuses a selection with models that replace what earlier dates have left.

    Raises:
        RefusedError: there is such a model.
    """
    for node in selection.models:
        if node.materialized not in ("snapshot_append", "incremental"):
            raise must_be(
                f"`{node.name}`",
                "a model with `materialized: snapshot_append` or `incremental`",
                node.materialized,
                "A run of any other model replaces what earlier dates have left.",
            )


def _grain(node: Node) -> str:
    given: Any = node.config.get("snapshot_grain")
    return str(given or "day")


def _interrupted(warehouse: Warehouse, table: SnapshotTable) -> set[Any]:
    """A snapshot of a Hive table that is locked may lack some of its partitions."""
    if table.table.kind != "hive":
        return set()
    assert isinstance(warehouse, Lake), "only Athena has Hive tables"
    relation = table.table.relation
    names = [each.relation.identifier for each in warehouse.glue.tables(relation.database, relation.schema)]
    locks = set(read_locks(names, relation))
    return {each.date for each in read_snapshots(warehouse, table) if lock_relation(relation, each.date) in locks}
