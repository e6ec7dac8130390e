"""File formats of Hive tables: the classes that Glue names, and the compressions that can be written.

Sources: https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html and
https://docs.aws.amazon.com/athena/latest/ug/compression-formats.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local_athena.errors import not_supported

_QL = "org.apache.hadoop.hive.ql.io"
_TEXT_INPUT = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUTPUT = f"{_QL}.HiveIgnoreKeyTextOutputFormat"

LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
HIVE_JSON = "org.apache.hive.hcatalog.data.JsonSerDe"
OPENX_JSON = "org.openx.data.jsonserde.JsonSerDe"
REGEX = "org.apache.hadoop.hive.serde2.RegexSerDe"


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes:
        input_format: class that Glue names.
        output_format: class that Glue names.
        serde: class that Glue names.
        compressions: by Athena's name, what the writer calls it; the first one is the default.
    """

    input_format: str
    output_format: str
    serde: str
    compressions: Mapping[str, str]


_OF_TEXT = {"GZIP": "gzip", "BZIP2": "bz2", "ZSTD": "zstd", "NONE": ""}

FORMATS: Mapping[str, Format] = {
    "PARQUET": Format(
        f"{_QL}.parquet.MapredParquetInputFormat",
        f"{_QL}.parquet.MapredParquetOutputFormat",
        f"{_QL}.parquet.serde.ParquetHiveSerDe",
        {
            "GZIP": "gzip",
            "SNAPPY": "snappy",
            "ZSTD": "zstd",
            "LZ4": "lz4",
            "NONE": "none",
            "UNCOMPRESSED": "none",
        },
    ),
    "ORC": Format(
        f"{_QL}.orc.OrcInputFormat",
        f"{_QL}.orc.OrcOutputFormat",
        f"{_QL}.orc.OrcSerde",
        {"ZLIB": "zlib", "SNAPPY": "snappy", "LZ4": "lz4", "ZSTD": "zstd", "NONE": "uncompressed"},
    ),
    "AVRO": Format(
        f"{_QL}.avro.AvroContainerInputFormat",
        f"{_QL}.avro.AvroContainerOutputFormat",
        "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
        {"DEFLATE": "deflate", "GZIP": "deflate", "BZIP2": "bzip2", "NONE": "null"},
    ),
    "JSON": Format(_TEXT_INPUT, _TEXT_OUTPUT, HIVE_JSON, _OF_TEXT),
    "TEXTFILE": Format(_TEXT_INPUT, _TEXT_OUTPUT, LAZY_SIMPLE, _OF_TEXT),
}
# SerDes of text files that no format of CTAS names.
_TEXT_SERDES = {OPEN_CSV: "CSV", OPENX_JSON: "JSON", REGEX: "REGEX"}


@dataclass(frozen=True)
class Storage:
    """How the files of a table or of one of its partitions are written.

    Attributes:
        format: a key of `FORMATS`, or `CSV` or `REGEX`, which are read only.
        serde: class that Glue names.
        options: properties of the SerDe, over those of the table.
    """

    format: str
    serde: str
    options: Mapping[str, str] = field(default_factory=dict)

    def option(self, name: str, default: str = "") -> str:
        """A property."""
        return self.options.get(name) or default


def storage_of(descriptor: Mapping[str, Any], parameters: Mapping[str, str]) -> Storage:
    """The storage that a StorageDescriptor of Glue describes.

    Raises:
        AthenaError: NOT_SUPPORTED for a SerDe that the local Athena does not have.
    """
    info = descriptor.get("SerdeInfo") or {}
    serde = info.get("SerializationLibrary", "")
    options = {**parameters, **(info.get("Parameters") or {})}
    for name, format_ in FORMATS.items():
        if format_.serde == serde:
            return Storage(name, serde, options)
    if serde in _TEXT_SERDES:
        return Storage(_TEXT_SERDES[serde], serde, options)
    raise not_supported(f"The local Athena does not read files with the SerDe {serde or '(none)'}")
