"""The materialization snapshot_append with what else dbt offers: flags, hooks, contracts, descriptions, tags."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from derived_tables.harness.warehouses import Warehouse, snapshot_model

JANUARY, FEBRUARY = "2024-01-31", "2024-02-01"

MODELS = {
    "plain": snapshot_model("select {{ step }} as id, {{ today }} as snapshot_date"),
    "kept": snapshot_model("select {{ step }} as id, {{ today }} as snapshot_date", full_refresh=False),
    "viewed": "{% if var('step', 1) == 1 %}{{ config(materialized='view') }}{% else %}"
    "{{ config(materialized='snapshot_append', partitioned_by=['snapshot_date']) }}{% endif %}"
    "select {{ var('step', 1) }} as id, {{ derived_tables.snapshot_date() }} as snapshot_date",
    "agreed": snapshot_model(
        "select {{ step if step < 9 else \"'nine'\" }} as id, {{ today }} as snapshot_date",
        contract={"enforced": True},
        persist_docs={"relation": True, "columns": True},
        tags=["daily"],
        meta={"owner": "sales"},
    ),
    "based": snapshot_model("select id, {{ today }} as snapshot_date from {{ ref('lookups__bands') }}"),
    "weekly": snapshot_model(
        "select id, {{ today }} as week from {{ ref('lookups__bands') }}",
        partitioned_by=["week"],
        snapshot_grain="week",
    ),
    "hooked": snapshot_model(
        "select {{ step }} as id, {{ today }} as snapshot_date",
        pre_hook=["{% if execute %}{{ log('hook: before', info=true) }}{% endif %}", "select 1"],
        post_hook=["select 2", "{% if execute %}{{ log('hook: after', info=true) }}{% endif %}"],
    ),
    "numbered": snapshot_model("select {{ step }} as id, {{ today }} as snapshot_date"),
    "late": snapshot_model("select {{ step }} as id, {{ today }} as snapshot_date"),
    "late_keys": snapshot_model(
        "select {{ step }} as id, {{ today }} as snapshot_date, 'a' as region",
        partitioned_by=["snapshot_date", "region"],
    ),
    "flaky": snapshot_model(
        "select cast(x.id as integer) as id, {{ today }} as snapshot_date\n"
        "from (values ('{{ env_var('FLAKY', '1') }}')) as x (id)"
    ),
}
YAML = """
models:
  - name: orders__agreed
    description: "What we agreed; it's said so."
    columns:
      - {name: id, data_type: int, description: Its number.}
      - {name: snapshot_date, data_type: date, description: Its date.}
  - name: orders__numbered
    latest_version: 2
    versions:
      - v: 1
        defined_in: orders__numbered_first
      - v: 2
        defined_in: orders__numbered
unit_tests:
  - name: based_on_bands
    model: orders__based
    given:
      - input: ref('lookups__bands')
        rows:
          - {id: 7}
    overrides:
      vars: {snapshot_date: '2024-01-31'}
    expect:
      rows:
        - {id: 7, snapshot_date: '2024-01-31'}
  - name: weeks_begin_on_monday
    model: orders__weekly
    given:
      - input: ref('lookups__bands')
        rows:
          - {id: 7}
    overrides:
      vars: {snapshot_date: '2024-01-31'}
    expect:
      rows:
        - {id: 7, week: '2024-01-29'}
"""
PRINCIPAL = "arn:aws:iam::123456789012:role/analyst"
FILES = {
    **{f"models/sales/orders/orders__{name}.sql": text for name, text in MODELS.items()},
    "models/sales/orders/orders__numbered_first.sql": MODELS["numbered"],
    "models/sales/orders/orders.yml": YAML,
    "seeds/reference/lookups/lookups__bands.csv": "id\n1\n2\n",
}


@pytest.fixture(
    scope="module", params=["duckdb", *(pytest.param(kind, marks=pytest.mark.long) for kind in ("hive", "iceberg"))]
)
def warehouse(request: pytest.FixtureRequest, make_warehouse: Callable[..., Warehouse]) -> Warehouse:
    """Built once, in January; each test has models of its own."""
    files = dict(FILES)
    if request.param != "duckdb":
        files["models/sales/orders/orders__placed.sql"] = snapshot_model(
            "select {{ step }} as id, {{ today }} as snapshot_date",
            s3_data_dir="s3://elsewhere/own",
            lf_tags_config={"enabled": True, "tags": {"area": "sales"}},
            lf_grants={
                "data_cell_filters": {
                    "enabled": True,
                    "filters": {"first": {"row_filter": "id = 1", "principals": [PRINCIPAL]}},
                }
            },
            **(
                {"bucketed_by": ["id"], "bucket_count": 2, "write_compression": "GZIP"}
                if request.param == "hive"
                else {"table_properties": {"vacuum_max_snapshot_age_seconds": "86400"}}
            ),
        )
    made: Warehouse = make_warehouse(request.param, files)
    if request.param != "duckdb":
        made.athena.create_bucket("elsewhere")
        lake_formation = made.client("lakeformation")
        if not any(tag["TagKey"] == "area" for tag in lake_formation.list_lf_tags()["LFTags"]):
            lake_formation.create_lf_tag(TagKey="area", TagValues=["sales"])
    run = made.dbt("build", "--exclude", "orders__late", "orders__late_keys", day=JANUARY, step=1).passed()
    assert [message for message in run.messages if message.startswith("hook: ")] == ["hook: before", "hook: after"]
    return made


def test_a_second_build_changes_nothing(warehouse: Warehouse) -> None:
    before = {name: warehouse.rows(name) for name in ("based", "hooked")}
    assert before == {"based": [("1", JANUARY), ("2", JANUARY)], "hooked": [("1", JANUARY)]}
    run = warehouse.dbt("build", "--select", "orders__based", "orders__hooked", day=JANUARY, step=1).passed()
    assert [message for message in run.messages if message.startswith("hook: ")] == ["hook: before", "hook: after"]
    assert {name: warehouse.rows(name) for name in before} == before


def test_versions_have_tables_of_their_own(warehouse: Warehouse) -> None:
    assert warehouse.rows("numbered_v1") == warehouse.rows("numbered_v2") == [("1", JANUARY)]


def test_full_refresh_needs_consent(warehouse: Warehouse) -> None:
    chosen = ("run", "--full-refresh", "--select", "orders__plain", "orders__kept")
    run = warehouse.dbt(*chosen, day=FEBRUARY, step=2)
    assert "`--full-refresh` would discard the snapshots in" in run.output
    assert "add `--vars 'discard_snapshots: true'`" in run.output
    assert warehouse.rows("plain") == [("1", JANUARY)]
    assert warehouse.rows("kept") == [("1", JANUARY), ("2", FEBRUARY)], (
        "`full_refresh: false` is stronger than the flag"
    )

    assert not warehouse.dbt(*chosen, day=FEBRUARY, step=2, discard_snapshots="false").success, "only true is consent"
    assert warehouse.rows("plain") == [("1", JANUARY)]
    warehouse.dbt(*chosen, day=FEBRUARY, step=3, discard_snapshots=True).passed()
    assert warehouse.rows("plain") == [("3", FEBRUARY)]
    assert warehouse.rows("kept") == [("1", JANUARY), ("3", FEBRUARY)]


def test_a_view_is_replaced(warehouse: Warehouse) -> None:
    assert warehouse.rows("viewed") == [("1", JANUARY)]
    warehouse.run(FEBRUARY, 2, "orders__viewed").passed()
    assert warehouse.rows("viewed") == [("2", FEBRUARY)]


def test_a_contract_holds_for_each_run(warehouse: Warehouse) -> None:
    run = warehouse.run(JANUARY, 9, "orders__agreed")
    assert "This model has an enforced contract that failed" in run.output
    assert warehouse.rows("agreed") == [("1", JANUARY)]
    warehouse.run(FEBRUARY, 2, "orders__agreed").passed()
    assert warehouse.rows("agreed") == [("1", JANUARY), ("2", FEBRUARY)]


def test_descriptions_are_kept_in_the_database(warehouse: Warehouse) -> None:
    if warehouse.kind == "duckdb":
        sql = "select comment from {} where table_name = 'agreed' and not internal order by 1"
        assert warehouse.query(sql.format("duckdb_tables()")) == [("What we agreed; it's said so.",)]
        sql = sql.replace("and not internal", "")
        assert warehouse.query(sql.format("duckdb_columns()")) == [("Its date.",), ("Its number.",)]
    else:
        entry = warehouse.glue_table("agreed")
        assert entry["Description"] == "What we agreed; it's said so."
        comments = {column["Name"]: column.get("Comment") for column in entry["StorageDescriptor"]["Columns"]}
        # dbt-athena describes no partition columns of Hive tables.
        assert comments == {
            "id": "Its number.",
            **({"snapshot_date": "Its date."} if warehouse.kind == "iceberg" else {}),
        }


def test_an_empty_run_leaves_snapshots_as_they_are(warehouse: Warehouse) -> None:
    chosen = ("run", "--empty", "--select", "orders__hooked", "orders__late", "orders__late_keys")
    for day in (JANUARY, FEBRUARY):
        warehouse.dbt(*chosen, day=day, step=5).passed()
        assert warehouse.rows("hooked") == [("1", JANUARY)]
        assert warehouse.rows("late") == warehouse.rows("late_keys") == []
    warehouse.run(FEBRUARY, 2, "orders__late", "orders__late_keys").passed()
    assert warehouse.rows("late") == [("2", FEBRUARY)]
    assert warehouse.rows("late_keys", "id, snapshot_date, region") == [("2", FEBRUARY, "a")]


@pytest.mark.long
def test_retry_goes_on_for_the_same_date(warehouse: Warehouse) -> None:
    chosen = ("run", "--select", "orders__flaky")
    variables = {"snapshot_date": FEBRUARY}
    run = warehouse.project.dbt(*chosen, variables=variables, env={"FLAKY": "no number"})
    assert not run.success
    assert warehouse.rows("flaky") == [("1", JANUARY)]
    warehouse.project.dbt("retry", env={"FLAKY": "2"}).passed()
    assert warehouse.rows("flaky") == [("1", JANUARY), ("2", FEBRUARY)]


def test_configs_of_athena(warehouse: Warehouse) -> None:
    if warehouse.kind == "duckdb":
        pytest.skip("DuckDB has none of them")
    warehouse.run(FEBRUARY, 2, "orders__placed").passed()
    assert warehouse.rows("placed") == [("1", JANUARY), ("2", FEBRUARY)]
    entry = warehouse.glue_table("placed")
    below = f"dev/models/domain_name=sales/database_name={warehouse.database}/table_name=placed/"
    assert entry["StorageDescriptor"]["Location"].startswith(f"s3://elsewhere/own/{below}")
    resource = {"Table": {"DatabaseName": warehouse.database, "Name": "placed"}}
    tags = warehouse.client("lakeformation").get_resource_lf_tags(Resource=resource)["LFTagsOnTable"]
    assert [(tag["TagKey"], tag["TagValues"]) for tag in tags] == [("area", ["sales"])]
    filters = warehouse.client("lakeformation").list_data_cells_filter(
        Table={"CatalogId": "123456789012", **resource["Table"]}
    )["DataCellsFilters"]
    assert [(each["Name"], each["RowFilter"]["FilterExpression"]) for each in filters] == [("first", "id = 1")]
    if warehouse.kind == "hive":
        assert (entry["StorageDescriptor"]["BucketColumns"], entry["StorageDescriptor"]["NumberOfBuckets"]) == (
            ["id"],
            2,
        )


@pytest.mark.long
def test_production_is_refused_to_other_targets(make_warehouse: Callable[..., Warehouse]) -> None:
    warehouse = make_warehouse("duckdb", {"models/sales/orders/orders__plain.sql": MODELS["plain"]})
    warehouse.run(JANUARY, 1).passed()
    run = warehouse.run(FEBRUARY, 3, environment="prod")
    assert not run.success
    assert "a target that writes to production must be `prod`, got `duckdb`" in run.output
