"""Maintains Iceberg tables: OPTIMIZE and VACUUM, until Athena has no more to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from derived_tables.relation import Relation
from derived_tables.snapshots.tables import SnapshotTable
from derived_tables.warehouse.interface import Warehouse, WarehouseError

#: How often one statement is run again because Athena says that there is more to do.
_RUNS = 1000


@dataclass(frozen=True)
class Files:
    """What OPTIMIZE has to do.

    Attributes:
        data: number of data files.
        deletes: number of delete files.
    """

    data: int
    deletes: int


@dataclass(frozen=True)
class History:
    """What VACUUM has to do.

    Attributes:
        states: number of states (snapshots, in Iceberg's word) that the table keeps.
        oldest: when the oldest one was written, in UTC; None if there is none.
        keeps_days: for how long states are kept.
    """

    states: int
    oldest: datetime | None
    keeps_days: float


def look_at_files(warehouse: Warehouse, table: SnapshotTable) -> Files:
    """Counts the files of an Iceberg table; scans nothing."""
    listed = table.table.relation.beside(f"{table.table.relation.identifier}$files")
    [(data, deletes)] = warehouse.query(f"select count_if(content = 0), count_if(content > 0) from {listed}")
    return Files(int(data), int(deletes))


def look_at_history(warehouse: Warehouse, table: SnapshotTable) -> History:
    """Counts the states of an Iceberg table; scans nothing."""
    listed = table.table.relation.beside(f"{table.table.relation.identifier}$snapshots")
    [(states, oldest)] = warehouse.query(f"select count(*), cast(min(committed_at) as timestamp) from {listed}")
    seconds = float(table.table.parameters.get("vacuum_max_snapshot_age_seconds", 432000))
    return History(int(states), oldest and oldest.replace(tzinfo=timezone.utc), seconds / 86400)


def optimize(warehouse: Warehouse, relation: Relation, where: str | None = None) -> None:
    """Compacts the files of an Iceberg table and applies its deletes.

    Args:
        warehouse: Athena.
        relation: the table.
        where: a condition on its partition columns.
    """
    condition = f" where {where}" if where else ""
    _run_to_the_end(warehouse, f"optimize {_plain(relation)} rewrite data using bin_pack{condition}", "OPTIMIZE")


def vacuum(warehouse: Warehouse, relation: Relation) -> None:
    """Deletes the files of an Iceberg table that its history no longer needs."""
    _run_to_the_end(warehouse, f"vacuum {_plain(relation)}", "VACUUM")


def _run_to_the_end(warehouse: Warehouse, sql: str, word: str) -> None:
    for _ in range(_RUNS):
        if _is_done(warehouse, sql, word):
            return
    raise WarehouseError(f"Athena was asked {_RUNS} times and still has more to do: {sql}")


def _is_done(warehouse: Warehouse, sql: str, word: str) -> bool:
    try:
        warehouse.execute(sql)
    except WarehouseError as error:
        if f"ICEBERG_{word}_MORE_RUNS_NEEDED" in str(error):
            return False
        raise
    return True


def _plain(relation: Relation) -> str:
    """As dbt-athena names it in these statements: without quotes."""
    return f"{relation.database}.{relation.schema}.{relation.identifier}"
