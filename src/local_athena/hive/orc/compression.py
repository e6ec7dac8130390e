"""Decompresses parts of ORC files.

Source: https://orc.apache.org/specification/ORCv1/, "Compression".
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

import pyarrow as pa

from local_athena.errors import not_supported

_HEADER = 3
_LEAST_MATCH = 4


def decompressed(data: bytes, compression: int) -> bytes:
    """A part of a file.

    Args:
        data: its bytes, chunks that each say in a header how long they are and whether they are compressed.
        compression: number of the codec in the postscript.

    Raises:
        AthenaError: NOT_SUPPORTED for codecs that are not known here.
        ValueError: the bytes are not what they should be.
    """
    if compression == 0:
        return data
    if compression not in _CODECS:
        raise not_supported("The local Athena does not read ORC files with this compression")
    codec, parts, at = _CODECS[compression], [], 0
    while at < len(data):
        header = int.from_bytes(data[at : at + _HEADER], "little")
        start, at = at + _HEADER, at + _HEADER + (header >> 1)
        chunk = data[start:at]
        parts.append(chunk if header & 1 else codec(chunk))
    return b"".join(parts)


def _deflate(chunk: bytes) -> bytes:
    try:
        return zlib.decompress(chunk, wbits=-zlib.MAX_WBITS)
    except zlib.error as error:
        raise ValueError(str(error)) from error


def _snappy(chunk: bytes) -> bytes:
    """Snappy writes the size of the text before it, seven bits a byte."""
    size = 0
    for index, byte in enumerate(chunk):
        size |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            break
    return _sized("snappy", chunk, size)


def _lz4(chunk: bytes) -> bytes:
    return _sized("lz4_raw", chunk, _lz4_size(chunk))


def _lz4_size(chunk: bytes) -> int:
    """Size of the text, which LZ4 does not write down: that of all literals and matches."""
    size = at = 0
    while at < len(chunk):
        token = chunk[at]
        literals, at = _lz4_length(chunk, at + 1, token >> 4)
        size, at = size + literals, at + literals
        if at < len(chunk):  # only the last literals have no match behind them
            match, at = _lz4_length(chunk, at + 2, token & 15)
            size += match + _LEAST_MATCH
    return size


def _lz4_length(chunk: bytes, at: int, length: int) -> tuple[int, int]:
    """A length that goes on in the following bytes if four bits are too few, and where it ends."""
    more = length == 15
    while more:
        if at >= len(chunk):
            raise ValueError("Truncated chunk")
        length, more, at = length + chunk[at], chunk[at] == 255, at + 1
    return length, at


def _zstd(chunk: bytes) -> bytes:
    with pa.CompressedInputStream(pa.BufferReader(chunk), "zstd") as stream:
        text: bytes = stream.read()
    return text


def _sized(name: str, chunk: bytes, size: int) -> bytes:
    text: bytes = pa.Codec(name).decompress(chunk, decompressed_size=size, asbytes=True)
    return text


_CODECS: Mapping[int, Callable[[bytes], bytes]] = {1: _deflate, 2: _snappy, 4: _lz4, 5: _zstd}
