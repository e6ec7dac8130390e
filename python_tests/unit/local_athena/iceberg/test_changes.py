"""INSERT, DELETE, UPDATE and MERGE: rows, counts, files and snapshots."""

from __future__ import annotations

import pytest

from local_athena.iceberg import snapshots
from local_athena.types import model

from .support import Lake

MERGE = """
    select case when t.id is null then 'insert' when s.name is null then 'delete' else 'update' end as "$operation",
           "$file", "$position", coalesce(t.id, s.id) as c0, s.name as c1
    from (values (1, 'A'), (2, null), (9, 'I')) s(id, name) left join target t on t.id = s.id
"""


def _operations(lake: Lake) -> list[str]:
    return [operation for _, operation in lake.rows("t$snapshots", "committed_at", "operation")]


def _files(lake: Lake) -> list[tuple[int, int]]:
    """Content (0 data, 1 position deletes) and rows of each file."""
    return lake.rows("t$files", "content", "record_count")


def test_insert(people: Lake) -> None:
    written = people.insert("select 4 as c0, 'd' as c1 union all select 5, 'e'")
    assert written.count == 2
    assert [file.partition("/t/data/")[0] for file in written.files] == ["s3://lake"]
    assert people.rows() == [(1, "a"), (2, "b"), (3, None), (4, "d"), (5, "e")]
    assert _operations(people) == ["append", "append"]


def test_insert_of_no_rows_makes_no_snapshot(people: Lake) -> None:
    assert people.insert("select 4 as c0, 'd' as c1 where false").count == 0
    assert _operations(people) == ["append"]


def test_delete_notes_positions(people: Lake) -> None:
    # As Trino 470: a position delete file, even if no row of the data file is left.
    assert people.delete("id > 1") == 2
    assert people.rows() == [(1, "a")]
    assert _files(people) == [(0, 3), (1, 2)]
    assert people.delete("true") == 1
    assert people.rows() == []
    assert people.rows("t", "id", "$path") == []
    assert _operations(people) == ["append", "delete", "delete"]


def test_delete_of_nothing_makes_no_snapshot(people: Lake) -> None:
    assert people.delete("id = 99") == 0
    assert _operations(people) == ["append"]


def test_delete_without_condition_drops_all_files(people: Lake) -> None:
    people.insert("select 4 as c0, 'd' as c1")
    people.delete("id = 4")
    assert people.delete("true", whole_table=True) == 3
    assert people.rows() == []
    assert _files(people) == []
    summary = people.rows("t$snapshots", "committed_at", "summary")[-1][1]
    assert (summary["deleted-data-files"], summary["removed-position-delete-files"]) == ("2", "1")
    assert (summary["total-data-files"], summary["total-delete-files"], summary["total-records"]) == ("0", "0", "0")
    people.insert("select 5 as c0, 'e' as c1")
    assert people.rows() == [(5, "e")]


def test_delete_of_whole_partitions_drops_their_files(lake: Lake) -> None:
    rows = "select range as c0, range % 3 as c1 from range(9)"
    lake.create({"id": model.BIGINT, "p": model.BIGINT}, rows, "p")
    lake.delete("id = 8")
    assert lake.delete("p = 1") == 3
    assert sorted(_files(lake)) == [(0, 3), (0, 3), (1, 1)]
    assert lake.delete("p = 2 and id = 2") == 1
    assert sorted(_files(lake)) == [(0, 3), (0, 3), (1, 1), (1, 1)]
    assert lake.delete("p = 2") == 1
    assert _files(lake) == [(0, 3)]
    assert lake.rows() == [(0, 0), (3, 0), (6, 0)]


def test_delete_of_a_partition_drops_files_whose_rows_went_before(lake: Lake) -> None:
    lake.create({"id": model.BIGINT, "p": model.BIGINT}, "select range as c0, range % 2 as c1 from range(4)", "p")
    lake.update(["id + 10", "p"], "p = 1")
    assert lake.delete("p = 1") == 2
    assert [row[0]["p"] for row in lake.rows("t$partitions", "partition")] == [0]
    assert _files(lake) == [(0, 2)]
    assert lake.rows() == [(0, 0), (2, 0)]


def test_update(people: Lake) -> None:
    written = people.update(["id * 10", "upper(name)"], "id <> 2")
    assert (written.count, len(written.files)) == (2, 1)
    assert people.rows() == [(2, "b"), (10, "A"), (30, None)]
    assert _files(people) == [(0, 2), (0, 3), (1, 2)]
    assert _operations(people) == ["append", "overwrite"]
    assert people.update(["id + 1", "name"], "true").count == 3
    assert people.rows() == [(3, "b"), (11, "A"), (31, None)]


def test_update_of_a_partition_column_moves_rows(lake: Lake) -> None:
    lake.create({"id": model.BIGINT, "p": model.VARCHAR}, "select range as c0, 'a' as c1 from range(3)", "p")
    lake.update(["id", "'b'"], "id = 1")
    assert lake.rows() == [(0, "a"), (1, "b"), (2, "a")]
    assert [row[0]["p"] for row in lake.rows("t$partitions", "partition")] == ["a", "b"]


def test_merge(people: Lake) -> None:
    assert people.change(MERGE).count == 3
    assert people.rows() == [(1, "A"), (3, None), (9, "I")]
    assert _operations(people) == ["append", "overwrite"]


def test_merge_that_only_inserts_appends(people: Lake) -> None:
    people.delete("true", whole_table=True)
    assert people.change(MERGE).count == 3
    assert _operations(people)[-1] == "append"


def test_many_changes_of_the_same_rows(people: Lake) -> None:
    for _ in range(5):
        people.update(["id + 10", "name"], "true")
        people.delete("id % 10 = 2")
        people.insert("select 2 as c0, 'again' as c1")
    assert people.rows() == [(2, "again"), (51, "a"), (53, None)]
    totals = people.rows("t$snapshots", "committed_at", "summary")[-1][1]
    live = int(totals["total-records"]) - int(totals["total-position-deletes"])
    assert live == 3


def test_old_snapshots_do_not_see_changes(people: Lake) -> None:
    [(first,)] = people.rows("t$snapshots", "snapshot_id")
    people.update(["id", "'x'"], "true")
    people.delete("id = 1")
    before = people.format.at_version(people.table(), snapshot_id=first, timestamp=None)
    assert people.rows(table=before) == [(1, "a"), (2, "b"), (3, None)]


def test_many_manifests_become_one(people: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MANY_MANIFESTS", 3)
    for number in range(4, 8):
        people.insert(f"select {number} as c0, 'x' as c1")
        people.delete(f"id = {number - 3}")
    counts = people.rows("t$manifests", "existing_data_files_count", "added_data_files_count")
    assert len(counts) <= 6
    assert sum(existing + added for existing, added in counts) == 5 + 4
    assert people.rows() == [(5, "x"), (6, "x"), (7, "x")]
    [first] = [number for number, parent in people.rows("t$history", "snapshot_id", "parent_id") if parent is None]
    before = people.format.at_version(people.table(), snapshot_id=first, timestamp=None)
    assert people.rows(table=before) == [(1, "a"), (2, "b"), (3, None)]
