"""`derived-tables snapshots backfill`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timezone
from enum import Enum
from typing import Annotated, Any

import typer

from derived_tables.cli import options as o
from derived_tables.cli.dates import one_date, several_dates
from derived_tables.cli.output import Output, count
from derived_tables.cli.session import opened
from derived_tables.cli.snapshots.shared import Dates
from derived_tables.errors import FailedError, RefusedError, must_be
from derived_tables.project.project import Options, Project
from derived_tables.project.variables import parse_variables
from derived_tables.snapshots.backfill import (
    Step,
    plan_backfill,
    read_states,
    require_models_that_can,
    require_snapshot_columns,
)
from derived_tables.snapshots.backfill import backfill as run_backfill
from derived_tables.snapshots.dates import between
from derived_tables.snapshots.tables import find_tables

_THERE = "already exists"


class Every(str, Enum):
    """How far apart the dates of a range are."""

    day = "day"
    week = "week"
    month = "month"


def backfill(
    select: o.RequiredSelect,
    start: Annotated[str | None, typer.Option("--start", metavar="DATE", help="The first date.")] = None,
    end: Annotated[
        str | None, typer.Option("--end", metavar="DATE", help="The last date; by default the first one.")
    ] = None,
    every: Annotated[
        Every | None, typer.Option("--every", help="How far apart the dates are; by default a day.")
    ] = None,
    dates: Dates = None,
    replace: Annotated[bool, typer.Option("--replace", help="Also run dates that the tables hold already.")] = False,
    apply: o.Apply = False,
    exclude: o.Exclude = None,
    project_dir: o.ProjectDir = None,
    profiles_dir: o.ProfilesDir = None,
    target: o.Target = None,
    variables: o.Variables = "{}",
    form: o.OutputFormat = o.Format.text,
    quiet: o.Quiet = False,
) -> None:
    """Runs models once for each of several dates, oldest first.

    Each run gets its date as var snapshot_date. Dates that a table holds already are left out, so after an error or
    Ctrl-C the same command carries on where it stopped.

    The models must be able to tell the past: a query that reads only today's data writes today's rows under old dates.
    dbt parses the project once, for the first date, so configs and refs must not depend on the date.

        derived-tables snapshots backfill -s orders__daily --start 2024-01-01 --end 2024-01-31
    """
    output = Output(form, quiet=quiet)
    given = Options(project_dir, profiles_dir, target, variables)
    days = _days(start, end, every, dates)
    _check_snapshot_date(variables)
    with opened(given, output, select, exclude) as session:
        _check_future(session.project, days)
        require_models_that_can(session.selection)
        found = find_tables(session.project, session.warehouse, session.selection)
        require_snapshot_columns(found)
        with output.progress("Looking at tables"):
            states = read_states(session.warehouse, found)
        steps = plan_backfill(states, days, replace=replace)
    if apply:
        _apply_backfill(output, session.project, steps)
    else:
        for number, step in enumerate(steps, start=1):
            output.say(_dated(step, f"would run {_names(step)}" if step.models else _THERE, number, len(steps)))
        due = sum(bool(step.models) for step in steps)
        there = len(steps) - due
        output.say(f"{count(due, 'date')} to run" + (f", {there:,} already exist" if there else ""))
        if due:
            output.say("Nothing was run. To carry this out, add `--apply`.")
        output.document(
            applied=False,
            dates=[_told(step, "to run" if step.models else "there") for step in steps],
        )


def _apply_backfill(output: Output, project: Project, steps: Sequence[Step]) -> None:
    """Runs what a backfill is to run, and tells the outcome of each date; also if it ends early."""
    statuses = ["not run" if step.models else "there" for step in steps]
    errors: dict[int, str] = {}
    outcomes = run_backfill(project, steps)
    try:
        for position, step in enumerate(steps):
            if not step.models:
                output.say(_dated(step, _THERE, position + 1, len(steps)))
                continue
            with output.progress(f"Running {step.day}"):
                outcome = next(outcomes)
            if outcome.error:
                statuses[position], errors[position] = "failed", outcome.error
                output.say(_dated(step, "failed", position + 1, len(steps)))
                raise FailedError(
                    f"the run for {step.day} failed.\n{outcome.error}\n"
                    "Later dates were not run. To carry on, correct what failed and repeat the command."
                )
            statuses[position] = "done"
            output.say(_dated(step, f"done in {outcome.seconds:.1f} s", position + 1, len(steps)))
    except RefusedError:
        raise
    except BaseException:
        output.document(applied=True, dates=_told_all(steps, statuses, errors))
        raise
    output.document(applied=True, dates=_told_all(steps, statuses, errors))


def _told_all(steps: Sequence[Step], statuses: Sequence[str], errors: Mapping[int, str]) -> list[dict[str, Any]]:
    return [
        _told(step, status, errors.get(position))
        for position, (step, status) in enumerate(zip(steps, statuses, strict=True))
    ]


def _told(step: Step, status: str, error: str | None = None) -> dict[str, Any]:
    told = {"date": step.day, "status": status, "models": [node.unique_id for node in step.models]}
    return told if error is None else {**told, "error": error}


def _dated(step: Step, what: str, number: int, total: int) -> str:
    return f"{step.day}  {what}  ({number} of {total})"


def _names(step: Step) -> str:
    return ", ".join(node.selector for node in step.models)


def _days(start: str | None, end: str | None, every: Every | None, dates: str | None) -> list[date]:
    listed = several_dates("--dates", dates)
    first, last = one_date("--start", start), one_date("--end", end)
    if listed and (first or last or every):
        raise RefusedError("`--dates` cannot be combined with `--start`, `--end` and `--every`.")
    if listed:
        return listed
    if first is None:
        missing = "`--start` is missing." if last else "Dates are missing."
        raise RefusedError(f"{missing}\nGive a range with `--start` and `--end`, or single dates with `--dates`.")
    last = last or first
    if last < first:
        raise must_be("`--end`", f"no earlier than `--start`, {first}", last, "Swap the two.")
    return between(first, last, every.value if every else "day")


def _check_snapshot_date(variables: str) -> None:
    given = parse_variables(variables)
    if "snapshot_date" in given:
        remedy = "It is set for each date; name the dates with `--start` or `--dates`."
        raise must_be("var `snapshot_date`", "left out of `--vars`", given["snapshot_date"], remedy)


def _check_future(project: Project, days: Sequence[date]) -> None:
    today = datetime.now(timezone.utc).date()
    if max(days) > today and project.variables.get("allow_future_snapshots") is not True:
        raise must_be(
            "the last date",
            f"no later than {today}, today in UTC",
            max(days),
            "If the future is meant, add `--vars 'allow_future_snapshots: true'`.",
        )
