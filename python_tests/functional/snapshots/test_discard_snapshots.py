"""`--full-refresh` with `discard_snapshots: true` builds first and discards then."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from derived_tables.harness.warehouses import KINDS, Warehouse, snapshot_model

JANUARY, FEBRUARY, MARCH = "2024-01-31", "2024-02-01", "2024-03-01"
MODEL = "models/sales/orders/orders__daily.sql"
#: The second step fails while it runs.
TEXT = snapshot_model(
    "select cast(x.id as integer) as id, {{ today }} as snapshot_date\n"
    "from (values ('{{ 'one' if step == 2 else 1 }}')) as x (id)"
)
OTHER = snapshot_model("select 'a' as name, {{ step }} as number, {{ today }} as snapshot_date")


@pytest.fixture(scope="module", params=KINDS)
def warehouse(request: pytest.FixtureRequest, make_warehouse: Callable[..., Warehouse]) -> Warehouse:
    """A table with two snapshots."""
    made = make_warehouse(request.param, {MODEL: TEXT})
    for day in (JANUARY, FEBRUARY):
        made.run(day).passed()
    return made


def test_built_first_and_discarded_then(warehouse: Warehouse) -> None:
    """Red before, on Athena: after the failing query the table was empty."""
    held = warehouse.rows("daily")
    assert held == [("1", JANUARY), ("1", FEBRUARY)]
    failed = warehouse.dbt("run", "--full-refresh", day=MARCH, step=2, discard_snapshots=True)
    assert not failed.success
    assert "one" in failed.output
    assert warehouse.rows("daily") == held
    if warehouse.kind == "hive":
        assert any("__dbt_new" in name for name in warehouse.tables()), "an interrupted build, to be cleaned up"

    warehouse.project.write({MODEL: OTHER})
    before = set(warehouse.objects())
    warehouse.dbt("run", "--full-refresh", day=MARCH, step=3, discard_snapshots=True).passed()
    assert warehouse.rows("daily") == [("a", "3", MARCH)]
    noted = [name for name in warehouse.tables() if "__dbt_interrupted_" in name]
    assert warehouse.tables() == ["daily", *noted]
    assert len(noted) == (warehouse.kind == "hive"), "the next run looks there an hour later"
    assert before.isdisjoint(warehouse.objects()), "the old data are gone"

    # And it is a table of snapshots like any other.
    warehouse.run(JANUARY, 4).passed()
    assert warehouse.rows("daily") == [("a", "3", MARCH), ("a", "4", JANUARY)]
    assert not warehouse.dbt("run", "--full-refresh", day=MARCH).success
    assert len([name for name in warehouse.relations() if "__dbt_snapshots" in name]) == 2


@pytest.mark.parametrize(("first", "then"), [("hive", "iceberg"), ("iceberg", "hive")])
def test_another_kind_of_table_takes_the_place(make_warehouse: Callable[..., Warehouse], first: str, then: str) -> None:
    made = make_warehouse(first, {MODEL: TEXT})
    made.run(JANUARY).passed()
    made.project.write({MODEL: TEXT.replace("config(**{", f'config(**{{"table_type": "{then}", ')})
    refused = made.run(FEBRUARY)
    assert not refused.success
    assert f"must be of the type `{then}`, got `{first}`" in refused.output
    before = set(made.objects())
    made.dbt("run", "--full-refresh", day=FEBRUARY, discard_snapshots=True).passed()
    assert made.rows("daily") == [("1", FEBRUARY)]
    assert made.tables() == ["daily"]
    assert before.isdisjoint(made.objects())


@pytest.mark.parametrize("kind", ["hive", "iceberg"])
def test_a_view_gives_way_to_snapshots_once_they_are_built(make_warehouse: Callable[..., Warehouse], kind: str) -> None:
    made = make_warehouse(kind, {MODEL: "{{ config(materialized='view') }} select 7 as id"})
    made.dbt("run").passed()
    made.project.write({MODEL: TEXT})
    assert not made.run(JANUARY, 2).success
    assert made.rows("daily") == [("7",)]
    made.run(JANUARY).passed()
    assert made.rows("daily") == [("1", JANUARY)]
    assert [name for name in made.tables() if "__dbt_interrupted_" not in name] == ["daily"]
