"""The name of a table or view."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Relation:
    """The name of a table or view.

    Attributes:
        database: dbt's word: the data catalog on Athena, the attached database on DuckDB; may be empty.
        schema: dbt's word: the database on Athena.
        identifier: the table.
    """

    database: str
    schema: str
    identifier: str

    def __str__(self) -> str:
        """As queries name it, on Athena and on DuckDB."""
        return ".".join(quoted(part) for part in (self.database, self.schema, self.identifier) if part)

    @property
    def label(self) -> str:
        """As people name it."""
        return f"{self.schema}.{self.identifier}"

    def beside(self, identifier: str) -> Relation:
        """Another table of the same database."""
        return Relation(self.database, self.schema, identifier)


def quoted(name: str) -> str:
    """A name as queries have it."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
