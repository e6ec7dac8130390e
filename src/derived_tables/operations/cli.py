"""The command `derived-tables`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any, NoReturn

import yaml

from derived_tables.operations.dates import GRAINS, between

_ABOUT = """\
Operates the derived tables of a dbt project. What dbt can do by itself are operations of the package:

    dbt run-operation derived_tables.list_snapshots --args 'model: orders__daily'
"""
_BACKFILL = """\
Runs models once for each of a number of dates, oldest first, with the variable snapshot_date. A date that the table
holds already is left out: stopped by an error or Ctrl-C, the same command goes on where it was.

    derived-tables backfill-snapshots --select orders__daily --start 2024-01-01 --end 2024-01-31
    derived-tables backfill-snapshots --select orders__daily --dates 2024-01-05,2024-02-09 --replace

The models must be able to tell the past: a query of today's data alone writes today's rows under old dates. The project
is parsed once, for the first date: configs and refs of a model must not depend on the date.
"""
#: Exit codes: a date failed; the command cannot be carried out as given; Ctrl-C, as shells have it.
FAILED, REFUSED, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    code: int = options.run(options)
    return code


def _parser() -> argparse.ArgumentParser:
    style = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("derived-tables", description=_ABOUT, formatter_class=style, allow_abbrev=False)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    backfill = commands.add_parser(
        "backfill-snapshots",
        help="run models for dates of the past",
        description=_BACKFILL,
        formatter_class=style,
        allow_abbrev=False,
    )
    backfill.add_argument("--select", nargs="+", required=True, metavar="MODEL", help="names of models")
    dates = backfill.add_argument_group("dates", "a range or a list; ISO, e.g. 2024-01-31")
    dates.add_argument("--start", type=_date, metavar="DATE", help="the first date")
    dates.add_argument("--end", type=_date, metavar="DATE", help="the last date (default: the first one)")
    dates.add_argument("--every", choices=GRAINS, help="how far apart the dates of a range are (default day)")
    dates.add_argument("--dates", type=_dates, metavar="DATE,DATE,…", help="single dates")
    backfill.add_argument("--replace", action="store_true", help="also run dates that the table holds already")
    backfill.add_argument("--dry-run", action="store_true", help="say what would be run, and run nothing")
    dbt = backfill.add_argument_group("dbt", "passed on to every command")
    dbt.add_argument("--target", metavar="T", help="as of dbt")
    dbt.add_argument("--project-dir", type=Path, metavar="DIR", help="as of dbt")
    dbt.add_argument("--profiles-dir", type=Path, metavar="DIR", help="as of dbt")
    dbt.add_argument("--vars", type=_variables, default={}, metavar="YAML", help="as of dbt, without snapshot_date")
    backfill.set_defaults(run=_backfill)
    return parser


def _backfill(options: argparse.Namespace) -> int:
    days = _days(options)
    _check_project(options.project_dir)
    from derived_tables.operations.backfill import BackfillError, RefusedError, backfill  # noqa: PLC0415, --help should be quick
    from derived_tables.operations.dbt import Dbt  # noqa: PLC0415

    dbt = Dbt(options.project_dir, options.profiles_dir, options.target, options.vars)
    try:
        backfill(dbt, options.select, days, replace=options.replace, dry_run=options.dry_run, say=_say)
    except RefusedError as error:
        _refuse(str(error))
    except BackfillError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return FAILED
    except KeyboardInterrupt:
        print("Stopped. To go on, repeat the command.", file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    return 0


def _check_project(given: Path | None) -> None:
    """dbt itself complains of the folder where it looks for profiles.yml."""
    named = given or os.environ.get("DBT_PROJECT_DIR")
    folders = [Path(named)] if named else [Path.cwd(), *Path.cwd().parents]
    if not any((folder / "dbt_project.yml").is_file() for folder in folders):
        _refuse(f"there is no dbt_project.yml in {folders[0]}: go to a dbt project, or name it with --project-dir")


def _days(options: argparse.Namespace) -> list[date]:
    if options.dates and (options.start or options.end or options.every):
        _refuse("--dates goes without --start, --end and --every")
    if options.dates:
        days: list[date] = options.dates
        _check_past(max(days), options)
        return days
    if not options.start:
        _refuse("dates are missing: --start and --end, or --dates")
    end = options.end or options.start
    if end < options.start:
        _refuse(f"--end {end} lies before --start {options.start}")
    _check_past(end, options)
    return between(options.start, end, options.every or "day")


def _check_past(last: date, options: argparse.Namespace) -> None:
    today = datetime.now(timezone.utc).date()
    if last > today and options.vars.get("allow_future_snapshots") is not True:
        _refuse(f"{last} lies in the future, today is {today} in UTC")


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2024-01-31")
    return day


def _dates(text: str) -> list[date]:
    return [_date(part.strip()) for part in text.split(",")]


def _variables(text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not YAML") from error
    if not isinstance(found, dict):
        raise argparse.ArgumentTypeError(f"{text!r} is not a mapping like 'environment: prod'")
    if "snapshot_date" in found:
        raise argparse.ArgumentTypeError("snapshot_date is set for each date; name the dates with --start or --dates")
    return found


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def _refuse(message: str) -> NoReturn:
    print(f"derived-tables: {message}", file=sys.stderr)  # noqa: T201
    raise SystemExit(REFUSED)
