"""Objects as moto sees them: views of what is stored, never a second copy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.s3.models import FakeKey
from moto.utilities.utils import LowercaseDict

from local_athena.stores.objects import FileObjects, StoredObject

REGION = "us-east-1"


class StoredKey(FakeKey):
    """An object of S3 in moto's shape."""

    def __new__(cls, *_args: Any, **_kwargs: Any) -> StoredKey:
        """Moto's models keep every instance for ever; this one goes with the request."""
        return object.__new__(cls)

    def __init__(self, objects: FileObjects, stored: StoredObject, account: str) -> None:
        super().__init__(
            stored.key,
            b"",
            account_id=account,
            region_name=REGION,
            etag=stored.etag,
            version_id="null",
            bucket_name=stored.bucket,
        )
        self._value_buffer.close()
        self._objects = objects
        self._stored = stored
        self.last_modified = stored.modified.replace(tzinfo=None)
        self.contentsize = stored.size
        if stored.headers:
            self._metadata = LowercaseDict(stored.headers)

    @property
    def value(self) -> bytes:
        """The content."""
        return self._stored.path.read_bytes()

    @value.setter
    def value(self, new_value: bytes) -> None:
        """Moto's constructor sets it; the content is stored before."""

    def set_metadata(self, metadata: Any, replace: bool = False) -> None:
        """Keeps what the client sent with the object."""
        super().set_metadata(metadata, replace)
        self._objects.set_headers(self._stored.bucket, self._stored.key, dict(self._metadata))

    def dispose(self, garbage: bool = False) -> None:
        """There is nothing to give back."""

    def __del__(self) -> None:
        """Moto would warn here of files that it left open."""


class Keys:
    """The keys of one bucket, with those methods of moto's own mapping that moto calls on it."""

    def __init__(self, objects: FileObjects, bucket: str, account: str) -> None:
        self._objects = objects
        self._bucket = bucket
        self._account = account

    def __contains__(self, key: str) -> bool:
        return self._objects.find(self._bucket, key) is not None

    def __getitem__(self, key: str) -> StoredKey:
        found = self._objects.find(self._bucket, key)
        if found is None:
            raise KeyError(key)
        return self.view(found)

    def __bool__(self) -> bool:
        return next(self._objects.under(self._bucket, ""), None) is not None

    def get(self, key: str, default: Any = None) -> Any:
        """The object's view, or the default."""
        found = self._objects.find(self._bucket, key)
        return default if found is None else self.view(found)

    def getlist(self, key: str, default: Any = None) -> Any:
        """All versions: there is one."""
        return [self[key]] if key in self else default

    def iterlists(self) -> Iterator[tuple[str, list[StoredKey]]]:
        """All objects with their versions."""
        for found in self._objects.under(self._bucket, ""):
            yield found.key, [self.view(found)]

    def pop(self, key: str) -> None:
        """Deletes an object."""
        self._objects.delete(self._bucket, [key])

    def under(self, prefix: str, after: str) -> Iterator[StoredKey]:
        """The views of the objects whose keys begin with the prefix and come behind `after`."""
        for found in self._objects.under(self._bucket, prefix, after):
            yield self.view(found)

    def view(self, stored: StoredObject) -> StoredKey:
        """A stored object in moto's shape."""
        return StoredKey(self._objects, stored, self._account)
