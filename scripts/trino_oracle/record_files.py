"""Writes the record: one JSON file for each subject, one answer a line, so that a change is a small diff."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MAXIMUM_BYTES = 900_000


def render(judge: Mapping[str, Any], answers: Mapping[str, Any]) -> str:
    """The text of one file.

    Args:
        judge: which Trino answered.
        answers: by id; an answer is an object, or a list of objects for the steps of a case.
    """
    lines = [f'"judge": {_compact(judge)},', '"answers": {']
    entries = [f"{_compact(identifier)}: {_answer(answers[identifier])}" for identifier in sorted(answers)]
    return "{\n" + "\n".join(lines) + "\n" + ",\n".join(entries) + "\n}\n}\n"


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Replace the record in `folder` by these files (path below it to text).

    Raises:
        ValueError: a file is larger than a record may be; split its subject.
    """
    for name, text in files.items():
        if len(text.encode()) > MAXIMUM_BYTES:
            raise ValueError(f"{name} has more than {MAXIMUM_BYTES} bytes: split the subject into two files")
    for name in present_files(folder).keys() - files.keys():
        (folder / name).unlink()
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def differences(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Paths of the files that are missing, too many, or not as given."""
    present = present_files(folder)
    names = present.keys() | files.keys()
    return sorted(name for name in names if present.get(name) != files.get(name))


def present_files(folder: Path) -> dict[str, str]:
    """The texts of a record's files, by their paths below its folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.json"))
    }


def _answer(answer: object) -> str:
    if isinstance(answer, list):
        return "[\n " + ",\n ".join(_compact(step) for step in answer) + "\n]"
    return _compact(answer)


def _compact(value: object) -> str:
    # The keys of objects are not sorted: the order of a map's entries is part of the answer.
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
