"""`derived-tables snapshots compact`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from derived_tables.cli import options as o
from derived_tables.cli.carry_out import Execution, Surroundings
from derived_tables.cli.dates import several_dates
from derived_tables.cli.output import Output, count, moment
from derived_tables.cli.session import Session, opened
from derived_tables.cli.snapshots.shared import (
    NOTHING_DONE,
    Dates,
    extent,
    planned,
    refuse_all,
    say_unbuilt,
    total,
    trouble,
)
from derived_tables.project.project import Options
from derived_tables.snapshots.cleaning import grace_of
from derived_tables.snapshots.compact import Compaction, Packed, plan_compaction
from derived_tables.snapshots.compact import compact as run_compaction
from derived_tables.snapshots.tables import find_tables


def compact(
    dates: Dates = None,
    apply: o.Apply = False,
    select: o.Select = None,
    exclude: o.Exclude = None,
    project_dir: o.ProjectDir = None,
    profiles_dir: o.ProfilesDir = None,
    target: o.Target = None,
    variables: o.Variables = "{}",
    form: o.OutputFormat = o.Format.text,
    quiet: o.Quiet = False,
) -> None:
    """Compacts the files of snapshots; readers notice nothing.

    On Hive each partition with too many files is written anew, as files of up to 128 MiB, then pointed there. On
    Iceberg it is OPTIMIZE, one snapshot after the other. On DuckDB there is nothing to do.

        derived-tables snapshots compact --select orders__daily --dates 2024-01-31
    """
    output = Output(form, quiet=quiet)
    days = several_dates("--dates", dates)
    with opened(
        Options(project_dir, profiles_dir, target, variables), output, select, exclude, writes=apply
    ) as session:
        grace = grace_of(session.project.variables.get("snapshot_grace_minutes"))
        found = find_tables(session.project, session.warehouse, session.selection)
        say_unbuilt(output, found)
        plans, failures = planned(output, found.tables, lambda table: plan_compaction(session.warehouse, table, days))
        refuse_all(plan.refused for plan in plans)
        _say_compactions(output, plans)
        packed = Execution[Compaction, Packed](plans, failures)
        surroundings = Surroundings(session, output)
        if apply:
            refuse_all(surroundings.refusal(plan.table) for plan in plans if plan.partitions)
        try:  # Ctrl-C does not hide what was done
            if apply:
                _carry_out(session, output, packed, surroundings, grace)
        finally:
            _tell(output, packed, applied=apply)
    if not apply and any(plan.partitions for plan in plans):
        output.say(NOTHING_DONE)
    packed.raise_failures(applied=apply)


def _carry_out(
    session: Session,
    output: Output,
    packed: Execution[Compaction, Packed],
    surroundings: Surroundings,
    grace: timedelta,
) -> None:
    packed.carry_out(
        lambda plan: run_compaction(session.warehouse, plan, occupied=surroundings.around(plan.table), say=output.warn),
        lambda plan, each: output.say(
            f"{plan.table.label}, {each.name}: {count(each.files, 'file')}, now {each.files_after}"
        ),
    )
    packed.clean(session, output, grace)


def _tell(output: Output, packed: Execution[Compaction, Packed], *, applied: bool) -> None:
    output.document(
        applied=applied,
        tables=[
            {
                "model": plan.table.node.unique_id,
                "relation": plan.table.label,
                "missing": plan.missing,
                "skipped": plan.skipped,
                "bytes": sum(each.bytes for each in plan.partitions),
                "files": sum(each.files for each in plan.partitions),
                "changed": plan.changed,
                "partitions": [
                    {"name": each.name, "bytes": each.bytes, "files": each.files, "files_after": each.files_after}
                    for each in (done if applied else plan.partitions)
                ],
            }
            for plan, done in packed
        ],
        **trouble(output, packed),
    )


def _say_compactions(output: Output, plans: Sequence[Compaction]) -> None:
    rows = [
        (plan.table.label, each.name, each.bytes, each.files, each.files_after, moment(each.changed))
        for plan in plans
        for each in plan.partitions
    ]
    output.table(("table", "partition", "bytes", "files", "files after", "last change"), rows, texts=2)
    for plan in plans:
        for day in plan.missing:
            output.say(f"{plan.table.label}: there is no snapshot of {day}")
        for reason in plan.skipped:
            output.say(reason)
        sizes = total(each.bytes for each in plan.partitions), total(each.files for each in plan.partitions)
        output.say(
            f"{plan.table.label}: compacts {count(len(plan.partitions), 'partition')}{extent(*sizes, plan.changed)}"
        )
