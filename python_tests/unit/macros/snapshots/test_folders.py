"""Which folders a run may delete once it has replaced partitions: its own kind, below the table, nothing around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derived_tables.harness.macros import Macros

ROOT = "s3://bucket/tables/table_name=daily/7c9e6679-7425-40de-944b-e07fc1f90ae7"
UUID = "0b5f6e0a-4a51-4d0b-9df5-1f6a2f5f6d11"
RUN, COMPACTION = f"dbt-snapshot-{UUID}", f"dbt-compact-{UUID}"

_PARTS = st.sampled_from([UUID, RUN, COMPACTION, "day=1", "region=a", f"dbt-drop-{UUID}", f"{RUN}0", f"x{RUN}", "data"])
_ROOTS = st.sampled_from([ROOT, ROOT.rsplit("/", 1)[0], "s3://bucket", f"{ROOT}x", "s3://other/tables"])
_LOCATIONS = st.builds(lambda root, parts: "/".join([root, *parts]), _ROOTS, st.lists(_PARTS, max_size=4))


def noted(macros: Macros, locations: Sequence[str | None], root: str = ROOT) -> list[str]:
    found: Any = macros.call("_folders_to_note", partitions=[{"location": each} for each in locations], root=root)
    return list(found)


@pytest.mark.parametrize(
    ("locations", "expected"),
    [
        ([f"{ROOT}/{RUN}/day=1"], [f"{ROOT}/{RUN}"]),
        ([f"{ROOT}/{RUN}/day=1/region=a", f"{ROOT}/{RUN}/day=1/region=b"], [f"{ROOT}/{RUN}"]),
        ([f"{ROOT}/{COMPACTION}/day=1"], [f"{ROOT}/{COMPACTION}"]),
        # A table that is registered too high: the run's folder is not right below it.
        ([f"{ROOT}/x/{RUN}/day=1"], [f"{ROOT}/x/{RUN}/day=1"]),
        # Red before: everything that looks like a UUID was taken for the folder of a run.
        ([f"{ROOT}/{UUID}/day=1"], []),
        ([f"{ROOT}/day=1"], []),
        ([ROOT], []),
        (["s3://bucket"], []),
        ([f"{ROOT}x/{RUN}/day=1"], []),
        ([None, ""], []),
    ],
)
def test_known_layouts(macros: Macros, locations: list[str | None], expected: list[str]) -> None:
    assert noted(macros, locations) == expected


@settings(max_examples=150, deadline=None)
@given(locations=st.lists(_LOCATIONS, max_size=4))
def test_in_any_layout_only_folders_of_runs_below_the_table(macros: Macros, locations: list[str]) -> None:
    for folder in noted(macros, locations):
        assert folder.startswith(f"{ROOT}/")
        below = folder.removeprefix(f"{ROOT}/").split("/")
        assert RUN in below or COMPACTION in below
        assert any(each == folder or each.startswith(f"{folder}/") for each in locations)
        # It holds partitions that are replaced, or is one: nothing above the folder of a run.
        assert below[-1] in (RUN, COMPACTION) or folder in locations
