"""`derived-tables snapshots drop`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer

from derived_tables.cli import options as o
from derived_tables.cli.carry_out import Execution, Surroundings
from derived_tables.cli.dates import one_date, several_dates
from derived_tables.cli.output import Output, count, moment
from derived_tables.cli.session import Session, opened
from derived_tables.cli.snapshots.shared import (
    NOTHING_DONE,
    Dates,
    described,
    extent,
    planned,
    refuse_all,
    say_unbuilt,
    total,
    trouble,
)
from derived_tables.errors import RefusedError, must_be
from derived_tables.project.project import Options
from derived_tables.snapshots.cleaning import grace_of
from derived_tables.snapshots.drop import Drop, Wanted, plan_drop
from derived_tables.snapshots.drop import drop as run_drop
from derived_tables.snapshots.tables import find_tables
from derived_tables.snapshots.values import SnapshotDate


def drop(
    select: o.RequiredSelect,
    before: Annotated[
        str | None, typer.Option("--before", metavar="DATE", help="Drop all snapshots before this date.")
    ] = None,
    keep_last: Annotated[
        int | None, typer.Option("--keep-last", metavar="N", help="Keep the newest N, drop the rest.")
    ] = None,
    dates: Dates = None,
    apply: o.Apply = False,
    exclude: o.Exclude = None,
    project_dir: o.ProjectDir = None,
    profiles_dir: o.ProfilesDir = None,
    target: o.Target = None,
    variables: o.Variables = "{}",
    form: o.OutputFormat = o.Format.text,
    quiet: o.Quiet = False,
) -> None:
    """Drops snapshots; the newest one of a table always stays.

    On Hive partitions go first, then data: files stay as long as var `snapshot_grace_minutes` says (an hour), for
    queries that are running; the next run of the model or the next command deletes them. On Iceberg `vacuum` does.

        derived-tables snapshots drop --select orders__daily --keep-last 30
    """
    output = Output(form, quiet=quiet)
    wanted = _wanted(before, keep_last, dates)
    with opened(
        Options(project_dir, profiles_dir, target, variables), output, select, exclude, writes=apply
    ) as session:
        grace = grace_of(session.project.variables.get("snapshot_grace_minutes"))
        found = find_tables(session.project, session.warehouse, session.selection)
        say_unbuilt(output, found)
        surroundings = Surroundings(session, output)
        plans, failures = planned(
            output, found.tables, lambda table: plan_drop(session.warehouse, table, wanted, surroundings.around(table))
        )
        refuse_all(plan.refused for plan in plans)
        _say_drops(output, plans)
        dropped = Execution[Drop, SnapshotDate](plans, failures)
        if apply:
            refuse_all(surroundings.refusal(plan.table) for plan in plans if plan.snapshots)
        try:  # Ctrl-C does not hide what was done
            if apply:
                _carry_out(session, output, dropped, surroundings, grace)
        finally:
            _tell(output, dropped, applied=apply)
    if not apply and any(plan.snapshots for plan in plans):
        output.say(NOTHING_DONE)
    dropped.raise_failures(applied=apply)


def _carry_out(
    session: Session,
    output: Output,
    dropped: Execution[Drop, SnapshotDate],
    surroundings: Surroundings,
    grace: timedelta,
) -> None:
    try:
        dropped.carry_out(
            lambda plan: run_drop(session.warehouse, plan, occupied=surroundings.around(plan.table), say=output.warn)
        )
    finally:
        for plan, done in dropped:
            if done:
                output.say(f"dropped {count(len(done), 'snapshot')} of {plan.table.label}")
                _say_when_files_go(output, plan, grace)
    dropped.clean(session, output, grace)


def _tell(output: Output, dropped: Execution[Drop, SnapshotDate], *, applied: bool) -> None:
    output.document(
        applied=applied,
        tables=[
            {
                "model": plan.table.node.unique_id,
                "relation": plan.table.label,
                "drop": [described(each) for each in plan.snapshots],
                "keep": [each.date.day for each in plan.kept],
                "missing": plan.missing,
                "bytes": total(each.bytes for each in plan.snapshots),
                "files": total(each.files for each in plan.snapshots),
                "changed": plan.changed,
                "staying": plan.staying,
                "dropped": [each.day for each in done],
            }
            for plan, done in dropped
        ],
        **trouble(output, dropped),
    )


def _wanted(before: str | None, keep_last: int | None, dates: str | None) -> Wanted:
    options = {"--before": before, "--keep-last": keep_last, "--dates": dates}
    given = [name for name, value in options.items() if value is not None]
    if len(given) != 1:
        got = " and ".join(f"`{name}`" for name in given) or "none"
        raise RefusedError(f"Exactly one of `--before`, `--keep-last` and `--dates` must be given, got {got}.")
    if keep_last is not None and keep_last < 1:
        raise must_be("`--keep-last`", "at least 1", keep_last, "The newest snapshot always stays.")
    days = several_dates("--dates", dates)
    return Wanted(one_date("--before", before), keep_last, None if days is None else frozenset(days))


def _say_drops(output: Output, plans: Sequence[Drop]) -> None:
    rows = [
        (plan.table.label, each.date.day, each.rows, each.bytes, each.files, moment(each.changed))
        for plan in plans
        for each in plan.snapshots
    ]
    header = ("table", "date", "rows", "bytes", "files", "last change")
    # DuckDB knows rows only, Hive everything but rows.
    shown = [place for place in range(len(header)) if place < 2 or any(row[place] is not None for row in rows)]
    output.table([header[place] for place in shown], [[row[place] for place in shown] for row in rows], texts=2)
    for plan in plans:
        for day in plan.missing:
            output.say(f"{plan.table.label}: there is no snapshot of {day}")
        if plan.newest_wanted:
            output.say(f"{plan.table.label}: keeps {plan.newest_wanted}: the newest snapshot is never dropped")
        for reason in plan.staying:
            output.say(f"{plan.table.label}: {reason}")
        output.say(
            f"{plan.table.label}: drops {count(len(plan.snapshots), 'snapshot')}"
            + extent(
                total(each.bytes for each in plan.snapshots), total(each.files for each in plan.snapshots), plan.changed
            )
            + f", keeps {len(plan.kept):,}"
        )


def _say_when_files_go(output: Output, plan: Drop, grace: timedelta) -> None:
    if plan.table.table.kind == "iceberg":
        output.say("Its files stay until `derived-tables snapshots vacuum` deletes them.")
    elif plan.table.table.kind == "hive" and plan.table.is_own and grace:
        minutes = count(grace // timedelta(minutes=1), "minute")
        output.say(
            "Running queries may still read its files: the next run of the model, or the next command, after "
            f"{minutes} deletes them."
        )
