"""Places in S3: addresses, folders, and which objects in a folder hold data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from local_athena.errors import AthenaError
from local_athena.store import Objects, S3Object

_SCHEMES = ("s3://", "s3a://", "s3n://")


@dataclass(frozen=True)
class Folder:
    """A folder of S3; `prefix` ends in a slash, or is empty for a whole bucket."""

    bucket: str
    prefix: str

    @property
    def address(self) -> str:
        """`s3://bucket/prefix/`."""
        return f"s3://{self.bucket}/{self.prefix}"

    def below(self, name: str) -> Folder:
        """The folder of this name in this one."""
        return Folder(self.bucket, f"{self.prefix}{name}/")


def folder(location: str) -> Folder:
    """The folder that a location names, with a slash at its end or without.

    Raises:
        AthenaError: INVALID_TABLE_PROPERTY if it is no address of S3.
    """
    for scheme in _SCHEMES:
        if location.startswith(scheme):
            bucket, _, prefix = location[len(scheme) :].partition("/")
            prefix = prefix.strip("/")
            if bucket:
                return Folder(bucket, f"{prefix}/" if prefix else "")
    raise AthenaError("INVALID_TABLE_PROPERTY", f"External location is not a valid file system URI: {location}")


def data_files(objects: Objects, place: Folder) -> Iterator[S3Object]:
    """The objects that hold rows, in the folder and those below it.

    Names that begin with `_` or `.` are hidden, as in Hive, and so is what stands in folders of such names.
    """
    for found in objects.under(place.bucket, place.prefix):
        parts = found.key[len(place.prefix) :].split("/")
        if found.size and not any(part.startswith(("_", ".")) for part in parts):
            yield found


def require_empty(objects: Objects, place: Folder, message: str) -> None:
    """Refuses a folder that holds objects.

    Raises:
        AthenaError: HIVE_PATH_ALREADY_EXISTS; HIVE_METASTORE_ERROR if there is no such bucket.
    """
    if not objects.bucket_exists(place.bucket):
        raise AthenaError("HIVE_METASTORE_ERROR", f"The specified bucket does not exist: {place.bucket}")
    if next(objects.under(place.bucket, place.prefix), None) is not None:
        raise AthenaError("HIVE_PATH_ALREADY_EXISTS", message)
