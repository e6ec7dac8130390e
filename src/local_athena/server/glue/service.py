"""Glue's API over the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from local_athena.protocol.api import ApiError, Payload, not_implemented, page, validation_error
from local_athena.server.glue.batches import FAILURES, api_error, each, need_table
from local_athena.server.glue.partitions import Partitions
from local_athena.store import ConflictError, MissingError
from local_athena.stores.database import Documents
from local_athena.stores.glue import ACCOUNT
from local_athena.stores.open import Stores

# Most members of a list, by the member's name.
_LIMITS = {
    "PartitionInputList": 100,
    "PartitionsToDelete": 25,
    "PartitionsToGet": 1000,
    "Entries": 100,
    "TablesToDelete": 100,
    "VersionIds": 100,
}


class GlueService:
    """Answers the calls of Glue that concern the catalogue."""

    def __init__(self, stores: Stores) -> None:
        self._glue = stores.glue
        self._transaction = stores.database.transaction
        self._tags = Documents(stores.database, "glue tags")
        self._operations: Mapping[str, Callable[[Payload], Payload]] = {
            "CreateDatabase": self._create_database,
            "GetDatabase": self._get_database,
            "GetDatabases": self._get_databases,
            "UpdateDatabase": self._update_database,
            "DeleteDatabase": self._delete_database,
            "CreateTable": self._create_table,
            "GetTable": self._get_table,
            "GetTables": self._get_tables,
            "UpdateTable": self._update_table,
            "DeleteTable": self._delete_table,
            "BatchDeleteTable": self._batch_delete_table,
            "GetTableVersion": self._get_table_version,
            "GetTableVersions": self._get_table_versions,
            "DeleteTableVersion": self._delete_table_version,
            "BatchDeleteTableVersion": self._batch_delete_table_version,
            **Partitions(stores.glue).operations,
            "TagResource": self._tag,
            "UntagResource": self._untag,
            "GetTags": self._get_tags,
        }

    def call(self, operation: str, payload: Payload) -> Payload:
        """Answers one call; each is one transaction."""
        if operation not in self._operations:
            raise not_implemented("Glue", operation)
        if payload.get("CatalogId", ACCOUNT) != ACCOUNT:
            raise ApiError("EntityNotFoundException", f"Catalog {payload['CatalogId']} not found.")
        for member, most in _LIMITS.items():
            if len(payload.get(member) or ()) > most:
                name = member[0].lower() + member[1:]
                constraint = f"Member must have length less than or equal to {most}"
                raise validation_error(f"a list of {len(payload[member])}", name, constraint)
        try:
            with self._transaction():
                return self._operations[operation](payload)
        except FAILURES as error:
            raise api_error(error) from error
        except KeyError as error:
            member = str(error.args[0])
            raise validation_error(None, member[0].lower() + member[1:], "Member must not be null") from error

    # Databases

    def _create_database(self, payload: Payload) -> Payload:
        self._glue.create_database(_named(payload["DatabaseInput"]))
        return {}

    def _get_database(self, payload: Payload) -> Payload:
        database = self._glue.database(payload["Name"])
        if database is None:
            raise MissingError(f"Database {payload['Name'].lower()} not found.")
        return {"Database": database}

    def _get_databases(self, payload: Payload) -> Payload:
        databases, token = page(self._glue.databases(), payload, default=100, most=100)
        return {"DatabaseList": databases, **token}

    def _update_database(self, payload: Payload) -> Payload:
        self._glue.update_database(payload["Name"], payload["DatabaseInput"])
        return {}

    def _delete_database(self, payload: Payload) -> Payload:
        self._glue.delete_database(payload["Name"])
        return {}

    # Tables

    def _create_table(self, payload: Payload) -> Payload:
        if payload.get("OpenTableFormatInput"):
            raise not_implemented("Glue", "CreateTable with OpenTableFormatInput")
        self._glue.create_table(payload["DatabaseName"], _named(payload["TableInput"]))
        return {}

    def _get_table(self, payload: Payload) -> Payload:
        return {"Table": need_table(self._glue, payload["DatabaseName"], payload["Name"])}

    def _get_tables(self, payload: Payload) -> Payload:
        tables = self._glue.tables(payload["DatabaseName"])
        expression = payload.get("Expression")
        if expression:
            try:
                pattern = re.compile(expression, re.IGNORECASE)
            except re.error as error:
                raise ApiError("InvalidInputException", f"Expression {expression} is not valid: {error}") from error
            tables = [table for table in tables if pattern.fullmatch(table["Name"])]
        shown, token = page(tables, payload, default=100, most=100)
        return {"TableList": shown, **token}

    def _update_table(self, payload: Payload) -> Payload:
        self._glue.update_table(
            payload["DatabaseName"],
            payload["TableInput"],
            version=payload.get("VersionId"),
            skip_archive=bool(payload.get("SkipArchive")),
        )
        return {}

    def _delete_table(self, payload: Payload) -> Payload:
        self._glue.delete_table(payload["DatabaseName"], payload["Name"])
        return {}

    def _batch_delete_table(self, payload: Payload) -> Payload:
        database = payload["DatabaseName"]
        names: list[str] = payload["TablesToDelete"]
        return each(names, lambda name: self._glue.delete_table(database, name), lambda name: {"TableName": name})

    def _get_table_version(self, payload: Payload) -> Payload:
        versions = self._glue.table_versions(payload["DatabaseName"], payload["TableName"])
        wanted = payload.get("VersionId") or versions[0]["VersionId"]
        for version in versions:
            if version["VersionId"] == wanted:
                return {"TableVersion": {"Table": version, "VersionId": wanted}}
        raise MissingError("Version not found.")

    def _get_table_versions(self, payload: Payload) -> Payload:
        versions = self._glue.table_versions(payload["DatabaseName"], payload["TableName"])
        shown, token = page(versions, payload, default=100, most=100)
        return {"TableVersions": [{"Table": table, "VersionId": table["VersionId"]} for table in shown], **token}

    def _delete_table_version(self, payload: Payload) -> Payload:
        try:
            self._glue.delete_table_version(payload["DatabaseName"], payload["TableName"], payload["VersionId"])
        except ConflictError as error:
            raise ApiError("InvalidInputException", str(error)) from error
        return {}

    def _batch_delete_table_version(self, payload: Payload) -> Payload:
        database, table = payload["DatabaseName"], payload["TableName"]
        versions: list[str] = payload["VersionIds"]
        return each(
            versions,
            lambda version: self._glue.delete_table_version(database, table, version),
            lambda version: {"TableName": table, "VersionId": version},
        )

    # Tags

    def _tag(self, payload: Payload) -> Payload:
        arn = payload["ResourceArn"]
        self._tags.put({**(self._tags.get(arn) or {}), **payload["TagsToAdd"]}, arn)
        return {}

    def _untag(self, payload: Payload) -> Payload:
        arn, gone = payload["ResourceArn"], payload["TagsToRemove"]
        self._tags.put({key: value for key, value in (self._tags.get(arn) or {}).items() if key not in gone}, arn)
        return {}

    def _get_tags(self, payload: Payload) -> Payload:
        return {"Tags": self._tags.get(payload["ResourceArn"]) or {}}


def _named(entry: Payload) -> Payload:
    if not entry.get("Name"):
        raise validation_error(entry.get("Name"), "name", "Member must have length greater than or equal to 1")
    return entry
