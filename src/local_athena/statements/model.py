"""Statements other than queries, as the grammar reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from local_athena.catalogue.model import TableName
from local_athena.table_format import Alteration, Definition, PropertyValue


@dataclass(frozen=True)
class Query:
    """SELECT, WITH, VALUES, TABLE. `sql` is for the dialect, here and below; positions in it are the statement's."""

    sql: str


@dataclass(frozen=True)
class Insert:
    """INSERT."""

    sql: str


@dataclass(frozen=True)
class Change:
    """DELETE, UPDATE or MERGE; `verb` says which, in upper case."""

    verb: str
    sql: str


@dataclass(frozen=True)
class CreateTableAs:
    """CREATE TABLE … AS."""

    name: TableName
    query: str
    properties: Mapping[str, PropertyValue] = field(default_factory=dict)
    if_not_exists: bool = False
    with_data: bool = True


@dataclass(frozen=True)
class CreateView:
    """CREATE [OR REPLACE] VIEW."""

    name: TableName
    query: str
    or_replace: bool = False


@dataclass(frozen=True)
class DropView:
    """DROP VIEW."""

    name: TableName
    if_exists: bool = False


@dataclass(frozen=True)
class CreateTable:
    """CREATE [EXTERNAL] TABLE with columns."""

    definition: Definition
    if_not_exists: bool = False


@dataclass(frozen=True)
class DropTable:
    """DROP TABLE."""

    name: TableName
    if_exists: bool = False


@dataclass(frozen=True)
class AlterTable:
    """ALTER TABLE."""

    name: TableName
    alteration: Alteration


@dataclass(frozen=True)
class CreateDatabase:
    """CREATE DATABASE or SCHEMA."""

    name: str
    if_not_exists: bool = False
    comment: str | None = None
    location: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DropDatabase:
    """DROP DATABASE or SCHEMA."""

    name: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True)
class Repair:
    """MSCK REPAIR TABLE."""

    name: TableName


@dataclass(frozen=True)
class Optimize:
    """OPTIMIZE … REWRITE DATA USING BIN_PACK; `query` selects the rows of WHERE, `condition` is what it says."""

    name: TableName
    query: str
    condition: str | None = None


@dataclass(frozen=True)
class Vacuum:
    """VACUUM."""

    name: TableName


@dataclass(frozen=True)
class Unload:
    """UNLOAD (query) TO location WITH (…)."""

    query: str
    location: str
    properties: Mapping[str, PropertyValue]


@dataclass(frozen=True)
class Prepare:
    """PREPARE name FROM statement."""

    name: str
    sql: str


@dataclass(frozen=True)
class Execute:
    """EXECUTE name [USING …]; the parameters are SQL."""

    name: str
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deallocate:
    """DEALLOCATE PREPARE name."""

    name: str


@dataclass(frozen=True)
class Explain:
    """EXPLAIN [ANALYZE] [(FORMAT …, TYPE …)] statement; the options in lower case."""

    sql: str
    type: str = "distributed"
    format: str = "text"
    analyze: bool = False


@dataclass(frozen=True)
class ShowDatabases:
    """SHOW DATABASES or SCHEMAS."""

    pattern: str | None = None


@dataclass(frozen=True)
class ShowTables:
    """SHOW TABLES, or SHOW VIEWS."""

    database: str
    pattern: str | None = None
    views: bool = False


@dataclass(frozen=True)
class ShowColumns:
    """SHOW COLUMNS."""

    name: TableName


@dataclass(frozen=True)
class ShowPartitions:
    """SHOW PARTITIONS."""

    name: TableName


@dataclass(frozen=True)
class ShowCreateTable:
    """SHOW CREATE TABLE."""

    name: TableName


@dataclass(frozen=True)
class ShowCreateView:
    """SHOW CREATE VIEW."""

    name: TableName


@dataclass(frozen=True)
class ShowProperties:
    """SHOW TBLPROPERTIES; `key` is the one that is asked for."""

    name: TableName
    key: str | None = None


@dataclass(frozen=True)
class Describe:
    """DESCRIBE [FORMATTED|EXTENDED] … [PARTITION (…)]; values of the partition by column."""

    name: TableName
    formatted: bool = False
    extended: bool = False
    partition: Mapping[str, str | None] | None = None


Statement = (
    Query
    | Insert
    | Change
    | CreateTableAs
    | CreateView
    | DropView
    | CreateTable
    | DropTable
    | AlterTable
    | CreateDatabase
    | DropDatabase
    | Repair
    | Optimize
    | Vacuum
    | Unload
    | Prepare
    | Execute
    | Deallocate
    | Explain
    | ShowDatabases
    | ShowTables
    | ShowColumns
    | ShowPartitions
    | ShowCreateTable
    | ShowCreateView
    | ShowProperties
    | Describe
)
