"""Which folders are deleted: never one that anything else needs, whatever lies where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derived_tables.project.manifest import Node
from derived_tables.relation import Relation
from derived_tables.snapshots.drop import refusal
from derived_tables.snapshots.partitions import (
    Dated,
    is_run_folder,
    listings,
    need_of,
    run_folders,
)
from derived_tables.snapshots.tables import SnapshotTable
from derived_tables.snapshots.values import SnapshotDate
from derived_tables.warehouse.glue import Glue, Partition, described
from derived_tables.warehouse.interface import Table
from derived_tables.warehouse.live import Live, Occupied, Overlaps, other_environments

#: On a machine that is busy with other tests.
BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

ROOT = "s3://b/t"
RUN = "0b5f6e0a-4a51-4d0b-9df5-1f6a2f5f6d11"
RELATION = Relation("awsdatacatalog", "orders", "daily")
TABLE = SnapshotTable(
    cast(Node, None), Table(RELATION, "hive", {"id": "int", "day": "date"}, ("day",), ROOT), "day", ("%Y-%m-%d",)
)


def snapshot(number: int) -> SnapshotDate:
    day = date(2024, 1, 1) + timedelta(days=number)
    return SnapshotDate(day, day.isoformat(), f"date '{day}'")


def dated(number: int | None, location: str) -> Dated:
    """A partition of a snapshot; None is one without a date."""
    return Dated(None if number is None else snapshot(number), Partition((str(number),), location))


@pytest.mark.parametrize(
    ("locations", "needed", "going", "staying"),
    [
        pytest.param(
            [f"{ROOT}/dbt-snapshot-{RUN}/day=1"], [], [f"{ROOT}/dbt-snapshot-{RUN}"], 0, id="the folder of a run"
        ),
        pytest.param([f"{ROOT}/dbt-compact-{RUN}/day=1"], [], [f"{ROOT}/dbt-compact-{RUN}"], 0, id="of a compaction"),
        pytest.param(
            [f"{ROOT}/dbt-snapshot-{RUN}/a", f"{ROOT}/dbt-snapshot-{RUN}/b"],
            [],
            [f"{ROOT}/dbt-snapshot-{RUN}"],
            0,
            id="once for its leaves",
        ),
        pytest.param([f"{ROOT}/day=1"], [], [f"{ROOT}/day=1"], 0, id="another folder"),
        pytest.param([f"{ROOT}/2024/01/31"], [], [f"{ROOT}/2024/01/31"], 0, id="not what lies around it"),
        pytest.param(["s3://c/elsewhere"], [], [], 1, id="outside of the table"),
        pytest.param([f"s3://c/{RUN}"], [], [], 1, id="outside of the table, named like a run"),
        pytest.param([f"{ROOT}x/dbt-snapshot-{RUN}/a"], [], [], 1, id="a table whose name begins likewise"),
        pytest.param([f"{ROOT}/a/"], [], [], 1, id="a folder without a name"),
        pytest.param([f"{ROOT}//a"], [], [], 1, id="a folder in one without a name"),
        pytest.param([f"{ROOT}/dbt-snapshot-{RUN}//a"], [], [], 1, id="a folder in one without a name, of a run"),
        pytest.param([f"{ROOT}/a?b"], [], [], 1, id="what looks like a query"),
        pytest.param([f"{ROOT}/../u"], [], [], 1, id="what leads out of it"),
        pytest.param(
            [f"{ROOT}/dbt-snapshot-{RUN}/a"],
            [f"{ROOT}/dbt-snapshot-{RUN}/b"],
            [f"{ROOT}/dbt-snapshot-{RUN}/a"],
            0,
            id="another one in the run",
        ),
        pytest.param([f"{ROOT}/a"], [f"{ROOT}/a"], [], 1, id="another one there"),
        pytest.param([f"{ROOT}/a"], [f"{ROOT}/a/b"], [], 1, id="another one inside"),
        pytest.param([f"{ROOT}/a/b"], [f"{ROOT}/a"], [], 1, id="another one around"),
        pytest.param([f"{ROOT}/a"], [f"{ROOT}/ab"], [f"{ROOT}/a"], 0, id="another one beside"),
        pytest.param([ROOT], [], [], 1, id="the table's own"),
        pytest.param(["s3://b"], [], [], 1, id="the whole bucket"),
        pytest.param([""], [], [], 0, id="none"),
    ],
)
def test_folders_of_partitions(
    locations: Sequence[str], needed: Sequence[str], going: Sequence[str], staying: int
) -> None:
    lying = Overlaps((each, Live(each, "orders.other")) for each in needed)
    found = run_folders(locations, ROOT, lambda folder: next(lying.of(folder), None))
    assert list(found.going) == going
    assert len(found.staying) == staying


def test_where_a_work_group_dictates_it_a_folder_is_the_table_s_own() -> None:
    locations = [
        f"s3://c/tables/{RUN}",
        f"s3://c/tables/{RUN}/day=1",
        f"s3://c/tables/{RUN}0",
        "s3://c/tables/raw",
        f"s3://c/tables/raw/{RUN}",
        f"s3://c/{RUN}",
    ]
    found = run_folders(locations, ROOT, lambda _: None, lambda: "s3://c/tables")
    assert found.going == (f"s3://c/tables/{RUN}", f"s3://c/tables/{RUN}/day=1")
    assert len(found.staying) == 4


def test_a_folder_counts_as_the_one_that_some_readers_take_it_for() -> None:
    assert list(Overlaps([("s3://b/u/", 1), ("s3://b//v/a", 2), ("s3://b/vv", 3)]).of("s3://b/u/x")) == [1]
    assert list(Overlaps([("s3://b/u/", 1), ("s3://b//v/a", 2), ("s3://b/vv", 3)]).of("s3://b/v")) == [2]
    assert described(RELATION, {"StorageDescriptor": {"Location": "s3a://b/u//"}}).location == "s3://b/u/"


@pytest.mark.parametrize(
    "name",
    [
        "day=1",
        "",
        RUN,
        f"dbt-snapshot-{RUN[:-1]}",
        f"dbt-snapshot-{RUN}0",
        f"dbt-snapshot-{RUN.upper()}",
        f"dbt-drop-{RUN}",
        f"compact-{RUN}",
        "dbt-compact-",
    ],
)
def test_other_folders_are_no_run_s(name: str) -> None:
    assert not is_run_folder(name)


@pytest.mark.parametrize(
    ("locations", "folders"),
    [
        ([], []),
        ([f"{ROOT}/dbt-snapshot-{RUN}/a", f"{ROOT}/dbt-snapshot-{RUN}/b"], [f"{ROOT}/dbt-snapshot-{RUN}"]),
        ([f"{ROOT}/a", f"{ROOT}/b", f"{ROOT}/c"], [f"{ROOT}/a", f"{ROOT}/b", f"{ROOT}/c"]),
        ([f"{ROOT}/a", f"{ROOT}/b", f"{ROOT}/c", f"{ROOT}/d", "s3://c/x"], [ROOT, "s3://c/x"]),
        (["s3://c/x", "s3://c/x/y", "s3://c/x-y", ""], ["s3://c/x-y", "s3://c/x"]),
        ([ROOT, f"{ROOT}/a"], [ROOT]),
    ],
)
def test_few_folders_are_listed(locations: Sequence[str], folders: Sequence[str]) -> None:
    assert listings(locations, ROOT) == folders


def test_listing_all_environments_but_ones_own() -> None:
    assert [each.location for each in other_environments("s3://b/data/", "dev")] == ["s3://b/data/prod"]
    assert [each.location for each in other_environments("s3://b/data", "ci")] == ["s3://b/data/prod"]
    assert [each.location for each in other_environments("s3://b/data", "sandbox")] == ["s3://b/data/prod"]
    assert [each.location for each in other_environments("s3://b/data", "prod")] == ["s3://b/data/dev"]
    assert other_environments(None, "dev") == ()


# Any layout

# Few names, so that many folders overlap; `a-` begins like `a`, and comes before `a/` in the order of keys.
paths = st.lists(st.sampled_from(["a", "a-", RUN]), max_size=2)
places = paths.map(lambda parts: "/".join([ROOT, *parts])) | st.sampled_from(["s3://b", "s3://b/u", "s3://b/t-"])


@dataclass(frozen=True)
class Catalogue:
    """What Glue would answer.

    Attributes:
        tables_: names, locations, and locations of partitions.
    """

    tables_: Sequence[tuple[str, str, Sequence[str]]]

    def databases(self, _: str) -> list[str]:
        return ["orders"]

    def tables(self, catalog: str, database: str) -> Iterator[Table]:
        for name, location, parts in self.tables_:
            yield Table(Relation(catalog, database, name), "hive", {}, ("k",) if parts else (), location)

    def partitions(self, relation: Relation) -> list[Partition]:
        [parts] = [parts for name, _, parts in self.tables_ if name == relation.identifier]
        return [Partition((str(number),), place) for number, place in enumerate(parts)]


def inside(one: str, other: str) -> bool:
    """Whether a folder is another one, or lies in it."""
    parts, around = one.split("/"), other.split("/")
    return parts[: len(around)] == around


@settings(BUSY, max_examples=500)
@given(
    own=st.lists(st.tuples(st.none() | st.integers(0, 3), places), max_size=6),
    going=st.sets(st.integers(0, 3)),
    others=st.lists(st.tuples(places | st.just(""), st.lists(places, max_size=2)), max_size=3),
)
def test_nothing_that_is_live_is_deleted(
    own: list[tuple[int | None, str]], going: set[int], others: list[tuple[str, list[str]]]
) -> None:
    partitions = [dated(number, place) for number, place in own]
    dropped = {snapshot(number) for number in going}
    catalogue = Catalogue(
        [
            (RELATION.identifier, ROOT, [place for _, place in own]),
            (f"{RELATION.identifier}__dbt_snapshot_2024_01_01", f"{ROOT}/dbt-snapshot-{RUN}", []),
            (f"{RELATION.identifier}__dbt_replaced_0123456789ab_202401010000_2024_01_01", f"{ROOT}/a", []),
            *((f"other_{number}", place, parts) for number, (place, parts) in enumerate(others)),
        ]
    )
    occupied = Occupied(cast(Glue, catalogue), "awsdatacatalog")
    needed = need_of(TABLE, partitions, lambda each: each.date in dropped, occupied)
    locations = [each.partition.location for each in partitions if each.date in dropped]
    found = run_folders(locations, ROOT, needed)

    live = [place for number, place in own if number not in going]
    live += [place for location, parts in others for place in (location, *parts) if place]
    for folder in found.going:
        assert not any(inside(place, folder) or inside(folder, place) for place in live), folder
        assert not inside(ROOT, folder), "the table itself"
        assert inside(folder, ROOT), "only what is the table's own"
    for location in locations:
        is_deleted = any(inside(location, folder) for folder in found.going)
        is_told = any(f" {location} " in reason for reason in found.staying)
        assert is_deleted != is_told
        if is_told:
            assert (
                inside(ROOT, location)
                or not inside(location, ROOT)
                or any(inside(place, location) or inside(location, place) for place in live)
            )

    refused = refusal(TABLE, dropped, partitions)
    shared = [
        1
        for number, place in own
        for other, its in own
        if number in going and other not in going and (inside(place, its) or inside(its, place))
    ]
    assert bool(refused) == bool(shared)


@settings(BUSY)
@given(st.lists(st.tuples(places, st.integers()), max_size=8), places)
def test_overlaps_are_those_of_paths(placed: list[tuple[str, int]], folder: str) -> None:
    found: Any = sorted(Overlaps(placed).of(folder))
    assert found == sorted(what for place, what in placed if inside(place, folder) or inside(folder, place))
