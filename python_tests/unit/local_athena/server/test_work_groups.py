"""Work groups, prepared statements, named queries, data catalogs, tags."""

from __future__ import annotations

from typing import Any

import pytest

from local_athena import LocalAthena

from .support import Clients, TinyEngine, error_of


@pytest.fixture
def group(aws: Clients, bucket: str) -> str:
    """A work group of the test's own that sends all results to its own folder."""
    name = f"group-{bucket}"
    location = {"ResultConfiguration": {"OutputLocation": f"s3://{bucket}/enforced/"}}
    aws.athena.create_work_group(Name=name, Description="d", Configuration=location)
    return name


def test_a_work_group_is_described(aws: Clients, bucket: str, group: str) -> None:
    found = aws.athena.get_work_group(WorkGroup=group)["WorkGroup"]
    assert (found["Name"], found["State"], found["Description"]) == (group, "ENABLED", "d")
    assert found["Configuration"]["EnforceWorkGroupConfiguration"] is True
    assert found["Configuration"]["ResultConfiguration"] == {"OutputLocation": f"s3://{bucket}/enforced/"}
    names = [entry["Name"] for entry in aws.athena.list_work_groups()["WorkGroups"]]
    assert {"primary", group} <= set(names)


def test_an_enforced_configuration_wins(aws: Clients, bucket: str, group: str) -> None:
    location = aws.run("rows 1", bucket, WorkGroup=group)["ResultConfiguration"]["OutputLocation"]
    assert location.startswith(f"s3://{bucket}/enforced/")
    aws.athena.update_work_group(WorkGroup=group, ConfigurationUpdates={"EnforceWorkGroupConfiguration": False})
    location = aws.run("rows 1", bucket, WorkGroup=group)["ResultConfiguration"]["OutputLocation"]
    assert location.startswith(f"s3://{bucket}/results/")
    location = aws.run("rows 1", bucket, WorkGroup=group, ResultConfiguration={})["ResultConfiguration"]
    assert location["OutputLocation"].startswith(f"s3://{bucket}/enforced/")


CENTRALIZED = (
    "The Create Table As Select query failed because it was submitted with an 'external_location' property to an "
    "Athena Workgroup that enforces a centralized output location for all queries. Please remove the "
    "'external_location' property and resubmit the query."
)


def test_an_enforced_location_is_the_only_one(aws: Clients, bucket: str, group: str) -> None:
    # Source: https://github.com/dbt-labs/dbt-athena/issues/176
    ctas = (
        f"-- c\ncreate table t with (format = 'ORC', EXTERNAL_LOCATION = 's3://{bucket}/enforced/x/') as select 1 as a"
    )
    assert error_of(aws.start, sql=ctas, bucket=bucket, WorkGroup=group) == (
        "InvalidRequestException",
        CENTRALIZED,
        400,
    )
    for allowed in (
        "create table t with (format = 'ORC') as select 1 as a",
        f"create table t with (table_type = 'ICEBERG', location = 's3://{bucket}/i/') as select 1 as a",
        f"create external table external_location (x int) location 's3://{bucket}/e/'",
        "create table t with (external_location as select",
    ):
        assert aws.start(allowed, bucket, WorkGroup=group)
    assert aws.start(ctas, bucket), "primary enforces nothing"
    aws.athena.update_work_group(WorkGroup=group, ConfigurationUpdates={"EnforceWorkGroupConfiguration": False})
    assert aws.start(ctas, bucket, WorkGroup=group)


def test_the_engine_knows_whose_location_it_is(aws: Clients, bucket: str, group: str, engine: TinyEngine) -> None:
    for work_group, enforced in ((group, True), ("primary", False)):
        query_id = aws.run("rows 1", bucket, WorkGroup=work_group)["QueryExecutionId"]
        request = next(request for request in engine.requests if request.query_id == query_id)
        assert request.location_enforced is enforced


def test_a_cutoff_cancels_what_scans_more(aws: Clients, bucket: str, group: str) -> None:
    aws.athena.update_work_group(WorkGroup=group, ConfigurationUpdates={"BytesScannedCutoffPerQuery": 10_000_000})
    assert aws.run("scan 10000000", bucket, WorkGroup=group)["Status"]["State"] == "SUCCEEDED"
    status = aws.run("scan 10000001", bucket, WorkGroup=group)["Status"]
    assert (status["State"], status["StateChangeReason"]) == ("CANCELLED", "Bytes scanned limit was exceeded")
    aws.athena.update_work_group(WorkGroup=group, ConfigurationUpdates={"RemoveBytesScannedCutoffPerQuery": True})
    assert aws.run("scan 10000001", bucket, WorkGroup=group)["Status"]["State"] == "SUCCEEDED"


def test_a_disabled_work_group_runs_nothing(aws: Clients, bucket: str, group: str) -> None:
    aws.athena.update_work_group(WorkGroup=group, State="DISABLED", Description="off")
    assert error_of(aws.start, sql="rows 1", bucket=bucket, WorkGroup=group)[1] == f"WorkGroup {group} is disabled."
    assert aws.athena.get_work_group(WorkGroup=group)["WorkGroup"]["Description"] == "off"


def test_a_work_group_without_location_needs_one(aws: Clients, bucket: str) -> None:
    aws.athena.create_work_group(Name=f"bare-{bucket}")
    message = error_of(aws.start, sql="rows 1", bucket=bucket, WorkGroup=f"bare-{bucket}")[1]
    assert message.startswith("No output location provided.")


@pytest.mark.parametrize(
    ("call", "arguments", "message"),
    [
        ("get_work_group", {"WorkGroup": "nobody"}, "WorkGroup nobody is not found."),
        ("update_work_group", {"WorkGroup": "nobody"}, "WorkGroup nobody is not found."),
        ("delete_work_group", {"WorkGroup": "nobody"}, "WorkGroup nobody is not found."),
        ("delete_work_group", {"WorkGroup": "primary"}, "WorkGroup primary cannot be deleted."),
        ("create_work_group", {"Name": "primary"}, "WorkGroup is already created"),
        ("create_work_group", {"Name": "a b"}, "WorkGroup name 'a b' is not valid."),
        (
            "create_work_group",
            {"Name": "small", "Configuration": {"BytesScannedCutoffPerQuery": 1}},
            "BytesScannedCutoffPerQuery must be at least 10000000.",
        ),
        ("list_query_executions", {"WorkGroup": "nobody"}, "WorkGroup nobody is not found."),
        ("get_named_query", {"NamedQueryId": "x"}, "NamedQuery x was not found"),
        ("get_data_catalog", {"Name": "other"}, "Data Catalog other was not found"),
        ("list_databases", {"CatalogName": "other"}, "Data Catalog other was not found"),
    ],
)
def test_a_bad_call_is_refused(aws: Clients, call: str, arguments: dict[str, Any], message: str) -> None:
    assert error_of(getattr(aws.athena, call), **arguments) == ("InvalidRequestException", message, 400)


def test_prepared_statements(aws: Clients, athena: LocalAthena, group: str) -> None:
    aws.athena.create_prepared_statement(StatementName="p", WorkGroup=group, QueryStatement="rows ?", Description="d")
    assert athena.stores.prepared.find(group, "p") == "rows ?", "the engine finds it"
    assert athena.stores.prepared.find("primary", "p") is None
    found = aws.athena.get_prepared_statement(StatementName="p", WorkGroup=group)["PreparedStatement"]
    assert (found["QueryStatement"], found["Description"]) == ("rows ?", "d")
    aws.athena.update_prepared_statement(StatementName="p", WorkGroup=group, QueryStatement="rows 2")
    assert athena.stores.prepared.find(group, "p") == "rows 2"
    listed = aws.athena.list_prepared_statements(WorkGroup=group)["PreparedStatements"]
    assert [entry["StatementName"] for entry in listed] == ["p"]
    message = error_of(aws.athena.create_prepared_statement, StatementName="p", WorkGroup=group, QueryStatement="x")[1]
    assert message == "PreparedStatement p already exists"
    assert error_of(aws.athena.delete_work_group, WorkGroup=group)[1] == f"WorkGroup {group} is not empty"
    batch = aws.athena.batch_get_prepared_statement(PreparedStatementNames=["p", "q"], WorkGroup=group)
    assert [entry["StatementName"] for entry in batch["UnprocessedPreparedStatementNames"]] == ["q"]
    aws.athena.delete_prepared_statement(StatementName="p", WorkGroup=group)
    code, message, _ = error_of(aws.athena.get_prepared_statement, StatementName="p", WorkGroup=group)
    assert (code, message) == ("ResourceNotFoundException", f"PreparedStatement p was not found in workGroup {group}")
    aws.athena.delete_work_group(WorkGroup=group)
    assert error_of(aws.athena.get_work_group, WorkGroup=group)[1] == f"WorkGroup {group} is not found."


def test_named_queries(aws: Clients, group: str) -> None:
    arguments = {"Name": "n", "Database": "d", "QueryString": "select 1", "WorkGroup": group}
    query_id = aws.athena.create_named_query(**arguments)["NamedQueryId"]
    assert aws.athena.get_named_query(NamedQueryId=query_id)["NamedQuery"] == {**arguments, "NamedQueryId": query_id}
    aws.athena.update_named_query(NamedQueryId=query_id, Name="m", QueryString="select 2")
    batch = aws.athena.batch_get_named_query(NamedQueryIds=[query_id, "x"])
    assert [query["QueryString"] for query in batch["NamedQueries"]] == ["select 2"]
    assert [entry["NamedQueryId"] for entry in batch["UnprocessedNamedQueryIds"]] == ["x"]
    assert aws.athena.list_named_queries(WorkGroup=group)["NamedQueryIds"] == [query_id]
    aws.athena.delete_named_query(NamedQueryId=query_id)
    assert aws.athena.list_named_queries(WorkGroup=group)["NamedQueryIds"] == []


def test_there_is_one_data_catalog(aws: Clients) -> None:
    assert aws.athena.list_data_catalogs()["DataCatalogsSummary"] == [{"CatalogName": "AwsDataCatalog", "Type": "GLUE"}]
    found = aws.athena.get_data_catalog(Name="awsdatacatalog")["DataCatalog"]
    assert (found["Type"], found["Parameters"]) == ("GLUE", {"catalog-id": "123456789012"})


def test_databases_and_tables_are_glues(aws: Clients, database: str) -> None:
    aws.glue.create_table(
        DatabaseName=database,
        TableInput={
            "Name": "Orders",
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"EXTERNAL": "TRUE"},
            "PartitionKeys": [{"Name": "day", "Type": "date"}],
            "StorageDescriptor": {
                "Columns": [{"Name": "id", "Type": "bigint", "Comment": "key"}],
                "Location": "s3://bucket/orders",
                "SerdeInfo": {"SerializationLibrary": "lib", "Parameters": {"a": "b"}},
            },
        },
    )
    catalog = {"CatalogName": "AwsDataCatalog"}
    names = [entry["Name"] for entry in aws.athena.list_databases(**catalog)["DatabaseList"]]
    assert database in names
    assert aws.athena.get_database(DatabaseName=database, **catalog)["Database"]["Name"] == database
    table = aws.athena.get_table_metadata(DatabaseName=database, TableName="ORDERS", **catalog)["TableMetadata"]
    assert table["Columns"] == [{"Name": "id", "Type": "bigint", "Comment": "key"}]
    assert table["PartitionKeys"] == [{"Name": "day", "Type": "date"}]
    assert table["Parameters"] == {
        "EXTERNAL": "TRUE",
        "location": "s3://bucket/orders",
        "serde.serialization.lib": "lib",
        "serde.param.a": "b",
    }
    listed = aws.athena.list_table_metadata(DatabaseName=database, Expression="ord.*", **catalog)["TableMetadataList"]
    assert listed == [table]
    assert aws.athena.list_table_metadata(DatabaseName=database, Expression="x", **catalog)["TableMetadataList"] == []
    for call in ({"DatabaseName": "nowhere", "TableName": "t"}, {"DatabaseName": database, "TableName": "t"}):
        assert error_of(aws.athena.get_table_metadata, **call, **catalog)[0] == "MetadataException"


def test_tags(aws: Clients, group: str) -> None:
    arn = f"arn:aws:athena:us-east-1:123456789012:workgroup/{group}"
    aws.athena.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    aws.athena.untag_resource(ResourceARN=arn, TagKeys=["a"])
    assert aws.athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    assert error_of(aws.athena.list_tags_for_resource, ResourceARN="x")[0] == "InvalidRequestException"


def test_sts(aws: Clients) -> None:
    assert aws.sts.get_caller_identity()["Account"] == "123456789012"
    role = "arn:aws:iam::123456789012:role/r"
    assumed = aws.sts.assume_role(RoleArn=role, RoleSessionName="s")
    assert assumed["Credentials"]["SecretAccessKey"]
    assert assumed["AssumedRoleUser"]["Arn"] == "arn:aws:sts::123456789012:assumed-role/r/s"
    assert error_of(aws.sts.get_federation_token, Name="ab")[2] == 501
