"""What reading ORC files costs.

Doubles of random bits take eight bytes each: no codec makes them smaller, and a chunk that a codec does not make
smaller is stored as it is behind a header of three bytes. An index of one entry takes some bytes more.
"""

from __future__ import annotations

import io
import math
import random
import struct
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import orc

from local_athena.errors import AthenaError
from local_athena.hive.orc.compression import decompressed
from local_athena.hive.orc.messages import Message
from local_athena.hive.orc.tail import tail

from .support import Athena
from .test_columnar_files import over

BLOCK = 65_536
ROWS = 20_000
COMPRESSIONS = ["uncompressed", "zlib", "snappy", "lz4", "zstd"]


def orc_file(columns: dict[str, Any], **options: Any) -> bytes:
    """An ORC file as pyarrow writes it, with one entry in each index unless the options say otherwise."""
    sink = io.BytesIO()
    orc.write_table(
        pa.table(columns), sink, **{"row_index_stride": 1_000_000, "compression_block_size": BLOCK, **options}
    )
    return sink.getvalue()


@cache
def doubles(seed: int, count: int = ROWS) -> pa.Array:
    """Doubles of random bits."""
    source = random.Random(seed)  # noqa: S311, no secret
    found: list[float] = []
    while len(found) < count:
        (value,) = struct.unpack("<d", source.randbytes(8))
        if math.isfinite(value):
            found.append(value)
    return pa.array(found, pa.float64())


def stored(doubles: int, compression: str) -> int:
    """Bytes that so many random doubles take."""
    headers = 0 if compression == "uncompressed" else 3 * -(-8 * doubles // BLOCK)
    return 8 * doubles + headers


def costs(found: int, doubles: int, compression: str, columns: int = 1) -> bool:
    """Whether these are the bytes of columns of random doubles and of their indexes, a few dozen bytes each."""
    index = 80 * (columns + 1)  # the struct of all columns has one, too
    return 0 < found - columns * stored(doubles, compression) <= index


def scanned(athena: Athena, sql: str) -> int:
    """DataScannedInBytes of a statement."""
    return athena.run(sql).outcome.scanned_bytes


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_the_streams_of_the_touched_columns(athena: Athena, compression: str) -> None:
    long_name = "x" * 1_000  # makes the footer worth a compression
    content = orc_file(
        {"a": doubles(1), long_name: doubles(2), "c": pa.nulls(ROWS, pa.string())}, compression=compression
    )
    over(athena, "a double, b double, c string, missing int", content, "orc")
    assert costs(scanned(athena, "select a from t"), ROWS, compression)
    assert costs(scanned(athena, "select count(b) from t where b >= 0"), ROWS, compression)
    assert costs(scanned(athena, "select a, b, missing from t"), ROWS, compression, columns=2)
    assert scanned(athena, "select count(*) from t") == 0
    assert scanned(athena, "select missing from t") == 0


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_columns_below_a_column_belong_to_it(athena: Athena, compression: str) -> None:
    pairs = pa.StructArray.from_arrays([doubles(1), doubles(2)], names=["x", "y"])
    lists = pa.FixedSizeListArray.from_arrays(doubles(3), 2).cast(pa.list_(pa.float64()))
    padded = pa.concat_arrays([lists, lists])
    content = orc_file({"p": pairs, "l": padded, "z": doubles(4)}, compression=compression)
    over(athena, "p struct<x:double,y:double>, l array<double>, z double", content, "orc")
    assert costs(scanned(athena, "select p from t"), ROWS, compression, columns=2)
    assert costs(scanned(athena, "select z from t"), ROWS, compression)
    elements = stored(2 * ROWS, compression)
    assert elements < scanned(athena, "select l from t") < elements + 1_000, "the elements, and how long each list is"


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_all_columns_are_all_of_a_stripe_but_its_footer(athena: Athena, compression: str) -> None:
    content = orc_file({"a": doubles(1), "b": doubles(2)}, compression=compression, row_index_stride=1_000)
    over(athena, "a double, b double", content, "orc")
    a, b, both = (scanned(athena, f"select {columns} from t") for columns in ("a", "b", "a, b"))
    assert 0 < a + b - both < a - stored(ROWS, compression), "the index of the struct of all columns is read once"
    file = orc.ORCFile(io.BytesIO(content))
    assert file.nstripes == 1
    around = file.content_length - both  # the file's first three bytes, and the footer of the stripe
    assert 3 < around < 150


def test_columns_by_name(athena: Athena) -> None:
    athena.put("t/file", orc_file({"Wide": doubles(1), "n": pa.array([1] * ROWS, pa.int64())}, compression="zstd"))
    athena.run(
        "create external table t (n bigint, wide double) row format serde 'org.apache.hadoop.hive.ql.io.orc.OrcSerde' "
        "with serdeproperties ('orc.column.index.access' = 'false') stored as orc "
        f"location '{athena.location}/t/'"
    )
    assert costs(scanned(athena, "select wide from t"), ROWS, "zstd")
    assert 0 < scanned(athena, "select n from t") < 1_000


def test_stripes_that_hold_no_row_are_not_read(athena: Athena) -> None:
    keys = pa.array(sorted(doubles(1).to_pylist()))
    content = orc_file({"k": keys, "x": doubles(2)}, compression="snappy", stripe_size=100_000)
    file = orc.ORCFile(io.BytesIO(content))
    rows = [file.read_stripe(number).num_rows for number in range(file.nstripes)]
    assert len(rows) > 2
    over(athena, "k double, x double", content, "orc")
    # A stripe goes by the value that its first row has, or its last one.
    edges = [0, *(sum(rows[:number]) for number in range(1, len(rows) + 1))]
    for number, count in enumerate(rows):
        low, high = keys[edges[number]].as_py(), keys[edges[number + 1] - 1].as_py()
        for condition in (f"k between double '{low!r}' and double '{high!r}'", f"k = double '{high!r}'"):
            assert costs(scanned(athena, f"select x from t where {condition}"), count, "snappy", columns=2)


@pytest.mark.parametrize(
    ("array", "type_", "inside", "outside"),
    [
        (pa.array([-5, 7], pa.int32()), "int", "x = 0", "x < -5"),
        (pa.array([-5, 7], pa.int64()), "bigint", "x in (-9, 7)", "x in (-6, 8)"),
        (pa.array([1.5, 2.5]), "double", "x >= 2.5e0", "x > 2.5e0"),
        (pa.array([math.nan, 1.5]), "double", "x > 2.5e0", None),
        (pa.array(["b", "d"]), "string", "x <> 'b'", "x >= 'e'"),
        (pa.array([date(1969, 12, 1), date(2020, 1, 2)]), "date", "x = date '1970-01-01'", "x > date '2020-01-02'"),
        (pa.array([Decimal("-1.50"), Decimal("2.00")]), "decimal(5,2)", "x = decimal '0'", "x > decimal '2.00'"),
        (pa.array([1, None], pa.int32()), "int", "x is null", "x > 1"),
        (pa.array([1, 1], pa.int32()), "int", "x is not null", "x is null"),
        (pa.array([1, 1], pa.int32()), "int", "x = 1", "x <> 1"),
        (pa.nulls(2, pa.int32()), "int", "x is null", "x = 1"),
        (pa.array([True, True]), "boolean", "x = false", None),
    ],
)
def test_statistics_of_types(athena: Athena, array: pa.Array, type_: str, inside: str, outside: str | None) -> None:
    over(athena, f"x {type_}, y double", orc_file({"x": array, "y": doubles(1, 2)}, compression="uncompressed"), "orc")
    assert scanned(athena, f"select y from t where {inside}") >= 16
    if outside is not None:
        assert scanned(athena, f"select y from t where {outside}") == 0


def test_files_without_rows(athena: Athena) -> None:
    over(athena, "a double", orc_file({"a": doubles(1, 0)}), "orc")
    assert scanned(athena, "select a from t") == 0


@pytest.mark.parametrize("data", [b"\x80", b"\x0a\x05abc", b"\x0b", b"\x09abc"])
def test_bytes_that_are_no_message(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"Truncated|Unknown"):
        Message(data)


def test_a_field_of_another_type() -> None:
    with pytest.raises(ValueError, match="another type"):
        Message(b"\x08\x01").text(1)


def test_integers_packed_or_not() -> None:
    assert Message(b"\x12\x03\x01\xac\x02").integers(2) == Message(b"\x10\x01\x10\xac\x02").integers(2) == (1, 300)


@pytest.mark.parametrize("compression", [1, 2, 4, 5])
def test_chunks_that_are_no_chunks(compression: int) -> None:
    with pytest.raises((ValueError, OSError)):
        decompressed(b"\x08\x00\x00\xff\xff\xff\xff", compression)


def test_an_unknown_compression() -> None:
    with pytest.raises(AthenaError, match="NOT_SUPPORTED"):
        decompressed(b"", 3)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"\x00" * 100,
        b"ORC" * 50,
        b"\x08\x05\x02",  # a footer of five bytes, before the file
        b"\x1a\x02\x20\x7f\x22\x00\x08\x06\x02",  # a stripe whose footer is behind the file
    ],
)
def test_a_file_that_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(AthenaError, match=r"HIVE_BAD_DATA: Malformed ORC file\. s3://bucket/file"):
        tail(tmp_path / "file", "s3://bucket/file")
