"""Random sequences of runs against a plain model of what a table of snapshots should hold.

A step is one run of dbt for one date: it goes on for several tables at once, each with rows, columns and mishaps of its
own, so that a few runs try many sequences. Dates come again: what is there is replaced then, or was dropped before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from derived_tables.cli.main import main
from derived_tables.harness.warehouses import Rows, Warehouse, snapshot_model

COLUMNS = ("id", "size", "name")
MODES = ("ignore", "append_new_columns", "sync_all_columns")
DAYS = ("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04")
WRONG = 9

Row = dict[str, str | None]


@dataclass(frozen=True)
class Run:
    """What one model does in one step.

    Attributes:
        columns: of the query, in its order.
        rows: a number for each row; the other columns are made of it.
        is_wrong: whether one more row has another date.
    """

    columns: tuple[str, ...]
    rows: tuple[int, ...]
    is_wrong: bool = False

    @property
    def as_json(self) -> dict[str, Any]:
        """For the model, which writes a query of it."""
        return {"columns": self.columns, "rows": [*self.rows, *([WRONG] if self.is_wrong else [])]}


@dataclass(frozen=True)
class Step:
    """One run of dbt: for a date, for some of the tables; then a date of one table may be dropped."""

    day: str
    runs: tuple[Run | None, ...]
    is_anew: bool
    drops: int | None


@dataclass
class Table:
    """What a table should hold.

    Attributes:
        mode: its `on_schema_change`.
        forgets: whether a column that is dropped takes its values with it, for good.
        adds_first: whether columns are added even if the rows then fail.
        made_first: whether the table is made even if the rows then fail.
        columns: what it has, apart from the date; None before it is there.
        snapshots: rows of each date, as they were written.
    """

    mode: str
    forgets: bool
    adds_first: bool
    made_first: bool
    columns: list[str] | None = None
    snapshots: dict[str, list[Row]] = field(default_factory=dict)

    def run(self, day: str, run: Run) -> bool:
        """Whether a run succeeds, after it has changed what is there."""
        written = [
            {name: {"id": str(row), "size": str(row * 10), "name": f"n{row}"}[name] for name in run.columns}
            for row in run.rows
        ]
        if self.columns is None:
            if run.is_wrong and not self.made_first:
                return False
            self.columns, self.snapshots = list(run.columns), {}
        new = [name for name in run.columns if name not in self.columns]
        gone = [name for name in self.columns if name not in run.columns]
        if self.mode == "ignore":
            if gone:
                return False
            written = [{name: row[name] for name in self.columns} for row in written]
            new = []
        if run.is_wrong:
            self.columns += new if self.adds_first else []
            return False
        self.columns += new
        if self.mode == "sync_all_columns":
            self.columns = [name for name in self.columns if name not in gone]
            for row in (row for rows in self.snapshots.values() for row in rows if self.forgets):
                for name in gone:
                    row.pop(name, None)
        self.snapshots[day] = [dict(row) for row in written]
        if not written:
            del self.snapshots[day]
        return True

    @property
    def rows(self) -> Rows:
        """All rows: the date, then the columns by their names."""
        names = sorted(self.columns or ())
        found = [(day, *(row.get(name) for name in names)) for day, rows in self.snapshots.items() for row in rows]
        return sorted(found, key=lambda row: tuple(text or "" for text in row))


def steps(tables: int, count: int) -> st.SearchStrategy[list[Step]]:
    """Some steps for some tables."""
    run = st.builds(
        Run,
        columns=st.lists(st.sampled_from(COLUMNS[1:]), unique=True).map(lambda names: ("id", *names)),
        rows=st.lists(st.integers(0, 8), max_size=3, unique=True).map(tuple),
        is_wrong=st.integers(0, 4).map(lambda number: number == 4),
    )
    step = st.builds(
        Step,
        day=st.sampled_from(DAYS),
        runs=st.tuples(*[st.one_of(run, run, run, st.none())] * tables),
        is_anew=st.integers(0, 9).map(lambda number: number == 9),
        drops=st.one_of(st.none(), st.none(), st.integers(0, tables - 1)),
    )
    return st.lists(step, min_size=count, max_size=count)


QUERY = """\
{%- set run = var('plan', {}).get(this.name if execute else 'none', {'columns': ['id'], 'rows': []}) %}
select
    {%- for column in run.columns %} x.{{ column }},{% endfor %}
    case when x.id = 9 then date '1999-12-31' else {{ today }} end as snapshot_date
from (
    values (-1, 0, '')
    {%- for row in run.rows %}, ({{ row }}, {{ row * 10 }}, 'n{{ row }}'){% endfor %}
) as x (id, size, name)
where x.id >= 0
"""


def follow(warehouse: Warehouse, plan: Sequence[Step]) -> None:
    """Goes through the steps and compares all tables after each."""
    count = len(plan[0].runs)
    on_duckdb = warehouse.kind == "duckdb"
    on_hive, on_iceberg = warehouse.kind == "hive", warehouse.kind == "iceberg"
    tables = [
        Table(MODES[number % 3], forgets=not on_hive, adds_first=on_iceberg, made_first=on_hive)
        for number in range(count)
    ]
    for step in plan:
        chosen = {number: run for number, run in enumerate(step.runs) if run is not None}
        if chosen:
            consent: Mapping[str, Any] = {"discard_snapshots": True} if step.is_anew else {}
            result = warehouse.dbt(
                "run",
                *(["--full-refresh"] if step.is_anew else []),
                "--select",
                *(f"orders__t{number}" for number in chosen),
                day=step.day,
                plan={f"t{number}": run.as_json for number, run in chosen.items()},
                **consent,
            ).result
            status = {each.node.name: each.status for each in result.results}
            for number, run in chosen.items():
                if step.is_anew and not (run.is_wrong and on_duckdb):
                    tables[number].columns, tables[number].snapshots = None, {}
                succeeds = tables[number].run(step.day, run)
                assert (status[f"orders__t{number}"] == "success") == succeeds, (step, number)
        if step.drops is not None and len(tables[step.drops].snapshots) > 1:
            oldest = min(tables[step.drops].snapshots)
            where = ["--project-dir", str(warehouse.project.path), "--profiles-dir", str(warehouse.project.path)]
            what = ["--select", f"orders__t{step.drops}", "--dates", oldest]
            assert main(["snapshots", "drop", *what, "--apply", *where]) == 0
            del tables[step.drops].snapshots[oldest]
        for number, table in enumerate(tables):
            if table.columns is None:
                assert f"t{number}" not in warehouse.tables()
                continue
            assert {*warehouse.columns(f"t{number}")} == {*table.columns, "snapshot_date"}, (step, number)
            columns = ", ".join(["snapshot_date", *sorted(table.columns)])
            assert warehouse.rows(f"t{number}", columns) == table.rows, (step, number)


def files_of(tables: int) -> dict[str, str]:
    """The models of so many tables."""
    return {
        f"models/sales/orders/orders__t{number}.sql": snapshot_model(QUERY, on_schema_change=MODES[number % 3])
        for number in range(tables)
    }


_ID, _SIZED, _NAMED, _ALL = ("id",), ("id", "size"), ("name", "id"), ("size", "id", "name")
#: Each kind of step at least once, for one table of each mode.
SEQUENCE = [
    Step(DAYS[1], (Run(_SIZED, (1, 2)), Run(_SIZED, (1, 2)), Run(_SIZED, (1, 2))), is_anew=False, drops=None),
    Step(DAYS[2], (Run(_ALL, (3,)), Run(_ALL, (3,)), Run(_NAMED, (3,))), is_anew=False, drops=None),
    Step(DAYS[0], (Run(_ID, (4,)), Run(_NAMED, (4, 5)), Run(_ALL, (4, 5), is_wrong=True)), is_anew=False, drops=2),
    Step(DAYS[1], (Run(_SIZED, ()), Run(_SIZED, (), is_wrong=True), Run(_ALL, (6,))), is_anew=False, drops=1),
    Step(DAYS[3], (Run(_ID, (7,)), Run(_ID, (), is_wrong=True), None), is_anew=True, drops=0),
    Step(DAYS[3], (Run(_ID, (8,)), Run(_NAMED, (8,)), Run(_NAMED, (8, 0))), is_anew=False, drops=None),
]


@pytest.mark.parametrize(
    "kind", ["duckdb", *(pytest.param(kind, marks=pytest.mark.long) for kind in ("hive", "iceberg"))]
)
def test_a_sequence(kind: str, make_warehouse: Callable[..., Warehouse]) -> None:
    follow(make_warehouse(kind, files_of(3)), SEQUENCE)


@pytest.mark.long
@pytest.mark.parametrize(("kind", "examples"), [("duckdb", 15), ("hive", 8), ("iceberg", 8)])
def test_many_sequences(kind: str, examples: int, make_warehouse: Callable[..., Warehouse]) -> None:
    tables = 6
    files = files_of(tables)

    @settings(max_examples=examples, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(plan=steps(tables, 8))
    def tried(plan: list[Step]) -> None:
        follow(make_warehouse(kind, files), plan)

    tried()
