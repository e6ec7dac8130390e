"""Whose nodes are: domains, owners and schedules, as manifest.json has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: Tags that are schedules.
SCHEDULES = ("hourly", "daily", "weekdays", "weekly", "monthly", "quarterly")
#: What belongs to nobody.
NONE = "none"
#: Types of resources that are labelled as something else is, or not at all.
_WITHOUT = ("test", "operation")


@dataclass(frozen=True)
class Label:
    """Whose a node is.

    Attributes:
        domain: the folder below models/ or seeds/; of nodes of other packages the package.
        owner: `meta.owner` of the node, else its `group`.
        schedule: `meta.schedule`, else the tags that are schedules.
    """

    domain: str = NONE
    owner: str = NONE
    schedule: str = NONE


@dataclass(frozen=True)
class Labels:
    """Whose the nodes of a project are.

    Attributes:
        of: by unique_id; tests belong where what they test belongs.
        python: unique_ids of models in Python.
    """

    of: Mapping[str, Label] = field(default_factory=dict)
    python: tuple[str, ...] = ()

    def by(self, what: str, node: str) -> str:
        """The domain, owner or schedule of a node."""
        return str(getattr(self.of.get(node, Label()), what))


def read_labels(folder: Path) -> Labels:
    """What manifest.json in a target folder says; nothing if there is none."""
    try:
        content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Labels()
    project = content["metadata"].get("project_name")
    nodes: dict[str, Any] = {**content["nodes"], **content["sources"]}
    own = {key: _label(node, project) for key, node in nodes.items() if node["resource_type"] not in _WITHOUT}
    tests = {
        key: _of_test(_label(node, project), own.get(_tested(node), Label()))
        for key, node in nodes.items()
        if node["resource_type"] == "test"
    }
    return Labels({**own, **tests}, tuple(key for key, node in nodes.items() if node.get("language") == "python"))


def _label(node: Mapping[str, Any], project: str | None) -> Label:
    config = node.get("config", {})
    meta = {**(node.get("meta") or {}), **(config.get("meta") or {})}
    tags = node.get("tags") or config.get("tags") or []
    folders = node.get("fqn", [])[1:-1]
    if project is not None and node["package_name"] != project:
        domain = node["package_name"]
    else:
        domain = folders[0] if folders else NONE
    return Label(
        domain=domain,
        owner=str(meta.get("owner") or config.get("group") or NONE),
        schedule=str(meta.get("schedule") or " ".join(tag for tag in SCHEDULES if tag in tags) or NONE),
    )


def _tested(test: Mapping[str, Any]) -> str:
    """What a test is about: what it hangs on, else the only thing that it reads."""
    read = test.get("depends_on", {}).get("nodes", [])
    return str(test.get("attached_node") or (read[0] if len(set(read)) == 1 else ""))


def _of_test(test: Label, tested: Label) -> Label:
    """What a test says of itself counts, but for its folder."""
    return Label(
        domain=tested.domain if tested.domain != NONE else test.domain,
        owner=test.owner if test.owner != NONE else tested.owner,
        schedule=test.schedule if test.schedule != NONE else tested.schedule,
    )
