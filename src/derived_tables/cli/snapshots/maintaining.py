"""`derived-tables snapshots optimize` and `vacuum`: Iceberg tables on Athena."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import typer

from derived_tables.cli import options as o
from derived_tables.cli.carry_out import Execution
from derived_tables.cli.output import Output, moment
from derived_tables.cli.session import Session, opened
from derived_tables.cli.snapshots.shared import NOTHING_DONE, planned, say_unbuilt, trouble
from derived_tables.project.project import Options
from derived_tables.snapshots.maintain import Files, History, look_at_files, look_at_history
from derived_tables.snapshots.maintain import optimize as run_optimize
from derived_tables.snapshots.maintain import vacuum as run_vacuum
from derived_tables.snapshots.tables import Found, SnapshotTable, find_tables
from derived_tables.warehouse.interface import Warehouse

_Contents = TypeVar("_Contents", Files, History)


@dataclass(frozen=True)
class _IcebergTable(Generic[_Contents]):
    """An Iceberg table, and what there is to do."""

    table: SnapshotTable
    contents: _Contents


@dataclass(frozen=True)
class _Maintenance(Generic[_Contents]):
    """What a verb does with a table.

    Attributes:
        doing: the verb, of what is under way.
        done: the verb, of what is over; the key in JSON.
        look: finds out what there is to do.
        run: does it.
        described: what there is to do, in JSON.
    """

    doing: str
    done: str
    look: Callable[[Warehouse, SnapshotTable], _Contents]
    run: Callable[[Warehouse, SnapshotTable], None]
    described: Callable[[_Contents], dict[str, Any]]

    def look_at(self, output: Output, session: Session) -> Execution[_IcebergTable[_Contents], None]:
        """Looks at the Iceberg tables among those that are selected."""
        found = find_tables(session.project, session.warehouse, session.selection)
        tables = _iceberg(output, found)
        looked = planned(output, tables, lambda table: _IcebergTable(table, self.look(session.warehouse, table)))
        return Execution(*looked)

    def carry_out(
        self, output: Output, session: Session, tables: Execution[_IcebergTable[_Contents], None], *, applied: bool
    ) -> None:
        """Does it if it is to be done, and tells what was done."""

        def do(each: _IcebergTable[_Contents]) -> Iterator[None]:
            with output.progress(f"{self.doing} {each.table.label}"):
                self.run(session.warehouse, each.table)
            yield

        try:  # Ctrl-C does not hide what was done
            if applied:
                tables.carry_out(do, lambda each, _: output.say(f"{self.done} {each.table.label}"))
        finally:
            output.document(
                applied=applied,
                tables=[
                    {
                        "model": each.table.node.unique_id,
                        "relation": each.table.label,
                        **self.described(each.contents),
                        self.done: bool(done),
                    }
                    for each, done in tables
                ],
                **trouble(output, tables),
            )
        if list(tables) and not applied:
            output.say(NOTHING_DONE)
        tables.raise_failures(applied=applied)


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
    optimizing = _Maintenance[Files](
        "Optimizing",
        "optimized",
        look_at_files,
        lambda warehouse, table: run_optimize(warehouse, table.table.relation, where),
        lambda found: {"data_files": found.data, "delete_files": found.deletes},
    )
    with opened(Options(project_dir, profiles_dir, target, variables), output, select, exclude) as session:
        tables = optimizing.look_at(output, session)
        rows = [(each.table.label, each.contents.data, each.contents.deletes) for each, _ in tables]
        output.table(("table", "data files", "delete files"), rows)
        if where:
            output.say(f"only partitions where {where}")
        optimizing.carry_out(output, session, tables, applied=apply)


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
    vacuuming = _Maintenance[History](
        "Vacuuming",
        "vacuumed",
        look_at_history,
        lambda warehouse, table: run_vacuum(warehouse, table.table.relation),
        lambda found: {"states": found.states, "oldest": found.oldest, "days_kept": found.keeps_days},
    )
    with opened(Options(project_dir, profiles_dir, target, variables), output, select, exclude) as session:
        tables = vacuuming.look_at(output, session)
        output.table(("table", "oldest state", "states", "days kept"), [_listed(each) for each, _ in tables], texts=2)
        vacuuming.carry_out(output, session, tables, applied=apply)


def _listed(each: _IcebergTable[History]) -> Sequence[Any]:
    return each.table.label, moment(each.contents.oldest), each.contents.states, f"{each.contents.keeps_days:g}"


def _iceberg(output: Output, found: Found) -> list[SnapshotTable]:
    """The Iceberg tables among those that were found; says what is left alone."""
    say_unbuilt(output, found)
    for table in found.tables:
        if table.table.kind != "iceberg":
            output.say(f"{table.label} is left alone: it is not an Iceberg table.")
    return [table for table in found.tables if table.table.kind == "iceberg"]
