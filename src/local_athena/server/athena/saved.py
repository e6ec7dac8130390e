"""Statements that are kept: prepared statements and named queries."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping

from local_athena.protocol.api import Payload, page
from local_athena.server.athena.errors import invalid, missing
from local_athena.server.athena.work_groups import PRIMARY, WorkGroups
from local_athena.stores.database import Database, Documents
from local_athena.stores.prepared import PreparedStatements

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_@:]{0,255}")
_BATCH = 50


class Prepared:
    """Prepared statements of the API; PREPARE makes the same ones."""

    def __init__(self, statements: PreparedStatements, work_groups: WorkGroups) -> None:
        self._statements = statements
        self._work_groups = work_groups
        self.operations: Mapping[str, Callable[[Payload], Payload]] = {
            "CreatePreparedStatement": self.create,
            "GetPreparedStatement": self.get,
            "BatchGetPreparedStatement": self.get_batch,
            "UpdatePreparedStatement": self.update,
            "DeletePreparedStatement": self.delete,
            "ListPreparedStatements": self.list,
        }

    def create(self, payload: Payload) -> Payload:
        """CreatePreparedStatement."""
        group, name = self._group(payload), payload.get("StatementName") or ""
        if not _NAME.fullmatch(name):
            raise invalid(f"StatementName {name!r} is not valid.")
        if self._statements.find(group, name) is not None:
            raise invalid(f"PreparedStatement {name} already exists")
        self._statements.put(group, name, payload.get("QueryStatement") or "", payload.get("Description") or "")
        return {}

    def get(self, payload: Payload) -> Payload:
        """GetPreparedStatement."""
        return {"PreparedStatement": self._need(payload)}

    def get_batch(self, payload: Payload) -> Payload:
        """BatchGetPreparedStatement."""
        group = self._group(payload)
        names = payload.get("PreparedStatementNames") or []
        found = {name: self._statements.entry(group, name) for name in names}
        unknown = [
            {
                "StatementName": name,
                "ErrorCode": "STATEMENT_NOT_FOUND",
                "ErrorMessage": f"PreparedStatement {name} was not found in workGroup {group}",
            }
            for name, entry in found.items()
            if entry is None
        ]
        entries = [entry for entry in found.values() if entry is not None]
        return {"PreparedStatements": entries, "UnprocessedPreparedStatementNames": unknown}

    def update(self, payload: Payload) -> Payload:
        """UpdatePreparedStatement."""
        old = self._need(payload)
        description = payload.get("Description", old["Description"])
        self._statements.put(old["WorkGroupName"], old["StatementName"], payload["QueryStatement"], description)
        return {}

    def delete(self, payload: Payload) -> Payload:
        """DeletePreparedStatement."""
        old = self._need(payload)
        self._statements.delete(old["WorkGroupName"], old["StatementName"])
        return {}

    def list(self, payload: Payload) -> Payload:
        """ListPreparedStatements."""
        entries, token = page(self._statements.entries(self._group(payload)), payload, default=50, most=50)
        summaries = [{key: entry[key] for key in ("StatementName", "LastModifiedTime")} for entry in entries]
        return {"PreparedStatements": summaries, **token}

    def _group(self, payload: Payload) -> str:
        name: str = self._work_groups.need(payload.get("WorkGroup") or "")["Name"]
        return name

    def _need(self, payload: Payload) -> dict[str, str]:
        group, name = self._group(payload), payload.get("StatementName") or ""
        entry = self._statements.entry(group, name)
        if entry is None:
            raise missing(f"PreparedStatement {name} was not found in workGroup {group}")
        return entry


class NamedQueries:
    """Queries that people saved under a name."""

    def __init__(self, database: Database, work_groups: WorkGroups) -> None:
        self._queries = Documents(database, "named query")
        self._work_groups = work_groups
        self.operations: Mapping[str, Callable[[Payload], Payload]] = {
            "CreateNamedQuery": self.create,
            "GetNamedQuery": self.get,
            "BatchGetNamedQuery": self.get_batch,
            "UpdateNamedQuery": self.update,
            "DeleteNamedQuery": self.delete,
            "ListNamedQueries": self.list,
        }

    def create(self, payload: Payload) -> Payload:
        """CreateNamedQuery."""
        group = self._work_groups.need(payload.get("WorkGroup") or PRIMARY)["Name"]
        token = payload.get("ClientRequestToken") or str(uuid.uuid4())
        query_id = str(uuid.uuid5(uuid.NAMESPACE_OID, token))  # the same token names the same query
        kept = {key: payload[key] for key in ("Name", "Description", "Database", "QueryString") if key in payload}
        self._queries.add({**kept, "NamedQueryId": query_id, "WorkGroup": group}, query_id)
        return {"NamedQueryId": query_id}

    def get(self, payload: Payload) -> Payload:
        """GetNamedQuery."""
        return {"NamedQuery": self._need(payload)}

    def get_batch(self, payload: Payload) -> Payload:
        """BatchGetNamedQuery."""
        found = {id_: self._queries.get(id_) for id_ in (payload.get("NamedQueryIds") or [])[:_BATCH]}
        unknown = [
            {"NamedQueryId": id_, "ErrorCode": "INVALID_NAMED_QUERY_ID", "ErrorMessage": _not_found(id_)}
            for id_, query in found.items()
            if query is None
        ]
        return {"NamedQueries": [query for query in found.values() if query], "UnprocessedNamedQueryIds": unknown}

    def update(self, payload: Payload) -> Payload:
        """UpdateNamedQuery."""
        query = self._need(payload)
        changes = {key: payload[key] for key in ("Name", "Description", "QueryString") if key in payload}
        self._queries.put({**query, **changes}, query["NamedQueryId"])
        return {}

    def delete(self, payload: Payload) -> Payload:
        """DeleteNamedQuery."""
        self._queries.delete(self._need(payload)["NamedQueryId"])
        return {}

    def list(self, payload: Payload) -> Payload:
        """ListNamedQueries."""
        group = self._work_groups.need(payload.get("WorkGroup") or PRIMARY)["Name"]
        ids = [query["NamedQueryId"] for query in self._queries.all() if query["WorkGroup"] == group]
        shown, token = page(ids, payload, default=50, most=50)
        return {"NamedQueryIds": shown, **token}

    def _need(self, payload: Payload) -> dict[str, str]:
        query_id = payload.get("NamedQueryId") or ""
        query = self._queries.get(query_id)
        if query is None:
            raise invalid(_not_found(query_id))
        return query


def _not_found(query_id: str) -> str:
    return f"NamedQuery {query_id} was not found"
