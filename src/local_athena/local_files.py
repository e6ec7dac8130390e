"""Objects of S3 as local files that a statement may read until it ends."""

from __future__ import annotations

import os
import shutil
import uuid
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from local_athena.errors import AthenaError
from local_athena.store import S3Object

_Kept = TypeVar("_Kept")


def held(path: Path, folder: Path) -> Path:
    """Another name of a file, in the folder of a statement: whoever deletes the file does not take it from there.

    Raises:
        AthenaError: HIVE_CANNOT_OPEN_SPLIT if the file is gone already.
    """
    own = folder / f"{uuid.uuid4().hex}{path.suffix}"
    try:
        os.link(path, own)
    except FileNotFoundError as error:
        raise AthenaError(
            "HIVE_CANNOT_OPEN_SPLIT", "Error opening Hive split: The specified key does not exist."
        ) from error
    except OSError:
        shutil.copyfile(path, own)
    return own


class Kept(Generic[_Kept]):
    """What was computed from contents of objects, the least recently used forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str, compute: Callable[[], _Kept]) -> _Kept:
        """What is kept under the key; computed if nothing is."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = compute()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


def identity(found: S3Object) -> str:
    """A text that is the same for the same content at the same address."""
    return f"{found.address} {found.etag} {found.size}"
