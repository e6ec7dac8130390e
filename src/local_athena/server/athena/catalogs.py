"""What Athena's API tells of the data catalog: one catalog, Glue's databases and tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from local_athena.protocol.api import Payload, page
from local_athena.server.athena.errors import invalid, no_metadata
from local_athena.store import Entry
from local_athena.stores.glue import ACCOUNT, GlueCatalogue

CATALOG = "AwsDataCatalog"


class Catalogs:
    """Data catalogs, databases and tables."""

    def __init__(self, glue: GlueCatalogue) -> None:
        self._glue = glue
        self.operations: Mapping[str, Callable[[Payload], Payload]] = {
            "ListDataCatalogs": self.list_catalogs,
            "GetDataCatalog": self.get_catalog,
            "ListDatabases": self.list_databases,
            "GetDatabase": self.get_database,
            "ListTableMetadata": self.list_tables,
            "GetTableMetadata": self.get_table,
        }

    def list_catalogs(self, _payload: Payload) -> Payload:
        """ListDataCatalogs."""
        return {"DataCatalogsSummary": [{"CatalogName": CATALOG, "Type": "GLUE"}]}

    def get_catalog(self, payload: Payload) -> Payload:
        """GetDataCatalog."""
        name = payload.get("Name") or ""
        if name.lower() != CATALOG.lower():
            raise invalid(f"Data Catalog {name} was not found")
        return {"DataCatalog": {"Name": CATALOG, "Type": "GLUE", "Parameters": {"catalog-id": ACCOUNT}}}

    def list_databases(self, payload: Payload) -> Payload:
        """ListDatabases."""
        _check_catalog(payload)
        databases, token = page(self._glue.databases(), payload, default=50, most=50)
        return {"DatabaseList": [_database(entry) for entry in databases], **token}

    def get_database(self, payload: Payload) -> Payload:
        """GetDatabase."""
        return {"Database": _database(self._database(payload))}

    def list_tables(self, payload: Payload) -> Payload:
        """ListTableMetadata."""
        tables = self._glue.tables(self._database(payload)["Name"])
        expression = payload.get("Expression")
        if expression:
            try:
                pattern = re.compile(expression)
            except re.error as error:
                raise invalid(f"Expression {expression} is not valid: {error}") from error
            tables = [table for table in tables if pattern.fullmatch(table["Name"])]
        shown, token = page(tables, payload, default=50, most=50)
        return {"TableMetadataList": [_table(table) for table in shown], **token}

    def get_table(self, payload: Payload) -> Payload:
        """GetTableMetadata."""
        database, name = self._database(payload)["Name"], payload.get("TableName") or ""
        table = self._glue.table(database, name)
        if table is None:
            raise no_metadata(f"EntityNotFoundException: Table {name} not found.")
        return {"TableMetadata": _table(table)}

    def _database(self, payload: Payload) -> dict[str, Any]:
        _check_catalog(payload)
        name = payload.get("DatabaseName") or ""
        database = self._glue.database(name)
        if database is None:
            raise no_metadata(f"EntityNotFoundException: Database {name} not found.")
        return database


def _check_catalog(payload: Payload) -> None:
    name = payload.get("CatalogName") or ""
    if name.lower() != CATALOG.lower():
        raise invalid(f"Data Catalog {name} was not found")


def _database(entry: Entry) -> dict[str, Any]:
    described = {"Name": entry["Name"], "Description": entry.get("Description"), "Parameters": entry.get("Parameters")}
    return {key: value for key, value in described.items() if value is not None}


def _table(entry: Entry) -> dict[str, Any]:
    described = {
        "Name": entry["Name"],
        "CreateTime": entry.get("CreateTime"),
        "LastAccessTime": entry.get("LastAccessTime"),
        "TableType": entry.get("TableType"),
        "Columns": [_column(column) for column in entry.get("StorageDescriptor", {}).get("Columns", [])],
        "PartitionKeys": [_column(column) for column in entry.get("PartitionKeys", [])],
        "Parameters": {**entry.get("Parameters", {}), **_storage(entry)},
    }
    return {key: value for key, value in described.items() if value is not None}


def _column(column: Entry) -> dict[str, Any]:
    return {key: column[key] for key in ("Name", "Type", "Comment") if column.get(key) is not None}


def _storage(entry: Entry) -> dict[str, str]:
    """Athena puts the storage of a table among its parameters."""
    storage = entry.get("StorageDescriptor", {})
    serde = storage.get("SerdeInfo", {})
    named = {
        "location": storage.get("Location"),
        "inputformat": storage.get("InputFormat"),
        "outputformat": storage.get("OutputFormat"),
        "serde.serialization.lib": serde.get("SerializationLibrary"),
        **{f"serde.param.{key}": value for key, value in serde.get("Parameters", {}).items()},
    }
    return {key: value for key, value in named.items() if value}
