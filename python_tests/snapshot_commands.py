"""The commands on snapshots below their command line: a project is parsed once, each call costs its own work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from derived_tables.project.project import Options, Project, Selection, open_project
from derived_tables.snapshots.cleaning import clean
from derived_tables.snapshots.compact import Compaction, compact, plan_compaction
from derived_tables.snapshots.contents import Snapshot, read_snapshots
from derived_tables.snapshots.drop import Drop, Wanted, drop, plan_drop
from derived_tables.snapshots.tables import SnapshotTable, find_tables
from derived_tables.warehouse.connect import connected
from derived_tables.warehouse.interface import Warehouse
from derived_tables.warehouse.lake import Lake
from derived_tables.warehouse.live import Occupied, other_environments


@dataclass(frozen=True)
class Commands:
    """What the verbs `list`, `drop` and `compact` do, for tables of the models `orders__<table>`.

    Attributes:
        path: the folder of the project, installed.
        target: None for its default.
        said: the remarks of all calls.
    """

    path: Path
    target: str | None = None
    said: list[str] = field(default_factory=list)

    @cached_property
    def project(self) -> Project:
        return open_project(Options(self.path, self.path, self.target))

    @cached_property
    def selection(self) -> Selection:
        """All models; parsed once."""
        return self.project.select()

    @cached_property
    def _athena(self) -> Warehouse:
        with connected(self.project.target, writes=True) as database:
            return database

    @contextmanager
    def database(self) -> Iterator[Warehouse]:
        """The database; DuckDB's file is let go of."""
        if self.project.target.type == "duckdb":
            with connected(self.project.target, writes=True) as database:
                yield database
        else:
            yield self._athena

    def find(self, database: Warehouse, table: str) -> SnapshotTable:
        """The table of a model."""
        [node] = [node for node in self.selection.models if node.name == f"orders__{table}"]
        [found] = find_tables(self.project, database, Selection(self.selection.manifest, (node,))).tables
        return found

    def occupied(self, database: Warehouse) -> Occupied | None:
        """What lies where, listed anew."""
        if not isinstance(database, Lake):
            return None
        reserved = other_environments(self.project.target.settings["s3_data_dir"], "dev")
        return Occupied(database.glue, "awsdatacatalog", reserved, self.said.append)

    def listed(self, table: str) -> list[Snapshot]:
        with self.database() as database:
            return read_snapshots(database, self.find(database, table))

    def plan_drop(self, table: str, **wanted: Any) -> Drop:
        with self.database() as database:
            return plan_drop(database, self.find(database, table), Wanted(**wanted), self.occupied(database))

    def drop(self, table: str, *, grace: int = 0, **wanted: Any) -> list[str]:
        """Plans, drops and cleans; returns the dates."""
        with self.database() as database:
            found, occupied = self.find(database, table), self.occupied(database)
            plan = plan_drop(database, found, Wanted(**wanted), occupied)
            done = [each.day.isoformat() for each in drop(database, plan, occupied=occupied, say=self.said.append)]
            self._clean(database, found, grace)
            return done

    def plan_compaction(self, table: str, *days: str) -> Compaction:
        with self.database() as database:
            return plan_compaction(
                database, self.find(database, table), {date.fromisoformat(day) for day in days} or None
            )

    def compact(self, table: str, *days: str, grace: int = 0) -> list[tuple[str, int, int | None]]:
        """Plans, compacts and cleans; returns names of partitions, files before and after."""
        plan = self.plan_compaction(table, *days)
        self.said.extend(plan.skipped)
        with self.database() as database:
            done = list(compact(database, plan, occupied=self.occupied(database), say=self.said.append))
            self._clean(database, plan.table, grace)
            return [(each.name, each.files, each.files_after) for each in done]

    def clean(self, table: str, grace: int = 0) -> None:
        with self.database() as database:
            self._clean(database, self.find(database, table), grace)

    def _clean(self, database: Warehouse, table: SnapshotTable, grace: int) -> None:
        reserved = other_environments(self.project.target.settings.get("s3_data_dir"), "dev")
        clean(database, [table], grace=timedelta(minutes=grace), reserved=reserved, say=self.said.append)
