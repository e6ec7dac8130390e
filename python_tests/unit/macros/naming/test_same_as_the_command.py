"""The macros that stop a run and the rule `names` of the command say the same of every name."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from unit.conventions.support import DEV, node

from derived_tables.conventions.names import expected_path, name_problems
from derived_tables.harness.macros import Macros

_WORDS = st.sampled_from(
    ["a", "b2", "orders", "Orders", "per-day", "x__y", "a__b__c", "", "_", "ü", "ci", "sandbox", "dev_dbt", "My Sales"]
)
_NAMES = st.lists(_WORDS, min_size=1, max_size=3).map("_".join).filter(lambda name: name not in ("", ".", ".."))
_FOLDERS = st.lists(_NAMES, max_size=3)
_CONFIGURED = st.one_of(st.none(), _NAMES, st.just("d" * 260))


@settings(max_examples=200, deadline=None)
@given(
    folders=_FOLDERS,
    name=st.one_of(_NAMES, st.tuples(_NAMES, _NAMES).map("__".join)),
    schema=_CONFIGURED,
    alias=_CONFIGURED,
    kind=st.sampled_from(["model", "seed", "snapshot"]),
    version=st.sampled_from([None, 2, 1.5]),
)
def test_problems_and_proposals_are_the_same(
    macros: Macros, folders: list[str], name: str, schema: str | None, alias: str | None, kind: str, version: Any
) -> None:
    in_python = node(
        "/".join([*folders, f"{name}.sql"]), kind=kind, name=name, version=version, schema=schema, alias=alias
    )
    in_jinja: dict[str, Any] = {
        "name": name,
        "resource_type": kind,
        "package_name": "consumer",
        "path": in_python.raw["path"],
        "original_file_path": in_python.path,
        "config": {"schema": schema, "alias": alias},
        "version": version,
    }
    assert name_problems(in_python, DEV.suffix) == macros.call(
        "_name_problems", node=in_jinja, schema=schema, alias=alias
    )
    assert expected_path(in_python) == macros.call("_expected_path", node=in_jinja)
