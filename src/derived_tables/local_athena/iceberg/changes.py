"""INSERT, DELETE, UPDATE and MERGE.

As in Athena, a row that goes is noted in a position delete file and its data file stays as it is (merge on read). Data
files that go as a whole are dropped: those of a DELETE without a condition, and those of a DELETE that hits nothing but
whole files of a partitioned table.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from pyiceberg.manifest import DataFile
from pyiceberg.table.snapshots import Operation

from derived_tables.local_athena.dialect.plan import ChangePlan
from derived_tables.local_athena.dialect.representation import quoted
from derived_tables.local_athena.iceberg.data_writer import DataWriter
from derived_tables.local_athena.iceberg.pruning import LiveFile, live_files, without_orphans
from derived_tables.local_athena.iceberg.snapshots import Change, snapshot
from derived_tables.local_athena.iceberg.tables import State, Tables
from derived_tables.local_athena.table_format import Rows, Work, Written


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
        gone = connection.execute(
            f'select "$file", list("$position") from {changes} where "$file" is not null group by all order by all'
        ).fetchall()
        files = {file.data.file_path: file for file in _files(tables, state)}
        hit = [(files[address], positions) for address, positions in gone]
        with DataWriter(tables, state.metadata, work) as writer:
            added = _write_new(writer, state, changes, work)
            whole = plan.whole_table or (not added and _are_whole_files(state, hit))
            dropped = list(files.values()) if plan.whole_table else [file for file, _ in hit if whole]
            change = Change(
                operation=_operation(added, bool(gone)),
                added=added,
                deletes=[] if whole else [writer.position_deletes(file.data, positions) for file, positions in hit],
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


def _are_whole_files(state: State, hit: Sequence[tuple[LiveFile, list[int]]]) -> bool:
    if state.metadata.spec().is_unpartitioned():
        return False
    return all(not file.deletes and len(positions) == file.data.record_count for file, positions in hit)


def _operation(added: Sequence[DataFile], gone: bool) -> Operation:
    if not gone:
        return Operation.APPEND
    return Operation.OVERWRITE if added else Operation.DELETE
