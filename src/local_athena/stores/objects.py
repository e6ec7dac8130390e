"""Buckets and objects: contents are local files, their names and properties stand in the database."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
import uuid
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from threading import Lock

from local_athena.errors import AthenaError
from local_athena.store import S3Object
from local_athena.stores.database import Database

#: How long the file of an object that is gone or replaced stays: statements may be reading it.
GRACE_SECONDS = 60.0

_PAGE = 1000
_CHUNK = 1 << 20
_SUFFIXES = re.compile(r"(\.[A-Za-z0-9]{1,12}){1,3}$")
_BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_COLUMNS = "bucket, key, size, etag, modified, file, headers"


@dataclass(frozen=True)
class StoredObject(S3Object):
    """An object with where its content lies.

    Attributes:
        path: the local file with its content. Never written again: who has opened it reads one content to its end.
        headers: what the client sent with it and gets back, e.g. `content-type` and `x-amz-meta-*`.
    """

    path: Path = field(default=Path(), compare=False)
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Bucket:
    """A bucket; `created` is in seconds since 1970."""

    name: str
    region: str
    created: float


class FileObjects:
    """Objects as `store.Objects` wants them, with their contents in a folder.

    A content has a file of its own and is never changed, so that a reader needs no lock: writing an object makes a new
    file and then moves the name to it in one transaction.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._gone: deque[tuple[float, Path]] = deque()
        self._gone_lock = Lock()
        self.scratch = folder / "scratch"
        self._sweep()
        self.scratch.mkdir(parents=True, exist_ok=True)

    def bucket_exists(self, bucket: str) -> bool:
        """Whether the bucket exists."""
        return self._database.row("select 1 from buckets where name = ?", bucket) is not None

    def buckets(self) -> list[Bucket]:
        """All buckets by name."""
        return [Bucket(*row) for row in self._database.rows("select name, region, created from buckets order by name")]

    def create_bucket(self, name: str, region: str = "us-east-1") -> bool:
        """Makes a bucket; False if it exists.

        Raises:
            ValueError: S3 knows no such names.
        """
        if not is_bucket_name(name):
            raise ValueError(f"{name!r} cannot name a bucket: 3 to 63 lower case letters, digits, hyphens and dots")
        return self._database.run("insert or ignore into buckets values (?, ?, ?)", name, region, time.time()) == 1

    def delete_bucket(self, name: str) -> None:
        """Deletes a bucket and what is in it."""
        with self._database.transaction():
            self.delete(name, [found.key for found in self.under(name, "")])
            self._database.run("delete from buckets where name = ?", name)

    def under(self, bucket: str, prefix: str, after: str = "") -> Iterator[StoredObject]:
        """The objects whose keys begin with the prefix and come behind `after`, in order of their keys."""
        sql = f"select {_COLUMNS} from objects where bucket = ? and key >= ? and key > ? order by key limit {_PAGE}"
        while rows := self._database.rows(sql, bucket, prefix, after):
            for row in rows:
                if not row[1].startswith(prefix):
                    return
                yield self._object(row)
            after = rows[-1][1]

    def find(self, bucket: str, key: str) -> StoredObject | None:
        """The object; None if it is missing."""
        row = self._database.row(f"select {_COLUMNS} from objects where bucket = ? and key = ?", bucket, key)
        return self._object(row) if row else None

    def local_path(self, found: S3Object) -> Path:
        """The local file with the object's content, readable for at least GRACE_SECONDS after it is replaced.

        Raises:
            AthenaError: HIVE_CANNOT_OPEN_SPLIT if the object is missing.
        """
        if isinstance(found, StoredObject):
            return found.path
        return self._need(found.bucket, found.key).path

    def read(self, bucket: str, key: str) -> bytes:
        """The object's content.

        Raises:
            AthenaError: HIVE_CANNOT_OPEN_SPLIT if it is missing.
        """
        return self._need(bucket, key).path.read_bytes()

    def write(
        self,
        bucket: str,
        key: str,
        content: bytes | Path,
        *,
        etag: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> StoredObject:
        """Makes or replaces an object, whole or not at all; a path is a local file that is copied.

        Args:
            bucket: its bucket.
            key: its key.
            content: bytes, or a local file.
            etag: the MD5 of the content if it is not given, as S3 does for all but multipart uploads.
            headers: what GetObject returns beside the content.

        Raises:
            AthenaError: if the bucket is missing.
        """
        file = self.scratch / uuid.uuid4().hex
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            shutil.copyfile(content, file)
        return self.take(bucket, key, file, etag=etag, headers=headers)

    def take(
        self,
        bucket: str,
        key: str,
        file: Path,
        *,
        etag: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> StoredObject:
        """Like `write`, but takes the file over instead of copying it; free of cost for a file in `scratch`.

        Raises:
            AthenaError: if the bucket is missing; the file is deleted then.
        """
        size = file.stat().st_size
        etag = etag or _md5(file)
        name = uuid.uuid4().hex
        suffixes = _SUFFIXES.search(key)
        relative = f"{name[:2]}/{name}{suffixes[0] if suffixes else ''}"
        path = self._folder / relative
        path.parent.mkdir(exist_ok=True)
        shutil.move(file, path)
        # S3 has whole seconds in its headers and milliseconds in its lists.
        modified = round(time.time(), 3)
        row = (bucket, key, size, etag, modified, relative, json.dumps(dict(headers or {})))
        with self._database.transaction():
            if not self.bucket_exists(bucket):
                path.unlink()
                raise AthenaError("HIVE_METASTORE_ERROR", f"The specified bucket does not exist: {bucket}")
            old = self.find(bucket, key)
            self._database.run("insert or replace into objects values (?, ?, ?, ?, ?, ?, ?)", *row)
        if old:
            self._forget([old.path])
        return self._object(row)

    def set_headers(self, bucket: str, key: str, headers: Mapping[str, str]) -> None:
        """Replaces what GetObject returns beside the content."""
        sql = "update objects set headers = ? where bucket = ? and key = ?"
        self._database.run(sql, json.dumps(dict(headers)), bucket, key)

    def delete(self, bucket: str, keys: Iterable[str]) -> None:
        """Deletes objects; those that are missing are no error."""
        gone = []
        with self._database.transaction():
            for key in keys:
                found = self.find(bucket, key)
                if found:
                    self._database.run("delete from objects where bucket = ? and key = ?", bucket, key)
                    gone.append(found.path)
        self._forget(gone)

    def _need(self, bucket: str, key: str) -> StoredObject:
        found = self.find(bucket, key)
        if found is None:
            message = f"Error opening Hive split s3://{bucket}/{key}: The specified key does not exist."
            raise AthenaError("HIVE_CANNOT_OPEN_SPLIT", message)
        return found

    def _object(self, row: tuple[str, str, int, str, float, str, str]) -> StoredObject:
        bucket, key, size, etag, modified, file, headers = row
        when = datetime.fromtimestamp(modified, timezone.utc)
        return StoredObject(bucket, key, size, etag, when, self._folder / file, json.loads(headers))

    def _forget(self, paths: Iterable[Path]) -> None:
        now = time.monotonic()
        with self._gone_lock:
            self._gone.extend((now, path) for path in paths)
            while self._gone and self._gone[0][0] < now - GRACE_SECONDS:
                self._gone.popleft()[1].unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Deletes the files that no object names: those of replaced objects, and halves that a crash left."""
        self._folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.scratch, ignore_errors=True)
        named = {file for (file,) in self._database.rows("select file from objects")}
        for folder, _, files in os.walk(self._folder):
            for file in files:
                path = Path(folder, file)
                if path.relative_to(self._folder).as_posix() not in named:
                    path.unlink()


def is_bucket_name(name: str) -> bool:
    """Whether S3 lets a bucket have the name."""
    return _BUCKET_NAME.fullmatch(name) is not None


def _md5(file: Path) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    with file.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
