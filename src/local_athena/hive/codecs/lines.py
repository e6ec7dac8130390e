"""Text files as lines, compressed or not."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa

from local_athena.errors import not_supported
from local_athena.hive.storage import Storage

#: What the name of a file says about its compression.
SUFFIXES = {"gzip": ".gz", "bz2": ".bz2", "zstd": ".zst"}
_NOT_READ = (".snappy", ".lz4", ".deflate", ".lzo")


def read_lines(path: Path, storage: Storage) -> Iterator[str]:
    """The lines of a file without what ends them, and without those that the table says to skip.

    Raises:
        AthenaError: NOT_SUPPORTED for a compression that the local Athena does not read.
    """
    if path.suffix in _NOT_READ:
        raise not_supported(f"The local Athena does not read text files with the compression of {path.suffix}")
    compression = next((name for name, suffix in SUFFIXES.items() if path.suffix == suffix), None)
    with pa.input_stream(str(path), compression=compression) as stream:
        # Hive replaces what is not UTF-8, and takes all three ends of lines.
        text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline=None)
        lines = (line[:-1] if line.endswith("\n") else line for line in text)
        yield from _without_footer(islice(lines, _count(storage, "skip.header.line.count"), None), storage)


def write_lines(path: Path, compression: str, lines: Iterable[str]) -> None:
    """Makes a file of lines."""
    with pa.output_stream(str(path), compression=compression or None) as stream:
        for line in lines:
            stream.write(f"{line}\n".encode())


def _without_footer(lines: Iterator[str], storage: Storage) -> Iterator[str]:
    held: list[str] = list(islice(lines, _count(storage, "skip.footer.line.count")))
    if not held:
        yield from lines
        return
    for line in lines:
        held.append(line)
        yield held.pop(0)


def _count(storage: Storage, name: str) -> int:
    text = storage.option(name, "0").strip()
    return int(text) if text.isdigit() else 0
