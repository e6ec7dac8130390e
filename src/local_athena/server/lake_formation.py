"""Lake Formation: LF-tags, data cells filters and permissions. They are kept and reported, and protect nothing."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from local_athena.protocol.api import ApiError, Payload, not_implemented, page
from local_athena.stores.database import Documents
from local_athena.stores.glue import ACCOUNT
from local_athena.stores.open import Stores

Tags = dict[str, list[str]]

_DEFAULT_SETTINGS: Payload = {
    "DataLakeAdmins": [],
    "CreateDatabaseDefaultPermissions": [],
    "CreateTableDefaultPermissions": [],
}


class LakeFormation:
    """Answers the calls of Lake Formation; tags and filters go with their table."""

    def __init__(self, stores: Stores) -> None:
        self._glue = stores.glue
        self._transaction = stores.database.transaction
        self._tags = Documents(stores.database, "lf tag")
        self._assigned = Documents(stores.database, "lf tags of resource")
        self._filters = Documents(stores.database, "lf data cells filter")
        self._permissions = Documents(stores.database, "lf permission")
        self._settings = Documents(stores.database, "lf settings")
        self._glue.on_drop.append(self._forget)
        self._operations: Mapping[str, Callable[[Payload], Payload]] = {
            "CreateLFTag": self._create_tag,
            "GetLFTag": lambda payload: self._need_tag(payload["TagKey"]),
            "UpdateLFTag": self._update_tag,
            "DeleteLFTag": self._delete_tag,
            "ListLFTags": self._list_tags,
            "AddLFTagsToResource": self._add_tags,
            "RemoveLFTagsFromResource": self._remove_tags,
            "GetResourceLFTags": self._resource_tags,
            "CreateDataCellsFilter": self._create_filter,
            "GetDataCellsFilter": lambda payload: {"DataCellsFilter": self._need_filter(payload)},
            "UpdateDataCellsFilter": self._update_filter,
            "DeleteDataCellsFilter": self._delete_filter,
            "ListDataCellsFilter": self._list_filters,
            "GrantPermissions": self._grant,
            "RevokePermissions": self._revoke,
            "BatchGrantPermissions": lambda payload: self._batch(payload, self._grant),
            "BatchRevokePermissions": lambda payload: self._batch(payload, self._revoke),
            "ListPermissions": self._list_permissions,
            "GetDataLakeSettings": lambda _payload: {"DataLakeSettings": self._settings.get("") or _DEFAULT_SETTINGS},
            "PutDataLakeSettings": self._put_settings,
        }

    def call(self, operation: str, payload: Payload) -> Payload:
        """Answers one call; each is one transaction."""
        if operation not in self._operations:
            raise not_implemented("Lake Formation", operation)
        try:
            with self._transaction():
                return self._operations[operation](payload)
        except KeyError as error:
            raise ApiError("InvalidInputException", f"{error.args[0]} is missing.") from error

    # Tags and their values

    def _create_tag(self, payload: Payload) -> Payload:
        entry = {"CatalogId": ACCOUNT, "TagKey": payload["TagKey"], "TagValues": list(payload["TagValues"])}
        if not self._tags.add(entry, payload["TagKey"]):
            raise ApiError("AlreadyExistsException", "Tag already exists.")
        return {}

    def _need_tag(self, key: str) -> dict[str, Any]:
        tag = self._tags.get(key)
        if tag is None:
            raise ApiError("EntityNotFoundException", "Tag key does not exist.")
        return tag

    def _update_tag(self, payload: Payload) -> Payload:
        tag = self._need_tag(payload["TagKey"])
        gone = payload.get("TagValuesToDelete") or []
        added = [value for value in payload.get("TagValuesToAdd") or [] if value not in tag["TagValues"]]
        values = [value for value in tag["TagValues"] if value not in gone] + added
        self._tags.put({**tag, "TagValues": values}, payload["TagKey"])
        return {}

    def _delete_tag(self, payload: Payload) -> Payload:
        key = self._need_tag(payload["TagKey"])["TagKey"]
        self._tags.delete(key)
        for entry in self._assigned.all():
            entry["Tags"].pop(key, None)
            self._assigned.put(entry, *entry["Resource"])
        return {}

    def _list_tags(self, payload: Payload) -> Payload:
        shown, token = page(self._tags.all(), payload, default=50, most=1000)
        return {"LFTags": shown, **token}

    # Tags of databases, tables and columns

    def _add_tags(self, payload: Payload) -> Payload:
        failures = []
        for pair in payload["LFTags"]:
            tag = self._tags.get(pair["TagKey"])
            if tag is None or not set(pair["TagValues"]) <= set(tag["TagValues"]):
                error = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": "Tag or tag value does not exist."}
                failures.append({"LFTag": {"CatalogId": ACCOUNT, **pair}, "Error": error})
                continue
            for resource in self._resources(payload["Resource"]):
                self._assign(resource, {**self._own(resource), pair["TagKey"]: list(pair["TagValues"])})
        return {"Failures": failures}

    def _remove_tags(self, payload: Payload) -> Payload:
        for pair in payload["LFTags"]:
            for resource in self._resources(payload["Resource"]):
                own = self._own(resource)
                kept = [value for value in own.pop(pair["TagKey"], []) if value not in pair["TagValues"]]
                self._assign(resource, {**own, **({pair["TagKey"]: kept} if kept else {})})
        return {"Failures": []}

    def _resource_tags(self, payload: Payload) -> Payload:
        asked = next(iter(self._resources(payload["Resource"])))
        inherit = not payload.get("ShowAssignedLFTags")
        of_database = self._own(asked[:1])
        answer: dict[str, Any] = {"LFTagOnDatabase": _pairs(of_database)}
        if len(asked) > 1:
            of_table = {**(of_database if inherit else {}), **self._own(asked[:2])}
            named = payload["Resource"].get("TableWithColumns", {}).get("ColumnNames")
            columns = named or self._columns(*asked[:2])
            of_columns = {
                name: {**(of_table if inherit else {}), **self._own((*asked[:2], name.lower()))} for name in columns
            }
            answer["LFTagsOnTable"] = _pairs(of_table)
            answer["LFTagsOnColumns"] = [
                {"Name": name, "LFTags": _pairs(tags)} for name, tags in of_columns.items() if tags
            ]
        return {name: tags for name, tags in answer.items() if tags}

    def _resources(self, resource: Payload) -> Iterator[tuple[str, ...]]:
        """The names of a database, of a table, or of each of some columns; they exist."""
        if "Database" in resource:
            name = resource["Database"]["Name"].lower()
            if self._glue.database(name) is None:
                raise ApiError("EntityNotFoundException", f"Database {name} not found.")
            yield (name,)
            return
        named = resource.get("Table") or resource.get("TableWithColumns")
        if not named:
            raise not_implemented("Lake Formation", f"tags of {', '.join(resource)}")
        database, table = named["DatabaseName"].lower(), named["Name"].lower()
        columns = [column.lower() for column in self._columns(database, table)]
        if "Table" in resource:
            yield database, table
            return
        for column in named["ColumnNames"]:
            if column.lower() not in columns:
                raise ApiError("EntityNotFoundException", f"Column {column} not found.")
            yield database, table, column.lower()

    def _columns(self, database: str, table: str) -> list[str]:
        entry = self._glue.table(database, table)
        if entry is None:
            raise ApiError("EntityNotFoundException", f"Table {table} not found.")
        columns = [*entry.get("StorageDescriptor", {}).get("Columns", []), *(entry.get("PartitionKeys") or [])]
        return [column["Name"] for column in columns]

    def _own(self, resource: Sequence[str]) -> Tags:
        entry = self._assigned.get(*resource)
        return dict(entry["Tags"]) if entry else {}

    def _assign(self, resource: Sequence[str], tags: Tags) -> None:
        self._assigned.put({"Resource": list(resource), "Tags": tags}, *resource)

    def _forget(self, database: str, table: str | None) -> None:
        gone = [database] if table is None else [database, table]
        for entry in self._assigned.all():
            if entry["Resource"][: len(gone)] == gone:
                self._assigned.delete(*entry["Resource"])
        for entry in self._filters.all():
            if _filter_key(entry)[: len(gone)] == tuple(gone):
                self._filters.delete(*_filter_key(entry))

    # Data cells filters

    def _create_filter(self, payload: Payload) -> Payload:
        entry = payload["TableData"]
        self._columns(*_filter_key(entry)[:2])
        if not self._filters.add({**entry, "VersionId": uuid.uuid4().hex}, *_filter_key(entry)):
            raise ApiError("AlreadyExistsException", "Data cells filter already exists.")
        return {}

    def _need_filter(self, entry: Payload) -> dict[str, Any]:
        found = self._filters.get(*_filter_key(entry))
        if found is None:
            raise ApiError("EntityNotFoundException", "Data cells filter does not exist.")
        return found

    def _update_filter(self, payload: Payload) -> Payload:
        entry = payload["TableData"]
        self._need_filter(entry)
        self._filters.put({**entry, "VersionId": uuid.uuid4().hex}, *_filter_key(entry))
        return {}

    def _delete_filter(self, payload: Payload) -> Payload:
        self._filters.delete(*_filter_key(self._need_filter(payload)))
        return {}

    def _list_filters(self, payload: Payload) -> Payload:
        filters = self._filters.all()
        table = payload.get("Table")
        if table:
            wanted = (table["DatabaseName"].lower(), table["Name"].lower())
            filters = [entry for entry in filters if _filter_key(entry)[:2] == wanted]
        shown, token = page(filters, payload, default=1000, most=1000)
        return {"DataCellsFilters": shown, **token}

    # Permissions

    def _put_settings(self, payload: Payload) -> Payload:
        self._settings.put(payload["DataLakeSettings"], "")
        return {}

    def _grant(self, payload: Payload) -> Payload:
        key = _permission_key(payload)
        old = self._permissions.get(*key) or {}
        entry = {"Principal": payload["Principal"], "Resource": payload["Resource"]}
        for member in ("Permissions", "PermissionsWithGrantOption"):
            entry[member] = sorted({*old.get(member, []), *(payload.get(member) or [])})
        self._permissions.put(entry, *key)
        return {}

    def _revoke(self, payload: Payload) -> Payload:
        key = _permission_key(payload)
        old = self._permissions.get(*key)
        if old is None:
            raise ApiError("InvalidInputException", "No permissions revoked. Grantee has no such permissions.")
        for member in ("Permissions", "PermissionsWithGrantOption"):
            old[member] = [name for name in old[member] if name not in (payload.get(member) or [])]
        if old["Permissions"]:
            self._permissions.put(old, *key)
        else:
            self._permissions.delete(*key)
        return {}

    def _batch(self, payload: Payload, do: Callable[[Payload], Payload]) -> Payload:
        failures = []
        for entry in payload["Entries"]:
            failure = _failure(do, entry)
            if failure:
                failures.append({"RequestEntry": entry, "Error": failure})
        return {"Failures": failures}

    def _list_permissions(self, payload: Payload) -> Payload:
        found = self._permissions.all()
        for member in ("Principal", "Resource"):
            if payload.get(member):
                found = [entry for entry in found if _same(entry[member], payload[member])]
        shown, token = page(found, payload, default=1000, most=1000)
        return {"PrincipalResourcePermissions": shown, **token}


def _pairs(tags: Tags) -> list[dict[str, Any]]:
    return [{"CatalogId": ACCOUNT, "TagKey": key, "TagValues": values} for key, values in tags.items()]


def _filter_key(entry: Payload) -> tuple[str, str, str]:
    return entry["DatabaseName"].lower(), entry["TableName"].lower(), entry["Name"]


def _permission_key(payload: Payload) -> tuple[str, str]:
    return json.dumps(payload["Principal"], sort_keys=True), json.dumps(payload["Resource"], sort_keys=True)


def _same(left: Payload, right: Payload) -> bool:
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def _failure(do: Callable[[Payload], Payload], entry: Payload) -> Payload | None:
    try:
        do(entry)
    except ApiError as error:
        return {"ErrorCode": error.code, "ErrorMessage": error.message}
    return None
