"""Entries of the Glue data catalog."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from derived_tables.relation import Relation
from derived_tables.warehouse.aws import Service
from derived_tables.warehouse.interface import Table, WarehouseError

_MISSING = ("EntityNotFoundException",)
_EXISTS = ("AlreadyExistsException",)
#: What BatchDeletePartition takes at once.
PARTITIONS_AT_ONCE = 25
#: What CreateTable and UpdateTable take of what GetTable gives.
_TABLE_INPUT = (
    "Name",
    "Description",
    "Owner",
    "Retention",
    "StorageDescriptor",
    "PartitionKeys",
    "ViewOriginalText",
    "ViewExpandedText",
    "TableType",
    "Parameters",
)
_PARTITION_INPUT = ("Values", "StorageDescriptor", "Parameters", "LastAccessTime", "LastAnalyzedTime")
#: What says how the files of a partition are read.
_WRITTEN = ("Columns", "InputFormat", "OutputFormat", "SerdeInfo", "Compressed")
_FOLDER = {
    "Columns": [{"Name": "run", "Type": "string"}],
    "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"},
}


@dataclass(frozen=True)
class Partition:
    """A partition of a Hive table.

    Attributes:
        values: of the partition columns, in their order, as Glue has them.
        location: where its files lie, without a slash at the end.
        entry: its entry in Glue.
    """

    values: tuple[str, ...]
    location: str
    entry: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


class Glue:
    """Glue.

    Args:
        client: of boto3.
        catalog_id: tells which of Glue's catalogs a data catalog of Athena is; None for the account's own.
    """

    def __init__(self, client: Any, catalog_id: Callable[[str], str | None]) -> None:
        self._glue = Service(client, "Glue")
        self._catalog_id = catalog_id

    def databases(self, catalog: str) -> list[str]:
        """Names of all databases of a data catalog that may be seen."""
        pages = self._glue.pages("get_databases", **self._catalog(catalog))
        return [found["Name"] for page in pages for found in page["DatabaseList"]]

    def tables(self, catalog: str, database: str) -> Iterator[Table]:
        """All tables and views of a database; none if there is no such database."""
        pages = self._glue.pages("get_tables", missing=_MISSING, DatabaseName=database, **self._catalog(catalog))
        for page in pages:
            for entry in page["TableList"]:
                yield described(Relation(catalog, database, entry["Name"]), entry)

    def table(self, relation: Relation) -> Table | None:
        """A table or view, if there is one."""
        names = {"DatabaseName": relation.schema, "Name": relation.identifier}
        found = self._glue.call("get_table", missing=_MISSING, **names, **self._catalog(relation.database))
        # Glue writes all names small.
        own = Relation(relation.database, relation.schema.lower(), relation.identifier.lower())
        return None if found is None else described(own, found["Table"])

    def partitions(self, relation: Relation, *, with_columns: bool = False) -> list[Partition]:
        """All partitions of a Hive table, by their values; none if there is no such table.

        Args:
            relation: the table.
            with_columns: whether entries have columns, which take much of the answer.
        """
        asked = {
            "DatabaseName": relation.schema,
            "TableName": relation.identifier,
            "ExcludeColumnSchema": not with_columns,
        }
        pages = self._glue.pages("get_partitions", missing=_MISSING, **asked, **self._catalog(relation.database))
        found = [
            Partition(tuple(entry["Values"]), _folder(entry["StorageDescriptor"]), entry)
            for page in pages
            for entry in page["Partitions"]
        ]
        return sorted(found, key=lambda partition: partition.values)

    def move_partition(self, relation: Relation, partition: Partition, written: Table) -> None:
        """Points a partition at the folder of a table, in one call; what is written there is how it is read."""
        given = {key: partition.entry[key] for key in _PARTITION_INPUT if key in partition.entry}
        storage = written.entry["StorageDescriptor"]
        new = {key: storage[key] for key in _WRITTEN if key in storage}
        given["StorageDescriptor"] = {**given["StorageDescriptor"], **new, "Location": f"{written.location}/"}
        self._glue.call(
            "update_partition",
            DatabaseName=relation.schema,
            TableName=relation.identifier,
            PartitionValueList=list(partition.values),
            PartitionInput=given,
            **self._catalog(relation.database),
        )

    def delete_partitions(self, relation: Relation, partitions: Sequence[Partition]) -> None:
        """Removes partitions, not their files; those that are gone already do no harm.

        Raises:
            WarehouseError: Glue refused some of them.
        """
        for batch in batches(partitions, PARTITIONS_AT_ONCE):
            answer = self._glue.call(
                "batch_delete_partition",
                DatabaseName=relation.schema,
                TableName=relation.identifier,
                PartitionsToDelete=[{"Values": list(each.values)} for each in batch],
                **self._catalog(relation.database),
            )
            for error in answer.get("Errors", ()):
                detail = error["ErrorDetail"]
                if detail["ErrorCode"] not in _MISSING:
                    values = "/".join(error["PartitionValues"])
                    raise WarehouseError(f"Glue BatchDeletePartition: {values}: {detail.get('ErrorMessage')}")

    def create_folder_table(self, relation: Relation, folder: str, parameters: Mapping[str, str] | None = None) -> bool:
        """Makes a table that only names a folder; returns whether it was not there yet."""
        answer = self._glue.call(
            "create_table",
            missing=_EXISTS,
            DatabaseName=relation.schema,
            TableInput={
                "Name": relation.identifier,
                "TableType": "EXTERNAL_TABLE",
                "Parameters": {"EXTERNAL": "TRUE", **(parameters or {})},
                "PartitionKeys": [],
                "StorageDescriptor": {**_FOLDER, "Location": f"{folder}/"},
            },
            **self._catalog(relation.database),
        )
        return answer is not None

    def move_table(self, table: Table, location: str) -> bool:
        """Points a table at another folder, in one call; returns whether there still is one."""
        given = {key: table.entry[key] for key in _TABLE_INPUT if key in table.entry}
        given["StorageDescriptor"] = {**given["StorageDescriptor"], "Location": f"{location}/"}
        answer = self._glue.call(
            "update_table",
            missing=_MISSING,
            DatabaseName=table.relation.schema,
            TableInput=given,
            **self._catalog(table.relation.database),
        )
        return answer is not None

    def delete_table(self, relation: Relation) -> None:
        """Removes the entry of a table, not its files; one that is gone already does no harm."""
        names = {"DatabaseName": relation.schema, "Name": relation.identifier}
        self._glue.call("delete_table", missing=_MISSING, **names, **self._catalog(relation.database))

    def _catalog(self, name: str) -> dict[str, Any]:
        found = self._catalog_id(name)
        return {} if found is None else {"CatalogId": found}


def batches(partitions: Sequence[Partition], size: int) -> Iterator[Sequence[Partition]]:
    """Partitions by as many as one call takes."""
    for start in range(0, len(partitions), size):
        yield partitions[start : start + size]


def described(relation: Relation, entry: Mapping[str, Any]) -> Table:
    """What an entry of Glue says of a table."""
    storage = entry.get("StorageDescriptor", {})
    parameters = entry.get("Parameters", {})
    keys = entry.get("PartitionKeys", [])
    if entry.get("TableType") == "VIRTUAL_VIEW":
        kind = "view"
    else:
        kind = "iceberg" if parameters.get("table_type", "").upper() == "ICEBERG" else "hive"
    columns = [*storage.get("Columns", []), *keys]
    return Table(
        relation=relation,
        kind=kind,
        columns={
            column["Name"]: column.get("Type", "")
            for column in columns
            if column.get("Parameters", {}).get("iceberg.field.current") != "false"
        },
        keys=tuple(key["Name"] for key in keys),
        location=_folder(storage),
        parameters=parameters,
        entry=entry,
    )


def _folder(storage: Mapping[str, Any]) -> str:
    """A location as `s3://<bucket>/<path>`; Hadoop has other names for the same.

    Only one slash at the end goes: `x//` is the folder without a name in `x`, not `x`.
    """
    return re.sub("^s3[an]://", "s3://", storage.get("Location", "")).removesuffix("/")
