"""Fifty clients at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError

from local_athena import LocalAthena
from local_athena.stores.open import Stores

from .support import Clients, TinyEngine, error_of
from .test_glue import partition, table_input

CLIENTS = 50


def test_fifty_clients_lose_nothing(aws: Clients, athena: LocalAthena, bucket: str, database: str) -> None:
    aws.glue.create_table(DatabaseName=database, TableInput=table_input("shared", keys=("day", "region")))

    def work(number: int) -> list[str]:
        own = Clients(athena)
        own.s3.put_object(Bucket=bucket, Key=f"own/{number}", Body=str(number).encode())
        own.glue.create_table(DatabaseName=database, TableInput=table_input(f"t{number:02}"))
        own.glue.create_partition(
            DatabaseName=database, TableName="shared", PartitionInput=partition("2024-01-01", str(number))
        )
        query_id = own.run(f"rows {number + 1}", bucket)["QueryExecutionId"]
        rows = own.athena.get_query_results(QueryExecutionId=query_id)["ResultSet"]["Rows"]
        return [row["Data"][0]["VarCharValue"] for row in rows]

    with ThreadPoolExecutor(CLIENTS) as pool:
        results = list(pool.map(work, range(CLIENTS)))
    assert results == [["n", *map(str, range(number + 1))] for number in range(CLIENTS)]
    keys = [entry["Key"] for entry in aws.s3.list_objects_v2(Bucket=bucket, Prefix="own/")["Contents"]]
    assert sorted(keys) == sorted(f"own/{number}" for number in range(CLIENTS))
    tables = aws.glue.get_tables(DatabaseName=database, Expression="t.*")["TableList"]
    assert [table["Name"] for table in tables] == [f"t{number:02}" for number in range(CLIENTS)]
    assert len(aws.glue.get_partitions(DatabaseName=database, TableName="shared")["Partitions"]) == CLIENTS


def test_one_of_many_wins(athena: LocalAthena, aws: Clients, bucket: str, database: str) -> None:
    aws.glue.create_table(DatabaseName=database, TableInput=table_input("t"))
    entry = table_input("t")

    def work(number: int) -> tuple[bool, bool]:
        own = Clients(athena)
        return (
            _works(own.s3.put_object, Bucket=bucket, Key="one", Body=str(number).encode(), IfNoneMatch="*"),
            _works(own.glue.update_table, DatabaseName=database, TableInput=entry, VersionId="0"),
        )

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(work, range(8)))
    assert [sum(column) for column in zip(*results, strict=True)] == [1, 1]


def _works(call: Callable[..., object], **arguments: object) -> bool:
    """Whether a call succeeds; if not, it lost against another one."""
    try:
        call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("PreconditionFailed", "ConcurrentModificationException"):
            raise
        return False
    return True


def test_a_long_statement_holds_nobody_up() -> None:
    def engine(_stores: Stores) -> TinyEngine:
        return TinyEngine()

    with LocalAthena(engine=engine) as server:
        server.create_bucket("bucket")
        aws = Clients(server)
        long = aws.start("wait", "bucket")
        for _ in range(3):
            assert aws.run("rows 1", "bucket")["Status"]["State"] == "SUCCEEDED"
        assert athena_state(aws, long) == "RUNNING"
        aws.athena.stop_query_execution(QueryExecutionId=long)


def test_more_statements_than_workers_wait(athena: LocalAthena, aws: Clients, bucket: str) -> None:
    waiting = [aws.start("wait", bucket) for _ in range(25)]
    states = {athena_state(aws, query_id) for query_id in waiting[20:]}
    assert states == {"QUEUED"}
    for query_id in waiting:
        aws.athena.stop_query_execution(QueryExecutionId=query_id)
    assert {athena_state(aws, query_id) for query_id in waiting} == {"CANCELLED"}
    assert aws.run("rows 1", bucket)["Status"]["State"] == "SUCCEEDED"
    assert athena.calls
    assert error_of(aws.athena.get_query_results, QueryExecutionId=waiting[0])[0] == "InvalidRequestException"


def athena_state(aws: Clients, query_id: str) -> str:
    """State of an execution, without a wait for its end."""
    found = aws.athena.batch_get_query_execution(QueryExecutionIds=[query_id])
    return str(found["QueryExecutions"][0]["Status"]["State"])
