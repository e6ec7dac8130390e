"""The bill of a run: what dbt wrote of it, and what Athena says of its statements."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from derived_tables.costs.price import billed_bytes, price
from derived_tables.project.artefacts import Result, Run
from derived_tables.project.log import Statement
from derived_tables.warehouse.executions import Execution

#: dbt's comment, as dbt-athena writes it: on the first line, or, if it is to be appended, on the last one.
_COMMENT = re.compile(r"-- /\* (\{.*\}) \*/;?")
#: Statuses of nodes that have run, and ended as they should.
_RAN = ("success", "pass", "fail", "warn")


@dataclass(frozen=True)
class Line:
    """What a node, or a group of nodes, cost.

    Attributes:
        name: unique_id of the node, or name of the group; empty for what belongs to none.
        statements: number of statements; None where no statements are billed.
        scanned: bytes that they read; likewise.
        price: USD; likewise.
        seconds: as dbt measured them; those of the statements where dbt did not.
        rows: rows written; None where the adapter does not tell.
        reused: number of statements whose result is an earlier one's.
        reserved: number of statements on provisioned capacity.
    """

    name: str
    statements: int | None
    scanned: int | None
    price: Decimal | None
    seconds: float
    rows: int | None
    reused: int = 0
    reserved: int = 0


@dataclass(frozen=True)
class Bill:
    """What a run cost.

    Attributes:
        run: the run.
        lines: one a node, what cost most first.
        total: of all nodes; its seconds are those of the run, in which nodes run side by side.
        gaps: sentences that say why it may have cost more; empty if all is known.
    """

    run: Run
    lines: tuple[Line, ...]
    total: Line
    gaps: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.gaps


@dataclass
class _Statements:
    """The statements of a node."""

    executions: list[Execution] = field(default_factory=list)

    def line(self, name: str, result: Result | None, per_tb: Decimal) -> Line:
        seconds = sum(each.seconds for each in self.executions)
        return Line(
            name=name,
            statements=len(self.executions),
            scanned=sum(each.scanned for each in self.executions),
            price=price(sum(map(billed_bytes, self.executions)), per_tb),
            seconds=result.seconds if result else seconds,
            rows=result.rows if result else None,
            reused=sum(each.is_reused for each in self.executions),
            reserved=sum(each.capacity is not None for each in self.executions),
        )


def bill_by_scan(
    run: Run,
    statements: Sequence[Statement],
    executions: Mapping[str, Execution],
    per_tb: Decimal,
    *,
    gap: str = "",
    elsewhere: Sequence[str] = (),
) -> Bill:
    """What a run cost on Athena.

    Args:
        run: what dbt wrote of it.
        statements: those of the run, as its log names them.
        executions: what Athena says of them, by id; those that it does not know are missing.
        per_tb: USD.
        gap: why `statements` may lack some; empty if they do not.
        elsewhere: nodes that run where no statement is, on Spark.
    """
    by_node: dict[str, _Statements] = {result.node: _Statements() for result in run.results}
    for statement in statements:
        if found := executions.get(statement.id):
            by_node.setdefault(node_of(found.sql) or statement.node, _Statements()).executions.append(found)
    results = {result.node: result for result in run.results}
    lines = [each.line(node, results.get(node), per_tb) for node, each in by_node.items()]
    gaps = [gap] if gap else []
    unknown = sum(each.id not in executions for each in statements)
    if unknown:
        gaps.append(
            f"Athena does not know {unknown:,} of {len(statements):,} statements: it forgets them after 45 days, "
            "and other accounts and regions do not know them."
        )
    running = sum(not each.has_ended for each in executions.values())
    if running:
        gaps.append(f"{running:,} statements are still running: what they read is not known yet.")
    silent = [
        result.node
        for result in run.results
        if not gap and result.status in _RAN and "data_scanned_in_bytes" in result.response
        if not by_node[result.node].executions and not unknown and result.node not in elsewhere
    ]
    if silent:
        gaps.append(f"The log names no statement of {', '.join(silent[:3])}{' and others' if silent[3:] else ''}.")
    return Bill(run, _sorted(lines), _sum("", lines, run.seconds, is_billed=True), tuple(gaps))


def bill_by_time(run: Run) -> Bill:
    """What a run took where nothing is billed by scan: seconds and rows."""
    lines = [Line(each.node, None, None, None, each.seconds, each.rows) for each in run.results]
    return Bill(run, _sorted(lines), _sum("", lines, run.seconds, is_billed=False))


def grouped(bill: Bill, group_of: Callable[[str], str]) -> tuple[Line, ...]:
    """The lines of a bill, by groups of their nodes; what cost most first."""
    groups: dict[str, list[Line]] = {}
    for line in bill.lines:
        groups.setdefault(group_of(line.name), []).append(line)
    is_billed = bill.total.price is not None
    return _sorted(
        _sum(name, lines, sum(line.seconds for line in lines), is_billed=is_billed) for name, lines in groups.items()
    )


def node_of(sql: str) -> str:
    """The node that dbt's comment in a statement names; empty if there is none."""
    return str(comment_of(sql).get("node_id") or "")


def comment_of(sql: str) -> Mapping[str, object]:
    """What dbt's comment in a statement says; empty if there is none."""
    lines = sql.strip().splitlines() or [""]
    for line in (lines[0], lines[-1]):
        if found := _COMMENT.fullmatch(line.strip()):
            return _read(found[1])
    return {}


def _read(comment: str) -> Mapping[str, object]:
    try:
        found = json.loads(comment)
    except ValueError:  # people may have a comment of their own
        return {}
    return found if isinstance(found, dict) else {}


def _sum(name: str, lines: Sequence[Line], seconds: float, *, is_billed: bool) -> Line:
    rows = [line.rows for line in lines if line.rows is not None]
    return Line(
        name=name,
        statements=sum(line.statements or 0 for line in lines) if is_billed else None,
        scanned=sum(line.scanned or 0 for line in lines) if is_billed else None,
        price=sum((line.price or Decimal(0) for line in lines), Decimal(0)) if is_billed else None,
        seconds=seconds,
        rows=sum(rows) if rows else None,
        reused=sum(line.reused for line in lines),
        reserved=sum(line.reserved for line in lines),
    )


def _sorted(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (-(line.price or 0), -(line.scanned or 0), -line.seconds, line.name)))
