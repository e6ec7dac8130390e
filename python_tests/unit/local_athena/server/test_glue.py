"""Glue's catalogue over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from .support import Clients, error_of


def table_input(name: str, *, keys: tuple[str, ...] = (), **parameters: str) -> dict[str, Any]:
    """A table's entry."""
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": parameters,
        "PartitionKeys": [{"Name": key, "Type": "date" if key == "day" else "string"} for key in keys],
        "StorageDescriptor": {"Columns": [{"Name": "id", "Type": "bigint"}], "Location": f"s3://bucket/{name}"},
    }


@pytest.fixture
def partitioned(aws: Clients, database: str) -> dict[str, str]:
    """A table with two partition keys, as arguments of a call."""
    aws.glue.create_table(DatabaseName=database, TableInput=table_input("events", keys=("day", "region")))
    return {"DatabaseName": database, "TableName": "events"}


def partition(day: str, region: str) -> dict[str, Any]:
    """A partition's entry."""
    columns = [{"Name": "id", "Type": "bigint"}]
    return {
        "Values": [day, region],
        "StorageDescriptor": {"Columns": columns, "Location": f"s3://bucket/{day}/{region}"},
    }


def test_names_are_in_lower_case(aws: Clients, database: str) -> None:
    aws.glue.create_database(DatabaseInput={"Name": f"{database}_UPPER", "Description": "d"})
    found = aws.glue.get_database(Name=f"{database}_Upper")["Database"]
    assert (found["Name"], found["Description"]) == (f"{database}_upper", "d")
    aws.glue.create_table(DatabaseName=database.upper(), TableInput=table_input("Mixed"))
    table = aws.glue.get_table(DatabaseName=database, Name="MIXED")["Table"]
    assert (table["Name"], table["DatabaseName"], table["VersionId"]) == ("mixed", database, "0")
    code, message, _ = error_of(aws.glue.create_table, DatabaseName=database, TableInput=table_input("mixed"))
    assert (code, message) == ("AlreadyExistsException", "Table already exists.")


def test_a_database_takes_its_tables_with_it(aws: Clients, database: str) -> None:
    aws.glue.create_table(DatabaseName=database, TableInput=table_input("t"))
    aws.glue.update_database(Name=database, DatabaseInput={"Name": database, "Description": "new"})
    assert aws.glue.get_database(Name=database)["Database"]["Description"] == "new"
    aws.glue.delete_database(Name=database)
    aws.glue.create_database(DatabaseInput={"Name": database})
    assert aws.glue.get_tables(DatabaseName=database)["TableList"] == []


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("get_database", {"Name": "nowhere"}),
        ("delete_database", {"Name": "nowhere"}),
        ("get_table", {"DatabaseName": "nowhere", "Name": "t"}),
        ("get_tables", {"DatabaseName": "nowhere"}),
        ("create_table", {"DatabaseName": "nowhere", "TableInput": {"Name": "t"}}),
        ("get_partitions", {"DatabaseName": "nowhere", "TableName": "t"}),
        ("get_table_versions", {"DatabaseName": "nowhere", "TableName": "t"}),
    ],
)
def test_what_is_missing_is_not_found(aws: Clients, call: str, arguments: dict[str, Any]) -> None:
    expected = ("EntityNotFoundException", "Database nowhere not found.", 400)
    assert error_of(getattr(aws.glue, call), **arguments) == expected


def test_another_accounts_catalog_is_not_found(aws: Clients, database: str) -> None:
    assert aws.glue.get_database(CatalogId="123456789012", Name=database)
    code, message, _ = error_of(aws.glue.get_database, CatalogId="999999999999", Name=database)
    assert (code, message) == ("EntityNotFoundException", "Catalog 999999999999 not found.")


def test_lists_come_in_pages(aws: Clients, database: str) -> None:
    for number in range(5):
        aws.glue.create_table(DatabaseName=database, TableInput=table_input(f"t{number}"))
    pages = aws.glue.get_paginator("get_tables").paginate(DatabaseName=database, PaginationConfig={"PageSize": 2})
    assert [[table["Name"] for table in page["TableList"]] for page in pages] == [["t0", "t1"], ["t2", "t3"], ["t4"]]
    found = aws.glue.get_tables(DatabaseName=database, Expression="T[12]")["TableList"]
    assert [table["Name"] for table in found] == ["t1", "t2"]
    assert error_of(aws.glue.get_tables, DatabaseName=database, Expression="(")[0] == "InvalidInputException"
    assert error_of(aws.glue.get_tables, DatabaseName=database, MaxResults=101)[0] == "ValidationException"


def test_versions_of_a_table(aws: Clients, database: str) -> None:
    key = {"DatabaseName": database, "TableName": "t"}
    aws.glue.create_table(DatabaseName=database, TableInput=table_input("t", step="0"))
    created = aws.glue.get_table(DatabaseName=database, Name="t")["Table"]["CreateTime"]
    for step, skip in (("1", False), ("2", True), ("3", False)):
        aws.glue.update_table(DatabaseName=database, TableInput=table_input("t", step=step), SkipArchive=skip)
    versions = aws.glue.get_table_versions(**key)["TableVersions"]
    # Version 1 was not archived when 2 took its place.
    assert [version["VersionId"] for version in versions] == ["3", "2", "0"]
    assert [version["Table"]["Parameters"]["step"] for version in versions] == ["3", "2", "0"]
    table = aws.glue.get_table(DatabaseName=database, Name="t")["Table"]
    assert (table["VersionId"], table["CreateTime"]) == ("3", created)
    assert aws.glue.get_table_version(**key, VersionId="0")["TableVersion"]["Table"]["Parameters"] == {"step": "0"}
    aws.glue.delete_table_version(**key, VersionId="0")
    assert error_of(aws.glue.delete_table_version, **key, VersionId="0")[0] == "EntityNotFoundException"
    assert error_of(aws.glue.delete_table_version, **key, VersionId="3")[0] == "InvalidInputException"
    errors = aws.glue.batch_delete_table_version(**key, VersionIds=["2", "9"])["Errors"]
    assert [(error["VersionId"], error["ErrorDetail"]["ErrorCode"]) for error in errors] == [
        ("9", "EntityNotFoundException")
    ]
    assert len(aws.glue.get_table_versions(**key)["TableVersions"]) == 1


def test_an_update_of_an_old_version_is_refused(aws: Clients, database: str) -> None:
    aws.glue.create_table(DatabaseName=database, TableInput=table_input("t"))
    aws.glue.update_table(DatabaseName=database, TableInput=table_input("t", winner="yes"), VersionId="0")
    code = error_of(aws.glue.update_table, DatabaseName=database, TableInput=table_input("t"), VersionId="0")[0]
    assert code == "ConcurrentModificationException"
    assert aws.glue.get_table(DatabaseName=database, Name="t")["Table"]["Parameters"] == {"winner": "yes"}


def test_partitions(aws: Clients, partitioned: dict[str, str]) -> None:
    aws.glue.create_partition(**partitioned, PartitionInput=partition("2024-01-01", "north"))
    found = aws.glue.get_partition(**partitioned, PartitionValues=["2024-01-01", "north"])["Partition"]
    assert (found["TableName"], found["StorageDescriptor"]["Location"]) == ("events", "s3://bucket/2024-01-01/north")
    again = error_of(aws.glue.create_partition, **partitioned, PartitionInput=partition("2024-01-01", "north"))
    assert again[:2] == ("AlreadyExistsException", "Partition already exists.")
    aws.glue.update_partition(
        **partitioned, PartitionValueList=["2024-01-01", "north"], PartitionInput=partition("2024-01-02", "south")
    )
    assert error_of(aws.glue.get_partition, **partitioned, PartitionValues=["2024-01-01", "north"])[0] == (
        "EntityNotFoundException"
    )
    aws.glue.delete_partition(**partitioned, PartitionValues=["2024-01-02", "south"])
    assert aws.glue.get_partitions(**partitioned)["Partitions"] == []
    wrong = {**partition("2024-01-01", "north"), "Values": ["2024-01-01"]}
    assert error_of(aws.glue.create_partition, **partitioned, PartitionInput=wrong)[0] == "InvalidInputException"


def test_partitions_in_batches(aws: Clients, partitioned: dict[str, str]) -> None:
    entries = [partition("2024-01-01", region) for region in ("a", "b", "c")]
    assert "Errors" not in aws.glue.batch_create_partition(**partitioned, PartitionInputList=entries)
    errors = aws.glue.batch_create_partition(
        **partitioned, PartitionInputList=[*entries[:1], partition("2024-01-01", "d")]
    )
    assert [error["PartitionValues"] for error in errors["Errors"]] == [["2024-01-01", "a"]]
    wanted = [{"Values": ["2024-01-01", region]} for region in ("d", "x")]
    got = aws.glue.batch_get_partition(**partitioned, PartitionsToGet=wanted)["Partitions"]
    assert [entry["Values"] for entry in got] == [["2024-01-01", "d"]]
    change = {"PartitionValueList": ["2024-01-01", "a"], "PartitionInput": partition("2024-01-01", "z")}
    assert "Errors" not in aws.glue.batch_update_partition(**partitioned, Entries=[change])
    errors = aws.glue.batch_delete_partition(**partitioned, PartitionsToDelete=wanted)["Errors"]
    assert [error["ErrorDetail"]["ErrorCode"] for error in errors] == ["EntityNotFoundException"]
    rest = aws.glue.get_partitions(**partitioned)["Partitions"]
    assert [entry["Values"][1] for entry in rest] == ["b", "c", "z"]


def test_partitions_are_filtered_and_paged(aws: Clients, partitioned: dict[str, str]) -> None:
    days = [f"2024-01-{day:02}" for day in range(1, 11)]
    entries = [partition(day, "north") for day in (*days, "__HIVE_DEFAULT_PARTITION__")]
    aws.glue.batch_create_partition(**partitioned, PartitionInputList=entries)
    pages = aws.glue.get_paginator("get_partitions").paginate(
        **partitioned,
        Expression="day > date '2024-01-04' and region = 'north'",
        ExcludeColumnSchema=True,
        PaginationConfig={"PageSize": 4},
    )
    found = [[entry["Values"][0] for entry in page["Partitions"]] for page in pages]
    assert found == [days[4:8], days[8:]]
    null = aws.glue.get_partitions(**partitioned, Expression="day is null")["Partitions"]
    assert [entry["Values"][0] for entry in null] == ["__HIVE_DEFAULT_PARTITION__"]
    segments = [
        aws.glue.get_partitions(**partitioned, Segment={"SegmentNumber": number, "TotalSegments": 3})["Partitions"]
        for number in range(3)
    ]
    assert sorted(entry["Values"][0] for segment in segments for entry in segment) == sorted(
        entry["Values"][0] for entry in entries
    )
    assert error_of(aws.glue.get_partitions, **partitioned, Expression="month = 1")[0] == "InvalidInputException"


def test_a_batch_has_a_limit(aws: Clients, partitioned: dict[str, str]) -> None:
    wanted = [{"Values": ["2024-01-01", str(number)]} for number in range(26)]
    code, message, _ = error_of(aws.glue.batch_delete_partition, **partitioned, PartitionsToDelete=wanted)
    assert code == "ValidationException"
    assert message.endswith(
        "at 'partitionsToDelete' failed to satisfy constraint: Member must have length less than or equal to 25"
    )


def test_tables_are_deleted_in_batches(aws: Clients, partitioned: dict[str, str]) -> None:
    database = partitioned["DatabaseName"]
    aws.glue.create_partition(**partitioned, PartitionInput=partition("2024-01-01", "north"))
    errors = aws.glue.batch_delete_table(DatabaseName=database, TablesToDelete=["events", "other"])["Errors"]
    assert [(error["TableName"], error["ErrorDetail"]["ErrorCode"]) for error in errors] == [
        ("other", "EntityNotFoundException")
    ]
    aws.glue.create_table(DatabaseName=database, TableInput=table_input("events", keys=("day", "region")))
    assert aws.glue.get_partitions(**partitioned)["Partitions"] == []


def test_tags(aws: Clients) -> None:
    arn = "arn:aws:glue:us-east-1:123456789012:database/x"
    aws.glue.tag_resource(ResourceArn=arn, TagsToAdd={"a": "1", "b": "2"})
    aws.glue.untag_resource(ResourceArn=arn, TagsToRemove=["a"])
    assert aws.glue.get_tags(ResourceArn=arn)["Tags"] == {"b": "2"}


def test_what_is_not_the_catalogue_is_refused(aws: Clients) -> None:
    assert error_of(aws.glue.get_crawlers) == (
        "NotImplementedException",
        "The local Athena does not implement Glue GetCrawlers.",
        501,
    )
