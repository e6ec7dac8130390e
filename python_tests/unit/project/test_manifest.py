"""What the command reads in manifest.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from derived_tables.errors import RefusedError
from derived_tables.project.manifest import read_manifest


def raw(name: str, **changes: Any) -> dict[str, Any]:
    """A node as dbt writes it, with the keys that count."""
    return {
        "unique_id": f"model.shop.{name}",
        "name": name,
        "resource_type": "model",
        "package_name": "shop",
        "original_file_path": f"models/sales/orders/{name}.sql",
        "database": "shop",
        "schema": "orders_dev_dbt",
        "alias": name.partition("__")[2],
        "config": {"materialized": "table"},
        **changes,
    }


def test_nodes(tmp_path: Path) -> None:
    versioned = raw("orders__daily", unique_id="model.shop.orders__daily.v2", version=2, alias="daily_v2")
    seed = raw("orders__bands", unique_id="seed.shop.orders__bands", resource_type="seed", database=None)
    windows = raw("orders__weekly", original_file_path="models\\sales\\orders\\orders__weekly.sql", version=None)
    test = raw("not_null", unique_id="test.shop.not_null", resource_type="test")
    nodes = {node["unique_id"]: node for node in (versioned, seed, windows, test)}
    (tmp_path / "manifest.json").write_text(
        json.dumps({"metadata": {"invocation_id": "one"}, "nodes": nodes}), encoding="utf-8"
    )
    found = read_manifest(tmp_path / "manifest.json")
    assert set(found.nodes) == {versioned["unique_id"], seed["unique_id"], windows["unique_id"]}
    assert [node.selector for node in found.models()] == ["orders__daily.v2", "orders__weekly"]
    assert found.nodes[windows["unique_id"]].path == "models/sales/orders/orders__weekly.sql"
    assert str(found.nodes[seed["unique_id"]].relation) == '"orders_dev_dbt"."bands"'
    assert found.nodes[versioned["unique_id"]].relation.label == "orders_dev_dbt.daily_v2"


def test_a_file_that_another_command_is_writing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"nodes": {', encoding="utf-8")
    with pytest.raises(RefusedError, match=r"Another command is writing \S+manifest.json at the moment.\nRepeat this"):
        read_manifest(tmp_path / "manifest.json")
