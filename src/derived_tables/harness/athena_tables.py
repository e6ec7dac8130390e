"""Puts Parquet files into S3 and tables over them into Glue, where Athena reads them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

ENDPOINT = "AWS_ENDPOINT_URL"
_REGION = "us-east-1"
_HIVE_TYPES = {"varchar": "string", "integer": "int"}
_ORIGIN, _CONTENT = "loaded_from", "loaded_content"
_PARQUET = {
    "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
}


class EndpointError(Exception):
    """There is no Athena to write to, or it refuses; the text says why and what to do."""


@dataclass(frozen=True)
class _Written:
    location: str
    content: str


class AthenaTables:
    """The tables of one database, their files in one bucket; both are made when they do not exist.

    Args:
        bucket: where files go, below `sources/<database>/<table>/`.
        database: the Glue database.
        columns: of each table, names and types in types that Athena and DuckDB share.

    Raises:
        EndpointError: AWS_ENDPOINT_URL is not set. Nothing is sent to anybody then.
    """

    def __init__(self, bucket: str, database: str, columns: Mapping[str, Mapping[str, str]]) -> None:
        if not os.environ.get(ENDPOINT):
            raise EndpointError(
                f"{ENDPOINT} is not set, so this would be AWS itself.\n"
                'Start a local Athena and set it: local-athena serve, then eval "$(local-athena env)".'
            )
        region = os.environ.get("AWS_REGION") or _REGION
        # Typed loosely: there are no stubs for S3 among the dependencies.
        self._s3: Any = boto3.client("s3", region_name=region)
        self._glue: Any = boto3.client("glue", region_name=region)
        self._bucket = bucket
        self._database = database
        self._columns = columns

    def are_current(self, origin: str) -> bool:
        """Whether all tables are as `write` left them, loaded from `origin`."""
        with _explained():
            return all(self._is_current(table, origin) for table in self._columns)

    def write(self, files: Mapping[str, Path], origin: str) -> None:
        """Replaces the tables: first all files are put into folders of their own, then each table is pointed at its.

        Args:
            files: a Parquet file for each table.
            origin: what they were made from; `are_current` compares it.

        Raises:
            EndpointError: the endpoint does not answer, or refuses.
        """
        with _explained():
            self._s3.create_bucket(Bucket=self._bucket)
            if self._found("get_database", Name=self._database) is None:
                self._glue.create_database(DatabaseInput={"Name": self._database})
            written = {table: self._put(table, file) for table, file in files.items()}
            for table, new in written.items():
                self._point(table, new, origin)
            for table, new in written.items():
                self._delete_others(table, new)

    def _is_current(self, table: str, origin: str) -> bool:
        found = self._found("get_table", DatabaseName=self._database, Name=table)
        if found is None:
            return False
        entry = found["Table"]
        storage = entry["StorageDescriptor"]
        noted = {name: entry.get("Parameters", {}).get(name) for name in (_ORIGIN, _CONTENT)}
        prefix = storage["Location"].removeprefix(f"s3://{self._bucket}/")
        contents = [found["ETag"] for found in self._listed(prefix)]
        return storage == {**storage, **self._storage(table, storage["Location"])} and (noted, contents) == (
            {_ORIGIN: origin, _CONTENT: noted[_CONTENT]},
            [noted[_CONTENT]],
        )

    def _put(self, table: str, file: Path) -> _Written:
        folder = f"{self._prefix(table)}{uuid.uuid4()}/"
        with file.open("rb") as content:
            answer = self._s3.put_object(Bucket=self._bucket, Key=f"{folder}{table}.parquet", Body=content)
        return _Written(f"s3://{self._bucket}/{folder}", answer["ETag"])

    def _point(self, table: str, new: _Written, origin: str) -> None:
        entry = {
            "Name": table,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {
                "EXTERNAL": "TRUE",
                "classification": "parquet",
                _ORIGIN: origin,
                _CONTENT: new.content,
            },
            "PartitionKeys": [],
            "StorageDescriptor": self._storage(table, new.location),
        }
        exists = self._found("get_table", DatabaseName=self._database, Name=table) is not None
        change = self._glue.update_table if exists else self._glue.create_table
        change(DatabaseName=self._database, TableInput=entry)

    def _storage(self, table: str, location: str) -> dict[str, Any]:
        columns = [
            {"Name": name, "Type": _HIVE_TYPES.get(type_, type_)} for name, type_ in self._columns[table].items()
        ]
        return {"Columns": columns, "Location": location, **_PARQUET}

    def _delete_others(self, table: str, new: _Written) -> None:
        """Deletes what earlier loads left."""
        kept = new.location.removeprefix(f"s3://{self._bucket}/")
        for found in self._listed(self._prefix(table)):
            if not found["Key"].startswith(kept):
                self._s3.delete_object(Bucket=self._bucket, Key=found["Key"])

    def _prefix(self, table: str) -> str:
        return f"sources/{self._database}/{table}/"

    def _listed(self, prefix: str) -> list[dict[str, Any]]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return [found for page in pages for found in page.get("Contents", ())]

    def _found(self, operation: str, **names: str) -> dict[str, Any] | None:
        """What a call of Glue finds; None if there is no such database or table."""
        try:
            answer: dict[str, Any] = getattr(self._glue, operation)(**names)
        except self._glue.exceptions.EntityNotFoundException:
            return None
        return answer


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise EndpointError(
            f"The Athena at {os.environ[ENDPOINT]} ({ENDPOINT}) does not do as asked: {error}"
        ) from error
