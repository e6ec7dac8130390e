"""Glue's calls about partitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from local_athena.protocol.api import ApiError, Payload, page
from local_athena.server.glue.batches import each, need_table
from local_athena.server.glue.expression import ExpressionError, compile_expression
from local_athena.store import MissingError
from local_athena.stores.glue import GlueCatalogue


class Partitions:
    """Creates, finds, changes and deletes partitions, one by one and in batches."""

    def __init__(self, glue: GlueCatalogue) -> None:
        self._glue = glue
        self.operations: Mapping[str, Callable[[Payload], Payload]] = {
            "CreatePartition": self._create_partition,
            "GetPartition": self._get_partition,
            "GetPartitions": self._get_partitions,
            "UpdatePartition": self._update_partition,
            "DeletePartition": self._delete_partition,
            "BatchCreatePartition": self._batch_create_partition,
            "BatchGetPartition": self._batch_get_partition,
            "BatchUpdatePartition": self._batch_update_partition,
            "BatchDeletePartition": self._batch_delete_partition,
        }

    def _create_partition(self, payload: Payload) -> Payload:
        self._check_values(payload, [payload["PartitionInput"]["Values"]])
        self._glue.create_partition(payload["DatabaseName"], payload["TableName"], payload["PartitionInput"])
        return {}

    def _get_partition(self, payload: Payload) -> Payload:
        need_table(self._glue, payload["DatabaseName"], payload["TableName"])
        partition = self._glue.partition(payload["DatabaseName"], payload["TableName"], payload["PartitionValues"])
        if partition is None:
            raise MissingError("Cannot find partition.")
        return {"Partition": partition}

    def _get_partitions(self, payload: Payload) -> Payload:
        table = need_table(self._glue, payload["DatabaseName"], payload["TableName"])
        partitions = self._glue.partitions(payload["DatabaseName"], payload["TableName"])
        if payload.get("Expression"):
            try:
                matches = compile_expression(payload["Expression"], table.get("PartitionKeys") or [])
            except ExpressionError as error:
                raise ApiError("InvalidInputException", str(error)) from error
            partitions = [partition for partition in partitions if matches(partition["Values"])]
        segment = payload.get("Segment")
        if segment:
            partitions = partitions[segment["SegmentNumber"] :: segment["TotalSegments"]]
        shown, token = page(partitions, payload, default=1000, most=1000)
        if payload.get("ExcludeColumnSchema"):
            return {"Partitions": [_without_columns(partition) for partition in shown], **token}
        return {"Partitions": shown, **token}

    def _update_partition(self, payload: Payload) -> Payload:
        values = payload["PartitionValueList"]
        self._check_values(payload, [payload["PartitionInput"].get("Values") or values])
        self._glue.update_partition(payload["DatabaseName"], payload["TableName"], values, payload["PartitionInput"])
        return {}

    def _delete_partition(self, payload: Payload) -> Payload:
        self._glue.delete_partition(payload["DatabaseName"], payload["TableName"], payload["PartitionValues"])
        return {}

    def _batch_create_partition(self, payload: Payload) -> Payload:
        database, table = payload["DatabaseName"], payload["TableName"]
        inputs: list[Payload] = payload["PartitionInputList"]
        self._check_values(payload, [entry["Values"] for entry in inputs])
        return each(
            inputs,
            lambda entry: self._glue.create_partition(database, table, entry),
            lambda entry: {"PartitionValues": entry["Values"]},
        )

    def _batch_get_partition(self, payload: Payload) -> Payload:
        database, table = payload["DatabaseName"], payload["TableName"]
        need_table(self._glue, database, table)
        wanted = [entry["Values"] for entry in payload["PartitionsToGet"]]
        found = [self._glue.partition(database, table, values) for values in wanted]
        # Glue leaves out those that are missing; UnprocessedKeys are for what it had no time for.
        return {"Partitions": [partition for partition in found if partition], "UnprocessedKeys": []}

    def _batch_update_partition(self, payload: Payload) -> Payload:
        database, table = payload["DatabaseName"], payload["TableName"]
        entries: list[Payload] = payload["Entries"]
        need_table(self._glue, database, table)
        return each(
            entries,
            lambda entry: self._glue.update_partition(
                database, table, entry["PartitionValueList"], entry["PartitionInput"]
            ),
            lambda entry: {"PartitionValueList": entry["PartitionValueList"]},
        )

    def _batch_delete_partition(self, payload: Payload) -> Payload:
        database, table = payload["DatabaseName"], payload["TableName"]
        wanted: list[list[str]] = [entry["Values"] for entry in payload["PartitionsToDelete"]]
        need_table(self._glue, database, table)
        return each(
            wanted,
            lambda values: self._glue.delete_partition(database, table, values),
            lambda values: {"PartitionValues": values},
        )

    def _check_values(self, payload: Payload, values: Iterable[Sequence[str]]) -> None:
        """A partition has one value for each partition key."""
        keys = need_table(self._glue, payload["DatabaseName"], payload["TableName"]).get("PartitionKeys") or []
        if any(len(each) != len(keys) for each in values):
            message = "The number of partition keys do not match the number of partition values"
            raise ApiError("InvalidInputException", message)


def _without_columns(partition: Payload) -> Payload:
    storage = {key: value for key, value in partition.get("StorageDescriptor", {}).items() if key != "Columns"}
    return {**partition, "StorageDescriptor": storage}
