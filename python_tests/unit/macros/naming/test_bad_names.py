"""Names that cannot be placed: each error names the file, what is wrong and the fix."""

from __future__ import annotations

from typing import Any

import pytest
from dbt_common.exceptions import CompilationError

from derived_tables.harness.macros import Macros


def model(path: str, **config: Any) -> dict[str, Any]:
    """What dbt knows of the model models/<path> when it names it."""
    return {
        "name": path.rsplit("/", maxsplit=1)[-1].removesuffix(".sql"),
        "resource_type": "model",
        "package_name": "consumer",
        "path": path,
        "original_file_path": f"models/{path}",
        "config": config,
        "schema": "main_dev_dbt",
        "alias": "as_dbt_would",
        "relation_name": None,
    }


@pytest.mark.parametrize(
    ("path", "problem", "should_be"),
    [
        ("sales/orders/daily.sql", "has no `__`", "models/sales/orders/orders__daily.sql"),
        ("sales/orders/orders_daily.sql", "has no `__`", "models/sales/orders/orders__daily.sql"),
        ("sales/orders/orders__a__b.sql", "contains `__` more than once", "models/sales/orders/orders__a_b.sql"),
        ("sales/orders/orders__Daily.sql", "has upper case letters", "models/sales/orders/orders__daily.sql"),
        ("sales/orders/orders__perDay.sql", "has upper case letters", "models/sales/orders/orders__per_day.sql"),
        ("sales/orders/orders__per-day.sql", "has a hyphen", "models/sales/orders/orders__per_day.sql"),
        ("sales/orders/orders.daily.sql", "has a dot", "models/sales/orders/orders__daily.sql"),
        ("census/census.vw_x.sql", "has a dot", "models/census/census/census__vw_x.sql"),
        (
            "sales/orders/returns__daily.sql",
            "its name says database `returns`, its folder says `orders`",
            "models/sales/orders/orders__daily.sql",
        ),
        ("orders__daily.sql", "directly under its root folder", "models/<domain>/orders/orders__daily.sql"),
        ("daily.sql", "directly under its root folder", "models/<domain>/<database>/<database>__daily.sql"),
        ("sales/orders__daily.sql", "in a domain but in no database", "models/sales/orders/orders__daily.sql"),
        ("My Sales/orders/orders__daily.sql", "the folder `My Sales`", "models/my_sales/orders/orders__daily.sql"),
        ("sales.eu/orders/orders__daily.sql", "the folder `sales.eu`", "models/sales_eu/orders/orders__daily.sql"),
        ("sales/Orders/Orders__daily.sql", "the folder `Orders`", "models/sales/orders/orders__daily.sql"),
        ("sales/orders/nested/daily.sql", "has no `__`", "models/sales/orders/nested/orders__daily.sql"),
        ("sales/orders/orders__.sql", "must be in snake case", "models/sales/orders/orders__unnamed.sql"),
        ("sales/orders/orders___daily.sql", "must be in snake case", "models/sales/orders/orders__daily.sql"),
        ("sales/orders/orders__umsätze.sql", "must be in snake case", "models/sales/orders/orders__ums_tze.sql"),
        (
            "sales/air_ci_x/air_ci_x__a.sql",
            "looks like the database of another",
            "models/sales/<database>/<database>__a.sql",
        ),
        (
            "sales/air_sandbox/air_sandbox__a.sql",
            "looks like the database",
            "models/sales/<database>/<database>__a.sql",
        ),
        (
            "sales/air_dev_dbt/air_dev_dbt__a.sql",
            "looks like the database",
            "models/sales/<database>/<database>__a.sql",
        ),
        (
            "sales/a_dbt_deploy/a_dbt_deploy__a.sql",
            "looks like the database",
            "models/sales/<database>/<database>__a.sql",
        ),
    ],
)
def test_error_names_file_problem_and_fix(macros: Macros, path: str, problem: str, should_be: str) -> None:
    with pytest.raises(CompilationError) as caught:
        macros.call("generate_schema_name", custom_schema_name=None, node=model(path))
    text = str(caught.value)
    assert f"derived_tables.generate_schema_name: `models/{path}` must be `{should_be}`" in text
    assert problem in text
    assert "derived-tables conventions check --rule names" in text


@pytest.mark.parametrize(
    ("path", "original", "should_be"),
    [
        ("sales/history/s.yml/orders.sql", "sales/history/s.yml", "sales/history/s.yml: history__orders"),
        (
            "sales/history/deeper/s.yaml/orders.sql",
            "sales/history/deeper/s.yaml",
            "sales/history/deeper/s.yaml: history__orders",
        ),
        ("sales/history/all.sql", "sales/history/all.sql", "sales/history/all.sql: history__orders"),
        ("s.yml/orders.sql", "s.yml", "<domain>/<database>/s.yml: <database>__orders"),
    ],
)
def test_snapshots_have_their_names_in_the_file(macros: Macros, path: str, original: str, should_be: str) -> None:
    """dbt's path of a snapshot in YAML goes on after the file: `s.yml/orders.sql`."""
    node = {
        **model(path),
        "name": "orders",
        "resource_type": "snapshot",
        "original_file_path": f"snapshots/{original}",
    }
    with pytest.raises(CompilationError) as caught:
        macros.call("generate_schema_name", custom_schema_name=None, node=node)
    assert f"`snapshots/{original}` must be `snapshots/{should_be}`" in str(caught.value)
    assert "is not in snake case" not in str(caught.value)


@pytest.mark.parametrize(("letters", "fits"), [(255 - len("_dev_dbt"), True), (256 - len("_dev_dbt"), False)])
def test_database_and_suffix_fit_into_glue(macros: Macros, letters: int, fits: bool) -> None:
    database = "d" * letters
    node = model(f"sales/{database}/{database}__daily.sql")
    if fits:
        assert macros.call("generate_schema_name", custom_schema_name=None, node=node) == database + "_dev_dbt"
    else:
        with pytest.raises(CompilationError, match="its database name has 256 characters .* Glue allows 255"):
            macros.call("generate_schema_name", custom_schema_name=None, node=node)


@pytest.mark.parametrize(("letters", "fits"), [(255, True), (256, False)])
def test_table_fits_into_glue(macros: Macros, letters: int, fits: bool) -> None:
    node = model("sales/orders/orders__daily.sql", alias="t" * letters)
    if fits:
        assert macros.call("generate_alias_name", custom_alias_name="t" * letters, node=node) == "t" * letters
    else:
        with pytest.raises(CompilationError, match="its table name has 256 characters"):
            macros.call("generate_schema_name", custom_schema_name=None, node=node)


@pytest.mark.parametrize(
    ("path", "schema", "alias", "database", "table"),
    [
        ("sales/orders/orders__daily.sql", "finance", None, "finance_dev_dbt", "daily"),
        ("sales/orders/orders__daily.sql", None, "per_day", "orders_dev_dbt", "per_day"),
        ("sales/orders/orders__daily.sql", None, "per__day", "orders_dev_dbt", "per__day"),
        ("sales/orders/daily.sql", "finance", "per_day", "finance_dev_dbt", "per_day"),
        ("sales/Daily.sql", "finance", "per_day", "finance_dev_dbt", "per_day"),
        ("sales/orders/orders__daily.sql", " finance ", " per_day ", "finance_dev_dbt", "per_day"),
    ],
)
def test_schema_and_alias_win(
    macros: Macros, path: str, schema: str | None, alias: str | None, database: str, table: str
) -> None:
    node = model(path, schema=schema, alias=alias)
    assert macros.call("generate_schema_name", custom_schema_name=schema, node=node) == database
    assert macros.call("generate_alias_name", custom_alias_name=alias, node=node) == table


@pytest.mark.parametrize(
    ("path", "schema", "alias", "problem"),
    [
        ("sales/orders/orders__daily.sql", "Finance", None, "must be in snake case"),
        ("sales/orders/orders__daily.sql", "fin.ance", None, "must be in snake case"),
        ("sales/orders/orders__daily.sql", "finance_dev_dbt", None, "looks like the database of another"),
        ("sales/orders/orders__daily.sql", "orders_dbt_test__audit", None, "looks like the database of another"),
        ("sales/orders/orders__daily.sql", None, "per.day", "must be in snake case"),
        ("sales/orders/orders__daily.sql", None, "Day", "must be in snake case"),
        ("sales/orders/daily.sql", "finance", None, "has no `__`"),
        ("daily.sql", "finance", "daily", "directly under its root folder"),
    ],
)
def test_configured_names_are_checked_too(
    macros: Macros, path: str, schema: str | None, alias: str | None, problem: str
) -> None:
    with pytest.raises(CompilationError, match=problem):
        macros.call("generate_schema_name", custom_schema_name=schema, node=model(path, schema=schema, alias=alias))


@pytest.mark.parametrize(
    ("schema", "alias", "problem"),
    [("Finance", None, "must be in snake case"), (None, "per.day", "must be in snake case")],
)
def test_a_bad_config_of_a_well_named_file_is_told_as_such(
    macros: Macros, schema: str | None, alias: str | None, problem: str
) -> None:
    """Red before: "`X.sql` must be `X.sql`"."""
    file = "models/sales/orders/orders__daily.sql"
    with pytest.raises(CompilationError) as caught:
        macros.call(
            "generate_schema_name",
            custom_schema_name=schema,
            node=model("sales/orders/orders__daily.sql", schema=schema, alias=alias),
        )
    assert f"`{file}` must have a `schema` and an `alias` that can be placed:" in str(caught.value)
    assert problem in str(caught.value)
    assert f"must be `{file}`" not in str(caught.value)


WARN = {"on_bad_name": "warn"}


def test_warned_model_is_named_as_dbt_would_with_the_suffix(macros: Macros) -> None:
    node = model("sales/orders/daily.sql")
    assert macros.call("generate_schema_name", custom_schema_name=None, node=node, variables=WARN) == "main_dev_dbt"
    assert macros.call("generate_alias_name", custom_alias_name=None, node=node, variables=WARN) == "daily"
    parts = macros.call("model_parts", node=node, variables=WARN)
    assert parts == {"domain": "sales", "database": "main", "table": "as_dbt_would"}


def test_a_warned_name_with_a_dot_is_schema_and_table(macros: Macros) -> None:
    node = model("census/census.vw_x.sql")
    assert macros.call("generate_schema_name", custom_schema_name=None, node=node, variables=WARN) == "census_dev_dbt"
    assert macros.call("generate_alias_name", custom_alias_name=None, node=node, variables=WARN) == "vw_x"


@pytest.mark.parametrize("schema", ["sales_dev_dbt", "x_ci_7", "a_sandbox_ann", "a_DEV_DBT", "a_dbt_test__audit"])
@pytest.mark.parametrize("package", ["consumer", "utils"])
def test_names_of_other_environments_are_refused_whatever_is_let_pass(
    macros: Macros, schema: str, package: str
) -> None:
    """Red before: with `warn`, a run in production wrote `main_sales_dev_dbt`, which is dev's."""
    node = {**model("sales/daily.sql", schema=schema), "package_name": package}
    with pytest.raises(CompilationError, match="must be one that looks like no other environment: _dev_dbt, _sandbox"):
        macros.call("generate_schema_name", custom_schema_name=schema, node=node, variables=WARN)


@pytest.mark.parametrize("value", ["ignore", True, None])
def test_on_bad_name_is_one_of_three(macros: Macros, value: Any) -> None:
    with pytest.raises(CompilationError, match="var `on_bad_name` must be one of `error`, `warn`, `project`, got"):
        macros.call(
            "generate_schema_name",
            custom_schema_name=None,
            node=model("sales/orders/daily.sql"),
            variables={"on_bad_name": value},
        )


def test_project_needs_a_macro_of_the_project(macros: Macros) -> None:
    with pytest.raises(CompilationError, match="only in a project with a macro `project_schema_name` or"):
        macros.call(
            "generate_schema_name",
            custom_schema_name=None,
            node=model("sales/daily.sql"),
            variables={"on_bad_name": "project"},
        )


@pytest.mark.parametrize(
    ("resource_type", "config", "message"),
    [
        (
            "snapshot",
            {"target_schema": "live"},
            "`target_schema` of `models/sales/orders/orders__a.sql` must be left out",
        ),
        ("seed", {"seed_by_insert": True}, "`seed_by_insert` of `models/sales/orders/orders__a.sql` must be left out"),
    ],
)
def test_configs_that_bypass_the_naming_are_refused(
    macros: Macros, resource_type: str, config: dict[str, Any], message: str
) -> None:
    node = {**model("sales/orders/orders__a.sql", **config), "resource_type": resource_type}
    with pytest.raises(CompilationError, match=message):
        macros.call("generate_schema_name", custom_schema_name=None, node=node)
