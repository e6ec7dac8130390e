"""EXPLAIN: which tables a statement reads and what it gives. The plan is the local Athena's own, not Trino's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from local_athena.catalogue.model import TableName
from local_athena.dialect.analyse import plan_change, plan_insert, plan_query
from local_athena.dialect.plan import Output, QueryPlan, Scan
from local_athena.errors import not_supported
from local_athena.execution.context import Context
from local_athena.execution.kinds import UTILITY
from local_athena.execution.results import columns_of, lines, query_rows
from local_athena.execution.writes import named_columns
from local_athena.outcome import Outcome, ResultColumn
from local_athena.statements.model import Change, CreateTableAs, CreateView, Explain, Insert, Query
from local_athena.statements.parse import parse
from local_athena.types.model import BOOLEAN, VARCHAR

_KIND = "EXPLAIN"


@dataclass(frozen=True)
class _Planned:
    """What a statement would do."""

    what: str
    outputs: tuple[Output, ...]
    scans: tuple[Scan, ...]
    target: TableName | None = None
    query: QueryPlan | None = None


def explain(statement: Explain, context: Context) -> Outcome:
    """EXPLAIN; with ANALYZE the query runs."""
    planned = _planned(statement.sql, context)
    if statement.type == "validate":
        return Outcome(UTILITY, _KIND, (ResultColumn("Valid", BOOLEAN),), iter((("true",),)), header=True)
    if statement.analyze:
        return _analyzed(planned, context)
    if statement.type == "io" or statement.format == "json":
        return _printed([json.dumps(_described(planned), indent=2)])
    if statement.format == "graphviz":
        return _printed(_graph(planned))
    return _printed(_text(planned))


def _planned(sql: str, context: Context) -> _Planned:
    inner = parse(sql, context.request.database)
    session = context.session
    match inner:
        case Query():
            plan = plan_query(inner.sql, session)
            return _Planned("Output", plan.outputs, plan.scans, query=plan)
        case CreateTableAs():
            plan = plan_query(inner.query, session)
            named_columns(plan)
            return _Planned("TableWriter", plan.outputs, plan.scans, inner.name)
        case CreateView():
            plan = plan_query(inner.query, session)
            named_columns(plan)
            return _Planned("CreateView", (), ())
        case Insert():
            insert = plan_insert(inner.sql, session)
            return _Planned("TableWriter", insert.query.outputs, insert.query.scans, insert.target.name)
        case Change():
            change = plan_change(inner.sql, session)
            return _Planned("TableExecute", (), change.scans, change.target.name)
    raise not_supported("EXPLAIN of this statement is not supported")


def _analyzed(planned: _Planned, context: Context) -> Outcome:
    if planned.query is None:
        raise not_supported("The local Athena does not run statements that write under EXPLAIN ANALYZE")
    scanned = context.make_views(planned.scans)
    count = sum(1 for _ in query_rows(planned.query, context))
    outcome = _printed([*_text(planned), f"Rows: {count}, scanned: {scanned} bytes"])
    outcome.scanned_bytes = scanned
    return outcome


def _printed(texts: Sequence[str]) -> Outcome:
    outcome = lines(_KIND, texts, "Query Plan", type_=VARCHAR)
    outcome.header = True
    return outcome


def _text(planned: _Planned) -> list[str]:
    columns = ", ".join(f"{column.name}:{column.type}" for column in columns_of(planned.outputs))
    target = f" {planned.target}" if planned.target else ""
    return [
        "Fragment 0",
        f"    {planned.what}{target}[{columns}]",
        *(f"        {_scan(scan)}" for scan in planned.scans),
    ]


def _scan(scan: Scan) -> str:
    conditions = "; ".join(f"{item.column} {item.operator} {list(item.values)}" for item in scan.predicates)
    return f"TableScan[{scan.table.name}] columns: [{', '.join(scan.columns)}] constraints: [{conditions}]"


def _graph(planned: _Planned) -> list[str]:
    nodes = [f'plannode_{index}[label="{{{_scan(scan)}}}"];' for index, scan in enumerate(planned.scans, 2)]
    edges = [f"plannode_1 -> plannode_{index};" for index in range(2, len(nodes) + 2)]
    return ["digraph logical_plan {", f'plannode_1[label="{{{planned.what}}}"];', *nodes, *edges, "}"]


def _described(planned: _Planned) -> dict[str, object]:
    read = [{"table": _name(scan.table.name), "columns": list(scan.columns)} for scan in planned.scans]
    described: dict[str, object] = {"inputTableColumnInfos": read}
    if planned.target is not None:
        described["outputTable"] = _name(planned.target)
    return described


def _name(name: TableName) -> dict[str, object]:
    return {"catalog": "awsdatacatalog", "schemaTable": {"schema": name.database, "table": name.table}}
