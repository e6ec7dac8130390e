"""S3 and Glue as the engine uses them: in process, without HTTP. `moto_bridge` implements them on moto."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class S3Object:
    """An object of S3.

    Attributes:
        bucket: its bucket.
        key: its key, without a leading slash.
        size: bytes.
        etag: changes whenever the content does; without quotes.
        modified: aware, UTC.
    """

    bucket: str
    key: str
    size: int
    etag: str
    modified: datetime

    @property
    def address(self) -> str:
        """`s3://bucket/key`."""
        return f"s3://{self.bucket}/{self.key}"


class Objects(Protocol):
    """Buckets and objects.

    Attributes:
        scratch: a local folder for files that `take` is to take over.
    """

    scratch: Path

    def bucket_exists(self, bucket: str) -> bool:
        """Whether the bucket exists."""
        ...

    def under(self, bucket: str, prefix: str) -> Iterator[S3Object]:
        """The objects whose keys begin with the prefix, in order of their keys; none if the bucket is missing."""
        ...

    def find(self, bucket: str, key: str) -> S3Object | None:
        """The object; None if it is missing."""
        ...

    def read(self, bucket: str, key: str) -> bytes:
        """The object's content.

        Raises:
            AthenaError: HIVE_CANNOT_OPEN_SPLIT if it is missing.
        """
        ...

    def write(self, bucket: str, key: str, content: bytes | Path) -> S3Object:
        """Makes or replaces an object, whole or not at all; a path is a local file that is copied.

        Raises:
            AthenaError: if the bucket is missing.
        """
        ...

    def local_path(self, found: S3Object) -> Path:
        """A local file with the object's content, never written again; it stays for a while if the object goes.

        Raises:
            AthenaError: HIVE_CANNOT_OPEN_SPLIT if the object is missing.
        """
        ...

    def take(self, bucket: str, key: str, file: Path) -> S3Object:
        """Like `write`, but takes a local file over instead of copying it.

        Raises:
            AthenaError: if the bucket is missing; the file is deleted then.
        """
        ...

    def delete(self, bucket: str, keys: Iterable[str]) -> None:
        """Deletes objects; those that are missing are no error."""
        ...


class Glue(Protocol):
    """Databases, tables and partitions; entries are shaped as the Glue API's JSON (Database, Table, Partition)."""

    def databases(self) -> Sequence[Entry]:
        """All databases, by name."""
        ...

    def database(self, name: str) -> Entry | None:
        """The database; None if it is missing."""
        ...

    def create_database(self, database_input: Entry) -> None:
        """Creates a database. Raises AlreadyExistsError."""
        ...

    def delete_database(self, name: str) -> None:
        """Deletes a database and what is in it. Raises MissingError."""
        ...

    def tables(self, database: str) -> Sequence[Entry]:
        """All tables and views of a database, by name. Raises MissingError."""
        ...

    def table(self, database: str, name: str) -> Entry | None:
        """The table or view, with `VersionId`; None if it is missing, or its database."""
        ...

    def create_table(self, database: str, table_input: Entry) -> None:
        """Creates a table or view. Raises AlreadyExistsError or MissingError."""
        ...

    def update_table(
        self, database: str, table_input: Entry, *, version: str | None = None, skip_archive: bool = True
    ) -> None:
        """Replaces a table's entry; with `version`, only if it is still the current one.

        Raises:
            MissingError: there is no such table.
            ConflictError: another version is current.
        """
        ...

    def delete_table(self, database: str, name: str) -> None:
        """Deletes a table or view and its partitions. Raises MissingError."""
        ...

    def partitions(self, database: str, table: str) -> Sequence[Entry]:
        """All partitions of a table. Raises MissingError."""
        ...

    def partition(self, database: str, table: str, values: Sequence[str]) -> Entry | None:
        """The partition of these values; None if it is missing, or its table."""
        ...

    def create_partition(self, database: str, table: str, partition_input: Entry) -> None:
        """Adds a partition. Raises AlreadyExistsError or MissingError."""
        ...

    def update_partition(self, database: str, table: str, values: Sequence[str], partition_input: Entry) -> None:
        """Replaces the partition of these values. Raises MissingError."""
        ...

    def delete_partition(self, database: str, table: str, values: Sequence[str]) -> None:
        """Removes the partition of these values. Raises MissingError."""
        ...


class Prepared(Protocol):
    """Prepared statements, each in a work group."""

    def find(self, work_group: str, name: str) -> str | None:
        """The statement's text; None if there is none of this name."""
        ...

    def put(self, work_group: str, name: str, sql: str) -> None:
        """Makes or replaces a statement."""
        ...

    def delete(self, work_group: str, name: str) -> bool:
        """Deletes a statement; False if there is none of this name."""
        ...


class MissingError(LookupError):
    """What was asked for does not exist."""


class AlreadyExistsError(Exception):
    """What should be created exists."""


class ConflictError(Exception):
    """Somebody else changed the entry meanwhile."""
