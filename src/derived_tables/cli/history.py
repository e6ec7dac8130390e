"""`derived-tables history`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from derived_tables.cli import options as o
from derived_tables.cli.output import Output, count, moment
from derived_tables.costs.read import folders, read_bill
from derived_tables.history.records import Cost, records_of
from derived_tables.history.store import LocalPlace, Place, S3Place, keep, local_folder, newest, s3_folder
from derived_tables.history.summary import Summary, summarized
from derived_tables.project.artefacts import read_run, require_same_target
from derived_tables.project.labels import read_labels
from derived_tables.project.log import read_log
from derived_tables.project.project import Options, Project, open_project
from derived_tables.warehouse.connect import connected
from derived_tables.warehouse.lake import Lake

app = typer.Typer(
    help="What the last runs did: record each run, and show what they say together.", no_args_is_help=True
)


@app.command()
def record(
    target_path: o.TargetPath = None,
    log_path: o.LogPath = None,
    project_dir: o.ProjectDir = None,
    profiles_dir: o.ProfilesDir = None,
    target: o.Target = None,
    variables: o.Variables = "{}",
    form: o.OutputFormat = o.Format.text,
    quiet: o.Quiet = False,
) -> None:
    """Records what the last run of dbt did, and what it cost.

    Call it after each run, also after one that failed: it keeps results, failures, rows, seconds and costs of nodes,
    and no values of data. It writes one file of Parquet below `s3_data_dir`; on DuckDB below var `artefacts_dir`.
    Recording a run twice changes nothing.

        derived-tables history record
    """
    output = Output(form, quiet=quiet)
    project = open_project(Options(project_dir, profiles_dir, target, variables))
    output.head(project.name, project.target.name, project.environment.name)
    artefacts, logs = folders(project, target_path, log_path)
    run = read_run(artefacts)
    require_same_target(run, project)
    with _place_of(project) as place, output.progress("Asking Athena") as progress:
        log = read_log(logs, run.invocation)
        bill = read_bill(project, run, log, read_labels(artefacts), progress)
        costs = {
            line.name: Cost(line.statements, line.scanned, None if line.price is None else float(line.price))
            for line in bill.lines
        }
        records = records_of(run, project.target.name, costs, log.assertions, is_priced=bill.is_complete)
        name = keep(place, records) if records else None
    for gap in bill.gaps:
        output.warn(gap)
    what = f"the run of {moment(run.ended)} with {count(len(run.results), 'node')}"
    if not records:
        output.say("The run had no nodes: there is nothing to record.")
    else:
        output.say(f"recorded {what} in {place.address}" if name else f"{what} is recorded already in {place.address}")
    output.document(
        invocation=run.invocation,
        place=place.address,
        file=name,
        nodes=len(run.results),
        assertions=len(log.assertions),
        priced=bill.is_complete,
        warnings=output.warnings,
    )


@app.command()
def show(
    runs: Annotated[int, typer.Option("--runs", metavar="N", min=1, help="Look at the newest N runs.")] = 100,
    failing: Annotated[bool, typer.Option("--failing", help="Show what fails, and nothing else.")] = False,
    project_dir: o.ProjectDir = None,
    profiles_dir: o.ProfilesDir = None,
    target: o.Target = None,
    variables: o.Variables = "{}",
    form: o.OutputFormat = o.Format.text,
    quiet: o.Quiet = False,
) -> None:
    """Shows what fails, since when, and how often it flips.

    It lists the nodes and assertions of the last runs, each with its last result; what fails stands first, the oldest
    failure above. A flip is a failure after a success, or a success after a failure; a warning counts as a failure.

        derived-tables history show --failing
    """
    output = Output(form, quiet=quiet)
    project = open_project(Options(project_dir, profiles_dir, target, variables))
    output.head(project.name, project.target.name, project.environment.name)
    with _place_of(project) as place, output.progress("Reading"):
        records, number = newest(place, runs)
    found = summarized(records)
    shown = [each for each in found if each.failing_since or not failing]
    output.table(
        ("node", "result", "failing since", "failures", "rows", "seconds", "price", "flips", "runs"),
        [_row(each) for each in shown],
        texts=3,
    )
    bad = sum(each.failing_since is not None for each in found)
    output.say(
        f"{count(number, 'run')}, {count(len(found), 'node or assertion', 'nodes and assertions')}, {bad} failing"
    )
    output.document(place=place.address, runs=number, nodes=[_as_json(each) for each in shown])


@contextmanager
def _place_of(project: Project) -> Iterator[Place]:
    """Where the history of a project's environment lies."""
    if project.target.type != "athena":
        yield LocalPlace(local_folder(project.variables, project.project_dir, project.environment))
        return
    folder = s3_folder(project.target.settings, project.environment)
    with connected(project.target) as warehouse:
        assert isinstance(warehouse, Lake)
        yield S3Place(warehouse.objects, folder)


def _row(each: Summary) -> tuple[Any, ...]:
    last = each.last
    return (
        f"{last.node}: {last.assertion}" if last.assertion else last.node,
        last.status,
        moment(each.failing_since),
        last.failures,
        last.rows,
        None if last.seconds is None else f"{last.seconds:,.1f}",
        None if last.price is None else f"${last.price:,.5f}",
        each.flips,
        each.runs,
    )


def _as_json(each: Summary) -> dict[str, Any]:
    last = each.last
    return {
        "node": last.node,
        "assertion": last.assertion,
        "status": last.status,
        "ended": last.ended,
        "failures": last.failures,
        "rows": last.rows,
        "seconds": last.seconds,
        "price": last.price,
        "failing_since": each.failing_since,
        "flips": each.flips,
        "runs": each.runs,
        "price_of_runs": each.price,
    }
