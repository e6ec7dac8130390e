"""Parquet, which DuckDB writes and reads: an extra, because only some verbs need it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from derived_tables.errors import RefusedError
from derived_tables.relation import quoted
from derived_tables.warehouse.interface import Row, WarehouseError


def parquet_of(columns: Mapping[str, str], rows: Iterable[Iterable[Any]]) -> bytes:
    """A file of Parquet.

    Args:
        columns: names and types of DuckDB, in their order.
        rows: values that JSON has, in the order of the columns; of times, their ISO form.

    Raises:
        RefusedError: DuckDB is not installed.
    """
    duckdb = _duckdb()
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        given, made = Path(folder) / "rows.json", Path(folder) / "rows.parquet"
        with given.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(dict(zip(columns, row, strict=True))) + "\n" for row in rows)
        types = ", ".join(f"{quoted(name)}: '{type_}'" for name, type_ in columns.items())
        connection.execute("set autoinstall_known_extensions = false")
        connection.execute("set timezone = 'UTC'")
        source = f"read_json('{given}', format = 'newline_delimited', columns = {{{types}}})"
        connection.execute(f"copy (select * from {source}) to '{made}' (format parquet, compression zstd)")
        return made.read_bytes()


def read_parquet(files: Sequence[Path], columns: Mapping[str, str]) -> list[Row]:
    """The rows of files of Parquet, in Python's types; times are in UTC.

    Args:
        files: their columns may stand in any order, and there may be more of them.
        columns: names and types of DuckDB of the columns that are wanted.

    Raises:
        RefusedError: DuckDB is not installed.
        WarehouseError: a file is none of Parquet.
    """
    duckdb = _duckdb()
    if not files:
        return []
    # A time with a time zone needs pytz in Python; without one it does not.
    wanted = ", ".join(
        f"{quoted(name)} at time zone 'UTC'" if type_ == "timestamptz" else quoted(name)
        for name, type_ in columns.items()
    )
    with duckdb.connect() as connection:
        connection.execute("set autoinstall_known_extensions = false")
        try:
            connection.execute(
                f"select {wanted} from read_parquet(?, union_by_name = true)", [[str(file) for file in files]]
            )
            found = connection.fetchall()
        except duckdb.Error as error:
            raise WarehouseError(f"DuckDB: {error}") from error
    return [tuple(_in_utc(value) for value in row) for row in found]


def _in_utc(value: Any) -> Any:
    return value.replace(tzinfo=timezone.utc) if isinstance(value, datetime) else value


def _duckdb() -> Any:
    try:
        import duckdb  # noqa: PLC0415, an extra
    except ImportError as error:
        raise RefusedError("History needs DuckDB.\nInstall it: pip install 'derived-tables[history]'") from error
    return duckdb
