"""A store with Iceberg tables, and what the dialect would hand to them, written by hand."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from local_athena.catalogue.model import Column, Table, TableName
from local_athena.dialect.plan import ChangePlan, Predicate, Scan
from local_athena.iceberg.format import IcebergFormat
from local_athena.outcome import Request
from local_athena.stores.open import Stores
from local_athena.table_format import (
    Alteration,
    ColumnDefinition,
    Creation,
    Definition,
    PropertyValue,
    Rows,
    Transform,
    Work,
    Written,
)
from local_athena.types.model import Type

BUCKET, DATABASE = "lake", "db"
_NUMBERS = itertools.count(1)


class Lake:
    """The Iceberg tables of one store.

    Attributes:
        stores: where they are.
        format: what is tested.
    """

    def __init__(self, stores: Stores) -> None:
        self.stores = stores
        self.format = IcebergFormat(stores.objects, stores.glue)
        self._duckdb = duckdb.connect()
        self._duckdb.execute("set TimeZone = 'UTC'")
        stores.objects.create_bucket(BUCKET)
        stores.glue.create_database({"Name": DATABASE})

    @contextmanager
    def work(self) -> Iterator[Work]:
        """An execution."""
        with tempfile.TemporaryDirectory() as folder, self._duckdb.cursor() as cursor:
            request = Request(
                "", DATABASE, "AwsDataCatalog", "primary", (), f"s3://{BUCKET}/out/", f"q{next(_NUMBERS)}"
            )
            yield Work(cursor, request, Path(folder), time.time_ns() // 1000)

    def entry(self, name: str = "t") -> Mapping[str, Any]:
        """The table's entry in Glue."""
        found = self.stores.glue.table(DATABASE, name)
        assert found is not None
        return found

    def table(self, name: str = "t") -> Table:
        """The table as it is now; `t$snapshots` and its like too."""
        base, _, suffix = name.partition("$")
        table = self.format.table(TableName(DATABASE, base), self.entry(base))
        found = self.format.metadata_table(table, suffix) if suffix else table
        assert found is not None
        return found

    def create(
        self,
        columns: Mapping[str, Type],
        sql: str,
        *partitioning: str,
        name: str = "t",
        **properties: PropertyValue,
    ) -> Written:
        """CREATE TABLE AS; `sql` gives `c0`, `c1`, … as `Rows` wants them."""
        given: dict[str, PropertyValue] = {
            "table_type": "ICEBERG",
            "is_external": False,
            "location": f"s3://{BUCKET}/{name}/",
            **({"partitioning": partitioning} if partitioning else {}),
            **properties,
        }
        made = tuple(Column(column, type_) for column, type_ in columns.items())
        with self.work() as work:
            return self.format.create_from_query(Creation(TableName(DATABASE, name), made, given), Rows(sql, ()), work)

    def define(
        self, columns: Mapping[str, str], *transforms: Transform, location: str | None = "", **properties: str
    ) -> None:
        """CREATE TABLE t; columns with their types in DDL, and a location of its own unless another is given."""
        definitions = tuple(ColumnDefinition(column, type_) for column, type_ in columns.items())
        where = f"s3://{BUCKET}/t" if location == "" else location
        given = {"table_type": "ICEBERG", **properties}
        self.format.create(
            Definition(TableName(DATABASE, "t"), definitions, transforms=transforms, location=where, properties=given)
        )

    def insert(self, sql: str, name: str = "t", *, into: Table | None = None) -> Written:
        """INSERT; `into` is the table as the statement saw it, if that is not as it is now."""
        with self.work() as work:
            return self.format.insert(into or self.table(name), Rows(sql, ()), work)

    def change(self, sql: str, name: str = "t", *, whole_table: bool = False, target: Table | None = None) -> Written:
        """DELETE, UPDATE or MERGE; `sql` is the plan's, over the view `target` with `"$file"` and `"$position"`."""
        table = target or self.table(name)
        with self.work() as work:
            columns = tuple(column.name for column in table.columns if not column.hidden)
            scan = Scan("target", table, columns, row_ids=True)
            work.connection.execute(f"create temp view target as {self.format.read(scan, work).sql}")
            return self.format.change(ChangePlan(table, sql, (scan,), whole_table), work)

    def delete(self, condition: str, name: str = "t", *, whole_table: bool = False, target: Table | None = None) -> int:
        """DELETE; gives the number of rows."""
        count = sum(not column.hidden for column in self.table(name).columns)
        nulls = ", ".join(f"null as c{number}" for number in range(count))
        sql = f"""select 'delete' as "$operation", "$file", "$position", {nulls} from target where {condition}"""
        return self.change(sql, name, whole_table=whole_table, target=target).count

    def update(self, values: Sequence[str], condition: str, name: str = "t") -> Written:
        """UPDATE; `values` are SQL for all columns in order."""
        new = ", ".join(f"{value} as c{number}" for number, value in enumerate(values))
        sql = f"""select 'update' as "$operation", "$file", "$position", {new} from target where {condition}"""
        return self.change(sql, name)

    def rows(
        self,
        name: str = "t",
        *columns: str,
        table: Table | None = None,
        predicates: Sequence[Predicate] = (),
    ) -> list[tuple[Any, ...]]:
        """The rows of a table or metadata table, in an order of their own."""
        found = table or self.table(name)
        wanted = columns or tuple(column.name for column in found.columns if not column.hidden)
        with self.work() as work:
            reading = self.format.read(Scan("v", found, wanted, tuple(predicates)), work)
            listed = ", ".join(f'"{column}"' for column in wanted)
            return work.connection.execute(f"select {listed} from ({reading.sql}) order by all").fetchall()

    def scanned_bytes(self, *columns: str, predicates: Sequence[Predicate] = ()) -> int:
        """What reading columns of `t` costs."""
        with self.work() as work:
            return self.format.read(Scan("v", self.table(), columns, tuple(predicates)), work).scanned_bytes

    def alter(self, alteration: Alteration, name: str = "t") -> None:
        """ALTER TABLE."""
        self.format.alter(self.table(name), alteration)

    def optimize(self, *predicates: Predicate) -> None:
        """OPTIMIZE t."""
        with self.work() as work:
            self.format.optimize(self.table(), predicates, work)

    def vacuum(self) -> None:
        """VACUUM t."""
        with self.work() as work:
            self.format.vacuum(self.table(), work)

    def keys(self, prefix: str = "") -> list[str]:
        """The keys of the bucket."""
        return [found.key for found in self.stores.objects.under(BUCKET, prefix)]
