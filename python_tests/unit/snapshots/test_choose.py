"""Which snapshots a drop takes, and how many files a compaction makes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derived_tables.snapshots.compact import files_needed
from derived_tables.snapshots.contents import Snapshot
from derived_tables.snapshots.drop import Wanted, choose
from derived_tables.snapshots.values import SnapshotDate

#: On a machine that is busy with other tests.
BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def held(*days: int) -> list[Snapshot]:
    """Snapshots of days of January."""
    return [Snapshot(SnapshotDate(date(2024, 1, day), str(day), str(day)), 1, 1, 1) for day in days]


def dates(*days: int) -> frozenset[date]:
    return frozenset(date(2024, 1, day) for day in days)


@pytest.mark.parametrize(
    ("wanted", "chosen", "newest_wanted", "missing"),
    [
        ({"keep_last": 1}, [1, 2], False, []),
        ({"keep_last": 2}, [1], False, []),
        ({"keep_last": 3}, [], False, []),
        ({"keep_last": 9}, [], False, []),
        ({"before": date(2024, 1, 2)}, [1], False, []),
        ({"before": date(2024, 1, 3)}, [1, 2], False, []),
        ({"before": date(2024, 1, 4)}, [1, 2], True, []),
        ({"dates": dates(2)}, [2], False, []),
        ({"dates": dates(1, 3, 4)}, [1], True, [4]),
        ({"dates": dates()}, [], False, []),
    ],
)
def test_choice(wanted: dict[str, Any], chosen: Sequence[int], newest_wanted: bool, missing: Sequence[int]) -> None:
    found, newest, absent = choose(held(1, 2, 3), Wanted(**wanted))
    assert [each.date.day.day for each in found] == chosen
    assert newest == (date(2024, 1, 3) if newest_wanted else None)
    assert [day.day for day in absent] == missing


def test_of_no_snapshots_none_goes() -> None:
    assert choose([], Wanted(keep_last=1)) == ((), None, ())
    assert choose([], Wanted(dates=dates(1))) == ((), None, (date(2024, 1, 1),))


def test_two_texts_for_the_newest_date_stay() -> None:
    two = [Snapshot(SnapshotDate(date(2024, 1, 9), text, text), 1, 1, 1) for text in ("20240109", "2024-01-09")]
    assert choose([*held(1), *two], Wanted(keep_last=1))[0] == tuple(held(1))
    assert choose([*held(1), *two], Wanted(before=date(2030, 1, 1)))[0] == tuple(held(1))


number = st.integers(1, 31)
wishes = st.one_of(
    st.builds(lambda day: Wanted(before=date(2024, 1, day)), number),
    st.builds(lambda count: Wanted(keep_last=count), number),
    st.builds(lambda days: Wanted(dates=dates(*days)), st.lists(number, max_size=8)),
)


@settings(BUSY)
@given(st.sets(number, max_size=8), wishes)
def test_the_newest_always_stays_and_a_second_drop_finds_nothing(days: set[int], wanted: Wanted) -> None:
    all_ = held(*sorted(days))
    chosen, _, _ = choose(all_, wanted)
    left = [each for each in all_ if each not in chosen]
    assert bool(left) == bool(days)
    assert all_[-1:] == left[-1:]
    assert choose(left, wanted)[0] == ()
    if wanted.keep_last:
        assert len(left) == min(len(days), wanted.keep_last)


@pytest.mark.parametrize(
    ("size", "files"),
    [(0, 1), (1, 1), (134_217_728, 1), (134_217_729, 2), (268_435_456, 2), (1_342_177_280, 10)],
)
def test_files_are_of_128_mebibytes_at_most(size: int, files: int) -> None:
    assert files_needed(size) == files


@settings(BUSY)
@given(st.integers(0, 10**13))
def test_no_file_is_larger(size: int) -> None:
    needed = files_needed(size)
    assert needed * 128 * 1024**2 >= size
    assert needed == 1 or (needed - 1) * 128 * 1024**2 < size
