"""Objects in S3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from derived_tables.errors import RefusedError
from derived_tables.warehouse.aws import Service
from derived_tables.warehouse.interface import WarehouseError

#: What DeleteObjects takes at once.
_BATCH = 1000
_ARCHIVES = ("GLACIER", "DEEP_ARCHIVE")


@dataclass(frozen=True)
class Object:
    """An object.

    Attributes:
        address: `s3://<bucket>/<key>`.
        size: bytes.
        changed: when it was written, with a time zone.
        tag: changes with its content.
        is_archived: whether it has to be restored before it can be read (Glacier); queries pass over it.
    """

    address: str
    size: int
    changed: datetime
    tag: str
    is_archived: bool = False

    def is_data_of(self, folder: str) -> bool:
        """Whether queries of a table or partition in a folder read it: not what is empty, hidden or archived."""
        parts = self.address.removeprefix(f"{folder}/").split("/")
        return self.size > 0 and not self.is_archived and not any(part.startswith(("_", ".")) for part in parts)


class Objects:
    """S3.

    Args:
        client: of boto3.
    """

    def __init__(self, client: Any) -> None:
        self._s3 = Service(client, "S3")

    def below(self, folder: str) -> Iterator[Object]:
        """All objects below a folder, in the order of their keys.

        Args:
            folder: `s3://<bucket>/<path>`, without a slash at the end; one that is there belongs to its name.
        """
        bucket, prefix = _split(folder)
        for page in self._s3.pages("list_objects_v2", Bucket=bucket, Prefix=prefix):
            for each in page.get("Contents", ()):
                is_archived = each.get("StorageClass") in _ARCHIVES
                address = f"s3://{bucket}/{each['Key']}"
                yield Object(address, each["Size"], each["LastModified"], each["ETag"], is_archived)

    def delete_below(self, folder: str) -> int:
        """Deletes all objects below a folder; returns how many.

        Raises:
            WarehouseError: S3 refused to delete some of them.
        """
        bucket, _ = _split(folder)
        keys = (each.address.removeprefix(f"s3://{bucket}/") for each in self.below(folder))
        deleted = 0
        for batch in _batches(keys):
            answer = self._s3.call(
                "delete_objects",
                Bucket=bucket,
                Delete={"Objects": [{"Key": key} for key in batch], "Quiet": True},
            )
            for error in answer.get("Errors", ()):
                raise WarehouseError(f"S3 DeleteObjects: {error['Key']}: {error['Code']} {error.get('Message', '')}")
            deleted += len(batch)
        return deleted

    def read(self, address: str) -> bytes:
        """The content of an object."""
        bucket, key = _named(address)
        content: bytes = self._s3.call("get_object", Bucket=bucket, Key=key)["Body"].read()
        return content

    def write(self, address: str, content: bytes) -> None:
        """Writes an object."""
        bucket, key = _named(address)
        self._s3.call("put_object", Bucket=bucket, Key=key, Body=content)


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _named(address: str) -> tuple[str, str]:
    bucket, _, key = address.removeprefix("s3://").partition("/")
    return bucket, key


def _split(folder: str) -> tuple[str, str]:
    bucket, _, prefix = folder.removeprefix("s3://").partition("/")
    if not folder.startswith("s3://") or not bucket or not prefix.strip("/"):
        raise RefusedError(f"`{folder}` is not a folder in S3.")
    return bucket, f"{prefix}/"
