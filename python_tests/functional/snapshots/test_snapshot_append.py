"""The materialization snapshot_append: what it appends, what it replaces, and what stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from derived_tables.harness.warehouses import Warehouse, snapshot_model

JANUARY, FEBRUARY = "2024-01-31", "2024-02-01"

MODELS = {
    "plain": snapshot_model(
        "select x.id, 'run {{ step }}' as run, {{ today }} as snapshot_date\n"
        "from (values {% for id in range(step) %}({{ id }}){{ ', ' if not loop.last }}{% endfor %}) as x (id)"
    ),
    "none": snapshot_model("select {{ step }} as id, {{ today }} as snapshot_date where {{ step }} = 2"),
    "keys": snapshot_model(
        "select x.id, {{ step }} as run, {{ today }} as snapshot_date, x.region, x.shop, x.id = 1 as is_first\n"
        "from (values (1, 'a/b', 1), (2, 'c = %20''s', 2), (3, 'd', 0), (4, 'e', {{ step }}))"
        " as x (id, region, shop)\n"
        "where x.id <> {{ step }}",
        partitioned_by=["snapshot_date", "region", "shop", "is_first"],
    ),
    "weeks": snapshot_model(
        "select {{ step }} as id, {{ today }} as week", partitioned_by=["week"], snapshot_grain="week"
    ),
    "texts": snapshot_model(
        "select {{ step }} as id, {{ derived_tables.snapshot_date_literal('%Y/%m') }} as month",
        partitioned_by=["month"],
        snapshot_format="%Y/%m",
        snapshot_grain="month",
    ),
    "numbers": snapshot_model(
        "select {{ step }} as id, cast({{ derived_tables.snapshot_date_literal('%Y%m%d') }} as integer) as day",
        partitioned_by=["day"],
        snapshot_format="%Y%m%d",
    ),
    "semicolon": snapshot_model("select {{ step }} as id, {{ today }} as snapshot_date ;\n"),
    "shapes": snapshot_model(
        "with numbered as (\n    select x.id from (values (1), (2), (3)) as x (id)\n)\n"
        "select {{ step }} as run, id, {{ today }} as snapshot_date from numbered order by id desc limit 2  -- the end"
    ),
}
FILES = {f"models/sales/orders/orders__{name}.sql": text for name, text in MODELS.items()}


@pytest.fixture(
    scope="module", params=["iceberg", *(pytest.param(kind, marks=pytest.mark.long) for kind in ("duckdb", "hive"))]
)
def warehouse(request: pytest.FixtureRequest, make_warehouse: Callable[..., Warehouse]) -> Warehouse:
    """Three runs: January, February, January again with other rows."""
    made = make_warehouse(request.param, FILES)
    for day, step in ((JANUARY, 1), (FEBRUARY, 2), (JANUARY, 3)):
        made.run(day, step).passed()
    return made


def test_a_date_is_replaced_and_others_stay(warehouse: Warehouse) -> None:
    assert warehouse.rows("plain") == [
        ("0", "run 2", FEBRUARY),
        ("0", "run 3", JANUARY),
        ("1", "run 2", FEBRUARY),
        ("1", "run 3", JANUARY),
        ("2", "run 3", JANUARY),
    ]


def test_no_rows_are_no_snapshot(warehouse: Warehouse) -> None:
    assert warehouse.rows("none") == [("2", FEBRUARY)]
    if warehouse.kind == "hive":
        partitions = warehouse.query('select snapshot_date from {orders}."none$partitions"')
        assert partitions == [(FEBRUARY,)]


def test_more_partition_columns(warehouse: Warehouse) -> None:
    assert warehouse.rows("keys", "snapshot_date, id, run, region, shop, is_first") == [
        (JANUARY, "1", "3", "a/b", "1", "true"),
        (JANUARY, "2", "3", "c = %20's", "2", "false"),
        (JANUARY, "4", "3", "e", "3", "false"),
        (FEBRUARY, "1", "2", "a/b", "1", "true"),
        (FEBRUARY, "3", "2", "d", "0", "false"),
        (FEBRUARY, "4", "2", "e", "2", "false"),
    ]


def test_grains_and_formats(warehouse: Warehouse) -> None:
    """The last of January and the first of February of 2024 are in one week, which begins on Monday, the 29th."""
    assert warehouse.rows("weeks") == [("3", "2024-01-29")]
    assert warehouse.rows("texts") == [("2", "2024/02"), ("3", "2024/01")]
    assert warehouse.rows("numbers") == [("2", "20240201"), ("3", "20240131")]


def test_queries_of_all_shapes(warehouse: Warehouse) -> None:
    assert warehouse.rows("semicolon") == [("2", FEBRUARY), ("3", JANUARY)]
    assert warehouse.rows("shapes") == [
        ("2", "2", FEBRUARY),
        ("2", "3", FEBRUARY),
        ("3", "2", JANUARY),
        ("3", "3", JANUARY),
    ]


def test_only_the_tables_of_the_models_are_there(warehouse: Warehouse) -> None:
    assert [name for name in warehouse.tables() if "__dbt_replaced_" not in name] == sorted(MODELS)
