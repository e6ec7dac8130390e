"""One SQLite database for all that is kept: in a file, every change survives `kill -9`; in memory, nothing does."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SCHEMA = """
create table if not exists buckets (name text primary key, region text not null, created real not null) without rowid;
create table if not exists objects (
    bucket text not null, key text not null, size integer not null, etag text not null, modified real not null,
    file text not null, headers text not null, primary key (bucket, key)
) without rowid;
create table if not exists glue_databases (name text primary key, entry text not null) without rowid;
create table if not exists glue_tables (
    database text not null, name text not null, version integer not null, entry text not null,
    primary key (database, name)
) without rowid;
create table if not exists glue_versions (
    database text not null, name text not null, version integer not null, entry text not null,
    primary key (database, name, version)
) without rowid;
create table if not exists glue_partitions (
    database text not null, name text not null, partition_values text not null, entry text not null,
    primary key (database, name, partition_values)
) without rowid;
create table if not exists documents (
    kind text not null, id text not null, entry text not null, primary key (kind, id)
) without rowid;
"""


class InUseError(Exception):
    """Another process keeps its state in the same folder."""


class Database:
    """A connection that all threads share; each call and each transaction has it for itself."""

    def __init__(self, file: Path | None) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(
            str(file) if file else ":memory:", timeout=0, isolation_level=None, check_same_thread=False
        )
        try:
            # The first transaction takes the lock, and it stays taken: one process, one state.
            self._connection.execute("pragma locking_mode = exclusive")
            self._connection.execute("pragma journal_mode = wal")
            self._connection.execute("pragma synchronous = normal")
            self._connection.executescript(_SCHEMA)
            with self.transaction():
                pass
        except sqlite3.OperationalError as error:
            self._connection.close()
            raise InUseError(str(error)) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What happens in the block happens whole or not at all; blocks may be nested."""
        with self._lock:
            if self._depth:
                yield
                return
            self._connection.execute("begin immediate")
            self._depth = 1
            try:
                yield
            except BaseException:
                self._connection.execute("rollback")
                raise
            else:
                self._connection.execute("commit")
            finally:
                self._depth = 0

    def run(self, sql: str, *values: Any) -> int:
        """Runs a statement and returns how many rows it changed."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row of a query; None without one."""
        with self._lock:
            found: tuple[Any, ...] | None = self._connection.execute(sql, values).fetchone()
            return found

    def close(self) -> None:
        """Closes the connection; all is written already."""
        with self._lock:
            self._connection.close()


class Documents:
    """Small entries of one kind by their ids: work groups, prepared statements and the like."""

    def __init__(self, database: Database, kind: str) -> None:
        self._database = database
        self._kind = kind

    def get(self, *key: str) -> dict[str, Any] | None:
        """The entry; None if there is none."""
        row = self._database.row("select entry from documents where kind = ? and id = ?", self._kind, _id(key))
        return json.loads(row[0]) if row else None

    def put(self, entry: dict[str, Any], *key: str) -> None:
        """Makes or replaces an entry."""
        self._database.run("insert or replace into documents values (?, ?, ?)", self._kind, _id(key), json.dumps(entry))

    def add(self, entry: dict[str, Any], *key: str) -> bool:
        """Makes an entry; False if there is one already."""
        sql = "insert or ignore into documents values (?, ?, ?)"
        return self._database.run(sql, self._kind, _id(key), json.dumps(entry)) == 1

    def delete(self, *key: str) -> bool:
        """Deletes an entry; False if there is none."""
        return self._database.run("delete from documents where kind = ? and id = ?", self._kind, _id(key)) == 1

    def all(self) -> list[dict[str, Any]]:
        """All entries in order of their ids."""
        rows = self._database.rows("select entry from documents where kind = ? order by id", self._kind)
        return [json.loads(entry) for (entry,) in rows]


def _id(key: Sequence[str]) -> str:
    return json.dumps(key)
