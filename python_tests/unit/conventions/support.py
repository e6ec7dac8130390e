"""Nodes as dbt's manifest has them, without a project."""

from __future__ import annotations

from typing import Any

from derived_tables.conventions.model import Context
from derived_tables.project.environment import Environment
from derived_tables.project.manifest import Node
from derived_tables.relation import Relation

DEV = Environment("dev", "_dev_dbt")


def node(path: str, *, kind: str = "model", original: str | None = None, **config: Any) -> Node:
    """A node of the file `<models|seeds|snapshots>/<path>`.

    Args:
        path: below the root folder.
        kind: `model`, `seed` or `snapshot`.
        original: its file below the root folder, where that is not its path.
        config: its config; `name` and `version` are taken as the node's own.
    """
    own = {key: config.pop(key) for key in ("name", "version") if key in config}
    name = own.get("name", path.rsplit("/", maxsplit=1)[-1].rsplit(".", maxsplit=1)[0])
    return Node(
        unique_id=f"{kind}.consumer.{name}",
        name=name,
        resource_type=kind,
        package="consumer",
        path=f"{kind}s/{original or path}",
        relation=Relation("consumer", *place_of(config, name, own.get("version"))),
        config={"materialized": "table", **config},
        raw={"path": path, "version": own.get("version")},
    )


def place_of(config: dict[str, Any], name: str, version: int | None) -> tuple[str, str]:
    """Where dbt and the package would place a well-named node."""
    database, _, table = name.partition("__")
    schema, alias = ((config.get(key) or "").strip() for key in ("schema", "alias"))
    return f"{schema or database}_dev_dbt", alias or (f"{table}_v{version}" if version else table)


def context(*nodes: Node, adapter: str = "duckdb") -> Context:
    """What rules look at, in the environment dev."""
    return Context(nodes, adapter, DEV)
