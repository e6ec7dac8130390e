"""Glue's catalogue: databases, tables with their versions, partitions. Names are in lower case, as in Glue.

Entries have the shape of the Glue API; times are seconds since 1970, as the API sends them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from local_athena.store import AlreadyExistsError, ConflictError, Entry, MissingError
from local_athena.stores.database import Database

#: The account that owns everything; Glue calls it the catalog.
ACCOUNT = "123456789012"

_TABLE_KEPT = ("CreateTime", "CreatedBy")


class GlueCatalogue:
    """Implements `store.Glue`; each method is one transaction.

    Attributes:
        on_drop: called, in the transaction, with the names of a database and a table that go; None for all its tables.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.on_drop: list[Callable[[str, str | None], None]] = []

    def databases(self) -> list[dict[str, Any]]:
        """All databases, by name."""
        return [json.loads(entry) for (entry,) in self._database.rows("select entry from glue_databases order by name")]

    def database(self, name: str) -> dict[str, Any] | None:
        """The database; None if it is missing."""
        row = self._database.row("select entry from glue_databases where name = ?", name.lower())
        return json.loads(row[0]) if row else None

    def create_database(self, database_input: Entry) -> None:
        """Creates a database. Raises AlreadyExistsError."""
        name = database_input["Name"].lower()
        entry = {
            "CreateTableDefaultPermissions": [
                {"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}
            ],
            **database_input,
            "Name": name,
            "CreateTime": _now(),
            "CatalogId": ACCOUNT,
        }
        if not self._database.run("insert or ignore into glue_databases values (?, ?)", name, json.dumps(entry)):
            raise AlreadyExistsError("Database already exists.")

    def update_database(self, name: str, database_input: Entry) -> None:
        """Replaces a database's entry, but not its name. Raises MissingError."""
        with self._database.transaction():
            old = self._need_database(name)
            kept = {key: old[key] for key in ("Name", "CreateTime", "CatalogId", "CreateTableDefaultPermissions")}
            entry = json.dumps({**kept, **database_input, "Name": kept["Name"]})
            self._database.run("update glue_databases set entry = ? where name = ?", entry, kept["Name"])

    def delete_database(self, name: str) -> None:
        """Deletes a database and what is in it. Raises MissingError."""
        with self._database.transaction():
            found = self._need_database(name)["Name"]
            self._database.run("delete from glue_databases where name = ?", found)
            for kind in ("tables", "versions", "partitions"):
                self._database.run(f"delete from glue_{kind} where database = ?", found)
            self._dropped(found, None)

    def tables(self, database: str) -> list[dict[str, Any]]:
        """All tables and views of a database, by name. Raises MissingError."""
        found = self._need_database(database)["Name"]
        rows = self._database.rows("select entry from glue_tables where database = ? order by name", found)
        return [json.loads(entry) for (entry,) in rows]

    def table(self, database: str, name: str) -> dict[str, Any] | None:
        """The table or view, with `VersionId`; None if it is missing, or its database."""
        sql = "select entry from glue_tables where database = ? and name = ?"
        row = self._database.row(sql, database.lower(), name.lower())
        return json.loads(row[0]) if row else None

    def create_table(self, database: str, table_input: Entry) -> None:
        """Creates a table or view. Raises AlreadyExistsError or MissingError."""
        with self._database.transaction():
            owner = self._need_database(database)["Name"]
            if self.table(owner, table_input["Name"]):
                raise AlreadyExistsError("Table already exists.")
            created = {"CreateTime": _now(), "CreatedBy": f"arn:aws:iam::{ACCOUNT}:root"}
            self._put_table(owner, table_input, created, 0)

    def update_table(
        self, database: str, table_input: Entry, *, version: str | None = None, skip_archive: bool = True
    ) -> None:
        """Replaces a table's entry; with `version`, only if it is still the current one.

        Raises:
            MissingError: there is no such table.
            ConflictError: another version is current.
        """
        with self._database.transaction():
            old = self._need_table(database, table_input["Name"])
            if version is not None and version != old["VersionId"]:
                raise ConflictError(f"Update table failed due to concurrent modifications: version {version} is old.")
            if skip_archive:
                sql = "delete from glue_versions where database = ? and name = ? and version = ?"
                self._database.run(sql, old["DatabaseName"], old["Name"], int(old["VersionId"]))
            kept = {key: old[key] for key in _TABLE_KEPT}
            self._put_table(old["DatabaseName"], table_input, kept, int(old["VersionId"]) + 1)

    def delete_table(self, database: str, name: str) -> None:
        """Deletes a table or view and its partitions. Raises MissingError."""
        with self._database.transaction():
            found = self._need_table(database, name)
            for kind in ("tables", "versions", "partitions"):
                sql = f"delete from glue_{kind} where database = ? and name = ?"
                self._database.run(sql, found["DatabaseName"], found["Name"])
            self._dropped(found["DatabaseName"], found["Name"])

    def table_versions(self, database: str, name: str) -> list[dict[str, Any]]:
        """The table's entries, the current one first. Raises MissingError."""
        found = self._need_table(database, name)
        sql = "select entry from glue_versions where database = ? and name = ? order by version desc"
        return [json.loads(entry) for (entry,) in self._database.rows(sql, found["DatabaseName"], found["Name"])]

    def delete_table_version(self, database: str, name: str, version: str) -> None:
        """Deletes an archived entry of a table. Raises MissingError; ConflictError if it is the current one."""
        with self._database.transaction():
            found = self._need_table(database, name)
            if found["VersionId"] == version:
                raise ConflictError("The current version of a table cannot be deleted.")
            sql = "delete from glue_versions where database = ? and name = ? and version = ?"
            number = int(version) if version.isdigit() else -1
            if not self._database.run(sql, found["DatabaseName"], found["Name"], number):
                raise MissingError("Version not found.")

    def partitions(self, database: str, table: str) -> list[dict[str, Any]]:
        """All partitions of a table. Raises MissingError."""
        found = self._need_table(database, table)
        sql = "select entry from glue_partitions where database = ? and name = ? order by partition_values"
        return [json.loads(entry) for (entry,) in self._database.rows(sql, found["DatabaseName"], found["Name"])]

    def partition(self, database: str, table: str, values: Sequence[str]) -> dict[str, Any] | None:
        """The partition of these values; None if it is missing, or its table."""
        sql = "select entry from glue_partitions where database = ? and name = ? and partition_values = ?"
        row = self._database.row(sql, database.lower(), table.lower(), _values(values))
        return json.loads(row[0]) if row else None

    def create_partition(self, database: str, table: str, partition_input: Entry) -> None:
        """Adds a partition. Raises AlreadyExistsError or MissingError."""
        with self._database.transaction():
            found = self._need_table(database, table)
            values = partition_input["Values"]
            if self.partition(database, table, values):
                raise AlreadyExistsError("Partition already exists.")
            self._put_partition(found, partition_input, _now())

    def update_partition(self, database: str, table: str, values: Sequence[str], partition_input: Entry) -> None:
        """Replaces the partition of these values.

        Raises:
            MissingError: there is no such partition.
            AlreadyExistsError: its new values are those of another one.
        """
        with self._database.transaction():
            found = self._need_table(database, table)
            old = self._need_partition(database, table, values)
            new_values = partition_input.get("Values") or list(values)
            if new_values != list(values) and self.partition(database, table, new_values):
                raise AlreadyExistsError("Partition already exists.")
            self.delete_partition(database, table, values)
            self._put_partition(found, {**partition_input, "Values": new_values}, old["CreationTime"])

    def delete_partition(self, database: str, table: str, values: Sequence[str]) -> None:
        """Removes the partition of these values. Raises MissingError."""
        with self._database.transaction():
            found = self._need_table(database, table)
            self._need_partition(database, table, values)
            sql = "delete from glue_partitions where database = ? and name = ? and partition_values = ?"
            self._database.run(sql, found["DatabaseName"], found["Name"], _values(values))

    def _dropped(self, database: str, table: str | None) -> None:
        for tell in self.on_drop:
            tell(database, table)

    def _need_database(self, name: str) -> dict[str, Any]:
        found = self.database(name)
        if found is None:
            raise MissingError(f"Database {name.lower()} not found.")
        return found

    def _need_table(self, database: str, name: str) -> dict[str, Any]:
        self._need_database(database)
        found = self.table(database, name)
        if found is None:
            raise MissingError(f"Table {name.lower()} not found.")
        return found

    def _need_partition(self, database: str, table: str, values: Sequence[str]) -> dict[str, Any]:
        found = self.partition(database, table, values)
        if found is None:
            raise MissingError("Cannot find partition.")
        return found

    def _put_table(self, database: str, table_input: Entry, kept: Entry, version: int) -> None:
        name = table_input["Name"].lower()
        entry = {
            **table_input,
            **kept,
            "Name": name,
            "DatabaseName": database,
            "UpdateTime": _now(),
            "IsRegisteredWithLakeFormation": False,
            "CatalogId": ACCOUNT,
            "VersionId": str(version),
        }
        text = json.dumps(entry)
        self._database.run("insert or replace into glue_tables values (?, ?, ?, ?)", database, name, version, text)
        self._database.run("insert or replace into glue_versions values (?, ?, ?, ?)", database, name, version, text)

    def _put_partition(self, table: Entry, partition_input: Entry, created: float) -> None:
        database, name = table["DatabaseName"], table["Name"]
        entry = {
            **partition_input,
            "DatabaseName": database,
            "TableName": name,
            "CreationTime": created,
            "CatalogId": ACCOUNT,
        }
        key = _values(partition_input["Values"])
        self._database.run("insert into glue_partitions values (?, ?, ?, ?)", database, name, key, json.dumps(entry))


def _now() -> float:
    return float(int(time.time()))


def _values(values: Sequence[str]) -> str:
    return json.dumps(list(values))
