"""Faults as clients see them, and how other processes set them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError

from local_athena import LocalAthena
from local_athena.stores.open import Stores

from .support import Client, Clients, TinyEngine, error_of
from .test_glue import table_input

LOST = (ConnectionClosedError, EndpointConnectionError)


@pytest.fixture
def own() -> Iterator[LocalAthena]:
    """A server of the test's own, because faults strike everybody."""

    def engine(_stores: Stores) -> TinyEngine:
        return TinyEngine()

    with LocalAthena(engine=engine) as server:
        server.create_database("sales")
        server.create_bucket("bucket")
        yield server


@pytest.fixture
def glue(own: LocalAthena) -> Client:
    """A client that tries once."""
    return Clients(own).glue


def _names(glue: Client) -> list[str]:
    return [table["Name"] for table in glue.get_tables(DatabaseName="sales")["TableList"]]


def test_a_connection_is_cut_before_the_effect(own: LocalAthena, glue: Client) -> None:
    with own.faults.during("cut:glue.CreateTable"), pytest.raises(LOST):
        glue.create_table(DatabaseName="sales", TableInput=table_input("t"))
    assert _names(glue) == []


def test_a_connection_is_cut_after_the_effect(own: LocalAthena, glue: Client) -> None:
    with own.faults.during("after:cut:glue.CreateTable"), pytest.raises(LOST):
        glue.create_table(DatabaseName="sales", TableInput=table_input("t"))
    assert _names(glue) == ["t"]
    assert [record.error for record in own.calls if record.operation == "CreateTable"] == ["ConnectionCut"]


def test_an_answer_that_is_an_error_gets_lost_too(own: LocalAthena, glue: Client) -> None:
    with own.faults.during("after:cut:glue.GetTable"), pytest.raises(LOST):
        glue.get_table(DatabaseName="sales", Name="nothing")


def test_a_lost_answer_makes_boto3_create_twice(own: LocalAthena) -> None:
    patient = Clients(own).make("glue", tries=3)
    own.faults.add("after:cut:glue.CreateTable#1")
    code = error_of(patient.create_table, DatabaseName="sales", TableInput=table_input("t"))[0]
    assert code == "AlreadyExistsException", "the second try finds the table of the first"


def test_the_same_statement_starts_once_though_its_answer_is_lost(own: LocalAthena) -> None:
    patient = Clients(own).make("athena", tries=3)
    own.faults.add("after:cut:athena.StartQueryExecution#1")
    patient.start_query_execution(QueryString="rows 1", ResultConfiguration={"OutputLocation": "s3://bucket/"})
    assert len(patient.list_query_executions()["QueryExecutionIds"]) == 1


@pytest.mark.parametrize(
    ("rule", "service", "call", "arguments", "expected"),
    [
        ("throttle:athena.*", "athena", "list_work_groups", {}, ("ThrottlingException", 400)),
        ("throttle:s3.*", "s3", "list_buckets", {}, ("SlowDown", 503)),
        ("fail:athena.*", "athena", "list_work_groups", {}, ("InternalServerException", 500)),
        ("fail:glue.*", "glue", "get_databases", {}, ("InternalServiceException", 500)),
        ("fail:s3.*", "s3", "list_buckets", {}, ("InternalError", 500)),
        ("fail:sts.*", "sts", "get_caller_identity", {}, ("InternalFailure", 500)),
        ("fail(AccessDenied,403):s3.Put*", "s3", "put_object", {"Bucket": "bucket", "Key": "k"}, ("AccessDenied", 403)),
        ("fail(X):lakeformation.*", "lakeformation", "list_lf_tags", {}, ("X", 400)),
    ],
)
def test_each_service_fails_in_its_own_words(
    own: LocalAthena, rule: str, service: str, call: str, arguments: dict[str, Any], expected: tuple[str, int]
) -> None:
    own.faults.add(rule)
    assert error_of(getattr(getattr(Clients(own), service), call), **arguments)[::2] == expected


@pytest.mark.parametrize("code", ["throttle", "fail", "cut"])
def test_boto3_tries_again(own: LocalAthena, code: str) -> None:
    own.faults.add(f"{code}:glue.GetDatabases#1-2")
    assert Clients(own).make("glue", tries=3).get_databases()["DatabaseList"]


def test_a_table_is_seen_wherever_it_stands(own: LocalAthena, glue: Client) -> None:
    aws = Clients(own)
    location = {"OutputLocation": "s3://bucket/"}
    with own.faults.during("fail(X):*.*@sales.orders"):
        refused: list[tuple[Client, dict[str, Any]]] = [
            (glue.create_table, {"DatabaseName": "Sales", "TableInput": table_input("Orders")}),
            (glue.get_table, {"DatabaseName": "sales", "Name": "orders"}),
            (glue.get_partitions, {"DatabaseName": "sales", "TableName": "orders"}),
            (aws.athena.start_query_execution, {"QueryString": 'rows from "sales"."orders"'}),
            (aws.athena.start_query_execution, {"QueryString": "rows from awsdatacatalog.sales.orders"}),
            (
                aws.athena.start_query_execution,
                {"QueryString": "rows from orders", "QueryExecutionContext": {"Database": "sales"}},
            ),
            (aws.s3.put_object, {"Bucket": "bucket", "Key": "tables/sales/orders/1/file"}),
            (aws.s3.put_object, {"Bucket": "bucket", "Key": "database_name=sales/table_name=orders/file"}),
        ]
        for call, arguments in refused:
            assert error_of(call, **arguments)[0] == "X", (call, arguments)
        glue.create_table(DatabaseName="sales", TableInput=table_input("order_lines"))
        aws.athena.start_query_execution(QueryString="rows 1 from stock.orders", ResultConfiguration=location)
        aws.s3.put_object(Bucket="bucket", Key="tables/sales/orders_old/file")


def test_calls_about_a_statement_have_its_tables(own: LocalAthena) -> None:
    aws = Clients(own)
    query_id = aws.start("rows 1 from sales.orders", "bucket")
    own.faults.add("fail(X):athena.GetQueryExecution@sales.orders")
    assert error_of(aws.athena.get_query_execution, QueryExecutionId=query_id)[0] == "X"


@pytest.mark.parametrize(
    ("rule", "state", "reason"),
    [
        ("fail:engine.Run@sales.*", "FAILED", "GENERIC_INTERNAL_ERROR"),
        ("after:fail(HIVE_CURSOR_ERROR):engine.Run", "FAILED", "HIVE_CURSOR_ERROR"),
        ("after:cut:engine.Run", "FAILED", "GENERIC_INTERNAL_ERROR"),
        ("fail:engine.Run@stock.*", "SUCCEEDED", ""),
    ],
)
def test_a_statement_fails_after_it_has_started(own: LocalAthena, rule: str, state: str, reason: str) -> None:
    own.faults.add(rule)
    status = Clients(own).run("show from sales.orders", "bucket")["Status"]
    assert (status["State"], status.get("StateChangeReason", "").partition(":")[0]) == (state, reason)


def test_a_trace_lists_the_calls_of_a_run(own: LocalAthena, glue: Client) -> None:
    with own.faults.trace() as points:
        glue.get_databases()
        glue.create_table(DatabaseName="sales", TableInput=table_input("t"))
        glue.get_databases()
    assert [str(point) for point in points] == ["glue.GetDatabases#1", "glue.CreateTable#1", "glue.GetDatabases#2"]


def test_a_crash_inside_of_a_process_ends_all_answers(own: LocalAthena, glue: Client) -> None:
    own.faults.add("crash:glue.GetDatabases#2")
    glue.get_databases()
    with pytest.raises(LOST):
        glue.get_databases()
    with pytest.raises(LOST):
        glue.get_databases()


def test_a_client_is_killed(own: LocalAthena, glue: Client) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as victim:
        own.faults.add(f"after:kill({victim.pid}):glue.GetDatabases")
        with pytest.raises(LOST):
            glue.get_databases()
        assert victim.wait() == -9


def _private(server: LocalAthena, method: str, path: str, body: str | None = None) -> tuple[int, Any]:
    connection = HTTPConnection(server.url.removeprefix("http://"), timeout=10)
    connection.request(method, f"/_local_athena/{path}", body)
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def test_another_process_sets_faults(own: LocalAthena, glue: Client) -> None:
    assert _private(own, "GET", "health") == (200, {"status": "ready"})
    added = _private(own, "POST", "faults", json.dumps({"faults": ["fail(X):glue.GetDatabases#1"]}))
    rule = "before:fail(X,400):glue.GetDatabases#1"
    assert added == (200, {"faults": [{"rule": rule, "matched": 0, "struck": 0}]})
    assert error_of(glue.get_databases)[0] == "X"
    assert _private(own, "GET", "faults")[1]["faults"] == [{"rule": rule, "matched": 1, "struck": 1}]
    assert _private(own, "DELETE", "faults") == (200, {"faults": []})
    calls = _private(own, "GET", "calls")[1]["calls"]
    assert [(call["operation"], call["error"]) for call in calls] == [("GetDatabases", "X")]
    assert _private(own, "GET", "calls?from=1") == (200, {"calls": []})


@pytest.mark.parametrize("body", ['{"faults": ["fail:glue.*", "nonsense"]}', "[]", "{}", '{"faults": "x"}', "x"])
def test_bad_faults_are_refused_whole(own: LocalAthena, body: str) -> None:
    status, answer = _private(own, "POST", "faults", body)
    assert status == 400
    assert answer["error"]
    assert own.faults.active == []


def test_unknown_paths_are_refused(own: LocalAthena) -> None:
    status, answer = _private(own, "GET", "nothing")
    assert status == 404
    assert "GET /_local_athena/health" in answer["error"]
