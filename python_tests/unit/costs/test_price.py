"""What Athena charges; expected values are worked out by hand from AWS's price list."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from derived_tables.costs.price import billed_bytes, price, price_per_tb
from derived_tables.errors import RefusedError
from derived_tables.warehouse.executions import Execution, described

NOW = datetime(2024, 1, 31, tzinfo=timezone.utc)
MB = 1_000_000


def execution(scanned: int, **changes: Any) -> Execution:
    """A query that has scanned some bytes."""
    given = {"state": "SUCCEEDED", "kind": "DML", "what": "SELECT", **changes}
    return Execution("id", "select 1", scanned=scanned, seconds=1.0, submitted=NOW, **given)


@pytest.mark.parametrize(
    ("scanned", "billed"),
    [
        (0, 0),
        (1, 10 * MB),
        (10 * MB, 10 * MB),
        (10 * MB + 1, 11 * MB),
        (11 * MB, 11 * MB),
        (3 * 10**12, 3 * 10**12),
    ],
)
def test_megabytes_are_begun_ones_and_at_least_ten(scanned: int, billed: int) -> None:
    assert billed_bytes(execution(scanned)) == billed


@pytest.mark.parametrize(
    ("changes", "billed"),
    [
        ({"state": "FAILED"}, 0),
        ({"state": "CANCELLED"}, 20 * MB),
        ({"state": "RUNNING"}, 20 * MB),
        ({"kind": "DDL", "what": "ALTER_TABLE_ADD_PARTITION"}, 0),
        ({"kind": "DDL", "what": "CREATE_TABLE_AS_SELECT"}, 20 * MB),
        ({"kind": "DDL", "what": ""}, 20 * MB),
        ({"kind": "UTILITY", "what": "EXPLAIN"}, 20 * MB),
        ({"is_reused": True}, 0),
        ({"capacity": 4.0}, 0),
    ],
    ids=["failed", "cancelled", "running", "DDL", "CTAS", "unnamed", "EXPLAIN ANALYZE", "reused", "capacity"],
)
def test_what_is_charged(changes: dict[str, Any], billed: int) -> None:
    assert billed_bytes(execution(20 * MB, **changes)) == billed


def test_price_of_three_terabytes_is_that_of_the_price_list() -> None:
    assert price(3 * 10**12, Decimal(5)) == Decimal(15)
    assert price(10 * MB, Decimal(5)) == Decimal("0.00005")


@pytest.mark.parametrize(
    ("given", "expected"), [({}, "5.00"), ({"price_per_tb": 6.25}, "6.25"), ({"price_per_tb": 0}, "0")]
)
def test_price_of_a_terabyte(given: dict[str, Any], expected: str) -> None:
    assert price_per_tb(given) == Decimal(expected)


@pytest.mark.parametrize("given", ["dear", -1, True, "nan", None, [5]])
def test_no_price(given: object) -> None:
    with pytest.raises(RefusedError, match="var `price_per_tb` must be a number of USD, 0 or more, got "):
        price_per_tb({"price_per_tb": given})


def test_what_athena_says_of_reuse_and_capacity() -> None:
    """As the API reference of GetQueryExecution has it; the local Athena has neither."""
    found = described(
        {
            "QueryExecutionId": "id",
            "Query": "select 1",
            "StatementType": "DML",
            "SubstatementType": "SELECT",
            "Status": {"State": "SUCCEEDED", "SubmissionDateTime": NOW},
            "Statistics": {
                "DataScannedInBytes": 7,
                "TotalExecutionTimeInMillis": 1500,
                "DpuCount": 4.0,
                "ResultReuseInformation": {"ReusedPreviousResult": True},
            },
        }
    )
    assert found == Execution("id", "select 1", "SUCCEEDED", "DML", "SELECT", 7, 1.5, NOW, True, 4.0)
    queued = described({"QueryExecutionId": "id", "Status": {"State": "QUEUED", "SubmissionDateTime": NOW}})
    assert (queued.scanned, queued.is_reused, queued.capacity, queued.has_ended) == (0, False, None, False)
