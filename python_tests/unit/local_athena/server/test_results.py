"""Pages and metadata of results."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus import athena_text

from local_athena.outcome import Outcome, ResultColumn
from local_athena.results import Result, column_info
from local_athena.types.model import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    JSON,
    REAL,
    SMALLINT,
    TINYINT,
    UUID,
    VARBINARY,
    VARCHAR,
    Array,
    Char,
    Decimal,
    Field,
    Map,
    Row,
    Time,
    Timestamp,
    Type,
    Varchar,
)

TYPES: list[Type] = [
    BOOLEAN,
    TINYINT,
    SMALLINT,
    INTEGER,
    BIGINT,
    REAL,
    DOUBLE,
    Decimal(11, 5),
    VARCHAR,
    Varchar(7),
    Char(3),
    VARBINARY,
    DATE,
    Time(3),
    Time(3, zoned=True),
    Timestamp(3),
    Timestamp(6),
    Timestamp(3, zoned=True),
    JSON,
    UUID,
    Array(INTEGER),
    Map(VARCHAR, DOUBLE),
    Row((Field("a", INTEGER),)),
]


@pytest.mark.parametrize("type_", TYPES, ids=str)
def test_metadata_is_athenas(type_: Type) -> None:
    expected = athena_text.column_info(str(type_))
    info = column_info(ResultColumn("x", type_))
    assert (info["Type"], info["Precision"], info["Scale"]) == (expected.type, expected.precision, expected.scale)
    assert info["Name"] == info["Label"] == "x"
    assert info["Nullable"] == "UNKNOWN"
    assert info["CaseSensitive"] is (expected.type in ("varchar", "char"))


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2500])
@pytest.mark.parametrize("limit", [1, 7, 1000])
@pytest.mark.parametrize("header", [True, False])
def test_pages_hold_every_row_once(tmp_path: Path, count: int, limit: int, *, header: bool) -> None:
    rows = ([str(number)] for number in range(count))
    outcome = Outcome("DML", "SELECT", (ResultColumn("n", BIGINT),), rows, header=header)
    result = Result(outcome, tmp_path / "text", tmp_path / "spill")
    assert result.count == count
    assert (tmp_path / "spill").exists() is (count > 1000), "a short result stays in memory"
    seen: list[str] = []
    start: int | None = 0
    while start is not None:
        page, start = result.page(start, limit)
        entries = page["ResultSet"]["Rows"]
        assert len(entries) <= limit
        seen += [entry["Data"][0]["VarCharValue"] for entry in entries]
        if limit == 1 and len(seen) > 20:  # the rest is the same
            return
    assert seen == (["n"] if header else []) + [str(number) for number in range(count)]
