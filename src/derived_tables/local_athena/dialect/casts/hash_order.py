"""The order of a Java HashMap, in which Athena prints maps."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date

from derived_tables.local_athena.dialect.runtime import PythonFunction

_LEAST_BUCKETS = 16
_LOAD = 0.75
_EPOCH = date(1970, 1, 1)


def hash_order(keys: list[str], type_name: str) -> list[int]:
    """Positions, from 1, of the keys in the order in which a HashMap gives them.

    Args:
        keys: as DuckDB casts them to text, in the order in which they were put.
        type_name: their Trino type; keys of a type whose hash is not known here keep their order.
    """
    positions = range(1, len(keys) + 1)
    hash_code = _HASHES.get(type_name.partition("(")[0])
    if hash_code is None:
        return list(positions)
    buckets = _LEAST_BUCKETS
    while len(keys) > buckets * _LOAD:
        buckets *= 2
    return sorted(positions, key=lambda position: _bucket(hash_code(keys[position - 1]), buckets))


def _bucket(hash_code: int, buckets: int) -> int:
    unsigned = hash_code & 0xFFFFFFFF
    return (unsigned ^ (unsigned >> 16)) & (buckets - 1)


def _of_boolean(key: str) -> int:
    return 1231 if key == "true" else 1237


def _of_long(key: str) -> int:
    bits = int(key) & 0xFFFFFFFFFFFFFFFF
    return bits ^ (bits >> 32)


def _of_double(key: str) -> int:
    (bits,) = struct.unpack(">Q", struct.pack(">d", float(key)))
    return int(bits ^ (bits >> 32))


def _of_float(key: str) -> int:
    (bits,) = struct.unpack(">I", struct.pack(">f", float(key)))
    return int(bits)


def _of_string(key: str) -> int:
    units = key.encode("utf-16-be", "surrogatepass")
    result = 0
    for high, low in zip(units[::2], units[1::2], strict=True):
        result = (31 * result + (high << 8 | low)) & 0xFFFFFFFF
    return result


def _of_date(key: str) -> int:
    return (date.fromisoformat(key) - _EPOCH).days


_HASHES: dict[str, Callable[[str], int]] = {
    "boolean": _of_boolean,
    "tinyint": int,
    "smallint": int,
    "integer": int,
    "bigint": _of_long,
    "double": _of_double,
    "real": _of_float,
    "varchar": _of_string,
    "uuid": _of_string,
    "ipaddress": _of_string,
    "date": _of_date,
}

PYTHON = (PythonFunction("trino_hash_order", hash_order, ["VARCHAR[]", "VARCHAR"], "BIGINT[]"),)
