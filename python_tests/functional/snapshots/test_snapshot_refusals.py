"""What the materialization snapshot_append refuses: with which words, and that nothing is written then."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from derived_tables.harness.dbt_run import DbtRun
from derived_tables.harness.warehouses import Warehouse, snapshot_model

JANUARY, FEBRUARY = "2024-01-31", "2024-02-01"

GOOD = "select 1 as id, {{ today }} as snapshot_date"

#: What is wrong with a model from the start: its text, and what the error says.
NEVER: dict[str, tuple[str, str]] = {
    "no_key": (
        snapshot_model(GOOD, partitioned_by=None),
        "`partitioned_by` of `orders__no_key` must be a list of columns in lower case that begins with the snapshot"
        " column, got none. Set it, e.g. `config(materialized='snapshot_append', partitioned_by=['snapshot_date'])`",
    ),
    "empty_key": (snapshot_model(GOOD, partitioned_by=[]), "the snapshot column, got `[]`"),
    "text_key": (
        snapshot_model(GOOD, partitioned_by="snapshot_date"),
        "the snapshot column, got `snapshot_date`",
    ),
    "upper_key": (
        snapshot_model(GOOD, partitioned_by=["Snapshot_Date"]),
        "the snapshot column, got `['Snapshot_Date']`",
    ),
    "first_is_transform": (
        snapshot_model(GOOD, partitioned_by=["day(snapshot_date)"]),
        "the snapshot column, got `['day(snapshot_date)']`",
    ),
    "repeated_key": (
        snapshot_model(GOOD, partitioned_by=["snapshot_date", "snapshot_date"]),
        "must be without repetition, got `['snapshot_date', 'snapshot_date']`. Name each column once.",
    ),
    "unknown_type": (
        snapshot_model(GOOD, table_type="delta"),
        "`table_type` of `orders__unknown_type` must be one of `hive`, `iceberg`, got `delta`.",
    ),
    "unknown_mode": (
        snapshot_model(GOOD, on_schema_change="add_columns"),
        "must be one of `ignore`, `append_new_columns`, `sync_all_columns`, `fail`, got `add_columns`.",
    ),
    "unknown_grain": (
        snapshot_model("select 1 as id, date '2024-01-31' as snapshot_date", snapshot_grain="year").replace(
            "derived_tables.snapshot_date()", "none"
        ),
        "`snapshot_grain` must be one of `day`, `week`, `month`, got `year`.",
    ),
    "unknown_format": (
        snapshot_model("select 1 as id, '2024' as day", partitioned_by=["day"], snapshot_format="%Y%j"),
        "must be made of `%Y`, `%m`, `%d`, `-`, `_`, `/` and `.`, and must contain `%Y`, got `%Y%j`.",
    ),
    "coarse_format": (
        snapshot_model("select 1 as id, '2024-01' as day", partitioned_by=["day"], snapshot_format="%Y-%m"),
        "must be different for every snapshot date, got `%Y-%m`. Write `%Y%m%d`; or, with `snapshot_grain: month`,",
    ),
    "missing_key": (snapshot_model("select 1 as id"), "`snapshot_date`, after other columns, got `id`."),
    "only_key": (snapshot_model("select {{ today }} as snapshot_date"), "after other columns, got `snapshot_date`."),
    "text_column": (
        snapshot_model("select 1 as id, '{{ '2024-01-31' }}' as snapshot_date"),
        "the column `snapshot_date` of `orders__text_column` must be of the type `date`, got `varchar",
    ),
    "moment_column": (
        snapshot_model("select 1 as id, cast({{ today }} as timestamp) as snapshot_date"),
        "must be of the type `date`, got `timestamp",
    ),
    "date_with_format": (
        snapshot_model(GOOD, snapshot_format="%Y%m%d"),
        "must be a text or a whole number, because `snapshot_format` is set, got `date`.",
    ),
    "number_with_strokes": (
        snapshot_model("select 1 as id, 20240131 as day", partitioned_by=["day"], snapshot_format="%Y-%m-%d"),
        "must be digits only, because the snapshot column is a whole number, got `2024-01-31`.",
    ),
    "fraction": (
        snapshot_model(
            "select 1 as id, cast(20240131 as decimal(10, 1)) as day", partitioned_by=["day"], snapshot_format="%Y%m%d"
        ),
        "a text or a whole number, because `snapshot_format` is set, got `decimal",
    ),
    "contract": (
        snapshot_model(GOOD, contract={"enforced": True}),
        "This model has an enforced contract that failed",
    ),
}
#: Of Hive and DuckDB; Iceberg has its partition columns anywhere.
ORDERED: dict[str, tuple[str, str]] = {
    "key_not_last": (
        snapshot_model("select {{ today }} as snapshot_date, 1 as id"),
        "must be a select that ends with `snapshot_date`, after other columns, got `snapshot_date, id`."
        " The columns in `partitioned_by` come last, in the same order.",
    ),
    "keys_in_other_order": (
        snapshot_model(
            "select 1 as id, 'a' as region, {{ today }} as snapshot_date", partitioned_by=["snapshot_date", "region"]
        ),
        "ends with `snapshot_date, region`, after other columns, got `id, region, snapshot_date`.",
    ),
    "key_in_brackets": (
        snapshot_model(GOOD, partitioned_by=["snapshot_date", "bucket(id, 16)"]),
        "got `['snapshot_date', 'bucket(id, 16)']`",
    ),
}

#: Models whose first run is right, and what their second one says.
THEN: dict[str, tuple[str, str]] = {
    "constant": (
        snapshot_model(
            "select 1 as id, {% if step == 1 %}{{ today }}{% else %}date '2024-01-30'{% endif %} as snapshot_date"
        ),
        "`snapshot_date` of `orders__constant` must be `2024-01-31`, got 2024-01-30",
    ),
    "from_data": (
        snapshot_model(
            "select x.id, case when x.id < {{ 9 if step == 1 else 3 }} then {{ today }} else date '2024-02-29' end"
            " as snapshot_date\nfrom (values (1), (2), (3)) as x (id)"
        ),
        "`snapshot_date` of `orders__from_data` must be `2024-01-31`, got 2024-02-29",
    ),
    "is_null": (
        snapshot_model(
            "select x.id, case when x.id < {{ 9 if step == 1 else 3 }} then {{ today }} end"
            " as snapshot_date\nfrom (values (1), (2), (3)) as x (id)"
        ),
        "`snapshot_date` of `orders__is_null` must be `2024-01-31`, got null",
    ),
    "text_is_null": (
        snapshot_model(
            "select 1 as id, nullif({{ derived_tables.snapshot_date_literal('%Y%m%d') }},"
            " '{{ 1 if step == 1 else '20240131' }}') as day",
            partitioned_by=["day"],
            snapshot_format="%Y%m%d",
        ),
        "`day` of `orders__text_is_null` must be `20240131`, got null",
    ),
    "number": (
        snapshot_model(
            "select 1 as id, {{ 20240131 if step == 1 else 20240130 }} as day",
            partitioned_by=["day"],
            snapshot_format="%Y%m%d",
        ),
        "`day` of `orders__number` must be `20240131`, got 20240130",
    ),
    "was_a_table": (
        "{% if var('step', 1) == 1 %}{{ config(materialized='table') }}select 1 as id{% else %}"
        "{{ config(materialized='snapshot_append', partitioned_by=['snapshot_date']) }}"
        "select 1 as id, {{ derived_tables.snapshot_date() }} as snapshot_date{% endif %}",
        "or build the table anew, without its snapshots: `--full-refresh --vars 'discard_snapshots: true'`",
    ),
    "scale": (
        snapshot_model(
            "select cast(1.5 as decimal({{ '10,2' if step == 1 else '10,4' }})) as amount, {{ today }} as snapshot_date"
        ),
        "(10,2)",
    ),
    "elements": (
        snapshot_model(
            "select {{ 'array[1]' if step == 1 else \"array['a']\" }} as list, {{ today }} as snapshot_date"
        ),
        "orders__elements",
    ),
    "fails": (
        snapshot_model(
            "select x.id / {{ 1 if step == 1 else 'cast(x.zero as integer)' }} as id, {{ today }} as snapshot_date"
            " from (values (1, 'zero')) as x (id, zero)"
        ),
        "zero",
    ),
}
#: The same, of Hive tables and Iceberg tables.
THEN_ON_ATHENA: dict[str, tuple[str, str]] = {
    "other_type": (
        "{{ config(materialized='snapshot_append', partitioned_by=['snapshot_date'],"
        " table_type='hive' if var('step', 1) == 1 else 'iceberg') }}"
        "select 1 as id, {{ derived_tables.snapshot_date() }} as snapshot_date",
        "must be of the type `iceberg`, got `hive`. Give the model another name;",
    ),
    "other_keys": (
        "{{ config(materialized='snapshot_append', table_type='hive',"
        " partitioned_by=['snapshot_date', 'region'] if var('step', 1) == 1 else ['snapshot_date']) }}"
        "{% set day = derived_tables.snapshot_date() ~ ' as snapshot_date' %}"
        "select 1 as id, {{ day ~ \", 'a' as region\" if var('step', 1) == 1 else \"'a' as region, \" ~ day }}",
        "must be partitioned by `snapshot_date`, got `snapshot_date, region`.",
    ),
}

#: The same, of Hive tables.
THEN_ON_HIVE: dict[str, tuple[str, str]] = {
    "null_key": (
        snapshot_model(
            "select 1 as id, {{ today }} as snapshot_date, nullif('a', '{{ 'b' if step == 1 else 'a' }}') as region",
            partitioned_by=["snapshot_date", "region"],
        ),
        "column `region` of `orders__null_key` must be without nulls, got `snapshot_date=2024-01-31/region=__HIVE_",
    ),
}
#: What is wrong with a model on Athena from the start; DuckDB gives every column a name.
NEVER_ON_ATHENA: dict[str, tuple[str, str]] = {
    "unnamed": (
        snapshot_model("select 1 as id, 2 + 3, {{ today }} as snapshot_date"),
        "the query of `orders__unnamed` must be a select whose columns all have a name, got `none for column 2`.",
    ),
}
#: What is wrong with a model of a Hive table from the start.
NEVER_ON_HIVE: dict[str, tuple[str, str]] = {
    "moment_key": (
        snapshot_model(
            "select 1 as id, {{ today }} as snapshot_date, cast({{ today }} as timestamp) as at",
            partitioned_by=["snapshot_date", "at"],
        ),
        "the partition column `at` of `orders__moment_key` must be a text, a whole number, a date or a boolean, got",
    ),
    "long_name_" + 170 * "x": (snapshot_model(GOOD), "must be at most 170 characters long, got `180`"),
}

CONTRACT = """
models:
  - name: orders__contract
    columns:
      - {name: id, data_type: date}
      - {name: snapshot_date, data_type: date}
"""


def cases(kind: str) -> tuple[Mapping[str, tuple[str, str]], Mapping[str, tuple[str, str]]]:
    """What is never right on a kind, and what is not right then."""
    if kind == "duckdb":
        return NEVER | ORDERED, THEN
    if kind == "iceberg":
        return NEVER | NEVER_ON_ATHENA, THEN | THEN_ON_ATHENA
    return NEVER | ORDERED | NEVER_ON_ATHENA | NEVER_ON_HIVE, THEN | THEN_ON_ATHENA | THEN_ON_HIVE


def messages(run: DbtRun) -> dict[str, str]:
    """What each model that failed says, on one line."""
    return {
        each.node.name.removeprefix("orders__"): " ".join(str(each.message).split())
        for each in run.result.results
        if each.status == "error"
    }


@pytest.fixture(
    scope="module", params=["hive", *(pytest.param(kind, marks=pytest.mark.long) for kind in ("duckdb", "iceberg"))]
)
def warehouse(request: pytest.FixtureRequest, make_warehouse: Callable[..., Warehouse]) -> Warehouse:
    """All the models; nothing has been run."""
    never, then = cases(request.param)
    files = {
        **{f"models/sales/orders/never/orders__{name}.sql": text for name, (text, _) in never.items()},
        **{f"models/sales/orders/then/orders__{name}.sql": text for name, (text, _) in then.items()},
        "models/sales/orders/orders.yml": CONTRACT,
    }
    return make_warehouse(request.param, files)


def test_what_can_never_be_right_is_refused_before_anything_is_written(warehouse: Warehouse) -> None:
    never, _ = cases(warehouse.kind)
    calls = len(warehouse.athena.calls)
    run = warehouse.run(JANUARY, 1, "path:models/sales/orders/never")
    found = messages(run)
    assert set(found) == set(never)
    for name, (_, expected) in never.items():
        assert expected in found[name], found[name]
    assert warehouse.state() == ([], [])
    for record in warehouse.athena.calls[calls:]:
        if record.service == "athena" and record.operation == "StartQueryExecution" and record.statement:
            text = " ".join(record.statement.lower().split())
            assert text.endswith(("where false limit 0", "where false")) or "create schema" in text, text
        assert record.operation not in ("CreateTable", "UpdateTable", "BatchCreatePartition")


def test_what_is_not_right_then_leaves_all_as_it_is(warehouse: Warehouse) -> None:
    _, then = cases(warehouse.kind)
    warehouse.run(JANUARY, 1, "path:models/sales/orders/then").passed()
    before = {name: warehouse.rows(name) for name in then}
    assert all(before.values())
    found = messages(warehouse.run(JANUARY, 2, "path:models/sales/orders/then"))
    assert set(found) == set(then)
    for name, (_, expected) in then.items():
        assert expected in found[name], found[name]
    assert {name: warehouse.rows(name) for name in then} == before
