"""A tiny engine and clients, for tests of the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import boto3
import pytest
from botocore.config import Config

from local_athena import LocalAthena
from local_athena.errors import AthenaError
from local_athena.outcome import Outcome, Request, ResultColumn
from local_athena.types.model import BIGINT, VARCHAR

Client = Any


class TinyEngine:
    """Runs statements of its own, so that the server can be tested without SQL.

    `rows N` is a query of N rows; `show A B` prints lines; `write N` is a CTAS; `fail NAME words` fails; `wait` ends
    when it is cancelled; `scan N` bills N bytes; `stumble N` fails after N rows; `null` has a null and an empty text.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def run(self, request: Request) -> Outcome:
        """Runs one statement."""
        self.requests.append(request)
        verb, _, rest = request.sql.partition(" ")
        run: Callable[[str, Request], Outcome] = getattr(self, f"_{verb}")
        return run(rest, request)

    def _rows(self, rest: str, _request: Request) -> Outcome:
        columns = (ResultColumn("n", BIGINT), ResultColumn("text", VARCHAR))
        rows: Iterator[Sequence[str | None]] = ([str(n), f'row "{n}"'] for n in range(int(rest)))
        return Outcome("DML", "SELECT", columns, rows, header=True)

    def _null(self, _rest: str, _request: Request) -> Outcome:
        return Outcome(
            "DML", "SELECT", (ResultColumn("a", VARCHAR), ResultColumn("b", VARCHAR)), iter([[None, ""]]), True
        )

    def _show(self, rest: str, _request: Request) -> Outcome:
        return Outcome("DDL", "SHOW_TABLES", (ResultColumn("tab_name", VARCHAR),), ([name] for name in rest.split()))

    def _write(self, rest: str, request: Request) -> Outcome:
        manifest = (f"{request.output_location}tables/{request.query_id}/part",)
        return Outcome("DDL", "CREATE_TABLE_AS_SELECT", update_count=int(rest), manifest=manifest)

    def _scan(self, rest: str, request: Request) -> Outcome:
        outcome = self._rows("1", request)
        outcome.scanned_bytes = int(rest)
        return outcome

    def _stumble(self, rest: str, _request: Request) -> Outcome:
        def rows() -> Iterator[Sequence[str | None]]:
            for number in range(int(rest)):
                yield [str(number)]
            raise AthenaError("DIVISION_BY_ZERO", "Division by zero")

        return Outcome("DML", "SELECT", (ResultColumn("n", BIGINT),), rows(), header=True)

    def _fail(self, rest: str, _request: Request) -> Outcome:
        name, _, words = rest.partition(" ")
        raise AthenaError(name, words)

    def _break(self, _rest: str, _request: Request) -> Outcome:
        raise ZeroDivisionError("a mistake")

    def _wait(self, _rest: str, request: Request) -> Outcome:
        request.on_cancel(lambda: None)
        assert request.cancelled.wait(30)
        raise AthenaError("INTERRUPTED", "interrupted")

    # Statements of Athena whose kind is known before they run.
    _drop = _explain = _create = _fail
    _delete = _wait


class Clients:
    """Clients of a server, made when they are first used; they try each call once."""

    def __init__(self, server: LocalAthena | str) -> None:
        self._url = server if isinstance(server, str) else server.url
        self._made: dict[str, Client] = {}

    def __getattr__(self, service: str) -> Client:
        if service not in self._made:
            self._made[service] = self.make(service)
        return self._made[service]

    def make(self, service: str, *, region: str = "us-east-1", tries: int = 1) -> Client:
        """A client of its own."""
        make: Client = boto3.client  # stubs would want the service as a literal
        return make(
            service,
            endpoint_url=self._url,
            region_name=region,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106, no secret
            config=Config(
                retries={"total_max_attempts": tries, "mode": "standard"},
                read_timeout=20,
                parameter_validation=False,  # the server must say no, not the client
            ),
        )

    def start(self, sql: str, bucket: str, **options: Any) -> str:
        """Starts a statement; returns its id."""
        options.setdefault("ResultConfiguration", {"OutputLocation": f"s3://{bucket}/results"})
        started = self.athena.start_query_execution(QueryString=sql, **options)
        return str(started["QueryExecutionId"])

    def run(self, sql: str, bucket: str, **options: Any) -> dict[str, Any]:
        """Runs a statement to its end; returns its QueryExecution."""
        query_id = self.start(sql, bucket, **options)
        described: dict[str, Any] = self.athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
        return described

    def content(self, address: str) -> str:
        """Text of an object."""
        bucket, _, key = address.removeprefix("s3://").partition("/")
        return str(self.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())


def error_of(call: Callable[..., Any], **arguments: Any) -> tuple[str, str, int]:
    """Name, message and HTTP status of the error that a call must end with."""
    with pytest.raises(Exception) as raised:  # noqa: PT011, botocore makes its classes while it runs
        call(**arguments)
    response = getattr(raised.value, "response", None)
    assert response, raised.value
    return response["Error"]["Code"], response["Error"]["Message"], response["ResponseMetadata"]["HTTPStatusCode"]
