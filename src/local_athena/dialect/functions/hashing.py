"""xxHash64 and Murmur3, which Python does not have.

Source: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md and https://en.wikipedia.org/wiki/MurmurHash
"""

from __future__ import annotations

_MASK = 2**64 - 1
PRIME = 0x9E3779B185EBCA87
_PRIME_2 = 0xC2B2AE3D27D4EB4F
_PRIME_3 = 0x165667B19E3779F9
_PRIME_4 = 0x85EBCA77C2B2AE63
_PRIME_5 = 0x27D4EB2F165667C5


def _rotate(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (64 - bits))) & _MASK


def _round(lane: int, word: int) -> int:
    return _rotate((lane + word * _PRIME_2) & _MASK, 31) * PRIME & _MASK


def xxhash64(data: bytes) -> int:
    """XXH64 with seed 0."""
    position, length = 0, len(data)
    if length < 32:
        made = _PRIME_5
    else:
        lanes = [(PRIME + _PRIME_2) & _MASK, _PRIME_2, 0, -PRIME & _MASK]
        while position <= length - 32:
            for lane in range(4):
                word = int.from_bytes(data[position : position + 8], "little")
                lanes[lane] = _round(lanes[lane], word)
                position += 8
        made = sum(_rotate(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18), strict=True)) & _MASK
        for lane in lanes:
            made = ((made ^ _round(0, lane)) * PRIME + _PRIME_4) & _MASK
    return _shuffled(_tail(made + length & _MASK, data[position:]))


def _tail(made: int, rest: bytes) -> int:
    while len(rest) >= 8:
        made = (_rotate(made ^ _round(0, int.from_bytes(rest[:8], "little")), 27) * PRIME + _PRIME_4) & _MASK
        rest = rest[8:]
    if len(rest) >= 4:
        word = int.from_bytes(rest[:4], "little")
        made = (_rotate(made ^ (word * PRIME & _MASK), 23) * _PRIME_2 + _PRIME_3) & _MASK
        rest = rest[4:]
    for byte in rest:
        made = _rotate(made ^ (byte * _PRIME_5 & _MASK), 11) * PRIME & _MASK
    return made


def _shuffled(made: int) -> int:
    made = (made ^ (made >> 33)) * _PRIME_2 & _MASK
    made = (made ^ (made >> 29)) * _PRIME_3 & _MASK
    return made ^ (made >> 32)


_C_1 = 0x87C37B91114253D5
_C_2 = 0x4CF5AD432745937F


def _mix(made: int) -> int:
    made = (made ^ (made >> 33)) * 0xFF51AFD7ED558CCD & _MASK
    made = (made ^ (made >> 33)) * 0xC4CEB9FE1A85EC53 & _MASK
    return made ^ (made >> 33)


def murmur3(data: bytes) -> bytes:
    """MurmurHash3 x64 of 128 bits with seed 0, each half in little endian."""
    first = second = 0
    blocks = len(data) // 16
    for block in range(blocks):
        low = int.from_bytes(data[block * 16 : block * 16 + 8], "little")
        high = int.from_bytes(data[block * 16 + 8 : block * 16 + 16], "little")
        first ^= _rotate(low * _C_1 & _MASK, 31) * _C_2 & _MASK
        first = ((_rotate(first, 27) + second) * 5 + 0x52DCE729) & _MASK
        second ^= _rotate(high * _C_2 & _MASK, 33) * _C_1 & _MASK
        second = ((_rotate(second, 31) + first) * 5 + 0x38495AB5) & _MASK
    rest = data[blocks * 16 :]
    second ^= _rotate(int.from_bytes(rest[8:], "little") * _C_2 & _MASK, 33) * _C_1 & _MASK
    first ^= _rotate(int.from_bytes(rest[:8], "little") * _C_1 & _MASK, 31) * _C_2 & _MASK
    first, second = first ^ len(data), second ^ len(data)
    first = (first + second) & _MASK
    second = (second + first) & _MASK
    first, second = _mix(first), _mix(second)
    first = (first + second) & _MASK
    second = (second + first) & _MASK
    return first.to_bytes(8, "little") + second.to_bytes(8, "little")
