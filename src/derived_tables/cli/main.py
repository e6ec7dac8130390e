"""Runs the command `derived-tables`."""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Annotated

import typer
from typer.main import get_command

from derived_tables import __version__
from derived_tables.cli.conventions import app as conventions
from derived_tables.cli.costs import costs
from derived_tables.cli.history import app as history
from derived_tables.cli.snapshots import app as snapshots
from derived_tables.errors import FailedError, RefusedError

#: Exit codes.
DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130

_DEBUG = "DERIVED_TABLES_DEBUG"
_STOPPED = "Stopped. To carry on, repeat the command."
#: The signals that asked this process to stop.
_INTERRUPTS: list[int] = []

app = typer.Typer(
    name="derived-tables",
    help="Operates the derived tables of a dbt project from outside a run of dbt.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # which would take `--apply` for an option with a value, and half as long again
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.add_typer(snapshots, name="snapshots", short_help="Dated copies of tables.")
app.add_typer(conventions, name="conventions", short_help="Rules that the project keeps.")
app.command(short_help="What the last run cost.")(costs)
app.add_typer(history, name="history", short_help="What the last runs did.")


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        print(f"derived-tables {__version__}")  # noqa: T201
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    given = spread(sys.argv[1:] if arguments is None else arguments)
    _INTERRUPTS.clear()
    verb = " ".join(["derived-tables", *itertools.takewhile(lambda word: not word.startswith("-"), given[:2])])
    try:
        code = get_command(app).main(given, prog_name="derived-tables", standalone_mode=False)
    except RefusedError as error:
        return _ended(f"{verb}: {error}", REFUSED)
    except FailedError as error:
        return _ended(f"{verb}: {error}", FAILED)
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except Exception as error:
        if _INTERRUPTS:  # dbt makes other errors of it, where it happens to be at work
            return _ended(_STOPPED, INTERRUPTED)
        # Typer has a Click of its own, whose errors it does not publish: an option that does not exist, and the like.
        if hasattr(error, "format_message"):
            context = getattr(error, "ctx", None)
            where = context.command_path if context else verb
            said = error.format_message()
            if said.startswith("Usage:"):  # a group without a verb
                return _ended(said, REFUSED)
            return _ended(f"{where}: {said}\nTo see the options: {where} --help", REFUSED)
        if _is_debugged():
            raise
        if isinstance(error, OSError):  # the disk is full, a folder is read-only
            return _ended(f"{verb}: {error.strerror or error}{f': {error.filename}' if error.filename else ''}", FAILED)
        said = " ".join(f"{type(error).__name__}: {error}".split())
        return _ended(f"{verb}: {said}\nThis is a bug. To see where it is, set {_DEBUG}=1 and repeat.", FAILED)
    if code == INTERRUPTED:  # Typer makes the code of Ctrl-C itself, or passes it on, depending on its release
        return _ended(_STOPPED, INTERRUPTED)
    return code if isinstance(code, int) else DONE


def spread(arguments: Sequence[str]) -> list[str]:
    """Lets `--select a b` mean `--select a --select b`, as dbt does."""
    found: list[str] = []
    option = None
    is_first = True
    for argument in arguments:
        if argument.startswith("-"):
            option = argument if argument in ("--select", "-s", "--exclude") else None
            is_first = True
        elif option is not None and not is_first:
            found.append(option)
        else:
            is_first = False
        found.append(argument)
    return found


def run() -> None:
    """The script `derived-tables`."""
    if not _is_debugged():
        # Libraries warn their programmers, here of no use to anybody.
        warnings.simplefilter("ignore")
        logging.getLogger().addHandler(logging.NullHandler())
    with _noting_interrupts():
        code = main()
    raise SystemExit(128 + signal.SIGTERM if signal.SIGTERM in _INTERRUPTS and code == INTERRUPTED else code)


@contextlib.contextmanager
def _noting_interrupts() -> Iterator[None]:
    """SIGTERM ends what runs as Ctrl-C does, so that queries are cancelled; both are noted."""

    def end(number: int, _: FrameType | None) -> None:
        _INTERRUPTS.append(number)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_debugged() -> bool:
    return os.environ.get(_DEBUG) == "1"


def _ended(message: str, code: int) -> int:
    with contextlib.suppress(BrokenPipeError):
        print(message, file=sys.stderr)  # noqa: T201
    return code
