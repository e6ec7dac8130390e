"""What the last runs say together: what fails, since when, and what cannot make up its mind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from derived_tables.history.records import Record

#: Statuses of what has worked, and of what has not run. All others are failures, also warnings: rows failed.
_PASSED, _SILENT = ("success", "pass"), ("", "skipped", "no-op")


@dataclass(frozen=True)
class Summary:
    """What the last runs say of a node or an assertion.

    Attributes:
        last: the newest record.
        failing_since: when the run ended with which it began to fail; None if it does not fail.
        flips: how often it failed after it had worked, or worked after it had failed.
        runs: in how many runs it was.
        price: USD of all these runs together; None if none is known.
    """

    last: Record
    failing_since: datetime | None
    flips: int
    runs: int
    price: float | None


def summarized(records: Iterable[Record]) -> list[Summary]:
    """What records say of each node and assertion: what fails first, the oldest failure above; then by name.

    Args:
        records: those of any number of runs, in any order.
    """
    found: dict[tuple[str, str], list[Record]] = {}
    for record in sorted(records, key=lambda each: each.ended):
        found.setdefault((record.node, record.assertion), []).append(record)
    summaries = [_summary(each) for (node, _), each in found.items() if node]
    return sorted(summaries, key=_order)


def has_failed(record: Record) -> bool | None:
    """Whether a node or an assertion failed; None if it did not run."""
    return None if record.status in _SILENT else record.status not in _PASSED


def _summary(records: Sequence[Record]) -> Summary:
    told = [record for record in records if has_failed(record) is not None]
    since: datetime | None = None
    for record in told:
        since = (since or record.ended) if has_failed(record) else None
    prices = [record.price for record in records if record.price is not None]
    return Summary(
        last=records[-1],
        failing_since=since,
        flips=sum(has_failed(one) != has_failed(other) for one, other in pairwise(told)),
        runs=len(told),
        price=sum(prices) if prices else None,
    )


def _order(summary: Summary) -> tuple[bool, float, str, str]:
    since = summary.failing_since
    return (since is None, since.timestamp() if since else 0.0, summary.last.node, summary.last.assertion)
