"""Scans of Hive tables as DuckDB SQL over local files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local_athena.billing import scanned_bytes
from local_athena.catalogue.model import Column, Table
from local_athena.dialect.plan import Scan
from local_athena.dialect.representation import duckdb_type, literal, quoted
from local_athena.errors import not_supported
from local_athena.hive import parquet, projection, tables
from local_athena.hive.codecs import orc
from local_athena.hive.conversion import Converted
from local_athena.hive.orc.tail import ROOT, Tail, tail
from local_athena.hive.partitions import value_sql
from local_athena.hive.storage import Storage
from local_athena.hive.tables import Partition, PartitionsOf
from local_athena.local_files import Kept, held, identity
from local_athena.locations import data_files
from local_athena.store import Glue, Objects, S3Object
from local_athena.table_format import Reading, Work

_FILE = '"$local"'
_MOST_FOOTERS = 20_000
_BUCKET = r"bucket-(\d+)"


@dataclass(frozen=True)
class _File:
    """A file to be read: the object it comes from, its partition, and the expressions of the columns in it."""

    object: S3Object
    partition: Partition
    path: Path
    expressions: tuple[str, ...]


class HiveReader:
    """Reads Hive tables."""

    def __init__(self, objects: Objects, glue: Glue) -> None:
        self._objects = objects
        self._glue = glue
        self._converted = Converted(objects)
        self._footers: Kept[parquet.Footer] = Kept(_MOST_FOOTERS)
        self._tails: Kept[Tail] = Kept(_MOST_FOOTERS)

    def read(self, scan: Scan, work: Work) -> Reading:
        """See `TableFormat.read`."""
        if isinstance(scan.table.handle, PartitionsOf):
            return self._partitions(scan, scan.table.handle.table)
        wanted = [column for column in scan.table.columns if column.name in scan.columns]
        in_files = [column for column in wanted if not column.partition and not column.hidden]
        found = tables.partitions_of(self._glue, scan.table, _wanted(scan))
        kept = _pruned(found, scan.table, scan.partition_filter, work)
        files: list[_File] = []
        cost = 0
        for partition in kept:
            tables.check_schema(scan.table, partition, in_files)
            for stored in data_files(self._objects, partition.place):
                file, its_cost = self._file(stored, partition, scan, in_files, work)
                files.append(file)
                cost += its_cost
        return Reading(_sql(files, wanted, in_files, scan.table), cost)

    def _file(
        self, stored: S3Object, partition: Partition, scan: Scan, columns: Sequence[Column], work: Work
    ) -> tuple[_File, int]:
        storage = partition.storage
        if storage.format != "PARQUET":
            path = self._converted.path(stored, tables.data_columns(scan.table), storage, work.folder)
            expressions = tuple(quoted(column.name) for column in columns)
            cost = self._orc_cost(stored, scan, columns, storage) if storage.format == "ORC" else stored.size
            return _File(stored, partition, path, expressions), cost
        source = self._objects.local_path(stored)
        footer = self._footers.get(identity(stored), lambda: parquet.footer(source, stored.address))
        names = [column.name for column in tables.data_columns(scan.table)]
        by_index = storage.option("parquet.column.index.access").lower() == "true"
        found = parquet.find(columns, names, footer, by_index=by_index)
        pairs = list(zip(columns, found, strict=True))
        expressions = tuple(parquet.expression(column, its, stored.address) for column, its in pairs)
        its_names = {column.name: its.name.lower() for column, its in pairs if its.name is not None}
        cost = scanned_bytes(footer.groups, set(its_names.values()), scan.predicates, its_names)
        return _File(stored, partition, held(source, work.folder), expressions), cost

    def _orc_cost(self, stored: S3Object, scan: Scan, columns: Sequence[Column], storage: Storage) -> int:
        source = self._objects.local_path(stored)
        found = self._tails.get(identity(stored), lambda: tail(source, stored.address))
        names = [column.name for column in tables.data_columns(scan.table)]
        touched = {column.name for column in columns}
        its_names = {
            name: str(place)
            for name, place in zip(names, orc.places(names, found.names, storage), strict=True)
            if place is not None and name in touched
        }
        read = {ROOT, *its_names.values()} if its_names else set()
        return scanned_bytes(found.stripes, read, scan.predicates, its_names)

    def _partitions(self, scan: Scan, table: Table) -> Reading:
        """`t$partitions`: a row for each partition."""
        if projection.is_enabled(tables.parameters_of(table)):
            raise not_supported("Projected partitions cannot be listed")
        found = tables.partitions_of(self._glue, table, {})
        keys = tables.partition_columns(table)
        columns = ", ".join(quoted(name) for name in scan.columns) or "1 as none"
        return Reading(f"select {columns} from ({_values(found, keys)})")


def _wanted(scan: Scan) -> projection.Wanted:
    """What the condition says of single columns with `=` or IN."""
    return {
        predicate.column: [str(value) for value in predicate.values]
        for predicate in scan.predicates
        if predicate.operator in ("=", "in")
    }


def _values(partitions: Sequence[Partition], keys: Sequence[Column]) -> str:
    """A relation with the number of each partition and the values of its columns."""
    if not partitions:
        nulls = ", ".join(f"cast(null as {duckdb_type(key.type)}) as {quoted(key.name)}" for key in keys)
        return f'select 0 as "$number", {nulls} where false'
    rows = ", ".join(
        f"({number}, {', '.join(literal(text) for text in (partition.name, *partition.values))})"
        for number, partition in enumerate(partitions)
    )
    texts = ", ".join(f"t{index}" for index in range(len(keys)))
    values = ", ".join(f"{value_sql(f'v.t{index}', key)} as {quoted(key.name)}" for index, key in enumerate(keys))
    return f'select v.number as "$number", {values} from (values {rows}) as v(number, name, {texts})'


def _pruned(partitions: list[Partition], table: Table, condition: str | None, work: Work) -> list[Partition]:
    """The partitions for which the condition is true."""
    keys = tables.partition_columns(table)
    if condition is None or not keys or not partitions:
        return partitions
    query = f'select "$number" from ({_values(partitions, keys)}) where {condition} order by 1'
    return [partitions[number] for (number,) in work.connection.execute(query).fetchall()]


def _sql(files: Sequence[_File], wanted: Sequence[Column], in_files: Sequence[Column], table: Table) -> str:
    """One SELECT for the files whose columns are read alike, all of them together."""
    others = [column for column in wanted if column not in in_files]
    if not files:
        nulls = [f"cast(null as {duckdb_type(column.type)}) as {quoted(column.name)}" for column in wanted]
        return f"select {', '.join(nulls) or '1 as none'} where false"
    groups: dict[tuple[str, ...], list[_File]] = {}
    for file in files:
        groups.setdefault(file.expressions, []).append(file)
    return " union all ".join(
        _group_sql(group, expressions, in_files, others, tables.partition_columns(table), wanted)
        for expressions, group in groups.items()
    )


def _group_sql(
    files: Sequence[_File],
    expressions: Sequence[str],
    in_files: Sequence[Column],
    others: Sequence[Column],
    keys: Sequence[Column],
    wanted: Sequence[Column],
) -> str:
    paths = ", ".join(literal(str(file.path)) for file in files)
    selected = [f"{text} as {quoted(column.name)}" for column, text in zip(in_files, expressions, strict=True)]
    if not others:
        return f"select {', '.join(selected) or '1 as none'} from read_parquet([{paths}])"
    data = ", ".join([*selected, _FILE])
    source = f"select {data} from read_parquet([{paths}], filename = {literal(_FILE[1:-1])})"
    columns = ", ".join(quoted(column.name) for column in wanted)
    return f"select {columns} from ({source}) join ({_facts(files, others, keys)}) using ({_FILE})"


def _facts(files: Sequence[_File], others: Sequence[Column], keys: Sequence[Column]) -> str:
    """A relation with what is known of each file without reading it: values of its partition, hidden columns."""
    wanted = {column.name for column in others}
    used = [(index, key) for index, key in enumerate(keys) if key.name in wanted]
    rows = ", ".join(f"({', '.join(_fact(file, used))})" for file in files)
    hidden: Mapping[str, str] = {
        "$path": "v.address",
        "$file_size": "v.size",
        "$file_modified_time": "{'instant': make_timestamp(v.modified), 'zone': 'UTC'}",
        "$partition": "v.name",
        "$bucket": f"try_cast(nullif(regexp_extract(v.address, {literal(_BUCKET)}, 1), '') as integer)",
    }
    selected = [f"{hidden[column.name]} as {quoted(column.name)}" for column in others if column.hidden]
    selected += [f"{value_sql(f'v.t{index}', key)} as {quoted(key.name)}" for index, key in used]
    texts = "".join(f", t{index}" for index, _ in used)
    names = f"{_FILE}, address, size, modified, name{texts}"
    return f"select {', '.join([_FILE, *selected])} from (values {rows}) as v({names})"


def _fact(file: _File, used: Sequence[tuple[int, Column]]) -> Iterator[str]:
    yield literal(str(file.path))
    yield literal(file.object.address)
    yield f"cast({file.object.size} as bigint)"
    yield str(int(file.object.modified.timestamp() * 1000) * 1000)
    yield literal(file.partition.name)
    for index, _ in used:
        yield literal(file.partition.values[index])
