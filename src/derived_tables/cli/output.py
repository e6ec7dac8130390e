"""Prints what verbs find, plan and do: text for people, or one JSON document."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timezone
from typing import Any, TextIO

from derived_tables.cli.options import Format
from derived_tables.cli.progress import Progress, columns_of

#: Where nobody's terminal is narrow: a program reads it, or a file keeps it.
_WIDEST = 100_000


class Output:
    """Where a verb prints to.

    In text, results go to stdout and remarks on the way to stderr, which `quiet` silences. In JSON, stdout gets one
    document and nothing else. A reader that has seen enough, e.g. `head`, does not stop the work.

    Attributes:
        warnings: what was warned of.

    Args:
        form: text or JSON.
        quiet: no first line, no remarks, no progress.
    """

    def __init__(self, form: Format, *, quiet: bool) -> None:
        self._is_json = form is Format.json
        self._quiet = quiet
        self._head: dict[str, Any] = {}
        self.warnings: list[str] = []
        self._progress: Progress | None = None

    def head(self, project: str, target: str, environment: str) -> None:
        """The first line: where the command works."""
        self._head = {"project": project, "target": target, "environment": environment}
        if not self._quiet:
            self.say(f"project {project}, target {target}, environment {environment}")

    def say(self, line: str = "") -> None:
        """A line for people."""
        if not self._is_json:
            self._print(line, sys.stdout)

    def remark(self, line: str) -> None:
        """A line that tells what happens on the way."""
        if not self._quiet:
            self._print(line, sys.stderr)

    def warn(self, line: str) -> None:
        """A line on which somebody's data may depend, once: `quiet` does not silence it, and documents have it too."""
        if line not in self.warnings:
            self.warnings.append(line)
            self._print(line, sys.stderr)

    def table(self, header: Sequence[str], rows: Sequence[Sequence[Any]], *, texts: int = 1) -> None:
        """Rows for people: the first columns are texts, the others numbers, with their thousands apart.

        A terminal that is too narrow gets long values on several lines; nothing is cut off.
        """
        if self._is_json or not rows:
            return
        from rich.console import Console  # noqa: PLC0415, `--help` should be quick
        from rich.table import Table  # noqa: PLC0415

        shown = Table(box=None, pad_edge=False, header_style="bold")
        for position, name in enumerate(header):
            shown.add_column(name, justify="left" if position < texts else "right", overflow="fold")
        for row in rows:
            shown.add_row(*map(_cell, row))
        is_terminal = sys.stdout.isatty()
        console = Console(
            force_terminal=is_terminal,
            width=columns_of(sys.stdout) if is_terminal else _WIDEST,
            highlight=False,
            markup=False,
            emoji=False,
        )
        with console.capture() as captured:
            console.print(shown)
        for line in captured.get().splitlines():
            self.say(line.rstrip())

    def document(self, **content: Any) -> None:
        """The JSON document."""
        if self._is_json:
            self._print(json.dumps({**self._head, **content}, indent=2, default=_encoded), sys.stdout)

    @contextmanager
    def progress(self, what: str) -> Iterator[Progress]:
        """Shows on a terminal how far something is that takes longer than two seconds."""
        shown = Progress(what, show=not self._quiet and is_for_people(sys.stderr))
        self._progress = shown
        try:
            yield shown
        finally:
            self._progress = None
            shown.stop()

    def _print(self, line: str, stream: TextIO) -> None:
        with self._progress.out_of_the_way() if self._progress else contextlib.nullcontext():
            try:
                print(line, file=stream, flush=True)
            except BrokenPipeError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_for_people(stream: TextIO) -> bool:
    """Whether a stream is a terminal on which a line can be written over."""
    return stream.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 snapshot`, `2,000 snapshots`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(number: int) -> str:
    """Bytes as people read them: `12.3 MB`."""
    value = float(number)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:,.0f} {unit}" if unit == "bytes" else f"{value:,.1f} {unit}"
        value /= 1000
    return f"{value:,.1f} TB"


def _encoded(value: Any) -> str:
    """Dates and times in ISO form, anything else as people read it."""
    return value.isoformat() if isinstance(value, date) else str(value)


def moment(when: datetime | None) -> str | None:
    """A time as people read it, in UTC."""
    return None if when is None else f"{when.astimezone(timezone.utc):%Y-%m-%d %H:%M} UTC"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
