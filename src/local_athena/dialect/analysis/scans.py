"""The scans of a statement while it is analysed.

A scan has a number. In SQL that is being made, a mark stands for it; what reads it can only be written when it is known
which of its columns are needed. A query that is used again has the same text over scans with other numbers, so that its
text stands between marks that say by how much they are moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from local_athena.catalogue.model import Table
from local_athena.dialect.analysis.scope import Uses
from local_athena.dialect.plan import Predicate, Scan
from local_athena.dialect.representation import duckdb_type, quoted

# Half of a surrogate pair: no text that is UTF-8 holds it, so no literal of a statement does.
_MARK = "\udc1e"
_MOVE = "+"
_END = "-"


@dataclass
class ScanInProgress:
    """A scan while the conditions on it are gathered.

    Attributes:
        mentioned: the columns that its statement's SQL names; some of them may turn out not to be needed.
    """

    table: Table
    alias: str = ""
    predicates: list[Predicate] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)
    needless: bool = False
    row_ids: bool = False

    def copy(self) -> ScanInProgress:
        """Another scan, on which the same is known."""
        return replace(self, predicates=[*self.predicates], filters=[*self.filters], mentioned=set(self.mentioned))


@dataclass(frozen=True)
class Copied:
    """The scans of a query, as they were when it had been analysed.

    Attributes:
        first: the number of the first one.
        scans: all of them.
    """

    first: int
    scans: tuple[ScanInProgress, ...]


@dataclass(frozen=True)
class Move:
    """From the scans of a query to those of another use of it.

    Attributes:
        numbers: of the scans that it was analysed with.
        by: how much greater the numbers of the others are.
    """

    numbers: range
    by: int

    def number(self, scan: int) -> int:
        """The number of the other scan; of a scan around the query, its own."""
        return scan + self.by if scan in self.numbers else scan

    def uses(self, uses: Uses) -> Uses:
        """What the other use reads."""
        return frozenset((self.number(scan), column) for scan, column in uses)

    def sql(self, sql: str) -> str:
        """The query's SQL over the other scans."""
        return f"{_MARK}{_MOVE}{self.by}{_MARK}{sql}{_MARK}{_END}{_MARK}"


class Scans:
    """The scans of one statement."""

    def __init__(self) -> None:
        self._scans: list[ScanInProgress] = []

    def __len__(self) -> int:
        return len(self._scans)

    def __getitem__(self, number: int) -> ScanInProgress:
        return self._scans[number]

    def since(self, first: int) -> list[ScanInProgress]:
        """The scans from a number on."""
        return self._scans[first:]

    def forget(self, first: int) -> None:
        """Removes the scans from a number on."""
        del self._scans[first:]

    def add(self, table: Table, alias: str) -> tuple[int, str]:
        """A new scan: its number, and what reads it in FROM."""
        self._scans.append(ScanInProgress(table, alias))
        number = len(self._scans) - 1
        return number, f"{_MARK}{number}{_MARK}"

    def copied(self, first: int) -> Copied:
        """What is known of the scans from a number on."""
        return Copied(first, tuple(scan.copy() for scan in self._scans[first:]))

    def again(self, copied: Copied) -> Move:
        """Adds the same scans again."""
        first = len(self._scans)
        self._scans += [scan.copy() for scan in copied.scans]
        return Move(range(copied.first, copied.first + len(copied.scans)), first - copied.first)

    def mention(self, uses: Uses) -> None:
        """Notes that SQL names columns."""
        for number, column in uses:
            if number >= 0:
                self._scans[number].mentioned.add(column)

    def finished_sql(self, sql: str, uses: Uses) -> str:
        """The SQL of a plan whose scans have the used columns only; others that it names are null."""
        pieces = sql.split(_MARK)
        moved = [0]
        for place in range(1, len(pieces), 2):
            mark = pieces[place]
            if mark.startswith(_MOVE):
                moved.append(moved[-1] + int(mark.removeprefix(_MOVE)))
                pieces[place] = ""
            elif mark == _END:
                moved.pop()
                pieces[place] = ""
            else:
                pieces[place] = self._reading(int(mark) + moved[-1], uses)
        return "".join(pieces)

    def _reading(self, number: int, uses: Uses) -> str:
        scan = self._scans[number]
        unread = [
            f"NULL::{duckdb_type(column.type)} AS {quoted(column.name)}"
            for column in scan.table.columns
            if column.name in scan.mentioned and (number, column.name) not in uses
        ]
        rows = f"(SELECT *, {', '.join(unread)} FROM {_view(number)})" if unread else _view(number)
        return f"{rows} AS {scan.alias}"

    def finished(self, uses: Uses) -> tuple[Scan, ...]:
        """The scans, with the columns that are used."""
        return tuple(self._finished(number, scan, uses) for number, scan in enumerate(self._scans))

    def _finished(self, number: int, scan: ScanInProgress, uses: Uses) -> Scan:
        return Scan(
            view=_view(number),
            table=scan.table,
            columns=tuple(column.name for column in scan.table.columns if (number, column.name) in uses),
            predicates=tuple(scan.predicates),
            partition_filter=" AND ".join(scan.filters) or None,
            needless=scan.needless,
            row_ids=scan.row_ids,
        )


def mark_needless(scans: Iterable[ScanInProgress]) -> None:
    """Notes that no row of the scans counts."""
    for scan in scans:
        scan.needless = True


def _view(number: int) -> str:
    return f"scan_{number}"
