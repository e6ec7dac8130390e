"""Plans as text, for EXPLAIN."""

from __future__ import annotations

from collections.abc import Iterator

from derived_tables.local_athena.dialect.plan import Predicate, QueryPlan, Scan


def explained(plan: QueryPlan) -> str:
    """What a query gives and reads: one fragment for its result, and one for each scan."""
    columns = ", ".join(f"{output.name}:{output.type}" for output in plan.outputs)
    lines = ["Fragment 0 [SINGLE]", f"    Output[columnNames = [{columns}]]"]
    for number, scan in enumerate(plan.scans, 1):
        lines += [f"Fragment {number} [SOURCE]", *_scan(scan)]
    return "\n".join(lines)


def _scan(scan: Scan) -> Iterator[str]:
    yield f"    TableScan[table = {scan.table.name}]"
    types = {column.name: column.type for column in scan.table.columns}
    for column in scan.columns:
        yield f"        {column}:{types[column]}"
    for predicate in scan.predicates:
        yield f"        constraint {_predicate(predicate)}"


def _predicate(predicate: Predicate) -> str:
    values = ", ".join(map(str, predicate.values))
    return f"{predicate.column} {predicate.operator} {values}".rstrip()
