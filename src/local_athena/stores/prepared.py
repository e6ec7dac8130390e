"""Prepared statements: PREPARE and the API make the same ones, each in a work group."""

from __future__ import annotations

import time
from typing import Any

from local_athena.stores.database import Database, Documents


class PreparedStatements:
    """The prepared statements of all work groups."""

    def __init__(self, database: Database) -> None:
        self._entries = Documents(database, "prepared statement")

    def find(self, work_group: str, name: str) -> str | None:
        """The statement's text; None if there is none of this name."""
        found = self.entry(work_group, name)
        return found["QueryStatement"] if found else None

    def entry(self, work_group: str, name: str) -> dict[str, Any] | None:
        """The statement as the API describes it; None if there is none of this name."""
        return self._entries.get(work_group, name)

    def put(self, work_group: str, name: str, sql: str, description: str = "") -> None:
        """Makes or replaces a statement."""
        entry = {
            "StatementName": name,
            "QueryStatement": sql,
            "WorkGroupName": work_group,
            "Description": description,
            "LastModifiedTime": round(time.time(), 3),
        }
        self._entries.put(entry, work_group, name)

    def delete(self, work_group: str, name: str) -> bool:
        """Deletes a statement; False if there is none of this name."""
        return self._entries.delete(work_group, name)

    def entries(self, work_group: str) -> list[dict[str, Any]]:
        """All statements of a work group as the API describes them, by name."""
        return [entry for entry in self._entries.all() if entry["WorkGroupName"] == work_group]
