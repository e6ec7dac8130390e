"""Work groups: where results go, what a statement may scan."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from local_athena.protocol.api import Payload, page
from local_athena.server.athena.errors import invalid
from local_athena.server.athena.execution import ENGINE_VERSION
from local_athena.stores.database import Database, Documents
from local_athena.stores.prepared import PreparedStatements

PRIMARY = "primary"

_NAME = re.compile(r"[a-zA-Z0-9._-]{1,128}")
_LEAST_CUTOFF = 10_000_000
_DEFAULTS = {
    "EnforceWorkGroupConfiguration": True,
    "PublishCloudWatchMetricsEnabled": False,
    "RequesterPaysEnabled": False,
    "EnableMinimumEncryptionConfiguration": False,
    "EngineVersion": ENGINE_VERSION,
}
# Members of ConfigurationUpdates that take something away, and what they take.
_REMOVALS = {
    "RemoveBytesScannedCutoffPerQuery": "BytesScannedCutoffPerQuery",
    "RemoveCustomerContentEncryptionConfiguration": "CustomerContentEncryptionConfiguration",
}
_RESULT_REMOVALS = {
    "RemoveOutputLocation": "OutputLocation",
    "RemoveEncryptionConfiguration": "EncryptionConfiguration",
    "RemoveExpectedBucketOwner": "ExpectedBucketOwner",
    "RemoveAclConfiguration": "AclConfiguration",
}


class WorkGroups:
    """The work groups; `primary` is always there and enforces nothing."""

    def __init__(self, database: Database, prepared: PreparedStatements) -> None:
        self._database = database
        self._groups = Documents(database, "work group")
        self._prepared = prepared
        self._groups.add(_entry(PRIMARY, {"EnforceWorkGroupConfiguration": False}, ""), PRIMARY)
        self.operations: Mapping[str, Callable[[Payload], Payload]] = {
            "CreateWorkGroup": self.create,
            "GetWorkGroup": self.get,
            "UpdateWorkGroup": self.update,
            "DeleteWorkGroup": self.delete,
            "ListWorkGroups": self.list,
            "ListEngineVersions": lambda _payload: {"EngineVersions": [ENGINE_VERSION]},
        }

    def need(self, name: str) -> dict[str, Any]:
        """The work group.

        Raises:
            ApiError: there is none of this name.
        """
        group = self._groups.get(name)
        if group is None:
            raise invalid(f"WorkGroup {name} is not found.")
        return group

    def usable(self, name: str) -> dict[str, Any]:
        """The work group, if statements may run in it.

        Raises:
            ApiError: there is none of this name, or it is disabled.
        """
        group = self._groups.get(name)
        if group is None:
            raise invalid("WorkGroup is not found.")
        if group["State"] != "ENABLED":
            raise invalid(f"WorkGroup {name} is disabled.")
        return group

    def create(self, payload: Payload) -> Payload:
        """CreateWorkGroup."""
        name = payload.get("Name") or ""
        if not _NAME.fullmatch(name):
            raise invalid(f"WorkGroup name {name!r} is not valid.")
        group = _entry(name, payload.get("Configuration") or {}, payload.get("Description") or "")
        if not self._groups.add(group, name):
            raise invalid("WorkGroup is already created")
        return {}

    def get(self, payload: Payload) -> Payload:
        """GetWorkGroup."""
        return {"WorkGroup": self.need(payload.get("WorkGroup") or "")}

    def update(self, payload: Payload) -> Payload:
        """UpdateWorkGroup."""
        name = payload.get("WorkGroup") or ""
        with self._database.transaction():
            group = self.need(name)
            if "Description" in payload:
                group["Description"] = payload["Description"]
            if payload.get("State") in ("ENABLED", "DISABLED"):
                group["State"] = payload["State"]
            _update(group["Configuration"], payload.get("ConfigurationUpdates") or {})
            self._groups.put(group, name)
        return {}

    def delete(self, payload: Payload) -> Payload:
        """DeleteWorkGroup."""
        name = payload.get("WorkGroup") or ""
        with self._database.transaction():
            if name == PRIMARY:
                raise invalid("WorkGroup primary cannot be deleted.")
            self.need(name)
            statements = self._prepared.entries(name)
            if statements and not payload.get("RecursiveDeleteOption"):
                raise invalid(f"WorkGroup {name} is not empty")
            for statement in statements:
                self._prepared.delete(name, statement["StatementName"])
            self._groups.delete(name)
        return {}

    def list(self, payload: Payload) -> Payload:
        """ListWorkGroups."""
        groups, token = page(self._groups.all(), payload, default=50, most=50)
        summaries = [
            {
                **{key: group[key] for key in ("Name", "State", "Description", "CreationTime")},
                "EngineVersion": group["Configuration"]["EngineVersion"],
            }
            for group in groups
        ]
        return {"WorkGroups": summaries, **token}


def _entry(name: str, configuration: Payload, description: str) -> dict[str, Any]:
    _check(configuration)
    return {
        "Name": name,
        "State": "ENABLED",
        "Configuration": {"ResultConfiguration": {}, **_DEFAULTS, **configuration, "EngineVersion": ENGINE_VERSION},
        "Description": description,
        "CreationTime": round(time.time(), 3),
    }


def _update(configuration: dict[str, Any], updates: Payload) -> None:
    _check(updates)
    changed = {key: value for key, value in updates.items() if key in {*_DEFAULTS, "BytesScannedCutoffPerQuery"}}
    configuration.update({**changed, "EngineVersion": ENGINE_VERSION})
    for removal, key in _REMOVALS.items():
        if updates.get(removal):
            configuration.pop(key, None)
    result = updates.get("ResultConfigurationUpdates") or {}
    kept = configuration.setdefault("ResultConfiguration", {})
    kept.update({key: result[key] for key in _RESULT_REMOVALS.values() if key in result})
    for removal, key in _RESULT_REMOVALS.items():
        if result.get(removal):
            kept.pop(key, None)


def _check(configuration: Payload) -> None:
    cutoff = configuration.get("BytesScannedCutoffPerQuery")
    if cutoff is not None and cutoff < _LEAST_CUTOFF:
        raise invalid(f"BytesScannedCutoffPerQuery must be at least {_LEAST_CUTOFF}.")
    engine = (configuration.get("EngineVersion") or {}).get("SelectedEngineVersion", "AUTO")
    if engine not in ("AUTO", ENGINE_VERSION["EffectiveEngineVersion"]):
        raise invalid(f"The local Athena has no {engine}.")
