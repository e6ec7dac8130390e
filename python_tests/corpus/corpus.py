"""Loads the corpus: what is asked (YAML), and what was answered (JSON).

The format of the files is described in README.md beside this module.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from .files import (
    CorpusError,
    read_json,
    read_yaml,
    require_id,
    require_keys,
    require_source,
    require_sql,
    require_unique,
)

FOLDER = Path(__file__).resolve().parent
EXPRESSIONS = FOLDER / "expressions"
STATEMENTS = FOLDER / "statements"
RECORDED = FOLDER / "recorded"

INSTALLATIONS = ("engine", "server")
CATALOGS = ("hive", "iceberg")
JUDGE_TRINO = "trino"
JUDGE_DOCUMENTATION = "athena documentation"
# The name of an error where the documentation says that a statement fails, and not with which name.
ANY_ERROR = "ANY"
EXPECTED_KEYS = {"statement_type", "columns", "rows", "error", "message"}
STATEMENT_TYPES = ("DDL", "DML", "UTILITY")


@dataclass(frozen=True)
class Expression:
    """One expression or one query.

    Attributes:
        id: unique in the corpus, lower-case words joined by hyphens.
        subject: name of the file it stands in, without `.yml`.
        sql: a single expression, or a whole query if `is_query`.
        source: URL of the documentation that says what the answer is.
        installation: which Trino judges: `engine`, or `server` if a plugin is needed.
    """

    id: str
    subject: str
    sql: str
    source: str
    is_query: bool = False
    installation: str = "engine"

    @property
    def query(self) -> str:
        """The statement to run."""
        return self.sql if self.is_query else f"select {self.sql}"


@dataclass(frozen=True)
class Step:
    """One statement of a case. `${database}`, `${location}` and captured names are filled in by `fill`.

    Attributes:
        athena: the statement as Athena takes it.
        trino: the statement as Trino takes it; None if only Athena has it.
        expected: what Athena answers by its documentation; None if Trino judges.
        source: URL of the documentation.
        capture: name under which the first cell of the answer is kept for later steps. Such an answer
            changes from run to run; only its columns are recorded.
    """

    athena: str
    trino: str | None
    expected: Mapping[str, Any] | None
    source: str
    capture: str | None = None

    @property
    def judge(self) -> str:
        """Who says what the right answer is."""
        return JUDGE_TRINO if self.expected is None else JUDGE_DOCUMENTATION


@dataclass(frozen=True)
class StatementCase:
    """Statements that are run in order, in a database of their own.

    Attributes:
        id: unique in the corpus, lower-case words joined by hyphens.
        subject: name of the file it stands in, without `.yml`.
        title: what the case shows, one sentence.
        catalog: Trino's catalog of unqualified names, `hive` or `iceberg`; Athena has one for both.
        steps: at least one.
    """

    id: str
    subject: str
    title: str
    catalog: str
    steps: tuple[Step, ...]

    @property
    def judge(self) -> str:
        """Trino if it judges every step, else the documentation."""
        judges = {step.judge for step in self.steps}
        return JUDGE_TRINO if judges == {JUDGE_TRINO} else JUDGE_DOCUMENTATION


@dataclass(frozen=True)
class Recorded:
    """The right answer to one expression or step: columns and rows, or an error.

    Attributes:
        columns: pairs of name and type as Trino spells it; empty for an error.
        rows: by Trino: raw JSON values of its client protocol. By the documentation: the texts that
            GetQueryResults prints, white space aside. None if they are not part of what is judged.
        error: error name, e.g. `DIVISION_BY_ZERO`, or `ANY_ERROR`; None if it succeeds.
        message: text of the error; None if not judged.
        update_type: what the statement did, in Trino's words, e.g. `CREATE TABLE`.
        update_count: rows written or changed.
        statement_type: what GetQueryExecution calls the statement; None if not judged.
        judge: `trino` or `athena documentation`.
        newer: the answer of the newer Trino, where it is another one.
    """

    columns: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[Any, ...], ...] | None = None
    error: str | None = None
    message: str | None = None
    update_type: str | None = None
    update_count: int | None = None
    statement_type: str | None = None
    judge: str = JUDGE_TRINO
    newer: Recorded | None = None


def fill(sql: str, values: Mapping[str, str]) -> str:
    """Put the values into the `${name}` places of a statement.

    Raises:
        CorpusError: the statement has a place without a value.
    """
    try:
        return _Places(sql).substitute(values)
    except KeyError as error:
        raise CorpusError(f"no value for ${{{error.args[0]}}} in: {sql}") from None


class _Places(Template):
    """Only `${name}` is a place: a lone dollar sign is SQL (`"t$snapshots"`, JSON paths)."""

    pattern = r"\$(?:\{(?P<braced>[a-z_]+)\}|(?P<named>(?!))|(?P<escaped>(?!))|(?P<invalid>(?!)))"  # type: ignore[assignment]


def load_expressions(folder: Path = EXPRESSIONS) -> list[Expression]:
    """Every expression of the corpus, in the order of files and entries.

    Raises:
        CorpusError: an entry is malformed, or two have the same id.
    """
    expressions = [entry for path in sorted(folder.glob("*.yml")) for entry in _expressions_of(path)]
    require_unique([entry.id for entry in expressions], "expressions")
    return expressions


def load_statement_cases(folder: Path = STATEMENTS) -> list[StatementCase]:
    """Every case of the corpus, in the order of files and entries.

    Raises:
        CorpusError: a case is malformed, or two have the same id.
    """
    cases = [case for path in sorted(folder.glob("*.yml")) for case in _cases_of(path)]
    require_unique([case.id for case in cases], "statement cases")
    return cases


def load_recorded_expressions(folder: Path = RECORDED) -> dict[str, Recorded]:
    """The answer to each expression, by id."""
    recorded: dict[str, Recorded] = {}
    for path in sorted(folder.glob("expressions/*.json")):
        for identifier, answer in read_json(path)["answers"].items():
            recorded[identifier] = _recorded(answer)
    return recorded


def load_recorded_statements(folder: Path = RECORDED) -> dict[str, tuple[Recorded, ...]]:
    """The answers to each case, one for each of its steps, by id."""
    recorded: dict[str, tuple[Recorded, ...]] = {}
    for path in sorted(folder.glob("statements/*.json")):
        for identifier, answers in read_json(path)["answers"].items():
            recorded[identifier] = tuple(_recorded(answer) for answer in answers)
    return recorded


def missing_records(
    expressions: list[Expression],
    cases: list[StatementCase],
    recorded_expressions: Mapping[str, Recorded],
    recorded_statements: Mapping[str, tuple[Recorded, ...]],
) -> list[str]:
    """What does not fit between the entries and the record; empty if all is well."""
    faults = [f"{entry.id}: no record" for entry in expressions if entry.id not in recorded_expressions]
    faults += [f"{case.id}: no record" for case in cases if case.id not in recorded_statements]
    faults += [
        f"{case.id}: {len(case.steps)} steps, {len(recorded_statements[case.id])} recorded"
        for case in cases
        if case.id in recorded_statements and len(case.steps) != len(recorded_statements[case.id])
    ]
    known = {entry.id for entry in expressions}
    faults += [f"{identifier}: recorded, but no expression" for identifier in recorded_expressions.keys() - known]
    known = {case.id for case in cases}
    faults += [f"{identifier}: recorded, but no case" for identifier in recorded_statements.keys() - known]
    return sorted(faults)


def _expressions_of(path: Path) -> Iterator[Expression]:
    content = read_yaml(path, {"source", "groups"}, {"installation"})
    installation = content.get("installation", "engine")
    if installation not in INSTALLATIONS:
        raise CorpusError(f"{path.name}: `installation` must be one of {INSTALLATIONS}, got {installation!r}")
    for group in content["groups"]:
        require_keys(path, group, set(), {"section", "source", "expressions", "queries"})
        page = group.get("source", content["source"])
        source = f"{page}#{group['section']}" if "section" in group else page
        for is_query, key in ((False, "expressions"), (True, "queries")):
            for identifier, entry in (group.get(key) or {}).items():
                own = entry if isinstance(entry, dict) else {"sql": entry}
                require_keys(path, own, {"sql"}, {"source"}, identifier)
                sql = require_sql(path, identifier, own["sql"])
                require_id(path, identifier)
                cited = require_source(path, identifier, own.get("source", source))
                yield Expression(identifier, path.stem, sql, cited, is_query, installation)


def _cases_of(path: Path) -> Iterator[StatementCase]:
    content = read_yaml(path, {"source", "cases"}, set())
    for case in content["cases"]:
        require_keys(path, case, {"id", "title", "steps"}, {"source", "catalog"})
        identifier = require_id(path, case["id"])
        source = case.get("source", content["source"])
        catalog = case.get("catalog", "hive")
        if catalog not in CATALOGS:
            raise CorpusError(f"{path.name}: {identifier}: `catalog` must be one of {CATALOGS}, got {catalog!r}")
        steps = tuple(_step(path, identifier, step, source) for step in case["steps"])
        yield StatementCase(identifier, path.stem, case["title"], catalog, steps)


def _step(path: Path, identifier: str, step: object, source: str) -> Step:
    """A step is a text that Trino and Athena both take, or a mapping."""
    given = {"sql": step} if isinstance(step, str) else step
    known = {"sql", "athena", "trino", "expected", "source", "capture"}
    entry = require_keys(path, given, set(), known, identifier)
    athena = entry.get("athena", entry.get("sql"))
    trino = entry.get("trino", entry.get("sql"))
    if athena is None:
        raise CorpusError(f"{path.name}: {identifier}: a step needs `sql` or `athena`")
    if trino is None and "expected" not in entry:
        raise CorpusError(f"{path.name}: {identifier}: a step without `trino` needs `expected`")
    return Step(
        athena=require_sql(path, identifier, athena),
        trino=None if trino is None else require_sql(path, identifier, trino),
        expected=_expected(path, identifier, entry.get("expected")),
        source=require_source(path, identifier, entry.get("source", source)),
        capture=entry.get("capture"),
    )


def _expected(path: Path, identifier: str, entry: object) -> Mapping[str, Any] | None:
    """What the documentation says; an error has no rows, and everything else has a statement type."""
    if entry is None:
        return None
    expected = require_keys(path, entry, set(), EXPECTED_KEYS, identifier)
    if "error" in expected:
        require_keys(path, expected, {"error"}, {"message"}, identifier)
    elif expected.get("statement_type") not in STATEMENT_TYPES:
        raise CorpusError(f"{path.name}: {identifier}: `statement_type` must be one of {STATEMENT_TYPES}")
    return expected


def _recorded(answer: Mapping[str, Any]) -> Recorded:
    rows = answer.get("rows")
    newer = answer.get("newer")
    return Recorded(
        columns=tuple((column["name"], column["type"]) for column in answer.get("columns", [])),
        rows=None if rows is None else tuple(tuple(row) for row in rows),
        error=answer.get("error"),
        message=answer.get("message"),
        update_type=answer.get("update_type"),
        update_count=answer.get("update_count"),
        statement_type=answer.get("statement_type"),
        judge=answer.get("judge", JUDGE_TRINO),
        newer=None if newer is None else _recorded(newer),
    )
