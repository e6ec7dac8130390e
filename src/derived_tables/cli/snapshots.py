"""`derived-tables snapshots`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from typing import Annotated, Any, TypeVar

import typer

from derived_tables.cli import options as o
from derived_tables.cli.carry_out import Carried, Lying
from derived_tables.cli.dates import one_date, several_dates
from derived_tables.cli.output import Output, count, moment, size
from derived_tables.cli.session import opened
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
from derived_tables.snapshots.cleaning import grace_of
from derived_tables.snapshots.compact import Compaction, Packed, plan_compaction
from derived_tables.snapshots.compact import compact as run_compaction
from derived_tables.snapshots.contents import Snapshot, read_snapshots
from derived_tables.snapshots.dates import between
from derived_tables.snapshots.drop import Drop, Wanted, plan_drop
from derived_tables.snapshots.drop import drop as run_drop
from derived_tables.snapshots.maintain import look_at_files, look_at_history
from derived_tables.snapshots.maintain import optimize as run_optimize
from derived_tables.snapshots.maintain import vacuum as run_vacuum
from derived_tables.snapshots.tables import Found, SnapshotTable, find_tables
from derived_tables.snapshots.values import SnapshotDate

app = typer.Typer(help="Dated copies of tables: list, drop, compact and backfill them.", no_args_is_help=True)

_Plan = TypeVar("_Plan")
_NOTHING_DONE = "Nothing was changed. To carry this out, add `--apply`."
_THERE = "is there already"


class Every(str, Enum):
    """How far apart the dates of a range are."""

    day = "day"
    week = "week"
    month = "month"


_Dates = Annotated[str | None, typer.Option("--dates", metavar="DATE,DATE,…", help="Single dates.")]


@app.command("list")
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
        tables = _each(output, "Reading", found.tables, lambda table: read_snapshots(session.warehouse, table))
    for table, snapshots in tables:
        output.say()
        with_files = table.table.kind != "duckdb"
        header = ("date", "rows", "bytes", "files") if with_files else ("date", "rows")
        output.say(table.label)
        output.table(header, [_listed(each.date.day, each, with_files) for each in snapshots])
        rows = sum(each.rows for each in snapshots)
        total = f", {size(sum(each.bytes or 0 for each in snapshots))}" if with_files else ""
        output.say(f"{count(len(snapshots), 'snapshot')}, {count(rows, 'row')}{total}")
    _say_unbuilt(output, found)
    output.document(
        tables=[
            {
                "model": table.node.unique_id,
                "relation": table.label,
                "kind": table.table.kind,
                "snapshots": [_described(each) for each in snapshots],
            }
            for table, snapshots in tables
        ],
        unbuilt=[node.unique_id for node in found.unbuilt],
    )


@app.command()
def drop(
    before: Annotated[str | None, typer.Option("--before", metavar="DATE", help="All before a date.")] = None,
    keep_last: Annotated[int | None, typer.Option("--keep-last", metavar="N", help="All but the newest N.")] = None,
    dates: _Dates = None,
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
    """Drops snapshots; the newest one of a table always stays.

    On Hive partitions go first, then data: files stay as long as var `snapshot_grace_minutes` says (an hour), for
    queries that are running; the next run of the model or the next command deletes them. On Iceberg `vacuum` does.

        derived-tables snapshots drop --select orders__daily --keep-last 30
    """
    output = Output(form, quiet=quiet)
    wanted = _wanted(before, keep_last, dates)
    with opened(Options(project_dir, profiles_dir, target, variables), output, select, exclude) as session:
        grace = grace_of(session.project.variables.get("snapshot_grace_minutes"))
        found = find_tables(session.project, session.warehouse, session.selection)
        lying = Lying(session, output)
        plans = _planned(
            output, found.tables, lambda table: plan_drop(session.warehouse, table, wanted, lying.around(table))
        )
        _refuse_all(plan.refused for plan in plans)
        _say_drops(output, plans)
        dropped = Carried[Drop, SnapshotDate](plans)
        if apply:
            dropped.carry_out(
                lambda plan: run_drop(session.warehouse, plan, occupied=lying.around(plan.table), say=output.remark)
            )
            for plan, done in dropped:
                if done:
                    output.say(f"dropped {count(len(done), 'snapshot')} of {plan.table.label}")
                    _say_when_files_go(output, plan, grace)
            dropped.clean(session, output, grace)
    if not apply and any(plan.snapshots for plan in plans):
        output.say(_NOTHING_DONE)
    output.document(
        applied=apply,
        tables=[
            {
                "model": plan.table.node.unique_id,
                "relation": plan.table.label,
                "drop": [_described(each) for each in plan.snapshots],
                "keep": [each.date.day for each in plan.kept],
                "missing": plan.missing,
                "bytes": _sum(each.bytes for each in plan.snapshots),
                "files": _sum(each.files for each in plan.snapshots),
                "changed": plan.changed,
                "staying": plan.staying,
                "dropped": [each.day for each in done],
            }
            for plan, done in dropped
        ],
        failed=dropped.failures,
    )
    dropped.raise_failures()


@app.command()
def compact(
    dates: _Dates = None,
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
    with opened(Options(project_dir, profiles_dir, target, variables), output, select, exclude) as session:
        grace = grace_of(session.project.variables.get("snapshot_grace_minutes"))
        found = find_tables(session.project, session.warehouse, session.selection)
        plans = _planned(output, found.tables, lambda table: plan_compaction(session.warehouse, table, days))
        _refuse_all(plan.refused for plan in plans)
        _say_compactions(output, plans)
        packed = Carried[Compaction, Packed](plans)
        if apply:
            packed.carry_out(
                lambda plan: run_compaction(
                    session.warehouse, plan, occupied=Lying(session, output).around(plan.table), say=output.remark
                ),
                lambda each: output.say(f"{each.name}: {count(each.files, 'file')}, now {each.files_after}"),
            )
            packed.clean(session, output, grace)
    if not apply and any(plan.partitions for plan in plans):
        output.say(_NOTHING_DONE)
    output.document(
        applied=apply,
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
                    for each in (done if apply else plan.partitions)
                ],
            }
            for plan, done in packed
        ],
        failed=packed.failures,
    )
    packed.raise_failures()


@app.command()
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
        tables = _iceberg(find_tables(session.project, session.warehouse, session.selection))
        found = _each(output, "Looking at", tables, lambda table: look_at_files(session.warehouse, table))
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
    if not apply:
        output.say(_NOTHING_DONE)
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


@app.command()
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
        tables = _iceberg(find_tables(session.project, session.warehouse, session.selection))
        found = _each(output, "Looking at", tables, lambda table: look_at_history(session.warehouse, table))
        rows = [(table.label, _minute(each.oldest), each.states, f"{each.keeps_days:g}") for table, each in found]
        output.table(("table", "oldest state", "states", "days kept"), rows, texts=2)
        done: set[str] = set()
        for table in tables if apply else ():
            with output.progress(f"Vacuuming {table.label}"):
                run_vacuum(session.warehouse, table.table.relation)
            output.say(f"vacuumed {table.label}")
            done.add(table.label)
    if not apply:
        output.say(_NOTHING_DONE)
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


@app.command()
def backfill(
    select: Annotated[
        list[str],
        typer.Option("--select", "-s", metavar="MODELS", help="Models, in dbt's selection syntax."),
    ],
    start: Annotated[str | None, typer.Option("--start", metavar="DATE", help="The first date.")] = None,
    end: Annotated[
        str | None, typer.Option("--end", metavar="DATE", help="The last date; by default the first one.")
    ] = None,
    every: Annotated[
        Every | None, typer.Option("--every", help="How far apart the dates are; by default a day.")
    ] = None,
    dates: _Dates = None,
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
        output.say(f"{count(due, 'date')} to run" + (f", {there:,} there already" if there else ""))
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


def _each(
    output: Output, what: str, tables: Sequence[SnapshotTable], do: Callable[[SnapshotTable], _Plan]
) -> list[tuple[SnapshotTable, _Plan]]:
    found = []
    with output.progress(f"{what} tables") as progress:
        progress.total(len(tables))
        for table in tables:
            try:
                found.append((table, do(table)))
            except RefusedError as error:
                # An incremental model may be partitioned by anything.
                if table.is_own or len(tables) == 1:
                    raise
                output.remark(f"leaves out {table.label}: {error}")
            progress.step()
    return found


def _planned(output: Output, tables: Sequence[SnapshotTable], plan: Callable[[SnapshotTable], _Plan]) -> list[_Plan]:
    return [made for _, made in _each(output, "Looking at", tables, plan)]


def _wanted(before: str | None, keep_last: int | None, dates: str | None) -> Wanted:
    options = {"--before": before, "--keep-last": keep_last, "--dates": dates}
    given = [name for name, value in options.items() if value is not None]
    if len(given) != 1:
        raise must_be(
            "one option", "`--before`, `--keep-last` or `--dates`", ", ".join(given) or None, "E.g. `--keep-last 30`."
        )
    if keep_last is not None and keep_last < 1:
        raise must_be("`--keep-last`", "at least 1", keep_last, "The newest snapshot always stays.")
    days = several_dates("--dates", dates)
    return Wanted(one_date("--before", before), keep_last, None if days is None else frozenset(days))


def _refuse_all(reasons: Any) -> None:
    found = [reason for reason in reasons if reason]
    if found:
        raise RefusedError("\n".join(found))


def _say_drops(output: Output, plans: Sequence[Drop]) -> None:
    rows = [
        (plan.table.label, each.date.day, each.rows, each.bytes, each.files, moment(each.changed))
        for plan in plans
        for each in plan.snapshots
    ]
    header = ("table", "date", "rows", "bytes", "files", "last change")
    # DuckDB knows rows only.
    shown = len(header) if any(row[3] is not None for row in rows) else 3
    output.table(header[:shown], [row[:shown] for row in rows], texts=2)
    for plan in plans:
        for day in plan.missing:
            output.say(f"{plan.table.label}: there is no snapshot of {day}")
        if plan.newest_wanted:
            output.say(f"{plan.table.label}: keeps {plan.newest_wanted}, the newest snapshot is never dropped")
        for reason in plan.staying:
            output.say(f"{plan.table.label}: {reason}")
        output.say(
            f"{plan.table.label}: drops {count(len(plan.snapshots), 'snapshot')}"
            + _extent(_sum(each.bytes for each in plan.snapshots), _sum(each.files for each in plan.snapshots), plan)
            + f", keeps {len(plan.kept):,}"
        )


def _extent(size_: int | None, files: int | None, plan: Drop | Compaction) -> str:
    """How much a plan is about, in brackets."""
    parts = [] if size_ is None else [size(size_), count(files or 0, "file")]
    parts += [f"last change {moment(plan.changed)}"] if plan.changed else []
    return f" ({', '.join(parts)})" if parts else ""


def _say_when_files_go(output: Output, plan: Drop, grace: timedelta) -> None:
    if plan.table.table.kind == "iceberg":
        output.say("Its files stay until `derived-tables snapshots vacuum` deletes them.")
    elif plan.table.table.kind == "hive" and plan.table.is_own and grace:
        minutes = count(grace // timedelta(minutes=1), "minute")
        output.say(
            "Running queries may still read its files: the next run of the model, or the next command, after "
            f"{minutes} deletes them."
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
        sizes = _sum(each.bytes for each in plan.partitions), _sum(each.files for each in plan.partitions)
        output.say(f"{plan.table.label}: compacts {count(len(plan.partitions), 'partition')}{_extent(*sizes, plan)}")


def _say_unbuilt(output: Output, found: Found) -> None:
    for node in found.unbuilt:
        output.say(f"{node.name} has no table yet.")


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""


def _iceberg(found: Found) -> list[SnapshotTable]:
    tables = [table for table in found.tables if table.table.kind == "iceberg"]
    if not found.tables:
        names = ", ".join(f"`{node.selector}`" for node in found.unbuilt)
        raise RefusedError(f"There is no table yet of {names}.\nRun the models first.")
    if not tables:
        got = ", ".join(sorted({table.table.kind for table in found.tables}))
        raise must_be("`--select`", "models with Iceberg tables on Athena", got, "Other tables need no such care.")
    return tables


def _listed(day: date, each: Any, with_files: bool) -> Sequence[Any]:
    return (day, each.rows, each.bytes, each.files) if with_files else (day, each.rows)


def _described(each: Snapshot) -> dict[str, Any]:
    return {
        "date": each.date.day,
        "rows": each.rows,
        "bytes": each.bytes,
        "files": each.files,
        "changed": each.changed,
    }


def _sum(values: Any) -> int | None:
    found = [value for value in values if value is not None]
    return sum(found) if found else None


def _days(start: str | None, end: str | None, every: Every | None, dates: str | None) -> list[date]:
    listed = several_dates("--dates", dates)
    first, last = one_date("--start", start), one_date("--end", end)
    if listed and (first or last or every):
        raise RefusedError("`--dates` must be given without `--start`, `--end` and `--every`.")
    if listed:
        return listed
    if first is None:
        raise RefusedError(
            "Dates are missing.\nGive a range with `--start` and `--end`, or single dates with `--dates`."
        )
    last = last or first
    if last < first:
        raise must_be("`--end`", f"at least `--start`, {first}", last, "Exchange the two.")
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
            f"at most {today}, today in UTC",
            max(days),
            "If the future is meant, add `--vars 'allow_future_snapshots: true'`.",
        )
