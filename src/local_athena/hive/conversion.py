"""Files of other formats, converted to Parquet once and kept for the next reader."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

from local_athena.catalogue.model import Column
from local_athena.errors import AthenaError
from local_athena.hive.arrow import arrow_schema
from local_athena.hive.codecs.registry import READERS
from local_athena.hive.storage import Storage
from local_athena.local_files import held, identity
from local_athena.store import Objects, S3Object

_MOST_BYTES = 4 << 30


class Converted:
    """Converted files, in a folder of their own; the oldest go when there is no room."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._folder = objects.scratch / "converted"

    def path(self, found: S3Object, columns: Sequence[Column], storage: Storage, folder: Path) -> Path:
        """The object as a Parquet file with these columns, in the folder of a statement.

        Raises:
            AthenaError: HIVE_BAD_DATA, HIVE_CANNOT_OPEN_SPLIT, or NOT_SUPPORTED.
        """
        self._folder.mkdir(exist_ok=True)
        kept = self._folder / f"{_digest(found, columns, storage)}.parquet"
        if kept.exists():
            kept.touch()
        else:
            self._make_room()
            made = self._folder / f"{uuid.uuid4().hex}.part"
            try:
                source = held(self._objects.local_path(found), folder)
                try:
                    _convert(source, made, columns, storage)
                except OSError as error:
                    message = f"Error opening Hive split {found.address}: {error}"
                    raise AthenaError("HIVE_CANNOT_OPEN_SPLIT", message) from error
                shutil.move(made, kept)
            finally:
                made.unlink(missing_ok=True)
        return held(kept, folder)

    def _make_room(self) -> None:
        files = [(path, path.stat()) for path in self._folder.glob("*.parquet")]
        excess = sum(stat.st_size for _, stat in files) - _MOST_BYTES
        for path, stat in sorted(files, key=lambda item: item[1].st_mtime):
            if excess <= 0:
                return
            path.unlink(missing_ok=True)
            excess -= stat.st_size


def _convert(source: Path, target: Path, columns: Sequence[Column], storage: Storage) -> None:
    schema = arrow_schema(columns)
    with pq.ParquetWriter(target, schema, compression="snappy") as writer:
        for batch in READERS[storage.format](source, columns, storage):
            writer.write_batch(batch)


def _digest(found: S3Object, columns: Sequence[Column], storage: Storage) -> str:
    what = (identity(found), [(column.name, str(column.type)) for column in columns], storage.format, storage.serde)
    options = sorted(storage.options.items())
    return hashlib.sha256(repr((what, options)).encode()).hexdigest()
