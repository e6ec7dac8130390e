"""INSERT, DELETE, UPDATE and MERGE.

As in Athena, a row that goes is noted in a position delete file and its data file stays as it is (merge on read). Data
files that go as a whole are dropped: those of a DELETE without a condition; and of a partitioned table, where a DELETE
leaves no row in any file that it hits, these and all others of their partitions that have no rows.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from pyiceberg.manifest import DataFile
from pyiceberg.table.snapshots import Operation

from local_athena.dialect.plan import ChangePlan
from local_athena.dialect.representation import quoted
from local_athena.iceberg.data_writer import DataWriter
from local_athena.iceberg.pruning import LiveFile, live_files, without_orphans
from local_athena.iceberg.snapshots import Change, snapshot
from local_athena.iceberg.tables import State, Tables
from local_athena.table_format import Rows, Work, Written


def insert(tables: Tables, state: State, rows: Rows, work: Work) -> Written:
    """INSERT; holds whatever others have done to the table meanwhile."""
    with DataWriter(tables, state.metadata, work) as writer:
        files = writer.rows(rows.sql)
        if files:
            change = Change(Operation.APPEND, files, query_id=work.request.query_id, now=work.now // 1000)
            tables.commit(state, lambda now, io: snapshot(now.metadata, io, change), on_top=True)
    return Written(sum(file.record_count for file in files), tuple(file.file_path for file in files))


def change_rows(tables: Tables, plan: ChangePlan, work: Work) -> Written:
    """DELETE, UPDATE or MERGE.

    Raises:
        AthenaError: ICEBERG_COMMIT_ERROR if the table is no longer as the statement read it.
    """
    state: State = plan.target.handle
    changes = quoted(f"iceberg_changes_{uuid.uuid4().hex}")
    connection = work.connection
    connection.execute(f"create temp table {changes} as {plan.sql}")
    try:
        [(count,)] = connection.execute(f"select count(*) from {changes}").fetchall()
        if not count:
            return Written(0)
        # Several clauses of a MERGE may change the same row.
        gone = connection.execute(
            f'select "$file", list(distinct "$position") from {changes} where "$file" is not null group by 1 order by 1'
        ).fetchall()
        files = {file.data.file_path: file for file in _files(tables, state)}
        hit = [(files[address], positions) for address, positions in gone]
        with DataWriter(tables, state.metadata, work) as writer:
            added = _write_new(writer, state, changes, work)
            dropped = list(files.values()) if plan.whole_table else []
            if not added and not dropped:
                dropped = _without_rows(state, files.values(), hit)
            change = Change(
                operation=_operation(added, bool(gone)),
                added=added,
                deletes=[] if dropped else [writer.position_deletes(file.data, positions) for file, positions in hit],
                removed=without_orphans(dropped, files.values()),
                query_id=work.request.query_id,
                now=work.now // 1000,
            )
            tables.commit(state, lambda now, io: snapshot(now.metadata, io, change))
    finally:
        connection.execute(f"drop table if exists {changes}")
    return Written(count, tuple(file.file_path for file in added))


def _files(tables: Tables, state: State) -> list[LiveFile]:
    return live_files(state.metadata, state.metadata.current_snapshot(), tables.io)


def _write_new(writer: DataWriter, state: State, changes: str, work: Work) -> list[DataFile]:
    new = f"from {changes} where \"$operation\" in ('insert', 'update')"
    [(count,)] = work.connection.execute(f"select count(*) {new}").fetchall()
    columns = ", ".join(f"c{number}" for number in range(len(state.metadata.schema().fields)))
    return writer.rows(f"select {columns} {new}") if count else []


def _without_rows(state: State, files: Iterable[LiveFile], hit: Sequence[tuple[LiveFile, list[int]]]) -> list[LiveFile]:
    """The files that a DELETE lets go as a whole; none if one that it hits keeps rows."""
    if state.metadata.spec().is_unpartitioned():
        return []
    gone = {file.data.file_path: len(positions) for file, positions in hit}

    def is_empty(file: LiveFile) -> bool:
        deleted = sum(delete.record_count for delete in file.deletes)
        return bool(gone.get(file.data.file_path, 0) + deleted >= file.data.record_count)

    if not all(is_empty(file) for file, _ in hit):
        return []
    partitions = {(file.data.spec_id, file.data.partition) for file, _ in hit}
    return [file for file in files if (file.data.spec_id, file.data.partition) in partitions and is_empty(file)]


def _operation(added: Sequence[DataFile], gone: bool) -> Operation:
    if not gone:
        return Operation.APPEND
    return Operation.OVERWRITE if added else Operation.DELETE
