"""Calls of AWS, with the errors that people read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from derived_tables.warehouse.interface import WarehouseError

_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedException", "AuthorizationError")
#: Permissions that are not named like the operation.
_PERMISSIONS = {"S3 ListObjectsV2": "s3:ListBucket", "S3 DeleteObjects": "s3:DeleteObject"}


class DeniedError(WarehouseError):
    """AWS does not allow a call."""


class Service:
    """A client of boto3 whose errors are WarehouseErrors.

    Args:
        client: the client.
        name: the service, as errors name it.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def call(self, operation: str, *, missing: tuple[str, ...] = (), **arguments: Any) -> Any:
        """Calls an operation.

        Args:
            operation: in boto3's words, e.g. `get_table`.
            missing: codes of errors for which the answer is None.
            arguments: of the operation.

        Raises:
            DeniedError: AWS does not allow it.
            WarehouseError: AWS refuses, or cannot be reached.
        """
        try:
            return getattr(self._client, operation)(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] in missing:
                return None
            raise readable(self._name, error, self._named(operation)) from error
        except BotoCoreError as error:
            raise readable(self._name, error, self._named(operation)) from error

    def pages(self, operation: str, *, missing: tuple[str, ...] = (), **arguments: Any) -> Iterator[Any]:
        """The pages of an operation's answer, none where `call` answers None; raises as `call` does."""
        try:
            yield from self._client.get_paginator(operation).paginate(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] not in missing:
                raise readable(self._name, error, self._named(operation)) from error
        except BotoCoreError as error:
            raise readable(self._name, error, self._named(operation)) from error

    def _named(self, operation: str) -> str:
        return str(self._client.meta.method_to_api_mapping[operation])


def readable(service: str, error: Exception, operation: str) -> WarehouseError:
    """An error of boto3 in one line.

    Args:
        service: its name.
        error: what boto3 raised.
        operation: as the API names it.
    """
    what = f"{service} {operation}"
    if not isinstance(error, ClientError):
        return WarehouseError(f"{what}: {error}")
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message") or ""
    if code not in _DENIED:
        return WarehouseError(f"{what}: {code}: {message}")
    permission = _PERMISSIONS.get(what, f"{service.lower()}:{operation}")
    return DeniedError(f"{what} is denied: allow `{permission}` to the role that runs this ({code}: {message})")
