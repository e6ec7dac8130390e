"""Results: rows of a running query, and lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from local_athena.dialect.plan import Output, QueryPlan
from local_athena.execution.context import Context, texts_sql
from local_athena.execution.duckdb_errors import named
from local_athena.execution.kinds import statement_type_of
from local_athena.outcome import Outcome, ResultColumn, Texts
from local_athena.types.model import BIGINT, Simple, Type

STRING = Simple("string")
_BATCH = 2_000


class Streamed:
    """Rows of a running query; the execution's context is closed behind the last one."""

    def __init__(self, context: Context, first: list[tuple[str | None, ...]]) -> None:
        self._context = context
        self._rows = iter(first)

    def __iter__(self) -> Iterator[Texts]:
        return self

    def __next__(self) -> Texts:
        try:
            return next(self._rows)
        except StopIteration:
            pass
        try:
            with named():
                self._rows = iter(self._context.connection.fetchmany(_BATCH))
            return next(self._rows)
        except BaseException:
            self._context.close()
            raise

    def close(self) -> None:
        """Ends the execution before its last row."""
        self._context.close()

    def __del__(self) -> None:
        self._context.close()


def columns_of(outputs: Iterable[Output]) -> tuple[ResultColumn, ...]:
    """The columns of a query's result."""
    return tuple(ResultColumn(output.name, output.type) for output in outputs)


def query_rows(plan: QueryPlan, context: Context) -> Iterator[Texts]:
    """Runs a query whose views exist: its first rows are there then, the others come as they are asked for.

    Raises:
        AthenaError: the query fails; so may every row.
    """
    with named():
        first = context.connection.execute(texts_sql(plan)).fetchmany(_BATCH)
    return iter(first) if len(first) < _BATCH else Streamed(context, first)


def lines(kind: str, texts: Iterable[str], *columns: str, type_: Type = STRING) -> Outcome:
    """The result of a statement that prints lines."""
    rows: Iterator[Texts] = ((text,) for text in texts)
    return Outcome(statement_type_of(kind), kind, tuple(ResultColumn(name, type_) for name in columns), rows)


def done(kind: str) -> Outcome:
    """The result of DDL that prints nothing."""
    return Outcome(statement_type_of(kind), kind)


def written(kind: str, count: int | None, scanned: int, files: Iterable[str] | None) -> Outcome:
    """The result of a statement that writes rows."""
    manifest = None if files is None else tuple(files)
    columns = (ResultColumn("rows", BIGINT),)
    return Outcome(statement_type_of(kind), kind, columns, update_count=count, scanned_bytes=scanned, manifest=manifest)
