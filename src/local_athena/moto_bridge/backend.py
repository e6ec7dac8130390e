"""Moto's S3 backend over the stored objects."""

from __future__ import annotations

import base64
import binascii
import uuid
from typing import Any, cast

from moto.s3.exceptions import (
    BucketAlreadyExists,
    InvalidBucketName,
    InvalidContinuationToken,
    InvalidStorageClass,
    MissingBucket,
)
from moto.s3.models import FakeBucket, S3Backend, s3_backends
from moto.s3.utils import STORAGE_CLASS

from local_athena.moto_bridge.keys import Keys, StoredKey
from local_athena.stores.objects import FileObjects, is_bucket_name

_MOST_KEYS = 1000
_PARTITION = "aws"


class StoredBackend(S3Backend):
    """What moto's S3 responses call. Each server has its own, under an account of its own in moto's registry."""

    def __init__(self, objects: FileObjects) -> None:
        super().__init__(_PARTITION, uuid.uuid4().hex)
        self._objects = objects
        # Moto's keys look for the tags of their objects in the registry.
        s3_backends[self.account_id][_PARTITION] = self

    def close(self) -> None:
        """Leaves moto's registry."""
        s3_backends.pop(self.account_id, None)
        for name in self.buckets:
            s3_backends.bucket_accounts.pop(name, None)

    def get_bucket(self, bucket_name: str) -> FakeBucket:
        """The bucket. Others than the clients make buckets too: the store decides what exists.

        Its settings (tags, CORS, policy …) are moto's and live as long as the server.
        """
        stored = next((bucket for bucket in self._objects.buckets() if bucket.name == bucket_name), None)
        if stored is None:
            self.buckets.pop(bucket_name, None)
            raise MissingBucket(bucket=bucket_name)
        if bucket_name not in self.buckets:
            self._adopt(stored.name, stored.region)
        return self.buckets[bucket_name]

    def list_buckets(self, prefix: str | None, bucket_region: str | None, max_buckets: str | None) -> list[Any]:
        """The buckets, as moto filters them."""
        for bucket in self._objects.buckets():
            self.get_bucket(bucket.name)
        found: list[Any] = super().list_buckets(prefix, bucket_region, max_buckets)
        return found

    def create_bucket(self, bucket_name: str, region_name: str, bucket_namespace: str | None = None) -> FakeBucket:
        """Makes a bucket; its name is taken only if this server has it."""
        if self._objects.bucket_exists(bucket_name):
            raise BucketAlreadyExists(bucket=bucket_name)
        if not is_bucket_name(bucket_name):
            raise InvalidBucketName
        self._adopt(bucket_name, region_name, bucket_namespace)
        self._objects.create_bucket(bucket_name, region_name)
        return self.buckets[bucket_name]

    def delete_bucket(self, bucket_name: str) -> Any:
        """Deletes an empty bucket; None if it holds objects."""
        removed = super().delete_bucket(bucket_name)
        if removed is not None:
            self._objects.delete_bucket(bucket_name)
        return removed

    def put_object(
        self,
        bucket_name: str,
        key_name: str,
        value: bytes,
        storage: str | None = None,
        etag: str | None = None,
        *_settings: Any,
        **_options: Any,
    ) -> StoredKey:
        """Stores an object; locks, encryption and notifications are not emulated."""
        if storage is not None and storage not in STORAGE_CLASS:
            raise InvalidStorageClass(storage=storage)
        keys = _keys(self.get_bucket(bucket_name))
        return keys.view(self._objects.write(bucket_name, key_name, bytes(value), etag=etag))

    def list_objects(
        self,
        bucket: FakeBucket,
        prefix: str | None,
        delimiter: str | None,
        marker: str | None,
        max_keys: int | None,
    ) -> Any:
        """A page of keys and one of common prefixes, whether there is more, and behind which name."""
        limit = _MOST_KEYS if max_keys is None else max_keys
        found, truncated, last = _page(bucket, prefix or "", delimiter, marker or "", limit)
        keys = [item for item in found if isinstance(item, StoredKey)]
        return keys, [item for item in found if isinstance(item, str)], truncated, last if truncated else None

    def list_objects_v2(
        self,
        bucket: FakeBucket,
        prefix: str | None,
        delimiter: str | None,
        continuation_token: str | None,
        start_after: str | None,
        max_keys: int,
    ) -> Any:
        """A page of keys and common prefixes in their order, whether there is more, and its token."""
        after = _from_token(continuation_token) if continuation_token else start_after or ""
        found, truncated, last = _page(bucket, prefix or "", delimiter, after, max_keys)
        return found, truncated, base64.urlsafe_b64encode(last.encode()).decode() if truncated else None

    def _adopt(self, name: str, region: str, namespace: str | None = None) -> None:
        """Gives moto a bucket whose keys are the store's."""
        s3_backends.bucket_accounts.pop(name, None)
        bucket = super().create_bucket(name, region, namespace)
        bucket.keys = cast(Any, Keys(self._objects, name, self.account_id))


def _keys(bucket: FakeBucket) -> Keys:
    return cast(Keys, bucket.keys)


def _page(
    bucket: FakeBucket, prefix: str, delimiter: str | None, after: str, limit: int
) -> tuple[list[StoredKey | str], bool, str]:
    limit = min(limit, _MOST_KEYS)
    found: list[StoredKey | str] = []
    last = after
    if not limit:
        return found, False, last
    for key in _keys(bucket).under(prefix, after):
        head, mark, _ = key.name[len(prefix) :].partition(delimiter) if delimiter else (key.name, "", "")
        name = prefix + head + mark if mark else key.name
        if mark and name == last:
            continue
        if len(found) == limit:
            return found, True, last
        found.append(name if mark else key)
        last = name
    return found, False, last


def _from_token(token: str) -> str:
    try:
        return base64.urlsafe_b64decode(token).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise InvalidContinuationToken from error
