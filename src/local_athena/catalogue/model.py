"""What a statement can see: tables, views, metadata tables. The dialect reads them, the catalogue makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from local_athena.types.model import Type


@dataclass(frozen=True)
class TableName:
    """Name of a table or view, in lower case. Athena has one catalog here: `awsdatacatalog`."""

    database: str
    table: str

    def __str__(self) -> str:
        return f"awsdatacatalog.{self.database}.{self.table}"


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes:
        name: in lower case.
        type: Trino's type, as a query sees it.
        comment: for DESCRIBE and information_schema; empty if there is none.
        partition: whether it is a partition column of a Hive table (its values stand in Glue, not in the files).
        hidden: whether `select *` leaves it out: `$path`, `$file_modified_time`, `$file_size`, `$bucket`, `$partition`.
    """

    name: str
    type: Type
    comment: str = ""
    partition: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Table:
    """Something that can be scanned.

    Attributes:
        name: database and table; of a metadata table with its suffix, e.g. `t$partitions`.
        columns: in order; partition columns and then hidden ones last.
        kind: `hive`, `iceberg`, `metadata` (`t$partitions`, `t$snapshots`, …) or `information_schema`.
        version: what `FOR TIMESTAMP AS OF` or `FOR VERSION AS OF` asks of an Iceberg table; None for now.
        handle: what the catalogue or the store needs to find it again (its Glue entry); the dialect does not look.
    """

    name: TableName
    columns: tuple[Column, ...]
    kind: str
    version: int | None = None
    handle: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class View:
    """A view: the dialect analyses its query in place of it.

    Attributes:
        name: database and view.
        columns: with the types they had when it was created; a query that gives others is VIEW_IS_STALE.
        sql: its query.
        database: the database in which names without one are looked up.
    """

    name: TableName
    columns: tuple[Column, ...]
    sql: str
    database: str


class Catalogue(Protocol):
    """Looks up what stands behind a name."""

    def find(self, name: TableName) -> Table | View:
        """The table or view.

        Raises:
            AthenaError: SCHEMA_NOT_FOUND or TABLE_NOT_FOUND.
        """
        ...

    def at_version(self, table: Table, *, snapshot_id: int | None, timestamp: Any) -> Table:
        """An Iceberg table as it was.

        Args:
            table: the table as it is.
            snapshot_id: of `FOR VERSION AS OF`.
            timestamp: of `FOR TIMESTAMP AS OF`, an aware datetime.

        Raises:
            AthenaError: if the table is not an Iceberg table, or had no such version.
        """
        ...


@dataclass(frozen=True)
class Session:
    """What a statement is analysed in.

    Attributes:
        catalogue: where names are looked up.
        database: of names without one; `default` if the caller gave none.
        parameters: SQL texts of the values for `?`, in order (ExecutionParameters, or EXECUTE … USING).
        now: when the statement began, microseconds since 1970 in UTC; the same for the whole statement.
        properties: free for later.
    """

    catalogue: Catalogue
    database: str = "default"
    parameters: tuple[str, ...] = ()
    now: int = 0
    properties: Mapping[str, str] = field(default_factory=dict)
