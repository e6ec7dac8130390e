"""What SHOW and DESCRIBE print of Hive tables.

Sources: https://docs.aws.amazon.com/athena/latest/ug/show-create-table.html and
https://docs.aws.amazon.com/athena/latest/ug/describe-table.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from local_athena.catalogue.model import Table
from local_athena.hive import entries, tables

_WIDTH = 20
_KEPT_BY_HIVE = ("EXTERNAL", "comment")


def create_table(table: Table) -> list[str]:
    """The lines of SHOW CREATE TABLE."""
    entry: Mapping[str, Any] = table.handle
    descriptor = tables.descriptor_of(table)
    lines = [f"CREATE EXTERNAL TABLE `{table.name.table}`(", *_definitions(descriptor.get("Columns") or ())]
    parameters = tables.parameters_of(table)
    if "comment" in parameters:
        lines.append(f"COMMENT {_literal(parameters['comment'])}")
    if entry.get("PartitionKeys"):
        lines += ["PARTITIONED BY ( ", *_definitions(entry["PartitionKeys"])]
    if descriptor.get("BucketColumns"):
        lines += ["CLUSTERED BY ( ", *_listed([f"  {name}" for name in descriptor["BucketColumns"]])]
        lines.append(f"INTO {descriptor['NumberOfBuckets']} BUCKETS")
    serde = entries.serde_of(entry)
    lines += ["ROW FORMAT SERDE ", f"  {_literal(serde.get('SerializationLibrary', ''))} "]
    options = {key: value for key, value in (serde.get("Parameters") or {}).items() if (key, value) != _DEFAULT_FORMAT}
    if options:
        lines += ["WITH SERDEPROPERTIES ( ", *_properties(options)]
    lines += ["STORED AS INPUTFORMAT ", f"  {_literal(descriptor.get('InputFormat', ''))} "]
    lines += ["OUTPUTFORMAT ", f"  {_literal(descriptor.get('OutputFormat', ''))}"]
    lines += ["LOCATION", f"  {_literal(descriptor.get('Location', ''))}"]
    own = {key: value for key, value in parameters.items() if key not in _KEPT_BY_HIVE}
    if own:
        lines += ["TBLPROPERTIES (", *_properties(own)]
    return lines


_DEFAULT_FORMAT = ("serialization.format", "1")


def describe(table: Table, *, formatted: bool, extended: bool, partition: Mapping[str, Any] | None = None) -> list[str]:
    """The lines of DESCRIBE; `partition` is the Glue entry of the partition that it asks for."""
    keys = [column.name for column in tables.partition_columns(table)]
    entry: Mapping[str, Any] = table.handle
    data = tables.descriptor_of(table).get("Columns") or ()
    described = [_cells(column["Name"], column["Type"], column.get("Comment") or "") for column in data]
    partitions = [
        _cells(column["Name"], column["Type"], column.get("Comment") or "")
        for column in entry.get("PartitionKeys") or ()
    ]
    heading = _cells("# col_name", "data_type", "comment")
    information = ["", "# Partition Information", heading, "", *partitions] if keys else []
    if formatted:
        details = _details(table) if partition is None else _details_of_partition(table, partition)
        return [heading, "", *described, *information, "", *details]
    lines = [*described, *partitions, *information]
    if extended:
        what, told = ("Table", entry) if partition is None else ("Partition", partition)
        lines += ["", f"Detailed {what} Information\t{json.dumps(told, default=str, sort_keys=True)}"]
    return lines


def _details_of_partition(table: Table, partition: Mapping[str, Any]) -> Iterator[str]:
    yield "# Detailed Partition Information\t\t"
    yield _cells("Partition Value:", f"[{', '.join(partition['Values'])}]")
    yield _cells("Database:", table.name.database)
    yield _cells("Table:", table.name.table)
    yield _cells("CreateTime:", _moment(partition.get("CreationTime")))
    yield _cells("LastAccessTime:", "UNKNOWN")
    yield _cells("Protect Mode:", "None")
    yield _cells("Location:", partition["StorageDescriptor"].get("Location") or "")
    yield "Partition Parameters:\t\t"
    yield from _parameters(partition.get("Parameters") or {})
    yield from _storage(partition["StorageDescriptor"])


def _details(table: Table) -> Iterator[str]:
    entry: Mapping[str, Any] = table.handle
    descriptor = tables.descriptor_of(table)
    yield "# Detailed Table Information\t\t"
    yield _cells("Database:", table.name.database)
    yield _cells("Owner:", entry.get("Owner") or "hadoop")
    yield _cells("CreateTime:", _moment(entry.get("CreateTime")))
    yield _cells("LastAccessTime:", "UNKNOWN")
    yield _cells("Protect Mode:", "None")
    yield _cells("Retention:", str(entry.get("Retention") or 0))
    yield _cells("Location:", descriptor.get("Location") or "")
    yield _cells("Table Type:", entry.get("TableType") or "")
    yield "Table Parameters:\t\t"
    yield from _parameters(tables.parameters_of(table))
    yield from _storage(descriptor)


def _storage(descriptor: Mapping[str, Any]) -> Iterator[str]:
    serde: Mapping[str, Any] = descriptor.get("SerdeInfo") or {}
    yield ""
    yield "# Storage Information\t\t"
    yield _cells("SerDe Library:", serde.get("SerializationLibrary") or "")
    yield _cells("InputFormat:", descriptor.get("InputFormat") or "")
    yield _cells("OutputFormat:", descriptor.get("OutputFormat") or "")
    yield _cells("Compressed:", "Yes" if descriptor.get("Compressed") else "No")
    yield _cells("Num Buckets:", str(descriptor.get("NumberOfBuckets") or -1))
    yield _cells("Bucket Columns:", f"[{', '.join(descriptor.get('BucketColumns') or ())}]")
    yield _cells("Sort Columns:", "[]")
    yield "Storage Desc Params:\t\t"
    yield from _parameters(serde.get("Parameters") or {})


def _parameters(parameters: Mapping[str, str]) -> Iterator[str]:
    for key, value in sorted(parameters.items()):
        yield f"\t{key:<{_WIDTH}}\t{value:<{_WIDTH}}"


def _moment(created: Any) -> str:
    if isinstance(created, (int, float)):
        created = datetime.fromtimestamp(created, timezone.utc)
    return created.strftime("%a %b %d %H:%M:%S UTC %Y") if isinstance(created, datetime) else "UNKNOWN"


def _cells(*cells: str) -> str:
    return "\t".join(f"{cell:<{_WIDTH}}" for cell in cells)


def _definitions(columns: Sequence[Mapping[str, str]]) -> list[str]:
    return _listed([f"  `{column['Name']}` {column['Type']}{_comment(column)}" for column in columns])


def _comment(column: Mapping[str, str]) -> str:
    return f" COMMENT {_literal(column['Comment'])}" if column.get("Comment") else ""


def _properties(properties: Mapping[str, str]) -> list[str]:
    return _listed([f"  {_literal(key)}={_literal(value)}" for key, value in sorted(properties.items())])


def _listed(items: Sequence[str]) -> list[str]:
    """Items with commas between them, and a bracket behind the last one."""
    return [f"{item}, " for item in items[:-1]] + [f"{items[-1]})"] if items else [")"]


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
