"""DT501: which incremental models a second run would double, what is said."""

from __future__ import annotations

from typing import Any

import pytest
from unit.conventions.support import context, node

from derived_tables.conventions.rules.incremental_appends import INCREMENTAL_APPENDS

HOOK = [{"sql": "{{ derived_tables.idempotent_append() }}", "transaction": True, "index": None}]
OTHER_HOOK = [{"sql": "select 1", "transaction": True, "index": None}]
ICEBERG = {"table_type": "iceberg"}

#: Configs of models; whether they offend on DuckDB and on Athena, worked out from what the two adapters do.
MODELS: dict[str, tuple[dict[str, Any], bool | None, bool | None]] = {
    "plain": ({}, True, True),
    "append": ({"incremental_strategy": "append", "partitioned_by": ["day"]}, True, True),
    "append_with_hook": ({"incremental_strategy": "append", "pre-hook": HOOK}, False, True),
    "another_hook": ({"incremental_strategy": "append", "pre-hook": OTHER_HOOK}, True, True),
    "partitioned": ({"partitioned_by": ["day"]}, True, False),
    "with_key": ({"unique_key": "id", "partitioned_by": ["day"]}, False, False),
    "hive_overwrite": ({"incremental_strategy": "insert_overwrite", "partitioned_by": ["day"]}, None, False),
    "hive_overwrite_all": ({"incremental_strategy": "insert_overwrite"}, None, True),
    "delete_insert": ({"incremental_strategy": "delete+insert"}, True, None),
    "delete_insert_with_key": ({"incremental_strategy": "delete+insert", "unique_key": "id"}, False, None),
    "iceberg_append": ({**ICEBERG, "incremental_strategy": "append"}, None, True),
    "iceberg_in_capitals": ({"table_type": "ICEBERG", "incremental_strategy": "append", "pre-hook": HOOK}, None, False),
    "iceberg_append_with_hook": ({**ICEBERG, "incremental_strategy": "append", "pre-hook": HOOK}, None, False),
    "iceberg_merge": ({**ICEBERG, "incremental_strategy": "merge", "unique_key": "id"}, None, False),
}


def findings(adapter: str, **config: Any) -> list[tuple[str, str]]:
    """What is said of a model with a config."""
    model = node("sales/orders/orders__a.sql", **config)
    found = list(INCREMENTAL_APPENDS.check(context(model, adapter=adapter)))
    assert all(each.path == "models/sales/orders/orders__a.sql" for each in found)
    return [(each.problem, each.remedy) for each in found]


@pytest.mark.parametrize("adapter", ["duckdb", "athena"])
@pytest.mark.parametrize("name", MODELS)
def test_models_that_append(adapter: str, name: str) -> None:
    config, *offends = MODELS[name]
    expected = offends[adapter == "athena"]
    if expected is not None:
        assert bool(findings(adapter, **{"materialized": "incremental", **config})) == expected


@pytest.mark.parametrize("materialized", ["table", "snapshot_append", "view"])
def test_other_materializations_do_not_append(materialized: str) -> None:
    assert findings("athena", materialized=materialized, incremental_strategy="append") == []


def test_what_is_said() -> None:
    doubles = ": running it again for the same day doubles the rows"
    [(problem, remedy)] = findings("duckdb", materialized="incremental")
    assert problem == f"its `incremental_strategy` is `delete+insert`, which appends without `unique_key`{doubles}"
    assert remedy.startswith("add the pre-hook `{{ derived_tables.idempotent_append() }}`")
    [(problem, remedy)] = findings("athena", materialized="incremental")
    assert (
        problem == f"its `incremental_strategy` is `insert_overwrite`, which appends without `partitioned_by`{doubles}"
    )
    assert remedy.startswith("set `incremental_strategy: insert_overwrite` and `partitioned_by`")
    [(problem, remedy)] = findings("athena", materialized="incremental", incremental_strategy="append", **ICEBERG)
    assert problem == f"its `incremental_strategy` is `append`{doubles}"
    assert remedy.startswith("add the pre-hook")
