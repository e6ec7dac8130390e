"""STS: who calls. Everybody is the owner of the one account."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from xml.sax.saxutils import escape

from local_athena.protocol.api import ApiError, Payload, not_implemented
from local_athena.protocol.http import Response
from local_athena.stores.glue import ACCOUNT

_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


def answer(operation: str, payload: Payload) -> Response:
    """Answers one call.

    Raises:
        ApiError: the operation is not known.
    """
    if operation not in _OPERATIONS:
        raise not_implemented("STS", operation)
    body = (
        f'<{operation}Response xmlns="{_NAMESPACE}"><{operation}Result>{_OPERATIONS[operation](payload)}'
        f"</{operation}Result>{_metadata()}</{operation}Response>"
    )
    return Response(200, body.encode(), {"Content-Type": "text/xml"})


def xml_error(error: ApiError) -> Response:
    """An error of a service that speaks XML, other than S3."""
    body = (
        f'<ErrorResponse xmlns="{_NAMESPACE}"><Error><Type>Sender</Type><Code>{escape(error.code)}</Code>'
        f"<Message>{escape(error.message)}</Message></Error><RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>"
    )
    return Response(error.status, body.encode(), {"Content-Type": "text/xml"})


def _caller(_payload: Payload) -> str:
    return f"<Arn>arn:aws:iam::{ACCOUNT}:root</Arn><UserId>{ACCOUNT}</UserId><Account>{ACCOUNT}</Account>"


def _assume_role(payload: Payload) -> str:
    role = payload.get("RoleArn", "").rpartition("/")[2]
    session = payload.get("RoleSessionName", "")
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}"
    user = f"<AssumedRoleUser><AssumedRoleId>AROALOCALATHENA:{escape(session)}</AssumedRoleId><Arn>{escape(arn)}</Arn>"
    return f"{_session(payload)}{user}</AssumedRoleUser>"


def _session(payload: Payload) -> str:
    end = datetime.now(timezone.utc) + timedelta(seconds=int(payload.get("DurationSeconds", "3600")))
    return (
        "<Credentials><AccessKeyId>ASIALOCALATHENA00000</AccessKeyId><SecretAccessKey>local</SecretAccessKey>"
        f"<SessionToken>local</SessionToken><Expiration>{end:%Y-%m-%dT%H:%M:%SZ}</Expiration></Credentials>"
    )


def _metadata() -> str:
    return f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata>"


_OPERATIONS: Mapping[str, Callable[[Payload], str]] = {
    "GetCallerIdentity": _caller,
    "AssumeRole": _assume_role,
    "AssumeRoleWithWebIdentity": _assume_role,
    "GetSessionToken": _session,
}
