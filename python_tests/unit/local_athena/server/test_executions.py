"""StartQueryExecution to the end of an execution."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from local_athena import LocalAthena

from .support import Clients, TinyEngine, error_of

NO_LOCATION = (
    "No output location provided. An output location is required either through the Workgroup result configuration "
    "setting or as an API input."
)


def test_a_query_succeeds(aws: Clients, bucket: str, engine: TinyEngine) -> None:
    described = aws.run(
        "rows 2",
        bucket,
        QueryExecutionContext={"Database": "sales", "Catalog": "AwsDataCatalog"},
        ExecutionParameters=["1", "'x'"],
    )
    assert described["Status"]["State"] == "SUCCEEDED"
    assert described["StatementType"] == "DML"
    assert described["SubstatementType"] == "SELECT"
    assert described["QueryExecutionContext"] == {"Database": "sales", "Catalog": "awsdatacatalog"}
    assert described["ExecutionParameters"] == ["1", "'x'"]
    assert described["WorkGroup"] == "primary"
    assert described["EngineVersion"]["EffectiveEngineVersion"] == "Athena engine version 3"
    query_id = described["QueryExecutionId"]
    assert described["ResultConfiguration"] == {"OutputLocation": f"s3://{bucket}/results/{query_id}.csv"}
    assert described["Statistics"]["DataScannedInBytes"] == 0
    assert (
        described["Statistics"]["TotalExecutionTimeInMillis"] >= described["Statistics"]["EngineExecutionTimeInMillis"]
    )
    request = next(request for request in engine.requests if request.query_id == query_id)
    assert (request.database, request.parameters) == ("sales", ("1", "'x'"))
    assert request.output_location == f"s3://{bucket}/results/"


def test_the_result_of_a_query_lies_in_s3(aws: Clients, bucket: str) -> None:
    location = aws.run("rows 2", bucket)["ResultConfiguration"]["OutputLocation"]
    assert aws.content(location) == '"n","text"\n"0","row ""0"""\n"1","row ""1"""\n'
    assert aws.content(f"{location}.metadata")


def test_null_differs_from_the_empty_text(aws: Clients, bucket: str) -> None:
    described = aws.run("null", bucket)
    assert aws.content(described["ResultConfiguration"]["OutputLocation"]) == '"a","b"\n,""\n'
    rows = aws.athena.get_query_results(QueryExecutionId=described["QueryExecutionId"])["ResultSet"]["Rows"]
    assert rows[1] == {"Data": [{}, {"VarCharValue": ""}]}


def test_ddl_leaves_a_text_without_a_header(aws: Clients, bucket: str) -> None:
    described = aws.run("show a b", bucket)
    location = described["ResultConfiguration"]["OutputLocation"]
    assert described["StatementType"] == "DDL"
    assert location.endswith(f"{described['QueryExecutionId']}.txt")
    assert aws.content(location) == "a\nb\n"
    results = aws.athena.get_query_results(QueryExecutionId=described["QueryExecutionId"])
    assert [row["Data"][0]["VarCharValue"] for row in results["ResultSet"]["Rows"]] == ["a", "b"]
    assert results["ResultSet"]["ResultSetMetadata"]["ColumnInfo"][0]["Type"] == "string"


def test_ctas_leaves_a_manifest_and_counts_rows(aws: Clients, bucket: str) -> None:
    described = aws.run("write 7", bucket)
    query_id = described["QueryExecutionId"]
    manifest = described["Statistics"]["DataManifestLocation"]
    assert manifest == f"s3://{bucket}/results/tables/{query_id}-manifest.csv"
    assert aws.content(manifest) == f"s3://{bucket}/results/tables/{query_id}/part\n"
    results = aws.athena.get_query_results(QueryExecutionId=query_id)
    assert results["UpdateCount"] == 7
    assert results["ResultSet"]["Rows"] == []


def test_a_statement_fails_with_its_error(aws: Clients, bucket: str) -> None:
    described = aws.run("fail TABLE_NOT_FOUND line 1:1: no such table", bucket)
    assert described["Status"]["State"] == "FAILED"
    assert described["Status"]["StateChangeReason"] == "TABLE_NOT_FOUND: line 1:1: no such table"
    assert described["Status"]["AthenaError"]["ErrorCategory"] == 2
    assert described["Status"]["AthenaError"]["Retryable"] is False
    code, message, status = error_of(aws.athena.get_query_results, QueryExecutionId=described["QueryExecutionId"])
    assert (code, status) == ("InvalidRequestException", 400)
    assert message == "Query did not finish successfully. Final query state: FAILED"


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("drop table t", ("DDL", "DROP_TABLE")),
        ("create nonsense", ("DDL", None)),
        ("explain nonsense", ("UTILITY", "EXPLAIN")),
        ("fail nonsense", ("DML", None)),
    ],
)
def test_a_statement_that_fails_has_its_type(
    statement: str, kind: tuple[str, str | None], aws: Clients, bucket: str
) -> None:
    described = aws.run(statement, bucket)
    assert described["Status"]["State"] == "FAILED"
    assert (described["StatementType"], described.get("SubstatementType")) == kind


def test_a_running_statement_has_its_type(aws: Clients, bucket: str) -> None:
    query_id = aws.start("delete from t", bucket)
    (described,) = aws.athena.batch_get_query_execution(QueryExecutionIds=[query_id])["QueryExecutions"]
    assert described["Status"]["State"] in ("QUEUED", "RUNNING")
    assert (described["StatementType"], described["SubstatementType"]) == ("DML", "DELETE")
    aws.athena.stop_query_execution(QueryExecutionId=query_id)


@pytest.mark.parametrize(
    ("statement", "error_type"),
    [("fail TABLE_NOT_FOUND t", 1000), ("fail ICEBERG_COMMIT_ERROR t", 233), ("break", 200)],
)
def test_errors_have_the_types_of_the_error_catalog(statement: str, error_type: int, aws: Clients, bucket: str) -> None:
    # Source: https://docs.aws.amazon.com/athena/latest/ug/error-reference.html
    assert aws.run(statement, bucket)["Status"]["AthenaError"]["ErrorType"] == error_type


def test_a_query_that_fails_late_leaves_nothing(aws: Clients, athena: LocalAthena, bucket: str) -> None:
    described = aws.run("stumble 2500", bucket)
    assert described["Status"]["StateChangeReason"] == "DIVISION_BY_ZERO: Division by zero"
    assert list(athena.stores.objects.under(bucket, "")) == []
    assert list(athena.stores.objects.scratch.glob(f"{described['QueryExecutionId']}*")) == []


def test_a_mistake_of_the_engine_ends_the_statement(aws: Clients, bucket: str) -> None:
    status = aws.run("break", bucket)["Status"]
    assert status["StateChangeReason"] == "GENERIC_INTERNAL_ERROR: ZeroDivisionError('a mistake')"
    assert status["AthenaError"]["ErrorCategory"] == 1


def test_a_running_statement_is_cancelled(aws: Clients, bucket: str) -> None:
    query_id = aws.start("wait", bucket)
    message = error_of(aws.athena.get_query_results, QueryExecutionId=query_id)[1]
    assert message.startswith("Query has not yet finished. Current state: ")
    aws.athena.stop_query_execution(QueryExecutionId=query_id)
    status = aws.athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]["Status"]
    assert status["State"] == "CANCELLED"
    assert status["StateChangeReason"] == "Query cancelled by user"
    aws.athena.stop_query_execution(QueryExecutionId=query_id)  # nothing happens


def test_the_same_token_starts_one_execution(aws: Clients, bucket: str) -> None:
    token = str(uuid.uuid4())
    first = aws.start("rows 1", bucket, ClientRequestToken=token)
    assert aws.start("rows 1", bucket, ClientRequestToken=token) == first
    code, message, _ = error_of(aws.start, sql="rows 2", bucket=bucket, ClientRequestToken=token)
    assert (code, message) == ("InvalidRequestException", "Idempotent parameters do not match")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"ResultConfiguration": {}}, NO_LOCATION),
        (
            {"ResultConfiguration": {"OutputLocation": "s3://no-such-bucket/x"}},
            "Unable to verify/create output bucket no-such-bucket",
        ),
        ({"ResultConfiguration": {"OutputLocation": "bucket/x"}}, "outputLocation is not a valid S3 path."),
        ({"WorkGroup": "nobody"}, "WorkGroup is not found."),
        ({"QueryExecutionContext": {"Catalog": "other"}}, "Data Catalog other is not supported by the local Athena."),
    ],
)
def test_a_bad_request_is_refused(aws: Clients, bucket: str, options: dict[str, Any], expected: str) -> None:
    assert error_of(aws.start, sql="rows 1", bucket=bucket, **options) == ("InvalidRequestException", expected, 400)


def test_an_empty_statement_is_refused(aws: Clients, bucket: str) -> None:
    code, message, _ = error_of(aws.start, sql=" \n", bucket=bucket)
    assert code == "InvalidRequestException"
    assert message.endswith("Member must have length greater than or equal to 1")


def test_a_statement_has_at_most_262144_bytes(aws: Clients, bucket: str) -> None:
    longest = "rows 1" + " " * (262_144 - 6)
    assert aws.run(longest, bucket)["Status"]["State"] == "SUCCEEDED"
    for sql in (longest + " ", "rows 1" + "é" * 131_070):
        code, message, _ = error_of(aws.start, sql=sql, bucket=bucket)
        assert code == "InvalidRequestException"
        assert message.endswith(
            "at 'queryString' failed to satisfy constraint: Member must have length less than or equal to 262144"
        )


@pytest.mark.parametrize("call", ["get_query_execution", "stop_query_execution", "get_query_results"])
def test_an_unknown_execution_is_not_found(aws: Clients, call: str) -> None:
    expected = ("InvalidRequestException", "QueryExecution x was not found", 400)
    assert error_of(getattr(aws.athena, call), QueryExecutionId="x") == expected


def test_executions_are_described_in_batches(aws: Clients, bucket: str) -> None:
    query_id = aws.start("rows 1", bucket)
    found = aws.athena.batch_get_query_execution(QueryExecutionIds=[query_id, "x"])
    assert [execution["QueryExecutionId"] for execution in found["QueryExecutions"]] == [query_id]
    assert [entry["QueryExecutionId"] for entry in found["UnprocessedQueryExecutionIds"]] == ["x"]


def test_executions_are_listed_newest_first(aws: Clients, bucket: str) -> None:
    group = f"group-{bucket}"
    aws.athena.create_work_group(Name=group)
    aws.athena.update_work_group(WorkGroup=group, ConfigurationUpdates={"EnforceWorkGroupConfiguration": False})
    ids = [aws.start("rows 1", bucket, WorkGroup=group) for _ in range(3)]
    first = aws.athena.list_query_executions(WorkGroup=group, MaxResults=2)
    rest = aws.athena.list_query_executions(WorkGroup=group, MaxResults=2, NextToken=first["NextToken"])
    assert first["QueryExecutionIds"] + rest["QueryExecutionIds"] == ids[::-1]
    assert "NextToken" not in rest


def test_results_come_in_pages(aws: Clients, bucket: str) -> None:
    query_id = aws.run("rows 2500", bucket)["QueryExecutionId"]
    pages = list(aws.athena.get_paginator("get_query_results").paginate(QueryExecutionId=query_id))
    rows = [row["Data"][0]["VarCharValue"] for page in pages for row in page["ResultSet"]["Rows"]]
    assert [len(page["ResultSet"]["Rows"]) for page in pages] == [1000, 1000, 501]
    assert rows == ["n", *map(str, range(2500))]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"MaxResults": 1001}, "MaxResults is more than maximum allowed length 1000"),
        ({"NextToken": "nonsense"}, "The NextToken is not one of this query."),
    ],
)
def test_a_bad_page_is_refused(aws: Clients, bucket: str, options: dict[str, Any], expected: str) -> None:
    query_id = aws.run("rows 1", bucket)["QueryExecutionId"]
    assert error_of(aws.athena.get_query_results, QueryExecutionId=query_id, **options)[1] == expected


def test_runtime_statistics(aws: Clients, bucket: str) -> None:
    query_id = aws.run("scan 12", bucket)["QueryExecutionId"]
    found = aws.athena.get_query_runtime_statistics(QueryExecutionId=query_id)["QueryRuntimeStatistics"]
    assert found["Rows"] == {"InputBytes": 12, "OutputRows": 1}


def test_every_region_sees_the_same(aws: Clients, bucket: str, database: str) -> None:
    query_id = aws.start("rows 1", bucket)
    elsewhere = aws.make("athena", region="eu-west-1")
    assert elsewhere.get_query_execution(QueryExecutionId=query_id)
    assert aws.make("glue", region="ap-southeast-2").get_database(Name=database)
    assert aws.make("s3", region="eu-central-1").head_bucket(Bucket=bucket)


def test_calls_that_are_not_emulated_are_refused_at_once(athena: LocalAthena) -> None:
    client = Clients(athena).make("athena", tries=5)
    code, message, status = error_of(client.start_session, WorkGroup="w", EngineConfiguration={"MaxConcurrentDpus": 4})
    assert (code, status) == ("NotImplementedException", 501)
    assert message == "The local Athena does not implement Athena StartSession."
    assert [record.status for record in athena.calls if record.operation == "StartSession"] == [501]
    assert error_of(Clients(athena).make("dynamodb", tries=5).list_tables)[2] == 501
