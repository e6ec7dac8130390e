"""Tables that hold snapshots are marked, and nothing but a snapshot model of the same node takes their place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from derived_tables.cli.main import main
from derived_tables.harness.warehouses import KINDS, Warehouse, snapshot_model

JANUARY, FEBRUARY = "2024-01-31", "2024-02-01"
MODEL = "models/sales/orders/orders__daily.sql"
SNAPSHOTS = snapshot_model("select {{ step }} as id, {{ today }} as snapshot_date")
#: What takes the place of the snapshot model, and what the error says of it.
INSTEAD = {
    "table": "{{ config(materialized='table') }} select 1 as id",
    "view": "{{ config(materialized='view') }} select 1 as id",
    "incremental": "{{ config(materialized='incremental') }} select 1 as id",
    "default": "select 1 as id",
}
OWNER = "must be `model.consumer.orders__daily` with `materialized: snapshot_append`, whose snapshots it holds"
HELD = [("1", JANUARY), ("1", FEBRUARY)]


@pytest.fixture(params=KINDS)
def warehouse(request: pytest.FixtureRequest, make_warehouse: Callable[..., Warehouse]) -> Warehouse:
    """A table with two snapshots, and a model of another database beside it."""
    made = make_warehouse(request.param, {MODEL: SNAPSHOTS})
    for day in (JANUARY, FEBRUARY):
        made.run(day).passed()
    assert made.rows("daily") == HELD
    return made


def refused(warehouse: Warehouse, *said: str) -> None:
    """A run is refused, says so, and changes nothing."""
    before = warehouse.state()
    run = warehouse.dbt("build")
    assert not run.success
    for text in said:
        assert text in run.output
    assert warehouse.state() == before
    assert warehouse.rows("daily") == HELD


def relation_of(warehouse: Warehouse) -> str:
    """The table, as macros write it."""
    name = f"schema='{warehouse.database}', identifier='daily', type='table'"
    return f"api.Relation.create(database=target.database, {name})"


def test_marks_survive_and_nothing_else_takes_the_place(warehouse: Warehouse) -> None:
    """Red before: each of these was green, and S3 was empty afterwards."""
    marks = [name for name in warehouse.relations() if "__dbt_snapshots" in name]
    assert len(marks) == 2
    for materialized, text in INSTEAD.items():
        warehouse.project.write({MODEL: text})
        got = "view" if materialized == "default" else materialized
        said = f"got `model.consumer.orders__daily` with `materialized: {got}`"
        refused(warehouse, OWNER, said, "Set `materialized` back to `snapshot_append`", "discard_snapshots: true")
    assert [name for name in warehouse.relations() if "__dbt_snapshots" in name] == marks

    warehouse.project.write({MODEL: SNAPSHOTS})
    warehouse.run(FEBRUARY, 2).passed()
    assert warehouse.rows("daily") == [("1", JANUARY), ("2", FEBRUARY)]


def test_marks_outlive_what_changes_the_table(warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    """Descriptions that are persisted, a column that is added, files that are compacted."""
    changed = snapshot_model(
        "select {{ step }} as id, 'x' as name, {{ today }} as snapshot_date",
        on_schema_change="append_new_columns",
        persist_docs={"relation": True, "columns": True},
    )
    described = "models: [{name: orders__daily, description: Orders of a day, columns: [{name: id, description: Key}]}]"
    warehouse.project.write({MODEL: changed, MODEL.replace(".sql", ".yml"): described})
    warehouse.run(FEBRUARY, 2).passed()
    if warehouse.kind != "duckdb":
        table = f"{warehouse.database}.daily (id, name, snapshot_date)"
        warehouse.athena.query(f"insert into {table} values (3, 'y', date '{FEBRUARY}')")
        where = ("--project-dir", str(warehouse.project.path), "--profiles-dir", str(warehouse.project.path))
        assert main(["snapshots", "compact", *where, "--select", "orders__daily", "--apply"]) == 0
        assert "daily: compacts 1 partition" in capsys.readouterr().out
    assert len([name for name in warehouse.relations() if "__dbt_snapshots" in name]) == 2
    warehouse.project.write({MODEL: INSTEAD["table"]})
    run = warehouse.dbt("build")
    assert not run.success
    assert OWNER in run.output
    inserted = [] if warehouse.kind == "duckdb" else [("3", "y", FEBRUARY)]
    held = [("1", None, JANUARY), ("2", "x", FEBRUARY), *inserted]
    assert warehouse.rows("daily", "id, name, snapshot_date") == held


def test_other_nodes_do_not_take_the_table(warehouse: Warehouse) -> None:
    """A table, a seed, a dbt snapshot or another snapshot model that gets the name."""
    (warehouse.project.path / MODEL).unlink()
    others = {
        "models/sales/orders/orders__other.sql": "{{ config(alias='daily', materialized='table') }} select 1 as id",
        "models/sales/orders/orders__again.sql": SNAPSHOTS.replace("{{ config(", "{{ config(alias='daily', "),
        "seeds/sales/orders/orders__daily.csv": "id\n1\n",
        "snapshots/sales/orders/orders__daily.sql": (
            "{% snapshot orders__daily %}{{ config(unique_key='id', strategy='check', check_cols='all') }}"
            "select 1 as id{% endsnapshot %}"
        ),
    }
    if warehouse.kind != "duckdb":
        name = warehouse.database.removesuffix("_dev_dbt")
        for file in ("seeds", "snapshots"):
            text = (warehouse.project.path / "dbt_project.yml").read_text()
            if f"{file}:" not in text:
                warehouse.project.write({"dbt_project.yml": f"{text}{file}: {{+schema: {name}}}\n"})
    for file, text in others.items():
        warehouse.project.write({file: text})
        refused(warehouse, OWNER, "Give it another name or `alias`")
        hand_over = "To hand the table and its snapshots over to it, drop the view" in warehouse.dbt("build").output
        assert hand_over == (text == others["models/sales/orders/orders__again.sql"]), "others would replace them"
        (warehouse.project.path / file).unlink()


def test_discard_snapshots_lets_it_go(warehouse: Warehouse) -> None:
    warehouse.project.write({MODEL: INSTEAD["table"]})
    warehouse.dbt("build", discard_snapshots=True).passed()
    assert warehouse.rows("daily") == [("1",)]
    assert warehouse.relations() == ["daily"]
    warehouse.dbt("build").passed()


def test_a_discard_that_fails_protects_the_table_as_before(warehouse: Warehouse) -> None:
    """Red before: the marks were gone, and the next run, which discards nothing, replaced the table."""
    # Without `ha`, dbt-athena itself drops a Hive table before it builds it.
    failing = "{{ config(materialized='table', ha=true) }} select cast('x' as integer) as id"
    warehouse.project.write({MODEL: failing})
    assert not warehouse.dbt("build", discard_snapshots=True).success
    warehouse.project.write({MODEL: INSTEAD["table"]})
    refused(warehouse, OWNER)

    refuses = "{{ config(materialized='table', external_location='s3://elsewhere/x') }} select 1 as id"
    other = MODEL.replace("orders__daily", "orders__placed")
    warehouse.project.write({other: refuses})
    assert not warehouse.dbt("build", discard_snapshots=True).success
    (warehouse.project.path / other).unlink()
    refused(warehouse, OWNER)

    warehouse.dbt("build", discard_snapshots=True).passed()
    assert warehouse.rows("daily") == [("1",)]
    warehouse.dbt("build").passed()


def test_another_snapshot_model_takes_over_what_it_discards(warehouse: Warehouse) -> None:
    (warehouse.project.path / MODEL).unlink()
    other = SNAPSHOTS.replace("{{ config(", "{{ config(alias='daily', ")
    warehouse.project.write({MODEL.replace("orders__daily", "orders__again"): other})
    warehouse.dbt("run", "--full-refresh", day=JANUARY, step=5, discard_snapshots=True).passed()
    assert warehouse.rows("daily") == [("5", JANUARY)]
    warehouse.run(FEBRUARY, 6).passed()
    assert warehouse.rows("daily") == [("5", JANUARY), ("6", FEBRUARY)]


def test_a_table_that_somebody_dropped_is_nobodys(warehouse: Warehouse) -> None:
    """Marks of a table that is gone do not protect the next one."""
    drop = "{% macro drop_it() %}{% do adapter.drop_relation(RELATION) %}{% endmacro %}"
    warehouse.project.write({"macros/drop.sql": drop.replace("RELATION", relation_of(warehouse))})
    warehouse.dbt("run-operation", "drop_it").passed()
    warehouse.project.write({MODEL: INSTEAD["table"]})
    warehouse.dbt("build").passed()
    assert warehouse.relations() == ["daily"]
    warehouse.dbt("build").passed()


def test_a_table_without_a_mark_gets_one(warehouse: Warehouse) -> None:
    forget = "{% macro forget() %}{% do derived_tables._drop_marks(RELATION) %}{% endmacro %}"
    warehouse.project.write({"macros/forget.sql": forget.replace("RELATION", relation_of(warehouse))})
    warehouse.dbt("run-operation", "forget").passed()
    assert warehouse.relations() == ["daily"]
    warehouse.run(FEBRUARY).passed()
    assert len([name for name in warehouse.relations() if "__dbt_snapshots" in name]) == 2
    warehouse.project.write({MODEL: INSTEAD["view"]})
    refused(warehouse, OWNER)
