"""What the APIs share: errors as AWS sends them, answers in JSON, pages."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from local_athena.protocol.http import Response

Item = TypeVar("Item")
Payload = Mapping[str, Any]


class ApiError(Exception):
    """An error that a call is answered with.

    Attributes:
        code: its name, e.g. `InvalidRequestException`.
        message: what a person reads.
        status: of HTTP; AWS's JSON services use 400 for all that is the caller's fault.
        details: further members of the answer.
    """

    def __init__(self, code: str, message: str, *, status: int = 400, **details: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.details = details


class JsonService(Protocol):
    """A service whose calls and answers are JSON."""

    def call(self, operation: str, payload: Payload) -> Payload:
        """Answers one call.

        Raises:
            ApiError: as AWS words it; `not_implemented` for an operation that it does not know.
        """
        ...


def not_implemented(service: str, operation: str) -> ApiError:
    """An operation that the local Athena does not have. 501 is no status that clients try again on."""
    message = f"The local Athena does not implement {service} {operation}."
    return ApiError("NotImplementedException", message, status=501)


def validation_error(value: Any, member: str, constraint: str) -> ApiError:
    """A value that breaks a constraint of the API's model."""
    message = f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}"
    return ApiError("ValidationException", message)


def json_response(payload: Payload, content_type: str = "application/x-amz-json-1.1", status: int = 200) -> Response:
    """A payload as an answer."""
    body = json.dumps(payload, separators=(",", ":")).encode()
    return Response(status, body, {"Content-Type": content_type})


def json_error(error: ApiError, content_type: str = "application/x-amz-json-1.1") -> Response:
    """An error as an answer."""
    payload = {"__type": error.code, "Message": error.message, "message": error.message, **error.details}
    response = json_response(payload, content_type, error.status)
    return Response(response.status, response.body, {**response.headers, "x-amzn-ErrorType": error.code})


def page(
    items: Sequence[Item], payload: Payload, *, default: int, most: int, limit_key: str = "MaxResults"
) -> tuple[Sequence[Item], dict[str, str]]:
    """One page of a list.

    Args:
        items: the whole list.
        payload: the call, with its `NextToken` if it is not the first.
        default: how many items a page has unless the call says so.
        most: what a call may ask for.
        limit_key: the member of the call that says it.

    Returns:
        The page, and `NextToken` if there is a next one.

    Raises:
        ApiError: the limit or the token makes no sense.
    """
    limit = payload.get(limit_key) or default
    if not 1 <= limit <= most:
        member = limit_key[0].lower() + limit_key[1:]
        raise validation_error(limit, member, f"Member must have value less than or equal to {most}")
    start = _position(payload.get("NextToken"))
    following = start + limit
    token = {"NextToken": base64.urlsafe_b64encode(str(following).encode()).decode()} if following < len(items) else {}
    return items[start:following], token


def _position(token: str | None) -> int:
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token))
    except ValueError as error:
        raise ApiError("InvalidRequestException", "The NextToken is not one of this list.") from error
