"""`derived-tables snapshots optimize` and `vacuum`: Iceberg tables on Athena."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from derived_tables.cli import options as o
from derived_tables.cli.output import Output
from derived_tables.cli.session import opened
from derived_tables.cli.snapshots.shared import NOTHING_DONE, each_table, say_unbuilt
from derived_tables.project.project import Options
from derived_tables.snapshots.maintain import look_at_files, look_at_history
from derived_tables.snapshots.maintain import optimize as run_optimize
from derived_tables.snapshots.maintain import vacuum as run_vacuum
from derived_tables.snapshots.tables import Found, SnapshotTable, find_tables


def optimize(
    where: Annotated[
        str | None,
        typer.Option("--where", metavar="SQL", help="Only partitions for which this condition holds."),
    ] = None,
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
    """Compacts the files of Iceberg tables and applies their deletes.

    Runs Athena's OPTIMIZE until there is no more to do. Tables that are not Iceberg are left alone.

        derived-tables snapshots optimize --select orders__history
    """
    output = Output(form, quiet=quiet)
    with opened(Options(project_dir, profiles_dir, target, variables), output, select, exclude) as session:
        tables = _iceberg(output, find_tables(session.project, session.warehouse, session.selection))
        found = each_table(output, "Looking at", tables, lambda table: look_at_files(session.warehouse, table))
        rows = [(table.label, each.data, each.deletes) for table, each in found]
        output.table(("table", "data files", "delete files"), rows)
        if where:
            output.say(f"only partitions where {where}")
        done: set[str] = set()
        for table in tables if apply else ():
            with output.progress(f"Optimizing {table.label}"):
                run_optimize(session.warehouse, table.table.relation, where)
            output.say(f"optimized {table.label}")
            done.add(table.label)
    if tables and not apply:
        output.say(NOTHING_DONE)
    output.document(
        applied=apply,
        tables=[
            {
                "model": table.node.unique_id,
                "relation": table.label,
                "data_files": each.data,
                "delete_files": each.deletes,
                "optimized": table.label in done,
            }
            for table, each in found
        ],
    )


def vacuum(
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
    """Deletes files that no state of an Iceberg table needs.

    Runs Athena's VACUUM until there is no more to do. States of the last five days are kept (table property
    vacuum_max_snapshot_age_seconds), so files of dropped snapshots go when those days are over. Tables that are not
    Iceberg are left alone.

        derived-tables snapshots vacuum --select orders__history
    """
    output = Output(form, quiet=quiet)
    with opened(Options(project_dir, profiles_dir, target, variables), output, select, exclude) as session:
        tables = _iceberg(output, find_tables(session.project, session.warehouse, session.selection))
        found = each_table(output, "Looking at", tables, lambda table: look_at_history(session.warehouse, table))
        rows = [(table.label, _minute(each.oldest), each.states, f"{each.keeps_days:g}") for table, each in found]
        output.table(("table", "oldest state", "states", "days kept"), rows, texts=2)
        done: set[str] = set()
        for table in tables if apply else ():
            with output.progress(f"Vacuuming {table.label}"):
                run_vacuum(session.warehouse, table.table.relation)
            output.say(f"vacuumed {table.label}")
            done.add(table.label)
    if tables and not apply:
        output.say(NOTHING_DONE)
    output.document(
        applied=apply,
        tables=[
            {
                "model": table.node.unique_id,
                "relation": table.label,
                "states": each.states,
                "oldest": each.oldest,
                "days_kept": each.keeps_days,
                "vacuumed": table.label in done,
            }
            for table, each in found
        ],
    )


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""


def _iceberg(output: Output, found: Found) -> list[SnapshotTable]:
    """The Iceberg tables among those that were found; says what is left alone."""
    say_unbuilt(output, found)
    for table in found.tables:
        if table.table.kind != "iceberg":
            output.say(f"{table.label} is left alone: it is not an Iceberg table.")
    return [table for table in found.tables if table.table.kind == "iceberg"]
