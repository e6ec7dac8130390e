"""Which objects are data."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from derived_tables.relation import Relation
from derived_tables.warehouse.glue import described
from derived_tables.warehouse.objects import Object

FOLDER = "s3://b/_tables/.hidden/t"


@pytest.mark.parametrize(
    ("name", "size", "is_data"),
    [
        ("part-0", 1, True),
        ("region=a/part-0", 1, True),
        ("region=_a/part-0", 1, True),
        ("", 0, False),
        ("region=a/", 0, False),
        ("part-0", 0, False),
        ("_SUCCESS", 1, False),
        (".part-0.crc", 1, False),
        ("_temporary/0/part-0", 1, False),
        (".hive-staging/part-0", 1, False),
    ],
)
def test_empty_and_hidden_objects_are_no_data(name: str, size: int, is_data: bool) -> None:
    found = Object(f"{FOLDER}/{name}", size, datetime(2024, 1, 1, tzinfo=timezone.utc), "")
    assert found.is_data_of(FOLDER) == is_data


def test_archived_objects_are_no_data() -> None:
    found = Object(f"{FOLDER}/part-0", 1, datetime(2024, 1, 1, tzinfo=timezone.utc), "", is_archived=True)
    assert not found.is_data_of(FOLDER)


@pytest.mark.parametrize("location", ["s3://b/t", "s3://b/t/", "s3a://b/t/", "s3n://b/t"])
def test_a_location_has_one_form(location: str) -> None:
    entry = {"Name": "t", "StorageDescriptor": {"Location": location}, "PartitionKeys": []}
    assert described(Relation("", "d", "t"), entry).location == "s3://b/t"
