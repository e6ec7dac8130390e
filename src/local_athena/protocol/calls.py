"""What a request asks: which service, which operation, which tables, which statement."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs

from local_athena.outcome import Request as QueryRequest
from local_athena.protocol.http import Request

_TARGETS = {"AmazonAthena": "athena", "AWSGlue": "glue"}
_SIGNED_FOR = re.compile(r"Credential=[^/,\s]+/\d{8}/[^/]+/(?P<service>[^/]+)/aws4_request")
_NAME = r'(?:"[^"]+"|`[^`]+`|[A-Za-z_][\w$]*)'
_DOTTED = re.compile(rf"{_NAME}(?:\s*\.\s*{_NAME}){{1,2}}")
_NAMED = re.compile(
    rf"\b(?:from|join|into|update|table|view|using|exists|describe)\s+(?P<name>{_NAME}(?:\s*\.\s*{_NAME}){{0,2}})",
    re.IGNORECASE,
)
_PART = re.compile(_NAME)


@dataclass(frozen=True)
class Call:
    """One call.

    Attributes:
        service: `athena`, `glue`, `s3`, `sts`, `lakeformation`, or what the signature says.
        operation: as the API names it.
        payload: the members of the call, where it is JSON or a form.
        tables: `database.table` in lower case, all that can be seen: in the members, the statement, the key.
        statement: SQL that it starts.
        query_id: the execution that it asks about.
    """

    service: str
    operation: str
    payload: Mapping[str, Any]
    tables: frozenset[str] = frozenset()
    statement: str | None = None
    query_id: str | None = None

    @property
    def name(self) -> str:
        """`service.Operation`."""
        return f"{self.service}.{self.operation}"


def service_of(request: Request) -> str:
    """The service that the request is for; S3 if it does not say."""
    prefix = request.headers.get("x-amz-target", "").partition(".")[0].partition("_")[0]
    if prefix in _TARGETS:
        return _TARGETS[prefix]
    signed = _SIGNED_FOR.search(request.headers.get("authorization", ""))
    return signed["service"] if signed else "s3"


def json_call(service: str, request: Request) -> Call:
    """A call of a service that speaks JSON; the operation stands in the target, or is the path."""
    operation = request.headers.get("x-amz-target", "").rpartition(".")[2] or request.path.strip("/")
    try:
        payload = json.loads(request.body or b"{}")
    except ValueError:
        payload = {}
    payload = payload if isinstance(payload, dict) else {}
    statement = payload.get("QueryString")
    return Call(
        service, operation, payload, frozenset(_tables(payload)), statement, query_id=payload.get("QueryExecutionId")
    )


def run_call(request: QueryRequest) -> Call:
    """What the engine does with a statement, as a call that faults can strike."""
    tables = frozenset(_tables_of_statement(request.sql, request.database))
    return Call("engine", "Run", {}, tables, request.sql, request.query_id)


def form_call(service: str, request: Request) -> Call:
    """A call of a service that gets a form."""
    form = {name: values[0] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
    return Call(service, form.get("Action", ""), form)


def tables_of_key(key: str) -> frozenset[str]:
    """What may be `database.table` in the key of an object: each two folders in a row, `name=` in front left out."""
    folders = [folder.rpartition("=")[2].lower() for folder in key.split("/") if folder]
    return frozenset(f"{database}.{table}" for database, table in pairwise(folders))


def _tables(payload: Mapping[str, Any]) -> Iterator[str]:
    resource = payload.get("Resource")
    for members in (payload, *(resource.values() if isinstance(resource, dict) else ())):
        database = members.get("DatabaseName") if isinstance(members, dict) else None
        table = members.get("TableName") or members.get("Name") if database else None
        table = table or (members.get("TableInput", {}).get("Name") if database else None)
        if database and table:
            yield f"{database}.{table}".lower()
    context = payload.get("QueryExecutionContext")
    database = context.get("Database", "default") if isinstance(context, dict) else "default"
    statement = payload.get("QueryString")
    if isinstance(statement, str):
        yield from _tables_of_statement(statement, database)


def _tables_of_statement(statement: str, database: str) -> Iterator[str]:
    for dotted in _DOTTED.findall(statement):
        yield ".".join(part.strip('"`').lower() for part in _PART.findall(dotted)[-2:])
    for named in _NAMED.finditer(statement):
        parts = [part.strip('"`').lower() for part in _PART.findall(named["name"])]
        yield ".".join([database.lower(), *parts][-2:])
