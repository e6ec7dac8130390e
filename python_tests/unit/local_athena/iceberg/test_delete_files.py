"""Delete files as other writers make them: about several data files, without bounds, or of a kind we do not read."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.table.snapshots import Operation
from pyiceberg.typedef import Record

from local_athena.errors import AthenaError
from local_athena.iceberg.snapshots import Change, snapshot
from local_athena.iceberg.tables import State, Tables
from local_athena.table_format import SetProperties
from local_athena.types import model

from .support import BUCKET, Lake

POSITIONS = pa.schema(
    [
        pa.field("file_path", pa.string(), nullable=False, metadata={"PARQUET:field_id": "2147483546"}),
        pa.field("pos", pa.int64(), nullable=False, metadata={"PARQUET:field_id": "2147483545"}),
    ]
)


def commit_deletes(lake: Lake, content: DataFileContent, rows: Iterable[tuple[str, int]]) -> None:
    """Adds a delete file to t, in its only partition spec and without any bounds."""
    files, positions = zip(*sorted(rows), strict=True)
    with lake.work() as work:
        path = work.folder / "deletes.parquet"
        pq.write_table(pa.table([files, positions], schema=POSITIONS), path)
        lake.stores.objects.write(BUCKET, "t/data/deletes.parquet", path)
    made = DataFile.from_args(
        content=content,
        file_path=f"s3://{BUCKET}/t/data/deletes.parquet",
        file_format=FileFormat.PARQUET,
        partition=Record(),
        record_count=len(files),
        file_size_in_bytes=1000,
        column_sizes={},
        value_counts={},
        null_value_counts={},
        nan_value_counts={},
        lower_bounds={},
        upper_bounds={},
        key_metadata=None,
        split_offsets=None,
        equality_ids=[1] if content == DataFileContent.EQUALITY_DELETES else None,
        sort_order_id=None,
    )
    made.spec_id = 0
    state: State = lake.table().handle
    change = Change(Operation.DELETE, deletes=[made])
    Tables(lake.stores.objects, lake.stores.glue).commit(state, lambda now, io: snapshot(now.metadata, io, change))


@pytest.fixture
def numbers(lake: Lake) -> Lake:
    """A lake with 0 to 3 in a file, 10 to 13 in another one, and a delete file of others about both."""
    lake.create({"id": model.BIGINT}, "select range as c0 from range(4)")
    lake.insert("select range + 10 as c0 from range(4)")
    paths = dict(lake.rows("t", "id", "$path"))
    first, second = paths[0], paths[10]
    commit_deletes(lake, DataFileContent.POSITION_DELETES, [(first, 0), (second, 1), (second, 3)])
    return lake


def test_one_delete_file_about_two_data_files(numbers: Lake) -> None:
    assert numbers.rows() == [(1,), (2,), (3,), (10,), (12,)]
    assert numbers.rows("t", "id", "$path")[0][0] == 1


def test_rows_inserted_later_are_not_deleted(numbers: Lake) -> None:
    numbers.insert("select 0::bigint as c0")
    assert numbers.rows() == [(0,), (1,), (2,), (3,), (10,), (12,)]


def test_more_deletes_on_top(numbers: Lake) -> None:
    assert numbers.delete("id in (2, 12)") == 2
    assert numbers.update(["id + 100"], "id = 1").count == 1
    assert numbers.rows() == [(3,), (10,), (101,)]


def test_a_delete_file_stays_while_a_data_file_needs_it(numbers: Lake) -> None:
    numbers.alter(SetProperties({"optimize_rewrite_delete_file_threshold": "2"}))
    numbers.delete("id = 3")
    # The first data file has two delete files now and is rewritten; the second one still needs the shared one.
    numbers.optimize()
    assert numbers.rows() == [(1,), (2,), (10,), (12,)]
    assert numbers.rows("t$files", "content", "record_count") == [(0, 2), (0, 4), (1, 3)]


def test_equality_deletes_are_refused(lake: Lake) -> None:
    lake.create({"id": model.BIGINT}, "select range as c0 from range(4)")
    commit_deletes(lake, DataFileContent.EQUALITY_DELETES, [("x", 1)])
    with pytest.raises(AthenaError, match="NOT_SUPPORTED: The local Athena does not read Iceberg tables with equality"):
        lake.rows()
