"""Lets pyiceberg read and write the objects of the store, without HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from types import TracebackType

from pyiceberg.io import FileIO, InputFile, InputStream, OutputFile, OutputStream

from local_athena.errors import AthenaError
from local_athena.store import Objects


def split_address(address: str) -> tuple[str, str]:
    """Bucket and key of an address, e.g. `s3://bucket/a/b`.

    Raises:
        AthenaError: INVALID_TABLE_PROPERTY if it is not an address in S3.
    """
    scheme, _, rest = address.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme not in ("s3", "s3a", "s3n") or not bucket:
        raise AthenaError("INVALID_TABLE_PROPERTY", f"The location must be an Amazon S3 address, got: {address}")
    return bucket, key


class ObjectsIO(FileIO):
    """The store as pyiceberg's file system; small files only, data files are read and written by DuckDB.

    Attributes:
        written: addresses of the objects that were written through it.
    """

    def __init__(self, objects: Objects) -> None:
        super().__init__()
        self._objects = objects
        self.written: list[str] = []

    def new_input(self, location: str) -> InputFile:
        """An object to be read."""
        return _Input(self._objects, location)

    def new_output(self, location: str) -> OutputFile:
        """An object to be written."""
        return _Output(self._objects, location, self.written)

    def delete(self, location: str | InputFile | OutputFile) -> None:
        """Deletes an object; one that is missing is no error."""
        address = location if isinstance(location, str) else location.location
        bucket, key = split_address(address)
        self._objects.delete(bucket, [key])

    @contextmanager
    def undone_on_error(self) -> Iterator[None]:
        """Deletes what was written if what is done in the context fails."""
        try:
            yield
        except BaseException:
            for address in self.written:
                self.delete(address)
            raise


class _Input(InputFile):
    def __init__(self, objects: Objects, location: str) -> None:
        super().__init__(location)
        self._objects = objects
        self._place = split_address(location)

    def __len__(self) -> int:
        found = self._objects.find(*self._place)
        if found is None:
            raise FileNotFoundError(self.location)
        return found.size

    def exists(self) -> bool:
        return self._objects.find(*self._place) is not None

    def open(self, seekable: bool = True) -> InputStream:  # noqa: ARG002
        return BytesIO(self._objects.read(*self._place))


class _Output(OutputFile):
    def __init__(self, objects: Objects, location: str, written: list[str]) -> None:
        super().__init__(location)
        self._objects = objects
        self._written = written
        self._place = split_address(location)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def exists(self) -> bool:
        return self._objects.find(*self._place) is not None

    def to_input_file(self) -> InputFile:
        return _Input(self._objects, self.location)

    def create(self, overwrite: bool = False) -> OutputStream:
        if not overwrite and self.exists():
            raise FileExistsError(self.location)
        return _Stream(self)

    def keep(self, content: bytes) -> None:
        """Writes the object once all of its content is known."""
        self._objects.write(*self._place, content)
        self._written.append(self.location)
        self._size = len(content)


class _Stream(OutputStream):
    """Collects what is written, so that an object appears whole or not at all."""

    def __init__(self, file: _Output) -> None:
        self._file = file
        self._content = BytesIO()

    def write(self, b: bytes) -> int:
        return self._content.write(b)

    def tell(self) -> int:
        return self._content.tell()

    def close(self) -> None:
        self._file.keep(self._content.getvalue())

    def __enter__(self) -> OutputStream:
        return self

    def __exit__(
        self, exctype: type[BaseException] | None, excinst: BaseException | None, exctb: TracebackType | None
    ) -> None:
        if exctype is None:
            self.close()
