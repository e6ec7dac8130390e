"""What commands ask of a database. Athena and DuckDB answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from derived_tables.errors import FailedError
from derived_tables.relation import Relation

#: A row of a query, in Python's types.
Row = tuple[Any, ...]


class WarehouseError(FailedError):
    """The database, or AWS, did not do as asked; the text says what was asked and the answer."""


@dataclass(frozen=True)
class Table:
    """A table or view, as the database describes it.

    Attributes:
        relation: its name.
        kind: `hive`, `iceberg`, `duckdb` or `view`.
        columns: names and types, in the order of the table, those of Hive's partitions last.
        keys: names of the partition columns of a Hive table.
        location: where its files lie, without a slash at the end; empty on DuckDB.
        parameters: its parameters in Glue.
        entry: its entry in Glue.
    """

    relation: Relation
    kind: str
    columns: Mapping[str, str]
    keys: tuple[str, ...] = ()
    location: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    entry: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_projected(self) -> bool:
        """Whether Athena works its partitions out itself (partition projection), so that Glue lists none."""
        return self.parameters.get("projection.enabled", "").lower() == "true"


class Warehouse(Protocol):
    """A database that can be looked at and changed."""

    def find(self, relation: Relation) -> Table | None:
        """The table or view of a name, if there is one."""

    def query(self, sql: str) -> Sequence[Row]:
        """The rows of a query.

        Raises:
            WarehouseError: it failed.
            KeyboardInterrupt: Ctrl-C was pressed; the query has been cancelled.
        """

    def execute(self, sql: str) -> None:
        """Runs a statement; on DuckDB in a transaction of its own.

        Raises:
            WarehouseError: it failed.
            KeyboardInterrupt: Ctrl-C was pressed; the statement has been cancelled.
        """

    def close(self) -> None:
        """Lets go of files and connections."""
