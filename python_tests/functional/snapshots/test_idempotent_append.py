"""dbt's own `incremental` with `append`, made repeatable by the pre-hook `idempotent_append`."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest
from dbt_common.exceptions import CompilationError

from derived_tables.harness.macros import Macros
from derived_tables.harness.warehouses import Warehouse

JANUARY, FEBRUARY = "2024-01-31", "2024-02-29"
APPENDED = (
    "{{ config(materialized='incremental', incremental_strategy='append', partitioned_by=['snapshot_date'],"
    ' pre_hook="{{ derived_tables.idempotent_append() }}") }}\n'
    "select {{ var('step', 1) }} as id, {{ derived_tables.snapshot_date() }} as snapshot_date\n"
    "{% if var('broken', false) %}from missing{% endif %}"
)
FILES = {"models/sales/orders/orders__appended.sql": APPENDED}


@pytest.mark.parametrize("kind", ["duckdb", pytest.param("iceberg", marks=pytest.mark.long)])
def test_an_append_can_be_run_again(make_warehouse: Callable[..., Warehouse], kind: str) -> None:
    warehouse = make_warehouse(kind, FILES)
    warehouse.run(FEBRUARY, 1).passed()
    insert = f"insert into {warehouse.database}.appended select 3, date '{JANUARY}'"
    if kind == "duckdb":
        with duckdb.connect(str(warehouse.project.path / "consumer.duckdb")) as connection:
            connection.execute(insert)
    else:
        warehouse.athena.query(insert)
    warehouse.run(FEBRUARY, 2).passed()
    assert warehouse.rows("appended") == [("2", FEBRUARY), ("3", JANUARY)]

    assert not warehouse.run(FEBRUARY, 4, broken=True).success
    # On DuckDB the delete is part of the transaction that failed; on Iceberg it was a commit of its own.
    kept = [("2", FEBRUARY)] if kind == "duckdb" else []
    assert warehouse.rows("appended") == [*kept, ("3", JANUARY)]


@pytest.mark.long
def test_an_empty_run_deletes_nothing(make_warehouse: Callable[..., Warehouse]) -> None:
    warehouse = make_warehouse("duckdb", FILES)
    warehouse.run(FEBRUARY, 1).passed()
    warehouse.dbt("run", "--empty", day=FEBRUARY, step=2).passed()
    assert ("1", FEBRUARY) in warehouse.rows("appended")


def test_an_append_is_refused_on_hive(make_warehouse: Callable[..., Warehouse]) -> None:
    macros = Macros(make_warehouse("hive", FILES).project, adapter_type="athena")
    message = r"idempotent_append: `table_type` of `orders__appended` must be `iceberg` on Athena.*\n.*insert_overwrite"
    with pytest.raises(CompilationError, match=message):
        macros.call("idempotent_append", model="model.consumer.orders__appended")
