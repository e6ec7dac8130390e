"""on_schema_change of the materialization snapshot_append: what the table has then, and what old dates read as."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from derived_tables.harness.warehouses import KINDS, Rows, Warehouse, snapshot_model

JANUARY, FEBRUARY = "2024-01-31", "2024-02-01"

#: The columns of a query before and after a change, by what changes.
CHANGES = {
    "new": ("1 as id, 'a' as name", "1 as id, 'a' as name, 2.5 as price"),
    "between": ("1 as id, 'a' as name", "1 as id, 2.5 as price, 'a' as name"),
    "gone": ("1 as id, 7 as size, 'a' as name", "1 as id, 'a' as name"),
    "renamed": ("1 as id, 'a' as name", "1 as id, 'a' as title"),
    "order": ("1 as id, 'a' as name", "'a' as name, 1 as id"),
    "narrower": ("cast(1 as bigint) as id, 'a' as name", "cast(1 as integer) as id, 'a' as name"),
    "nulls": ("1 as id, 'a' as name", "1 as id, null as name"),
    "wider": ("cast(1 as integer) as id, 'a' as name", "cast(1 as bigint) as id, 'a' as name"),
    "other": ("1 as id, 'a' as name", "1 as id, 2 as name"),
    "digits": ("cast(1 as decimal(9, 0)) as id, 'a' as name", "cast(1 as decimal(5, 0)) as id, 'a' as name"),
    "scale": ("cast(1 as decimal(9, 0)) as id, 'a' as name", "cast(1 as decimal(9, 1)) as id, 'a' as name"),
}
MODES = ("ignore", "append_new_columns", "sync_all_columns", "fail")

OLD, NEW = ("1", "a", JANUARY), ("1", "a", FEBRUARY)

#: What the table holds after the change, by mode and change: columns and rows; a text is what the error says.
SAME: tuple[list[str], Rows] = (["id", "name", "snapshot_date"], [OLD, NEW])
ADDED: tuple[list[str], Rows] = (
    ["id", "name", "price", "snapshot_date"],
    [("1", "a", None, JANUARY), ("1", "a", "2.5", FEBRUARY)],
)
KEPT = ("id", "size", "name", "snapshot_date")
GONE = "must be a select of all columns of"
OTHER = "must be a select of the columns of"
TYPE = "as in"
EXPECTED: dict[str, dict[str, tuple[list[str], Rows] | str]] = {
    "ignore": {"new": SAME, "between": SAME, "gone": GONE, "renamed": GONE},
    "append_new_columns": {
        "new": ADDED,
        "between": ADDED,
        "gone": (
            ["id", "size", "name", "snapshot_date"],
            [("1", "7", "a", JANUARY), ("1", None, "a", FEBRUARY)],
        ),
        "renamed": (
            ["id", "name", "title", "snapshot_date"],
            [("1", "a", None, JANUARY), ("1", None, "a", FEBRUARY)],
        ),
    },
    "sync_all_columns": {
        "new": ADDED,
        "between": ADDED,
        "gone": SAME,
        "renamed": (["id", "title", "snapshot_date"], [("1", None, JANUARY), ("1", "a", FEBRUARY)]),
    },
    "fail": {"new": OTHER, "between": OTHER, "gone": OTHER, "renamed": OTHER},
}
ALWAYS: dict[str, tuple[list[str], Rows] | str] = {
    "order": SAME,
    "narrower": SAME,
    "nulls": (["id", "name", "snapshot_date"], [OLD, ("1", None, FEBRUARY)]),
    "wider": TYPE,
    "digits": SAME,
    "scale": TYPE,
    "other": TYPE,
}
Case = tuple[str, str]
CASES: list[Case] = [(mode, change) for mode in MODES for change in CHANGES]
#: What `make test` tries: each way of changing a table, each way of refusing.
FEW: list[Case] = [
    ("ignore", "new"),
    ("append_new_columns", "between"),
    ("append_new_columns", "renamed"),
    ("sync_all_columns", "renamed"),
    ("sync_all_columns", "narrower"),
    ("fail", "gone"),
    ("fail", "other"),
    ("fail", "digits"),
    ("ignore", "scale"),
]


def model(mode: str, change: str) -> str:
    """A model whose columns change in step 2."""
    before, after = CHANGES[change]
    return snapshot_model(
        f"select {{% if step == 1 %}}{before}{{% else %}}{after}{{% endif %}}, {{{{ today }}}} as snapshot_date",
        on_schema_change=mode,
    )


def expected_of(mode: str, change: str, warehouse: Warehouse) -> tuple[list[str], Rows] | str:
    """What the table holds then, with its columns in the order of the table; or what the error says."""
    expected = (EXPECTED[mode] | ALWAYS)[change]
    if isinstance(expected, str):
        return expected
    columns, rows = expected
    if warehouse.kind != "hive" and mode != "ignore":
        # Elsewhere the snapshot column is a column like others: new ones come behind it.
        columns = [*(name for name in columns if name in KEPT), *(name for name in columns if name not in KEPT)]
    places = [expected[0].index(name) for name in columns]
    return columns, sorted((tuple(row[place] for place in places) for row in rows), key=text_of)


def text_of(row: Sequence[str | None]) -> tuple[str, ...]:
    """A key to sort rows by that may have nulls."""
    return tuple(text or "" for text in row)


@pytest.mark.parametrize(
    ("kind", "cases"),
    [
        pytest.param("hive", FEW, id="hive"),
        pytest.param("duckdb", CASES, id="duckdb-all", marks=pytest.mark.long),
        pytest.param("hive", CASES, id="hive-all", marks=pytest.mark.long),
        pytest.param("iceberg", CASES, id="iceberg-all", marks=pytest.mark.long),
    ],
)
def test_changes(kind: str, cases: list[Case], make_warehouse: Callable[..., Warehouse]) -> None:
    """All models in January as they were, in February changed."""
    files = {f"models/sales/orders/orders__{mode}_{change}.sql": model(mode, change) for mode, change in cases}
    warehouse = make_warehouse(kind, files)
    warehouse.run(JANUARY, 1).passed()
    run = warehouse.run(FEBRUARY, 2)
    messages = {each.node.name: " ".join(str(each.message).split()) for each in run.result.results}
    for mode, change in cases:
        table = f"{mode}_{change}"
        expected = expected_of(mode, change, warehouse)
        if isinstance(expected, str):
            assert expected in messages[f"orders__{table}"], table
            assert {row[-1] for row in warehouse.rows(table)} == {JANUARY}, table
        else:
            assert (warehouse.columns(table), warehouse.rows(table)) == expected, table


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_fails_takes_no_column_away(kind: str, make_warehouse: Callable[..., Warehouse]) -> None:
    text = snapshot_model(
        "select x.id, {{ \"'a' as name,\" if step == 1 }} {{ today }} as snapshot_date\n"
        "from (values ('{{ 1 if step == 1 else 'no number' }}')) as given (id)\n"
        "cross join (select 1 as id) as x where cast(given.id as integer) = 1",
        on_schema_change="sync_all_columns",
    )
    warehouse = make_warehouse(kind, {"models/sales/orders/orders__failing.sql": text})
    warehouse.run(JANUARY, 1).passed()
    assert not warehouse.run(FEBRUARY, 2).success
    assert warehouse.rows("failing", "id, name, snapshot_date") == [OLD]
