"""Asks every Trino that judges, and lays the answers out in files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corpus.corpus import Expression, StatementCase

from trino_oracle import record_files
from trino_oracle.recording import Entry, record_expressions, record_statements, with_newer
from trino_oracle.server import RunningTrino, running_engine, running_server


@dataclass(frozen=True)
class Record:
    """All answers.

    Attributes:
        expressions: answer of each expression, by id.
        statements: answers of each case, one for each step, by id.
        judges: what is said of the Trino that answered, by installation: `engine` and `server`.
    """

    expressions: dict[str, Entry]
    statements: dict[str, list[Entry]]
    judges: dict[str, Entry]


def record_with_one(trino: RunningTrino, expressions: Sequence[Expression], cases: Sequence[StatementCase]) -> Record:
    """Let this Trino judge everything."""
    judge = _judge(trino)
    return Record(
        record_expressions(trino, expressions),
        record_statements(trino, cases),
        {"engine": judge, "server": judge},
    )


def record_with_both(expressions: Sequence[Expression], cases: Sequence[StatementCase]) -> Record:
    """Start the engine and the server, one after the other, and let each judge its part."""
    for_engine = [entry for entry in expressions if entry.installation == "engine"]
    with running_engine() as engine:
        answers = record_expressions(engine, for_engine)
    with running_server() as server:
        newer = record_expressions(server, expressions)
        statements = record_statements(server, cases)
    judges = {"engine": {**_judge(engine), "newer": _judge(server)}, "server": _judge(server)}
    return Record({**newer, **with_newer(answers, newer)}, statements, judges)


def files_of(record: Record, expressions: Sequence[Expression], cases: Sequence[StatementCase]) -> dict[str, str]:
    """Texts of the record's files, one for each file of the corpus, by their paths in the record."""
    contents: dict[str, tuple[Entry, dict[str, Any]]] = {}
    for entry in expressions:
        name = f"expressions/{entry.subject}.json"
        _, answers = contents.setdefault(name, (record.judges[entry.installation], {}))
        answers[entry.id] = record.expressions[entry.id]
    for case in cases:
        _, answers = contents.setdefault(f"statements/{case.subject}.json", (record.judges["server"], {}))
        answers[case.id] = record.statements[case.id]
    return {name: record_files.render(judge, answers) for name, (judge, answers) in contents.items()}


def _judge(trino: RunningTrino) -> Entry:
    judge: Entry = {"trino": trino.version}
    if trino.java is not None:
        judge["java"] = trino.java
    return judge
