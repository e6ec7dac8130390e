"""The command line: how it ends, and what it says then."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.main import get_command

from derived_tables.cli import session
from derived_tables.cli.main import app, main, spread
from derived_tables.errors import FailedError, RefusedError, must_be


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("list --select a b --quiet", "list --select a --select b --quiet"),
        ("list -s a b --exclude c d e", "list -s a -s b --exclude c --exclude d --exclude e"),
        ("list --select a --select b", "list --select a --select b"),
        ("list --select=a --target dev x", "list --select=a --target dev x"),
        ("conventions explain names", "conventions explain names"),
        ("list --select", "list --select"),
    ],
)
def test_several_models_after_one_option(arguments: str, expected: str) -> None:
    assert spread(arguments.split()) == expected.split()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("snapshots dorp", "derived-tables snapshots: No such command 'dorp'."),
        ("snapshots backfill", "derived-tables snapshots backfill: Missing option '--select'"),
        ("snapshots list --no-such", "derived-tables snapshots list: No such option: --no-such"),
        ("snapshots list model", "derived-tables snapshots list: Got unexpected extra argument"),
        ("snapshots list --format xml", "derived-tables snapshots list: Invalid value for '--format'"),
        ("snapshots backfill -s a --every year", "derived-tables snapshots backfill: Invalid value for '--every'"),
        ("snapshots drop --keep-last few", "derived-tables snapshots drop: Invalid value for '--keep-last'"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: str, message: str) -> None:
    assert main(arguments.split()) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    first, last = printed.err.splitlines()
    assert first.startswith(message)
    assert last == f"To see the options: {message.partition(':')[0]} --help"


@pytest.mark.parametrize("arguments", [[], ["snapshots"], ["conventions"]])
def test_a_group_without_a_verb_shows_its_help(capsys: pytest.CaptureFixture[str], arguments: Sequence[str]) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert "Commands:" in printed.out + printed.err
    assert "To see the options" not in printed.err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert re.fullmatch(r"derived-tables \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (
            must_be("`--end`", "a date", None, "Give one."),
            2,
            "derived-tables snapshots list: `--end` must be a date, got nothing.\nGive one.\n",
        ),
        (RefusedError("No."), 2, "derived-tables snapshots list: No.\n"),
        (FailedError("Athena: no."), 1, "derived-tables snapshots list: Athena: no.\n"),
        (KeyboardInterrupt(), 130, "Stopped. To carry on, repeat the command.\n"),
        (
            KeyError("x\n  y"),
            1,
            "derived-tables snapshots list: KeyError: 'x\\n y'\n"
            "This is a bug. To see where it is, set DERIVED_TABLES_DEBUG=1 and repeat.\n",
        ),
    ],
)
def test_how_errors_end(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    said: str,
) -> None:
    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr(session, "open_project", fail)
    assert main(["snapshots", "list", "--format", "json"]) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.sub(r"\\n +", r"\\n ", printed.err) == said


def test_a_bug_can_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(session, "open_project", fail)
    monkeypatch.setenv("DERIVED_TABLES_DEBUG", "1")
    with pytest.raises(ValueError, match="a bug"):
        main(["snapshots", "list"])


def test_a_folder_without_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for where in ([], ["--project-dir", str(tmp_path / "nowhere")]):
        assert main(["snapshots", "list", *where]) == 2
        folder = where[1] if where else f"{tmp_path} or a folder above it"
        assert capsys.readouterr().err == (
            f"derived-tables snapshots list: There is no dbt_project.yml in {folder}.\n"
            "Go to a dbt project, or name its folder with `--project-dir`.\n"
        )


def verbs() -> list[tuple[str, ...]]:
    """Every verb: its group and its name; a group without verbs is one itself."""
    groups = get_command(app).commands  # type: ignore[attr-defined]  # Typer does not say that it is a group
    below = {group: list(getattr(command, "commands", ())) for group, command in groups.items()}
    return [
        *((group, verb) for group in below for verb in below[group]),
        *((group,) for group in below if not below[group]),
    ]


@pytest.mark.parametrize("verb", verbs(), ids=" ".join)
def test_help(verb: Sequence[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert main([*verb, "--help"]) == 0
    text = capsys.readouterr().out
    called = f"derived-tables {' '.join(verb)}"
    assert text.startswith(f"Usage: {called} ")
    example = re.search(rf"^ +({called}.*)$", text, flags=re.MULTILINE)
    assert example, "an example to paste, on a line of its own"
    assert not [line for line in text.splitlines() if len(line) > 100]
    options = text.partition("Options:")[2]
    assert "--format" in options
    # Every option is explained by a sentence that is not cut off.
    assert all(re.search(r"[A-Za-z].*[.\]]$", entry) for entry in entries(options)), entries(options)


def entries(options: str) -> list[str]:
    """The options of a help text, each with its explanation on one line."""
    found: list[str] = []
    for line in options.strip().splitlines():
        if re.match(r"^ {0,2}-", line):
            found.append(line.strip())
        else:
            found[-1] += " " + line.strip()
    return found


def test_the_first_line_of_each_verb_is_whole_where_its_group_lists_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for group in {verb[:-1] for verb in verbs()}:
        assert main([*group, "--help"]) == 0
        assert "..." not in capsys.readouterr().out.partition("Commands:")[2]


def test_json_of_what_is_refused_is_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snapshots", "list", "--format", "json", "--project-dir", str(tmp_path)]) == 2
    with pytest.raises(json.JSONDecodeError):
        json.loads(capsys.readouterr().out)
