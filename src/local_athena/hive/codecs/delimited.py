"""LazySimpleSerDe: fields between delimiters, a mark for null, deeper delimiters for what is nested.

Source: https://docs.aws.amazon.com/athena/latest/ug/lazy-simple-serde.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from local_athena.catalogue.model import Column
from local_athena.dialect.representation import field_names
from local_athena.hive.codecs import model, texts
from local_athena.hive.codecs.lines import read_lines, write_lines
from local_athena.hive.storage import Storage
from local_athena.types.model import Array, Char, Map, Row, Type, Varchar

_DEEPEST = 8


@dataclass(frozen=True)
class _Style:
    """How the fields of a line are told apart; one delimiter for each depth."""

    delimiters: tuple[str, ...]
    null: str
    escape: str

    def split(self, text: str, depth: int) -> list[str]:
        """The parts of a text at a depth, still escaped."""
        delimiter = self.delimiters[depth]
        if not self.escape:
            return text.split(delimiter)
        parts = re.findall(rf"(?:{re.escape(self.escape)}.|[^{re.escape(delimiter)}])*", text, re.DOTALL)
        return [part for index, part in enumerate(parts) if part or index == 0 or parts[index - 1] == ""] or [""]

    def unescaped(self, text: str) -> str:
        """The text without what escapes delimiters in it."""
        return re.sub(rf"{re.escape(self.escape)}(.)", r"\1", text, flags=re.DOTALL) if self.escape else text

    def escaped(self, text: str) -> str:
        """The text with its delimiters escaped, if the table says by what."""
        if not self.escape:
            return text
        special = re.escape("".join((self.escape, *self.delimiters)))
        return re.sub(f"([{special}])", lambda found: self.escape + found[1], text)


def _style(storage: Storage) -> _Style:
    field = storage.option("field.delim") or storage.option("serialization.format", "\x01")
    # Glue has `1` for the character of that number.
    field = (
        chr(int(field)) if field.isdigit() and len(field) < 3 and field != storage.options.get("field.delim") else field
    )
    first = (
        field,
        storage.option("collection.delim", "\x02") or storage.option("colelction.delim", "\x02"),
        storage.option("mapkey.delim", "\x03"),
    )
    deeper = tuple(chr(number) for number in range(4, _DEEPEST + 1))
    return _Style(
        first + deeper, storage.options.get("serialization.null.format", "\\N"), storage.option("escape.delim")
    )


def read(path: Path, columns: Sequence[Column], storage: Storage) -> Iterator[pa.RecordBatch]:
    """See `model.Reader`. A text that is no value of its column is null."""
    style = _style(storage)
    types = [column.type for column in columns]
    return model.batches((_row(line, types, style) for line in read_lines(path, storage)), columns)


def write(
    path: Path,
    columns: Sequence[Column],
    storage: Storage,
    compression: str,
    batches: Iterable[pa.RecordBatch],
) -> None:
    """See `model.Writer`."""
    style = _style(storage)
    types = [column.type for column in columns]
    lines = (
        style.delimiters[0].join(_text(value, type_, style, 1) for value, type_ in zip(row, types, strict=True))
        for row in model.python_rows(batches)
    )
    write_lines(path, compression, lines)


def _row(line: str, types: Sequence[Type], style: _Style) -> list[Any]:
    parts = style.split(line, 0)
    parts += [style.null] * (len(types) - len(parts))
    return [_value(text, type_, style, 1) for text, type_ in zip(parts, types, strict=False)]


def _value(text: str, type_: Type, style: _Style, depth: int) -> Any:
    if text == style.null:
        return None
    match type_:
        case Array(element):
            return [_value(part, element, style, depth + 1) for part in style.split(text, depth)] if text else []
        case Map(key, value):
            pairs = (style.split(part, depth + 1) for part in style.split(text, depth)) if text else ()
            return [_entry(pair, key, value, style, depth) for pair in pairs]
        case Row(fields):
            parts = style.split(text, depth)
            parts += [style.null] * (len(fields) - len(parts))
            members = zip(field_names(type_), fields, parts, strict=False)
            return {name: _value(part, field.type, style, depth + 1) for name, field, part in members}
        case Varchar() | Char():
            return texts.parsed(style.unescaped(text), type_)
    return texts.parsed(text, type_) if text else None


def _entry(pair: list[str], key: Type, value: Type, style: _Style, depth: int) -> tuple[Any, Any]:
    """An entry of a map; without a delimiter its value is null."""
    name = _value(pair[0], key, style, depth + 2)
    if len(pair) == 1:
        return name, None
    return name, _value(style.delimiters[depth + 1].join(pair[1:]), value, style, depth + 2)


def _text(value: Any, type_: Type, style: _Style, depth: int) -> str:
    if value is None:
        return style.null
    match type_:
        case Array(element):
            return style.delimiters[depth].join(_text(item, element, style, depth + 1) for item in value)
        case Map(key, item_type):
            pairs = (
                _text(key_, key, style, depth + 2)
                + style.delimiters[depth + 1]
                + _text(item, item_type, style, depth + 2)
                for key_, item in value
            )
            return style.delimiters[depth].join(pairs)
        case Row(fields):
            members = zip(field_names(type_), fields, strict=True)
            return style.delimiters[depth].join(
                _text(value[name], field.type, style, depth + 1) for name, field in members
            )
    return style.escaped(texts.text_of(value, type_))
