"""A date without rows is no snapshot, on every kind of table: readers see the date before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from derived_tables.harness.warehouses import KINDS, Warehouse, snapshot_model

JANUARY, FEBRUARY, MARCH = "2024-01-31", "2024-02-01", "2024-03-01"
FILES = {
    "models/sales/orders/orders__one.sql": snapshot_model(
        "select 1 as id, {{ today }} as snapshot_date where {{ step }} = 1"
    ),
    "models/sales/orders/orders__two.sql": snapshot_model(
        "select 1 as id, {{ today }} as snapshot_date, 'a' as region where {{ step }} = 1",
        partitioned_by=["snapshot_date", "region"],
    ),
    "models/sales/orders/orders__newest.sql": (
        "{{ config(materialized='table') }}\n"
        "select 'one' as name, snapshot_date from {{ ref('orders__one') }}"
        " where {{ derived_tables.latest_snapshot(ref('orders__one')) }}\nunion all\n"
        "select 'two', snapshot_date from {{ ref('orders__two') }}"
        " where {{ derived_tables.latest_snapshot(ref('orders__two')) }}"
    ),
}


@pytest.fixture(params=KINDS)
def warehouse(request: pytest.FixtureRequest, make_warehouse: Callable[..., Warehouse]) -> Warehouse:
    return make_warehouse(request.param, FILES)


def partitions(warehouse: Warehouse, table: str) -> list[str]:
    """The dates of the partitions of a table on Hive."""
    pages = warehouse.client("glue").get_paginator("get_partitions")
    found = pages.paginate(DatabaseName=warehouse.database, TableName=table)
    return sorted(partition["Values"][0] for page in found for partition in page["Partitions"])


def test_a_date_without_rows_leaves_no_trace(warehouse: Warehouse) -> None:
    """Red before: an empty partition on Hive with one key, which `latest_snapshot` took for the newest snapshot."""
    warehouse.run(JANUARY, 2).passed()
    assert warehouse.rows("newest") == []
    warehouse.run(JANUARY, 1).passed()
    warehouse.run(FEBRUARY, 2).passed()
    assert warehouse.rows("newest") == [("one", JANUARY), ("two", JANUARY)]
    if warehouse.kind == "hive":
        assert partitions(warehouse, "one") == partitions(warehouse, "two") == [JANUARY]


def test_a_date_that_has_lost_its_rows_is_gone(warehouse: Warehouse) -> None:
    for day in (JANUARY, FEBRUARY):
        warehouse.run(day, 1).passed()
    warehouse.run(FEBRUARY, 2).passed()
    assert warehouse.rows("one") == [("1", JANUARY)]
    assert warehouse.rows("newest") == [("one", JANUARY), ("two", JANUARY)]
    if warehouse.kind == "hive":
        assert partitions(warehouse, "one") == partitions(warehouse, "two") == [JANUARY]
