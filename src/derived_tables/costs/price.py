"""What Athena charges for a statement.

Source: https://aws.amazon.com/athena/pricing/: bytes scanned, rounded up to the next megabyte, with a minimum of 10 MB
a query; nothing for DDL, for statements that manage partitions, and for queries that failed; what a query had scanned
when it was cancelled; nothing by scan on provisioned capacity. AWS does not say how large a megabyte is: the smaller
one, of 1,000,000 bytes, never gives too low a price.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from derived_tables.errors import must_be
from derived_tables.warehouse.executions import Execution

_MB = 10**6
_LEAST = 10 * _MB
_TB = 10**12
#: The one statement that Athena may call DDL and that reads data.
_READS = ("", "CREATE_TABLE_AS_SELECT")
#: USD, in most regions.
_DEFAULT = "5.00"


def price_per_tb(variables: Mapping[str, Any]) -> Decimal:
    """Var `price_per_tb`, in USD.

    Raises:
        RefusedError: it is no price.
    """
    given = variables.get("price_per_tb", _DEFAULT)
    try:
        price = Decimal(str(given))
    except InvalidOperation:
        price = Decimal("NaN")
    if isinstance(given, bool) or not price.is_finite() or price < 0:
        raise must_be("var `price_per_tb`", "a number of USD, 0 or more", given, "Write e.g. `price_per_tb: 5.00`.")
    return price


def billed_bytes(execution: Execution) -> int:
    """The bytes that Athena charges for a statement."""
    is_free = execution.state == "FAILED" or (execution.kind == "DDL" and execution.what not in _READS)
    if is_free or execution.scanned == 0 or execution.is_reused or execution.capacity is not None:
        return 0
    return max(_LEAST, -(-execution.scanned // _MB) * _MB)


def price(billed: int, per_tb: Decimal) -> Decimal:
    """USD for bytes that are charged."""
    return per_tb * billed / _TB
