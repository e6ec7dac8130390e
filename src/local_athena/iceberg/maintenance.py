"""OPTIMIZE, VACUUM and DROP TABLE.

Source: https://docs.aws.amazon.com/athena/latest/ug/optimize-statement.html and …/vacuum-statement.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from itertools import islice

from pyiceberg.manifest import ManifestFile
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Operation, ancestors_of
from pyiceberg.table.update import RemoveSnapshotsUpdate, TableUpdate
from pyiceberg.typedef import Record

from local_athena.dialect.plan import Predicate
from local_athena.dialect.representation import quoted
from local_athena.errors import AthenaError, not_supported
from local_athena.iceberg import properties
from local_athena.iceberg.data_writer import DataWriter
from local_athena.iceberg.objects_io import split_address
from local_athena.iceberg.pruning import LiveFile, live_files, without_orphans
from local_athena.iceberg.reading import Source
from local_athena.iceberg.snapshots import Change, snapshot
from local_athena.iceberg.tables import State, Tables
from local_athena.table_format import Work

# What one VACUUM deletes at most before it asks for another run.
MOST_FILES = 1000


def optimize(tables: Tables, state: State, predicates: Sequence[Predicate], work: Work) -> None:
    """OPTIMIZE t REWRITE DATA USING BIN_PACK [WHERE …]: packs small files, and applies deletes.

    Raises:
        AthenaError: if the condition is about a column by which the table is not partitioned.
    """
    metadata = state.metadata
    _refuse_other_columns(metadata, predicates)
    files = live_files(metadata, metadata.current_snapshot(), tables.io, predicates)
    groups = [group for group in map(_Thresholds(metadata).choose, _by_partition(files)) if group]
    if not groups:
        return
    with DataWriter(tables, metadata, work) as writer:
        change = Change(
            Operation.REPLACE,
            added=[file for group in groups for file in writer.rows(_rows(tables, metadata, group, work))],
            removed=without_orphans(
                [file for group in groups for file in group],
                live_files(metadata, metadata.current_snapshot(), tables.io),
            ),
            query_id=work.request.query_id,
            now=work.now // 1000,
        )
        tables.commit(state, lambda now, io: snapshot(now.metadata, io, change))


def _rows(tables: Tables, metadata: TableMetadata, files: Sequence[LiveFile], work: Work) -> str:
    names = [field.name.lower() for field in metadata.schema().fields]
    listed = ", ".join(f"{quoted(name)} as c{number}" for number, name in enumerate(names))
    source = Source(tables, metadata.schema(), work.folder).select(files, names)
    return f"select {listed} from ({source})"


def _refuse_other_columns(metadata: TableMetadata, predicates: Iterable[Predicate]) -> None:
    partitioned = {metadata.schema().find_column_name(field.source_id) for field in metadata.spec().fields}
    for predicate in predicates:
        if predicate.column not in partitioned:
            raise not_supported(f"OPTIMIZE takes a condition on partition columns only, got: {predicate.column}")


def _by_partition(files: Iterable[LiveFile]) -> list[list[LiveFile]]:
    groups: dict[tuple[int, Record], list[LiveFile]] = defaultdict(list)
    for file in files:
        groups[file.data.spec_id, file.data.partition].append(file)
    return list(groups.values())


class _Thresholds:
    """Which files of a partition are worth a rewrite, by the table's properties."""

    def __init__(self, metadata: TableMetadata) -> None:
        given = metadata.properties
        self._smallest = properties.number(given, properties.SMALL_SIZE)
        self._largest = properties.number(given, properties.LARGE_SIZE)
        self._files = properties.number(given, properties.DATA_FILE_THRESHOLD)
        self._deletes = properties.number(given, properties.DELETE_FILE_THRESHOLD)

    def choose(self, files: Sequence[LiveFile]) -> list[LiveFile]:
        """The files with many delete files, and those of a wrong size if there are enough of them."""
        odd = [file for file in files if not self._smallest <= file.data.file_size_in_bytes <= self._largest]
        packed = {file.data.file_path for file in odd} if len(odd) >= self._files else set()
        return [file for file in files if file.data.file_path in packed or len(file.deletes) >= self._deletes]


def vacuum(tables: Tables, state: State, work: Work) -> None:
    """VACUUM t: expires old snapshots, and deletes old files that no snapshot needs.

    Raises:
        AthenaError: ICEBERG_VACUUM_MORE_RUNS_NEEDED if there is more to delete than one run does.
    """
    bucket, prefix = split_address(state.metadata.location)
    if not prefix:
        raise AthenaError("GENERIC_INTERNAL_ERROR", f"Path missing in file system location: {state.metadata.location}")
    age = properties.number(state.metadata.properties, properties.SNAPSHOT_AGE)
    oldest = work.now - age * 1_000_000
    tables.commit(state, lambda now, _: _expiry(now.metadata, oldest // 1000))
    current = tables.current(state.name)
    # By bucket and key: addresses of other writers may begin with `s3a`.
    needed = set(map(split_address, _needed_files(tables, current)))
    cutoff = datetime.fromtimestamp(oldest / 1_000_000, timezone.utc)
    orphans = [
        found.key
        for folder in ("data", "metadata")
        for found in tables.objects.under(bucket, f"{prefix}/{folder}/")
        if found.modified <= cutoff and (bucket, found.key) not in needed
    ]
    tables.objects.delete(bucket, orphans[:MOST_FILES])
    if len(orphans) > MOST_FILES:
        raise AthenaError(
            "ICEBERG_VACUUM_MORE_RUNS_NEEDED",
            f"Removed {MOST_FILES} files in this round of vacuum, but there are more files remaining. "
            "Please run another VACUUM command to process the remaining files",
        )


def _expiry(metadata: TableMetadata, oldest_ms: int) -> tuple[TableUpdate, ...]:
    kept = {reference.snapshot_id for reference in metadata.refs.values()}
    least = properties.number(metadata.properties, properties.SNAPSHOTS_TO_KEEP)
    line = ancestors_of(metadata.current_snapshot(), metadata)
    kept.update(ancestor.snapshot_id for ancestor in islice(line, least))
    expired = [
        found.snapshot_id
        for found in metadata.snapshots
        if found.timestamp_ms < oldest_ms and found.snapshot_id not in kept
    ]
    return (RemoveSnapshotsUpdate.model_validate({"snapshot-ids": expired}),) if expired else ()


def _needed_files(tables: Tables, state: State) -> set[str]:
    """Every file that a snapshot of the table leads to, and the metadata files that it remembers."""
    metadata = state.metadata
    needed = {state.location, *(entry.metadata_file for entry in metadata.metadata_log)}
    manifests: dict[str, ManifestFile] = {}
    for found in metadata.snapshots:
        needed.add(found.manifest_list)
        manifests.update((manifest.manifest_path, manifest) for manifest in found.manifests(tables.io))
    needed.update(manifests)
    for manifest in manifests.values():
        entries = manifest.fetch_manifest_entry(tables.io, discard_deleted=True)
        needed.update(entry.data_file.file_path for entry in entries)
    needed.update(statistics.statistics_path for statistics in metadata.statistics)
    return needed


def drop(tables: Tables, state: State) -> None:
    """DROP TABLE: the entry in Glue goes first, so that nobody sees a table without files."""
    tables.forget(state.name)
    bucket, prefix = split_address(state.metadata.location)
    if prefix:
        tables.objects.delete(bucket, [found.key for found in tables.objects.under(bucket, f"{prefix}/")])
