"""Reads messages of Protocol Buffers by the numbers of their fields.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TypeVar

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_WIDTHS = {_FIXED64: 8, _FIXED32: 4}
_Value = TypeVar("_Value", int, bytes)


class Message:
    """A message; what is asked for under the number of a field must be what the format says is there.

    Raises:
        ValueError: the bytes are no message.
    """

    def __init__(self, data: bytes) -> None:
        self._fields: dict[int, list[int | bytes]] = {}
        at = 0
        while at < len(data):
            tag, at = _varint(data, at)
            value: int | bytes
            if tag & 7 == _VARINT:
                value, at = _varint(data, at)
            else:
                kind = tag & 7
                if kind == _BYTES:
                    width, at = _varint(data, at)
                elif kind in _WIDTHS:
                    width = _WIDTHS[kind]
                else:
                    raise ValueError(f"Unknown wire type {kind}")
                value, at = data[at : at + width], at + width
                if at > len(data):
                    raise ValueError("Truncated field")
            self._fields.setdefault(tag >> 3, []).append(value)

    def integer(self, number: int) -> int | None:
        """An unsigned integer."""
        return self._last(number, int)

    def signed(self, number: int) -> int | None:
        """A sint32 or sint64."""
        value = self.integer(number)
        return None if value is None else (value >> 1) ^ -(value & 1)

    def double(self, number: int) -> float | None:
        """A double."""
        value = self._last(number, bytes)
        return None if value is None else float(struct.unpack("<d", value)[0])

    def text(self, number: int) -> str | None:
        """A string."""
        value = self._last(number, bytes)
        return None if value is None else value.decode()

    def texts(self, number: int) -> tuple[str, ...]:
        """Strings."""
        return tuple(value.decode() for value in self._all(number, bytes))

    def message(self, number: int) -> Message | None:
        """A message."""
        value = self._last(number, bytes)
        return None if value is None else Message(value)

    def messages(self, number: int) -> tuple[Message, ...]:
        """Messages."""
        return tuple(Message(value) for value in self._all(number, bytes))

    def integers(self, number: int) -> tuple[int, ...]:
        """Unsigned integers, packed or not."""
        return tuple(
            number
            for value in self._fields.get(number, ())
            for number in ([value] if isinstance(value, int) else _varints(value))
        )

    def _all(self, number: int, kind: type[_Value]) -> Iterator[_Value]:
        for value in self._fields.get(number, ()):
            if not isinstance(value, kind):
                raise ValueError(f"Field {number} is of another type")
            yield value

    def _last(self, number: int, kind: type[_Value]) -> _Value | None:
        return list(self._all(number, kind))[-1] if number in self._fields else None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """An integer of seven bits a byte, the lowest first, and where it ends."""
    value = shift = 0
    while at < len(data):
        value |= (data[at] & 0x7F) << shift
        at += 1
        if data[at - 1] < 0x80:
            return value, at
        shift += 7
    raise ValueError("Truncated integer")


def _varints(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value
