"""What the verbs of `derived-tables snapshots` have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

import typer

from derived_tables.cli.carry_out import Execution
from derived_tables.cli.output import Output, count, moment, size
from derived_tables.errors import FailedError, RefusedError
from derived_tables.snapshots.contents import Snapshot
from derived_tables.snapshots.tables import Found, SnapshotTable

Dates = Annotated[str | None, typer.Option("--dates", metavar="DATE,DATE,…", help="Single dates.")]

_Plan = TypeVar("_Plan")
NOTHING_DONE = "Nothing was changed. To carry this out, add `--apply`."


def each_table(
    output: Output, what: str, tables: Sequence[SnapshotTable], do: Callable[[SnapshotTable], _Plan]
) -> list[tuple[SnapshotTable, _Plan]]:
    """Does something with one table after the other, and shows how far it is.

    Raises:
        RefusedError: it cannot be done with a table.
    """
    found = []
    with output.progress(f"{what} tables") as progress:
        progress.total(len(tables))
        for table in tables:
            try:
                found.append((table, do(table)))
            except RefusedError as error:
                # An incremental model may be partitioned by anything.
                if table.is_own or len(tables) == 1:
                    raise
                output.warn(f"leaves out {table.label}: {error}")
            progress.step()
    return found


def planned(
    output: Output, tables: Sequence[SnapshotTable], plan: Callable[[SnapshotTable], _Plan]
) -> tuple[list[_Plan], dict[str, str]]:
    """Plans something for one table after the other.

    Returns:
        The plans; and what went wrong, by the label of the table.

    Raises:
        RefusedError: it cannot be done with a table.
        FailedError: it went wrong with the only table.
    """
    failures: dict[str, str] = {}

    def try_to(table: SnapshotTable) -> _Plan | None:
        try:
            return plan(table)
        except FailedError as error:
            if len(tables) == 1:
                raise
            failures[table.label] = str(error)
            return None

    return [made for _, made in each_table(output, "Looking at", tables, try_to) if made is not None], failures


def refuse_all(reasons: Iterable[str]) -> None:
    """Refuses what cannot be done, with all reasons at once.

    Raises:
        RefusedError: there is a reason.
    """
    found = [reason for reason in reasons if reason]
    if found:
        raise RefusedError("\n".join(found))


def extent(size_: int | None, files: int | None, changed: datetime | None) -> str:
    """How much a plan is about, in brackets."""
    parts = [] if size_ is None else [size(size_), count(files or 0, "file")]
    parts += [f"last change {moment(changed)}"] if changed else []
    return f" ({', '.join(parts)})" if parts else ""


def described(each: Snapshot) -> dict[str, Any]:
    """A snapshot in JSON."""
    return {
        "date": each.date.day,
        "rows": each.rows,
        "bytes": each.bytes,
        "files": each.files,
        "changed": each.changed,
    }


def trouble(output: Output, execution: Execution[Any, Any]) -> dict[str, Any]:
    """What went wrong, in JSON."""
    failed = [{"relation": label, "error": error} for label, error in execution.failures.items()]
    return {"failed": failed, "warnings": output.warnings}


def total(values: Iterable[int | None]) -> int | None:
    """The sum of what is known; None if nothing is."""
    found = [value for value in values if value is not None]
    return sum(found) if found else None


def say_unbuilt(output: Output, found: Found) -> None:
    """Names the models that have no table, so that nobody takes nothing for success."""
    for node in found.unbuilt:
        output.say(f"{node.selector} has no table yet.")
