"""What Athena remembers of executions; the local Athena answers."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import boto3
import pytest

from derived_tables.warehouse.aws import Service
from derived_tables.warehouse.executions import Executions
from local_athena import LocalAthena

GROUP = "remembers"


@pytest.fixture(scope="module")
def client(local_athena: LocalAthena) -> Any:
    """Athena, with a work group of this module's own."""
    make: Any = boto3.client
    athena = make("athena", endpoint_url=local_athena.url, region_name="eu-west-1")
    local_athena.create_bucket(GROUP)
    athena.create_work_group(Name=GROUP, Configuration={"ResultConfiguration": {"OutputLocation": f"s3://{GROUP}/"}})
    return athena


def run(client: Any, sql: str) -> str:
    started = client.start_query_execution(QueryString=sql, WorkGroup=GROUP)
    client.get_query_execution(QueryExecutionId=started["QueryExecutionId"])  # waits for its end
    return str(started["QueryExecutionId"])


def test_executions_in_batches_and_since_a_moment(client: Any) -> None:
    executions = Executions(Service(client, "Athena"), GROUP)
    early = [run(client, f"select {number}") for number in range(60)]
    moment = datetime.now(timezone.utc)
    late = [run(client, f"select {number}") for number in range(60, 70)]

    batches = list(executions.batches([*early, *late, "11111111-2222-3333-4444-555555555555"]))
    assert [len(batch) for batch in batches] == [50, 20]
    assert [each.id for batch in batches for each in batch] == [*early, *late]
    assert {(each.state, each.kind, each.what) for batch in batches for each in batch} == {
        ("SUCCEEDED", "DML", "SELECT")
    }
    assert [each.id for each in executions.since(moment)] == late[::-1]
    assert list(executions.batches([])) == []


def test_what_runs_where_no_work_group_is_named(client: Any) -> None:
    moment = datetime.now(timezone.utc)
    run(client, "select 1")
    assert list(Executions(Service(client, "Athena"), None).since(moment)) == []
