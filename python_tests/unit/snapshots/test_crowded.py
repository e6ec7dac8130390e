"""Which partitions a compaction takes."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import cast

import pytest

from derived_tables.project.manifest import Node
from derived_tables.relation import Relation
from derived_tables.snapshots.compact import choose
from derived_tables.snapshots.partitions import Leaf
from derived_tables.snapshots.tables import SnapshotTable
from derived_tables.snapshots.values import SnapshotDate
from derived_tables.warehouse.glue import Partition
from derived_tables.warehouse.interface import Table
from derived_tables.warehouse.objects import Object

MIB = 1024**2
ROOT = "s3://b/t"
RELATION = Relation("awsdatacatalog", "orders", "daily")
TABLE = SnapshotTable(
    cast(Node, None), Table(RELATION, "hive", {"id": "int", "day": "date"}, ("day", "part"), ROOT), "day", ("%Y-%m-%d",)
)
RUN = "0b5f6e0a-4a51-4d0b-9df5-1f6a2f5f6d11"


def leaf(day: int, part: str, *sizes: int, archived: bool = False) -> Leaf:
    """A partition with files of these sizes."""
    when = datetime(2024, 2, 1, tzinfo=timezone.utc)
    snapshot = SnapshotDate(date(2024, 1, day), f"2024-01-{day:02}", f"date '2024-01-{day:02}'")
    name = f"day={snapshot.text}/part={part}"
    files = tuple(Object(f"{ROOT}/{name}/{number}", size, when, "") for number, size in enumerate(sizes))
    return Leaf(snapshot, name, Partition((snapshot.text, part), f"{ROOT}/{name}"), files, archived)


def lock(day: int, folder: str) -> dict[Relation, str]:
    return {RELATION.beside(f"daily__dbt_snapshot_2024_01_{day:02}"): f"{ROOT}/{folder}"}


@pytest.mark.parametrize(
    ("leaves", "locks", "expected"),
    [
        pytest.param([leaf(1, "a", 1)], {}, [], id="one file"),
        pytest.param([leaf(1, "a")], {}, [], id="no file"),
        pytest.param([leaf(1, "a", 1, 1)], {}, [("a", 2, 1)], id="two small ones"),
        pytest.param([leaf(1, "a", 128 * MIB, 128 * MIB)], {}, [], id="as many as needed"),
        pytest.param([leaf(1, "a", 100 * MIB, 100 * MIB, 1)], {}, [("a", 3, 2)], id="one more"),
        pytest.param([leaf(1, "a", 1), leaf(1, "b", 1, 1)], {}, [("b", 2, 1)], id="not the others"),
        pytest.param(
            [leaf(1, "a", 1), leaf(1, "a/b", 1, 1)], {}, [("a", 1, 1), ("b", 2, 1)], id="all that share a folder"
        ),
        pytest.param([leaf(1, "a", 1), leaf(1, "a/b", 1)], {}, [], id="none of those that share a folder"),
        pytest.param(
            [leaf(1, "a", 1), leaf(1, "b", 1, 1)],
            lock(1, f"dbt-compact-{RUN}"),
            [("a", 1, 1), ("b", 2, 1)],
            id="all that were interrupted",
        ),
        pytest.param([leaf(1, "a", 1), leaf(2, "b", 1, 1)], {}, [("b", 2, 1)], id="not of another one"),
        pytest.param([leaf(1, "a", 1, 1), leaf(1, "b")], {}, [("a", 2, 1)], id="not without files"),
        pytest.param([leaf(1, "a", 1)], lock(1, f"dbt-compact-{RUN}"), [("a", 1, 1)], id="one that was interrupted"),
    ],
)
def test_partitions_with_too_many_files(
    leaves: list[Leaf], locks: dict[Relation, str], expected: list[tuple[str, int, int]]
) -> None:
    found, skipped = choose(TABLE, leaves, locks)
    assert [(each.name[-1], each.files, each.files_after) for each in found] == expected
    assert skipped == ()


@pytest.mark.parametrize(
    ("given", "locks", "said"),
    [
        (leaf(1, "a", 1, 1), lock(1, RUN), "a run writes it, or was interrupted; run the model for it, then compact"),
        (leaf(1, "a", 1, 1), lock(1, f"dbt-drop-{RUN}"), "it is being dropped, or that was interrupted; drop it, then"),
        (leaf(1, "a", 1, 1, archived=True), {}, "S3 has archived files of it, which queries pass over; restore them"),
    ],
)
def test_what_is_left_alone(given: Leaf, locks: dict[Relation, str], said: str) -> None:
    other = leaf(2, "a", 1, 1)
    found, [reason] = choose(TABLE, [given, other], locks)
    assert [each.date for each in found] == [other.date]
    assert reason.startswith(f"orders.daily, 2024-01-01: {said}")
