"""Large tables stay quick: a command makes few calls, however many partitions and objects there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from .store import Store

FIRST = date(2020, 1, 1)


def make_large(hive: Store, partitions: int, files: int) -> None:
    """A table with a partition for each day, and several copies of one file in each."""
    hive.fill("large", [(FIRST.isoformat(), 1)])
    [key] = hive.below("large")
    objects, bucket = hive.athena.stores.objects, hive.warehouse.bucket
    content = objects.read(bucket, key)
    [entry] = hive.athena.stores.glue.partitions(hive.warehouse.database, "large")
    storage = entry["StorageDescriptor"]
    for number in range(partitions):
        day = (FIRST + timedelta(days=number)).isoformat()
        place = f"tables/large/snapshot_date={day}"
        for each in range(files - (number == 0)):
            objects.write(bucket, f"{place}/copy_{each}", content)
        if number:
            given = {"Values": [day], "StorageDescriptor": {**storage, "Location": f"s3://{bucket}/{place}/"}}
            hive.athena.stores.glue.create_partition(hive.warehouse.database, "large", given)


def calls(hive: Store, do: Callable[[], Any]) -> Counter[str]:
    """How often something calls AWS, without the polls of queries."""
    with hive.athena.faults.trace() as points:
        do()
    return Counter(point.call for point in points if point.call not in ("athena.GetQueryExecution", "engine.Run"))


@pytest.mark.parametrize(("partitions", "files"), [pytest.param(30, 2), pytest.param(1000, 5, marks=pytest.mark.long)])
def test_a_plan_lists_each_thing_once(hive: Store, partitions: int, files: int) -> None:
    make_large(hive, partitions, files)
    listings = -(-partitions * files // 1000)  # S3 lists 1,000 objects a page
    pages = -(-partitions // 100)  # Glue lists 100 partitions a page, or more
    hive.listed("large")  # connects
    found = calls(hive, lambda: hive.listed("large"))
    assert found["s3.ListObjectsV2"] <= listings
    assert found["glue.GetPartitions"] <= pages
    assert found["athena.StartQueryExecution"] == 1
    assert sum(found.values()) <= listings + pages + 5

    others = len(hive.warehouse.tables()) + 20  # each table of the account may have partitions
    found = calls(hive, lambda: hive.plan_drop("large", keep_last=1))
    assert found["s3.ListObjectsV2"] <= listings
    assert found["athena.StartQueryExecution"] == 0
    assert sum(found.values()) <= listings + 2 * pages + others + 10

    found = calls(hive, lambda: hive.plan_compaction("large"))
    assert found["s3.ListObjectsV2"] <= listings
    assert sum(found.values()) <= listings + pages + others

    # A lock, a note, a look at the lock, its partition goes, two more looks, the lock goes: seven calls a snapshot.
    days = 20
    found = calls(hive, lambda: hive.drop("large", grace=60, before=FIRST + timedelta(days=days)))
    assert found["glue.CreateTable"] == 2 * days
    assert found["glue.BatchDeletePartition"] == found["glue.DeleteTable"] == days
    assert found["s3.ListObjectsV2"] <= listings, "files are listed for the plan only"
    assert sum(found.values()) <= listings + 4 * pages + others + 7 * days + 20

    # Old files go 1,000 at a time.
    found = calls(hive, lambda: hive.clean("large"))
    assert found["s3.DeleteObjects"] == found["s3.ListObjectsV2"] == found["glue.DeleteTable"] == days
    assert len(hive.below("large")) == (partitions - days) * files
    hive.write(f"drop table {hive.warehouse.database}.large")
    hive.empty("tables/large/")
