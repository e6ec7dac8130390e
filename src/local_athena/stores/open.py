"""Opens what the local Athena keeps."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from local_athena.stores.database import Database
from local_athena.stores.glue import GlueCatalogue
from local_athena.stores.objects import FileObjects
from local_athena.stores.prepared import PreparedStatements


@dataclass(frozen=True)
class Stores:
    """All stores of one local Athena; close them, or use them as a context.

    Attributes:
        objects: buckets and objects.
        glue: databases, tables and partitions.
        prepared: prepared statements.
        database: where all keep their entries.
        temporary: a folder that goes when they are closed; None if they are to stay.
    """

    objects: FileObjects
    glue: GlueCatalogue
    prepared: PreparedStatements
    database: Database
    temporary: Path | None

    def close(self) -> None:
        """Closes the stores; those without a folder of their own are gone then."""
        self.database.close()
        if self.temporary is not None:
            # Under another name, so that nobody who still writes makes files in it meanwhile.
            gone = self.temporary.with_name(f"{self.temporary.name}.gone")
            with suppress(OSError):
                self.temporary.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)

    def __enter__(self) -> Stores:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_stores(data_dir: Path | None = None) -> Stores:
    """Opens the stores in a folder, or in memory and a temporary folder without one.

    Raises:
        InUseError: another process has the folder.
    """
    temporary = None if data_dir is not None else Path(tempfile.mkdtemp(prefix="local-athena-"))
    folder = data_dir or temporary
    assert folder is not None
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(folder / "state.sqlite" if data_dir else None)
    objects = FileObjects(database, folder / "objects")
    return Stores(objects, GlueCatalogue(database), PreparedStatements(database), database, temporary)
