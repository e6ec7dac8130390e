"""Commits: all or nothing, and nothing that others did is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local_athena.errors import AthenaError
from local_athena.store import ConflictError
from local_athena.table_format import AddColumns, ColumnDefinition

from .support import Lake

CONFLICT = "ICEBERG_COMMIT_ERROR: Failed to commit Iceberg update to table: db.t"


def test_an_insert_holds_what_others_did_meanwhile(people: Lake) -> None:
    seen = people.table()
    people.insert("select 4 as c0, 'd' as c1")
    people.delete("id = 1")
    people.insert("select 5 as c0, 'e' as c1", into=seen)
    assert people.rows("t", "id") == [(2,), (3,), (4,), (5,)]


def test_an_insert_holds_a_change_of_columns(people: Lake) -> None:
    seen = people.table()
    people.alter(AddColumns((ColumnDefinition("x", "int"),)))
    people.insert("select 5 as c0, 'e' as c1", into=seen)
    assert people.rows()[-1] == (5, "e", None)


def test_a_change_of_what_is_no_longer_so_fails(people: Lake) -> None:
    seen = people.table()
    people.insert("select 4 as c0, 'd' as c1")
    before = people.keys()
    with pytest.raises(AthenaError, match=CONFLICT):
        people.delete("id = 1", target=seen)
    assert people.rows("t", "id") == [(1,), (2,), (3,), (4,)]
    # What the failed statement wrote is gone.
    assert people.keys() == before


def test_notes_in_glue_are_no_conflict(people: Lake) -> None:
    seen = people.table()
    people.stores.glue.update_table("db", {**people.entry(), "Description": "People."})
    assert people.delete("id = 1", target=seen) == 1
    assert people.entry()["Description"] == "People."


def test_a_table_that_is_dropped_meanwhile(people: Lake) -> None:
    seen = people.table()
    people.stores.glue.delete_table("db", "t")
    with pytest.raises(AthenaError, match=CONFLICT):
        people.insert("select 4 as c0, 'd' as c1", into=seen)


def test_inserts_at_once_lose_nothing(people: Lake) -> None:
    def inserted(number: int) -> int:
        try:
            return people.insert(f"select {number} as c0, 'x' as c1").count
        except AthenaError as error:
            # As on Athena, whoever loses the race too often tries again.
            assert error.reason == CONFLICT  # noqa: PT017
            return inserted(number)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(inserted, range(10, 34))) == 24
    assert len(people.rows()) == 27
    assert len(people.rows("t$snapshots")) == 25


def test_what_nobody_uses_goes_again(people: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    before = people.keys()

    def refuse(*_: Any, **__: Any) -> None:
        raise ConflictError("Always somebody else.")

    monkeypatch.setattr(people.stores.glue.__class__, "update_table", refuse)
    with pytest.raises(AthenaError, match=CONFLICT):
        people.insert("select 4 as c0, 'd' as c1")
    assert people.keys() == before
