"""`derived-tables snapshots list`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from derived_tables.cli import options as o
from derived_tables.cli.output import Output, count, size
from derived_tables.cli.session import opened
from derived_tables.cli.snapshots.shared import described, each_table, say_unbuilt
from derived_tables.project.project import Options
from derived_tables.snapshots.contents import Snapshot, read_interrupted, read_snapshots
from derived_tables.snapshots.tables import SnapshotTable, find_tables
from derived_tables.snapshots.values import SnapshotDate
from derived_tables.warehouse.interface import Warehouse


def list_(
    select: o.Select = None,
    exclude: o.Exclude = None,
    project_dir: o.ProjectDir = None,
    profiles_dir: o.ProfilesDir = None,
    target: o.Target = None,
    variables: o.Variables = "{}",
    form: o.OutputFormat = o.Format.text,
    quiet: o.Quiet = False,
) -> None:
    """Lists the snapshots of tables, with rows, bytes and files.

    Dates, bytes and files are metadata. Rows are counted by one query a table, which scans nothing of Parquet, ORC and
    Iceberg.

        derived-tables snapshots list --select orders__daily
    """
    output = Output(form, quiet=quiet)
    with opened(Options(project_dir, profiles_dir, target, variables), output, select, exclude) as session:
        found = find_tables(session.project, session.warehouse, session.selection)
        tables = each_table(output, "Reading", found.tables, lambda table: _read(session.warehouse, table))
    for table, (snapshots, interrupted) in tables:
        output.say()
        with_files = table.table.kind != "duckdb"
        header = ("date", "rows", "bytes", "files") if with_files else ("date", "rows")
        output.say(table.label)
        output.table(header, [_listed(each.date.day, each, with_files) for each in snapshots])
        for each in snapshots:
            if each.date in interrupted:
                output.say(f"{each.date.day}: a run or a drop was interrupted; run the model, or drop it again")
        rows = sum(each.rows or 0 for each in snapshots)
        total = f", {size(sum(each.bytes or 0 for each in snapshots))}" if with_files else ""
        output.say(f"{count(len(snapshots), 'snapshot')}, {count(rows, 'row')}{total}")
    say_unbuilt(output, found)
    output.document(
        tables=[
            {
                "model": table.node.unique_id,
                "relation": table.label,
                "kind": table.table.kind,
                "snapshots": [{**described(each), "interrupted": each.date in interrupted} for each in snapshots],
            }
            for table, (snapshots, interrupted) in tables
        ],
        unbuilt=[node.unique_id for node in found.unbuilt],
    )


def _read(warehouse: Warehouse, table: SnapshotTable) -> tuple[list[Snapshot], set[SnapshotDate]]:
    """The snapshots of a table, and which of them may lack partitions."""
    snapshots = read_snapshots(warehouse, table)
    return snapshots, read_interrupted(warehouse, table, [each.date for each in snapshots])


def _listed(day: date, each: Any, with_files: bool) -> Sequence[Any]:
    return (day, each.rows, each.bytes, each.files) if with_files else (day, each.rows)
