"""The log of calls and statements."""

from __future__ import annotations

import json
from pathlib import Path

from local_athena import LocalAthena
from local_athena.stores.open import Stores

from .support import Clients, TinyEngine, error_of


def test_calls_and_statements_are_written_down(tmp_path: Path) -> None:
    def engine(_stores: Stores) -> TinyEngine:
        return TinyEngine()

    file = tmp_path / "log"
    with LocalAthena(log=file, engine=engine) as server:
        server.create_bucket("bucket")
        aws = Clients(server)
        query_id = aws.run("scan 12", "bucket")["QueryExecutionId"]
        error_of(aws.glue.get_table, DatabaseName="Sales", Name="Orders")
        error_of(aws.s3.head_object, Bucket="bucket", Key="missing")
        records = server.calls
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [json.loads(record.line()) for record in records] == lines
    by_operation = {line["operation"]: line for line in lines}
    assert list(by_operation) == ["StartQueryExecution", "Execution", "GetQueryExecution", "GetTable", "HeadObject"]
    execution = by_operation["Execution"]
    assert {key: execution[key] for key in ("statement", "query_id", "state", "scanned_bytes", "rows")} == {
        "statement": "scan 12",
        "query_id": query_id,
        "state": "SUCCEEDED",
        "scanned_bytes": 12,
        "rows": 1,
    }
    assert by_operation["StartQueryExecution"]["query_id"] == by_operation["GetQueryExecution"]["query_id"] == query_id
    table = by_operation["GetTable"]
    assert (table["service"], table["tables"], table["error"], table["status"]) == (
        "glue",
        ["sales.orders"],
        "EntityNotFoundException",
        400,
    )
    assert (by_operation["HeadObject"]["status"], by_operation["HeadObject"]["error"]) == (404, "404")
    assert all(line["time"].endswith("Z") and line["duration_ms"] >= 0 for line in lines)


def test_a_failed_statement_is_written_down_before_it_can_be_seen(
    aws: Clients, athena: LocalAthena, bucket: str
) -> None:
    query_id = aws.run("fail X words from sales.orders", bucket)["QueryExecutionId"]
    (record,) = [record for record in athena.calls if record.query_id == query_id and record.operation == "Execution"]
    assert (record.state, record.error, record.tables) == ("FAILED", "X", ("sales.orders",))
