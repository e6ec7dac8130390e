"""Prints what verbs found, plan and did: text for people, or one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

from derived_tables.cli.options import Format

#: How long something lasts before its progress is shown, in seconds.
_PATIENCE = 2.0


class Output:
    """Where a verb prints to.

    In text, results go to stdout and remarks on the way to stderr, which `quiet` silences. In JSON, stdout gets one
    document and nothing else.

    Args:
        form: text or JSON.
        quiet: no remarks, no progress.
    """

    def __init__(self, form: Format, *, quiet: bool) -> None:
        self._is_json = form is Format.json
        self._quiet = quiet
        self._head: dict[str, Any] = {}

    def head(self, project: str, target: str, environment: str) -> None:
        """The first line: where the command works."""
        self._head = {"project": project, "target": target, "environment": environment}
        if not self._quiet:
            self.say(f"project {project}, target {target}, environment {environment}")

    def say(self, line: str = "") -> None:
        """A line for people."""
        if not self._is_json:
            print(line, flush=True)  # noqa: T201

    def remark(self, line: str) -> None:
        """A line that tells what happens on the way."""
        if not self._quiet:
            print(line, file=sys.stderr, flush=True)  # noqa: T201

    def table(self, header: Sequence[str], rows: Sequence[Sequence[Any]], *, texts: int = 1) -> None:
        """Rows for people: the first columns are texts, the others numbers, with their thousands apart."""
        if self._is_json or not rows:
            return
        from rich.console import Console  # noqa: PLC0415, `--help` should be quick
        from rich.table import Table  # noqa: PLC0415

        shown = Table(*[], box=None, pad_edge=False, header_style="bold")
        for position, name in enumerate(header):
            shown.add_column(name, justify="left" if position < texts else "right", no_wrap=True)
        for row in rows:
            shown.add_row(*map(_cell, row))
        console = Console(highlight=False, markup=False, emoji=False)
        console.print(shown, width=None if console.is_terminal else 10_000, crop=False)

    def document(self, **content: Any) -> None:
        """The JSON document."""
        if self._is_json:
            print(json.dumps({**self._head, **content}, indent=2, default=str))  # noqa: T201

    @contextmanager
    def progress(self, what: str) -> Iterator[Progress]:
        """Shows on a terminal how far something is that takes longer than two seconds."""
        shown = Progress(what, show=not self._quiet and sys.stderr.isatty())
        try:
            yield shown
        finally:
            shown.stop()


class Progress:
    """A line on stderr that says how far something is.

    Args:
        what: in a few words.
        show: whether there is somebody to see it.
    """

    def __init__(self, what: str, *, show: bool) -> None:
        self._what = what
        self._bar: Any = None
        self._timer: Any = None
        self._done, self._total = 0, 0
        if show:
            import threading  # noqa: PLC0415

            self._timer = threading.Timer(_PATIENCE, self._start)
            self._timer.daemon = True
            self._timer.start()

    def total(self, number: int) -> None:
        """How many steps there are."""
        self._total = number
        self._update()

    def step(self) -> None:
        """One step is done."""
        self._done += 1
        self._update()

    def stop(self) -> None:
        """Takes the line away."""
        if self._timer is not None:
            self._timer.cancel()
        if self._bar is not None:
            self._bar.stop()

    def _start(self) -> None:
        from rich.console import Console  # noqa: PLC0415
        from rich.status import Status  # noqa: PLC0415

        self._bar = Status(self._text(), console=Console(stderr=True))
        self._bar.start()

    def _update(self) -> None:
        if self._bar is not None:
            self._bar.update(self._text())

    def _text(self) -> str:
        return f"{self._what} … {self._done} of {self._total}" if self._total else f"{self._what} …"


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


def moment(when: datetime | None) -> str | None:
    """A time as people read it, in UTC."""
    return None if when is None else f"{when.astimezone(timezone.utc):%Y-%m-%d %H:%M} UTC"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
