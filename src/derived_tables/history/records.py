"""What is kept of a run: a record for each node and for each assertion of a test. Never a value of anybody's data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from derived_tables.project.artefacts import Run
from derived_tables.project.log import Assertion


@dataclass(frozen=True)
class Cost:
    """What a node cost.

    Attributes:
        statements: number of statements; None where no statements are billed.
        scanned: bytes that they read; likewise.
        price: USD; likewise.
    """

    statements: int | None
    scanned: int | None
    price: float | None


@dataclass(frozen=True)
class Record:
    """What became of a node, or of one assertion of a test, in a run.

    Attributes:
        invocation: dbt's id of the run.
        command: e.g. `build`.
        target: name of the target.
        ended: when the run ended, with a time zone.
        node: unique_id of the node.
        assertion: name of the assertion; empty for the node itself.
        status: as dbt has it.
        failures: rows that a test or an assertion found.
        rows: rows written.
        seconds: how long the node took.
        statements: number of its statements, on Athena.
        scanned: bytes that they read.
        price: USD.
        is_priced: whether all that the run cost was known.
    """

    invocation: str
    command: str
    target: str
    ended: datetime
    node: str
    assertion: str
    status: str
    failures: int | None
    rows: int | None
    seconds: float | None
    statements: int | None
    scanned: int | None
    price: float | None
    is_priced: bool


#: The columns of the files, with their types in DuckDB.
COLUMNS: Mapping[str, str] = {
    "invocation": "varchar",
    "command": "varchar",
    "target": "varchar",
    "ended": "timestamptz",
    "node": "varchar",
    "assertion": "varchar",
    "status": "varchar",
    "failures": "bigint",
    "rows": "bigint",
    "seconds": "double",
    "statements": "bigint",
    "scanned": "bigint",
    "price": "double",
    "is_priced": "boolean",
}
assert list(COLUMNS) == [field.name for field in fields(Record)]


def records_of(
    run: Run, target: str, costs: Mapping[str, Cost], assertions: Iterable[Assertion], *, is_priced: bool
) -> list[Record]:
    """What is to be kept of a run.

    Args:
        run: what dbt wrote of it.
        target: name of its target.
        costs: by unique_id of the node; what belongs to no node has an empty one.
        assertions: what single assertions of tests found.
        is_priced: whether `costs` are complete.
    """

    def made(node: str, status: str, cost: Cost, assertion: str = "", **known: int | float | None) -> Record:
        given = {"failures": None, "rows": None, "seconds": None, **known}
        return Record(
            invocation=run.invocation,
            command=run.command,
            target=target,
            ended=run.ended,
            node=node,
            assertion=assertion,
            status=status,
            failures=_whole(given["failures"]),
            rows=_whole(given["rows"]),
            seconds=given["seconds"],
            statements=cost.statements,
            scanned=cost.scanned,
            price=cost.price,
            is_priced=is_priced,
        )

    nothing = Cost(None, None, None)
    found = [
        made(
            each.node,
            each.status,
            costs.get(each.node, nothing),
            failures=each.failures,
            rows=each.rows,
            seconds=each.seconds,
        )
        for each in run.results
    ]
    known = {each.node for each in run.results}
    found += [made(node, "", cost) for node, cost in costs.items() if node not in known]
    found += [made(each.node, each.status, nothing, each.name, failures=each.failures) for each in assertions]
    return found


def _whole(number: int | float | None) -> int | None:
    return None if number is None else int(number)
