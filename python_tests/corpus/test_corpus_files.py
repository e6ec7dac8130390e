"""Tests of the corpus itself: its files are well formed, and every entry has an answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from . import corpus
from .athena_text import athena_text, column_info
from .files import CorpusError

MAXIMUM_BYTES = 900_000

EXPRESSIONS = corpus.load_expressions()
CASES = corpus.load_statement_cases()
RECORDED_EXPRESSIONS = corpus.load_recorded_expressions()
RECORDED_STATEMENTS = corpus.load_recorded_statements()


def test_the_corpus_is_large_enough() -> None:
    errors = [answer for answer in RECORDED_EXPRESSIONS.values() if answer.error]
    assert len(EXPRESSIONS) >= 800
    assert len(errors) >= 150
    assert len(CASES) >= 80


def test_every_entry_has_a_record_and_every_record_an_entry() -> None:
    assert corpus.missing_records(EXPRESSIONS, CASES, RECORDED_EXPRESSIONS, RECORDED_STATEMENTS) == []


def test_every_entry_cites_trino_or_athena() -> None:
    sources = {entry.source for entry in EXPRESSIONS} | {step.source for case in CASES for step in case.steps}
    known = ("https://trino.io/docs/current/", "https://docs.aws.amazon.com/athena/latest/ug/")
    assert [source for source in sorted(sources) if not source.startswith(known)] == []


def test_steps_are_judged_as_their_files_say() -> None:
    for case in CASES:
        judges = [answer.judge for answer in RECORDED_STATEMENTS[case.id]]
        assert judges == [step.judge for step in case.steps], case.id


def test_no_two_entries_ask_the_same() -> None:
    queries = [entry.query for entry in EXPRESSIONS]
    assert sorted({query for query in queries if queries.count(query) > 1}) == []


def test_captured_names_are_used_after_they_are_captured() -> None:
    for case in CASES:
        values = {"database": "d", "location": "s3://bucket/folder"}
        for step in case.steps:
            corpus.fill(step.athena, values)
            if step.capture:
                values[step.capture] = "1"


@pytest.mark.parametrize("path", sorted(corpus.RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_record_file(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    assert path.stat().st_size < MAXIMUM_BYTES
    assert content["judge"]["trino"].isdigit()
    assert list(content["answers"]) == sorted(content["answers"])


def test_every_recorded_value_has_a_text() -> None:
    for identifier, answer in RECORDED_EXPRESSIONS.items():
        for _, type_name in answer.columns:
            column_info(type_name)
        for row in answer.rows or ():
            for value, (_, type_name) in zip(row, answer.columns, strict=True):
                assert isinstance(athena_text(value, type_name), str | None), identifier


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("athena-row-unnamed", "{field0=Bob, field1=38}"),
        ("athena-row-named", "{name=Bob, age=38}"),
        ("athena-map", "{last=Smith, first=Bob, age=35}"),
        ("athena-array-of-numbers", "[1, 2, 3]"),
        ("athena-array-cast-text", "[4, 5]"),
        ("engine-3-to-iso8601-plain", "2023-02-24T00:00:00.000"),
        ("engine-3-format-number", "1M"),
    ],
)
def test_examples_of_the_athena_documentation_print_as_documented(identifier: str, expected: str) -> None:
    answer = RECORDED_EXPRESSIONS[identifier]
    assert answer.rows is not None
    assert athena_text(answer.rows[0][0], answer.columns[0][1]) == expected


def test_fill_leaves_other_dollar_signs_alone() -> None:
    sql = """select json_extract(x, '$.a') from "${database}"."t$snapshots" where y = '$1'"""
    assert corpus.fill(sql, {"database": "d"}) == sql.replace("${database}", "d")


def test_fill_refuses_a_place_without_a_value() -> None:
    with pytest.raises(CorpusError, match=r"no value for \$\{snapshot\}"):
        corpus.fill("select ${snapshot}", {})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("groups: []", "missing keys"),
        ("source: https://x\ngroups:\n- expressions: {Bad_Id: '1'}", "an id is lower-case"),
        ("source: https://x\ngroups:\n- expressions: {a: 1}", "SQL must be a text"),
        ("source: https://x\ngroups:\n- expressions: {a: '1', a: '2'}", "the same key twice"),
        ("source: ftp://x\ngroups:\n- expressions: {a: '1'}", "must be a URL"),
        ("source: https://x\ngroups:\n- expression: {a: '1'}", "unknown keys"),
        (
            "source: https://x\ngroups:\n- expressions: {a: '1'}\n- queries: {a: select 1}",
            "used twice: a",
        ),
        ("source: https://x\ninstallation: cloud\ngroups: []", "`installation` must be one of"),
    ],
)
def test_a_malformed_expression_file_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "wrong.yml").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=fault):
        corpus.load_expressions(tmp_path)


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ("[{expected: {error: ANY}}]", "needs `sql` or `athena`"),
        ("[{athena: vacuum t}]", "needs `expected`"),
        ("[{athena: vacuum t, expected: {rows: []}}]", "`statement_type` must be one of"),
        ("[{athena: vacuum t, expected: {error: ANY, rows: []}}]", "unknown keys"),
        ("[{sql: select 1, note: x}]", "unknown keys"),
        ("[7]", "a mapping is needed"),
    ],
)
def test_a_malformed_step_is_refused(tmp_path: Path, steps: str, fault: str) -> None:
    text = f"source: https://x\ncases:\n- {{id: a, title: A case., steps: {steps}}}\n"
    (tmp_path / "wrong.yml").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=fault):
        corpus.load_statement_cases(tmp_path)
