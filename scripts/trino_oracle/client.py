"""A client of Trino's HTTP protocol (`/v1/statement`), as small as the oracle needs it.

Source: https://trino.io/docs/current/develop/client-protocol.html
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from trino_oracle.errors import OracleError

# PARAMETRIC_DATETIME makes the server name and print the precision of times and timestamps; without it
# every timestamp is cut to milliseconds before we see it.
CAPABILITIES = "PARAMETRIC_DATETIME"
USER = "oracle"
SECONDS_BETWEEN_RETRIES = 0.1
MAXIMUM_RETRIES = 100


@dataclass(frozen=True)
class Column:
    """A result column: its name and its type as Trino spells it, e.g. `decimal(12,1)`."""

    name: str
    type: str


@dataclass
class Answer:
    """What Trino said to one statement.

    `rows` are the raw JSON values of the protocol: decimals, dates and times are texts, varbinary is
    base64, rows are lists, maps are objects. `error` is the error name, e.g. `DIVISION_BY_ZERO`.
    """

    columns: list[Column] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    update_type: str | None = None
    update_count: int | None = None
    error: str | None = None
    message: str | None = None


class TrinoClient:
    """Runs statements one after the other on one Trino, in one session. Not for use by several threads.

    Session state that Trino hands back (prepared statements, catalog and schema of `USE`) is kept, as an
    Athena workgroup keeps prepared statements.
    """

    def __init__(self, url: str, *, catalog: str, schema: str, session: Mapping[str, str] | None = None) -> None:
        """Prepare a session; nothing is sent yet.

        Args:
            url: address of the server, e.g. `http://127.0.0.1:8080`.
            catalog: catalog of unqualified names.
            schema: schema of unqualified names; need not exist yet.
            session: session properties that are not to have their defaults.
        """
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.hostname is None:
            raise OracleError(f"the server's address must be http://<host>:<port>, got {url!r}")
        self._netloc = parts.netloc
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=120)
        self._catalog = catalog
        self._schema = schema
        self._session = ",".join(f"{name}={value}" for name, value in (session or {}).items())
        self._prepared: dict[str, str] = {}

    def close(self) -> None:
        """Close the connection; the server keeps running."""
        self._connection.close()

    def run(self, sql: str) -> Answer:
        """Run one statement to its end and return all of its rows.

        Raises:
            OracleError: the server cannot be reached or does not speak the protocol.
        """
        page = self._exchange("POST", "/v1/statement", sql)
        answer = Answer()
        while True:
            _read_page(page, answer)
            following = page.get("nextUri")
            if following is None:
                return answer
            page = self._exchange("GET", following, None)

    def server_version(self) -> str:
        """Version of the server, e.g. `470`."""
        return str(self._exchange("GET", "/v1/info", None)["nodeVersion"]["version"])

    def _headers(self) -> dict[str, str]:
        headers = {
            "X-Trino-User": USER,
            "X-Trino-Source": "oracle",
            "X-Trino-Catalog": self._catalog,
            "X-Trino-Schema": self._schema,
            "X-Trino-Time-Zone": "UTC",
            "X-Trino-Language": "en-US",
            "X-Trino-Client-Capabilities": CAPABILITIES,
        }
        if self._session:
            headers["X-Trino-Session"] = self._session
        if self._prepared:
            headers["X-Trino-Prepared-Statement"] = ",".join(f"{k}={v}" for k, v in self._prepared.items())
        return headers

    def _exchange(self, method: str, address: str, body: str | None) -> dict[str, Any]:
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        for _ in range(MAXIMUM_RETRIES):
            try:
                data = None if body is None else body.encode()
                self._connection.request(method, path, body=data, headers=self._headers())
                response = self._connection.getresponse()
                payload = response.read()
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                raise OracleError(f"no answer from Trino at {self._netloc}: {error}") from error
            if response.status in (502, 503, 504):
                time.sleep(SECONDS_BETWEEN_RETRIES)  # the protocol asks the client to try again
                continue
            if response.status != 200:
                raise OracleError(f"Trino answered {response.status} to {method} {path}: {payload[:300]!r}")
            self._keep_session_state(response)
            page = json.loads(payload)
            if not isinstance(page, dict):
                raise OracleError(f"Trino answered {type(page).__name__}, not an object, to {method} {path}")
            return page
        raise OracleError(f"Trino at {self._netloc} stays unavailable")

    def _keep_session_state(self, response: http.client.HTTPResponse) -> None:
        self._catalog = response.getheader("X-Trino-Set-Catalog") or self._catalog
        self._schema = response.getheader("X-Trino-Set-Schema") or self._schema
        for added in response.headers.get_all("X-Trino-Added-Prepare") or []:
            name, _, statement = added.partition("=")
            self._prepared[name] = statement
        for removed in response.headers.get_all("X-Trino-Deallocated-Prepare") or []:
            self._prepared.pop(removed, None)


def _read_page(page: dict[str, Any], answer: Answer) -> None:
    """Add what one page of the protocol carries to the answer."""
    if page.get("columns"):
        answer.columns = [Column(column["name"], column["type"]) for column in page["columns"]]
    answer.rows.extend(page.get("data") or [])
    answer.update_type = page.get("updateType", answer.update_type)
    answer.update_count = page.get("updateCount", answer.update_count)
    if "error" in page:
        answer.error = page["error"].get("errorName", "UNKNOWN")
        answer.message = page["error"].get("message", "")
