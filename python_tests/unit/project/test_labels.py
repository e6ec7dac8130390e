"""Whose nodes are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from derived_tables.project.labels import Label, Labels, read_labels


def node(kind: str, fqn: list[str], package: str = "shop", **changes: Any) -> dict[str, Any]:
    return {"resource_type": kind, "fqn": fqn, "package_name": package, "config": {}, **changes}


def written(folder: Path, **nodes: dict[str, Any]) -> Labels:
    content = {"metadata": {"project_name": "shop"}, "nodes": nodes, "sources": {}}
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    return read_labels(folder)


def test_labels(tmp_path: Path) -> None:
    labels = written(
        tmp_path,
        meta=node("model", ["shop", "sales", "orders", "a"], config={"meta": {"owner": "ann"}, "tags": ["daily", "x"]}),
        group=node("model", ["shop", "sales", "orders", "b"], config={"group": "bo"}, tags=["weekly", "daily"]),
        both=node(
            "seed", ["shop", "hr", "people", "c"], config={"group": "bo", "meta": {"owner": "cy", "schedule": "noon"}}
        ),
        other=node("model", ["utils", "dates", "d"], package="utils"),
        bare=node("model", ["shop", "e"]),
        snake=node("model", ["shop", "sales", "f"], language="python"),
        hook=node("operation", ["shop", "hooks", "g"]),
    )
    assert labels.of == {
        "meta": Label("sales", "ann", "daily"),
        "group": Label("sales", "bo", "daily weekly"),
        "both": Label("hr", "cy", "noon"),
        "other": Label("utils", "none", "none"),
        "bare": Label("none", "none", "none"),
        "snake": Label("sales", "none", "none"),
    }
    assert labels.python == ("snake",)
    assert [labels.by(what, "group") for what in ("domain", "owner", "schedule")] == ["sales", "bo", "daily weekly"]
    assert labels.by("owner", "hook") == "none"


def test_tests_belong_to_what_they_test(tmp_path: Path) -> None:
    labels = written(
        tmp_path,
        model=node("model", ["shop", "sales", "orders", "a"], config={"meta": {"owner": "ann"}, "tags": ["daily"]}),
        generic=node("test", ["shop", "hr", "not_null"], attached_node="model"),
        singular=node(
            "test", ["shop", "checks", "t"], depends_on={"nodes": ["model"]}, config={"meta": {"owner": "bo"}}
        ),
        wide=node("test", ["shop", "checks", "t"], depends_on={"nodes": ["model", "other"]}),
    )
    assert labels.of["generic"] == Label("sales", "ann", "daily")
    assert labels.of["singular"] == Label("sales", "bo", "daily")
    assert labels.of["wide"] == Label("checks", "none", "none")


def test_no_manifest(tmp_path: Path) -> None:
    assert read_labels(tmp_path) == Labels()
