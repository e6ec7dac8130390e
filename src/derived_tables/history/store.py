"""Where history lies: one file a run, whose name is that of the run, so that nobody writes into another one's."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import Any, Protocol

from derived_tables.errors import must_be
from derived_tables.history.records import COLUMNS, Record
from derived_tables.project.environment import Environment
from derived_tables.warehouse.objects import Objects
from derived_tables.warehouse.parquet import parquet_of, read_parquet

_FOLDER = "run_history"


class Place(Protocol):
    """A folder of files.

    Attributes:
        address: as people name it.
    """

    address: str

    def names(self) -> Sequence[str]:
        """The names of its files, sorted."""

    def read(self, name: str) -> bytes:
        """A file."""

    def write(self, name: str, content: bytes) -> None:
        """Writes a file, at once and in whole."""


class LocalPlace:
    """A folder of this machine's."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder)
        self._folder = folder

    def names(self) -> Sequence[str]:
        """The names of its files, sorted."""
        return sorted(file.name for file in self._folder.glob("*.parquet"))

    def read(self, name: str) -> bytes:
        """A file."""
        return (self._folder / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        """Writes a file under another name first: readers see none of it or all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        number, path = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
            Path(path).replace(self._folder / name)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(path).unlink()
            raise


class S3Place:
    """A folder in S3."""

    def __init__(self, objects: Objects, folder: str) -> None:
        self.address = folder
        self._objects = objects

    def names(self) -> Sequence[str]:
        """The names of its objects, sorted."""
        found = (each.address.removeprefix(f"{self.address}/") for each in self._objects.below(self.address))
        return sorted(name for name in found if name.endswith(".parquet") and "/" not in name)

    def read(self, name: str) -> bytes:
        """An object."""
        return self._objects.read(f"{self.address}/{name}")

    def write(self, name: str, content: bytes) -> None:
        """Writes an object."""
        self._objects.write(f"{self.address}/{name}", content)


def s3_folder(settings: Mapping[str, Any], environment: Environment) -> str:
    """Where history lies on Athena.

    Args:
        settings: of the target.
        environment: the environment.

    Raises:
        RefusedError: the target has no `s3_data_dir`.
    """
    data_dir = settings.get("s3_data_dir")
    if not data_dir:
        remedy = "Set it in profiles.yml: tables and history lie below it."
        raise must_be("`s3_data_dir` of the target", "a folder in S3", None, remedy)
    return f"{str(data_dir).rstrip('/')}/{_below(environment)}"


def local_folder(variables: Mapping[str, Any], project_dir: Path, environment: Environment) -> Path:
    """Where history lies on DuckDB.

    Args:
        variables: of the project.
        project_dir: folder of dbt_project.yml, where a relative folder begins.
        environment: the environment.

    Raises:
        RefusedError: var `artefacts_dir` names no folder.
    """
    given = variables.get("artefacts_dir")
    if not isinstance(given, str) or not given or "://" in given:
        remedy = "Write e.g. `artefacts_dir: artefacts` below `vars` of dbt_project.yml."
        raise must_be("var `artefacts_dir`", "a folder of this machine's", given, remedy)
    return project_dir / given / _below(environment)


def file_name(record: Record) -> str:
    """The name of the file of a run: names are in the order in which runs ended."""
    return f"{record.ended:%Y%m%dT%H%M%S.%fZ}_{record.invocation}.parquet"


def keep(place: Place, records: Sequence[Record]) -> str | None:
    """Writes the file of a run; None if it is there already, because nothing in it can have changed.

    Args:
        place: where.
        records: those of one run, at least one.
    """
    name = file_name(records[0])
    if name in place.names():
        return None
    place.write(name, parquet_of(COLUMNS, (_row(record) for record in records)))
    return name


def newest(place: Place, number: int) -> tuple[list[Record], int]:
    """The records of the newest runs, and of how many runs they are."""
    names = place.names()[-number:]
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name in names:
            file = Path(folder) / name
            file.write_bytes(place.read(name))
            files.append(file)
        return [Record(*row) for row in read_parquet(files, COLUMNS)], len(names)


def _below(environment: Environment) -> str:
    folder = "prod" if environment.name == "prod" else "dev"
    # Each sandbox and each pull request has a folder of its own: what fails there fails nowhere else.
    label = environment.name if environment.name in ("prod", "dev") else environment.suffix.removeprefix("_")
    return f"{folder}/{_FOLDER}/environment={label}"


def _row(record: Record) -> Iterable[Any]:
    return (
        value.isoformat() if name == "ended" else value for name, value in zip(COLUMNS, astuple(record), strict=True)
    )
