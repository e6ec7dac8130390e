"""What reads and writes which format; Parquet is read by DuckDB itself."""

from __future__ import annotations

from collections.abc import Mapping

from local_athena.hive.codecs import avro, csv, delimited, json, orc, parquet, regex
from local_athena.hive.codecs.model import Reader, Writer

READERS: Mapping[str, Reader] = {
    "AVRO": avro.read,
    "CSV": csv.read,
    "JSON": json.read,
    "ORC": orc.read,
    "REGEX": regex.read,
    "TEXTFILE": delimited.read,
}
WRITERS: Mapping[str, Writer] = {
    "AVRO": avro.write,
    "JSON": json.write,
    "ORC": orc.write,
    "PARQUET": parquet.write,
    "TEXTFILE": delimited.write,
}
