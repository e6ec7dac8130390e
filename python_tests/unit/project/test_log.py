"""What the command reads in dbt.log; the lines are those of dbt 1.10 and 1.11, shortened."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from derived_tables.project.log import ASSERTION, Assertion, RunLog, Statement, read_log

ONE, TWO = "11111111-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000"
A, B, HOOK = "model.shop.a", "model.shop.b", "operation.shop.shop-on-run-end-0"
IDS = [f"{number:08x}-aaaa-4bbb-8ccc-dddddddddddd" for number in range(10)]
FIRST, LAST = "running dbt with arguments {'select': 'a'}", "Command `dbt run` succeeded at 10:00:09 after 9.00 seconds"


def header(run: str) -> str:
    return f"\n\n{'=' * 30} 10:00:00.000001 | {run} {'=' * 30}\n"


def line(message: str, thread: str = "MainThread", level: str = "debug", colour: str = "\x1b[0m") -> str:
    return f"{colour}10:00:01.000001 [{level:5}] [{thread:10.10}]: {message}\n"


def started(number: int) -> str:
    return f"dbt.adapters.athena.constants adapter: Athena query {IDS[number]} started"


def write(folder: Path, lines: Iterable[str], name: str = "dbt.log") -> None:
    (folder / name).write_text("".join(lines), encoding="utf-8")


def whole(run: str, *lines: str) -> list[str]:
    return [header(run), line("Running with dbt=1.11.16", level="info"), line(FIRST), *lines, line(LAST)]


def test_threads_say_which_node(tmp_path: Path) -> None:
    one, other = "Thread-1 (worker)", "Thread-10 (worker)"
    write(
        tmp_path,
        whole(
            ONE,
            line(started(0), "ThreadPool"),
            line(f"Began running node {A}", one),
            line(f"Began running node {B}", other),
            line(started(1), one),
            line("Execute: select 1\n  from x", other),
            line(f"dbt.adapters.athena.constants adapter: Athena query ID {IDS[2]}", other),
            line(f"dbt.adapters.athena.constants adapter: Athena query {IDS[2]} has state SUCCEEDED", other),
            line(f"Finished running node {A}", one),
            line(started(3), one),
            line(f'Writing injected SQL for node "{HOOK}"'),
            line("1 of 1 START hook: shop.on-run-end.0 ......... [RUN]", level="info"),
            line(started(4), colour=""),
            line("1 of 1 OK hook: shop.on-run-end.0 ............ [OK in 0.1s]", level="info"),
            line(started(5)),
        ),
    )
    nodes = ["", A, B, "", HOOK, ""]
    assert read_log(tmp_path, ONE) == RunLog(tuple(Statement(IDS[n], node) for n, node in enumerate(nodes)))


def test_runs_are_kept_apart(tmp_path: Path) -> None:
    write(tmp_path, [*whole(ONE, line(started(0))), *whole(TWO, line(started(1)), line(started(2)))])
    assert read_log(tmp_path, ONE) == RunLog((Statement(IDS[0]),), later=2)
    assert read_log(tmp_path, TWO) == RunLog((Statement(IDS[1]), Statement(IDS[2])))


def test_json(tmp_path: Path) -> None:
    def told(message: str, run: str = ONE, thread: str = "Thread-1 (worker)", node: str | None = None) -> str:
        info = {"invocation_id": run, "level": "debug", "msg": message, "thread": thread}
        return json.dumps({"data": {"node_info": {"unique_id": node}} if node else {}, "info": info}) + "\n"

    write(
        tmp_path,
        [
            told(FIRST),
            told(started(0), node=A),
            told(started(1), run=TWO),
            told(f"Began running node {B}"),
            told(started(2)),
            '{"sql": " adapter: Athena query "}\n',
            "{ adapter: Athena query \n",
            told(LAST),
        ],
    )
    assert read_log(tmp_path, ONE).statements == (Statement(IDS[0], A), Statement(IDS[2], B))
    assert read_log(tmp_path, ONE).gap == ""


def test_text_of_queries_is_no_message(tmp_path: Path) -> None:
    write(
        tmp_path, whole(ONE, line(f"Execute: select '\n{started(0)}\nBegan running node {A}'"), line(f"x {started(1)}"))
    )
    assert read_log(tmp_path, ONE) == RunLog(())


def test_what_assertions_found(tmp_path: Path) -> None:
    def told(**changes: object) -> str:
        found = {"node": "test.shop.t", "name": "not_null(id)", "status": "fail", "failures": 3, **changes}
        return line(ASSERTION + json.dumps(found), level="info")

    text = whole(
        ONE,
        told(failures=1),
        told(example="Jane Doe"),
        told(name="unique(id)", status="pass", failures=0),
        told(failures=None),
        line(f"{ASSERTION}{{not JSON", level="info"),
    )
    write(tmp_path, [*whole(TWO, told(node="test.shop.other")), *text])
    assert read_log(tmp_path, ONE).assertions == (
        Assertion("test.shop.t", "not_null(id)", "fail", 3),
        Assertion("test.shop.t", "unique(id)", "pass", 0),
    )


def test_a_log_in_several_files(tmp_path: Path) -> None:
    lines = whole(ONE, line(f"Began running node {A}"), *(line(started(n)) for n in range(4)))
    write(tmp_path, lines[:5], "dbt.log.10")
    write(tmp_path, lines[5:6], "dbt.log.9")
    write(tmp_path, lines[6:7], "dbt.log.1")
    write(tmp_path, lines[7:])
    write(tmp_path, ["not a log"], "dbt.log.bak")
    assert read_log(tmp_path, ONE) == RunLog(tuple(Statement(IDS[n], A) for n in range(4)))


@pytest.mark.parametrize(
    ("lines", "gap"),
    [
        ([], "does not name this run"),
        (whole(TWO, line(started(0))), "does not name this run"),
        ([header(ONE), line("Running with dbt=1.11.16", level="info")], "no messages of the level debug"),
        ([header(ONE), line(FIRST), line(started(0))], "The log ends before the run does"),
        ([*whole(ONE)[:-1], *whole(TWO), line(LAST)], "The log ends before the run does"),
        ([*whole(TWO)[:-1], *whole(ONE), line(LAST)], "Another command wrote to the same log at the same time"),
    ],
    ids=["empty", "another run", "level info", "killed", "one begins before", "one ends after"],
)
def test_a_log_that_may_lack_statements(tmp_path: Path, lines: list[str], gap: str) -> None:
    write(tmp_path, lines)
    assert gap in read_log(tmp_path, ONE).gap


def test_a_log_of_json_whose_beginning_is_gone(tmp_path: Path) -> None:
    info = {"invocation_id": ONE, "level": "debug", "msg": LAST, "thread": "MainThread"}
    write(tmp_path, [json.dumps({"data": {}, "info": info}) + "\n"])
    assert "the beginning of this run is gone" in read_log(tmp_path, ONE).gap


def test_no_log(tmp_path: Path) -> None:
    assert read_log(tmp_path, ONE).gap == f"There is no dbt.log in {tmp_path}: name its folder with `--log-path`."
    assert read_log(tmp_path / "nowhere", ONE).statements == ()
