"""Names that are odd, or as long as Glue takes them."""

from __future__ import annotations

import pytest

from derived_tables.errors import RefusedError

from .models import LONG_TO_COMPACT, LONG_TO_DROP
from .store import FEBRUARY, JANUARY, Store

#: What a partition column may hold; S3 and Glue name the partition after it.
ODD = ("it's", 'a "b"', "50%", "a=b", "12:30", "a b", "a/b", "100%25", "x" * 200, "#[]{}^\\?*")


def test_partitions_with_odd_names_are_compacted_and_dropped(hive: Store) -> None:
    hive.fill("odd", [(JANUARY, 1), (FEBRUARY, 2)], regions=ODD)
    for region in ODD:
        text = region.replace("'", "''")
        hive.write(f"insert into {hive.warehouse.database}.odd select 3, 'y', date '{JANUARY}', '{text}'")
    rows = hive.warehouse.rows("odd")
    assert len(rows) == 3 * len(ODD)
    packed = hive.compact("odd", JANUARY)
    assert [(files, after) for _, files, after in packed] == [(2, 1)] * len(ODD)
    assert hive.warehouse.rows("odd") == rows
    assert hive.notes("odd") == []

    # Athena writes no such names, but reads them.
    [file] = [key for key in hive.below("odd") if FEBRUARY in key and "a%20b" in key.replace(" ", "%20")]
    place = hive.location("odd") + f"/snapshot_date={JANUARY}/region=straße 日本"
    hive.copy(file, f"{place}/file".removeprefix(f"s3://{hive.warehouse.bucket}/"))
    hive.create_partition("odd", (JANUARY, "straße 日本"), place)
    assert len(hive.warehouse.rows("odd")) == len(rows) + 1
    assert hive.drop("odd", keep_last=1) == [JANUARY]
    assert hive.warehouse.rows("odd") == [row for row in rows if FEBRUARY in row]
    assert len(hive.below("odd")) == len(ODD)


def test_the_longest_names_that_glue_takes(hive: Store) -> None:
    hive.fill(LONG_TO_DROP, [(JANUARY, 1), (FEBRUARY, 2)])
    assert hive.drop(LONG_TO_DROP, keep_last=1) == [JANUARY]
    hive.fill(LONG_TO_COMPACT, [(JANUARY, 1), (JANUARY, 2)])
    assert len(hive.compact(LONG_TO_COMPACT)) == 1
    assert hive.notes(LONG_TO_DROP) == hive.notes(LONG_TO_COMPACT) == []


def test_longer_names_are_refused(hive: Store) -> None:
    hive.fill(f"{LONG_TO_DROP}d", [(JANUARY, 1), (FEBRUARY, 2)])
    with pytest.raises(RefusedError, match="must be shorter, got 202 characters"):
        hive.drop(f"{LONG_TO_DROP}d", keep_last=1)
    hive.fill(f"{LONG_TO_COMPACT}c", [(JANUARY, 1), (JANUARY, 2)])
    assert hive.compact(f"{LONG_TO_COMPACT}c") == []
    assert f"{JANUARY}: the name of the table is too long, 182 characters" in hive.said[-1]
