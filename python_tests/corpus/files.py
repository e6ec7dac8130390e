"""Reads the files of the corpus and refuses what is malformed."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

ID_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class CorpusError(Exception):
    """A file of the corpus is wrong. The text names the file, the entry and the fault."""


class _UniqueKeyLoader(yaml.SafeLoader):
    """Refuses a key that stands twice in a mapping; YAML itself would drop the first one silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        doubles = sorted({str(key) for key in keys if keys.count(key) > 1})
        if doubles:
            raise CorpusError(f"{node.start_mark.name}: the same key twice: {', '.join(doubles)}")
        return super().construct_mapping(node, deep)


def read_yaml(path: Path, required: set[str], optional: set[str]) -> dict[str, Any]:
    """The mapping in a file, if it has these keys and no others."""
    with path.open(encoding="utf-8") as stream:
        content = yaml.load(stream, Loader=_UniqueKeyLoader)  # noqa: S506  (a SafeLoader)
    return require_keys(path, content, required, optional)


def read_json(path: Path) -> dict[str, Any]:
    """The content of a file of the record."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or "answers" not in content:
        raise CorpusError(f"{path.name}: not a record")
    return content


def require_keys(
    path: Path, entry: object, required: set[str], optional: set[str], identifier: str = ""
) -> dict[str, Any]:
    """The entry, if it is a mapping with these keys and no others."""
    where = f"{path.name}: {identifier}: " if identifier else f"{path.name}: "
    if not isinstance(entry, dict):
        raise CorpusError(f"{where}a mapping is needed, got {entry!r}")
    missing, unknown = required - entry.keys(), entry.keys() - required - optional
    if missing or unknown:
        raise CorpusError(f"{where}missing keys {sorted(missing)}, unknown keys {sorted(unknown)}")
    return entry


def require_id(path: Path, identifier: object) -> str:
    """The identifier, if it is lower-case words joined by hyphens."""
    if not isinstance(identifier, str) or not ID_PATTERN.fullmatch(identifier):
        raise CorpusError(f"{path.name}: an id is lower-case words joined by hyphens, got {identifier!r}")
    return identifier


def require_source(path: Path, identifier: str, source: object) -> str:
    """The source, if it is a URL."""
    if not isinstance(source, str) or not source.startswith("https://"):
        raise CorpusError(f"{path.name}: {identifier}: `source` must be a URL, got {source!r}")
    return source


def require_sql(path: Path, identifier: str, value: object) -> str:
    """The statement without the white space around it, if it is a text."""
    if not isinstance(value, str) or not value.strip():
        raise CorpusError(f"{path.name}: {identifier}: SQL must be a text; quote it if YAML reads {value!r}")
    return value.strip()


def require_unique(identifiers: list[str], what: str) -> None:
    """Refuse identifiers that are used twice."""
    doubles = sorted(name for name, count in Counter(identifiers).items() if count > 1)
    if doubles:
        raise CorpusError(f"ids of {what} that are used twice: {', '.join(doubles)}")
