"""What dbt wrote of a project into manifest.json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derived_tables.errors import RefusedError
from derived_tables.relation import Relation


@dataclass(frozen=True)
class Node:
    """A model, seed or snapshot.

    Attributes:
        unique_id: e.g. `model.flights.orders__daily`.
        name: e.g. `orders__daily`.
        resource_type: `model`, `seed` or `snapshot`.
        package: the package or project that it comes from.
        path: its file, below the project's folder.
        relation: where it lands.
        config: its config, complete.
        raw: all that manifest.json says of it.
    """

    unique_id: str
    name: str
    resource_type: str
    package: str
    path: str
    relation: Relation
    config: Mapping[str, Any]
    raw: Mapping[str, Any]

    @property
    def materialized(self) -> str:
        """Its materialization."""
        return str(self.config.get("materialized"))

    @property
    def selector(self) -> str:
        """What selects it, and nothing else, in dbt's syntax; a name alone may be that of several versions."""
        version = self.raw.get("version")
        return self.name if version is None else f"{self.name}.v{version}"


@dataclass(frozen=True)
class Manifest:
    """A parsed project.

    Attributes:
        nodes: the models, seeds and dbt snapshots that are enabled, of all packages, by their unique_id.
        invocation: dbt's id of the invocation that wrote it.
    """

    nodes: Mapping[str, Node]
    invocation: str

    def models(self) -> Iterable[Node]:
        """All models, of all packages."""
        return (node for node in self.nodes.values() if node.resource_type == "model")


def read_manifest(path: Path) -> Manifest:
    """Reads manifest.json of dbt 1.10 to 1.12 (schema version 12).

    Raises:
        RefusedError: it is not whole, because another command is writing it.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise RefusedError(f"Another command is writing {path} at the moment.\nRepeat this one.") from error
    kinds = ("model", "seed", "snapshot")
    nodes = {key: _node(raw) for key, raw in content["nodes"].items() if raw["resource_type"] in kinds}
    return Manifest(nodes, content["metadata"]["invocation_id"])


def _node(raw: Mapping[str, Any]) -> Node:
    return Node(
        unique_id=raw["unique_id"],
        name=raw["name"],
        resource_type=raw["resource_type"],
        package=raw["package_name"],
        path=raw["original_file_path"].replace("\\", "/"),
        relation=Relation(raw["database"] or "", raw["schema"], raw["alias"]),
        config=raw["config"],
        raw=raw,
    )
