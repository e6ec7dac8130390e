"""Connects to the database of a target."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from derived_tables.errors import must_be
from derived_tables.project.target import Target
from derived_tables.warehouse.interface import Warehouse


@contextmanager
def connected(target: Target, *, writes: bool = False) -> Iterator[Warehouse]:
    """The database of a target, as long as the block runs.

    Args:
        target: the target.
        writes: whether it is to be changed.

    Raises:
        RefusedError: its adapter is not supported.
        WarehouseError: it cannot be reached.
    """
    warehouse = _open(target, writes)
    try:
        yield warehouse
    finally:
        warehouse.close()


def _open(target: Target, writes: bool) -> Warehouse:
    # Each adapter is an extra: its libraries may be missing.
    if target.type == "athena":
        from derived_tables.warehouse.athena import Athena  # noqa: PLC0415

        return Athena(target)
    if target.type == "duckdb":
        from derived_tables.warehouse.duckdb import DuckDB  # noqa: PLC0415

        return DuckDB(target, writes=writes)
    raise must_be(f"the adapter of the target `{target.name}`", "`athena` or `duckdb`", target.type, "Use another one.")
