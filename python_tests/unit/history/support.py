"""Records for tests."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from derived_tables.history.records import Record

DAYS = [datetime(2024, 1, day, 12, 0, 0, 123456, tzinfo=timezone.utc) for day in range(1, 10)]


def record(**changes: Any) -> Record:
    """What became of a test in a run."""
    given: dict[str, Any] = {
        "invocation": "11111111-0000-4000-8000-000000000000",
        "command": "build",
        "target": "dev",
        "ended": DAYS[0],
        "node": "test.shop.unique",
        "assertion": "",
        "status": "pass",
        "failures": 0,
        "rows": None,
        "seconds": 0.1,
        "statements": 1,
        "scanned": 2**40,
        "price": 0.00005,
        "is_priced": True,
        **changes,
    }
    return Record(**given)
