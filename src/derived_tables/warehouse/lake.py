"""What only Athena has: a catalog and objects behind its tables."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from derived_tables.warehouse.executions import Executions
from derived_tables.warehouse.glue import Glue
from derived_tables.warehouse.interface import Warehouse
from derived_tables.warehouse.objects import Objects


@runtime_checkable
class Lake(Warehouse, Protocol):
    """A warehouse whose tables are entries of Glue over objects in S3.

    Attributes:
        glue: the catalog.
        objects: S3.
        executions: what became of statements.
    """

    glue: Glue
    objects: Objects
    executions: Executions

    def dictated_folder(self) -> str | None:
        """Where the work group has each CREATE TABLE AS write into a folder of its own; None if that is free.

        Raises:
            WarehouseError: the work group cannot be looked at.
        """
