"""OPTIMIZE, VACUUM and DROP TABLE.

Source: https://docs.aws.amazon.com/athena/latest/ug/optimize-statement.html and …/vacuum-statement.html
"""

from __future__ import annotations

import pytest

from local_athena.dialect.plan import Predicate
from local_athena.errors import AthenaError
from local_athena.iceberg import maintenance
from local_athena.table_format import SetProperties
from local_athena.types import model

from .support import BUCKET, Lake


def _files(lake: Lake) -> list[tuple[int, int]]:
    """Content (0 data, 1 position deletes) and rows of each file."""
    return lake.rows("t$files", "content", "record_count")


def _set(lake: Lake, **properties: int) -> None:
    lake.alter(SetProperties({name: str(value) for name, value in properties.items()}))


def test_optimize_packs_small_files(people: Lake) -> None:
    for number in range(3):
        people.insert(f"select {number + 10} as c0, 'x' as c1")
    before = people.rows()
    people.optimize()
    # Four files: fewer than `optimize_rewrite_data_file_threshold`, which is five.
    assert _files(people) == [(0, 1), (0, 1), (0, 1), (0, 3)]
    people.insert("select 13 as c0, 'x' as c1")
    people.optimize()
    assert _files(people) == [(0, 7)]
    assert people.rows() == [*before, (13, "x")]
    assert [row[1] for row in people.rows("t$snapshots", "committed_at", "operation")][-1] == "replace"


def test_optimize_applies_deletes(people: Lake) -> None:
    people.delete("id = 1")
    people.optimize()
    # One delete file: fewer than `optimize_rewrite_delete_file_threshold`, which is two.
    assert _files(people) == [(0, 3), (1, 1)]
    people.delete("id = 2")
    people.optimize()
    assert _files(people) == [(0, 1)]
    assert people.rows() == [(3, None)]
    people.delete("id = 3")
    _set(people, optimize_rewrite_delete_file_threshold=1)
    people.optimize()
    assert (_files(people), people.rows()) == ([], [])


def test_optimize_of_partitions(lake: Lake) -> None:
    lake.create({"id": model.BIGINT, "p": model.BIGINT}, "select range as c0, range % 2 as c1 from range(4)", "p")
    _set(lake, optimize_rewrite_data_file_threshold=2)
    lake.insert("select range + 10 as c0, range % 2 as c1 from range(4)")
    lake.optimize(Predicate("p", "=", (1,)))
    assert _files(lake) == [(0, 2), (0, 2), (0, 4)]
    with pytest.raises(
        AthenaError, match="NOT_SUPPORTED: OPTIMIZE takes a condition on partition columns only, got: id"
    ):
        lake.optimize(Predicate("id", "=", (1,)))
    lake.optimize()
    assert _files(lake) == [(0, 4), (0, 4)]
    assert len(lake.rows()) == 8


def test_optimize_of_many_partitions(lake: Lake) -> None:
    lake.create({"p": model.BIGINT}, "select range as c0 from range(100)", "p")
    lake.insert("select range + 50 as c0 from range(100)")
    _set(lake, optimize_rewrite_data_file_threshold=1)
    lake.optimize()
    assert (len(_files(lake)), len(lake.rows())) == (150, 200)


def test_vacuum_keeps_what_is_young(people: Lake) -> None:
    people.insert("select 4 as c0, 'd' as c1")
    before = people.keys()
    people.vacuum()
    assert people.keys() == before


def test_vacuum_expires_snapshots_and_deletes_their_files(people: Lake) -> None:
    people.insert("select 4 as c0, 'd' as c1")
    people.delete("true", whole_table=True)
    people.insert("select 5 as c0, 'e' as c1")
    people.stores.objects.write(BUCKET, "t/data/orphan.parquet", b"left behind")
    people.stores.objects.write(BUCKET, "tt/not-of-the-table", b"stays")
    people.stores.objects.write(BUCKET, "t/other/not-of-the-table", b"stays")
    _set(people, vacuum_max_snapshot_age_seconds=0, vacuum_max_metadata_files_to_keep=1)
    people.vacuum()
    assert people.rows() == [(5, "e")]
    assert people.rows("t$snapshots", "operation") == [("append",)]
    assert len(people.keys("t/data/")) == 1
    kinds = [key.rpartition("/")[2] for key in people.keys("t/metadata/")]
    assert sum(kind.startswith("snap-") for kind in kinds) == 1
    assert sum(kind.endswith(".metadata.json") for kind in kinds) == 2
    assert people.keys("t/other/") + people.keys("tt/") == ["t/other/not-of-the-table", "tt/not-of-the-table"]


def test_vacuum_keeps_the_number_of_snapshots_asked_for(people: Lake) -> None:
    for number in range(4):
        people.insert(f"select {number + 10} as c0, 'x' as c1")
    _set(people, vacuum_max_snapshot_age_seconds=0, vacuum_min_snapshots_to_keep=3)
    people.vacuum()
    assert len(people.rows("t$snapshots")) == 3
    assert len(people.rows()) == 7


def test_vacuum_asks_for_more_runs(people: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "MOST_FILES", 3)
    for number in range(7):
        people.stores.objects.write(BUCKET, f"t/data/orphan-{number}", b"x")
    _set(people, vacuum_max_snapshot_age_seconds=0)
    more = (
        "ICEBERG_VACUUM_MORE_RUNS_NEEDED: Removed 3 files in this round of vacuum, but there are more files remaining. "
        "Please run another VACUUM command to process the remaining files"
    )
    for _ in range(2):
        with pytest.raises(AthenaError) as raised:
            people.vacuum()
        assert raised.value.reason == more
    people.vacuum()
    assert not people.keys("t/data/orphan")
    assert len(people.rows()) == 3


def test_vacuum_of_a_bucket(lake: Lake) -> None:
    lake.define({"id": "int"}, location=f"s3://{BUCKET}/")
    with pytest.raises(
        AthenaError, match=f"GENERIC_INTERNAL_ERROR: Path missing in file system location: s3://{BUCKET}"
    ):
        lake.vacuum()


def test_drop_deletes_the_table_and_nothing_else(people: Lake) -> None:
    people.create({"id": model.INTEGER}, "select 1 as c0", name="tt")
    others = people.keys("tt/")
    people.format.drop(people.table())
    assert people.stores.glue.table("db", "t") is None
    assert people.keys() == others
