"""What the parts of one execution share: its DuckDB cursor, its folder, its catalogue."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType

import duckdb

from local_athena.catalogue.model import Session
from local_athena.dialect.casts import result_text
from local_athena.dialect.plan import QueryPlan, Scan
from local_athena.errors import AthenaError
from local_athena.execution import information_schema
from local_athena.execution.catalogue import GlueCatalogue
from local_athena.execution.duckdb_errors import named
from local_athena.execution.locks import Locks
from local_athena.hive.format import HiveFormat
from local_athena.outcome import Request
from local_athena.store import Glue, Objects, Prepared
from local_athena.table_format import Work


@dataclass(frozen=True)
class Stores:
    """What all executions share.

    Attributes:
        objects: S3.
        glue: Glue.
        prepared: prepared statements.
        hive: Hive tables.
        catalogue: looks names up.
        duckdb: in which plans run.
        locks: of tables and databases.
    """

    objects: Objects
    glue: Glue
    prepared: Prepared
    hive: HiveFormat
    catalogue: GlueCatalogue
    duckdb: duckdb.DuckDBPyConnection
    locks: Locks


class Context:
    """One execution; closes what it took when it ends."""

    def __init__(self, stores: Stores, request: Request, on_close: Callable[[], None] = lambda: None) -> None:
        """Begins it; `on_close` is called once, when it has ended."""
        self._end = ExitStack()
        self._end.callback(on_close)
        self.stores = stores
        self.request = request
        self.now = time.time_ns() // 1000
        self.parameters = request.parameters
        self._opened: list[duckdb.DuckDBPyConnection] = []
        self._folder: Path | None = None

    @property
    def catalogue(self) -> GlueCatalogue:
        """Looks names up."""
        return self.stores.catalogue

    @property
    def glue(self) -> Glue:
        """Glue."""
        return self.stores.glue

    @property
    def session(self) -> Session:
        """What queries of this execution are analysed in."""
        return Session(self.catalogue, self.request.database, self.parameters, self.now)

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The cursor of this execution."""
        cursor = self.stores.duckdb.cursor()
        self._opened.append(cursor)

        def interrupt() -> None:
            # The statement may have ended meanwhile.
            with suppress(duckdb.Error):
                cursor.interrupt()

        self.request.on_cancel(interrupt)
        return cursor

    @cached_property
    def work(self) -> Work:
        """What formats need to know of this execution."""
        self._folder = self.stores.objects.scratch / f"work-{uuid.uuid4().hex}"
        self._folder.mkdir()
        return Work(self.connection, self.request, self._folder, self.now)

    def check_cancelled(self) -> None:
        """Ends the execution if somebody wants it to.

        Raises:
            AthenaError: USER_CANCELED.
        """
        if self.request.cancelled.is_set():
            raise AthenaError("USER_CANCELED", "Query was canceled")

    def make_views(self, scans: Iterable[Scan]) -> int:
        """Makes the views that a plan reads; gives the bytes that reading them costs.

        Raises:
            AthenaError: a table cannot be read.
        """
        scanned = 0
        for scan in scans:
            self.check_cancelled()
            if scan.table.kind == information_schema.DATABASE:
                sql = information_schema.scan_sql(scan, self.glue, self.catalogue.of_entry)
            else:
                with named():
                    reading = self.catalogue.format_of(scan.table).read(scan, self.work)
                sql, scanned = reading.sql, scanned + (0 if scan.needless else reading.scanned_bytes)
            with named():
                self.connection.execute(f"create or replace temp view {scan.view} as {sql}")
        return scanned

    def close(self) -> None:
        """Gives back what was taken."""
        for cursor in self._opened:
            cursor.close()
        self._opened.clear()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._end.close()

    def __enter__(self) -> Context:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def texts_sql(plan: QueryPlan) -> str:
    """DuckDB SQL that gives the texts of a query's result."""
    texts = ", ".join(result_text(f"c{index}", output.type) for index, output in enumerate(plan.outputs))
    return f"select {texts} from ({plan.sql})"
