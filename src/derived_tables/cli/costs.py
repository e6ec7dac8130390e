"""`derived-tables costs`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_UP, Decimal
from enum import Enum
from typing import Annotated, Any

import typer

from derived_tables.cli import options as o
from derived_tables.cli.output import Output, count, moment, size
from derived_tables.costs.bill import Bill, Line, grouped
from derived_tables.costs.price import price_per_tb
from derived_tables.costs.read import folders, read_bill
from derived_tables.errors import FailedError, RefusedError, must_be
from derived_tables.project.artefacts import read_run, require_same_target
from derived_tables.project.labels import read_labels
from derived_tables.project.log import read_log
from derived_tables.project.project import Options, Project, open_project

#: What people call what belongs to no node.
_NO_NODE = "outside of nodes"
_HUNDREDTH_OF_A_MILL = Decimal("0.00001")


class _Form(str, Enum):
    """How a bill is printed."""

    text = "text"
    json = "json"
    line = "line"


class _Groups(str, Enum):
    """By what a bill is summed up."""

    schedule = "schedule"
    domain = "domain"
    owner = "owner"


def costs(
    by: Annotated[
        _Groups | None, typer.Option("--by", help="Sum up by schedule, domain or owner of the nodes.")
    ] = None,
    max_cost: Annotated[
        str | None, typer.Option("--max-cost", metavar="USD", help="Exit with 1 if the run cost more, e.g. 2.50.")
    ] = None,
    target_path: o.TargetPath = None,
    log_path: o.LogPath = None,
    project_dir: o.ProjectDir = None,
    profiles_dir: o.ProfilesDir = None,
    target: o.Target = None,
    variables: o.Variables = "{}",
    form: Annotated[
        _Form, typer.Option("--format", help="Text for people, one JSON document, or one line for a pull request.")
    ] = _Form.text,
    quiet: o.Quiet = False,
) -> None:
    """Tells what the last run of dbt cost: statements, bytes, price, seconds and rows of each node.

    dbt.log, at its default level debug, names every statement that dbt-athena started; Athena tells what each of them
    read. What cannot be known is said, and then the exit code is 1. On DuckDB: seconds and rows.

        derived-tables costs --by domain --max-cost 2.50
    """
    output = Output(o.Format.json if form is _Form.json else o.Format.text, quiet=quiet or form is _Form.line)
    limit = _limit(max_cost)
    project = open_project(Options(project_dir, profiles_dir, target, variables))
    if limit is not None and project.target.type != "athena":
        remedy = "What runs there costs nothing by scan. Leave the option out."
        raise must_be("the target", "of the type `athena` for `--max-cost`", project.target.type, remedy)
    output.head(project.name, project.target.name, project.environment.name)
    artefacts, logs = folders(project, target_path, log_path)
    run = read_run(artefacts)
    require_same_target(run, project)
    labels = read_labels(artefacts)
    if by is not None and not labels.of:
        raise RefusedError(
            f"There is no manifest.json in {artefacts}, which `--by` needs.\nRun dbt with `--write-json`."
        )
    with output.progress("Asking Athena") as progress:
        log = read_log(logs, run.invocation)
        bill = read_bill(project, run, log, labels, progress)
    if log.later:
        output.remark(
            f"Later runs started {count(log.later, 'statement')} and left no run_results.json: not counted here."
        )
    lines = bill.lines if by is None else grouped(bill, lambda node: labels.by(by.value, node))
    header = "node" if by is None else by.value
    if form is _Form.line:
        output.say(_line(bill, lines, header))
    else:
        output.table(_header(bill, header), [_row(bill, _named(line, header), line) for line in lines])
        for sentence in _sentences(bill, project):
            output.say(sentence)
    for gap in bill.gaps:
        output.warn(gap)
    spark = sorted({result.node for result in run.results} & set(labels.python)) if _is_billed(bill) else []
    if spark:
        output.warn(f"Not priced here: {', '.join(spark)} ran on Spark, which is priced by time.")
    output.document(**_as_json(bill, lines, header, limit, spark, output.warnings))
    _judge(bill, limit)


def _limit(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        limit = Decimal(text)
    except ArithmeticError:
        limit = Decimal("NaN")
    if not limit.is_finite() or limit < 0:
        raise must_be("`--max-cost`", "a number of USD, 0 or more", text, "Write e.g. `--max-cost 2.50`.")
    return limit


def _judge(bill: Bill, limit: Decimal | None) -> None:
    """Ends the command if the run cost too much, or nobody can tell."""
    cost = bill.total.price
    if limit is not None and cost is not None and cost > limit:
        raise FailedError(f"The run cost {_least(bill)}{_usd(cost)}, more than `--max-cost {limit}`.")
    if not bill.is_complete:
        unsure = f", so it may be above `--max-cost {limit}`" if limit is not None else ""
        raise FailedError(f"The run cost at least {_usd(cost)}{unsure}: not all of it is known.")


def _is_billed(bill: Bill) -> bool:
    return bill.total.price is not None


def _least(bill: Bill) -> str:
    return "" if bill.is_complete else "at least "


def _usd(price: Decimal | None) -> str:
    """Never less than it was."""
    rounded = (price or Decimal(0)).quantize(_HUNDREDTH_OF_A_MILL, ROUND_UP)
    return f"${rounded:,}"


def _named(line: Line, header: str) -> str:
    return line.name or (_NO_NODE if header == "node" else "none")


def _header(bill: Bill, first: str) -> Sequence[str]:
    return (
        (first, "statements", "bytes", "price", "seconds", "rows") if _is_billed(bill) else (first, "seconds", "rows")
    )


def _row(bill: Bill, name: str, line: Line) -> Sequence[Any]:
    seconds = f"{line.seconds:,.1f}"
    if not _is_billed(bill):
        return (name, seconds, line.rows)
    return (name, line.statements, line.scanned, _usd(line.price), seconds, line.rows)


def _total(bill: Bill) -> str:
    total = bill.total
    if not _is_billed(bill):
        return f"{total.seconds:,.1f} s, {count(total.rows or 0, 'row')}"
    read = f"{size(total.scanned or 0)} scanned by {count(total.statements or 0, 'statement')}"
    return f"{_least(bill)}{_usd(total.price)}, {read} in {total.seconds:,.1f} s"


def _sentences(bill: Bill, project: Project) -> Sequence[str]:
    """The lines below the table."""
    run, total = bill.run, bill.total
    sentences = [f"dbt {run.command}, {moment(run.ended)}: {_total(bill)}"]
    if _is_billed(bill):
        sentences[0] += f", at {_usd_short(price_per_tb(project.variables))} per TB"
    return [*sentences, *(f"Not priced by scan: {each}." for each in _unpriced(total))]


def _unpriced(total: Line) -> Sequence[str]:
    reserved = [f"{count(total.reserved, 'statement')} on provisioned capacity"] if total.reserved else []
    return [*reserved, *([f"{count(total.reused, 'result')} used again"] if total.reused else [])]


def _usd_short(price: Decimal) -> str:
    cents = price.quantize(Decimal("0.01"))
    return f"${cents if cents == price else price:,}"


def _line(bill: Bill, lines: Sequence[Line], header: str) -> str:
    """The whole bill in one line."""
    said = f"dbt {bill.run.command}: {_total(bill)}"
    if lines and (lines[0].price or not _is_billed(bill)):
        most = _usd(lines[0].price) if _is_billed(bill) else f"{lines[0].seconds:,.1f} s"
        said += f"; most of it: {_named(lines[0], header)}, {most}"
    return said + "".join(f"; not priced by scan: {each}" for each in _unpriced(bill.total))


def _as_json(
    bill: Bill, lines: Sequence[Line], header: str, limit: Decimal | None, spark: Sequence[str], warnings: Sequence[str]
) -> dict[str, Any]:
    return {
        "run": {
            "invocation": bill.run.invocation,
            "command": bill.run.command,
            "started": bill.run.started,
            "ended": bill.run.ended,
        },
        "complete": bill.is_complete,
        "total": _line_as_json(bill.total),
        "by": header,
        "lines": [{"name": line.name, **_line_as_json(line)} for line in lines],
        "max_cost": None if limit is None else float(limit),
        "spark": list(spark),
        "warnings": list(warnings),
    }


def _line_as_json(line: Line) -> dict[str, Any]:
    return {
        "statements": line.statements,
        "bytes": line.scanned,
        "price": None if line.price is None else float(line.price),
        "seconds": round(line.seconds, 3),
        "rows": line.rows,
        "reused": line.reused,
        "on_capacity": line.reserved,
    }
