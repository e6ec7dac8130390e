"""Runs models for dates that their tables do not hold yet."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import yaml

from derived_tables.operations.dates import snapshot_of
from derived_tables.operations.dbt import Dbt, DbtError

#: How `_print_backfill_state` begins the one line that is meant for this module.
_MARK = "derived_tables: "


class BackfillError(Exception):
    """A date has failed."""


class RefusedError(Exception):
    """What is asked for cannot be done; nothing was run."""


@dataclass(frozen=True)
class _State:
    """What is known of one model.

    Attributes:
        grain: `day`, `week` or `month`.
        held: the dates of the snapshots that its table holds.
    """

    grain: str
    held: frozenset[date]


def backfill(
    dbt: Dbt,
    models: Sequence[str],
    dates: Sequence[date],
    *,
    replace: bool,
    dry_run: bool,
    say: Callable[[str], None],
) -> None:
    """Runs models for dates, oldest first; a date that a model's table holds already is left out.

    So it goes on where it stopped: what was done is there. dbt parses the project once, for the first date: it would
    do so for each, because their variables are others.

    Args:
        dbt: runs the commands.
        models: their names.
        dates: for which they are run; of two dates in one week or month of a model with that grain, the first counts.
        replace: run dates again that are there.
        dry_run: say what would be done.
        say: gets a line for each date.

    Raises:
        RefusedError: a model is unknown or keeps no snapshots.
        BackfillError: a date has failed; later dates were not run.
    """
    days = sorted(set(dates))
    try:
        dbt = dbt.parsed({"snapshot_date": days[0].isoformat()})
        states = _states(dbt, models)
    except DbtError as error:
        raise RefusedError(str(error)) from error
    seen: dict[str, set[date]] = {model: set() if replace else set(state.held) for model, state in states.items()}
    for number, day in enumerate(days, start=1):
        count = f"({number} of {len(days)})"
        missing = [name for name, state in states.items() if snapshot_of(day, state.grain) not in seen[name]]
        if not missing:
            say(f"{day}  is there already  {count}")
            continue
        for name in missing:
            seen[name].add(snapshot_of(day, states[name].grain))
        if dry_run:
            say(f"{day}  would run {', '.join(missing)}  {count}")
            continue
        started = time.monotonic()
        try:
            dbt.run(["run", "--select", *missing], {"snapshot_date": day.isoformat()})
        except DbtError as error:
            raise BackfillError(
                f"{day}  failed  {count}\n{error}\n"
                "Later dates were not run. To go on, correct what failed and repeat the command."
            ) from error
        say(f"{day}  done in {time.monotonic() - started:.1f} s  {count}")


def _states(dbt: Dbt, models: Sequence[str]) -> Mapping[str, _State]:
    arguments = yaml.safe_dump({"models": list(models)})
    printed = dbt.run(["run-operation", "derived_tables._print_backfill_state", "--args", arguments])
    [line] = [line for line in printed if line.startswith(_MARK)]
    return {
        name: _State(found["grain"], frozenset(date.fromisoformat(text) for text in found["dates"]))
        for name, found in json.loads(line.removeprefix(_MARK)).items()
    }
