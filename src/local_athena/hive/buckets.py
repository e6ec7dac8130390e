"""Into which bucket a row goes: Hive's hash of its bucketing columns.

Source: https://cwiki.apache.org/confluence/display/Hive/LanguageManual+DDL+BucketedTables, version 1 of the hash.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from local_athena.errors import not_supported
from local_athena.types.model import Type, Varchar

_MASK = 0xFFFFFFFF
_POSITIVE = 0x7FFFFFFF
_EPOCH = date(1970, 1, 1)


def bucket(values: Sequence[Any], types: Sequence[Type], count: int) -> int:
    """The number of the bucket, from 0.

    Raises:
        AthenaError: NOT_SUPPORTED for a type that cannot be bucketed by.
    """
    total = 0
    for value, type_ in zip(values, types, strict=True):
        total = (total * 31 + (0 if value is None else _hash(type_)(value))) & _MASK
    return (total & _POSITIVE) % count


def check_types(types: Sequence[Type]) -> None:
    """Refuses types that cannot be bucketed by.

    Raises:
        AthenaError: NOT_SUPPORTED.
    """
    for type_ in types:
        _hash(type_)


def _of_text(value: str, start: int) -> int:
    total = start
    for byte in value.encode():
        total = (total * 31 + (byte if byte < 128 else byte - 256)) & _MASK
    return total


def _of_long(bits: int) -> int:
    return (bits ^ (bits >> 32)) & _MASK


_HASHES: Mapping[str, Callable[[Any], int]] = {
    "boolean": int,
    "tinyint": int,
    "smallint": int,
    "integer": int,
    "date": lambda value: (value - _EPOCH).days,
    "real": lambda value: struct.unpack("<I", struct.pack("<f", value + 0.0))[0],
    "double": lambda value: _of_long(struct.unpack("<Q", struct.pack("<d", value + 0.0))[0]),
    "bigint": lambda value: _of_long(value & 0xFFFFFFFFFFFFFFFF),
}


def _hash(type_: Type) -> Callable[[Any], int]:
    if isinstance(type_, Varchar):
        # Hive hashes a varchar with a length otherwise than a string.
        return partial(_of_text, start=0 if type_.length is None else 1)
    if str(type_) not in _HASHES:
        raise not_supported("Cannot create a table bucketed on an unsupported type")
    return _HASHES[str(type_)]
