"""What dbt.log holds of a run: the ids of the statements that dbt-athena started, and for which nodes.

dbt-athena writes them at the level debug: `Athena query <id> started` from release 1.11 on, `Athena query ID <id>` in
1.10 and, in 1.11, with `connection_manager: pyathena`. No artefact has them: `adapter_response` knows a node's last
statement only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_NAME = "dbt.log"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
#: Begins a run in the format `debug`; lines of JSON name their run themselves, those of the format `text` do not.
_HEADER = re.compile(r"=+ \d\d:\d\d:\d\d\.\d+ \| ([0-9a-f-]{36}) =+\s*")
_LINE = re.compile(r"\d\d:\d\d:\d\d\.\d+ \[(?:debug|info |warn |error)\] \[(.{10})\]: (.*)\n?")
_STARTED = re.compile(r"\S+ adapter: Athena query (?:ID )?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?: started)?")
_BEGINS = re.compile(r'(?:Began running node |Writing injected SQL for node ")((?:\w+\.)[^"\s]+)"?')
_ENDS = re.compile(r"Finished running node |\d+ of \d+ (?!START)\w+ hook: ")
#: The first and the last thing that dbt says of a command at the level debug.
_FIRST, _LAST = "running dbt with arguments ", "Command `"
#: Begins a message, of any level and on one line, that says what an assertion of a test found; JSON follows, with the
#: keys `node`, `name`, `status` and `failures` of `Assertion`. Other keys are not read.
ASSERTION = "derived_tables.assertion "
#: What a line must hold to be looked at: most do not.
_TELLING = (" adapter: Athena query ", "node ", " hook: ", _FIRST, _LAST, ASSERTION)


@dataclass(frozen=True)
class Statement:
    """A statement that was started.

    Attributes:
        id: of the execution.
        node: unique_id of the node at which its thread was at work; empty between nodes.
    """

    id: str
    node: str = ""


@dataclass(frozen=True)
class Assertion:
    """What one assertion of a test found, as a message of the test says: never a value that failed.

    Attributes:
        node: unique_id of the test.
        name: of the assertion.
        status: `pass`, `warn` or `fail`.
        failures: number of rows that failed.
    """

    node: str
    name: str
    status: str
    failures: int


@dataclass(frozen=True)
class RunLog:
    """What a log holds of a run.

    Attributes:
        statements: those that it names, in their order.
        assertions: those of which messages tell.
        gap: sentence that says why it may lack some; empty if it has all of them.
        later: number of statements of runs after this one.
    """

    statements: tuple[Statement, ...]
    assertions: tuple[Assertion, ...] = ()
    gap: str = ""
    later: int = 0


@dataclass
class _Found:
    """What was found of one run."""

    statements: dict[str, Statement] = field(default_factory=dict)
    assertions: dict[tuple[str, str], Assertion] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)
    starts: int = 0
    ends: int = 0


def read_log(folder: Path, invocation: str) -> RunLog:
    """What the log in a folder, and those that dbt moved away because it was full, hold of a run.

    Args:
        folder: where dbt.log is.
        invocation: dbt's id of the run.
    """
    files = _files(folder)
    runs: dict[str, _Found] = {}
    for run, thread, message, node in _messages(files):
        found = runs.setdefault(run, _Found())
        if started := _STARTED.fullmatch(message):
            found.statements[started[1]] = Statement(started[1], node or found.threads.get(thread, ""))
        elif message.startswith(ASSERTION):
            if assertion := _assertion(message.removeprefix(ASSERTION)):
                found.assertions[assertion.node, assertion.name] = assertion
        elif begins := _BEGINS.fullmatch(message):
            found.threads[thread] = begins[1]
        elif _ENDS.match(message):
            found.threads.pop(thread, None)
        elif message.startswith(_FIRST):
            found.starts += 1
        elif message.startswith(_LAST):
            found.ends += 1
    ours = runs.get(invocation, _Found())
    order = list(runs)
    later = order[order.index(invocation) + 1 :] if invocation in runs else []
    return RunLog(
        tuple(ours.statements.values()),
        tuple(ours.assertions.values()),
        _gap(folder, files, runs.get(invocation)),
        sum(len(runs[each].statements) for each in later),
    )


def _files(folder: Path) -> list[Path]:
    """dbt.log.5, …, dbt.log.1, dbt.log: oldest first."""
    moved = [file for file in folder.glob(f"{_NAME}.*") if file.suffix[1:].isdigit()]
    current = folder / _NAME
    return [*sorted(moved, key=lambda file: -int(file.suffix[1:])), *([current] if current.is_file() else [])]


def _messages(files: list[Path]) -> Iterator[tuple[str, str, str, str]]:
    """Run, thread, text and node of the messages that tell something; lines below a message belong to its text."""
    run = ""
    for file in files:
        with file.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.startswith("====") and (header := _HEADER.fullmatch(line)):
                    run = header[1]
                    yield run, "", "", ""
                elif any(part in line for part in _TELLING):
                    if line.startswith("{"):
                        yield from _of_json(line)
                    elif found := _LINE.fullmatch(_COLOUR.sub("", line)):
                        yield run, found[1], found[2], ""


def _of_json(line: str) -> Iterator[tuple[str, str, str, str]]:
    try:
        found: dict[str, Any] = json.loads(line)
        told = found["info"]
        node = (found["data"].get("node_info") or {}).get("unique_id") or ""
        yield told["invocation_id"], told["thread"], told["msg"], node
    except (ValueError, KeyError, TypeError, AttributeError):  # a line of somebody's SQL that looks like it
        return


def _assertion(text: str) -> Assertion | None:
    try:
        found = json.loads(text)
        return Assertion(str(found["node"]), str(found["name"]), str(found["status"]), int(found["failures"]))
    except (ValueError, KeyError, TypeError):
        return None


def _gap(folder: Path, files: list[Path], found: _Found | None) -> str:
    if not files:
        return f"There is no {_NAME} in {folder}: name its folder with `--log-path`."
    if found is None:
        return (
            f"The log in {folder} does not name this run: dbt wrote to another folder (`--log-path`), or in the format "
            "`text`, or the log was full and its beginning is gone (`--log-file-max-bytes`)."
        )
    if found.starts == 0 and found.ends == 0:
        return "The log has no messages of the level debug: run dbt with `--log-level-file debug`, its default."
    if found.starts == 0:
        return "The log was full, and the beginning of this run is gone: run dbt with a larger `--log-file-max-bytes`."
    if found.ends == 0:
        return "The log ends before the run does: dbt was killed, or another command wrote to the same log meanwhile."
    if found.starts > 1 or found.ends > 1:
        return "Another command wrote to the same log at the same time: give each a `--log-path` of its own."
    return ""
