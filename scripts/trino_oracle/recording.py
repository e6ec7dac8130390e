"""Runs the corpus on Trino and keeps what it answers, without what changes from run to run."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from corpus.corpus import Expression, StatementCase, Step, fill

from trino_oracle.client import Answer, TrinoClient
from trino_oracle.errors import OracleError
from trino_oracle.literals import with_doubles
from trino_oracle.server import RunningTrino

Entry = dict[str, Any]

# One writer: Athena counts the open partitions of a statement, Trino those of each writer.
SESSION_OF_STATEMENTS = {"task_min_writer_count": "1", "task_max_writer_count": "1"}
# What each run makes anew: parts of file names, and the time.
VOLATILE = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "${uuid}"),
    (re.compile(r"(?<=-)[0-9a-f]{32}\b"), "${uuid}"),
    (re.compile(r"\b\d{8}_\d{6}_\d{5}_[a-z0-9]{5}\b"), "${query_id}"),
    (re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d+ UTC(?=' is not in the past)"), "${now}"),
)
# The plan of a query is a varchar of just its length.
LENGTH_OF_TEXT = re.compile(r"^varchar\(\d+\)$")


def record_expressions(trino: RunningTrino, expressions: Sequence[Expression]) -> dict[str, Entry]:
    """The answer to each expression, by id."""
    client = TrinoClient(trino.url, catalog="memory", schema="default")
    try:
        return {entry.id: _entry(client.run(with_doubles(entry.query)), str) for entry in expressions}
    finally:
        client.close()


def record_statements(trino: RunningTrino, cases: Sequence[StatementCase]) -> dict[str, list[Entry]]:
    """The answers to each case, one entry for each step, by id."""
    return {case.id: _record_case(trino, case) for case in cases}


def with_newer(answers: dict[str, Entry], newer: dict[str, Entry]) -> dict[str, Entry]:
    """Add under `newer` what the newer Trino answers, where it is another answer (wording aside)."""
    merged: dict[str, Entry] = {}
    for identifier, answer in answers.items():
        other = newer[identifier]
        same = _without_message(answer) == _without_message(other)
        merged[identifier] = answer if same else {**answer, "newer": other}
    return merged


def _without_message(entry: Entry) -> Entry:
    return {key: value for key, value in entry.items() if key != "message"}


def _record_case(trino: RunningTrino, case: StatementCase) -> list[Entry]:
    schema = "case_" + case.id.replace("-", "_")
    if trino.warehouse is None:
        raise OracleError("statements need a Trino whose tables are on a known folder")
    values = {"database": schema, "location": f"{trino.warehouse}/external/{schema}"}
    replacements = {values["location"]: "${location}", trino.warehouse: "${warehouse}", schema: "${database}"}
    client = TrinoClient(trino.url, catalog=case.catalog, schema=schema, session=SESSION_OF_STATEMENTS)
    try:
        created = client.run(f"create schema {case.catalog}.{schema}")
        if created.error:
            raise OracleError(f"{case.id}: {created.message}")
        return [_record_step(client, step, values, _normaliser(replacements)) for step in case.steps]
    finally:
        client.close()


def _record_step(client: TrinoClient, step: Step, values: dict[str, str], normalise: Callable[[str], str]) -> Entry:
    """Run a step, if Trino has it, and return what Trino or the documentation says."""
    answer = None if step.trino is None else client.run(with_doubles(fill(step.trino, values)))
    if step.capture and answer is not None:
        if answer.error or not answer.rows:
            raise OracleError(f"nothing to capture: {answer.error} {answer.message} in {step.trino}")
        values[step.capture] = str(answer.rows[0][0])
        answer.rows = []
    if step.expected is not None:
        return {"judge": step.judge, **step.expected}
    assert answer is not None, "a step without Trino's text has an expected answer"
    entry = _entry(answer, normalise)
    if step.capture:
        del entry["rows"]
        for column in entry["columns"]:
            column["type"] = LENGTH_OF_TEXT.sub("varchar", column["type"])
    return {"judge": step.judge, **entry}


def _normaliser(replacements: dict[str, str]) -> Callable[[str], str]:
    def normalise(text: str) -> str:
        named = text
        for found, place in replacements.items():
            named = named.replace(found, place)
        # Data may hold a UUID or a time of its own: only texts that name something of this run are changed.
        if named == text and "in the past" not in text:
            return text
        for pattern, place in VOLATILE:
            named = pattern.sub(place, named)
        return named

    return normalise


def _entry(answer: Answer, normalise: Callable[[str], str]) -> Entry:
    """The part of an answer that is recorded."""
    if answer.error is not None:
        return {"error": answer.error, "message": normalise(answer.message or "")}
    entry: Entry = {}
    if answer.update_type is not None:
        entry["update_type"] = answer.update_type
    if answer.update_count is not None:
        entry["update_count"] = answer.update_count
    entry["columns"] = [{"name": column.name, "type": column.type} for column in answer.columns]
    entry["rows"] = [_normalise_value(row, normalise) for row in answer.rows]
    return entry


def _normalise_value(value: object, normalise: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return normalise(value)
    if isinstance(value, list):
        return [_normalise_value(item, normalise) for item in value]
    return value
