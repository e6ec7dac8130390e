"""Carries plans out, one table after the other: what goes wrong with one does not hide what was done to the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Generic, Protocol, TypeVar

from derived_tables.cli.output import Output
from derived_tables.cli.session import Session
from derived_tables.errors import FailedError, RefusedError
from derived_tables.snapshots.cleaning import clean
from derived_tables.snapshots.tables import SnapshotTable
from derived_tables.warehouse.lake import Lake
from derived_tables.warehouse.live import Live, Occupied, other_environments


class Plan(Protocol):
    """What is planned for a table."""

    @property
    def table(self) -> SnapshotTable:
        """The table."""


_Plan = TypeVar("_Plan", bound=Plan)
_Done = TypeVar("_Done")


class Surroundings:
    """What lies where in S3, listed once a data catalog.

    Args:
        session: where to look.
        output: is told what may not be seen.
    """

    def __init__(self, session: Session, output: Output) -> None:
        self._session = session
        self._output = output
        self._found: dict[str, Occupied] = {}

    def around(self, table: SnapshotTable) -> Occupied | None:
        """The folders that are needed in the data catalog of a table; None on DuckDB."""
        warehouse, catalog = self._session.warehouse, table.table.relation.database
        if not isinstance(warehouse, Lake):
            return None
        if catalog not in self._found:
            reserved = _reserved(self._session)
            self._found[catalog] = Occupied(warehouse.glue, catalog, reserved, self._output.warn)
        return self._found[catalog]

    def refusal(self, table: SnapshotTable) -> str:
        """Why nothing may be changed that lies in folders around a table; empty if it may."""
        around, relation = self.around(table), table.table.relation
        if around is None or table.table.kind != "hive" or around.sees(relation.schema):
            return ""
        return (
            f"The database {relation.schema} of {table.label} must be one whose tables and partitions can be listed, "
            "got one that cannot.\nWhat lies in their folders might be deleted: allow what the warning says."
        )


class Execution(Generic[_Plan, _Done]):
    """Plans, and what was done of them.

    Attributes:
        failures: what went wrong, by the label of the table.

    Args:
        plans: one a table.
        failures: what went wrong with tables that have no plan.
    """

    def __init__(self, plans: Sequence[_Plan], failures: Mapping[str, str]) -> None:
        self.failures = dict(failures)
        self._tables = len(plans) + len(failures)
        self._done: list[tuple[_Plan, list[_Done]]] = [(plan, []) for plan in plans]

    def __iter__(self) -> Iterator[tuple[_Plan, list[_Done]]]:
        return iter(self._done)

    def carry_out(
        self, do: Callable[[_Plan], Iterable[_Done]], tell: Callable[[_Plan, _Done], None] = lambda *_: None
    ) -> None:
        """Does one plan after the other.

        Args:
            do: yields each step that is done.
            tell: gets each of them, with its plan.
        """
        for plan, done in self._done:
            with self._noting_failure_of(plan.table.label):
                for each in do(plan):
                    done.append(each)
                    tell(plan, each)

    def clean(self, session: Session, output: Output, grace: timedelta) -> None:
        """Deletes what no query can read any more of the tables that made no trouble."""
        tables = [plan.table for plan, _ in self._done if plan.table.label not in self.failures]
        with self._noting_failure_of("old files"):
            clean(session.warehouse, tables, grace=grace, reserved=_reserved(session), say=output.warn)

    def raise_failures(self, *, applied: bool) -> None:
        """Ends the command if something went wrong.

        Args:
            applied: whether anything was to be done.

        Raises:
            FailedError: it did.
        """
        if not self.failures:
            return
        told = [f"{label}: {message}" for label, message in self.failures.items()]
        if not applied:
            raise FailedError("\n".join(told))
        others = len([plan for plan, _ in self._done if plan.table.label not in self.failures])
        rest = f"{others:,} of {self._tables:,} tables are done. " if self._tables > 1 else ""
        raise FailedError("\n".join([*told, f"{rest}To go on, repeat the command."]))

    @contextmanager
    def _noting_failure_of(self, label: str) -> Iterator[None]:
        # A refusal is none any more: something has begun.
        try:
            yield
        except (RefusedError, FailedError) as error:
            self.failures[label] = str(error)


def _reserved(session: Session) -> Sequence[Live]:
    project = session.project
    return other_environments(project.target.settings.get("s3_data_dir"), project.environment.name)
