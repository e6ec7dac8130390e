"""LF-tags, data cells filters and permissions, as dbt-athena uses them."""

from __future__ import annotations

from typing import Any

import pytest

from .support import Clients, error_of
from .test_glue import table_input


@pytest.fixture
def table(aws: Clients, database: str) -> dict[str, str]:
    """A table, as Lake Formation names it; the tags `<database>-domain` and `<database>-pii` exist."""
    aws.glue.create_table(DatabaseName=database, TableInput=table_input("t", keys=("day",)))
    for key, values in (("domain", ["sales", "stock"]), ("pii", ["yes", "no"])):
        aws.lakeformation.create_lf_tag(TagKey=f"{database}-{key}", TagValues=values)
    return {"DatabaseName": database, "Name": "t"}


def tags(table: dict[str, str], **values: str) -> list[dict[str, Any]]:
    """LFTags of a call."""
    return [{"TagKey": f"{table['DatabaseName']}-{key}", "TagValues": [value]} for key, value in values.items()]


def seen(pairs: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Tags of an answer, by the ends of their keys."""
    return {pair["TagKey"].rpartition("-")[2]: pair["TagValues"] for pair in pairs}


def test_tags_are_inherited(aws: Clients, table: dict[str, str]) -> None:
    lake = aws.lakeformation
    database = {"Database": {"Name": table["DatabaseName"]}}
    columns = {"TableWithColumns": {**table, "ColumnNames": ["id"]}}
    assert lake.add_lf_tags_to_resource(Resource=database, LFTags=tags(table, domain="sales"))["Failures"] == []
    lake.add_lf_tags_to_resource(Resource={"Table": table}, LFTags=tags(table, pii="no"))
    lake.add_lf_tags_to_resource(Resource=columns, LFTags=tags(table, pii="yes"))
    found = lake.get_resource_lf_tags(Resource={"Table": table})
    assert seen(found["LFTagOnDatabase"]) == {"domain": ["sales"]}
    assert seen(found["LFTagsOnTable"]) == {"domain": ["sales"], "pii": ["no"]}
    by_column = {entry["Name"]: seen(entry["LFTags"]) for entry in found["LFTagsOnColumns"]}
    assert by_column["id"] == {"domain": ["sales"], "pii": ["yes"]}
    assert by_column["day"] == {"domain": ["sales"], "pii": ["no"]}
    assigned = lake.get_resource_lf_tags(Resource={"Table": table}, ShowAssignedLFTags=True)
    assert seen(assigned["LFTagsOnTable"]) == {"pii": ["no"]}
    assert [entry["Name"] for entry in assigned["LFTagsOnColumns"]] == ["id"]
    lake.remove_lf_tags_from_resource(Resource=columns, LFTags=tags(table, pii="yes"))
    assert "LFTagsOnColumns" not in lake.get_resource_lf_tags(Resource={"Table": table}, ShowAssignedLFTags=True)


def test_tags_stay_beside_each_other_and_go_with_the_table(aws: Clients, table: dict[str, str]) -> None:
    lake = aws.lakeformation
    lake.add_lf_tags_to_resource(Resource={"Table": table}, LFTags=tags(table, domain="sales"))
    lake.add_lf_tags_to_resource(Resource={"Table": table}, LFTags=tags(table, pii="no"))
    assert len(lake.get_resource_lf_tags(Resource={"Table": table})["LFTagsOnTable"]) == 2
    aws.glue.delete_table(**table)
    assert error_of(lake.get_resource_lf_tags, Resource={"Table": table})[0] == "EntityNotFoundException"
    aws.glue.create_table(DatabaseName=table["DatabaseName"], TableInput=table_input("t"))
    assert "LFTagsOnTable" not in lake.get_resource_lf_tags(Resource={"Table": table})


def test_a_tag_that_does_not_exist_is_a_failure(aws: Clients, table: dict[str, str]) -> None:
    wrong = [*tags(table, pii="maybe"), {"TagKey": "nothing", "TagValues": ["x"]}]
    failures = aws.lakeformation.add_lf_tags_to_resource(Resource={"Table": table}, LFTags=wrong)["Failures"]
    assert [failure["Error"]["ErrorCode"] for failure in failures] == ["EntityNotFoundException"] * 2
    assert error_of(aws.lakeformation.get_lf_tag, TagKey="nothing")[0] == "EntityNotFoundException"


def test_tags_are_changed(aws: Clients, table: dict[str, str]) -> None:
    lake, key = aws.lakeformation, f"{table['DatabaseName']}-pii"
    lake.add_lf_tags_to_resource(Resource={"Table": table}, LFTags=tags(table, pii="no"))
    lake.update_lf_tag(TagKey=key, TagValuesToAdd=["maybe"], TagValuesToDelete=["yes"])
    assert lake.get_lf_tag(TagKey=key)["TagValues"] == ["no", "maybe"]
    assert error_of(lake.create_lf_tag, TagKey=key, TagValues=["x"])[0] == "AlreadyExistsException"
    lake.delete_lf_tag(TagKey=key)
    assert "LFTagsOnTable" not in lake.get_resource_lf_tags(Resource={"Table": table})
    assert key not in [tag["TagKey"] for tag in lake.list_lf_tags()["LFTags"]]


def test_data_cells_filters_and_their_permissions(aws: Clients, table: dict[str, str]) -> None:
    lake, catalog = aws.lakeformation, "123456789012"
    named = {"TableCatalogId": catalog, "DatabaseName": table["DatabaseName"], "TableName": "t", "Name": "north"}
    data = {**named, "RowFilter": {"FilterExpression": "region = 'north'"}, "ColumnNames": ["id"]}
    lake.create_data_cells_filter(TableData=data)
    assert error_of(lake.create_data_cells_filter, TableData=data)[0] == "AlreadyExistsException"
    lake.update_data_cells_filter(TableData={**data, "ColumnNames": ["day"]})
    found = lake.list_data_cells_filter(Table={"CatalogId": catalog, **table})["DataCellsFilters"]
    assert [(entry["Name"], entry["ColumnNames"]) for entry in found] == [("north", ["day"])]
    resource = {"DataCellsFilter": named}
    principal = {"DataLakePrincipalIdentifier": "arn:aws:iam::123456789012:role/analyst"}
    entry = {"Id": "0", "Principal": principal, "Resource": resource, "Permissions": ["SELECT"]}
    assert lake.batch_grant_permissions(CatalogId=catalog, Entries=[entry])["Failures"] == []
    granted = lake.list_permissions(Resource=resource)["PrincipalResourcePermissions"]
    assert [(each["Principal"], each["Permissions"]) for each in granted] == [(principal, ["SELECT"])]
    assert lake.batch_revoke_permissions(CatalogId=catalog, Entries=[entry])["Failures"] == []
    failures = lake.batch_revoke_permissions(CatalogId=catalog, Entries=[entry])["Failures"]
    assert failures[0]["Error"]["ErrorCode"] == "InvalidInputException"
    assert lake.list_permissions(Resource=resource)["PrincipalResourcePermissions"] == []
    lake.delete_data_cells_filter(**named)
    assert error_of(lake.delete_data_cells_filter, **named)[0] == "EntityNotFoundException"


def test_permissions_and_settings(aws: Clients, table: dict[str, str]) -> None:
    lake = aws.lakeformation
    arguments = {"Principal": {"DataLakePrincipalIdentifier": "p"}, "Resource": {"Table": table}}
    lake.grant_permissions(**arguments, Permissions=["SELECT", "INSERT"])
    lake.revoke_permissions(**arguments, Permissions=["INSERT"])
    found = lake.list_permissions(Principal=arguments["Principal"])["PrincipalResourcePermissions"]
    assert [each["Permissions"] for each in found] == [["SELECT"]]
    lake.put_data_lake_settings(DataLakeSettings={"DataLakeAdmins": [arguments["Principal"]]})
    assert lake.get_data_lake_settings()["DataLakeSettings"]["DataLakeAdmins"] == [arguments["Principal"]]
    assert error_of(lake.start_transaction)[2] == 501
