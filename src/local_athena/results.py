"""Results as Athena keeps them: pages for GetQueryResults and files in S3."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local_athena.outcome import Outcome, ResultColumn, Texts
from local_athena.types.model import BIGINT, Char, Decimal, Time, Timestamp, Type, Varchar

#: The most entries of a page, and how many rows of a result stay in memory.
PAGE = 1000

_UNBOUNDED = 2147483647
_RENAMED = {"real": "float"}
_PRECISIONS = {
    "tinyint": 3,
    "smallint": 5,
    "integer": 10,
    "bigint": 19,
    "float": 17,
    "double": 17,
    "varchar": _UNBOUNDED,
    "varbinary": 1073741824,
    "time": 3,
    "time with time zone": 3,
    "timestamp": 3,
    "timestamp with time zone": 3,
}


class _Rows:
    """Rows that can be read from the middle; all but the shortest lists of them lie in a file."""

    def __init__(self, file: Path) -> None:
        self.count = 0
        self._file = file
        self._pages: list[int] = []  # where each page begins in the file
        self._last: list[Texts] = []

    def append(self, row: Texts) -> None:
        if len(self._last) == PAGE:
            self._write()
        self._last.append(row)
        self.count += 1

    def between(self, first: int, stop: int) -> Iterator[Texts]:
        for number in range(first // PAGE, -(-stop // PAGE)):
            start = number * PAGE
            yield from self._page(number)[max(first - start, 0) : stop - start]

    def _page(self, number: int) -> list[Texts]:
        if number == len(self._pages):
            return self._last
        with self._file.open("rb") as file:
            file.seek(self._pages[number])
            rows: list[Texts] = json.loads(file.readline())
            return rows

    def _write(self) -> None:
        with self._file.open("ab") as file:
            self._pages.append(file.tell())
            file.write(json.dumps([list(row) for row in self._last]).encode() + b"\n")
        self._last = []


class Result:
    """Rows of a finished statement.

    Args:
        outcome: the statement's outcome; its rows are consumed.
        text: the file to write: CSV of a query, else a line a row with tabs between columns.
        spill: a file for the rows of a result that is too long for memory; not made for others.

    Attributes:
        columns: their names and types.
        header: whether the names are the first row.
        update_count: rows written or changed; None if the statement writes none.
    """

    def __init__(self, outcome: Outcome, text: Path, spill: Path) -> None:
        self.columns = outcome.columns
        self.header = outcome.header
        self.update_count = outcome.update_count
        self._rows = _Rows(spill)
        self._is_csv = outcome.csv
        form = _csv if self._is_csv else _plain
        with text.open("w", encoding="utf-8", newline="") as file:
            if self.header:
                file.write(form([column.name for column in self.columns]))
            for row in outcome.rows:
                file.write(form(row))
                self._rows.append(row)

    @property
    def count(self) -> int:
        """Rows without the header."""
        return self._rows.count

    def page(self, start: int, limit: int) -> tuple[dict[str, Any], int | None]:
        """One page as GetQueryResults sends it.

        Args:
            start: the page's first entry; the header is entry 0 if there is one.
            limit: the most entries, 1 to 1000.

        Returns:
            The answer without `NextToken`, and the entry after the page; None behind the last one.
        """
        entries = self.count + self.header
        stop = min(start + limit, entries)
        header = [[column.name for column in self.columns]] if self.header and start == 0 else []
        rows = self._rows.between(max(start - self.header, 0), stop - self.header)
        result_set = {"Rows": [_row(row) for row in (*header, *rows)], "ResultSetMetadata": self.metadata()}
        answer = {"ResultSet": result_set, "UpdateCount": self.update_count or 0}
        return answer, stop if stop < entries else None

    def metadata(self) -> dict[str, Any]:
        """ResultSetMetadata of GetQueryResults. A statement that only writes has the column `rows`."""
        only_writes = not self.columns and self.update_count is not None
        columns = (ResultColumn("rows", BIGINT),) if only_writes else self.columns
        return {"ColumnInfo": [column_info(column, plain=not self._is_csv) for column in columns]}


def column_info(column: ResultColumn, *, plain: bool = False) -> dict[str, Any]:
    """ColumnInfo of GetQueryResults.

    Args:
        column: name and type.
        plain: whether the statement is a DDL or utility statement, whose columns are all `string`.
    """
    name, precision, scale = (
        ("string", 0, 0) if plain and isinstance(column.type, Varchar) else _athena_type(column.type)
    )
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": column.name,
        "Label": column.name,
        "Type": name,
        "Precision": precision,
        "Scale": scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": isinstance(column.type, (Varchar, Char)) and name != "string",
    }


def _athena_type(type_: Type) -> tuple[str, int, int]:
    """Name, precision and scale as GetQueryResults reports them.

    Source: Athena API reference, ColumnInfo; the numbers as the service sends them.
    """
    if isinstance(type_, Decimal):
        return "decimal", type_.precision, type_.scale
    if isinstance(type_, Char):
        return "char", type_.length, 0
    if isinstance(type_, Varchar):
        return "varchar", type_.length or _UNBOUNDED, 0
    if isinstance(type_, (Time, Timestamp)):
        name = "time" if isinstance(type_, Time) else "timestamp"
        name += " with time zone" if type_.zoned else ""
    else:
        name = str(type_).partition("(")[0]
    name = _RENAMED.get(name, name)
    return name, _PRECISIONS.get(name, 0), 0


def _row(row: Texts) -> Mapping[str, Any]:
    return {"Data": [{} if text is None else {"VarCharValue": text} for text in row]}


def _csv(row: Texts) -> str:
    """Every value in quotation marks, null without any."""
    return ",".join("" if text is None else '"' + text.replace('"', '""') + '"' for text in row) + "\n"


def _plain(row: Texts) -> str:
    return "\t".join(text or "" for text in row) + "\n"
