"""Athena's API."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from local_athena.faults import Faults
from local_athena.log import CallLog
from local_athena.outcome import Engine
from local_athena.protocol.api import Payload, not_implemented
from local_athena.server.athena.catalogs import Catalogs
from local_athena.server.athena.errors import invalid
from local_athena.server.athena.executions import Executions
from local_athena.server.athena.saved import NamedQueries, Prepared
from local_athena.server.athena.work_groups import WorkGroups
from local_athena.stores.database import Database, Documents
from local_athena.stores.open import Stores


class AthenaService:
    """Answers the calls of Athena."""

    def __init__(self, engine: Engine, stores: Stores, faults: Faults, log: CallLog) -> None:
        work_groups = WorkGroups(stores.database, stores.prepared)
        self.executions = Executions(engine, stores.objects, work_groups, faults, log)
        self._operations: Mapping[str, Callable[[Payload], Payload]] = {
            **self.executions.operations,
            **work_groups.operations,
            **Prepared(stores.prepared, work_groups).operations,
            **NamedQueries(stores.database, work_groups).operations,
            **Catalogs(stores.glue).operations,
            **_Tags(stores.database).operations,
        }

    def call(self, operation: str, payload: Payload) -> Payload:
        """Answers one call."""
        if operation not in self._operations:
            raise not_implemented("Athena", operation)
        return self._operations[operation](payload)

    def close(self, seconds: float) -> bool:
        """Cancels what runs; False if some of it still runs after so many seconds."""
        return self.executions.close(seconds)


class _Tags:
    """Tags of work groups and data catalogs, by their ARNs."""

    def __init__(self, database: Database) -> None:
        self._tags = Documents(database, "athena tags")
        self.operations: Mapping[str, Callable[[Payload], Payload]] = {
            "TagResource": self._tag,
            "UntagResource": self._untag,
            "ListTagsForResource": self._list,
        }

    def _tag(self, payload: Payload) -> Payload:
        arn = _arn(payload)
        added = {tag["Key"]: tag.get("Value", "") for tag in payload.get("Tags") or []}
        self._tags.put({**(self._tags.get(arn) or {}), **added}, arn)
        return {}

    def _untag(self, payload: Payload) -> Payload:
        arn, gone = _arn(payload), payload.get("TagKeys") or []
        self._tags.put({key: value for key, value in (self._tags.get(arn) or {}).items() if key not in gone}, arn)
        return {}

    def _list(self, payload: Payload) -> Payload:
        tags = self._tags.get(_arn(payload)) or {}
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _arn(payload: Payload) -> str:
    arn: str = payload.get("ResourceARN") or ""
    if ":athena:" not in arn:
        raise invalid(f"ResourceARN {arn!r} is not valid.")
    return arn
