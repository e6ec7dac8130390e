"""What the engine asks of a kind of table: Hive tables and Iceberg tables each answer it in their own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from local_athena.catalogue.model import Column, Table, TableName
from local_athena.dialect.plan import ChangePlan, Output, Predicate, Scan
from local_athena.outcome import Request
from local_athena.store import Entry

if TYPE_CHECKING:
    import duckdb  # statements import this module, and the server asks them of a statement before DuckDB is needed


@dataclass(frozen=True)
class Work:
    """The execution that something is done for.

    Attributes:
        connection: the statement's own DuckDB cursor, with the functions of `dialect.runtime`; time zone UTC.
        request: the statement; long work asks `request.cancelled` between steps.
        folder: an empty folder of the statement's own, removed when it ends.
        now: when the statement began, microseconds since 1970 in UTC.
    """

    connection: duckdb.DuckDBPyConnection
    request: Request
    folder: Path
    now: int


@dataclass(frozen=True)
class Reading:
    """How a scan is read.

    Attributes:
        sql: a DuckDB SELECT with the scan's columns by name, in their representation, and `"$file"` and `"$position"`
            if the scan has `row_ids`. It must stay readable until the statement ends.
        scanned_bytes: as Athena bills it.
    """

    sql: str
    scanned_bytes: int = 0


@dataclass(frozen=True)
class Rows:
    """Rows to be written; its views exist already on the connection of the work.

    Attributes:
        sql: a DuckDB SELECT with the columns `c0`, `c1`, …; run it once.
        outputs: names and types of these columns. For an INSERT, those of the target's visible columns.
    """

    sql: str
    outputs: tuple[Output, ...]


@dataclass(frozen=True)
class Written:
    """What a statement that writes did.

    Attributes:
        count: rows written or changed.
        files: addresses of the new files.
    """

    count: int
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnDefinition:
    """A column in DDL.

    Attributes:
        name: in lower case.
        hive_type: as DDL names it, in lower case and without blanks, e.g. `struct<a:int>`; `hive_type()` reads it.
        comment: empty if there is none.
    """

    name: str
    hive_type: str
    comment: str = ""


@dataclass(frozen=True)
class Transform:
    """A partition transform in DDL, e.g. `bucket(16, id)`, `day(ts)`, `truncate(10, name)`, or a column alone.

    Attributes:
        function: in lower case; `identity` for a column alone.
        column: in lower case.
        parameter: the number of `bucket` and `truncate`; None for others.
    """

    function: str
    column: str
    parameter: int | None = None


@dataclass(frozen=True)
class Definition:
    """CREATE [EXTERNAL] TABLE. The grammar has refused what is wrong in form; the format refuses what does not fit it.

    Attributes:
        name: of the table; it does not exist.
        columns: without partition columns of Hive tables.
        partitions: typed partition columns, of Hive tables.
        transforms: of Iceberg tables.
        external: whether it says EXTERNAL.
        comment: None if there is none.
        location: as written; None if there is none.
        properties: TBLPROPERTIES as written, keys as written.
        bucketed_by: columns of CLUSTERED BY.
        bucket_count: of CLUSTERED BY … INTO n BUCKETS; 0 without.
        serde: class of ROW FORMAT SERDE; None if there is none.
        serde_properties: WITH SERDEPROPERTIES, or what ROW FORMAT DELIMITED says in Hive's names (`field.delim`).
        stored_as: PARQUET, ORC, … in upper case; None if there is none.
        input_format: of STORED AS INPUTFORMAT; None if there is none.
        output_format: of STORED AS OUTPUTFORMAT; None if there is none.
    """

    name: TableName
    columns: tuple[ColumnDefinition, ...]
    partitions: tuple[ColumnDefinition, ...] = ()
    transforms: tuple[Transform, ...] = ()
    external: bool = False
    comment: str | None = None
    location: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    bucketed_by: tuple[str, ...] = ()
    bucket_count: int = 0
    serde: str | None = None
    serde_properties: Mapping[str, str] = field(default_factory=dict)
    stored_as: str | None = None
    input_format: str | None = None
    output_format: str | None = None


PropertyValue = str | int | bool | tuple[str, ...]


@dataclass(frozen=True)
class Creation:
    """CREATE TABLE AS.

    Attributes:
        name: of the table; it does not exist, its database does.
        columns: of the query, all visible; names are unique and in lower case, no type is unknown.
        properties: of WITH, by lower-case name.
        with_data: False for WITH NO DATA; the rows are then none already.
    """

    name: TableName
    columns: tuple[Column, ...]
    properties: Mapping[str, PropertyValue]
    with_data: bool = True


@dataclass(frozen=True)
class AddColumns:
    """ADD COLUMNS (…)."""

    columns: tuple[ColumnDefinition, ...]


@dataclass(frozen=True)
class ReplaceColumns:
    """REPLACE COLUMNS (…)."""

    columns: tuple[ColumnDefinition, ...]


@dataclass(frozen=True)
class ChangeColumn:
    """CHANGE [COLUMN] old new type [COMMENT …] [FIRST|AFTER column].

    Attributes:
        old: its name so far.
        column: what it becomes.
        comment_given: whether the statement has COMMENT.
        first: whether it says FIRST.
        after: the column of AFTER; None without.
    """

    old: str
    column: ColumnDefinition
    comment_given: bool = False
    first: bool = False
    after: str | None = None


@dataclass(frozen=True)
class DropColumn:
    """DROP COLUMN name."""

    name: str


@dataclass(frozen=True)
class RenameTable:
    """RENAME TO; the new name does not exist, its database does."""

    name: TableName


@dataclass(frozen=True)
class SetProperties:
    """SET TBLPROPERTIES (…)."""

    properties: Mapping[str, str]


@dataclass(frozen=True)
class UnsetProperties:
    """UNSET TBLPROPERTIES [IF EXISTS] (…)."""

    names: tuple[str, ...]
    if_exists: bool = False


@dataclass(frozen=True)
class SetLocation:
    """[PARTITION (…)] SET LOCATION. `partition` is None for the table's own."""

    location: str
    partition: Mapping[str, str | None] | None = None


@dataclass(frozen=True)
class AddPartitions:
    """ADD [IF NOT EXISTS] PARTITION (…) [LOCATION …] …: each with its values by column, and its location if given."""

    partitions: tuple[tuple[Mapping[str, str | None], str | None], ...]
    if_not_exists: bool = False


@dataclass(frozen=True)
class DropPartitions:
    """DROP [IF EXISTS] PARTITION (…), …: each a conjunction of column, operator and value."""

    partitions: tuple[tuple[tuple[str, str, str | None], ...], ...]
    if_exists: bool = False


@dataclass(frozen=True)
class RenamePartition:
    """PARTITION (…) RENAME TO PARTITION (…)."""

    old: Mapping[str, str | None]
    new: Mapping[str, str | None]


Alteration = (
    AddColumns
    | ReplaceColumns
    | ChangeColumn
    | DropColumn
    | RenameTable
    | SetProperties
    | UnsetProperties
    | SetLocation
    | AddPartitions
    | DropPartitions
    | RenamePartition
)


class TableFormat(Protocol):
    """A kind of table. Called from several threads; the engine lets one statement at a time write a table.

    Every method may raise AthenaError. One that changes something leaves the table whole: as it was, or as it is to be.
    """

    def recognises(self, entry: Entry) -> bool:
        """Whether a Glue entry is a table of this kind; views never are."""
        ...

    def creates(self, properties: Mapping[str, PropertyValue]) -> bool:
        """Whether properties of CREATE TABLE (TBLPROPERTIES or WITH, names in lower case) ask for this kind."""
        ...

    def table(self, name: TableName, entry: Entry) -> Table:
        """The table of a Glue entry; its `handle` is whatever the other methods need."""
        ...

    def metadata_table(self, table: Table, suffix: str) -> Table | None:
        """`t$<suffix>`, e.g. `partitions`, `snapshots`; kind `metadata`. None if there is no such thing."""
        ...

    def at_version(self, table: Table, *, snapshot_id: int | None, timestamp: datetime | None) -> Table:
        """The table as it was; see `Catalogue.at_version`."""
        ...

    def read(self, scan: Scan, work: Work) -> Reading:
        """How to read a table or metadata table of this kind."""
        ...

    def create(self, definition: Definition) -> None:
        """CREATE TABLE."""
        ...

    def create_from_query(self, creation: Creation, rows: Rows, work: Work) -> Written:
        """CREATE TABLE AS: checks properties and types before it runs the query; leaves no table if it fails."""
        ...

    def insert(self, target: Table, rows: Rows, work: Work) -> Written:
        """INSERT."""
        ...

    def change(self, plan: ChangePlan, work: Work) -> Written:
        """DELETE, UPDATE or MERGE; the views of the plan's scans exist already."""
        ...

    def optimize(self, table: Table, predicates: Sequence[Predicate], work: Work) -> None:
        """OPTIMIZE t REWRITE DATA USING BIN_PACK [WHERE …]."""
        ...

    def vacuum(self, table: Table, work: Work) -> None:
        """VACUUM t."""
        ...

    def alter(self, table: Table, alteration: Alteration) -> None:
        """ALTER TABLE."""
        ...

    def drop(self, table: Table) -> None:
        """DROP TABLE: removes the Glue entry, and the data where this kind of table owns it."""
        ...

    def properties(self, table: Table) -> Mapping[str, str]:
        """What SHOW TBLPROPERTIES prints, in its order."""
        ...

    def show_create(self, table: Table) -> Sequence[str]:
        """The lines of SHOW CREATE TABLE."""
        ...

    def describe(
        self, table: Table, *, formatted: bool, extended: bool, partition: Mapping[str, str | None] | None = None
    ) -> Sequence[str]:
        """The lines of DESCRIBE [FORMATTED|EXTENDED] … [PARTITION (…)]: cells separated by tabs."""
        ...


def visible(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns that `select *` has."""
    return tuple(column for column in columns if not column.hidden)
