"""Functions of varbinary, hashes and bits.

Source: https://trino.io/docs/current/functions/binary.html and …/bitwise.html
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import zlib
from collections.abc import Callable
from typing import Any

from local_athena.dialect.functions.hashing import murmur3, xxhash64
from local_athena.dialect.functions.registry import Table
from local_athena.dialect.runtime import PythonFunction
from local_athena.errors import raise_text

_INVALID = "INVALID_FUNCTION_ARGUMENT"
_LONGEST = 2147483647
_WIDTHS = {"tinyint": 8, "smallint": 16, "integer": 32, "bigint": 64}
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def _from_base64(data: bytes, url: bool) -> bytes:
    """As Java's decoder: padding may be missing, but not be wrong."""
    text = data.rstrip(b"=")
    other = b"-_" if url else b"+/"
    for byte in text:
        if not (chr(byte).isalnum() and byte < 128) and byte not in other:
            raise_text(_INVALID, f"Illegal base64 character {byte:x}")
    padding = len(data) - len(text)
    if len(text) % 4 == 1 and not padding:
        raise_text(_INVALID, "Input byte[] should at least have 2 bytes for base64 bytes")
    if padding and (len(text) + padding) % 4:
        raise_text(_INVALID, "Input byte array has wrong 4-byte ending unit")
    return base64.b64decode(text + b"=" * (-len(text) % 4), altchars=other)


def _from_base32(data: bytes) -> bytes:
    text = data.decode("latin-1").rstrip("=")
    if len(text) % 8 in (1, 3, 6):
        raise_text(_INVALID, f"Invalid input length {len(text)}")
    for character in text:
        if character not in _ALPHABET:
            raise_text(_INVALID, f"Unrecognized character: {character}")
    return base64.b32decode(text + "=" * (-len(text) % 8))


def _from_hex(data: bytes) -> bytes:
    if len(data) % 2:
        raise_text(_INVALID, f"invalid input length {len(data)}")
    for byte in data:
        if byte not in b"0123456789abcdefABCDEF":
            raise_text(_INVALID, f'not a hexadecimal digit: "{chr(byte)}" = {byte}')
    return bytes.fromhex(data.decode())


def _unpacked(layout: str, wrong: str) -> Callable[[bytes], Any]:
    """Reads a number of exactly the right length."""

    def read(data: bytes) -> Any:
        if len(data) != struct.calcsize(layout):
            raise_text(_INVALID, wrong.replace("$", str(len(data))))
        return struct.unpack(layout, data)[0]

    return read


def _packed(layout: str) -> Callable[[Any], bytes]:
    return lambda value: struct.pack(layout, value)


def _hmac(algorithm: str) -> Callable[[bytes, bytes], bytes]:
    def digest(data: bytes, key: bytes) -> bytes:
        if not key:
            raise_text("GENERIC_INTERNAL_ERROR", "Empty key")
        return hmac.new(key, data, algorithm).digest()

    return digest


def _substr(data: bytes, start: int, length: int) -> bytes:
    first = start - 1 if start > 0 else len(data) + start
    if start == 0 or length <= 0 or first < 0 or first >= len(data):
        return b""
    return data[first : first + length]


def _pad(data: bytes, size: int, padding: bytes, left: bool) -> bytes:
    if not 0 <= size <= _LONGEST:
        raise_text(_INVALID, f"Target length must be in the range [0..{_LONGEST}]")
    if not padding:
        raise_text(_INVALID, "Padding bytes must not be empty")
    missing = max(size - len(data), 0)
    filled = (padding * (missing // len(padding) + 1))[:missing]
    return (filled + data if left else data + filled)[:size]


def _bit_count(number: int, bits: int) -> int:
    if not 2 <= bits <= 64:
        raise_text(_INVALID, f"Bits specified in bit_count must be between 2 and 64, got {bits}")
    if not -(1 << (bits - 1)) <= number < 1 << (bits - 1):
        message = (
            f"Number must be representable with the bits specified. {number} cannot be represented with {bits} bits"
        )
        raise_text(_INVALID, message)
    return bin(number & ((1 << bits) - 1)).count("1")


def _signed(number: int, bits: int) -> int:
    number &= (1 << bits) - 1
    return number - (1 << bits) if number >> (bits - 1) else number


def _shift(direction: str) -> Callable[[int, int, int], int]:
    """Shifts a number of so many bits; Trino takes a negative distance for one that is too far."""

    def shifted(number: int, distance: int, bits: int) -> int:
        if not 0 <= distance < bits:
            return -1 if direction == "arithmetic" and number < 0 else 0
        if direction == "left":
            return _signed(number << distance, bits)
        return (
            number >> distance if direction == "arithmetic" else _signed((number & ((1 << bits) - 1)) >> distance, bits)
        )

    return shifted


_SHIFTS = {"bitwise_left_shift": "left", "bitwise_right_shift": "right", "bitwise_right_shift_arithmetic": "arithmetic"}
_TEXT_OR_BYTES = {"varchar(x)": "encode({0})", "varbinary": "{0}"}

SCALARS: Table = {
    "length(varbinary) -> bigint": "octet_length({0})",
    "reverse(varbinary) -> varbinary": "trino_reverse_bytes({0})",
    "substr(varbinary, bigint) -> varbinary": f"trino_substr_bytes({{0}}, {{1}}, {_LONGEST})",
    "substr(varbinary, bigint, bigint) -> varbinary": "trino_substr_bytes({0}, {1}, {2})",
    "lpad(varbinary, bigint, varbinary) -> varbinary": "trino_pad_bytes({0}, {1}, {2}, true)",
    "rpad(varbinary, bigint, varbinary) -> varbinary": "trino_pad_bytes({0}, {1}, {2}, false)",
    "to_hex(varbinary) -> varchar": "hex({0})",
    "to_base64(varbinary) -> varchar": "to_base64({0})",
    "to_base64url(varbinary) -> varchar": "translate(to_base64({0}), '+/', '-_')",
    "to_base32(varbinary) -> varchar": "trino_to_base32({0})",
    **{f"from_hex({type_}) -> varbinary": f"trino_from_hex({sql})" for type_, sql in _TEXT_OR_BYTES.items()},
    **{f"from_base32({type_}) -> varbinary": f"trino_from_base32({sql})" for type_, sql in _TEXT_OR_BYTES.items()},
    **{
        f"from_base64({type_}) -> varbinary": f"trino_from_base64({sql}, false)"
        for type_, sql in _TEXT_OR_BYTES.items()
    },
    **{
        f"from_base64url({type_}) -> varbinary": f"trino_from_base64({sql}, true)"
        for type_, sql in _TEXT_OR_BYTES.items()
    },
    **{
        f"from_big_endian_{bits}(varbinary) -> {type_}": f"trino_from_big_endian_{bits}({{0}})"
        for bits, type_ in ((32, "integer"), (64, "bigint"))
    },
    **{
        f"to_big_endian_{bits}({type_}) -> varbinary": f"trino_to_big_endian_{bits}({{0}})"
        for bits, type_ in ((32, "integer"), (64, "bigint"))
    },
    **{
        f"from_ieee754_{bits}(varbinary) -> {type_}": f"trino_from_ieee754_{bits}({{0}})"
        for bits, type_ in ((32, "real"), (64, "double"))
    },
    **{
        f"to_ieee754_{bits}({type_}) -> varbinary": f"trino_to_ieee754_{bits}({{0}})"
        for bits, type_ in ((32, "real"), (64, "double"))
    },
    **{f"{name}(varbinary) -> varbinary": f"unhex({name}({{0}}))" for name in ("md5", "sha1", "sha256")},
    **{f"{name}(varbinary) -> varbinary": f"trino_{name}({{0}})" for name in ("sha512", "xxhash64", "murmur3")},
    "crc32(varbinary) -> bigint": "trino_crc32({0})",
    **{
        f"hmac_{name}(varbinary, varbinary) -> varbinary": f"trino_hmac_{name}({{0}}, {{1}})"
        for name in ("md5", "sha1", "sha256", "sha512")
    },
    "bit_count(bigint, bigint) -> bigint": "trino_bit_count({0}, {1})",
    "bitwise_and(bigint, bigint) -> bigint": "{0} & {1}",
    "bitwise_or(bigint, bigint) -> bigint": "{0} | {1}",
    "bitwise_xor(bigint, bigint) -> bigint": "xor({0}, {1})",
    "bitwise_not(bigint) -> bigint": "~{0}",
    **{
        f"{name}({type_}, integer) -> {type_}": f"trino_shift_{direction}({{0}}, {{1}}, {bits})::{type_}"
        for name, direction in _SHIFTS.items()
        for type_, bits in _WIDTHS.items()
    },
}

_SHORT = "Input floating-point value must be exactly {} bytes long"
_WRONG = "expected {}-byte input, but got instead: $"
_LAYOUTS = {
    "big_endian_32": (">i", "INTEGER", _WRONG.format(4)),
    "big_endian_64": (">q", "BIGINT", _WRONG.format(8)),
    "ieee754_32": (">f", "FLOAT", _SHORT.format(4)),
    "ieee754_64": (">d", "DOUBLE", _SHORT.format(8)),
}
PYTHON = (
    PythonFunction("trino_reverse_bytes", lambda data: data[::-1], ("BLOB",), "BLOB"),
    PythonFunction("trino_substr_bytes", _substr, ("BLOB", "BIGINT", "BIGINT"), "BLOB"),
    PythonFunction("trino_pad_bytes", _pad, ("BLOB", "BIGINT", "BLOB", "BOOLEAN"), "BLOB"),
    PythonFunction("trino_from_base64", _from_base64, ("BLOB", "BOOLEAN"), "BLOB"),
    PythonFunction("trino_from_base32", _from_base32, ("BLOB",), "BLOB"),
    PythonFunction("trino_to_base32", lambda data: base64.b32encode(data).decode(), ("BLOB",), "VARCHAR"),
    PythonFunction("trino_from_hex", _from_hex, ("BLOB",), "BLOB"),
    PythonFunction("trino_sha512", lambda data: hashlib.sha512(data).digest(), ("BLOB",), "BLOB"),
    PythonFunction("trino_xxhash64", lambda data: xxhash64(data).to_bytes(8, "big"), ("BLOB",), "BLOB"),
    PythonFunction("trino_murmur3", murmur3, ("BLOB",), "BLOB"),
    PythonFunction("trino_crc32", zlib.crc32, ("BLOB",), "BIGINT"),
    PythonFunction("trino_bit_count", _bit_count, ("BIGINT", "BIGINT"), "BIGINT"),
    *(
        PythonFunction(f"trino_hmac_{name}", _hmac(name), ("BLOB", "BLOB"), "BLOB")
        for name in ("md5", "sha1", "sha256", "sha512")
    ),
    *(
        PythonFunction(f"trino_from_{name}", _unpacked(layout, wrong), ("BLOB",), type_)
        for name, (layout, type_, wrong) in _LAYOUTS.items()
    ),
    *(
        PythonFunction(f"trino_to_{name}", _packed(layout), (type_,), "BLOB")
        for name, (layout, type_, _) in _LAYOUTS.items()
    ),
    *(
        PythonFunction(f"trino_shift_{direction}", _shift(direction), ("BIGINT", "INTEGER", "INTEGER"), "BIGINT")
        for direction in _SHIFTS.values()
    ),
)
