"""The order of a Java HashMap, in which Athena prints maps."""

from __future__ import annotations

import functools
import re
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Context, Decimal

from local_athena.dialect.runtime import PythonFunction

_LEAST_BUCKETS = 16
_LOAD = 0.75
_MOST_IN_BUCKET = 8
_MOST_BUCKETS_FOR_THAT = 64
_EPOCH = date(1970, 1, 1)
_MIDNIGHT = datetime(1970, 1, 1)  # noqa: DTZ001
_INT = 0xFFFFFFFF
_EXACT = Context(prec=100)
_NUMBERS = re.compile(r"\([\d, ]+\)")
_NUMBER = re.compile(r"\d+")


def hash_order(keys: list[str], type_name: str) -> list[int]:
    """Positions, from 1, of the keys in the order in which a HashMap gives them.

    Args:
        keys: as DuckDB casts them to text, in the order in which they were put.
        type_name: their Trino type; keys of a type whose hash is not known here keep their order.
    """
    positions = range(1, len(keys) + 1)
    name, numbers = _NUMBERS.sub("", type_name), [int(number) for number in _NUMBER.findall(type_name)]
    if name == "char":
        hashes = [_of_string(key.ljust(numbers[0])) for key in keys]
    elif name in _HASHES:
        hashes = list(map(_HASHES[name], keys))
    elif name in _OBJECTS:
        hashes = [_of_objects(_OBJECTS[name](key, *numbers)) for key in keys]
    else:
        return list(positions)
    buckets = _buckets(hashes)
    return sorted(positions, key=lambda position: _bucket(hashes[position - 1], buckets))


def _buckets(hashes: Sequence[int]) -> int:
    """How many there are when all keys are put: they double when the table is full or one of them is crowded."""
    buckets = _LEAST_BUCKETS
    counts: Counter[int] = Counter()
    for size, hash_code in enumerate(hashes, 1):
        bucket = _bucket(hash_code, buckets)
        crowded = counts[bucket] >= _MOST_IN_BUCKET and buckets < _MOST_BUCKETS_FOR_THAT
        counts[bucket] += 1
        for grows in (crowded, size > buckets * (2 if crowded else 1) * _LOAD):
            if grows:
                buckets *= 2
                counts = Counter(_bucket(each, buckets) for each in hashes[:size])
    return buckets


def _bucket(hash_code: int, buckets: int) -> int:
    unsigned = hash_code & _INT
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
        result = (31 * result + (high << 8 | low)) & _INT
    return result


def _of_date(key: str) -> int:
    return (date.fromisoformat(key) - _EPOCH).days


def _of_objects(hashes: Iterable[int]) -> int:
    """As Java's `Objects.hash`."""
    return functools.reduce(lambda result, each: (31 * result + each) & _INT, hashes, 1)


def _decimal(key: str, precision: int, scale: int) -> tuple[int, ...]:
    unscaled = int(Decimal(key).scaleb(scale, _EXACT))
    words = abs(unscaled).to_bytes(16, "big")
    magnitude = 0
    for start in range(0, len(words), 4):
        magnitude = (31 * magnitude + int.from_bytes(words[start : start + 4], "big")) & _INT
    return (magnitude if unscaled >= 0 else -magnitude, precision, scale)


def _timestamp(key: str, precision: int) -> tuple[int, ...]:
    shown, _, fraction = key.partition(".")
    since = datetime.fromisoformat(shown) - _MIDNIGHT
    micros = (since.days * 86400 + since.seconds) * 1_000_000 + int(fraction.ljust(6, "0"))
    return (_of_long(str(micros)), 0, precision)


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

# Types of which Trino makes objects of several parts; their hashes.
_OBJECTS: dict[str, Callable[..., tuple[int, ...]]] = {"decimal": _decimal, "timestamp": _timestamp}

PYTHON = (PythonFunction("trino_hash_order", hash_order, ["VARCHAR[]", "VARCHAR"], "BIGINT[]"),)
