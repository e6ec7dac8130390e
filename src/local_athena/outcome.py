"""What the control plane asks of whoever runs statements, and what it gets back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol

from local_athena.types.model import Type

Texts = Sequence[str | None]


@dataclass(frozen=True)
class Request:
    """One execution of one statement.

    Attributes:
        sql: the statement as it was sent, comments and all.
        database: of names without one.
        catalog: as sent; anything but AwsDataCatalog is refused before.
        work_group: whose prepared statements EXECUTE finds.
        parameters: ExecutionParameters, SQL texts.
        output_location: S3 folder for results, ends in a slash; CTAS without a location puts its table below it.
        query_id: id of the execution.
        cancelled: set when somebody stops the execution; long work looks at it between steps.
        on_cancel: takes a function that interrupts the running work, e.g. `connection.interrupt`.
        location_enforced: whether the work group insists on its own location, so that CTAS may name none.
    """

    sql: str
    database: str
    catalog: str
    work_group: str
    parameters: tuple[str, ...]
    output_location: str
    query_id: str
    cancelled: Event = field(default_factory=Event)
    on_cancel: Callable[[Callable[[], None]], None] = lambda _interrupt: None
    location_enforced: bool = False


@dataclass(frozen=True)
class ResultColumn:
    """A column of a result.

    Attributes:
        name: as Athena prints it.
        type: Trino's type; of DDL and utility results `varchar`.
    """

    name: str
    type: Type


@dataclass
class Outcome:
    """What a statement that succeeded leaves.

    Attributes:
        statement_type: `DDL`, `DML` or `UTILITY`.
        substatement_type: as GetQueryExecution reports it, e.g. `SELECT`, `CREATE_TABLE_AS_SELECT`, `INSERT`, `MERGE`.
        columns: of the result; empty without one.
        rows: texts as GetQueryResults prints them, None is null; consumed once, may be long.
        header: whether the names of the columns are the result's first row (SELECT, EXPLAIN).
        update_count: rows written or changed by INSERT, CTAS, DELETE, UPDATE, MERGE; None for others.
        scanned_bytes: as Athena bills.
        manifest: S3 addresses of the files that CTAS, INSERT or UNLOAD wrote, None for others.
    """

    statement_type: str
    substatement_type: str
    columns: tuple[ResultColumn, ...] = ()
    rows: Iterator[Texts] = field(default_factory=lambda: iter(()))
    header: bool = False
    update_count: int | None = None
    scanned_bytes: int = 0
    manifest: tuple[str, ...] | None = None

    @property
    def csv(self) -> bool:
        """Whether the result is kept as CSV, as that of a query; others are lines of text."""
        return self.header and self.statement_type == "DML"


class Engine(Protocol):
    """Runs statements. Called from several threads at once."""

    def run(self, request: Request) -> Outcome:
        """Runs one statement to its end.

        Raises:
            AthenaError: the statement fails; the execution becomes FAILED with the error's reason.
        """
        ...
