"""`"t$snapshots"` and its like, time travel, SHOW and DESCRIBE.

Names and types of the columns: what Trino 470 answers to `SHOW COLUMNS FROM "t$…"`; of `$files`, those that Athena
documents, which are Trino 435's.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from local_athena.catalogue.model import TableName
from local_athena.errors import AthenaError
from local_athena.table_format import AddColumns, ColumnDefinition, SetProperties
from local_athena.types import model
from local_athena.types.model import Decimal, Field, Row, Timestamp

from .support import Lake

_COUNTS = "map(integer, bigint)"
_BOUNDS = "map(integer, varchar)"
COLUMNS = {
    "snapshots": "committed_at timestamp(3) with time zone, snapshot_id bigint, parent_id bigint, operation varchar, "
    "manifest_list varchar, summary map(varchar, varchar)",
    "history": "made_current_at timestamp(3) with time zone, snapshot_id bigint, parent_id bigint, "
    "is_current_ancestor boolean",
    "refs": "name varchar, type varchar, snapshot_id bigint, max_reference_age_in_ms bigint, "
    "min_snapshots_to_keep integer, max_snapshot_age_in_ms bigint",
    "properties": "key varchar, value varchar",
    "manifests": "path varchar, length bigint, partition_spec_id integer, added_snapshot_id bigint, "
    "added_data_files_count integer, added_rows_count bigint, existing_data_files_count integer, "
    "existing_rows_count bigint, deleted_data_files_count integer, deleted_rows_count bigint, partition_summaries "
    "array(row(contains_null boolean, contains_nan boolean, lower_bound varchar, upper_bound varchar))",
    "files": "content integer, file_path varchar, file_format varchar, record_count bigint, file_size_in_bytes bigint, "
    f"column_sizes {_COUNTS}, value_counts {_COUNTS}, null_value_counts {_COUNTS}, nan_value_counts {_COUNTS}, "
    f"lower_bounds {_BOUNDS}, upper_bounds {_BOUNDS}, key_metadata varbinary, split_offsets array(bigint), "
    "equality_ids array(integer)",
    "partitions": "record_count bigint, file_count bigint, total_size bigint, "
    "data row(id row(min integer, max integer, null_count bigint, nan_count bigint), "
    "name row(min varchar, max varchar, null_count bigint, nan_count bigint))",
}


@pytest.mark.parametrize(("suffix", "expected"), COLUMNS.items())
def test_columns(people: Lake, suffix: str, expected: str) -> None:
    table = people.table(f"t${suffix}")
    assert (table.kind, table.name) == ("metadata", TableName("db", f"t${suffix}"))
    assert ", ".join(f"{column.name} {column.type}" for column in table.columns) == expected


def test_metadata_tables_that_do_not_exist(people: Lake) -> None:
    assert people.format.metadata_table(people.table(), "nothing") is None
    with pytest.raises(AthenaError, match=r"NOT_SUPPORTED: The local Athena has no metadata table \$entries"):
        people.format.metadata_table(people.table(), "entries")


def test_of_an_empty_table(lake: Lake) -> None:
    lake.define({"id": "int"})
    assert {suffix: len(lake.rows(f"t${suffix}")) for suffix in COLUMNS} == {
        # As Trino, which makes a first snapshot without files.
        "snapshots": 1,
        "history": 1,
        "refs": 1,
        "properties": 2,
        "manifests": 0,
        "files": 0,
        "partitions": 0,
    }


def test_snapshots_and_history(people: Lake) -> None:
    people.insert("select 4 as c0, 'd' as c1")
    snapshots = people.rows("t$snapshots")
    assert [row[3] for row in snapshots] == ["append", "append"]
    assert [row[2] for row in snapshots] == [None, snapshots[0][1]]
    assert snapshots[1][5]["total-records"] == "4"
    assert all(row[4].startswith("s3://lake/t/metadata/snap-") for row in snapshots)
    history = people.rows("t$history")
    assert [row[1:] for row in history] == [(row[1], row[2], True) for row in snapshots]
    assert people.rows("t$refs", "name", "type", "snapshot_id") == [("main", "BRANCH", snapshots[1][1])]


def test_manifests(people: Lake) -> None:
    people.insert("select 4 as c0, 'd' as c1")
    people.delete("id = 1")
    assert people.rows("t$manifests", "added_data_files_count", "added_rows_count", "deleted_data_files_count") == [
        (1, 1, 0),
        (1, 1, 0),
        (1, 3, 0),
    ]


def test_files_and_partitions_as_trino_prints_them(lake: Lake) -> None:
    columns = {
        "id": model.BIGINT,
        "p": model.VARCHAR,
        "ts": Timestamp(6),
        "d": Decimal(10, 2),
        "tz": Timestamp(6, zoned=True),
        "r": model.DOUBLE,
        "s": Row((Field("n", model.INTEGER),)),
    }
    rows = """
        select 1 as c0, 'aé b/c=1%' as c1, timestamp '2020-01-01 10:00:00' as c2, 1.5::decimal(10, 2) as c3,
               {'instant': timestamp '2020-01-01 10:00:00.5', 'zone': 'UTC'} as c4, 1.5::double as c5, {'n': 7} as c6
        union all select 2, null, null, null, null, 'nan'::double, null
    """
    lake.create(columns, rows, "p", "day(ts)", "bucket(id, 4)", "truncate(p, 2)")
    bounds = {1: "1", 2: "aé b/c=1%", 3: "2020-01-01T10:00:00", 4: "1.50", 5: "2020-01-01T10:00:00.5+00:00", 6: "1.5"}
    files = lake.rows("t$files", "file_path", "record_count", "lower_bounds", "upper_bounds", "null_value_counts")
    assert [row[1] for row in files] == [1, 1]
    assert files[0][2] == files[0][3] == {**bounds, 8: "7"}
    assert files[1][2] == {1: "2"}
    assert files[1][4] == {1: 0, 2: 1, 3: 1, 4: 1, 5: 1, 6: 0, 8: 1}

    names = "row(p varchar, ts_day date, id_bucket integer, p_trunc varchar)"
    assert str(lake.table("t$partitions").columns[0].type) == names
    first, second = lake.rows("t$partitions", "partition", "record_count", "file_count", "data")
    moment = datetime(2020, 1, 1, 10)  # noqa: DTZ001
    assert first[:3] == ({"p": "aé b/c=1%", "ts_day": moment.date(), "id_bucket": 0, "p_trunc": "aé"}, 1, 1)
    assert set(first[3]) == {"id", "ts", "d", "tz", "r"}
    assert first[3]["ts"] == {"min": moment, "max": moment, "null_count": 0, "nan_count": None}
    assert second[0] == {"p": None, "ts_day": None, "id_bucket": 0, "p_trunc": None}
    assert second[3]["d"] == {"min": None, "max": None, "null_count": 1, "nan_count": None}

    [[summaries]] = lake.rows("t$manifests", "partition_summaries")
    assert [list(summary.values()) for summary in summaries] == [
        [True, False, "aé b/c=1%", "aé b/c=1%"],
        [True, False, "2020-01-01", "2020-01-01"],
        [False, False, "0", "0"],
        [True, False, "aé", "aé"],
    ]


def _versions(lake: Lake) -> list[tuple[int, datetime]]:
    found = lake.rows("t$snapshots", "committed_at", "snapshot_id")
    return [(number, at["instant"].replace(tzinfo=timezone.utc)) for at, number in found]


def test_time_travel(people: Lake) -> None:
    people.insert("select 4 as c0, 'd' as c1")
    people.alter(AddColumns((ColumnDefinition("x", "int"),)))
    people.insert("select 5 as c0, 'e' as c1, 50 as c2")
    versions = _versions(people)
    for count, (snapshot_id, committed) in enumerate(versions, start=3):
        columns = 3 if count == 5 else 2
        moments = [committed, committed + timedelta(microseconds=999)]
        tables = [
            people.format.at_version(people.table(), snapshot_id=snapshot_id, timestamp=None),
            *(people.format.at_version(people.table(), snapshot_id=None, timestamp=moment) for moment in moments),
        ]
        for table in tables:
            rows = people.rows(table=table)
            assert (len(rows), len(rows[0]), table.version) == (count, columns, snapshot_id)


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ({"snapshot_id": 5}, "Iceberg snapshot ID does not exists: 5"),
        (
            {"timestamp": datetime(2001, 1, 1, tzinfo=timezone.utc)},
            "No version history table db.t at or before 2001-01-01T00:00:00Z",
        ),
        (
            {"timestamp": datetime(2001, 1, 1, 2, 30, 0, 120_000, tzinfo=timezone(timedelta(hours=2)))},
            "No version history table db.t at or before 2001-01-01T00:30:00.120Z",
        ),
    ],
)
def test_versions_that_never_were(people: Lake, version: dict[str, Any], message: str) -> None:
    with pytest.raises(AthenaError) as raised:
        people.format.at_version(people.table(), **{"snapshot_id": None, "timestamp": None, **version})
    assert (raised.value.name, raised.value.message) == ("INVALID_ARGUMENTS", message)


def test_show_create_and_describe(lake: Lake) -> None:
    lake.create(
        {"id": model.BIGINT, "at": Timestamp(6), "words": model.VARCHAR},
        "select 1 as c0, null::timestamp as c1, 'x' as c2",
        "words",
        "bucket(id, 16)",
        "day(at)",
        vacuum_min_snapshots_to_keep=2,
    )
    assert list(lake.format.show_create(lake.table())) == [
        "CREATE TABLE db.t (",
        "  id bigint,",
        "  at timestamp,",
        "  words string)",
        "PARTITIONED BY (`words`, bucket(16, `id`), day(`at`))",
        "LOCATION 's3://lake/t'",
        "TBLPROPERTIES (",
        "  'table_type'='iceberg',",
        "  'format'='parquet',",
        "  'write_compression'='zstd',",
        "  'vacuum_min_snapshots_to_keep'='2'",
        ")",
    ]
    assert list(lake.format.describe(lake.table(), formatted=False, extended=False)) == [
        "# Table schema:\t\t",
        "# col_name\tdata_type\tcomment",
        "id\tbigint\t",
        "at\ttimestamp\t",
        "words\tstring\t",
        "\t\t",
        "# Partition spec:\t\t",
        "# field_name\tfield_transform\tcolumn_name",
        "words\tidentity\twords",
        "id_bucket\tbucket[16]\tid",
        "at_day\tday\tat",
    ]
    with pytest.raises(AthenaError, match="NOT_SUPPORTED"):
        lake.format.describe(lake.table(), formatted=True, extended=False)


def test_comments_are_quoted(lake: Lake) -> None:
    lake.define({"id": "int"})
    lake.alter(AddColumns((ColumnDefinition("x", "int", "It's a number."),)))
    lake.alter(SetProperties({"write_compression": "gzip"}))
    assert "  x int COMMENT 'It\\'s a number.')" in lake.format.show_create(lake.table())
    assert "x\tint\tIt's a number." in lake.format.describe(lake.table(), formatted=False, extended=False)
