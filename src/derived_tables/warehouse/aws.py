"""Calls of AWS, with the errors that people read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from derived_tables.warehouse.interface import WarehouseError


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
            WarehouseError: AWS refuses, or cannot be reached.
        """
        try:
            return getattr(self._client, operation)(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] in missing:
                return None
            raise self._error(operation, error) from error
        except BotoCoreError as error:
            raise self._error(operation, error) from error

    def pages(self, operation: str, **arguments: Any) -> Iterator[Any]:
        """The pages of an operation's answer; raises as `call` does."""
        try:
            yield from self._client.get_paginator(operation).paginate(**arguments)
        except (BotoCoreError, ClientError) as error:
            raise self._error(operation, error) from error

    def _error(self, operation: str, error: Exception) -> WarehouseError:
        words = "".join(word.capitalize() for word in operation.split("_"))
        return WarehouseError(f"{self._name} {words}: {error}")
