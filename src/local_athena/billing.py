"""What a Parquet or ORC file costs to read: what is stored of the touched columns, as Athena counts it.

Row groups of Parquet and stripes of ORC whose statistics exclude every row are not read; smaller parts (pages, ORC's
groups of 10,000 rows) are read with the whole. The footer is not counted: Athena reports no bytes for a `count(*)`,
although it reads footers then. The minimum of 10 MB a query is a matter of the price, not of the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq

from local_athena.dialect.plan import Predicate


@dataclass(frozen=True)
class Chunk:
    """A column of a row group, or of a stripe.

    Attributes:
        size: its compressed bytes, of all leaves together.
        rows: rows of the group.
        low: smallest value; None if it is not known.
        high: greatest value; None if it is not known.
        nulls: number of nulls; None if it is not known.
    """

    size: int
    rows: int
    low: Any = None
    high: Any = None
    nulls: int | None = None


RowGroup = Mapping[str, Chunk]


def row_groups(metadata: pq.FileMetaData) -> tuple[RowGroup, ...]:
    """The row groups of a file, by the names of their columns in lower case."""
    return tuple(_row_group(metadata.row_group(number)) for number in range(metadata.num_row_groups))


def scanned_bytes(
    groups: Sequence[RowGroup], columns: Collection[str], predicates: Sequence[Predicate], names: Mapping[str, str]
) -> int:
    """What reading the columns costs.

    Args:
        groups: of the file.
        columns: names of its columns, in lower case.
        predicates: conjuncts of the condition; those on other columns do not count.
        names: name in the file of the column that a predicate names.
    """
    applicable = [(predicate, names[predicate.column]) for predicate in predicates if predicate.column in names]
    return sum(
        sum(group[name].size for name in columns if name in group)
        for group in groups
        if all(_may_hold(group.get(name), predicate) for predicate, name in applicable)
    )


def _row_group(found: Any) -> RowGroup:
    chunks: dict[str, Chunk] = {}
    for number in range(found.num_columns):
        leaf = found.column(number)
        path: str = leaf.path_in_schema
        name = path.partition(".")[0].lower()
        statistics = leaf.statistics if "." not in path else None
        if name in chunks:
            chunks[name] = Chunk(chunks[name].size + leaf.total_compressed_size, found.num_rows)
            continue
        size, rows = leaf.total_compressed_size, found.num_rows
        if statistics is None:
            chunks[name] = Chunk(size, rows)
            continue
        low, high = (statistics.min, statistics.max) if statistics.has_min_max else (None, None)
        chunks[name] = Chunk(size, rows, low, high, statistics.null_count if statistics.has_null_count else None)
    return chunks


_COMPARISONS: Mapping[str, Callable[[Any, Any, Any], bool]] = {
    "=": lambda low, high, value: low <= value <= high,
    "<": lambda low, _, value: low < value,
    "<=": lambda low, _, value: low <= value,
    ">": lambda _, high, value: high > value,
    ">=": lambda _, high, value: high >= value,
    "<>": lambda low, high, value: not low == high == value,
}


def _may_hold(chunk: Chunk | None, predicate: Predicate) -> bool:
    """Whether the condition may hold for a row of the group; what is not known may."""
    if chunk is None:
        return True
    if predicate.operator == "is null":
        return chunk.nulls != 0
    if chunk.nulls is not None and chunk.nulls == chunk.rows:
        return False
    compare = _COMPARISONS.get("=" if predicate.operator == "in" else predicate.operator)
    if compare is None or chunk.low is None or chunk.high is None:
        return True
    try:
        return any(compare(chunk.low, chunk.high, value) for value in predicate.values)
    except TypeError:
        return True
