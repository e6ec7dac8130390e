"""Which data files a scan has to read: predicates as pyiceberg's expressions, and its plan of files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pyiceberg.expressions import (
    AlwaysTrue,
    And,
    BooleanExpression,
    EqualTo,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
    NotEqualTo,
    NotNull,
)
from pyiceberg.io import FileIO
from pyiceberg.manifest import DataFile
from pyiceberg.schema import Schema
from pyiceberg.table import ManifestGroupPlanner
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Snapshot

from local_athena.dialect.plan import Predicate
from local_athena.errors import not_supported

# pyiceberg's expressions are pydantic models, whose constructors mypy does not understand.
_TESTS: dict[str, Any] = {"is null": IsNull, "is not null": NotNull}
_COMPARISONS: dict[str, Any] = {
    "=": EqualTo,
    "<>": NotEqualTo,
    "<": LessThan,
    "<=": LessThanOrEqual,
    ">": GreaterThan,
    ">=": GreaterThanOrEqual,
    "in": In,
}


@dataclass(frozen=True)
class LiveFile:
    """A data file of a snapshot.

    Attributes:
        data: the file.
        deletes: the position delete files that may be about it.
    """

    data: DataFile
    deletes: tuple[DataFile, ...]


def live_files(
    metadata: TableMetadata, snapshot: Snapshot | None, io: FileIO, predicates: Sequence[Predicate] = ()
) -> list[LiveFile]:
    """The data files of a snapshot that may hold rows for which all predicates are true, in order of their addresses.

    Raises:
        AthenaError: NOT_SUPPORTED for equality deletes and deletion vectors, which the local Athena does not read.
    """
    if snapshot is None:
        return []
    planner = ManifestGroupPlanner(metadata, io, _expression(predicates, metadata, snapshot))
    try:
        tasks = list(planner.plan_files(snapshot.manifests(io)))
    except ValueError as error:
        if "equality deletes" not in str(error):
            raise
        raise not_supported("The local Athena does not read Iceberg tables with equality deletes") from None
    files = [LiveFile(task.file, tuple(sorted(task.delete_files, key=_address))) for task in tasks]
    return sorted(files, key=lambda file: _address(file.data))


def without_orphans(dropped: Iterable[LiveFile], files: Iterable[LiveFile]) -> list[DataFile]:
    """The files that leave a snapshot with some data files: also the delete files that are about no other one.

    Args:
        dropped: the data files that go.
        files: all of the snapshot.
    """
    going = {file.data.file_path: file for file in dropped}
    needed = {delete.file_path for file in files if file.data.file_path not in going for delete in file.deletes}
    removed = {address: file.data for address, file in going.items()}
    for file in going.values():
        removed.update((delete.file_path, delete) for delete in file.deletes if delete.file_path not in needed)
    return list(removed.values())


def _address(file: DataFile) -> str:
    return file.file_path


def _expression(predicates: Iterable[Predicate], metadata: TableMetadata, snapshot: Snapshot) -> BooleanExpression:
    """Predicates name columns as the snapshot did; pyiceberg wants today's names."""
    then, now = snapshot_schema(metadata, snapshot), metadata.schema()
    expression: BooleanExpression = AlwaysTrue()
    for predicate in predicates:
        if predicate.column not in then.column_names:
            continue
        name = now.find_column_name(then.find_field(predicate.column).field_id)
        if name is None:
            continue
        if (made := _comparison(name, predicate, now)) is not None:
            expression = And(expression, made)
    return expression


def _comparison(name: str, predicate: Predicate, schema: Schema) -> BooleanExpression | None:
    """The predicate for pyiceberg; None if it cannot compare the column so: a predicate is advice."""
    made: BooleanExpression
    try:
        if predicate.operator in _TESTS:
            made = _TESTS[predicate.operator](name)
        else:
            values = predicate.values if predicate.operator == "in" else predicate.values[0]
            made = _COMPARISONS[predicate.operator](name, values)
        made.bind(schema, case_sensitive=True)  # type: ignore[attr-defined]
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return made


def snapshot_schema(metadata: TableMetadata, snapshot: Snapshot) -> Schema:
    """The columns that a snapshot had."""
    found = None if snapshot.schema_id is None else metadata.schema_by_id(snapshot.schema_id)
    return found or metadata.schema()
