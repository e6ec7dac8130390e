"""What verbs print: text or one JSON document, whole in a pipe, folded on a narrow terminal."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from unit.cli.support import Terminal, terminal

from derived_tables.cli.options import Format
from derived_tables.cli.output import Output, count, size
from derived_tables.cli.progress import Progress

LONG = "a_database_with_a_long_name_dev_dbt.a_table_whose_name_is_long_as_well"
ROWS = [(LONG, date(2024, 1, 31), 1_234_567, None)]


@contextmanager
def on_terminal(monkeypatch: pytest.MonkeyPatch, name: str, columns: int) -> Iterator[Terminal]:
    """A terminal as stdout or stderr of this process."""
    with terminal(columns) as shown, os.fdopen(os.dup(shown.inner), "w") as stream:
        monkeypatch.setattr(sys, name, stream)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.delenv("COLUMNS", raising=False)
        yield shown


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(Format.text, quiet=False)
    output.head("shop", "prod", "prod")
    output.say("found")
    output.remark("on the way")
    output.document(found=1)
    printed = capsys.readouterr()
    assert printed.out == "project shop, target prod, environment prod\nfound\n"
    assert printed.err == "on the way\n"


def test_quiet_text(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(Format.text, quiet=True)
    output.head("shop", "prod", "prod")
    output.remark("on the way")
    output.say("found")
    assert capsys.readouterr() == ("found\n", "")


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(Format.json, quiet=False)
    output.head("shop", "prod", "prod")
    output.say("found")
    output.table(("table", "rows"), [("a", 1)])
    output.document(tables=[{"date": date(2024, 1, 31), "rows": 1}])
    assert json.loads(capsys.readouterr().out) == {
        "project": "shop",
        "target": "prod",
        "environment": "prod",
        "tables": [{"date": "2024-01-31", "rows": 1}],
    }


@pytest.mark.parametrize("variable", [None, "FORCE_COLOR", "COLUMNS"])
def test_a_pipe_gets_whole_lines_without_colours(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, variable: str | None
) -> None:
    if variable:
        monkeypatch.setenv(variable, "20")
    Output(Format.text, quiet=False).table(("table", "date", "rows", "bytes"), ROWS * 2, texts=2)
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split() == ["table", "date", "rows", "bytes"]
    assert [line.split() for line in lines] == [[LONG, "2024-01-31", "1,234,567"]] * 2
    assert not [line for line in (header, *lines) if line != line.rstrip()]


@pytest.mark.parametrize("columns", [30, 80])
@pytest.mark.parametrize("no_color", [False, True])
def test_a_narrow_terminal_gets_all_of_it(monkeypatch: pytest.MonkeyPatch, columns: int, no_color: bool) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    with on_terminal(monkeypatch, "stdout", columns) as shown:
        output = Output(Format.text, quiet=False)
        output.table(("table", "date", "rows", "bytes"), ROWS, texts=2)
        output.say("END")
        text = shown.read_until(lambda text: "END" in text)
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", text), "bold at most"
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()[:-1]
    assert max(map(len, lines)) <= columns
    assert "…" not in text
    letters = "".join(lines).replace(" ", "")
    assert sorted(letters) == sorted(f"tabledaterowsbytes{LONG}2024-01-311,234,567")


def test_a_reader_that_has_seen_enough_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        os.close(reader)
        output = Output(Format.text, quiet=False)
        for _ in range(3):
            output.say("found")


# Progress


def test_progress_comes_late_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    with on_terminal(monkeypatch, "stderr", 40) as shown:
        progress = Progress("Looking at tables", show=True, patience=0.01)
        progress.total(3)
        progress.step()
        shown.read_until(lambda text: "1 of 3 done" in text)
        with progress.out_of_the_way():
            sys.stderr.write("LINE\n")
            sys.stderr.flush()
        progress.stop()
        sys.stderr.write("END\n")
        sys.stderr.flush()
        text = shown.read_until(lambda text: "END" in text)
    assert text.startswith("\r\x1b[2KLooking at tables … 0 s")
    assert "\r\x1b[2KLINE\r\n" in text
    assert text.endswith("\r\x1b[2KEND\r\n")


def test_progress_stays_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with on_terminal(monkeypatch, "stderr", 10) as shown:
        progress = Progress("Looking at tables", show=True, patience=0.01)
        shown.read_until(lambda text: "tables" in text or len(text) > 12)
        progress.stop()
    assert shown.shown.replace("\r\x1b[2K", "\n").splitlines()[1] == "Looking a"


@pytest.mark.parametrize(
    ("stream", "quiet", "term", "expected"),
    [("terminal", False, "xterm", True), ("terminal", True, "xterm", False), ("terminal", False, "dumb", False)],
)
def test_progress_is_for_terminals_only(
    monkeypatch: pytest.MonkeyPatch, stream: str, quiet: bool, term: str, expected: bool
) -> None:
    assert stream == "terminal"
    with on_terminal(monkeypatch, "stderr", 80):
        monkeypatch.setenv("TERM", term)
        with Output(Format.text, quiet=quiet).progress("Looking at tables") as progress:
            assert (progress._thread is not None) == expected


def test_progress_is_not_for_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with Output(Format.json, quiet=False).progress("Looking at tables") as progress:
        assert progress._thread is None


@pytest.mark.parametrize(
    ("convert", "number", "expected"),
    [
        (size, 0, "0 bytes"),
        (size, 999, "999 bytes"),
        (size, 1000, "1.0 kB"),
        (size, 12_345_678, "12.3 MB"),
        (size, 2_500_000_000_000, "2.5 TB"),
        (lambda number: count(number, "row"), 1, "1 row"),
        (lambda number: count(number, "row"), 2000, "2,000 rows"),
        (lambda number: count(number, "query", "queries"), 0, "0 queries"),
    ],
)
def test_numbers(convert: Callable[[int], str], number: int, expected: str) -> None:
    assert convert(number) == expected
