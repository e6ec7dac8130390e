"""Tests of the Trino oracle that need no Trino."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from corpus.corpus import Expression, StatementCase, Step
from trino_oracle import configuration, docker, java, record_files, recording
from trino_oracle.cli import main
from trino_oracle.client import Column, TrinoClient
from trino_oracle.errors import OracleError
from trino_oracle.literals import with_doubles
from trino_oracle.server import RunningTrino

Page = dict[str, object]


class FakeTrino(BaseHTTPRequestHandler):
    """Answers each request with the next of `pages`; keeps the statements and headers it got."""

    pages: ClassVar[list[tuple[int, Page, dict[str, str]]]] = []
    statements: ClassVar[list[str]] = []
    seen: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        self.statements.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.do_GET()

    def do_GET(self) -> None:
        self.seen.append(dict(self.headers))
        status, page, headers = self.pages.pop(0)
        body = json.dumps(page).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@pytest.fixture
def fake_trino() -> Iterator[str]:
    """Address of a server that plays the pages of `FakeTrino`."""
    FakeTrino.pages, FakeTrino.statements, FakeTrino.seen = [], [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeTrino)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answers(*pages: Page) -> None:
    FakeTrino.pages += [(200, page, {}) for page in pages]


def integers(*values: int) -> Page:
    return {"columns": [{"name": "x", "type": "integer"}], "data": [[value] for value in values]}


def test_client_gathers_the_rows_of_all_pages(fake_trino: str) -> None:
    answers({"nextUri": f"{fake_trino}/1"}, {**integers(1), "nextUri": f"{fake_trino}/2"}, integers(2))
    answer = TrinoClient(fake_trino, catalog="memory", schema="default").run("select x")
    assert (answer.columns, answer.rows) == ([Column("x", "integer")], [[1], [2]])
    assert FakeTrino.statements == ["select x"]
    assert FakeTrino.seen[0]["X-Trino-Time-Zone"] == "UTC"


def test_client_returns_an_error_of_the_query(fake_trino: str) -> None:
    answers({"error": {"errorName": "DIVISION_BY_ZERO", "message": "Division by zero"}})
    answer = TrinoClient(fake_trino, catalog="memory", schema="default").run("select 1 / 0")
    assert (answer.error, answer.message) == ("DIVISION_BY_ZERO", "Division by zero")


def test_client_tries_again_when_the_server_is_busy(fake_trino: str) -> None:
    FakeTrino.pages.append((503, {}, {}))
    answers(integers(1))
    assert TrinoClient(fake_trino, catalog="memory", schema="default").run("select 1").rows == [[1]]


def test_client_keeps_prepared_statements(fake_trino: str) -> None:
    FakeTrino.pages.append((200, {}, {"X-Trino-Added-Prepare": "p=select+1"}))
    FakeTrino.pages.append((200, {}, {"X-Trino-Deallocated-Prepare": "p"}))
    answers({})
    client = TrinoClient(fake_trino, catalog="memory", schema="default")
    for sql in ("prepare p from select 1", "deallocate prepare p", "execute p"):
        client.run(sql)
    assert [headers.get("X-Trino-Prepared-Statement") for headers in FakeTrino.seen] == [
        None,
        "p=select+1",
        None,
    ]


def test_client_says_when_nobody_answers(fake_trino: str) -> None:
    FakeTrino.pages.append((404, {}, {}))
    with pytest.raises(OracleError, match="answered 404"):
        TrinoClient(fake_trino, catalog="memory", schema="default").run("select 1")


def test_client_refuses_an_address_without_scheme() -> None:
    with pytest.raises(OracleError, match="must be http://"):
        TrinoClient("localhost:8080", catalog="memory", schema="default")


def test_expressions_are_recorded_by_id(fake_trino: str) -> None:
    answers(integers(3))
    entry = Expression("one-plus-two", "math", "1 + 2", "https://trino.io/")
    recorded = recording.record_expressions(RunningTrino(fake_trino, "470"), [entry])
    assert recorded == {"one-plus-two": {"columns": [{"name": "x", "type": "integer"}], "rows": [[3]]}}
    assert FakeTrino.statements == ["select 1 + 2"]


def test_a_case_runs_in_a_database_of_its_own(fake_trino: str) -> None:
    steps = (
        Step("select '${location}'", "select '${location}'", None, "https://trino.io/"),
        Step("vacuum t", None, {"statement_type": "DML"}, "https://docs.aws.amazon.com/"),
        Step("select id", "select id", None, "https://trino.io/", capture="snapshot"),
        Step("${snapshot}", "${snapshot}", None, "https://trino.io/"),
    )
    case = StatementCase("my-case", "views", "A case.", "hive", steps)
    failure = "No 't' in file:///data/case_my_case/t-00112233445566778899aabbccddeeff"
    answers(
        {},
        {
            "columns": [{"name": "_col0", "type": "varchar(9)"}],
            "data": [["file:///data/external/case_my_case"]],
        },
        integers(77),
        {"error": {"errorName": "NOT_FOUND", "message": failure}},
    )
    trino = RunningTrino(fake_trino, "470", warehouse="file:///data")
    recorded = recording.record_statements(trino, [case])["my-case"]
    assert FakeTrino.statements == [
        "create schema hive.case_my_case",
        "select 'file:///data/external/case_my_case'",
        "select id",
        "77",
    ]
    columns = [{"name": "_col0", "type": "varchar(9)"}]
    assert recorded == [
        {"judge": "trino", "columns": columns, "rows": [["${location}"]]},
        {"judge": "athena documentation", "statement_type": "DML"},
        {"judge": "trino", "columns": [{"name": "x", "type": "integer"}]},
        {"judge": "trino", "error": "NOT_FOUND", "message": "No 't' in ${warehouse}/${database}/t-${uuid}"},
    ]


def test_statements_need_a_warehouse(fake_trino: str) -> None:
    case = StatementCase("a", "views", "A case.", "hive", ())
    with pytest.raises(OracleError, match="known folder"):
        recording.record_statements(RunningTrino(fake_trino, "470"), [case])


def test_the_newer_answer_stands_beside_another_one_only() -> None:
    older: dict[str, recording.Entry] = {
        "a": {"rows": [[1]]},
        "b": {"error": "X", "message": "m"},
        "c": {"rows": [[1]]},
    }
    newer: dict[str, recording.Entry] = {
        "a": {"rows": [[1]]},
        "b": {"error": "X", "message": "n"},
        "c": {"rows": [[2]]},
    }
    merged = recording.with_newer(older, newer)
    assert [entry.get("newer") for entry in merged.values()] == [None, None, {"rows": [[2]]}]


def test_a_record_has_one_answer_a_line_and_keeps_the_order_of_maps() -> None:
    text = record_files.render({"trino": "470"}, {"b": {"rows": [[{"z": 1, "a": 2}]]}, "a": [{"x": 1}, {"y": 2}]})
    assert json.loads(text)["answers"]["b"] == {"rows": [[{"z": 1, "a": 2}]]}
    assert text.splitlines() == [
        "{",
        '"judge": {"trino": "470"},',
        '"answers": {',
        '"a": [',
        ' {"x": 1},',
        ' {"y": 2}',
        "],",
        '"b": {"rows": [[{"z": 1, "a": 2}]]}',
        "}",
        "}",
    ]


def test_files_of_a_record_are_replaced_together(tmp_path: Path) -> None:
    record_files.write_files(tmp_path, {"old.json": "{}", "kept.json": "1"})
    assert record_files.differences(tmp_path, {"kept.json": "1", "new.json": "{}"}) == [
        "new.json",
        "old.json",
    ]
    record_files.write_files(tmp_path, {"kept.json": "2"})
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("kept.json", "2")]


def test_files_of_a_record_may_lie_in_folders(tmp_path: Path) -> None:
    record_files.write_files(tmp_path, {"kept.json": "1", "below/a.json": "3"})
    assert (tmp_path / "below/a.json").read_text(encoding="utf-8") == "3"
    assert record_files.differences(tmp_path, {"kept.json": "1"}) == ["below/a.json"]
    record_files.write_files(tmp_path, {"kept.json": "1"})
    assert [path.name for path in tmp_path.rglob("*.json")] == ["kept.json"]


def test_a_record_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="split the subject"):
        record_files.write_files(tmp_path, {"a.json": "x" * 900_001})
    assert list(tmp_path.iterdir()) == []


def test_configuration_stays_on_the_loopback_interface(tmp_path: Path) -> None:
    config = configuration.write_configuration(tmp_path, port=1234, plugins=Path("/plugins"))
    text = config.read_text(encoding="utf-8")
    assert "node.bind-ip=127.0.0.1\n" in text
    assert "http-server.http.port=1234\n" in text
    hive = (tmp_path / "etc" / "catalog" / "hive.properties").read_text(encoding="utf-8")
    assert f"hive.metastore.catalog.dir={tmp_path.as_uri()}/warehouse/metastore\n" in hive


def test_docker_command_publishes_on_the_loopback_interface(tmp_path: Path) -> None:
    command = docker.run_command("trinodb/trino:470", tmp_path)
    assert command[:2] == ["docker", "run"]
    assert "127.0.0.1::8080" in command
    assert command[-1] == "trinodb/trino:470"


def make_java(folder: Path, version: str) -> None:
    executable = folder / "bin" / "java"
    executable.parent.mkdir(parents=True)
    executable.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n", encoding="utf-8")
    executable.chmod(0o755)


def test_the_oldest_java_that_is_new_enough_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, version in (("a", "17.0.1"), ("b", "23.0.2"), ("c", "25.0.3")):
        make_java(tmp_path / name, version)
    monkeypatch.setattr(java, "INSTALLATION_PATTERNS", ((str(tmp_path), "*/bin/java"),))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert java.find_java(23) == (tmp_path / "b" / "bin" / "java", 23)
    with pytest.raises(OracleError, match="Java 26 or newer is needed"):
        java.find_java(26)


def test_command_line_prints_answers(fake_trino: str, capsys: pytest.CaptureFixture[str]) -> None:
    answers({"nodeVersion": {"version": "470"}}, integers(1, 2), {"error": {"errorName": "X", "message": "no"}})
    status = main(["query", "--server", fake_trino, "select x", "select y"])
    assert status == 1
    assert capsys.readouterr().out == "x integer\n[1]\n[2]\nX: no\n"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 1.5, -0.1 + .5, 2.", "select 1.5E0, -0.1E0 + .5E0, 2.E0"),
        ("select 1_000.5", "select 1_000.5E0"),
        ("select 1.5e0, 1.5E-3, 1, 1e5, 0x1F", "select 1.5e0, 1.5E-3, 1, 1e5, 0x1F"),
        ("select decimal '1.5', '1.5', 'it''s 1.5', \"1.5\"", "select decimal '1.5', '1.5', 'it''s 1.5', \"1.5\""),
        ("select t1.c2, a.b -- 1.5\n, 1.5 /* 2.5 */", "select t1.c2, a.b -- 1.5\n, 1.5E0 /* 2.5 */"),
        (
            "select cast(x as decimal(3,1)) from (values (1.5)) t(x)",
            "select cast(x as decimal(3,1)) from (values (1.5E0)) t(x)",
        ),
    ],
)
def test_decimal_literals_are_asked_as_doubles(sql: str, expected: str) -> None:
    assert with_doubles(sql) == expected
