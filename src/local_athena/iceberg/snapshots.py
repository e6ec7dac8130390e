"""Makes snapshots: writes the manifests and the manifest list of a change.

Source: https://iceberg.apache.org/spec/#manifests, #manifest-lists and #snapshots
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pyiceberg.io import FileIO
from pyiceberg.manifest import (
    DataFile,
    ManifestContent,
    ManifestEntry,
    ManifestEntryStatus,
    ManifestFile,
    ManifestWriter,
    ManifestWriterV2,
    write_manifest_list,
)
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.refs import MAIN_BRANCH, SnapshotRefType
from pyiceberg.table.snapshots import (
    Operation,
    Snapshot,
    SnapshotSummaryCollector,
    Summary,
    update_snapshot_summaries,
)
from pyiceberg.table.update import AddSnapshotUpdate, SetSnapshotRefUpdate, TableUpdate

# Iceberg's default of `commit.manifest.min-count-to-merge`.
MANY_MANIFESTS = 100
_COMPRESSION: Literal["deflate"] = "deflate"


@dataclass(frozen=True)
class Change:
    """What a snapshot changes.

    Attributes:
        operation: what the snapshot says of itself.
        added: new data files.
        deletes: new position delete files.
        removed: data files and delete files that are no longer part of the table.
        query_id: of the execution that did it.
        now: when, in milliseconds since 1970.
    """

    operation: Operation
    added: Sequence[DataFile] = ()
    deletes: Sequence[DataFile] = ()
    removed: Sequence[DataFile] = ()
    query_id: str = ""
    now: int = 0
    removed_paths: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "removed_paths", frozenset(file.file_path for file in self.removed))


def snapshot(metadata: TableMetadata, io: FileIO, change: Change) -> tuple[TableUpdate, ...]:
    """Writes the files of a snapshot; nobody sees it before its updates are committed.

    Args:
        metadata: of the table that is changed.
        io: where to write.
        change: what to change.

    Returns:
        The updates that add the snapshot and make it the current one.
    """
    maker = _Maker(metadata, io)
    parent = metadata.current_snapshot()
    manifests = [
        *maker.added(change.added, ManifestWriterV2),
        *maker.added(change.deletes, _DeletesWriter),
        *(maker.kept(parent.manifests(io), change.removed_paths) if parent else ()),
    ]
    # pyiceberg's models take the names of their JSON.
    made = Snapshot.model_validate(
        {
            "snapshot-id": maker.snapshot_id,
            "parent-snapshot-id": parent.snapshot_id if parent else None,
            "manifest-list": maker.listed(manifests, parent),
            "sequence-number": metadata.next_sequence_number(),
            # Two snapshots of one millisecond could not be told apart by time.
            "timestamp-ms": max(change.now, metadata.last_updated_ms + 1),
            "summary": _summary(metadata, parent, change),
            "schema-id": metadata.current_schema_id,
        }
    )
    main = SetSnapshotRefUpdate.model_validate(
        {"snapshot-id": maker.snapshot_id, "ref-name": MAIN_BRANCH, "type": SnapshotRefType.BRANCH}
    )
    return AddSnapshotUpdate(snapshot=made), main


class _DeletesWriter(ManifestWriterV2):
    """Writes manifests of delete files."""

    def content(self) -> ManifestContent:
        return ManifestContent.DELETES

    @property
    def _meta(self) -> dict[str, str]:
        return {**super()._meta, "content": "deletes"}


class _Maker:
    """Writes the manifests of one snapshot."""

    def __init__(self, metadata: TableMetadata, io: FileIO) -> None:
        self.snapshot_id = metadata.new_snapshot_id()
        self._metadata = metadata
        self._io = io
        self._id = uuid.uuid4()
        self._count = 0

    def added(self, files: Iterable[DataFile], kind: type[ManifestWriterV2]) -> list[ManifestFile]:
        """One manifest for the new files of each partition spec."""
        by_spec: dict[int, list[DataFile]] = defaultdict(list)
        for file in files:
            by_spec[file.spec_id].append(file)
        manifests = []
        for spec_id, of_spec in by_spec.items():
            with self._writer(kind, spec_id) as writer:
                for file in of_spec:
                    writer.add_entry(
                        ManifestEntry.from_args(
                            status=ManifestEntryStatus.ADDED,
                            snapshot_id=self.snapshot_id,
                            sequence_number=None,
                            file_sequence_number=None,
                            data_file=file,
                        )
                    )
            manifests.append(writer.to_manifest_file())
        return manifests

    def kept(self, manifests: Iterable[ManifestFile], removed: frozenset[str]) -> list[ManifestFile]:
        """The manifests of the parent snapshot.

        Those that list removed files are written again. When there are many of a kind, they become one.
        """
        kinds: dict[tuple[int, ManifestContent], list[ManifestFile]] = defaultdict(list)
        for manifest in manifests:
            if manifest.has_added_files() or manifest.has_existing_files():
                kinds[manifest.partition_spec_id, manifest.content].append(manifest)
        kept: list[ManifestFile] = []
        for of_kind in kinds.values():
            many = len(of_kind) >= MANY_MANIFESTS
            for group in [of_kind] if many else [[manifest] for manifest in of_kind]:
                kept += self._rewritten(group, removed)
        return kept

    def listed(self, manifests: list[ManifestFile], parent: Snapshot | None) -> str:
        """Writes the manifest list and gives its address."""
        address = f"{self._metadata.location}/metadata/snap-{self.snapshot_id}-1-{self._id}.avro"
        with write_manifest_list(
            format_version=2,
            output_file=self._io.new_output(address),
            snapshot_id=self.snapshot_id,
            parent_snapshot_id=parent.snapshot_id if parent else None,
            sequence_number=self._metadata.next_sequence_number(),
            avro_compression=_COMPRESSION,
        ) as writer:
            writer.add_manifests(manifests)
        return address

    def _rewritten(self, manifests: Sequence[ManifestFile], removed: frozenset[str]) -> Sequence[ManifestFile]:
        """One manifest in place of several, or of one that lists removed files."""
        if len(manifests) == 1 and not removed:
            return manifests
        entries = [entry for manifest in manifests for entry in manifest.fetch_manifest_entry(self._io)]
        if len(manifests) == 1 and not any(entry.data_file.file_path in removed for entry in entries):
            return manifests
        kind = _DeletesWriter if manifests[0].content == ManifestContent.DELETES else ManifestWriterV2
        with self._writer(kind, manifests[0].partition_spec_id) as writer:
            for entry in entries:
                if entry.data_file.file_path in removed:
                    writer.delete(entry)
                else:
                    writer.existing(entry)
        return [writer.to_manifest_file()]

    def _writer(self, kind: type[ManifestWriterV2], spec_id: int) -> ManifestWriter:
        address = f"{self._metadata.location}/metadata/{self._id}-m{self._count}.avro"
        self._count += 1
        return kind(
            self._metadata.specs()[spec_id],
            self._metadata.schema(),
            self._io.new_output(address),
            self.snapshot_id,
            _COMPRESSION,
        )


def _summary(metadata: TableMetadata, parent: Snapshot | None, change: Change) -> Summary:
    specs, schema = metadata.specs(), metadata.schema()
    collector = SnapshotSummaryCollector()
    for file in (*change.added, *change.deletes):
        collector.add_file(file, schema, specs[file.spec_id])
    for file in change.removed:
        collector.remove_file(file, schema, specs[file.spec_id])
    said: dict[str, Any] = {"engine-name": "athena", **collector.build()}
    if change.query_id:
        said["trino_query_id"] = change.query_id
    # pyiceberg adds up totals for every operation but `replace`, which adds up in the same way.
    totals = update_snapshot_summaries(
        Summary(operation=Operation.OVERWRITE, **said), parent.summary if parent else None
    )
    return Summary(operation=change.operation, **totals.additional_properties)
