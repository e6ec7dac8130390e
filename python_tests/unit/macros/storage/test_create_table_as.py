"""The wrapper of dbt-athena's create_table_as: real SQL of the real adapter, up to the first call of AWS."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from dbt.adapters.athena.relation import AthenaRelation
from dbt_common.exceptions import CompilationError

from derived_tables.harness.macros import Macros
from derived_tables.harness.projects import athena_target, create_project

UUID = r"[0-9a-f-]{36}"


def relation(schema: str, identifier: str, **fields: Any) -> AthenaRelation:
    """A relation of the Glue catalogue as a materialization makes it."""
    path = {"database": "awsdatacatalog", "schema": schema, "identifier": identifier}
    return AthenaRelation.from_dict({"path": path, "type": "table", **fields})


def create(macros: Macros, model: str, relation: AthenaRelation, *, temporary: bool = False, **options: Any) -> str:
    """The statement that a materialization of `model` would run."""
    return str(
        macros.call(
            "create_table_as",
            package="dbt_athena",
            model=model,
            temporary=temporary,
            relation=relation,
            compiled_code="select 1 as id",
            **options,
        )
    )


def test_dispatch_finds_the_wrapper(athena_macros: Macros) -> None:
    assert athena_macros.call("_check_dispatch", model="model.consumer.orders__daily") == ""


def test_project_that_does_not_dispatch_is_told_to(tmp_path: Path, repository: Path) -> None:
    files = {"models/sales/orders/orders__daily.sql": "select 1 as id"}
    targets = {"athena": athena_target()}
    project = create_project(tmp_path, package=repository, files=files, targets=targets, config={"dispatch": []})
    project.dbt("deps").passed()
    macros = Macros(project, adapter_type="athena")
    with pytest.raises(
        CompilationError, match=r"dispatched to `derived_tables`, got `dbt_athena`(.|\n)*\[consumer, derived"
    ):
        macros.call("_check_dispatch", model="model.consumer.orders__daily")


@pytest.mark.parametrize(
    ("identifier", "fields", "folder"),
    [
        ("wide", {}, "wide"),
        ("wide__dbt_tmp", {}, "wide__dbt_tmp"),
        ("wide__ha", {"s3_path_table_part": "wide"}, "wide"),
        ("wide__tmp_not_partitioned", {"s3_path_table_part": "wide__tmp_not_partitioned"}, "wide__tmp_not_partitioned"),
    ],
)
def test_tables_of_a_model_lie_together(
    athena_macros: Macros, identifier: str, fields: dict[str, str], folder: str
) -> None:
    sql = create(athena_macros, "model.consumer.orders__wide", relation("orders_dev_dbt", identifier, **fields))
    place = f"s3://derived-tables/tables/dev/models/domain_name=sales/database_name=orders_dev_dbt/table_name={folder}/"
    assert re.search(rf"\blocation='{re.escape(place)}{UUID}'", sql)
    assert f'create table "awsdatacatalog"."orders_dev_dbt"."{identifier}"' in sql


def test_environment_is_in_the_path(athena_macros: Macros) -> None:
    env = {"DERIVED_TABLES_ENVIRONMENT": "ci", "DERIVED_TABLES_CI_ID": "pr_7"}
    sql = create(athena_macros, "model.consumer.orders__wide", relation("orders_ci_pr_7", "wide"), env=env)
    assert "/tables/dev/models/domain_name=sales/database_name=orders_ci_pr_7/table_name=wide/" in sql


def test_production_has_its_own_folder(athena_macros: Macros) -> None:
    variables = {"environment": "prod", "prod_targets": ["athena"]}
    sql = create(athena_macros, "model.consumer.orders__wide", relation("orders", "wide"), variables=variables)
    assert "/tables/prod/models/domain_name=sales/database_name=orders/table_name=wide/" in sql


def test_seed(athena_macros: Macros) -> None:
    sql = create(athena_macros, "seed.consumer.lookups__bands", relation("lookups_dev_dbt", "bands"))
    assert "/tables/dev/seeds/domain_name=reference/database_name=lookups_dev_dbt/table_name=bands/" in sql


@pytest.mark.parametrize("kind", ["not_null", "relationships"])
def test_failing_rows_lie_in_the_domain_of_the_model_tested(athena_macros: Macros, kind: str) -> None:
    test = next(key for key in athena_macros.manifest.nodes if key.startswith(f"test.consumer.{kind}"))
    sql = create(athena_macros, test, relation("orders_dbt_test__audit_dev_dbt", "failures"))
    folder = "/tables/dev/models/domain_name=sales/database_name=orders_dbt_test__audit_dev_dbt/table_name=failures/"
    assert folder in sql


def test_every_location_is_new(athena_macros: Macros) -> None:
    statements = {
        create(athena_macros, "model.consumer.orders__wide", relation("orders_dev_dbt", "wide")) for _ in range(5)
    }
    assert len(statements) == 5


@pytest.mark.parametrize("naming", ["schema_table_unique", "unique", "table"])
def test_naming_that_moves_tables_is_refused(athena_macros: Macros, naming: str) -> None:
    node = athena_macros.manifest.nodes["model.consumer.orders__wide"]
    node.config["s3_data_naming"] = naming
    try:
        with pytest.raises(CompilationError, match=f"`s3_data_naming` must be `table_unique`, got `{naming}`"):
            create(athena_macros, "model.consumer.orders__wide", relation("orders_dev_dbt", "wide"))
    finally:
        del node.config["s3_data_naming"]
