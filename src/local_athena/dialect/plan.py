"""What the dialect makes of a statement: DuckDB SQL with the scans it needs.

The dialect never touches data. Whoever runs a plan first creates, for each scan, a view of the scan's name in DuckDB
that has the scan's columns in their representation (see `representation.py`), then runs `sql`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from local_athena.catalogue.model import Table
from local_athena.types.model import Type


@dataclass(frozen=True)
class Predicate:
    """A conjunct of WHERE that compares one column with constants, for pruning of row groups and files.

    It is advice: the query's SQL holds the whole condition again.

    Attributes:
        column: of the scanned table.
        operator: `=`, `<`, `<=`, `>`, `>=`, `<>`, `in`, `is null`, `is not null`.
        values: constants as Python values (int, float, Decimal, str, date, datetime, bool, bytes); one for a
            comparison, several for `in`, none for the null tests.
    """

    column: str
    operator: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Scan:
    """One mention of a table in a statement.

    Attributes:
        view: name under which the plan's SQL reads it, e.g. `scan_0`; unique in the plan.
        table: what is scanned.
        columns: names of the columns that the statement touches, in the table's order; may be empty (`count(*)`).
        predicates: conjuncts for pruning, on data columns and partition columns.
        partition_filter: DuckDB SQL over the table's partition columns, equivalent to all conjuncts of WHERE that
            touch nothing else; a partition for which it is not true need not be read. None if there is none.
        needless: whether the statement says that no row of it counts (`where false`, `limit 0`): it costs nothing.
        row_ids: whether the view also needs `"$file"` (VARCHAR, the data file's address) and `"$position"` (BIGINT,
            from 0): for the target of DELETE, UPDATE and MERGE.
    """

    view: str
    table: Table
    columns: tuple[str, ...]
    predicates: tuple[Predicate, ...] = ()
    partition_filter: str | None = None
    needless: bool = False
    row_ids: bool = False


@dataclass(frozen=True)
class Output:
    """A column of a result: its name (`_col0` if it has none) and type."""

    name: str
    type: Type


@dataclass(frozen=True)
class QueryPlan:
    """A query.

    Attributes:
        sql: one DuckDB SELECT. Its columns have the names `c0`, `c1`, … and the representations of the outputs' types.
        outputs: the columns as Athena names and types them; names may repeat.
        scans: the tables it reads.
        ordered: whether the statement says in which order its rows come.
    """

    sql: str
    outputs: tuple[Output, ...]
    scans: tuple[Scan, ...] = ()
    ordered: bool = False


@dataclass(frozen=True)
class InsertPlan:
    """INSERT: `query` gives the target's columns, all of them, in the table's order, coerced to their types."""

    target: Table
    query: QueryPlan


@dataclass(frozen=True)
class ChangePlan:
    """DELETE, UPDATE or MERGE.

    Attributes:
        target: the table; always Iceberg, others are refused.
        sql: one DuckDB SELECT with the columns `"$operation"` (VARCHAR: `delete`, `update` or `insert`), `"$file"`,
            `"$position"` (both null for an insert), and then the target's visible columns `c0`, `c1`, … with the new
            values (null for a delete). One row for each row of the target that changes and each row that is new; a
            row that several source rows match by the same clause of MERGE, or by none, raises
            MERGE_TARGET_ROW_MULTIPLE_MATCHES when the SQL runs; one that several clauses change comes once for each.
        scans: the tables it reads; the target's scan has `row_ids`.
        whole_table: whether it is a DELETE without a condition: the store may drop all files at once.
    """

    target: Table
    sql: str
    scans: tuple[Scan, ...] = field(default=())
    whole_table: bool = False
